"""Bisogni, valutazioni, condizioni e note: le pagine, come le usa chi segue una persona."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from assi.models import Condizione
from beneficiari.models import (
    BisognoRilevato,
    CondizioneRilevata,
    Nota,
    Valutazione,
)
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from tests.fabbriche import IndicatoreFactory, attore
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    BisognoFactory,
    BisognoRilevatoFactory,
    CondizioneFactory,
    CondizioneRilevataFactory,
    NotaFactory,
    PresaInCaricoFactory,
    ValutazioneFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

OGGI = datetime.date(2026, 3, 2)


@pytest.fixture
def persona(db):
    return BeneficiarioFactory()


@pytest.fixture
def chi(persona):
    """L'operatore che segue la persona."""
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)
    PresaInCaricoFactory(beneficiario=persona, operatore=operatore.utente)
    return operatore


def _url(nome, oggetto):
    return reverse(f"beneficiari:{nome}", args=[oggetto.uuid])


def _leggi(modello, persona, **filtri):
    with come_sistema(persona.ente):
        return list(modello.objects.filter(beneficiario=persona, **filtri))


def _testo(risposta) -> str:
    return " ".join(BeautifulSoup(risposta.content, "html.parser").get_text(" ").split())


# La pagina ----------------------------------------------------------------------------


def test_la_pagina_mostra_tutto_e_lo_registra(client, persona, chi):
    BisognoRilevatoFactory(beneficiario=persona, bisogno__nome="Trovare un alloggio", gravita=3)
    ValutazioneFactory(beneficiario=persona, indicatore__testo="Fiducia", valore=4)
    CondizioneRilevataFactory(beneficiario=persona, condizione__nome="Anziano solo")
    NotaFactory(beneficiario=persona, testo="Chiamare al mattino.")

    risposta = client.entra(chi).get(_url("rilevazioni", persona))

    testo = _testo(risposta)
    for atteso in ("Trovare un alloggio", "Gravità 3", "Fiducia", "Anziano solo", "al mattino"):
        assert atteso in testo
    with come_sistema(persona.ente):
        traccia = RegistroAccessi.objects.get(beneficiario=persona.pk, utente=chi.utente)
    assert {"bisogni", "valutazioni", "salute", "note"} <= set(traccia.gruppi)


def test_chi_non_la_segue_legge_come_aprire_e_nessun_dato(client, persona):
    BisognoRilevatoFactory(beneficiario=persona, bisogno__nome="Trovare un alloggio")
    NotaFactory(beneficiario=persona, testo="Chiamare al mattino.")
    altro = attore(Ruolo.OPERATORE, ente=persona.ente)

    risposta = client.entra(altro).get(_url("rilevazioni", persona))

    testo = _testo(risposta)
    assert "Questi dati si aprono dicendo perché" in testo
    assert _url("apri", persona) in risposta.content.decode()
    assert "alloggio" not in testo
    assert "Nessun bisogno" not in testo
    assert "mattino" not in testo


@pytest.mark.parametrize("nome", ["bisogni_aggiungi", "valuta", "condizioni", "nota_scrivi"])
def test_chi_non_la_segue_torna_alla_pagina_che_dice_come_aprire(client, persona, nome):
    altro = attore(Ruolo.OPERATORE, ente=persona.ente)
    PresaInCaricoFactory(beneficiario=persona)

    risposta = client.entra(altro).get(_url(nome, persona))

    assert risposta.status_code == 302
    assert risposta.url == _url("rilevazioni", persona)


def test_se_i_dati_si_richiudono_mentre_si_scrive_il_testo_resta(client, persona):
    chi = attore(Ruolo.OPERATORE, ente=persona.ente)

    risposta = client.entra(chi).post(_url("nota_scrivi", persona), {"testo": "Ha trovato casa."})

    assert risposta.status_code == 422
    assert "si sono richiusi" in _testo(risposta)
    assert "Ha trovato casa." in risposta.content.decode()
    assert _url("apri", persona) in risposta.content.decode()
    assert _leggi(Nota, persona) == []


