"""Ciò che finisce nelle registrazioni di servizio: che cosa si è rotto e dove, mai di chi."""

import logging
import re
import traceback

import psycopg
from django.db import Error as ErroreDelDatabase


# Un gettone in un indirizzo apre una porta a chi lo legge: dove scrive Django si tace. Un UUID, che
# da solo non apre niente, è più corto e resta.
_GETTONE = re.compile(r"/[A-Za-z0-9_-]{40,}(?=[/\s?]|$)")


class SenzaDatiFormatter(logging.Formatter):
    """Scrive un errore del database senza le sue parole, e un indirizzo senza i suoi gettoni.

    PostgreSQL cita la riga che rifiuta («Failing row contains …»): testi di schede, nomi, posta.
    Al loro posto restano il codice dell'errore e il vincolo. Il resto della traccia non cambia.
    """

    def format(self, record) -> str:
        return _GETTONE.sub("/…", super().format(record))

    def formatException(self, ei) -> str:
        righe, visti = [], set()
        errore = ei[1]
        while errore is not None and id(errore) not in visti:
            visti.add(id(errore))
            righe.append(_traccia(errore))
            taciuto = None if errore.__suppress_context__ else errore.__context__
            errore = errore.__cause__ or taciuto
        return "\n\nche nasce da:\n\n".join(righe)


def _traccia(errore: BaseException) -> str:
    parole = traceback.format_exception_only(errore)
    if isinstance(errore, psycopg.Error | ErroreDelDatabase):
        parole = [f"{type(errore).__qualname__}: {_senza_dati(errore)}"]
    testo = "".join([*traceback.format_tb(errore.__traceback__), *parole])
    return testo.rstrip("\n")


def _senza_dati(errore: BaseException) -> str:
    """Il codice e il vincolo: quelli di psycopg, che Django tiene come causa del proprio errore."""
    origine = errore if isinstance(errore, psycopg.Error) else errore.__cause__
    diagnosi = getattr(origine, "diag", None)
    voci = (diagnosi.sqlstate, diagnosi.constraint_name) if diagnosi else ()
    return " ".join(filter(None, voci)) or "parole taciute"
