"""Chi cambia le chiavi richiude anche ciò che è cifrato qui, di chiunque sia."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from beneficiari.azioni.ricifratura import colonne
from enti.permessi import Ruolo
from prestazioni.models import Bozza, NotaDiPrestazione
from registro.comune.chiavi import chiavi_nuove, con_una_chiave_in_piu, leggi_chiavi
from registro.comune.cifratura import versione_della_chiave
from tests.fabbriche import attore
from tests.fabbriche_persone import PresaInCaricoFactory, come
from tests.fabbriche_prestazioni import NotaDiPrestazioneFactory, PrestazioneFactory


pytestmark = pytest.mark.django_db

DUE_CHIAVI = leggi_chiavi(con_una_chiave_in_piu(chiavi_nuove()))
TESTO = "Un appunto inventato."


def _usa(settings, corrente: int, *numeri: int) -> None:
    settings.CHIAVI_DI_CIFRATURA = {n: DUE_CHIAVI.cifratura[n] for n in numeri}
    settings.CHIAVE_CORRENTE = corrente
    settings.CHIAVE_INDICE = DUE_CHIAVI.indice


@pytest.fixture
def chi(settings):
    """Un operatore con una nota di prestazione e una bozza chiuse con la chiave 1."""
    _usa(settings, 1, 1)
    chi = attore(Ruolo.OPERATORE)
    presa = PresaInCaricoFactory(beneficiario__ente=chi.ente, operatore=chi.utente)
    NotaDiPrestazioneFactory(
        prestazione=PrestazioneFactory(ente=chi.ente, azione=presa.azione),
        beneficiario=presa.beneficiario,
        testo=TESTO,
    )
    with come(chi):
        bozza = Bozza(ente=chi.ente, utente=chi.utente, pagina="registra")
        bozza.contenuto = TESTO
        bozza.save()
    return chi


def _lette(chi) -> list[tuple[int, str]]:
    with come(chi):
        nota = NotaDiPrestazione.objects.get(ente=chi.ente)
        bozza = Bozza.objects.get(ente=chi.ente)
        return [
            (versione_della_chiave(nota.testo_cifrato), nota.testo),
            (versione_della_chiave(bozza.contenuto_cifrato), bozza.contenuto),
        ]


def test_note_e_bozze_si_richiudono_e_si_leggono_ancora(chi, settings):
    _usa(settings, 2, 1, 2)
    prima, racconto = _lette(chi), StringIO()

    call_command("ricifra", stdout=racconto)
    _usa(settings, 2, 2)

    assert prima == [(1, TESTO), (1, TESTO)]
    assert _lette(chi) == [(2, TESTO), (2, TESTO)]
    assert "note delle prestazioni: 1 righe" in racconto.getvalue()
    assert "bozze: 1 righe" in racconto.getvalue()
    assert "0 righe con la chiave vecchia" in racconto.getvalue()


def test_ogni_colonna_di_buste_e_fra_quelle_che_si_richiudono():
    di_buste = {
        (modello, campo.name)
        for modello in apps.get_models()
        for campo in modello._meta.get_fields()
        if campo.name.endswith("_cifrato") and not modello.__name__.startswith("Storia")
    }

    assert {(colonna.modello, colonna.campo) for colonna in colonne()} == di_buste
    assert [colonna.modello for colonna in colonne() if colonna.storia is None] == [Bozza]


def test_una_bozza_altrui_resta_di_chi_la_scrive(chi):
    collega = attore(Ruolo.REFERENTE, ente=chi.ente)

    with come(collega):
        assert not Bozza.objects.filter(ente=chi.ente).exists()
        assert Bozza.objects.filter(ente=chi.ente).delete()[0] == 0
    with come(chi):
        assert Bozza.objects.filter(ente=chi.ente).count() == 1
