"""Che cosa c'è da fare oggi con le persone: solo numeri, da mostrare nella prima pagina."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from beneficiari.models import (
    Autorizzazione,
    AvvisoAlDestinatario,
    AvvisoDEmergenza,
    Obiettivo,
    Passaggio,
    PresaInCarico,
    RichiestaInteressato,
)
from enti.permessi import Attore, Permesso
from privacy.models import Violazione


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
    richieste_in_scadenza: int = 0
    richieste_scadute: int = 0
    avvisi: int = 0
    violazioni: int = 0


def da_fare_oggi(attore: Attore) -> DaFareOggi:
    """I numeri di `attore`: le prese in carico che segue, gli obiettivi oltre la data, i passaggi
    che aspettano il suo ente, le condivisioni date che finiscono entro un mese. A chi risponde dei
    dati anche gli avvisi d'emergenza di cui nessuno ha preso visione, le richieste delle persone e
    gli avvisi di altri enti, le violazioni in cui corrono le 72 ore: per gli altri zero."""
    oggi = timezone.localdate()
    mie = PresaInCarico.objects.di(attore.ente).aperte().di_chi_segue(attore.utente)
    scaduti = Obiettivo.objects.filter(
        ente=attore.ente,
        presa__in=mie,
        stato=Obiettivo.Stato.IN_CORSO,
        entro_il__lt=oggi,
    )
    richieste = RichiestaInteressato.objects.di(attore.ente).sui_propri_dati()
    risponde = attore.puo(Permesso.DIRITTI_RISPONDERE)
    avvisi = AvvisoAlDestinatario.objects.ricevuti_da(attore.ente).da_leggere()
    in_scadenza = Autorizzazione.objects.date_da(attore.ente).in_vigore(oggi)
    return DaFareOggi(
        seguite=mie.count(),
        obiettivi_scaduti=scaduti.count(),
        passaggi=Passaggio.objects.ricevuti_da(attore.ente).da_rispondere().count(),
        condivisioni_in_scadenza=in_scadenza.filter(al__lte=oggi + ANTICIPO).count(),
        emergenze=_da_vedere(attore),
        richieste_in_scadenza=richieste.in_scadenza(oggi).count() if risponde else 0,
        richieste_scadute=richieste.scadute(oggi).count() if risponde else 0,
        avvisi=avvisi.count() if risponde else 0,
        violazioni=_che_aspettano(attore),
    )


def _da_vedere(attore: Attore) -> int:
    if not attore.risponde_dei_dati:
        return 0
    return AvvisoDEmergenza.objects.filter(ente=attore.ente).da_vedere().count()


def _che_aspettano(attore: Attore) -> int:
    if not attore.puo(Permesso.VIOLAZIONI_GESTIRE):
        return 0
    return Violazione.objects.filter(ente=attore.ente).da_notificare().count()
