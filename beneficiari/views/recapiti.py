"""I recapiti di una persona."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from beneficiari.azioni import recapiti as azioni
from beneficiari.forms.recapiti import RecapitoForm
from beneficiari.models import Beneficiario, Recapito
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def nuovo(request, uuid):
    return _scrivi(request, persona_o_404(request, uuid), None)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def modifica(request, uuid):
    recapito = _recapito_o_404(request, uuid)
    return _scrivi(request, recapito.beneficiario, recapito)


@require_POST
@richiede(Permesso.PERSONE_SCRIVERE)
def togli(request, uuid):
    recapito = _recapito_o_404(request, uuid)
    azioni.togli_recapito(recapito=recapito, da=request.attore)
    messages.success(request, "Recapito tolto.")
    return redirect("beneficiari:persona", recapito.beneficiario.uuid)


def _scrivi(
    request: HttpRequest, persona: Beneficiario, recapito: Recapito | None
) -> HttpResponse:
    scritti = request.POST if request.method == "POST" else None
    form = RecapitoForm(scritti, da=request.attore, recapito=recapito)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.scrivi_recapito(
                persona=persona, recapito=recapito, da=request.attore, **form.cleaned_data
            )
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, "Recapito salvato.")
            return redirect("beneficiari:persona", persona.uuid)
    dati = {
        "form": form,
        "recapito": recapito,
        **cornice_della_persona(request, persona, linguetta=""),
    }
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/persona/recapito.html", dati, status=stato)


def _recapito_o_404(request: HttpRequest, uuid: UUID) -> Recapito:
    """Il recapito, se chi chiede lo vede: uno riservato esiste solo per chi lo custodisce."""
    dell_ente = Recapito.objects.filter(ente=request.attore.ente)
    recapito = dell_ente.select_related("beneficiario").filter(uuid=uuid).first()
    if recapito is None:
        raise Http404
    return recapito
