"""Contare le interrogazioni di una pagina."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


# Ciò che apre e chiude transazioni non legge nulla, e in una prova ce n'è di più che in esercizio.
_DI_SERVIZIO = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config")


@contextmanager
def al_massimo(tetto: int) -> Iterator[list[str]]:
    """Pretende che nel blocco non si facciano più di `tetto` interrogazioni; le rende."""
    fatte: list[str] = []
    with CaptureQueriesContext(connection) as cattura:
        yield fatte
    fatte += [
        voce["sql"]
        for voce in cattura.captured_queries
        if not voce["sql"].startswith(_DI_SERVIZIO)
    ]
    assert len(fatte) <= tetto, "\n\n".join(fatte)
