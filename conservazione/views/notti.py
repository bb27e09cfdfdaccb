"""Com'è andata ogni notte, e i verbali delle cancellazioni: quante righe, mai di chi."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from conservazione.models import Corsa, VerbaleOblio
from enti.permessi import Permesso, richiede


# Una notte ne scrive una per regola e per ente.
PER_PAGINA = 50
ULTIMI_VERBALI = 50


@require_safe
@richiede(Permesso.CONSERVAZIONE_VEDERE)
def notti(request):
    """Di chi risponde dei dati, il proprio ente; di chi amministra e di chi vigila, la rete."""
    pagina = Paginator(Corsa.objects.ultime(), PER_PAGINA).get_page(request.GET.get("pagina"))
    dati = {
        "pagina": pagina,
        "verbali": list(VerbaleOblio.objects.ultimi()[:ULTIMI_VERBALI]),
        "di_rete": request.attore.cura_la_rete or request.attore.vigila,
        "sezione": "conservazione",
    }
    return render(request, "conservazione/notti.html", dati)
