"""L'ingresso nel database di chi sigilla."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings


SENZA_ACCESSO = (
    "Manca DATABASE_URL_SIGILLO, l'accesso di chi sigilla i registri: i registri si scrivono lo"
    " stesso, ma nessuno li sigilla. Come si dà lo dice docs/esercizio.md."
)


class SigilliChiusi(RuntimeError):
    """Non si può entrare a sigillare. La frase dice perché e che cosa fare."""


@contextmanager
def apri() -> Iterator[psycopg.Connection]:
    """Una transazione come `registro_sigillo`, confermata all'uscita se non è fallito niente.

    Solleva SigilliChiusi se manca l'accesso o il database non risponde.
    """
    if not settings.DATABASE_URL_SIGILLO:
        raise SigilliChiusi(SENZA_ACCESSO)
    try:
        connessione = psycopg.connect(settings.DATABASE_URL_SIGILLO, connect_timeout=5)
    except psycopg.OperationalError:
        # Senza la causa: l'errore ripete l'indirizzo.
        raise SigilliChiusi(
            "Il database non fa entrare chi sigilla i registri: controlla DATABASE_URL_SIGILLO."
        ) from None
    with connessione:
        connessione.execute("SET LOCAL lock_timeout = '10s'")
        yield connessione
