"""Gli esiti dell'ente: l'elenco e i suoi totali, le rate e le verifiche da fare."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.models import PianoRientro, Rata
from prestazioni.sguardi.scadenze import scadenze_di_oggi
from privacy.models import RegistroAccessi
from registro.comune.mesi import fra_mesi
from tests.fabbriche import AsseFactory, attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    EsitoFactory,
    PianoRientroFactory,
    RataFactory,
    TipoDiEsitoFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate()
INIZIO = datetime.date(2026, 2, 1)


@pytest.fixture
def operatore():
    return attore()


@pytest.fixture
def casa(db):
    return AsseFactory(slug="housing", denominazione="Housing")


@pytest.fixture
def presa(operatore, casa):
    return PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente),
        operatore=operatore.utente,
        azione=AzioneFactory(asse=casa),
        aperta_il=datetime.date(2025, 1, 15),
    )


def _url(nome, *argomenti, **filtri):
    chiesti = "&".join(f"{nome}={valore}" for nome, valore in filtri.items())
    return reverse(f"prestazioni:{nome}", args=argomenti) + (f"?{chiesti}" if chiesti else "")


# L'elenco dell'ente ------------------------------------------------------------------------------


@pytest.fixture
def esiti(operatore, presa, casa):
    """Due contributi e uno sfratto eseguito, di due prese in carico."""
    contributo = TipoDiEsitoFactory(codice="H_FS", nome="Contributo", asse=casa)
    sfratto = TipoDiEsitoFactory(codice="H_SFR_ESE", nome="Sfratto", asse=casa, segno="-")
    altra = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente), operatore=operatore.utente
    )
    return [
        EsitoFactory(presa=presa, tipo=contributo, giorno=INIZIO, importo=500),
        EsitoFactory(presa=altra, tipo=contributo, giorno=datetime.date(2026, 5, 1)),
        EsitoFactory(presa=presa, tipo=sfratto, giorno=datetime.date(2026, 6, 1)),
    ]


@pytest.mark.parametrize(
    ("filtri", "attesi"),
    [
        ({}, [2, 1, 0]),
        ({"tipo": "H_FS"}, [1, 0]),
        ({"segno": "-"}, [2]),
        ({"asse": "housing"}, [2, 1, 0]),
        ({"dal": "2026-05-01", "al": "2026-05-31"}, [1]),
        ({"tipo": "NON_C_E", "dal": "ieri"}, [2, 1, 0]),
    ],
)
def test_totali_e_righe_sono_le_stesse_righe(client, operatore, esiti, filtri, attesi):
    risposta = client.entra(operatore).get(_url("esiti", **filtri))

    righe = [esito.pk for esito in risposta.context["pagina"]]
    assert righe == [esiti[posto].pk for posto in attesi]
    assert sum(totale.esiti for totale in risposta.context["totali"]) == len(righe)


@pytest.mark.parametrize(
    ("ordine", "attesi"),
    [
        ("giorno", [0, 1, 2]),
        ("esito", [0, 1, 2]),
        ("-esito", [2, 1, 0]),
        ("inventato", [2, 1, 0]),
    ],
)
def test_gli_esiti_si_ordinano_dalla_loro_intestazione(client, operatore, esiti, ordine, attesi):
    pagina = client.entra(operatore).get(_url("esiti", ordine=ordine))

    assert [esito.pk for esito in pagina.context["pagina"]] == [esiti[n].pk for n in attesi]
    assert ("aria-sort" in pagina.text) is (ordine != "inventato")


def test_un_totale_porta_alle_sue_righe_tenendo_i_filtri(client, operatore, esiti):
    pagina = client.entra(operatore).get(_url("esiti", segno="%2B"))
    (totale,) = pagina.context["totali"]

    assert (totale.esiti, totale.prese, totale.euro) == (2, 2, 500)
    assert "?segno=%2B&amp;tipo=H_FS" in pagina.text


def test_gli_esiti_di_un_altro_ente_non_si_vedono(client, esiti):
    altrove = attore(Ruolo.REFERENTE)

    pagina = client.entra(altrove).get(_url("esiti"))

    assert pagina.context["totali"] == []
    assert "Nessun esito ancora" in pagina.text


def test_esporta_chi_risponde_dei_dati(client, operatore, esiti):
    assert client.entra(operatore).get(_url("esiti_csv")).status_code == 403
    referente = attore(Ruolo.REFERENTE, ente=operatore.ente)

    foglio = client.entra(referente).get(_url("esiti_csv", tipo="H_FS"))
    libro = client.get(_url("esiti_xlsx"))

    righe = foglio.content.decode("utf-8-sig").splitlines()
    assert len(righe) == 3
    assert ";H_FS;" in righe[1]
    assert righe[2].split(";")[11] == "500,00"
    assert libro.content[:2] == b"PK"
    with come_sistema(operatore.ente):
        uscite = RegistroAccessi.objects.filter(utente=referente.utente, uscita="foglio")
        assert uscite.exists()


def test_l_elenco_non_fa_piu_interrogazioni_se_gli_esiti_crescono(client, operatore, presa):
    client.entra(operatore)
    for _ in range(20):
        EsitoFactory(presa=presa)

    with al_massimo(32):
        client.get(_url("esiti"))


# Rate e verifiche --------------------------------------------------------------------------------


def _rata(presa, fra: int, **altro) -> Rata:
    piano = PianoRientroFactory(presa=presa)
    return RataFactory(piano=piano, scade_il=OGGI + datetime.timedelta(fra), **altro)


def test_si_ricordano_le_rate_scadute_e_quelle_vicine(client, operatore, presa):
    scaduta, vicina = _rata(presa, -3), _rata(presa, 10)
    _rata(presa, 30)
    _rata(presa, -5, pagata_il=OGGI)

    risposta = client.entra(operatore).get(_url("scadenze"))

    assert [rata.pk for rata, _ in risposta.context["rate"]] == [scaduta.pk, vicina.pk]
    with come(operatore):
        numeri = scadenze_di_oggi(operatore)
    assert (numeri.rate_scadute, numeri.rate_in_scadenza) == (1, 1)


def test_le_rate_di_un_piano_finito_non_si_ricordano(operatore, presa):
    rata = _rata(presa, -3)
    with come_sistema(presa.ente):
        PianoRientro.objects.filter(pk=rata.piano_id).update(interrotto_il=OGGI)

    with come(operatore):
        assert not scadenze_di_oggi(operatore)


def test_pagando_dalle_scadenze_si_resta_li(client, operatore, presa):
    rata = _rata(presa, -3)

    risposta = client.entra(operatore).post(
        _url("rata_paga", rata.piano.uuid, 1), {"da": "scadenze"}
    )

    assert risposta.url == _url("scadenze")


def test_sei_mesi_dopo_una_casa_si_chiede_se_c_e_ancora(client, operatore, presa, casa):
    TipoDiEsitoFactory(codice="H_MANT", asse=casa)
    stabile = TipoDiEsitoFactory(codice="H_STAB", asse=casa)
    EsitoFactory(presa=presa, tipo=stabile, giorno=fra_mesi(OGGI, -6))
    client.entra(operatore)

    prima = client.get(_url("scadenze"))
    client.post(_url("esito_nuovo", presa.uuid, tipo="H_MANT"), {"giorno": f"{OGGI:%Y-%m-%d}"})
    dopo = client.get(_url("scadenze"))

    assert "Ha una casa?" in prima.text
    assert _url("esito_nuovo", presa.uuid, tipo="H_MANT") in prima.text
    assert "Ha una casa?" not in dopo.text


@pytest.mark.parametrize(("mesi", "giorni"), [(-5, 0), (-12, 0), (-6, 1)])
def test_prima_dei_sei_mesi_e_dopo_un_anno_non_si_chiede(operatore, presa, casa, mesi, giorni):
    stabile = TipoDiEsitoFactory(codice="H_STAB", asse=casa)
    giorno = fra_mesi(OGGI, mesi) + datetime.timedelta(giorni)
    EsitoFactory(presa=presa, tipo=stabile, giorno=giorno)

    with come(operatore):
        assert scadenze_di_oggi(operatore).verifiche == 0


def test_si_chiede_anche_di_chi_e_stato_chiuso_sei_mesi_fa_una_volta(
    client, operatore, presa, casa
):
    evitato = TipoDiEsitoFactory(codice="H_SFR_EV", asse=casa)
    EsitoFactory(presa=presa, tipo=evitato, giorno=fra_mesi(OGGI, -8))
    with come_sistema(presa.ente):
        presa.chiusa_il, presa.esito = fra_mesi(OGGI, -7), TipoDiChiusuraFactory()
        presa.save()

    risposta = client.entra(operatore).get(_url("scadenze"))

    assert len(risposta.context["verifiche"]) == 1
    with come(operatore):
        assert scadenze_di_oggi(operatore).verifiche == 1


@pytest.mark.parametrize(("codice", "attese"), [("OBI", 1), ("DEC", 0), ("IRR", 0)])
def test_di_chi_non_c_e_piu_non_si_chiede(operatore, presa, codice, attese):
    with come_sistema(presa.ente):
        presa.chiusa_il, presa.esito = fra_mesi(OGGI, -7), TipoDiChiusuraFactory(codice=codice)
        presa.save()

    with come(operatore):
        assert scadenze_di_oggi(operatore).verifiche == attese


def test_nella_prima_pagina_ci_sono_solo_i_numeri(client, operatore, presa):
    _rata(presa, -3)

    pagina = client.entra(operatore).get(reverse("report:casa")).text

    assert "1 rata scaduta" in pagina
    assert presa.beneficiario.cognome not in pagina


def test_un_collega_vede_le_scadenze_dell_ente_senza_i_gesti(client, presa):
    rata = _rata(presa, -3)
    collega = attore(ente=presa.ente)
    client.entra(collega)

    sue = client.get(_url("scadenze"))
    dell_ente = client.get(_url("scadenze", di="ente"))

    assert sue.context["rate"] == []
    assert [r.pk for r, _ in dell_ente.context["rate"]] == [rata.pk]
    assert "la segue un collega" in dell_ente.text
