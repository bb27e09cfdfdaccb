"""La pagina con cui si comincia: che cosa c'è da fare adesso, secondo ciò che si può fare."""

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beneficiari.oggi import da_fare_oggi
from enti.permessi import Permesso, richiede
from prestazioni.sguardi.agenda import impegni_di_oggi
from prestazioni.sguardi.ore import da_ricordare
from prestazioni.sguardi.scadenze import scadenze_di_oggi
from report.agenda import giro_di, impegni_di
from report.models import Cifra, Rapporto
from report.views.edizione import edizione_di
from report.views.stato_pdf import stato_del_pdf


@require_safe
@richiede(Permesso.RETE_VEDERE)
def casa(request):
    attore = request.attore
    ultima = Rapporto.objects.ultima_edizione(settings.PROGETTO_PREDEFINITO)
    dati = {"rapporto": ultima, **_dell_edizione(ultima)}
    if attore.puo(Permesso.PERSONE_VEDERE):
        dati["oggi"] = da_fare_oggi(attore)
        dati["scadenze"] = scadenze_di_oggi(attore)
        dati["agenda"] = impegni_di_oggi(attore)
    if attore.puo(Permesso.ORE_FIRMARE):
        dati["mesi_da_firmare"] = da_ricordare(attore.ente, timezone.localdate())
    if attore.puo(Permesso.SCHEDE_COMPILARE):
        return render(request, "report/casa/ente.html", {**dati, "impegni": impegni_di(attore)})
    if attore.puo(Permesso.SCHEDE_ACCETTARE):
        dati |= {
            "giro": giro_di(attore),
            "pdf": stato_del_pdf(ultima) if ultima else None,
            "bozze": _bozze(attore),
        }
        return render(request, "report/casa/coordinamento.html", dati)
    return render(request, "report/casa/lettura.html", dati)


def _dell_edizione(ultima: Rapporto | None) -> dict:
    if ultima is None:
        return {"edizione": None, "di_rete": []}
    letta = edizione_di(ultima)
    calcolate = [
        cifra
        for cifra in letta.contenuto.cifre
        if cifra.nodo is None and cifra.esito != Cifra.Esito.NON_RICALCOLABILE
    ]
    return {"edizione": letta, "di_rete": calcolate}


def _bozze(attore) -> list[Rapporto]:
    if not attore.puo(Permesso.RAPPORTO_PREPARARE):
        return []
    return list(Rapporto.objects.exclude(stato=Rapporto.Stato.PUBBLICATO).dal_piu_recente())
