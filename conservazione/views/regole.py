"""La tabella delle durate: la leggono tutti, la scrive chi amministra."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conservazione.azioni import regole as azioni
from conservazione.forms.regole import RegolaForm
from conservazione.models import RegolaConservazione
from enti.permessi import Permesso, richiede


@require_safe
@richiede(Permesso.REGOLE_VEDERE)
def tabella(request):
    regole = list(RegolaConservazione.objects.in_ordine())
    dati = {
        "regole": regole,
        "da_confermare": sum(regola.da_confermare for regola in regole),
        "sezione": "conservazione",
    }
    return render(request, "conservazione/tabella.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.CONSERVAZIONE_GESTIRE)
def regola(request, codice):
    quale = get_object_or_404(RegolaConservazione, codice=codice)
    form = RegolaForm(request.POST if request.method == "POST" else None, regola=quale)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.cambia_regola(regola=quale, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Salvato: vale dalla prossima notte.")
            return redirect("conservazione:tabella")
    dati = {"form": form, "regola": quale, "sezione": "conservazione"}
    return render(request, "conservazione/regola.html", dati, status=422 if form.is_bound else 200)


@require_POST
@richiede(Permesso.CONSERVAZIONE_GESTIRE)
def prova(request):
    try:
        azioni.prova_adesso(da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(
            request, "La prova è in coda: fra poco qui ci sono i conti. Non tocca niente."
        )
    return redirect("conservazione:notti")
