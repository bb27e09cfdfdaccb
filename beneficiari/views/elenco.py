"""L'elenco delle persone dell'ente."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beneficiari.models import Beneficiario
from enti.permessi import Permesso, richiede


PERSONE_PER_PAGINA = 50


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def elenco(request):
    persone = Beneficiario.objects.di(request.attore.ente).presenti().per_nome()
    pagina = Paginator(persone, PERSONE_PER_PAGINA).get_page(request.GET.get("pagina"))
    return render(request, "beneficiari/elenco/elenco.html", {"pagina": pagina})
