"""Il foglio delle presenze, dalla pagina: segnare, correggere, ciò che lo ferma, la bozza."""

import datetime
from unittest import mock
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiari.models import PresaInCarico
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.models import Bozza, Partecipazione, Prestazione, StoriaPartecipazione
from privacy.letture import registra_letture
from privacy.models import RegistroAccessi
from tests.fabbriche import AppartenenzaFactory, attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    FoglioOreFactory,
    GruppoPresenzeFactory,
    MembroDiGruppoFactory,
    ServizioFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

GIORNO = datetime.date(2026, 3, 12)


@pytest.fixture
def chi():
    return attore(Ruolo.OPERATORE)


@pytest.fixture
def dentro(client, chi):
    return client.entra(chi)


@pytest.fixture
def gruppo(chi):
    return GruppoPresenzeFactory(
        ente=chi.ente, operatore=chi.utente, azione=AzioneFactory(), minuti=120, giorni=[3]
    )


def _membri(gruppo, quanti: int, **campi) -> list:
    persone = [
        BeneficiarioFactory(ente=gruppo.ente, cognome=f"Membro{n:03}") for n in range(quanti)
    ]
    prese = [PresaInCaricoFactory(beneficiario=p, azione=gruppo.azione) for p in persone]
    for presa in prese:
        MembroDiGruppoFactory(gruppo_presenze=gruppo, presa=presa, **campi)
    return persone


def _pagina(gruppo, giorno=GIORNO, nome="presenze") -> str:
    return reverse(f"prestazioni:{nome}", args=[gruppo.uuid, str(giorno)])


def _modulo(chi, presenti=(), **campi) -> dict:
    return {
        "uuid": str(uuid4()),
        "presenti": [str(persona.uuid) for persona in presenti],
        "operatore": _appartenenza(chi),
        "minuti": "120",
    } | campi


def _appartenenza(chi) -> str:
    with come(chi):
        return str(chi.utente.appartenenze.get(ente=chi.ente).uuid)


def _chiudi_la_presa(persona, giorno) -> None:
    with come_sistema(persona.ente):
        PresaInCarico.objects.filter(beneficiario=persona).update(
            chiusa_il=giorno, esito=TipoDiChiusuraFactory()
        )


def _foglio(chi) -> Prestazione:
    with come(chi):
        return Prestazione.objects.get()


def _presenti(chi) -> set[str]:
    with come(chi), registra_letture("prova"):
        righe = Partecipazione.objects.select_related("beneficiario")
        return {riga.beneficiario.cognome for riga in righe}


def test_un_salvataggio_scrive_un_foglio_con_chi_c_era(dentro, chi, gruppo):
    uno, _, tre = _membri(gruppo, 3)

    risposta = dentro.post(_pagina(gruppo), _modulo(chi, [uno, tre], senza_nome="4"), follow=True)

    foglio = _foglio(chi)
    assert (foglio.giorno, foglio.gruppo_id, foglio.senza_nome) == (GIORNO, gruppo.pk, 4)
    assert (foglio.azione_id, foglio.servizio_id) == (gruppo.azione_id, gruppo.servizio_id)
    assert _presenti(chi) == {"Membro000", "Membro002"}
    assert "2 presenti, 1 assente e 4 persone senza nome" in (
        risposta.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    )


def test_cento_persone_costano_poche_interrogazioni(dentro, chi, gruppo):
    persone = _membri(gruppo, 100)
    modulo = _modulo(chi, persone[7:])
    dentro.get(_pagina(gruppo))

    with al_massimo(25):
        risposta = dentro.post(_pagina(gruppo), modulo)

    assert risposta.status_code == 302
    assert len(_presenti(chi)) == 93
    with al_massimo(25):
        assert dentro.get(_pagina(gruppo)).status_code == 200


