"""Il lavoro di un anno nella dimostrazione: servizi, prestazioni, gruppi, ore, percorsi ed esiti.

Lo compongono i file di `dati/dimostrazione/prestazioni/` sulle persone che `beneficiari` ha già
scritto. Nessuna regola si salta: ogni riga nasce nel contesto di chi l'avrebbe scritta.
"""

from datetime import date
from random import Random

from django.db import transaction
from django.utils import timezone

from assi.models import Servizio
from beneficiari.dimostrazione.scena import come, squadra_di
from enti.models import Ente
from prestazioni.dimostrazione.agenda import scrivi_agenda
from prestazioni.dimostrazione.giornate import scrivi_giornate
from prestazioni.dimostrazione.gruppi import scrivi_gruppi
from prestazioni.dimostrazione.materiale import Materiale
from prestazioni.dimostrazione.ore import firma_i_mesi, scrivi_indirette
from prestazioni.dimostrazione.percorsi import scrivi_percorsi
from prestazioni.dimostrazione.scena import Scena, leggi_percorsi
from prestazioni.dimostrazione.servizi import scrivi_servizi


@transaction.atomic
def prepara_prestazioni(oggi: date | None = None) -> int:
    """Scrive il lavoro degli enti che hanno persone e chi ne risponde; rende quante prestazioni.

    Gli enti che hanno già dei servizi si saltano: una seconda volta non aggiunge niente. Le date
    si contano all'indietro da `oggi` (il giorno in cui si prepara, se taciuto).
    """
    materiale, oggi = Materiale(), oggi or timezone.localdate()
    return sum(
        _un_ente(ente, materiale, oggi)
        for ente in Ente.objects.filter(slug__in=materiale.enti).order_by("slug")
    )


def _un_ente(ente: Ente, materiale: Materiale, oggi: date) -> int:
    squadra = squadra_di(ente)
    if not squadra:
        return 0
    caso = Random(f"quadrante, prestazioni di {ente.slug}")  # noqa: S311 - tutto inventato
    scena = Scena(ente, materiale.enti[ente.slug], squadra, caso, oggi)
    with come(scena.referente):
        if Servizio.objects.di(ente).exists():
            return 0
        scena.percorsi = leggi_percorsi(scena)
    if not scena.percorsi:
        return 0
    scrivi_servizi(scena)
    scrivi_giornate(scena, materiale)
    scrivi_gruppi(scena, materiale)
    scrivi_indirette(scena, materiale)
    scrivi_percorsi(scena, materiale)
    scrivi_agenda(scena, materiale)
    quante = scena.salva()
    firma_i_mesi(scena, materiale)
    return quante
