"""Chi, nel proprio ente, è alla fine del suo tempo; e il rinvio, dicendo perché."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from conservazione.azioni import regole as azioni
from conservazione.forms.scadenze import RinvioForm
from conservazione.models import Scadenza
from enti.permessi import Permesso, richiede


PER_PAGINA = 25


@require_safe
@richiede(Permesso.CONSERVAZIONE_RINVIARE)
def in_scadenza(request):
    scadenze = Scadenza.objects.di(request.attore.ente).per_elenco()
    pagina = Paginator(scadenze, PER_PAGINA).get_page(request.GET.get("pagina"))
    dati = {"pagina": pagina, "oggi": timezone.localdate(), "sezione": "conservazione"}
    return render(request, "conservazione/in_scadenza.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.CONSERVAZIONE_RINVIARE)
def rinvio(request, uuid):
    del_proprio_ente = Scadenza.objects.di(request.attore.ente).per_elenco()
    scadenza = get_object_or_404(del_proprio_ente, beneficiario__uuid=uuid)
    form = RinvioForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.rinvia(scadenza=scadenza, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Rinviata: fino a quel giorno i dati restano.")
            return redirect("conservazione:in_scadenza")
    dati = {"form": form, "scadenza": scadenza, "sezione": "conservazione"}
    return render(request, "conservazione/rinvio.html", dati, status=422 if form.is_bound else 200)
