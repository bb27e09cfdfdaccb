"""«Registra» e «Correggi» con tante persone insieme: nessuna si perde senza dirlo."""

import pytest
from django.urls import reverse

from prestazioni.forms.chi import PERSONE_IN_UNA_VOLTA
from prestazioni.models import Partecipazione
from tests.fabbriche_persone import BeneficiarioFactory, PresaInCaricoFactory, come
from tests.fabbriche_prestazioni import PartecipazioneFactory, PrestazioneFactory
from tests.prestazioni.registrare import REGISTRA, UN_ANNO_FA, righe, scritto, zuppa


pytestmark = pytest.mark.django_db

AL_MASSIMO = "al massimo 60 persone in una volta"


@pytest.fixture
def prese(chi, presa):
    """Una presa in carico per persona: una persona più di quante se ne registrano in una volta."""
    altre = [
        PresaInCaricoFactory(
            beneficiario=BeneficiarioFactory(ente=chi.ente),
            azione=presa.azione,
            aperta_il=UN_ANNO_FA,
        )
        for _ in range(PERSONE_IN_UNA_VOLTA)
    ]
    return [presa, *altre]


def _chi(prese) -> dict:
    return {"persona": [str(presa.beneficiario.uuid) for presa in prese]}


def _scelte(risposta) -> set[str]:
    return {v["value"] for v in zuppa(risposta).select("#persone input[name=persona][checked]")}


def test_piu_persone_di_quante_ne_stanno_in_una_volta_si_dicono_e_restano_scelte(
    entrato, chi, prese, servizio
):
    risposta = entrato.post(REGISTRA, scritto(servizio=servizio) | _chi(prese))

    frase = zuppa(risposta).select_one("#id_persona_error").text
    assert risposta.status_code == 422
    assert AL_MASSIMO in frase
    assert "Gruppi e presenze" in frase
    assert _scelte(risposta) == set(_chi(prese)["persona"])
    assert righe(chi) == []
    # La stessa persona segnata due volte è una.
    giuste = _chi([*prese[1:], prese[1]])
    assert entrato.post(REGISTRA, scritto(servizio=servizio) | giuste).status_code == 302
    with come(chi):
        assert Partecipazione.objects.per_calcolo().count() == PERSONE_IN_UNA_VOLTA


def test_la_persona_nuova_conta_fra_quelle_di_una_volta(entrato, chi, prese, servizio):
    nuova = {
        "nuova-cognome": "Zafferani",
        "azione_nuova": prese[0].azione.slug,
        "canale": "scouting",
    }

    risposta = entrato.post(REGISTRA, scritto(servizio=servizio) | _chi(prese[1:]) | nuova)

    assert AL_MASSIMO in zuppa(risposta).select_one("#id_persona_error").text
    assert zuppa(risposta).select_one("[name='nuova-cognome']")["value"] == "Zafferani"
    assert righe(chi) == []


def test_correggere_un_incontro_di_tanti_non_toglie_nessuno(entrato, chi, prese, servizio):
    riga = PrestazioneFactory(
        ente=chi.ente, servizio=servizio, operatore=chi.utente, azione=prese[0].azione
    )
    for presa in prese:
        PartecipazioneFactory(presa=presa, prestazione=riga)
    indirizzo = reverse("prestazioni:correggi", args=[riga.uuid])
    dati = scritto(servizio=servizio, uuid=str(riga.uuid), versione="1") | _chi(prese)

    assert entrato.post(indirizzo, dati).status_code == 302
    with come(chi):
        assert Partecipazione.objects.per_calcolo().count() == len(prese)
