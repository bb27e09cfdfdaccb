"""L'elenco delle prese in carico: chi si vede, i filtri, l'ordine, i fogli, il costo."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    ComponenteFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

ELENCO = reverse("beneficiari:casi_elenco")


@pytest.fixture
def referente(db):
    return attore(Ruolo.REFERENTE)


def _presa(chi, cognome, **campi):
    persona = BeneficiarioFactory(ente=chi.ente, cognome=cognome)
    return PresaInCaricoFactory(
        **{"beneficiario": persona, "operatore": chi.utente, **campi},
    )


def test_si_comincia_da_quelle_seguite_da_me(client, referente):
    _presa(referente, "Mia")
    _presa(referente, "Dialtri", operatore=attore(ente=referente.ente).utente)
    client.entra(referente)

    mie, tutte = client.get(ELENCO).text, client.get(ELENCO, {"segue": "ente"}).text

    assert "Mia" in mie
    assert "Dialtri" not in mie
    assert "Dialtri" in tutte


def test_le_prese_in_carico_di_un_altro_ente_non_si_vedono(client, referente):
    _presa(attore(Ruolo.OPERATORE), "Altrui")

    pagina = client.entra(referente).get(ELENCO, {"segue": "ente", "stato": "tutte"}).text

    assert "Altrui" not in pagina


def _filtrabili(referente):
    oggi = timezone.localdate()
    vecchia = oggi - datetime.timedelta(200)
    _presa(referente, "Vecchia", aperta_il=vecchia, canale="scouting", prosecuzione="si")
    _presa(
        referente,
        "Chiusa",
        aperta_il=vecchia,
        chiusa_il=oggi,
        esito=TipoDiChiusuraFactory(),
    )
    collega = attore(Ruolo.OPERATORE, ente=referente.ente)
    nuova = _presa(referente, "Nuova", aperta_il=oggi, operatore=collega.utente)
    with come_sistema(referente.ente):
        uuid = referente.ente.appartenenze.get(utente=collega.utente).uuid
    return nuova, uuid


@pytest.mark.parametrize(
    ("filtri", "attese"),
    [
        ({"segue": "ente"}, {"Vecchia", "Nuova"}),
        ({"segue": "ente", "stato": "chiuse"}, {"Chiusa"}),
        ({"segue": "ente", "stato": "tutte"}, {"Vecchia", "Chiusa", "Nuova"}),
        ({"segue": "ente", "canale": "scouting"}, {"Vecchia"}),
        ({"segue": "ente", "prosecuzione": "si"}, {"Vecchia"}),
        ({"segue": "ente", "da_piu_di": "180"}, {"Vecchia"}),
        ({"segue": "ente", "da_piu_di": "365"}, set()),
        ({"operatore": "collega"}, {"Nuova"}),
        ({"segue": "ente", "azione": "nuova"}, {"Nuova"}),
        ({"segue": "ente", "canale": "che-non-esiste"}, {"Vecchia", "Nuova"}),
    ],
)
def test_ogni_filtro_sta_nell_indirizzo_e_restringe(client, referente, filtri, attese):
    nuova, collega = _filtrabili(referente)
    sostituti = {"collega": str(collega), "nuova": nuova.azione.slug}
    filtri = {nome: sostituti.get(valore, valore) for nome, valore in filtri.items()}

    pagina = client.entra(referente).get(ELENCO, filtri)

    trovate = {presa.beneficiario.cognome for presa in pagina.context["pagina"]}
    assert trovate == attese


@pytest.mark.parametrize(
    ("ordine", "attesi"),
    [
        ("chi", ["Bianchi", "Verdi"]),
        ("-chi", ["Verdi", "Bianchi"]),
        ("aperta", ["Verdi", "Bianchi"]),
    ],
)
def test_si_ordina_toccando_un_intestazione(client, referente, ordine, attesi):
    _presa(referente, "Verdi", aperta_il=datetime.date(2025, 1, 1))
    _presa(referente, "Bianchi", aperta_il=datetime.date(2026, 1, 1))

    pagina = client.entra(referente).get(ELENCO, {"ordine": ordine})

    assert [presa.beneficiario.cognome for presa in pagina.context["pagina"]] == attesi


def test_l_elenco_vuoto_dice_che_cosa_fare(client, referente):
    pagina = client.entra(referente).get(ELENCO).text

    assert "Non stai seguendo nessuno" in pagina
    assert reverse("beneficiari:elenco") in pagina


def test_con_htmx_torna_solo_la_tabella(client, referente, htmx):
    pagina = client.entra(referente).get(ELENCO, **htmx).text

    assert 'id="tabella-casi"' in pagina
    assert "<html" not in pagina


def test_l_elenco_costa_quanto_prima_con_piu_righe(client, referente):
    nucleo = NucleoFactory(ente=referente.ente)
    ComponenteFactory(beneficiario=BeneficiarioFactory(ente=referente.ente), nucleo=nucleo)
    for numero in range(12):
        _presa(referente, f"Persona{numero}")
    PresaInCaricoFactory(
        ente=referente.ente, beneficiario=None, nucleo=nucleo, operatore=referente.utente
    )
    client.entra(referente)

    with al_massimo(15):
        client.get(ELENCO)


@pytest.mark.parametrize("formato", ["csv", "xlsx"])
def test_il_foglio_lo_porta_fuori_solo_il_referente(client, referente, formato):
    presa = _presa(referente, "Esportata")
    indirizzo = reverse(f"beneficiari:casi_{formato}")

    negato = client.entra(attore(Ruolo.OPERATORE, ente=referente.ente)).get(indirizzo)
    foglio = client.entra(referente).get(indirizzo)

    assert negato.status_code == 403
    assert foglio.status_code == 200
    with come(referente):
        letture = RegistroAccessi.objects.filter(beneficiario=presa.beneficiario_id)
        assert [voce.uscita for voce in letture] == ["foglio"]


def test_il_foglio_ha_i_filtri_dell_elenco(client, referente):
    _filtrabili(referente)

    foglio = client.entra(referente).get(
        reverse("beneficiari:casi_csv"), {"segue": "ente", "stato": "chiuse"}
    )

    testo = foglio.content.decode("utf-8-sig")
    assert "Chiusa" in testo
    assert "Vecchia" not in testo


def test_sul_foglio_stampato_si_legge_di_chi_e_e_con_quali_filtri(client, referente):
    presa = _presa(referente, "Stampata")

    pagina = client.entra(referente).get(
        ELENCO, {"segue": "ente", "azione": presa.azione.slug, "da_piu_di": ""}
    )

    testata = BeautifulSoup(pagina.text, "html.parser").select_one(".solo-stampa")
    assert referente.ente.denominazione in testata.text
    parole = " ".join(testata.text.split())
    assert f"Di chi: Tutte dell'ente; Azione: {presa.azione.titolo}" in parole
