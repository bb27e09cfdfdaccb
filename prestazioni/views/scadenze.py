"""Ciò che aspetta una risposta: le rate dei piani di rientro e le verifiche a sei mesi."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beneficiari.models import Nucleo
from beneficiari.views.casi import puo_cambiare
from enti.permessi import Permesso, richiede
from prestazioni.sguardi.scadenze import da_verificare, rate_da_pagare


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def scadenze(request):
    attore, oggi = request.attore, timezone.localdate()
    dell_ente = request.GET.get("di") == "ente"
    di = None if dell_ente else attore.utente
    rate = rate_da_pagare(attore, oggi, di=di)
    nuclei = Prefetch("piano__presa__nucleo", Nucleo.objects.con_componenti())
    rate = rate.select_related("piano__presa__beneficiario").prefetch_related(nuclei)
    dati = {
        "dell_ente": dell_ente,
        "rate": [(rata, puo_cambiare(attore, rata.piano.presa)) for rata in rate],
        "verifiche": [
            (voce, puo_cambiare(attore, voce.presa)) for voce in da_verificare(attore, oggi, di=di)
        ],
        "oggi": oggi,
    }
    return render(request, "prestazioni/esiti/scadenze.html", dati)
