"""Ciò che le persone dimenticate hanno lasciato nei numeri di un ente, da sommare agli altri conti.

Una riga statistica dice il mese e non il giorno: sta nel periodo che contiene il primo del mese.
Un periodo di mesi interi dà gli stessi numeri di prima.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from enti.models import Ente
from prestazioni.models import RigaStatistica
from prestazioni.models.statistiche import RigaStatisticaQuerySet
from prestazioni.sguardi.esiti import Totale


Cosa = RigaStatistica.Cosa


def _righe(cosa: str, ente: Ente, azioni: list[int] | None) -> RigaStatisticaQuerySet:
    righe = RigaStatistica.objects.di(ente).che_dicono(cosa)
    return righe if azioni is None else righe.filter(azione__in=azioni)


def casi_di_prima(ente: Ente, al: date, azioni: list[int] | None) -> dict[int, int]:
    """Per azione, quante prese in carico erano aperte alla fine del mese di `al`."""
    aperte = _righe(Cosa.CASO, ente, azioni).filter(
        Q(fino_al=None) | Q(fino_al__gt=al), mese__lte=al
    )
    return dict(aperte.values_list("azione").annotate(quante=Sum("quante")))


def nuclei_di_prima(ente: Ente, dal: date, al: date, azioni: list[int] | None, servizio) -> int:
    """Quante presenze di un nucleo, senza dire chi c'era."""
    righe = _righe(Cosa.NUCLEO, ente, azioni).fra(dal, al)
    righe = righe.filter(servizio=servizio) if servizio else righe
    return righe.aggregate(quante=Sum("quante"))["quante"] or 0


def bisogni_di_prima(ente: Ente, dal: date, al: date, *, asse, azione) -> dict:
    """Per stato, quante persone e quanti bisogni; niente a chi non risponde dei dati."""
    righe = RigaStatistica.objects.di(ente).che_dicono(Cosa.BISOGNO).fra(dal, al)
    righe = righe.filter(asse=asse) if asse else righe
    righe = righe.filter(azione=azione) if azione else righe
    conti = righe.values_list("stato").annotate(
        persone=Count("conto", distinct=True), bisogni=Sum("quante")
    )
    return {stato: (persone, bisogni) for stato, persone, bisogni in conti}


def esiti_di_prima(ente: Ente, dal: date, al: date, *, asse, azione) -> list[Totale]:
    """Un totale per tipo di esito."""
    righe = RigaStatistica.objects.di(ente).che_dicono(Cosa.ESITO).fra(dal, al)
    righe = righe.filter(esito__asse=asse) if asse else righe
    righe = righe.filter(azione=azione) if azione else righe
    campi = ("esito__codice", "esito__nome", "esito__segno", "esito__asse__slug")
    conti = righe.values_list(*campi).annotate(
        quanti=Sum("quante"), prese=Count("conto", distinct=True), euro=Sum("importo")
    )
    return [Totale(*riga) for riga in conti.order_by("esito__ordine", "esito__codice")]


def sommati(totali: list[Totale], altri: list[Totale]) -> list[Totale]:
    """I totali con quelli di `altri` dello stesso tipo; i tipi nuovi in fondo."""
    per_codice: Mapping[str, Totale] = {totale.codice: totale for totale in altri}
    comuni = {totale.codice for totale in totali}
    insieme = [_somma(totale, per_codice.get(totale.codice)) for totale in totali]
    return [*insieme, *(totale for totale in altri if totale.codice not in comuni)]


def _somma(uno: Totale, altro: Totale | None) -> Totale:
    if altro is None:
        return uno
    euro = [valore for valore in (uno.euro, altro.euro) if valore is not None]
    return Totale(
        *(uno.codice, uno.nome, uno.segno, uno.asse),
        esiti=uno.esiti + altro.esiti,
        prese=uno.prese + altro.prese,
        euro=sum(euro, Decimal(0)) if euro else None,
    )
