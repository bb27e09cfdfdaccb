"""Le prestazioni di una persona: filtri, ordini, pagine, fogli; e di chi altro c'era, niente."""

import csv
import datetime
from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from enti.models import FiltroSalvato
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import Uscita
from privacy.models import RegistroAccessi
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, PresaInCaricoFactory, come
from tests.fabbriche_prestazioni import (
    PartecipazioneFactory,
    PrestazioneFactory,
    ServizioFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

GENNAIO, MARZO = datetime.date(2026, 1, 10), datetime.date(2026, 3, 10)


@pytest.fixture
def operatore():
    return attore()


@pytest.fixture
def presa(operatore):
    return PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente, cognome="Mariani"),
        aperta_il=GENNAIO,
    )


def _riga(presa, servizio="Sportello", *, suoi=None, **altro):
    riga = PrestazioneFactory(
        ente=presa.ente,
        servizio=ServizioFactory(ente=presa.ente, nome=servizio),
        azione=presa.azione,
        **altro,
    )
    PartecipazioneFactory(presa=presa, prestazione=riga, minuti=suoi)
    return riga


def _indirizzo(presa, nome="della_persona"):
    return reverse(f"prestazioni:{nome}", args=[presa.beneficiario.uuid])


def _servizi(risposta) -> list[str]:
    return [riga.servizio.nome for riga in risposta.context["pagina"]]


def test_si_filtra_e_si_ordina_come_l_elenco_dell_ente(client, operatore, presa):
    _riga(presa, "Corso", giorno=GENNAIO, minuti=90)
    _riga(presa, "Ascolto", giorno=MARZO, minuti=20, modo="telefono")
    client.entra(operatore)
    indirizzo = _indirizzo(presa)

    assert _servizi(client.get(indirizzo)) == ["Ascolto", "Corso"]
    assert _servizi(client.get(indirizzo, {"ordine": "-durata"})) == ["Corso", "Ascolto"]
    assert _servizi(client.get(indirizzo, {"modo": "telefono"})) == ["Ascolto"]
    assert _servizi(client.get(indirizzo, {"al": "2026-02-01"})) == ["Corso"]


def test_di_lei_si_dice_quanto_e_rimasta_lei(client, operatore, presa):
    _riga(presa, "Laboratorio", minuti=120, suoi=30)
    _riga(presa, "Colloquio", minuti=60)
    client.entra(operatore)

    risposta = client.get(_indirizzo(presa), {"ordine": "durata"})

    assert _servizi(risposta) == ["Laboratorio", "Colloquio"]
    assert risposta.context["pagina"].conto.somme["durata"] == 90


@pytest.mark.parametrize(
    ("minuti", "suoi", "quanto"),
    [(60, (30, None), 60), (60, (20, 45), 45), (None, (30, None), 30), (None, (None, None), None)],
)
def test_di_due_righe_unite_vale_quella_rimasta_di_piu(
    client, operatore, presa, minuti, suoi, quanto
):
    """Dove i suoi minuti sono vuoti è rimasta quanto la prestazione: più di chi è rimasta mezz'ora."""
    assorbita = BeneficiarioFactory(ente=operatore.ente)
    altra = PresaInCaricoFactory(beneficiario=assorbita, azione=presa.azione)
    riga = _riga(presa, "Laboratorio", minuti=minuti, suoi=suoi[0])
    PartecipazioneFactory(presa=altra, prestazione=riga, minuti=suoi[1])
    with come_sistema(operatore.ente):
        type(assorbita).objects.filter(pk=assorbita.pk).update(unito_a=presa.beneficiario)
    client.entra(operatore)

    pagina = client.get(_indirizzo(presa)).context["pagina"]

    assert [detta.suoi_minuti for detta in pagina] == [quanto]
    assert pagina.conto.somme == {"durata": quanto, "senza_durata": int(quanto is None)}


@pytest.mark.parametrize(("quantita", "detta"), [("1", ": 1"), ("3", "3 ")])
def test_una_cosa_sola_non_si_dice_al_plurale(client, operatore, presa, quantita, detta):
    riga = _riga(presa, "Mensa", quantita=quantita)
    unita = riga.servizio.voce.unita.nome.lower()
    client.entra(operatore)

    testo = client.get(_indirizzo(presa)).text.replace("\xa0", " ")

    assert (f"{unita}{detta}" if detta[0] == ":" else f"{detta}{unita}") in testo