def test_la_pagina_non_costa_di_piu_con_piu_righe(client, persona, chi):
    presa = _presa(persona)
    for _ in range(6):
        BisognoRilevatoFactory(beneficiario=persona)
        ValutazioneFactory(beneficiario=persona, presa=presa)
        CondizioneRilevataFactory(beneficiario=persona)
        NotaFactory(beneficiario=persona)
    client.entra(chi)

    with al_massimo(15):
        client.get(_url("rilevazioni", persona))


def _presa(persona):
    with come_sistema(persona.ente):
        return persona.prese.get()


def test_il_titolo_della_finestra_non_dice_niente_della_persona(client, persona, chi):
    NotaFactory(beneficiario=persona, testo="Chiamare al mattino.")

    pagina = BeautifulSoup(
        client.entra(chi).get(_url("rilevazioni", persona)).content, "html.parser"
    )

    assert persona.cognome not in pagina.title.text
    assert "mattino" not in pagina.title.text


# Valutazioni --------------------------------------------------------------------------


def test_una_serie_va_dall_ingresso_a_sei_mesi_dopo_e_non_esprimibile_non_e_zero(
    client, persona, chi
):
    presa, indicatore = _presa(persona), IndicatoreFactory(testo="Fiducia")
    serie = {"presa": presa, "beneficiario": persona, "indicatore": indicatore}
    ValutazioneFactory(**serie, momento="sei-mesi", valore=8, valutata_il="2026-10-01")
    ValutazioneFactory(**serie, momento="uscita", valore=None, non_esprimibile=True)
    ValutazioneFactory(**serie, momento="ingresso", valore=3, valutata_il="2026-01-20")

    risposta = client.entra(chi).get(_url("rilevazioni", persona))

    passi = BeautifulSoup(risposta.content, "html.parser").select(".serie-passi .serie-passo")
    testi = [" ".join(passo.get_text(" ").split()) for passo in passi]
    assert [testo.split()[0] for testo in testi] == ["Ingresso", "Uscita", "Sei"]
    assert "non esprimibile" in testi[1]
    assert "0 su 10" not in testi[1]
    assert "da 3 a 8" in _testo(risposta)


def _valutazione(presa, **campi) -> dict:
    return {
        "presa": str(presa.uuid),
        "momento": "ingresso",
        "valutata_il": "2026-02-01",
        **campi,
    }


@pytest.fixture
def indicatori(persona, chi):
    """Tre indicatori dell'asse della presa in carico."""
    asse = _presa(persona).azione.asse
    return [IndicatoreFactory(asse=asse, ordine=n) for n in range(3)]


def test_si_valuta_con_un_valore_a_parole_o_non_esprimibile(client, persona, chi, indicatori):
    uno, due, tre = indicatori
    dati = _valutazione(
        _presa(persona),
        **{
            f"quanto-{uno.pk}": "7",
            f"quanto-{due.pk}": "parole",
            f"parole-{due.pk}": "Sta meglio.",
            f"quanto-{tre.pk}": "non-esprimibile",
        },
    )

    risposta = client.entra(chi).post(_url("valuta", persona), dati)

    assert risposta.status_code == 302
    scritte = {v.indicatore_id: v for v in _leggi(Valutazione, persona)}
    assert (scritte[uno.pk].valore, scritte[uno.pk].giudizio) == (7, "")
    assert (scritte[due.pk].valore, scritte[due.pk].giudizio) == (None, "Sta meglio.")
    assert scritte[tre.pk].non_esprimibile
    assert scritte[tre.pk].valore is None


def test_la_scala_dice_le_sue_parole_e_la_seconda_volta_si_propone_in_itinere(
    client, persona, chi, indicatori
):
    prima = client.entra(chi).get(_url("valuta", persona)).content.decode()
    ValutazioneFactory(
        beneficiario=persona, presa=_presa(persona), indicatore=indicatori[0], valore=4
    )
    dopo = client.get(_url("valuta", persona)).content.decode()

    assert "7 · discreto" in prima
    assert 'value="ingresso" selected' in prima
    assert 'value="in-itinere" selected' in dopo


