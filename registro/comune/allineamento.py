"""Rende uguali le righe che ci sono e quelle volute, scrivendo solo ciò che cambia.

Una riga già uguale non si tocca: tiene la sua chiave, e ciò che altri ci hanno aggiunto dopo (il
tema di una frase, per esempio) resta.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet


M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Allineate(Generic[M]):
    """`righe`: quelle volute, salvate, per chiave; poi, di queste, le `nuove` e le `corrette`;
    `tolte`: quelle che non ci sono più, ancora da cancellare."""

    righe: dict[Hashable, M]
    nuove: list[M]
    corrette: list[M]
    tolte: list[M]

    @property
    def cambiate(self) -> list[M]:
        """Tutto ciò che non è più com'era."""
        return [*self.nuove, *self.corrette, *self.tolte]


def allinea(
    esistenti: Iterable[M],
    voluti: Iterable[M],
    *,
    chiave: Callable[[M], Hashable],
    campi: Sequence[str],
) -> Allineate[M]:
    """Crea le righe volute che mancano e corregge i `campi` di quelle diverse.

    `voluti`: istanze non salvate, con chiavi tutte diverse. Le righe di troppo non si cancellano
    qui (un'altra può ancora indicarle): le rende in `tolte`. Chi ha una `versione` la vede
    crescere. Solleva ciò che solleva la base di dati.
    """
    presenti = {chiave(riga): riga for riga in esistenti}
    righe: dict[Hashable, M] = {}
    nuove: list[M] = []
    cambiate: list[M] = []
    for voluto in voluti:
        presente = presenti.pop(chiave(voluto), None)
        righe[chiave(voluto)] = presente or voluto
        if presente is None:
            nuove.append(voluto)
        elif _copia(voluto, presente, campi):
            cambiate.append(presente)
    _salva(nuove, cambiate, campi)
    return Allineate(righe, nuove, cambiate, list(presenti.values()))


def _salva(nuove: list[M], cambiate: list[M], campi: Sequence[str]) -> None:
    if nuove:
        type(nuove[0])._default_manager.bulk_create(nuove)
    if cambiate:
        modello = type(cambiate[0])
        scritti = [*campi, "versione"] if hasattr(modello, "versione") else campi
        modello._default_manager.bulk_update(cambiate, scritti)


def cancella(righe: Sequence[Model]) -> None:
    """Cancella le righe di troppo di un solo modello."""
    if righe:
        type(righe[0])._default_manager.filter(pk__in=[riga.pk for riga in righe]).delete()


def sostituisci(
    esistenti: QuerySet, voluti: Iterable[M], *, chiave: Callable[[M], Hashable]
) -> bool:
    """Allinea righe che sono tutte chiave (un legame fra due cose): toglie quelle di troppo, crea
    quelle che mancano. Rende se qualcosa è cambiato."""
    allineate = allinea(esistenti, voluti, chiave=chiave, campi=())
    cancella(allineate.tolte)
    return bool(allineate.cambiate)


def _copia(da: Model, a: Model, campi: Sequence[str]) -> bool:
    """Porta i `campi` di `da` in `a`; rende se ne è cambiato qualcuno."""
    diversi = [campo for campo in campi if getattr(da, campo) != getattr(a, campo)]
    for campo in diversi:
        setattr(a, campo, getattr(da, campo))
    if diversi and hasattr(a, "versione"):
        a.versione += 1
    return bool(diversi)
