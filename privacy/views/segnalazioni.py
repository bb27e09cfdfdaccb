"""Le segnalazioni: letture fuori dall'ordinario, una per una, finché il garante le chiude."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from enti.permessi import Permesso, richiede
from privacy.azioni import segnalazioni as azioni
from privacy.forms.registri import ChiudiSegnalazioneForm
from privacy.models import RegistroAccessi, Segnalazione


PER_PAGINA = 50


@require_safe
@richiede(Permesso.REGISTRI_CURARE)
def elenco(request):
    tutte = Segnalazione.objects.per_elenco()
    pagina = Paginator(tutte, PER_PAGINA).get_page(request.GET.get("pagina"))
    return render(request, "privacy/registri/segnalazioni.html", {"pagina": pagina})


@require_http_methods(["GET", "POST"])
@richiede(Permesso.REGISTRI_CURARE)
def segnalazione(request, uuid):
    voce = get_object_or_404(Segnalazione.objects.per_elenco(), uuid=uuid)
    form = ChiudiSegnalazioneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.chiudi_segnalazione(
                segnalazione=voce, nota=form.cleaned_data["nota"], da=request.attore
            )
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, "Segnalazione chiusa.")
            return redirect("privacy:segnalazioni")
    azioni.segna_vista(segnalazione=voce, da=request.attore)
    letture = RegistroAccessi.objects.di_chi_nel_giorno(voce.utente, voce.ente, voce.giorno)
    contesto = {"voce": voce, "form": form, "letture": letture}
    stato = 422 if form.is_bound else 200
    return render(request, "privacy/registri/segnalazione.html", contesto, status=stato)