def test_lo_stesso_foglio_mandato_due_volte_e_uno_solo(dentro, chi, gruppo):
    persone = _membri(gruppo, 2)
    modulo = _modulo(chi, persone)

    stati = [dentro.post(_pagina(gruppo), modulo).status_code for _ in range(2)]

    assert stati == [302, 302]
    assert _foglio(chi).versione == 1


def test_un_foglio_gia_arrivato_rimandato_con_altri_segnati_non_dice_salvato_cio_che_non_lo_e(
    dentro, chi, gruppo
):
    uno, due, tre = _membri(gruppo, 3)
    modulo = _modulo(chi, [uno])
    dentro.post(_pagina(gruppo), modulo)

    # La prima risposta si è persa: la pagina non sa che il foglio c'è, e ne segna altre due.
    modulo["presenti"] = [str(persona.uuid) for persona in (uno, due, tre)]
    risposta = dentro.post(_pagina(gruppo), modulo)

    assert risposta.status_code == 422
    assert "la risposta si era persa" in risposta.content.decode()
    assert "Non è stato salvato nulla" not in risposta.content.decode()
    assert risposta.context["segnati"] == 3
    assert len(_presenti(chi)) == 1
    versione = risposta.context["form"]["versione"].value()
    assert dentro.post(_pagina(gruppo), modulo | {"versione": versione}).status_code == 302
    assert len(_presenti(chi)) == 3


def test_un_foglio_gia_arrivato_e_poi_corretto_non_si_copre(dentro, chi, gruppo):
    uno, due, tre = _membri(gruppo, 3)
    modulo = _modulo(chi, [uno])
    dentro.post(_pagina(gruppo), modulo)
    corretto = modulo | {"presenti": [str(due.uuid)], "versione": "1"}
    dentro.post(_pagina(gruppo), corretto)

    risposta = dentro.post(_pagina(gruppo), modulo | {"presenti": [str(tre.uuid)]})

    assert risposta.status_code == 422
    assert risposta.context["cambiata"]
    assert not risposta.context["form"]["versione"].value()
    assert _presenti(chi) == {"Membro001"}


def test_due_tocchi_insieme_sono_un_foglio_e_il_secondo_non_e_un_errore(dentro, chi, gruppo):
    """Il secondo ha letto i fogli del giorno prima che il primo avesse finito."""
    modulo = _modulo(chi, _membri(gruppo, 2))
    dentro.post(_pagina(gruppo), modulo)

    with mock.patch("prestazioni.views.presenze.fogli_di", return_value=[]):
        risposta = dentro.post(_pagina(gruppo), modulo)

    assert risposta.status_code == 302
    assert len(_presenti(chi)) == 2


def test_due_colleghi_che_segnano_insieme_non_scrivono_due_fogli(dentro, client, chi, gruppo):
    persone = _membri(gruppo, 2)
    dentro.post(_pagina(gruppo), _modulo(chi, persone))

    risposta = dentro.post(_pagina(gruppo), _modulo(chi, persone[:1]))

    assert risposta.status_code == 422
    assert "ci sono già" in risposta.content.decode()
    assert risposta.context["segnati"] == 1
    assert len(_presenti(chi)) == 2


def test_lo_stesso_giorno_si_puo_tenere_un_altro_incontro_a_un_altra_ora(dentro, chi, gruppo):
    persone = _membri(gruppo, 2)
    dentro.post(_pagina(gruppo), _modulo(chi, persone, ora="09:00"))

    dentro.post(_pagina(gruppo), _modulo(chi, persone, ora="15:00"))

    with come(chi):
        ore = sorted(Prestazione.objects.values_list("ora", flat=True))
    assert ore == [datetime.time(9), datetime.time(15)]
    pagina = dentro.get(_pagina(gruppo)).content.decode()
    assert "il foglio delle 15:00" in pagina


