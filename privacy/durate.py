"""Per quanto si tengono i dati, detto da chi li toglie a chi scrive il registro dei trattamenti.

L'app che tiene le durate sta sopra questa: le porta qui quando il programma si accende.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Durata:
    """Una riga della tabella delle durate, in parole: categoria, da quando si conta, per quanto, che
    cosa succede dopo, perché."""

    categoria: str
    evento: str
    per_quanto: str
    poi: str
    motivo: str


_fonti: list[Callable[[], Iterable[Durata]]] = []


def aggiungi_fonte(fonte: Callable[[], Iterable[Durata]]) -> None:
    """Dice da dove leggere le durate; si chiama una volta, accendendo il programma."""
    if fonte not in _fonti:
        _fonti.append(fonte)


def durate() -> list[Durata]:
    """Le durate di tutte le fonti, nel loro ordine; vuota se nessuno le tiene."""
    return [durata for fonte in _fonti for durata in fonte()]
