"""Gli utenti di un ente: chi li vede, cambiare ruolo, chiudere, riaprire, permessi in più."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from enti.azioni.eccezioni import dai_permesso
from enti.permessi import PERMESSI_DEL_RUOLO, PERMESSI_IN_PAROLE, Permesso, Ruolo
from tests.conftest import RegistroClient
from tests.enti.inviti_di_prova import (
    IERI_DI_ANNI_FA,
    collega,
    come,
    di,
    invito,
    riletto,
    tutte_di,
)
from tests.fabbriche import EnteFactory, UtenteFactory, attore
from tests.interrogazioni import al_massimo
from tests.test_accessi import PAGINE_DI_UTENTE


pytestmark = pytest.mark.django_db

UTENTI = reverse("enti:utenti")
OGGI = timezone.localdate


def _indirizzo(nome, uuid):
    return reverse(nome, args=[uuid, uuid4()] if nome == "enti:eccezione_ritira" else [uuid])


def _navigatore(utente) -> RegistroClient:
    """Un navigatore in cui è entrato `utente`."""
    client = RegistroClient()
    client.force_login(utente)
    return client


def _oggetto(nome, ente):
    """Ciò che quella pagina cura: un invito, o l'appartenenza di un altro."""
    return invito(ente=ente) if nome.startswith("enti:invito_") else collega(ente)


@pytest.mark.parametrize(("metodo", "nome", "ruoli"), PAGINE_DI_UTENTE)
def test_gli_utenti_di_un_altro_ente_non_esistono(client, metodo, nome, ruoli):
    altrui = _oggetto(nome, EnteFactory())
    client.entra(attore(Ruolo.REFERENTE))

    risposta = getattr(client, metodo)(_indirizzo(nome, altrui.uuid))

    assert risposta.status_code == (404 if Ruolo.REFERENTE in ruoli else 403)


@pytest.mark.parametrize("ruolo", list(Ruolo))
@pytest.mark.parametrize(("metodo", "nome", "ruoli"), PAGINE_DI_UTENTE)
def test_nel_proprio_ente_decide_il_ruolo(client, metodo, nome, ruoli, ruolo):
    chi = attore(ruolo)
    suo = _oggetto(nome, chi.ente)

    risposta = getattr(client.entra(chi), metodo)(_indirizzo(nome, suo.uuid))

    assert (risposta.status_code == 403) == (ruolo not in ruoli)


@pytest.mark.parametrize("ruolo", ["amministratore", "coordinatore", "garante", "inviante"])
def test_un_referente_non_cura_chi_ha_un_ruolo_di_rete(client, ruolo):
    referente = attore(Ruolo.REFERENTE)
    grande = collega(referente.ente, ruolo)
    client.entra(referente)

    assert client.get(reverse("enti:utente_chiudi", args=[grande.uuid])).status_code == 404
    assert "lo cura chi amministra" in client.get(UTENTI).content.decode()


def test_il_referente_vede_solo_gli_utenti_del_proprio_ente(client):
    referente = attore(Ruolo.REFERENTE)
    altrove = collega(EnteFactory())

    risposta = client.entra(referente).get(UTENTI, {"ente": altrove.ente.slug})

    assert [a.utente for a in risposta.context["pagina"]] == [referente.utente]
    assert altrove.utente.email not in risposta.content.decode()


def test_chi_amministra_vede_tutti_e_filtra_per_ente(client):
    client.entra(attore(Ruolo.AMMINISTRATORE))
    voluta = collega(EnteFactory(slug="voluto"))
    collega(EnteFactory())

    tutti = client.get(UTENTI)
    uno = client.get(UTENTI, {"ente": "voluto"})

    assert tutti.context["pagina"].paginator.count == 3
    assert [a.utente for a in uno.context["pagina"]] == [voluta.utente]


def test_le_interrogazioni_dell_elenco_non_dipendono_dalle_righe(client):
    referente = attore(Ruolo.REFERENTE)
    client.entra(referente).get(UTENTI)
    collega(referente.ente)
    with al_massimo(15) as con_pochi:
        client.get(UTENTI)
    for _ in range(10):
        collega(referente.ente)
    with al_massimo(15) as con_tanti:
        client.get(UTENTI)

    assert len(con_pochi) == len(con_tanti)


