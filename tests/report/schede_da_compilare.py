"""Schede con il modello vero, pronte da compilare, e il modo di agire come qualcuno."""

from collections.abc import Iterator
from contextlib import contextmanager

from assi.models import Asse, Indicatore
from enti.permessi import Attore
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from report.caricamento.modelli import leggi_modelli, salva_modelli
from report.fascicolo import Fascicolo
from report.models import AsseDiScheda, Scheda
from tests.fabbriche import AsseFactory, IndicatoreFactory, SchedaFactory


def scheda_da_compilare(**campi) -> Scheda:
    """Una scheda in compilazione con le sezioni del modello di monitoraggio e un asse."""
    asse = campi.pop("asse", None) or AsseFactory(slug="lavoro", denominazione="Lavoro")
    campi.setdefault("campagna__modello", salva_modelli(leggi_modelli()))
    scheda = SchedaFactory(**campi)
    with come_sistema(scheda.ente):
        AsseDiScheda.objects.create(ente=scheda.ente, scheda=scheda, asse=asse)
    return scheda


def indicatore(testo: str = "Autonomia") -> Indicatore:
    """Un indicatore dell'asse della scheda."""
    return IndicatoreFactory(testo=testo, asse=Asse.objects.get(slug="lavoro"))


@contextmanager
def come(chi: Attore) -> Iterator[Attore]:
    """Il contesto di un attore, come lo apre una richiesta."""
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        yield chi


def riletta(scheda: Scheda) -> Scheda:
    """La scheda com'è ora nel database."""
    with come_sistema(scheda.ente):
        return Scheda.objects.per_elenco().get(pk=scheda.pk)


def fascicolo(scheda: Scheda) -> Fascicolo:
    """La scheda con tutte le sue righe, com'è ora nel database."""
    with come_sistema(scheda.ente):
        return Fascicolo.di(Scheda.objects.per_elenco().get(pk=scheda.pk))
