"""I bisogni: aggiungerne molti insieme, cambiarne lo stato, chiuderli, annullare; il conteggio."""

import csv
import datetime

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from beneficiari.azioni import bisogni as azioni
from beneficiari.models import BisognoRilevato
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from tests.fabbriche import AsseFactory, attore
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    BisognoFactory,
    BisognoRilevatoFactory,
    PresaInCaricoFactory,
    come,
)


pytestmark = pytest.mark.django_db


@pytest.fixture
def persona(db):
    return BeneficiarioFactory()


@pytest.fixture
def chi(persona):
    """L'operatore che segue la persona."""
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)
    PresaInCaricoFactory(beneficiario=persona, operatore=operatore.utente)
    return operatore


@pytest.fixture
def riga(persona):
    return BisognoRilevatoFactory(
        beneficiario=persona,
        bisogno__nome="Trovare un alloggio",
        gravita=2,
        rilevato_il=datetime.date(2026, 2, 1),
    )


def _url(nome, oggetto):
    return reverse(f"beneficiari:{nome}", args=[oggetto.uuid])


def _testo(risposta) -> str:
    return " ".join(BeautifulSoup(risposta.content, "html.parser").get_text(" ").split())


def _righe(persona) -> list[BisognoRilevato]:
    with come_sistema(persona.ente):
        return list(BisognoRilevato.objects.filter(beneficiario=persona).order_by("pk"))


def _riletta(riga) -> BisognoRilevato:
    with come_sistema(riga.ente):
        return BisognoRilevato.objects.get(pk=riga.pk)


def _salva(riga, **campi) -> dict:
    return {
        "gesto": "salva",
        "visto": riga.impronta,
        "gravita": riga.gravita,
        "novita": riga.novita,
        "stato": riga.stato,
        **campi,
    }


# Aggiungere ---------------------------------------------------------------------------


def test_se_ne_aggiungono_molti_insieme_dalla_lista_per_asse(client, persona, chi):
    casa, lavoro = AsseFactory(denominazione="Casa"), AsseFactory(denominazione="Lavoro")
    uno, due = BisognoFactory(asse=casa), BisognoFactory(asse=lavoro)
    BisognoFactory(asse=lavoro)
    pagina = client.entra(chi).get(_url("bisogni_aggiungi", persona))

    risposta = client.post(
        _url("bisogni_aggiungi", persona),
        {
            "rilevato_il": "2026-02-01",
            f"gravita-{uno.codice}": "4",
            f"novita-{uno.codice}": "aggravato",
            f"gravita-{due.codice}": "0",
            f"novita-{due.codice}": "nuovo",
        },
        follow=True,
    )

    assert "2 bisogni aggiunti." in _testo(risposta)
    assert "Casa" in _testo(pagina)
    assert "Lavoro" in _testo(pagina)
    scritti = {
        (r.bisogno_id, r.gravita, r.novita, r.stato, r.rilevato_da_id) for r in _righe(persona)
    }
    assert scritti == {
        (uno.pk, 4, "aggravato", "aperto", chi.utente.pk),
        (due.pk, 0, "nuovo", "aperto", chi.utente.pk),
    }


def test_il_bisogno_si_lega_alla_presa_in_carico_della_persona(client, persona, chi):
    voce = BisognoFactory()
    altrui = PresaInCaricoFactory(beneficiario__ente=persona.ente)
    with come_sistema(persona.ente):
        presa = persona.prese.get()
    dati = {"rilevato_il": "2026-02-01", f"gravita-{voce.codice}": "2"}
    client.entra(chi)

    di_un_altra = client.post(
        _url("bisogni_aggiungi", persona), {**dati, "presa": str(altrui.uuid)}
    )
    sua = client.post(_url("bisogni_aggiungi", persona), {**dati, "presa": str(presa.uuid)})

    assert (di_un_altra.status_code, sua.status_code) == (422, 302)
    assert [r.presa_id for r in _righe(persona)] == [presa.pk]


def test_un_bisogno_gia_aperto_si_legge_e_non_si_sceglie(client, persona, chi, riga):
    risposta = client.entra(chi).get(_url("bisogni_aggiungi", persona))

    assert "già aperto" in _testo(risposta)
    assert f"gravita-{riga.bisogno.codice}" not in risposta.content.decode()


def test_un_bisogno_aperto_intanto_da_un_altro_ferma_tutto_con_una_frase(persona, chi, riga):
    altro = BisognoFactory()
    nuovi = [azioni.NuovoBisogno(voce, 1, "nuovo") for voce in (altro, riga.bisogno)]

    with come(chi), pytest.raises(ValidationError, match=r"Già aperti.*Trovare un alloggio"):
        azioni.aggiungi_bisogni(
            persona=persona, bisogni=nuovi, rilevato_il=timezone.localdate(), da=chi
        )

    assert [r.pk for r in _righe(persona)] == [riga.pk]