@pytest.mark.parametrize(
    ("quanto", "parole", "frase"),
    [
        ("7", "Sta meglio.", "tieni una cosa sola"),
        ("non-esprimibile", "Sta meglio.", "tieni una cosa sola"),
        ("parole", "  ", "Scrivi il giudizio."),
        ("", "", "Valuta almeno un indicatore."),
        ("11", "", "Scegli un'opzione valida"),
    ],
)
def test_un_giudizio_dice_una_cosa_sola(client, persona, chi, indicatori, quanto, parole, frase):
    chiave = indicatori[0].pk
    dati = {f"quanto-{chiave}": quanto, f"parole-{chiave}": parole}

    risposta = client.entra(chi).post(
        _url("valuta", persona), _valutazione(_presa(persona), **dati)
    )

    assert risposta.status_code == 422
    assert frase in _testo(risposta)
    assert _leggi(Valutazione, persona) == []


def test_lo_stesso_indicatore_lo_stesso_giorno_si_rifiuta_e_non_resta_niente_a_meta(
    client, persona, chi, indicatori
):
    uno, due, _ = indicatori
    ValutazioneFactory(
        beneficiario=persona,
        presa=_presa(persona),
        indicatore=due,
        valutata_il=datetime.date(2026, 2, 1),
    )
    dati = {f"quanto-{uno.pk}": "5", f"quanto-{due.pk}": "6"}

    risposta = client.entra(chi).post(
        _url("valuta", persona), _valutazione(_presa(persona), **dati)
    )

    assert risposta.status_code == 422
    assert "Quel giorno questo indicatore è già stato valutato." in _testo(risposta)
    assert len(_leggi(Valutazione, persona)) == 1


def test_non_si_valuta_nel_futuro_ne_per_la_presa_di_un_altra_persona(
    client, persona, chi, indicatori
):
    domani = timezone.localdate() + datetime.timedelta(1)
    chiave = f"quanto-{indicatori[0].pk}"
    client.entra(chi)

    futura = client.post(
        _url("valuta", persona),
        _valutazione(_presa(persona), valutata_il=str(domani), **{chiave: "5"}),
    )
    altrui = client.post(
        _url("valuta", persona),
        _valutazione(PresaInCaricoFactory(beneficiario__ente=persona.ente), **{chiave: "5"}),
    )

    assert futura.status_code == 422
    assert "deve ancora venire" in _testo(futura)
    assert altrui.status_code == 404


def test_senza_presa_in_carico_si_dice_che_cosa_serve(client, persona):
    referente = attore(Ruolo.REFERENTE, ente=persona.ente)

    risposta = client.entra(referente).get(_url("valuta", persona))

    assert "Per valutare serve una presa in carico" in _testo(risposta)


def test_una_valutazione_si_corregge_e_chi_arriva_dopo_se_ne_accorge(
    client, persona, chi, indicatori
):
    riga = ValutazioneFactory(
        beneficiario=persona, presa=_presa(persona), indicatore=indicatori[0], valore=5
    )
    vista = riga.impronta
    dati = {
        "vista": vista,
        "momento": "uscita",
        "valutata_il": "2026-02-01",
        f"quanto-{indicatori[0].pk}": "9",
    }
    client.entra(chi)

    prima = client.post(_url("valutazione", riga), dati)
    dopo = client.post(_url("valutazione", riga), {**dati, f"quanto-{indicatori[0].pk}": "2"})

    assert prima.status_code == 302
    assert dopo.status_code == 422
    assert "un'altra persona ha corretto" in _testo(dopo)
    assert _leggi(Valutazione, persona)[0].valore == 9


# Condizioni ---------------------------------------------------------------------------


