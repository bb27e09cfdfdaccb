"""Ciò che hanno in comune le scritture su bisogni, valutazioni e note."""

from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone

from privacy.letture import DatoDiPersona


Riga = TypeVar("Riga", bound=DatoDiPersona)


class RigaCambiata(Exception):
    """Un'altra persona ha scritto la riga mentre la si guardava: `attuale` è com'è adesso."""

    def __init__(self, attuale: DatoDiPersona) -> None:
        self.attuale = attuale
        super().__init__("La riga è cambiata mentre la si guardava.")


def ferma(riga: Riga, *, vista: str | int | None, segno: str = "impronta") -> Riga:
    """La riga bloccata fino a fine transazione. Solleva RigaCambiata se il suo `segno` non è più
    quello visto; con `vista` None non si controlla."""
    ferma_ = type(riga).objects.select_for_update(of=("self",)).get(pk=riga.pk)
    if vista is not None and getattr(ferma_, segno) != vista:
        raise RigaCambiata(ferma_)
    return ferma_


def non_nel_futuro(campo: str, giorno: date) -> None:
    """Solleva ValidationError sul `campo` se il giorno deve ancora venire."""
    if giorno > timezone.localdate():
        raise ValidationError({campo: "Questo giorno deve ancora venire: scrivi oggi o prima."})
