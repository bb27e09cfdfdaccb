"""L'attore di comandi e lavori a orario, che agisce per un ente alla volta."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from enti.models import Appartenenza, Ente, Utente
from enti.permessi import Attore, Ruolo
from registro.db.contesto import contesto


@contextmanager
def come_sistema(ente: Ente | None = None) -> Iterator[Attore | None]:
    """Apre il contesto dell'attore di sistema per `ente` e rende l'Attore.

    Senza ente (non ce ne sono ancora, o si scrive ciò che non è di nessuno) rende None.
    """
    utente = Utente.objects.sistema()
    with contesto(utente=utente.pk, ente=ente.pk if ente else None):
        yield Attore.sistema(utente, ente) if ente else None


def indirizzi_del_garante() -> list[str]:
    """La posta di chi è garante adesso e del responsabile della protezione dei dati, che sta fuori."""
    with come_sistema():
        garanti = Appartenenza.objects.filter(ruolo=Ruolo.GARANTE).indirizzi()
    return sorted({*garanti, settings.CONTATTO_DPO} - {""})
