"""Gli accordi di contitolarità fra enti; il contenuto essenziale è pubblico (art. 26.2 GDPR)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from enti.permessi import Permesso, richiede
from privacy.azioni import regole as azioni
from privacy.forms.regole import AccordoForm
from privacy.models import AccordoContitolarita


@require_safe
@richiede(Permesso.REGOLE_VEDERE)
def elenco(request):
    accordi = list(AccordoContitolarita.objects.per_elenco())
    dati = {
        "in_vigore": [accordo for accordo in accordi if accordo.vale()],
        "altri": [accordo for accordo in accordi if not accordo.vale()],
        "sezione": "accordi",
    }
    return render(request, "privacy/accordi/elenco.html", dati)


@require_safe
@login_not_required
def accordo(request, uuid):
    trovato = get_object_or_404(AccordoContitolarita.objects.per_elenco(), uuid=uuid)
    return render(request, "privacy/accordi/accordo.html", {"accordo": trovato})


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.REGOLE_GESTIRE)
def nuovo(request):
    form = AccordoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            stretto = azioni.stringi_accordo(**form.cleaned_data, da=request.attore)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Accordo scritto. Il contenuto essenziale è pubblico.")
            return redirect("privacy:accordo", stretto.uuid)
    stato = 422 if form.is_bound else 200
    return render(request, "privacy/accordi/nuovo.html", {"form": form}, status=stato)
