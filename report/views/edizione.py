"""L'edizione che una pagina mostra: trovata fra quelle leggibili, letta una volta sola.

Ciò che è congelato non cambia: si tiene in memoria sotto l'impronta dell'edizione. Non vi entra
nulla che dipenda da chi legge, e la riga dell'edizione si cerca comunque a ogni richiesta: è il
database a dire se chi chiede la può vedere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache
from django.http import Http404
from django.urls import reverse

from report.contenuto import (
    AsseContenuto,
    CifraContenuto,
    Contenuto,
    NodoContenuto,
    SchedaContenuto,
)
from report.copie import contenuto_dell_edizione
from report.models import Rapporto


DURATA = 24 * 60 * 60
Cosa = TypeVar("Cosa")


@dataclass(frozen=True, slots=True)
class Edizione:
    """Un'edizione e il suo contenuto, con le sue parti per sigla."""

    rapporto: Rapporto
    contenuto: Contenuto

    def cifra(self, slug: str) -> CifraContenuto:
        return _quella(self.contenuto.cifre, slug)

    def asse(self, slug: str) -> AsseContenuto:
        return _quella(self.contenuto.assi, slug)

    def nodo(self, slug: str) -> NodoContenuto:
        return _quella(self.contenuto.nodi, slug)

    def scheda(self, slug: str) -> SchedaContenuto:
        return _quella(self.contenuto.schede, slug)

    def indirizzo(self, nome: str, *altro: str) -> str:
        """La pagina `report:<nome>` di questa edizione."""
        return reverse(f"report:{nome}", args=[*self._chiave, *altro])

    @property
    def _chiave(self) -> tuple[str, int]:
        return self.rapporto.progetto.slug, self.rapporto.edizione


def edizione_richiesta(progetto: str, numero: int) -> Edizione:
    """L'edizione di un progetto, fra quelle che il database mostra a chi chiede. Solleva Http404."""
    rapporto = Rapporto.objects.di(progetto).filter(edizione=numero).dal_piu_recente().first()
    if rapporto is None:
        raise Http404
    return edizione_di(rapporto)


def edizione_di(rapporto: Rapporto) -> Edizione:
    """Il contenuto di un'edizione già trovata."""
    return Edizione(
        rapporto, ricordato(rapporto, "contenuto", lambda: contenuto_dell_edizione(rapporto))
    )


def ricordato(rapporto: Rapporto, nome: str, calcola: Callable[[], Cosa]) -> Cosa:
    """`calcola()`, tenuto in memoria se l'edizione è pubblicata; una bozza si ricalcola ogni volta."""
    if not rapporto.pubblicato:
        return calcola()
    chiave = f"edizione:{rapporto.pk}:{rapporto.impronta}:{nome}"
    return cache.get_or_set(chiave, calcola, DURATA)


def _quella(parti: Iterable[Cosa], slug: str) -> Cosa:
    for parte in parti:
        if parte.slug == slug:
            return parte
    raise Http404
