"""Che cosa c'è da fare oggi con le persone: solo numeri, da mostrare nella prima pagina."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from beneficiari.models import (
    Autorizzazione,
    AvvisoDEmergenza,
    Obiettivo,
    Passaggio,
    PresaInCarico,
)
from enti.permessi import Attore


# Con quanto anticipo si avvisa che una condivisione sta per finire.
ANTICIPO = timedelta(days=30)


@dataclass(frozen=True)
class DaFareOggi:
    """I numeri di chi lavora con le persone: nessuno dice di chi."""

    seguite: int
    obiettivi_scaduti: int
    passaggi: int
    condivisioni_in_scadenza: int
    emergenze: int


def da_fare_oggi(attore: Attore) -> DaFareOggi:
    """I numeri di `attore`: le prese in carico che segue, gli obiettivi oltre la data, i passaggi
    che aspettano il suo ente, le condivisioni date che finiscono entro un mese, gli avvisi
    d'emergenza di cui nessuno ha preso visione (zero per chi non risponde dei dati)."""
    oggi = timezone.localdate()
    mie = PresaInCarico.objects.di(attore.ente).aperte().di_chi_segue(attore.utente)
    scaduti = Obiettivo.objects.filter(
        ente=attore.ente,
        presa__in=mie,
        stato=Obiettivo.Stato.IN_CORSO,
        entro_il__lt=oggi,
    )
    in_scadenza = Autorizzazione.objects.date_da(attore.ente).in_vigore(oggi)
    return DaFareOggi(
        seguite=mie.count(),
        obiettivi_scaduti=scaduti.count(),
        passaggi=Passaggio.objects.ricevuti_da(attore.ente).da_rispondere().count(),
        condivisioni_in_scadenza=in_scadenza.filter(al__lte=oggi + ANTICIPO).count(),
        emergenze=_da_vedere(attore),
    )


def _da_vedere(attore: Attore) -> int:
    if not attore.risponde_dei_dati:
        return 0
    return AvvisoDEmergenza.objects.filter(ente=attore.ente).da_vedere().count()