def test_correggere_tocca_solo_chi_e_cambiato(dentro, chi, gruppo):
    uno, due, tre = _membri(gruppo, 3)
    dentro.post(_pagina(gruppo), _modulo(chi, [uno, due], ora="15:00"))
    foglio = _foglio(chi)

    pagina = dentro.get(_pagina(gruppo))
    assert pagina.context["segnati"] == 2
    correzione = _modulo(chi, [due, tre], uuid=str(foglio.uuid), versione=str(foglio.versione))
    dentro.post(_pagina(gruppo), correzione)

    assert _presenti(chi) == {"Membro001", "Membro002"}
    with come_sistema(chi.ente):
        # Di chi resta non si riscrive niente: la storia dice solo chi è stato tolto.
        tolti = StoriaPartecipazione.objects.values_list("beneficiario", flat=True)
        assert set(tolti) == {uno.pk}
        assert Prestazione.objects.get().versione == 2


def test_una_correzione_fatta_su_un_foglio_vecchio_non_copre_quella_dell_altro(
    dentro, chi, gruppo
):
    uno, due = _membri(gruppo, 2)
    dentro.post(_pagina(gruppo), _modulo(chi, [uno]))
    uuid = str(_foglio(chi).uuid)
    dentro.post(_pagina(gruppo), _modulo(chi, [uno, due], uuid=uuid, versione="1"))

    risposta = dentro.post(_pagina(gruppo), _modulo(chi, [uno], uuid=uuid, versione="1"))

    assert risposta.status_code == 422
    assert risposta.context["cambiata"]
    assert len(_presenti(chi)) == 2


def test_chi_ha_la_presa_chiusa_si_dice_per_nome_e_non_si_scrive_niente(dentro, chi, gruppo):
    uno, due = _membri(gruppo, 2)
    _chiudi_la_presa(due, GIORNO - datetime.timedelta(1))

    aperta = dentro.get(_pagina(gruppo)).content.decode()
    risposta = dentro.post(_pagina(gruppo), _modulo(chi, [uno, due], oggetto="Piscina"))

    assert "chiusa il 11 marzo 2026" in aperta
    testo = risposta.content.decode()
    assert risposta.status_code == 422
    assert "Membro001 Lucia: La sua presa in carico era chiusa il 11 marzo 2026" in testo
    assert risposta.context["segnati"] == 2
    assert "Piscina" in testo
    with come(chi):
        assert not Prestazione.objects.exists()


def test_chi_ha_una_presa_nuova_per_la_stessa_azione_si_segna_li_dentro(dentro, chi, gruppo):
    (uno,) = _membri(gruppo, 1)
    _chiudi_la_presa(uno, GIORNO - datetime.timedelta(10))
    nuova = PresaInCaricoFactory(
        beneficiario=uno, azione=gruppo.azione, aperta_il=GIORNO - datetime.timedelta(5)
    )

    dentro.post(_pagina(gruppo), _modulo(chi, [uno]))

    with come(chi), registra_letture("prova"):
        assert Partecipazione.objects.get().presa_id == nuova.pk


@pytest.mark.parametrize(
    ("campi", "frase"),
    [
        ({}, "Scegli almeno una persona"),
        ({"minuti": "0", "senza_nome": "3"}, "da 1 minuto a 24 ore"),
        ({"minuti": "1441", "senza_nome": "3"}, "da 1 minuto a 24 ore"),
        ({"senza_nome": "5001"}, "da 1 a 5.000"),
        ({"senza_nome": "3", "ora": "25:00"}, "come 15:30"),
        ({"presenti": [str(uuid4())]}, "non è più nel gruppo quel giorno"),
        ({"senza_nome": "3", "operatore": str(uuid4())}, "Scegli"),
    ],
)
def test_cio_che_non_va_si_dice_e_non_si_scrive(dentro, chi, gruppo, campi, frase):
    risposta = dentro.post(_pagina(gruppo), _modulo(chi) | campi)

    assert risposta.status_code == 422
    assert frase in risposta.content.decode()
    with come(chi):
        assert not Prestazione.objects.exists()


