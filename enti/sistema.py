"""L'attore di comandi e lavori a orario, che agisce per un ente alla volta."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

from enti.models import Appartenenza, Ente, Utente
from enti.permessi import Attore, Ruolo
from registro.db.contesto import contesto


registro = logging.getLogger(__name__)


class LavoroAMeta(RuntimeError):
    """Un lavoro ha fatto tutto ciò che poteva, ma qualche sua parte non è riuscita."""


@contextmanager
def come_sistema(ente: Ente | None = None) -> Iterator[Attore | None]:
    """Apre il contesto dell'attore di sistema per `ente` e rende l'Attore.

    Senza ente (non ce ne sono ancora, o si scrive ciò che non è di nessuno) rende None.
    """
    utente = Utente.objects.sistema()
    with contesto(utente=utente.pk, ente=ente.pk if ente else None):
        yield Attore.sistema(utente, ente) if ente else None


def per_ogni_ente(gesto: Callable[[Ente], int | None]) -> int:
    """Chiama `gesto` su ogni ente, anche uscito dalla rete: i dati che ha lasciato si curano ancora.

    Rende la somma di ciò che `gesto` rende. Un ente che non riesce non ferma gli altri: alla fine si
    solleva LavoroAMeta. Fuori da un contesto: ogni ente ha la sua transazione, e la apre `gesto`.
    """
    fatto = falliti = 0
    for ente in Ente.objects.order_by("pk"):
        try:
            fatto += gesto(ente) or 0
        except Exception as errore:
            falliti += 1
            # Il tipo e non il testo, che può citare una riga.
            registro.error("Ente %s: %s.", ente.pk, type(errore).__name__)
    if falliti:
        raise LavoroAMeta(f"Il lavoro non è riuscito per {falliti} enti.")
    return fatto


def indirizzi_del_garante() -> list[str]:
    """La posta di chi è garante adesso e del responsabile della protezione dei dati, che sta fuori."""
    with come_sistema():
        garanti = Appartenenza.objects.filter(ruolo=Ruolo.GARANTE).indirizzi()
    return sorted({*garanti, settings.CONTATTO_DPO} - {""})