@pytest.mark.parametrize(
    ("campi", "frase"),
    [
        ({}, "Scegli la gravità di almeno un bisogno."),
        ({"gravita": "5"}, "Scegli un'opzione valida"),
        ({"gravita": "2", "rilevato_il": "2999-01-01"}, "deve ancora venire"),
        ({"gravita": "2", "rilevato_il": "31/02/2026"}, "Questa data non esiste"),
    ],
)
def test_una_lista_sbagliata_si_rifiuta_con_una_frase(client, persona, chi, campi, frase):
    voce = BisognoFactory()
    dati = {"rilevato_il": campi.get("rilevato_il", "2026-02-01")}
    if "gravita" in campi:
        dati[f"gravita-{voce.codice}"] = campi["gravita"]

    risposta = client.entra(chi).post(_url("bisogni_aggiungi", persona), dati)

    assert risposta.status_code == 422
    assert frase in _testo(risposta)
    assert _righe(persona) == []


# Cambiare, chiudere, riaprire ---------------------------------------------------------


@pytest.mark.parametrize("stato", BisognoRilevato.Stato.values)
def test_lo_stato_si_cambia_senza_ricaricare(client, chi, riga, htmx, stato):
    risposta = client.entra(chi).post(_url("bisogno", riga), _salva(riga, stato=stato), **htmx)

    assert risposta.status_code == 200
    assert BisognoRilevato.Stato(stato).label in _testo(risposta)
    assert "<html" not in risposta.content.decode()
    assert _riletta(riga).stato == stato


def test_il_modulo_si_apre_al_posto_della_riga_e_si_lascia(client, chi, riga, htmx):
    client.entra(chi)

    modulo = client.get(_url("bisogno", riga), **htmx)
    lasciata = client.get(_url("bisogno", riga) + "?lascia=si", **htmx)
    senza_javascript = client.get(_url("bisogno", riga))

    assert 'name="stato"' in modulo.content.decode()
    assert 'name="stato"' not in lasciata.content.decode()
    assert "<html" in senza_javascript.content.decode()


def test_dopo_un_cambiamento_si_annulla(client, chi, riga, htmx):
    client.entra(chi)
    cambiata = client.post(_url("bisogno", riga), _salva(riga, stato="coperto", gravita=4), **htmx)
    modulo = BeautifulSoup(cambiata.content, "html.parser").form
    nascosti = {campo["name"]: campo["value"] for campo in modulo.select("input[type=hidden]")}

    annullata = client.post(_url("bisogno", riga), nascosti, **htmx)

    assert "Annulla" not in _testo(annullata)
    assert _riletta(riga).impronta == riga.impronta


def test_senza_javascript_annulla_sta_nella_pagina_dopo_e_una_volta_sola(
    client, persona, chi, riga
):
    client.entra(chi)

    dopo = client.post(_url("bisogno", riga), _salva(riga, stato="parziale"), follow=True)
    ancora = client.get(_url("rilevazioni", persona))

    assert "Annulla il cambiamento di Trovare un alloggio" in _testo(dopo)
    assert "Annulla il cambiamento" not in _testo(ancora)


def test_si_chiude_con_una_data_e_si_riapre(client, chi, riga):
    client.entra(chi)
    dati = {"gesto": "chiudi", "stato": "coperto", "chiuso_il": "2026-03-01"}

    client.post(_url("bisogno", riga), {**dati, "visto": riga.impronta})
    chiusa = _riletta(riga)
    client.post(_url("bisogno", riga), {"gesto": "riapri", "visto": chiusa.impronta})
    riaperta = _riletta(riga)

    assert (chiusa.stato, chiusa.chiuso_il) == ("coperto", datetime.date(2026, 3, 1))
    assert (riaperta.stato, riaperta.chiuso_il) == ("aperto", None)


def test_un_bisogno_segnato_per_sbaglio_si_chiude_e_non_serve_piu(client, persona, chi, riga):
    client.entra(chi)
    dati = {"gesto": "chiudi", "stato": "non-serve", "chiuso_il": "2026-03-01"}

    client.post(_url("bisogno", riga), {**dati, "visto": riga.impronta})

    assert _riletta(riga).stato == "aperto"
    assert "non serve più" in _testo(client.get(_url("rilevazioni", persona)))


@pytest.mark.parametrize(
    ("giorno", "frase"),
    [
        ("2026-01-31", "La chiusura non può precedere il rilievo."),
        ("2999-01-01", "deve ancora venire"),
        ("", "Scrivi il giorno."),
    ],
)
def test_una_chiusura_in_un_giorno_impossibile_si_rifiuta(client, chi, riga, htmx, giorno, frase):
    dati = {"gesto": "chiudi", "stato": "coperto", "chiuso_il": giorno, "visto": riga.impronta}

    risposta = client.entra(chi).post(_url("bisogno", riga), dati, **htmx)

    assert risposta.status_code == 422
    assert frase in _testo(risposta)
    assert _riletta(riga).chiuso_il is None


def test_riaprire_un_bisogno_aperto_di_nuovo_si_rifiuta(client, persona, chi, riga):
    with come(chi):
        chiusa = azioni.chiudi_bisogno(
            bisogno=riga, chiuso_il=datetime.date(2026, 3, 1), stato="coperto", da=chi
        )
    BisognoRilevatoFactory(beneficiario=persona, bisogno=riga.bisogno)

    risposta = client.entra(chi).post(
        _url("bisogno", riga), {"gesto": "riapri", "visto": chiusa.impronta}
    )

    assert risposta.status_code == 422
    assert "già aperto per la persona" in _testo(risposta)