@pytest.fixture
def condizioni(db):
    return [CondizioneFactory(nome="Caregiver"), CondizioneFactory(nome="Care leaver")]


def _risposte(*coppie) -> dict:
    dati = {}
    for condizione, vista, risposta in coppie:
        dati[f"vista-{condizione.codice}"] = vista
        dati[f"risposta-{condizione.codice}"] = risposta
    return dati


def test_si_scrive_solo_cio_che_cambia(client, persona, chi, condizioni):
    una, altra = condizioni
    ferma = CondizioneRilevataFactory(
        beneficiario=persona, condizione=una, valore="no", rilevata_il=OGGI
    )

    client.entra(chi).post(
        _url("condizioni", persona), _risposte((una, "no", "no"), (altra, "", "non-dichiara"))
    )

    righe = {riga.condizione_id: riga for riga in _leggi(CondizioneRilevata, persona)}
    assert righe[una.pk].rilevata_il == ferma.rilevata_il == OGGI
    assert righe[altra.pk].valore == "non-dichiara"
    assert righe[altra.pk].rilevata_da == chi.utente


def test_una_condizione_taciuta_non_lascia_righe(client, persona, chi, condizioni):
    una, altra = condizioni

    client.entra(chi).post(_url("condizioni", persona), _risposte((una, "", ""), (altra, "", "")))

    assert _leggi(CondizioneRilevata, persona) == []


def test_una_risposta_tolta_torna_non_rilevata(client, persona, chi, condizioni):
    una, altra = condizioni
    CondizioneRilevataFactory(beneficiario=persona, condizione=una, valore="si")
    client.entra(chi).post(
        _url("condizioni", persona), _risposte((una, "si", ""), (altra, "", ""))
    )

    pagina = BeautifulSoup(client.get(_url("condizioni", persona)).content, "html.parser")

    assert "Caregiver" not in _testo(client.get(_url("rilevazioni", persona)))
    scelta = pagina.select_one(f'input[name="risposta-{una.codice}"][checked]')
    assert scelta["value"] == ""


def test_due_persone_sulla_stessa_condizione_se_ne_accorgono(client, persona, chi, condizioni):
    una, altra = condizioni
    CondizioneRilevataFactory(beneficiario=persona, condizione=una, valore="no")

    risposta = client.entra(chi).post(
        _url("condizioni", persona), _risposte((una, "", "si"), (altra, "", "si"))
    )

    assert risposta.status_code == 422
    assert "un'altra persona ha risposto «no»" in _testo(risposta)
    righe = _leggi(CondizioneRilevata, persona)
    assert [riga.valore for riga in righe] == ["no"]
    pagina = BeautifulSoup(risposta.content, "html.parser")
    assert pagina.select_one(f'input[name="vista-{una.codice}"]')["value"] == "no"


def test_una_risposta_non_ammessa_si_rifiuta(client, persona, chi, condizioni):
    una, altra = condizioni

    risposta = client.entra(chi).post(
        _url("condizioni", persona), _risposte((una, "", "forse"), (altra, "", ""))
    )

    assert risposta.status_code == 422
    assert _leggi(CondizioneRilevata, persona) == []


def test_la_pagina_dice_che_cosa_e_particolare_e_mai_diagnosi(client, persona, chi):
    CondizioneFactory(nome="In carico a un servizio", famiglia="salute", particolare=True)
    CondizioneFactory(nome="Famiglia numerosa", particolare=False)

    risposta = client.entra(chi).get(_url("condizioni", persona))

    testo = _testo(risposta)
    assert "Mai una diagnosi" in testo
    assert "art. 9" in testo
    righe = BeautifulSoup(risposta.content, "html.parser").select("[role=radiogroup]")
    particolari = {
        riga.select_one(".da-segnare-nome").get_text(" ").split()[0]: "particolare" in riga.text
        for riga in righe
    }
    assert particolari == {"Famiglia": False, "In": True}
    assert Condizione.objects.count() == 2