def test_il_csv_ha_gli_utenti_della_pagina(client):
    referente = attore(Ruolo.REFERENTE)
    collega(EnteFactory())

    testo = client.entra(referente).get(reverse("enti:utenti_csv")).content.decode("utf-8-sig")
    righe = list(csv.reader(io.StringIO(testo), delimiter=";"))

    assert [riga[2] for riga in righe] == ["Posta elettronica", referente.utente.email]
    assert client.get(reverse("enti:utenti_xlsx")).status_code == 200


def test_cambiare_ruolo_chiude_il_vecchio_e_apre_il_nuovo(client):
    referente = attore(Ruolo.REFERENTE)
    voce = collega(referente.ente)
    client.entra(referente)

    client.post(reverse("enti:utente_ruolo", args=[voce.uuid]), {"ruolo": "referente"})
    vecchia, nuova = tutte_di(voce.utente)

    assert (vecchia.ruolo, vecchia.fine, vecchia.in_corso) == ("operatore", OGGI(), False)
    assert (nuova.ruolo, nuova.inizio, nuova.fine) == ("referente", OGGI(), None)


def test_due_cambi_nello_stesso_giorno(client):
    referente = attore(Ruolo.REFERENTE)
    voce = collega(referente.ente)
    client.entra(referente)

    for ruolo in ("referente", "operatore"):
        ultima = tutte_di(voce.utente)[-1]
        client.post(reverse("enti:utente_ruolo", args=[ultima.uuid]), {"ruolo": ruolo})

    assert [(a.ruolo, a.in_corso) for a in tutte_di(voce.utente)] == [
        ("operatore", False),
        ("referente", False),
        ("operatore", True),
    ]


def test_nessuno_cambia_il_proprio_ruolo(client):
    chi = attore(Ruolo.AMMINISTRATORE)

    risposta = client.entra(chi).post(
        reverse("enti:utente_ruolo", args=[di(chi).uuid]), {"ruolo": "garante"}
    )

    assert risposta.status_code == 422
    assert len(tutte_di(chi.utente)) == 1


def test_l_ultimo_referente_resta(client):
    solo = attore(Ruolo.REFERENTE)
    sua = di(solo)

    risposta = client.entra(solo).post(
        reverse("enti:utente_chiudi", args=[sua.uuid]), {"quando": "adesso"}
    )

    assert risposta.status_code == 422
    assert "solo referente" in risposta.content.decode()
    assert riletto(sua).fine is None


def test_un_referente_con_l_account_chiuso_non_conta(client):
    solo = attore(Ruolo.REFERENTE)
    collega(solo.ente, Ruolo.REFERENTE, utente=UtenteFactory(is_active=False))

    risposta = client.entra(solo).post(
        reverse("enti:utente_chiudi", args=[di(solo).uuid]), {"quando": "adesso"}
    )

    assert risposta.status_code == 422


def test_con_un_altro_referente_si_puo_uscire(client):
    chi = attore(Ruolo.REFERENTE)
    collega(chi.ente, Ruolo.REFERENTE)

    client.entra(chi).post(
        reverse("enti:utente_chiudi", args=[di(chi).uuid]), {"quando": "adesso"}
    )

    assert client.get(reverse("report:casa")).status_code == 302


def test_si_chiude_alla_fine_di_un_giorno(client):
    referente = attore(Ruolo.REFERENTE)
    voce = collega(referente.ente)
    fra_poco = OGGI() + timedelta(days=10)

    client.entra(referente).post(
        reverse("enti:utente_chiudi", args=[voce.uuid]), {"quando": "giorno", "giorno": fra_poco}
    )
    chiusa = riletto(voce)

    assert (chiusa.fine, chiusa.chiusa_il, chiusa.in_corso) == (fra_poco, None, True)


@pytest.mark.parametrize("giorno", ["", "2020-01-01", "2026-02-30"])
def test_una_data_sbagliata_non_chiude(client, giorno):
    referente = attore(Ruolo.REFERENTE)
    voce = collega(referente.ente)

    risposta = client.entra(referente).post(
        reverse("enti:utente_chiudi", args=[voce.uuid]), {"quando": "giorno", "giorno": giorno}
    )

    assert risposta.status_code == 422
    assert riletto(voce).fine is None


def test_chi_e_uscito_si_riapre(client):
    referente = attore(Ruolo.REFERENTE)
    uscita = collega(referente.ente, fine=IERI_DI_ANNI_FA)
    client.entra(referente)

    elenco = client.get(UTENTI, {"mostra": "usciti"})
    client.post(reverse("enti:utente_riapri", args=[uscita.uuid]))
    prima, dopo = tutte_di(uscita.utente)

    assert [a.pk for a in elenco.context["pagina"]] == [uscita.pk]
    assert (prima.fine, dopo.inizio, dopo.fine) == (IERI_DI_ANNI_FA, OGGI(), None)
    assert not client.get(UTENTI, {"mostra": "usciti"}).context["pagina"].object_list