@pytest.mark.parametrize("con_htmx", [True, False])
def test_due_persone_sullo_stesso_bisogno_vedono_le_due_scelte(client, chi, riga, htmx, con_htmx):
    dati = _salva(riga, stato="coperto")
    with come(chi):
        azioni.aggiorna_bisogno(
            bisogno=riga, gravita=4, novita="aggravato", stato="in-risposta", da=chi
        )

    risposta = client.entra(chi).post(_url("bisogno", riga), dati, **(htmx if con_htmx else {}))

    testo = _testo(risposta)
    assert risposta.status_code == 422
    assert "4 · gravissima, aggravato, in risposta" in testo
    pagina = BeautifulSoup(risposta.content, "html.parser")
    assert pagina.select_one("select[name=stato] option[selected]")["value"] == "coperto"
    assert _riletta(riga).stato == "in-risposta"
    visto = pagina.select_one("input[name=visto]")["value"]
    assert client.post(_url("bisogno", riga), {**dati, "visto": visto}).status_code == 302


@pytest.mark.parametrize(
    "era", ["", "2|nuovo", "9|nuovo|aperto|", "2|nuovo|forse|", "x|nuovo|aperto|"]
)
def test_un_impronta_riscritta_non_passa(client, chi, riga, era):
    dati = {"gesto": "annulla", "visto": riga.impronta, "era": era}

    risposta = client.entra(chi).post(_url("bisogno", riga), dati)

    assert risposta.status_code == 422
    assert _riletta(riga).impronta == riga.impronta


def test_un_gesto_che_non_c_e_e_404(client, chi, riga):
    risposta = client.entra(chi).post(_url("bisogno", riga), {"gesto": "cancella"})

    assert risposta.status_code == 404


# Il conteggio dell'ente ---------------------------------------------------------------


@pytest.fixture
def contati(persona, riga):
    """Due persone con lo stesso bisogno, una senza risposta; un bisogno chiuso; un altro ente."""
    altra = BeneficiarioFactory(ente=persona.ente)
    BisognoRilevatoFactory(beneficiario=altra, bisogno=riga.bisogno, stato="senza-risposta")
    BisognoRilevatoFactory(beneficiario=altra, chiuso_il=timezone.localdate())
    BisognoRilevatoFactory(bisogno=riga.bisogno)
    return altra


def test_il_referente_conta_tutto_l_ente_e_nient_altro(client, persona, contati):
    referente = attore(Ruolo.REFERENTE, ente=persona.ente)

    risposta = client.entra(referente).get(reverse("beneficiari:bisogni_dell_ente"))

    righe = BeautifulSoup(risposta.content, "html.parser").select("tbody tr")
    celle = [cella.get_text().strip() for cella in righe[0].select("td")]
    assert len(righe) == 1
    assert celle == ["1", "0", "0", "0", "1", "2"]
    assert righe[0]["class"] == ["divario"]
    assert persona.cognome not in _testo(risposta)


def test_l_operatore_conta_chi_segue_e_la_pagina_lo_dice(client, persona, chi, contati):
    risposta = client.entra(chi).get(reverse("beneficiari:bisogni_dell_ente"))

    assert "delle persone che segui" in _testo(risposta)
    celle = BeautifulSoup(risposta.content, "html.parser").select("tbody tr td")
    assert [cella.get_text().strip() for cella in celle] == ["1", "0", "0", "0", "0", "1"]


def test_due_righe_della_stessa_persona_unita_contano_una_volta(client, persona, contati):
    with come_sistema(persona.ente):
        contati.unito_a = persona
        contati.save()
        BisognoRilevato.objects.filter(beneficiario=contati).update(stato="aperto")
    referente = attore(Ruolo.REFERENTE, ente=persona.ente)

    risposta = client.entra(referente).get(reverse("beneficiari:bisogni_dell_ente"))

    celle = BeautifulSoup(risposta.content, "html.parser").select("tbody tr td")
    assert celle[-1].get_text().strip() == "1"


def test_il_foglio_ha_gli_stessi_conteggi_e_nessuna_persona_risulta_letta(
    client, persona, contati
):
    referente = attore(Ruolo.REFERENTE, ente=persona.ente)

    risposta = client.entra(referente).get(reverse("beneficiari:bisogni_dell_ente_csv"))

    righe = list(csv.reader(risposta.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert righe[0][-2:] == ["Senza risposta nella rete", "Totale"]
    assert righe[1][-2:] == ["1", "2"]
    assert len(righe) == 2
    with come_sistema(persona.ente):
        assert not RegistroAccessi.objects.filter(utente=referente.utente).exists()


def test_un_ente_senza_bisogni_legge_da_dove_cominciare(client):
    risposta = client.entra(attore(Ruolo.REFERENTE)).get(reverse("beneficiari:bisogni_dell_ente"))

    assert "Nessun bisogno aperto" in _testo(risposta)
