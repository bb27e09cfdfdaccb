"""Aprire con un motivo i dati sensibili di una persona che segue un altro, e richiuderli."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from beneficiari.azioni import aperture as azioni
from beneficiari.forms.aperture import AperturaForm
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_VEDERE)
def apri(request, uuid):
    persona = persona_o_404(request, uuid)
    cornice = cornice_della_persona(request, persona, linguetta="")
    if cornice["sensibili_aperti"]:
        messages.info(request, "I dati di questa persona ti sono già aperti.")
        return redirect("beneficiari:persona", persona.uuid)
    form = AperturaForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.apri_con_motivo(
                persona=persona, motivo=form.cleaned_data["motivo"], da=request.attore
            )
        except ValidationError as errore:
            form.add_error("motivo", errore.messages)
        else:
            minuti = int(azioni.DURATA.total_seconds() // 60)
            messages.success(request, f"Aperti per {minuti} minuti. Il motivo resta scritto.")
            return redirect("beneficiari:rilevazioni", persona.uuid)
    stato = 422 if form.is_bound else 200
    return render(
        request, "beneficiari/persona/apri.html", {"form": form, **cornice}, status=stato
    )


@require_POST
@richiede(Permesso.PERSONE_VEDERE)
def richiudi(request, uuid):
    persona = persona_o_404(request, uuid)
    azioni.richiudi(persona=persona, da=request.attore)
    messages.success(request, "Dati richiusi.")
    return redirect("beneficiari:persona", persona.uuid)
