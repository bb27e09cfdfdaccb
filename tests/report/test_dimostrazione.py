"""La campagna dimostrativa: una scheda per ente della rete, scritta coi gesti veri."""

import pytest
import time_machine

from assi.models import Progetto
from enti.models import Ente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from report.controlli import avvisi_di
from report.dimostrazione import prepara_campagna
from report.fascicolo import Fascicolo
from report.models import Campagna, PassaggioDiScheda, Scheda
from tests.fabbriche import AppartenenzaFactory


pytestmark = pytest.mark.django_db


@pytest.fixture
def progetto(quadrante) -> Progetto:
    return quadrante.progetto


def stati(campagna: Campagna) -> dict[str, str]:
    """Per sigla di ente, lo stato della sua scheda."""
    trovati = {}
    for ente in Ente.objects.della_rete():
        with come_sistema(ente):
            trovati |= {
                scheda.ente.slug: scheda.stato
                for scheda in Scheda.objects.filter(campagna=campagna, ente=ente).per_elenco()
            }
    return trovati


@pytest.fixture
def campagna(progetto) -> Campagna:
    with time_machine.travel("2026-11-22 10:00+01:00", tick=True):
        return prepara_campagna(progetto)


def test_ogni_ente_della_rete_ha_una_scheda_e_gli_stati_sono_tutti(campagna):
    trovati = stati(campagna)

    assert len(trovati) == 12
    assert set(trovati.values()) == set(Scheda.Stato) - {Scheda.Stato.CONGELATA}


def test_rifarla_non_cambia_nulla(campagna, progetto):
    prima = stati(campagna)

    assert prepara_campagna(progetto) == campagna
    assert stati(campagna) == prima


def test_le_schede_mostrano_il_registro_e_i_suoi_avvisi(campagna):
    coala = Ente.objects.get(slug="coala")
    with come_sistema(coala):
        scheda = Scheda.objects.per_elenco().get(campagna=campagna, ente=coala)
        letto = Fascicolo.di(scheda)
        avvisi = {avviso.codice.split(":")[0] for avviso in avvisi_di(letto)}

    calcolati = [c for c in letto.conteggi if c.valore_calcolato is not None]
    assert len(calcolati) >= 5
    assert {"differenza-senza-motivo", "da-confermare", "totale-dettaglio"} <= avvisi


def test_agisce_il_referente_se_ha_un_account(progetto):
    ente = Ente.objects.get(slug="cambalache")
    referente = AppartenenzaFactory(ente=ente, ruolo=Ruolo.REFERENTE).utente

    with time_machine.travel("2026-11-22 10:00+01:00", tick=True):
        prepara_campagna(progetto)

    with come_sistema(ente):
        fatti = PassaggioDiScheda.objects.filter(scheda__campagna__slug="monitoraggio-2026")
        assert {passaggio.chi for passaggio in fatti} == {referente}


def test_prima_dell_apertura_sono_tutte_da_aprire(progetto):
    with time_machine.travel("2026-09-01 10:00+02:00", tick=True):
        campagna = prepara_campagna(progetto)

    assert set(stati(campagna).values()) == {Scheda.Stato.DA_APRIRE}
