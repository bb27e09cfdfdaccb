"""Le persone condivise con noi: che cosa se ne vede, e quando smette di vedersi."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from beneficiari.azioni import consensi
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import Gruppo
from privacy.models import AccordoContitolarita, RegistroAccessi
from tests.fabbriche import attore, ente_del_coordinamento
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    CondizioneRilevataFactory,
    IdentificativoFactory,
    NotaFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    ValutazioneFactory,
    come,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate
# Gruppo → una parola che si vede solo se il gruppo è aperto.
SEGNI = {
    Gruppo.CONTATTI: "0141 777777",
    Gruppo.IDENTIFICATIVI: "RSSMRA80A01A182N",
    Gruppo.NUCLEO: "Altro parente",
    Gruppo.PRESTAZIONI: "Motivazione riservata",
    Gruppo.BISOGNI: "Bisogno segreto",
    Gruppo.VALUTAZIONI: "Giudizio segreto",
    Gruppo.SALUTE: "Condizione segreta",
    Gruppo.NOTE: "Nota segreta",
}


@pytest.fixture
def persona(db):
    """Una persona con una riga riconoscibile per ogni gruppo."""
    riga = BeneficiarioFactory(cognome="Bertolino")
    RecapitoFactory(beneficiario=riga, valore=SEGNI[Gruppo.CONTATTI])
    IdentificativoFactory(beneficiario=riga)
    ComponenteFactory(beneficiario=riga, ruolo="altro-parente")
    presa = PresaInCaricoFactory(beneficiario=riga, motivazione=SEGNI[Gruppo.PRESTAZIONI])
    BisognoRilevatoFactory(beneficiario=riga, bisogno__nome=SEGNI[Gruppo.BISOGNI])
    ValutazioneFactory(
        beneficiario=riga, presa=presa, valore=None, giudizio=SEGNI[Gruppo.VALUTAZIONI]
    )
    CondizioneRilevataFactory(beneficiario=riga, condizione__nome=SEGNI[Gruppo.SALUTE])
    NotaFactory(beneficiario=riga, testo=SEGNI[Gruppo.NOTE])
    return riga


@pytest.fixture
def altro(db):
    return attore(Ruolo.OPERATORE)


def _pagina(client, chi, concessa):
    return client.entra(chi).get(f"/condivise/{concessa.uuid}/")


def _senza_numero(risposta) -> str:
    return risposta.content.decode().replace(risposta.headers.get("X-Request-Id", "-"), "")


def test_l_elenco_mostra_chi_quanto_e_fino_a_quando(client, altro, persona):
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)

    testo = client.entra(altro).get("/condivise/").content.decode()

    assert "Bertolino Lucia" in testo
    assert "1985" in testo
    assert persona.ente.denominazione in testo
    assert f"{concessa.al:%d/%m/%Y}" in testo
    assert "17/05/1985" not in testo


def test_l_elenco_annota_ogni_nome_per_la_sua_finalita(client, altro):
    attese = set()
    for finalita in ("invio", "valutazione"):
        concessa = AutorizzazioneFactory(destinatario=altro.ente, finalita=finalita)
        attese.add((concessa.beneficiario_id, concessa.ente_id, finalita))

    client.entra(altro).get("/condivise/")

    with come_sistema(altro.ente):
        fatte = RegistroAccessi.objects.filter(pagina="beneficiari:condivise")
        lette = set(fatte.values_list("beneficiario", "ente_titolare", "finalita"))
        gruppi = list(fatte.values_list("gruppi", flat=True))
    # L'attore di sistema per quell'ente vede ciò che quell'ente ha letto.
    assert lette == attese
    assert gruppi == [["anagrafica"]] * 2


def test_si_annota_solo_chi_si_mostra(client, altro):
    for finalita in ("invio", "valutazione"):
        AutorizzazioneFactory(destinatario=altro.ente, finalita=finalita)

    client.entra(altro).get("/condivise/?finalita=invio")

    with come_sistema(altro.ente):
        assert set(RegistroAccessi.objects.values_list("finalita", flat=True)) == {"invio"}


def test_l_elenco_non_costa_piu_interrogazioni_se_e_piu_lungo(client, altro):
    for _ in range(6):
        AutorizzazioneFactory(destinatario=altro.ente, livello="esistenza", gruppi=[])
    client.entra(altro)

    with al_massimo(15):
        client.get("/condivise/")


def test_con_esistenza_si_vede_solo_che_e_seguita_e_da_chi(client, altro, persona):
    concessa = AutorizzazioneFactory(
        beneficiario=persona, destinatario=altro.ente, livello="esistenza", gruppi=[]
    )

    testo = _pagina(client, altro, concessa).content.decode()

    assert "Bertolino Lucia" in testo
    assert persona.ente.denominazione in testo
    assert "privacy@rete.example" in testo
    assert not any(segno in testo for segno in SEGNI.values())
    assert "Prese in carico</h2>" not in testo


def test_con_sintesi_si_vedono_numeri_e_non_parole(client, altro, persona):
    concessa = AutorizzazioneFactory(
        beneficiario=persona,
        destinatario=altro.ente,
        livello="sintesi",
        gruppi=["prestazioni", "bisogni"],
    )

    testo = _pagina(client, altro, concessa).content.decode()

    assert "1\xa0bisogno" in testo
    assert "gennaio 2026" in testo
    assert not any(segno in testo for segno in SEGNI.values())
    with come_sistema(altro.ente):
        lettura = RegistroAccessi.objects.get(pagina="beneficiari:condivisa")
    assert set(lettura.gruppi) == {"anagrafica", "prestazioni", "bisogni"}


@pytest.mark.parametrize("gruppo", [gruppo for gruppo in Gruppo if gruppo != Gruppo.ANAGRAFICA])
def test_per_intero_si_vedono_solo_i_gruppi_concessi(client, altro, persona, gruppo):
    concessa = AutorizzazioneFactory(
        beneficiario=persona, destinatario=altro.ente, gruppi=["anagrafica", gruppo.value]
    )

    testo = _pagina(client, altro, concessa).content.decode()

    assert "Bertolino" in testo
    assert {voce for voce, segno in SEGNI.items() if segno in testo} == {gruppo}
    with come_sistema(altro.ente):
        lettura = RegistroAccessi.objects.get(pagina="beneficiari:condivisa")
    assert (set(lettura.gruppi), lettura.finalita) == (
        {"anagrafica", gruppo.value},
        "presa-in-carico",
    )


def test_un_recapito_riservato_non_esce_mai(client, altro, persona):
    custode = attore(Ruolo.REFERENTE, ente=persona.ente)
    with come(custode):
        RecapitoFactory._meta.model.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            tipo="indirizzo",
            valore="Casa segreta",
            riservato=True,
            custode=custode.utente,
        )
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)

    assert "Casa segreta" not in _pagina(client, altro, concessa).content.decode()


# Quando smette --------------------------------------------------------------------------


def _revoca_consenso(concessa):
    with come_sistema(concessa.ente) as sistema:
        consensi.revoca_consenso(consenso=concessa.consenso, da=sistema)


def _chiudi_accordo(concessa):
    with come_sistema(ente_del_coordinamento()):
        AccordoContitolarita.objects.filter(pk=concessa.accordo_id).update(al=OGGI())


@pytest.mark.parametrize("fine", [_revoca_consenso, _chiudi_accordo])
@pytest.mark.parametrize(
    ("livello", "gruppi"),
    [("esistenza", []), ("sintesi", ["bisogni"]), ("completo", ["anagrafica", "note"])],
)
def test_alla_prossima_richiesta_non_c_e_piu(client, altro, persona, livello, gruppi, fine):
    concessa = AutorizzazioneFactory(
        beneficiario=persona, destinatario=altro.ente, livello=livello, gruppi=gruppi
    )
    assert _pagina(client, altro, concessa).status_code == 200
    assert client.get(f"/condivise/{concessa.uuid}/vale/").status_code == 204

    fine(concessa)

    assert client.get(f"/condivise/{concessa.uuid}/").status_code == 404
    assert client.get(f"/condivise/{concessa.uuid}/vale/").status_code == 404
    assert "Bertolino" not in client.get("/condivise/").content.decode()


def test_finita_altrui_e_inventata_sono_lo_stesso_404(client, altro, persona):
    finita = AutorizzazioneFactory(
        beneficiario=persona,
        destinatario=altro.ente,
        dal=datetime.date(2026, 1, 10),
        al=datetime.date(2026, 1, 11),
    )
    altrui = AutorizzazioneFactory()
    propria = AutorizzazioneFactory(beneficiario__ente=altro.ente)
    client.entra(altro)

    for coda in ("", "vale/"):
        risposte = [
            client.get(f"/condivise/{uuid}/{coda}")
            for uuid in (finita.uuid, altrui.uuid, propria.uuid, uuid4())
        ]
        assert {risposta.status_code for risposta in risposte} == {404}
        assert len({_senza_numero(risposta) for risposta in risposte}) == 1


def test_scade_a_mezzanotte_italiana(client, altro, persona):
    concessa = AutorizzazioneFactory(
        beneficiario=persona, destinatario=altro.ente, al=OGGI(), livello="esistenza", gruppi=[]
    )
    assert _pagina(client, altro, concessa).status_code == 200

    # Il database conta i giorni col suo orologio: qui si vede che lo fa anche l'applicazione.
    with time_machine.travel(OGGI() + datetime.timedelta(1, hours=3), tick=False):
        client.entra(altro)
        assert client.get(f"/condivise/{concessa.uuid}/").status_code == 404


def test_la_pagina_chiede_da_se_se_puo_restare_e_la_domanda_non_legge_persone(
    client, altro, persona
):
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)
    testo = _pagina(client, altro, concessa).content.decode()
    indirizzo = f"/condivise/{concessa.uuid}/vale/"
    assert f'hx-get="{indirizzo}"' in testo
    with come_sistema(altro.ente):
        prima = RegistroAccessi.objects.count()

    client.get(indirizzo)

    with come_sistema(altro.ente):
        assert RegistroAccessi.objects.count() == prima


@pytest.mark.parametrize(
    "ruolo", [Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE, Ruolo.INVIANTE, Ruolo.GARANTE]
)
def test_chi_non_lavora_con_le_persone_non_apre_le_condivise(client, altro, persona, ruolo):
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)
    client.entra(attore(ruolo, ente=altro.ente))

    for indirizzo in ("/condivise/", f"/condivise/{concessa.uuid}/"):
        assert client.get(indirizzo).status_code == 403


# Il registro delle autorizzazioni -------------------------------------------------------


def test_il_garante_vede_il_registro_senza_nomi(client, altro, persona):
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)

    testo = client.entra(attore(Ruolo.GARANTE)).get("/regole/autorizzazioni/").content.decode()

    assert concessa.ente.denominazione in testo
    assert concessa.destinatario.denominazione in testo
    assert "Bertolino" not in testo
    assert "Lucia" not in testo
    assert str(persona.uuid) not in testo


def test_un_referente_vede_solo_quelle_del_suo_ente(client, altro, persona):
    AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)
    AutorizzazioneFactory()
    client.entra(attore(Ruolo.REFERENTE, ente=persona.ente))

    pagina = client.get("/regole/autorizzazioni/").context["pagina"]

    assert [voce.beneficiario_id for voce in pagina] == [persona.pk]


@pytest.mark.parametrize(
    ("filtro", "quante"), [("stato=in-vigore", 1), ("stato=finite", 1), ("finalita=invio", 0)]
)
def test_i_filtri_del_registro(client, altro, filtro, quante):
    AutorizzazioneFactory(destinatario=altro.ente)
    AutorizzazioneFactory(
        destinatario=altro.ente, dal=datetime.date(2026, 1, 10), al=datetime.date(2026, 1, 11)
    )

    client.entra(attore(Ruolo.GARANTE))
    pagina = client.get(f"/regole/autorizzazioni/?{filtro}").context["pagina"]

    assert pagina.paginator.count == quante
