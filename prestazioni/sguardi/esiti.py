"""I totali degli esiti: si contano le stesse righe che l'elenco mostra."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from assi.models import TipoDiEsito
from prestazioni.models import EsitoQuerySet


@dataclass(frozen=True)
class Totale:
    """Quanti esiti di un tipo, in quante prese in carico; `euro` è vuoto se nessuno li dice."""

    codice: str
    nome: str
    segno: str
    asse: str | None
    esiti: int
    prese: int
    euro: Decimal | None

    @property
    def segno_in_parole(self) -> str:
        return TipoDiEsito.Segno(self.segno).label


def totali_per_tipo(esiti: EsitoQuerySet) -> list[Totale]:
    """Un totale per tipo fra `esiti`, nell'ordine del vocabolario della rete."""
    campi = ("tipo__codice", "tipo__nome", "tipo__segno", "tipo__asse__slug")
    righe = (
        esiti.per_calcolo()
        .order_by()
        .values_list(*campi, "tipo__ordine")
        .annotate(quanti=Count("pk"), prese=Count("presa", distinct=True), euro=Sum("importo"))
        .order_by("tipo__ordine", "tipo__codice")
    )
    return [Totale(*riga[:4], *riga[5:]) for riga in righe]
