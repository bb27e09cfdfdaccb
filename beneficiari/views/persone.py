"""La pagina di una persona."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def persona(request, uuid):
    scelta = persona_o_404(request, uuid)
    if scelta.unito_a_id:
        return redirect("beneficiari:persona", scelta.unito_a.uuid)
    dati = cornice_della_persona(request, scelta, linguetta="panoramica")
    return render(request, "beneficiari/persona/persona.html", dati)
