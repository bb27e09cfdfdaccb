"""Le sessioni di Django, con una sola cautela in più sulla chiave che il navigatore manda."""

from django.contrib.sessions.backends.db import SessionStore as SessioniNelDatabase


class SessionStore(SessioniNelDatabase):
    """SESSION_ENGINE del progetto.

    Una chiave con segni che Django non scrive mai (un carattere nullo, per esempio) non è una
    sessione: senza questo il database la rifiuta con un errore e la pagina si rompe.
    """

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