def test_di_domani_non_si_scrive_il_foglio(dentro, chi, gruppo):
    domani = timezone.localdate() + datetime.timedelta(1)

    pagina = dentro.get(_pagina(gruppo, domani)).content.decode()
    risposta = dentro.post(_pagina(gruppo, domani), _modulo(chi, senza_nome="3"))

    assert "non si può ancora scrivere" in pagina
    assert risposta.status_code == 422
    assert "nel futuro" in risposta.content.decode()


@pytest.mark.parametrize("giorno", ["2026-02-30", "ieri", "20260312", "2026-W11-4"])
def test_un_giorno_che_non_esiste_non_ha_una_pagina(dentro, gruppo, giorno):
    assert dentro.get(_pagina(gruppo, giorno)).status_code == 404


def test_un_mese_firmato_non_si_corregge_e_lo_si_dice(dentro, chi, gruppo):
    (uno,) = _membri(gruppo, 1)
    FoglioOreFactory(ente=chi.ente, operatore=chi.utente, mese=GIORNO.replace(day=1))

    risposta = dentro.post(_pagina(gruppo), _modulo(chi, [uno]))

    assert risposta.status_code == 422
    assert "già firmato" in risposta.content.decode()


def test_si_contano_soltanto_quando_il_gruppo_non_ha_nomi(dentro, chi, gruppo):
    dentro.post(_pagina(gruppo), _modulo(chi, senza_nome="23"))

    foglio = _foglio(chi)
    assert (foglio.senza_nome, foglio.minuti) == (23, 120)
    assert _presenti(chi) == set()


def test_i_colleghi_restano_sul_foglio_e_chi_lo_tiene_non_si_affianca(dentro, chi, gruppo):
    collega = AppartenenzaFactory(ente=chi.ente, ruolo=Ruolo.OPERATORE)
    affiancano = [str(collega.uuid), _appartenenza(chi)]

    dentro.post(_pagina(gruppo), _modulo(chi, senza_nome="3", affiancano=affiancano))

    foglio = _foglio(chi)
    with come(chi):
        assert [a.utente_id for a in foglio.affiancamenti.all()] == [collega.utente_id]
    aperta = dentro.get(_pagina(gruppo))
    assert aperta.context["form"]["affiancano"].value() == [collega.uuid]


def test_il_foglio_di_un_altro_si_legge_e_non_si_cambia(client, chi, gruppo):
    persone = _membri(gruppo, 2)
    client.entra(chi).post(_pagina(gruppo), _modulo(chi, persone))
    foglio = _foglio(chi)
    collega = attore(Ruolo.OPERATORE, ente=chi.ente)

    altro = client.entra(collega)
    letta = altro.get(_pagina(gruppo))
    modulo = _modulo(collega, persone[:1], uuid=str(foglio.uuid), versione="1")

    assert "si può solo leggere" in letta.content.decode()
    assert altro.post(_pagina(gruppo), modulo).status_code == 403
    assert len(_presenti(chi)) == 2


def test_chi_e_uscito_dal_gruppo_resta_sul_foglio_di_quando_c_era(dentro, chi, gruppo):
    (uno,) = _membri(gruppo, 1)
    dentro.post(_pagina(gruppo), _modulo(chi, [uno]))
    with come(chi):
        gruppo.membri.update(al=GIORNO - datetime.timedelta(1))

    pagina = dentro.get(_pagina(gruppo))

    assert [parte["nome"] for parte in pagina.context["parti"]] == ["Non più nel gruppo"]
    assert pagina.context["segnati"] == 1


def test_la_bozza_riprende_da_dove_si_era_e_finisce_col_salvataggio(dentro, chi, gruppo):
    _, due = _membri(gruppo, 2)
    modulo = _modulo(chi, [due], senza_nome="2")
    bozza = _pagina(gruppo, nome="presenze_bozza")

    assert "Tenuto da parte" in dentro.post(bozza, modulo).content.decode()
    ripresa = dentro.get(_pagina(gruppo))

    assert ripresa.context["segnati"] == 1
    assert str(ripresa.context["form"]["uuid"].value()) == modulo["uuid"]
    assert "Hai ripreso" in ripresa.content.decode()
    dentro.post(_pagina(gruppo), modulo)
    with come(chi):
        assert not Bozza.objects.exists()