def test_ci_sono_anche_quelle_della_riga_che_un_unione_le_ha_dato(client, operatore, presa):
    assorbita = BeneficiarioFactory(ente=operatore.ente)
    _riga(PresaInCaricoFactory(beneficiario=assorbita, azione=presa.azione), "Di prima")
    with come_sistema(operatore.ente):
        type(assorbita).objects.filter(pk=assorbita.pk).update(unito_a=presa.beneficiario)
    client.entra(operatore)

    assert _servizi(client.get(_indirizzo(presa))) == ["Di prima"]


def test_chi_altro_c_era_non_si_legge_e_non_esce(client, operatore, presa):
    riga = _riga(presa, "Laboratorio")
    altra = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente, cognome="Altrui"),
        azione=presa.azione,
    )
    PartecipazioneFactory(presa=altra, prestazione=riga)
    referente = attore(Ruolo.REFERENTE, ente=operatore.ente)
    client.entra(referente)

    pagina = client.get(_indirizzo(presa)).text
    foglio = b"".join(client.get(_indirizzo(presa, "della_persona_csv"))).decode("utf-8-sig")

    assert "Altrui" not in pagina + foglio
    (voce,) = csv.DictReader(foglio.splitlines(), delimiter=";")
    assert voce["Servizio"] == "Laboratorio"
    with come(referente):
        letture = RegistroAccessi.objects.filter(pagina__startswith="prestazioni:della_persona")
        assert {lettura.beneficiario for lettura in letture} == {presa.beneficiario.pk}
        assert letture.filter(uscita=Uscita.FOGLIO).exists()


def test_il_foglio_segue_i_filtri_e_lo_porta_fuori_chi_ne_risponde(client, operatore, presa):
    _riga(presa, "Corso", giorno=GENNAIO)
    _riga(presa, "Ascolto", giorno=MARZO, minuti=None)
    client.entra(operatore)
    indirizzo = _indirizzo(presa, "della_persona_xlsx")
    assert client.get(indirizzo).status_code == 403
    client.entra(attore(Ruolo.REFERENTE, ente=operatore.ente))

    risposta = client.get(indirizzo, {"dal": "2026-02-01"})
    righe = list(openpyxl.load_workbook(BytesIO(b"".join(risposta)), read_only=True).active.values)

    assert [riga[2] for riga in righe] == ["Servizio", "Ascolto"]
    assert righe[1][7] is None
    assert "Mariani" not in risposta["Content-Disposition"]


def test_la_pagina_seguente_riparte_dall_ultima_riga(client, operatore, presa):
    servizio = ServizioFactory(ente=operatore.ente)
    for giorno in range(26):
        riga = PrestazioneFactory(
            ente=operatore.ente,
            servizio=servizio,
            azione=presa.azione,
            giorno=GENNAIO + datetime.timedelta(giorno),
        )
        PartecipazioneFactory(presa=presa, prestazione=riga)
    client.entra(operatore)

    with al_massimo(20):
        prima = client.get(_indirizzo(presa))
    seguente = client.get(_indirizzo(presa), {"pagina": prima.context["pagina"].successiva})

    assert len(prima.context["pagina"]) == 25
    assert [riga.giorno for riga in seguente.context["pagina"]] == [GENNAIO]


def test_i_suoi_filtri_si_salvano_e_valgono_per_ogni_persona(client, operatore, presa, htmx):
    altra = PresaInCaricoFactory(beneficiario=BeneficiarioFactory(ente=operatore.ente))
    client.entra(operatore)
    dati = {
        "pagina": "prestazioni:della_persona",
        "nome": "Al telefono",
        "query": "modo=telefono",
        "indirizzo": _indirizzo(presa),
    }

    salvato = client.post(reverse("enti:filtro_salva"), dati, **htmx)
    da_lei, da_altri = salvato.text, client.get(_indirizzo(altra)).text

    for testo, dove in ((da_lei, _indirizzo(presa)), (da_altri, _indirizzo(altra))):
        collegamento = BeautifulSoup(testo, "html.parser").select_one("#filtri-salvati li a")
        assert collegamento["href"] == f"{dove}?modo=telefono"
    with come(operatore):
        assert FiltroSalvato.objects.get().query == "modo=telefono"


@pytest.mark.parametrize("indirizzo", ["", "https://altrove.example/", "/persone/", "//altrove"])
def test_un_filtro_non_porta_fuori_dal_suo_elenco(client, operatore, indirizzo):
    dati = {
        "pagina": "prestazioni:della_persona",
        "nome": "Al telefono",
        "query": "modo=telefono",
        "indirizzo": indirizzo,
    }

    assert client.entra(operatore).post(reverse("enti:filtro_salva"), dati).status_code == 404
    with come(operatore):
        assert not FiltroSalvato.objects.exists()
