"""Ciò che sta nelle undici schede arriva nell'edizione com'era: né più, né meno, né diverso."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import transaction

from enti.models import Ente
from enti.sistema import come_sistema
from report.contenuto import SchedaContenuto
from report.copie import contenuto_dell_edizione
from report.models import Conteggio, Giudizio, Rapporto, Scheda
from tests.fabbriche import quadrante_caricato
from tests.report import fabbrica_contenuto


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def caricato(django_db_setup, django_db_blocker) -> Iterator[Rapporto]:
    """I dati veri, caricati una volta per tutte le prove di questo file, che leggono soltanto."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield quadrante_caricato()
        transaction.set_rollback(True)


@pytest.fixture
def quadrante(caricato, db) -> Rapporto:
    """L'edizione caricata, dentro la transazione della prova."""
    return caricato


def senza_etichette(scheda: SchedaContenuto) -> SchedaContenuto:
    """La scheda senza i nomi da stampare, che i file non danno."""
    return replace(
        scheda,
        output=tuple(replace(o, etichetta="") for o in scheda.output),
        individuazione=None
        if scheda.individuazione is None
        else tuple(replace(i, etichetta="") for i in scheda.individuazione),
    )


def test_le_undici_schede_tornano_come_dicono_i_file(quadrante):
    with come_sistema():
        copiate = contenuto_dell_edizione(quadrante).schede

    # `fabbrica_contenuto` legge gli stessi file per un'altra strada, senza base di dati.
    attese = [
        fabbrica_contenuto.scheda(s) for s in fabbrica_contenuto.leggi("schede.yaml")["schede"]
    ]
    assert len(copiate) == len(attese) == 11
    for copiata, attesa in zip(copiate, attese, strict=True):
        assert senza_etichette(copiata) == senza_etichette(attesa)


def test_la_cornice_torna_come_dicono_i_file(quadrante):
    with come_sistema():
        contenuto = contenuto_dell_edizione(quadrante)

    atteso = fabbrica_contenuto.contenuto_quadrante()
    assert contenuto.nodi == atteso.nodi
    assert set(contenuto.enti) == set(atteso.enti)
    assert contenuto.blocchi == atteso.blocchi
    assert set(contenuto.legami) == set(atteso.legami)
    for asse, altro in zip(contenuto.assi, atteso.assi, strict=True):
        assert replace(asse, esiti=()) == replace(altro, esiti=())
        assert [(e.nodo, e.voci) for e in asse.esiti] == [(e.nodo, e.voci) for e in altro.esiti]


def test_lo_zero_dichiarato_e_uno_solo_e_nessun_vuoto_lo_diventa(quadrante):
    zeri, vuoti = [], 0
    for slug in ("coompany", "cambalache", "coala", "punto-lavoro"):
        with come_sistema(Ente.objects.get(slug=slug)):
            for conteggio in Conteggio.objects.filter(ente__slug=slug):
                vuoti += conteggio.valore is None and conteggio.minimo is None
                if conteggio.valore == 0:
                    zeri.append(f"{conteggio.scheda.slug}/{conteggio.slug}")

    assert zeri == ["coompany/percorsi-conclusi"]
    assert vuoti == 0


def test_giudizi_taciuti_e_non_esprimibili_sono_due_stati(quadrante):
    stati = {}
    for slug in ("cambalache", "punto-lavoro"):
        with come_sistema(Ente.objects.get(slug=slug)):
            stati[slug] = set(
                Giudizio.objects.filter(ente__slug=slug).values_list("stato", "valore", "parola")
            )

    assert stati["cambalache"] == {("non-pervenuto", None, "")}
    assert stati["punto-lavoro"] == {("non-esprimibile", None, "")}


def test_la_scheda_dice_quali_sezioni_ha(quadrante):
    with come_sistema(Ente.objects.get(slug="punto-lavoro")):
        scheda = Scheda.objects.get()

    assert {"sostenibilita", "output", "outcomes", "prosecuzione"} <= set(scheda.sezioni_presenti)
    assert not {"drop_out", "vulnerabilita", "individuazione", "nuovi_bisogni"} & set(
        scheda.sezioni_presenti
    )


def test_l_edizione_si_rilegge_con_sei_interrogazioni(quadrante, django_assert_max_num_queries):
    with come_sistema(), django_assert_max_num_queries(6):
        contenuto_dell_edizione(quadrante)