def test_la_bozza_si_puo_buttare_e_quella_di_un_foglio_gia_cambiato_non_torna(dentro, chi, gruppo):
    uno, due = _membri(gruppo, 2)
    bozza = _pagina(gruppo, nome="presenze_bozza")
    dentro.post(bozza, _modulo(chi, [uno]))
    dentro.post(bozza, {"gesto": "butta"})
    assert dentro.get(_pagina(gruppo)).context["bozza"] is None

    dentro.post(_pagina(gruppo), _modulo(chi, [uno]))
    foglio = _foglio(chi)
    mio = {"uuid": str(foglio.uuid), "versione": "1"}
    dentro.post(bozza, _modulo(chi, [due], **mio))
    with come(chi):
        Prestazione.objects.update(versione=2)

    ripresa = dentro.get(_pagina(gruppo))
    assert ripresa.context["bozza"] is None
    assert ripresa.context["segnati"] == 1


def test_la_bozza_di_un_collega_non_si_vede(client, chi, gruppo):
    (uno,) = _membri(gruppo, 1)
    client.entra(chi).post(_pagina(gruppo, nome="presenze_bozza"), _modulo(chi, [uno]))

    altro = client.entra(attore(Ruolo.REFERENTE, ente=chi.ente))

    assert altro.get(_pagina(gruppo)).context["bozza"] is None


def test_un_foglio_sbagliato_si_cancella_e_il_giorno_torna_a_mancare(dentro, chi, gruppo):
    persone = _membri(gruppo, 2)
    dentro.post(_pagina(gruppo), _modulo(chi, persone))
    cancella = _pagina(gruppo, nome="presenze_cancella")

    risposta = dentro.post(cancella, {"uuid": str(_foglio(chi).uuid)}, follow=True)
    di_nuovo = dentro.post(cancella, {"uuid": str(uuid4())}, follow=True)

    assert "cancellato" in risposta.content.decode()
    assert GIORNO in risposta.context["mancanti"] or risposta.context["mancanti_in_tutto"] > 0
    assert "non c&#x27;è più" in di_nuovo.content.decode()
    assert _presenti(chi) == set()


def test_chi_legge_il_foglio_resta_scritto_una_riga_per_persona(dentro, chi, gruppo):
    persone = _membri(gruppo, 3)

    dentro.get(_pagina(gruppo))

    with come(chi):
        righe = RegistroAccessi.objects.filter(utente=chi.utente, pagina="prestazioni:presenze")
        assert {riga.beneficiario for riga in righe} == {persona.pk for persona in persone}


def test_con_htmx_il_salvataggio_porta_al_calendario(dentro, chi, gruppo):
    risposta = dentro.post(
        _pagina(gruppo), _modulo(chi, senza_nome="3"), headers={"HX-Request": "true"}
    )

    assert risposta.headers["HX-Redirect"].endswith("?mese=2026-03")


def test_il_servizio_di_un_foglio_scritto_non_cambia_se_il_gruppo_ne_prende_un_altro(
    dentro, chi, gruppo
):
    dentro.post(_pagina(gruppo), _modulo(chi, senza_nome="3"))
    prima = _foglio(chi)
    with come(chi):
        type(gruppo).objects.update(servizio=ServizioFactory(ente=chi.ente))

    dentro.post(_pagina(gruppo), _modulo(chi, senza_nome="4", uuid=str(prima.uuid), versione="1"))

    dopo = _foglio(chi)
    assert (dopo.servizio_id, dopo.senza_nome) == (prima.servizio_id, 4)