# Note ---------------------------------------------------------------------------------


def test_le_note_si_leggono_dalla_piu_recente_e_sono_cifrate(client, persona, chi):
    ieri = timezone.now() - datetime.timedelta(days=1)
    NotaFactory(beneficiario=persona, testo="La prima.", scritta_il=ieri)

    client.entra(chi).post(_url("nota_scrivi", persona), {"testo": "La seconda."})
    pagina = client.get(_url("rilevazioni", persona))

    note = BeautifulSoup(pagina.content, "html.parser").select(".nota-testo")
    assert [nota.get_text().strip() for nota in note] == ["La seconda.", "La prima."]
    assert all(b"La " not in bytes(nota.testo_cifrato) for nota in _leggi(Nota, persona))


def test_due_schede_sulla_stessa_nota_vedono_i_due_testi(client, persona, chi):
    nota = NotaFactory(beneficiario=persona, testo="Com'era.", scritta_da=chi.utente)
    client.entra(chi)
    prima = client.post(_url("nota", nota), {"testo": "Il primo.", "versione": 1})

    dopo = client.post(_url("nota", nota), {"testo": "Il secondo.", "versione": 1})
    testo = _testo(dopo)
    versione = BeautifulSoup(dopo.content, "html.parser").select_one("input[name=versione]")
    infine = client.post(
        _url("nota", nota), {"testo": "Tutti e due.", "versione": versione["value"]}
    )

    assert (prima.status_code, dopo.status_code, infine.status_code) == (302, 422, 302)
    assert "Il primo." in testo
    assert "Il secondo." in testo
    assert _leggi(Nota, persona)[0].testo == "Tutti e due."


def test_la_nota_di_un_altro_si_legge_e_non_si_cambia(client, persona, chi):
    nota = NotaFactory(beneficiario=persona, testo="Di un altro.")
    client.entra(chi)

    letta = client.get(_url("nota", nota))
    scritta = client.post(_url("nota", nota), {"testo": "Mia.", "versione": 1})

    assert "Di un altro." in _testo(letta)
    assert "<textarea" not in letta.content.decode()
    assert scritta.status_code == 422
    assert "solo chi l'ha scritta" in _testo(scritta)
    assert _leggi(Nota, persona)[0].testo == "Di un altro."


@pytest.mark.parametrize("testo", ["", "   ", "a" * 5001])
def test_una_nota_vuota_o_troppo_lunga_si_rifiuta(client, persona, chi, testo):
    risposta = client.entra(chi).post(_url("nota_scrivi", persona), {"testo": testo})

    assert risposta.status_code == 422
    assert _leggi(Nota, persona) == []


# Il confine ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nome", "fabbrica"),
    [
        ("bisogno", BisognoRilevatoFactory),
        ("valutazione", ValutazioneFactory),
        ("nota", NotaFactory),
    ],
)
@pytest.mark.parametrize("metodo", ["get", "post"])
def test_una_riga_non_aperta_o_di_un_altro_ente_non_esiste(
    client, persona, nome, fabbrica, metodo
):
    riga = fabbrica(beneficiario=persona)
    senza_affidamento = attore(Ruolo.OPERATORE, ente=persona.ente)
    di_un_altro = attore(Ruolo.REFERENTE)

    esiti = {
        getattr(client.entra(chi), metodo)(_url(nome, riga)).status_code
        for chi in (senza_affidamento, di_un_altro)
    }

    assert esiti == {404}


def test_i_bisogni_si_cercano_solo_fra_quelli_in_uso(client, persona, chi):
    BisognoFactory(nome="In uso")
    BisognoFactory(nome="Chiuso l'anno scorso", al=datetime.date(2025, 1, 1))

    testo = _testo(client.entra(chi).get(_url("bisogni_aggiungi", persona)))

    assert "In uso" in testo
    assert "Chiuso l'anno scorso" not in testo
    assert BisognoRilevato.Gravita.GRAVISSIMA.label in testo