def test_riaprire_due_volte_dice_perche_no(client):
    referente = attore(Ruolo.REFERENTE)
    uscita = collega(referente.ente, fine=IERI_DI_ANNI_FA)
    client.entra(referente)

    for _ in range(2):
        risposta = client.post(reverse("enti:utente_riapri", args=[uscita.uuid]), follow=True)

    assert "ha già un ruolo" in risposta.content.decode()
    assert len(tutte_di(uscita.utente)) == 2


def test_chi_amministra_da_e_ritira_un_permesso_in_piu(client):
    capo = attore(Ruolo.AMMINISTRATORE)
    voce = collega(EnteFactory())
    pagina = reverse("enti:eccezioni", args=[voce.uuid])
    operatore = _navigatore(voce.utente)
    client.entra(capo)

    client.post(
        pagina, {"permesso": "utenti_gestire", "ambito": "ente", "motivo": "il referente è via"}
    )
    col_permesso = operatore.get(UTENTI)
    data = client.get(pagina).context["date"][0]
    client.post(reverse("enti:eccezione_ritira", args=[voce.uuid, data.uuid]))
    senza = operatore.get(UTENTI)

    assert (col_permesso.status_code, senza.status_code) == (200, 403)
    assert col_permesso.context["puo_dare"] == (Ruolo.OPERATORE,)


@pytest.mark.parametrize(
    ("cambio", "vale"),
    [({}, True), ({"al": -1}, False), ({"al": 0}, True), ({"dal": 1}, False)],
)
def test_un_permesso_in_piu_vale_nelle_sue_date(client, cambio, vale):
    voce = collega(EnteFactory())
    capo = attore(Ruolo.AMMINISTRATORE)
    with come(capo):
        data = dai_permesso(
            utente=voce.utente,
            su=voce.ente,
            permesso=Permesso.UTENTI_GESTIRE,
            motivo="prova",
            da=capo,
        )
        for campo, giorni in cambio.items():
            setattr(data, campo, OGGI() + timedelta(days=giorni))
        data.dal = min(data.dal, data.al) if data.al else data.dal
        data.save()

    assert (_navigatore(voce.utente).get(UTENTI).status_code == 200) == vale


def test_un_permesso_sul_nodo_vale_per_i_suoi_enti_e_non_per_altri(client):
    dentro = collega(EnteFactory())
    fuori = collega(EnteFactory(), utente=dentro.utente)
    capo = attore(Ruolo.AMMINISTRATORE)
    with come(capo):
        dai_permesso(
            utente=dentro.utente,
            su=dentro.ente.nodo,
            permesso=Permesso.UTENTI_GESTIRE,
            motivo="prova",
            da=capo,
        )
    esiti = []
    for voce in (dentro, fuori):
        client.force_login(voce.utente)
        client.post(reverse("enti:scegli"), {"ente": voce.ente.uuid})
        esiti.append(client.get(UTENTI).status_code)

    assert esiti == [200, 403]


def test_le_eccezioni_non_costano_interrogazioni_in_piu(client):
    chi = attore()
    client.entra(chi).get(reverse("enti:ruoli"))
    with al_massimo(15) as senza:
        client.get(reverse("enti:ruoli"))
    capo = attore(Ruolo.AMMINISTRATORE)
    with come(capo):
        dai_permesso(
            utente=chi.utente,
            su=chi.ente,
            permesso=Permesso.SCHEDE_INVIARE,
            motivo="prova",
            da=capo,
        )
    with al_massimo(15) as con:
        client.get(reverse("enti:ruoli"))

    assert len(con) == len(senza)


def test_la_pagina_dei_ruoli_dice_la_tabella(client):
    risposta = client.entra(attore(Ruolo.INVIANTE)).get(reverse("enti:ruoli"))
    dette = {
        (gesto, ruolo)
        for gesto, caselle in risposta.context["righe"]
        for ruolo, si in zip(Ruolo, caselle, strict=True)
        if si
    }

    assert set(PERMESSI_IN_PAROLE) == set(Permesso)
    assert dette == {
        (PERMESSI_IN_PAROLE[permesso], ruolo)
        for ruolo in Ruolo
        for permesso in PERMESSI_DEL_RUOLO[ruolo]
    }
