"""Pubblicare un'edizione dal web: chi può, che cosa si congela, che cosa si rifiuta."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import ProgrammingError

from assi.models import Progetto
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from report.azioni.pubblicazione import NESSUNA_NOVITA, pubblica_edizione
from report.calcolo import Piano, PianoErrato, leggi_piano
from report.copie import (
    contenuto_dell_edizione,
    copie_delle_schede,
    impronta_del_contenuto,
    rete_del_progetto,
)
from report.models import Addendo, BloccoDiTesto, Cifra, Rapporto, Scheda
from tests.fabbriche import attore
from tests.report.cartelle_di_prova import ALTRA_RETE, PROGETTO_DELL_ALTRA


pytestmark = pytest.mark.django_db


@pytest.fixture
def prima() -> Rapporto:
    """La prima edizione dell'altra rete."""
    call_command("carica_quadrante", str(ALTRA_RETE), progetto=PROGETTO_DELL_ALTRA, verbosity=0)
    with come_sistema():
        return Rapporto.objects.ultima_edizione(PROGETTO_DELL_ALTRA)


def pubblica(chi, prima: Rapporto, *, piano: Piano | None = None, **campi) -> Rapporto:
    """Pubblica le stesse schede, lette come le vede `chi`."""
    progetto = Progetto.objects.get()
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        schede = copie_delle_schede(
            Scheda.objects.filter(campagna__progetto=progetto).in_ordine(),
            rete=rete_del_progetto(progetto),
        )
        return pubblica_edizione(
            progetto=progetto,
            da=chi,
            schede=schede,
            piano=piano or leggi_piano(prima.regole),
            blocchi=[BloccoDiTesto(sezione="criticita", testo="Una frase nuova.")],
            **campi,
        )


def rilegge(rapporto: Rapporto):
    with come_sistema():
        return contenuto_dell_edizione(Rapporto.objects.get(pk=rapporto.pk))


def test_l_amministratore_pubblica_la_seconda_edizione(prima):
    seconda = pubblica(attore(Ruolo.AMMINISTRATORE), prima)

    contenuto = rilegge(seconda)
    assert (seconda.edizione, seconda.pubblicato) == (2, True)
    assert seconda.impronta == impronta_del_contenuto(contenuto)
    assert contenuto.schede == rilegge(prima).schede
    assert contenuto.cifre == rilegge(prima).cifre
    assert [v.testo for v in contenuto.blocchi.criticita] == ["Una frase nuova."]
    assert seconda.novita == "Cambiano i testi o le attività degli assi."
    assert seconda.impronta_fonte == ""


def test_le_novita_si_possono_scrivere_a_mano(prima):
    assert (
        pubblica(attore(Ruolo.AMMINISTRATORE), prima, novita="Un refuso.").novita == "Un refuso."
    )


def test_se_non_cambia_nulla_lo_si_dice(prima):
    chi = attore(Ruolo.AMMINISTRATORE)
    pubblica(chi, prima)

    assert pubblica(chi, prima).novita == NESSUNA_NOVITA


def test_chi_compila_le_schede_non_pubblica(prima):
    with pytest.raises(PermissionDenied):
        pubblica(attore(Ruolo.REFERENTE), prima)

    with come_sistema():
        assert Rapporto.objects.count() == 1


def test_un_piano_che_non_regge_non_lascia_un_edizione_a_meta(prima):
    piano = leggi_piano(prima.regole)
    guasto = piano.model_copy(update={"cifre": (*piano.cifre, piano.cifre[0])})

    with pytest.raises(PianoErrato, match="compare 2 volte"):
        pubblica(attore(Ruolo.AMMINISTRATORE), prima, piano=guasto)

    with come_sistema(prima.ente):
        assert Rapporto.objects.count() == 1
        assert Cifra.objects.exclude(rapporto=prima).count() == 0


def test_ogni_addendo_indica_la_sua_copia(prima):
    with come_sistema():
        addendi = Addendo.objects.filter(cifra__slug="persone").select_related("copia")
        assert {(a.copia.slug, a.conteggio, a.valore) for a in addendi} == {
            ("rovere", "visitati", 40),
            ("campi", "lavoranti", 9),
            ("faggio", "ospiti", 0),
        }


def test_un_edizione_pubblicata_non_si_tocca_nemmeno_da_sistema(prima):
    with come_sistema(prima.ente):
        assert Cifra.objects.filter(rapporto=prima).update(valore=1) == 0
        assert Rapporto.objects.filter(pk=prima.pk).update(titolo="Altro") == 0
        assert Rapporto.objects.filter(pk=prima.pk).delete()[0] == 0


def test_a_un_edizione_pubblicata_non_si_aggiunge_nulla(prima):
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        come_sistema(prima.ente),
    ):
        BloccoDiTesto.objects.create(
            ente=prima.ente, rapporto=prima, sezione="criticita", testo="Dopo."
        )
