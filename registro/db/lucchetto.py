"""Chi deve fare una cosa da solo, su tutta la base di dati, aspetta che l'altro abbia finito."""

from django.db import connection


def uno_alla_volta(numero: int) -> None:
    """Aspetta e prende il lucchetto `numero` (uno per cosa) fino alla fine della transazione.

    Va chiamata dentro una transazione: fuori, il lucchetto si aprirebbe subito.
    """
    with connection.cursor() as cursore:
        cursore.execute("SELECT pg_advisory_xact_lock(%s)", [numero])


def prendi_se_libero(cosa: str, numero: int) -> bool:
    """Come `uno_alla_volta_per`, ma non aspetta: falso se il lucchetto è di un altro."""
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))", [cosa, numero]
        )
        return cursore.fetchone()[0]


def uno_alla_volta_per(cosa: str, numero: int) -> None:
    """Come `uno_alla_volta`, per una `cosa` che ha un nome e ogni `numero` (un ente) fa per sé.

    Si aspetta al più quanto dice `lock_timeout` (10 secondi): è per ciò che dura poco.
    """
    with connection.cursor() as cursore:
        cursore.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [cosa, numero])
