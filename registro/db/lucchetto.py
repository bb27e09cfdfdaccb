"""Chi deve fare una cosa da solo, su tutta la base di dati, aspetta che l'altro abbia finito."""

from django.db import connection


def uno_alla_volta(numero: int) -> None:
    """Aspetta e prende il lucchetto `numero` (uno per cosa) fino alla fine della transazione.

    Va chiamata dentro una transazione: fuori, il lucchetto si aprirebbe subito.
    """
    with connection.cursor() as cursore:
        cursore.execute("SELECT pg_advisory_xact_lock(%s)", [numero])
