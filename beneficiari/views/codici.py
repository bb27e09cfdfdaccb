"""I codici di una persona: scriverli, chiuderli, mostrarli per intero."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from beneficiari.azioni import codici as azioni
from beneficiari.forms.codici import ChiudiCodiceForm, CodiceForm
from beneficiari.models import Identificativo
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def nuovo(request, uuid):
    persona = persona_o_404(request, uuid)
    form = CodiceForm(request.POST if request.method == "POST" else None)
    dati = {"form": form, **cornice_della_persona(request, persona, linguetta="")}
    if request.method == "POST" and form.is_valid():
        try:
            _scrivi(request, persona, form.cleaned_data)
        except azioni.CodiceDiUnAltra as errore:
            form.add_error("codice", errore.messages)
            dati["altra"] = errore.persona
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, "Scritto. Ciò che c'era prima resta nella storia.")
            return redirect("beneficiari:persona", persona.uuid)
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/persona/codice.html", dati, status=stato)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def chiudi(request, uuid):
    codice = _codice_o_404(request, uuid)
    scritti = request.POST if request.method == "POST" else None
    form = ChiudiCodiceForm(scritti, identificativo=codice)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.chiudi_codice(
                identificativo=codice, al=form.cleaned_data["al"], da=request.attore
            )
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, "Codice chiuso: resta nella storia della persona.")
            return redirect("beneficiari:persona", codice.beneficiario.uuid)
    dati = {
        "form": form,
        "codice": codice,
        **cornice_della_persona(request, codice.beneficiario, linguetta=""),
    }
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/persona/codice_chiudi.html", dati, status=stato)


@require_POST
@richiede(Permesso.PERSONE_VEDERE)
def mostra(request, uuid):
    """Il codice per intero: chi lo chiede resta scritto, con il nome di questa pagina."""
    codice = _codice_o_404(request, uuid)
    dati = {"codice": codice}
    if request.htmx:
        return render(request, "beneficiari/persona/_codice_intero.html", dati)
    dati |= cornice_della_persona(request, codice.beneficiario, linguetta="")
    return render(request, "beneficiari/persona/codice_intero.html", dati)


def _scrivi(request: HttpRequest, persona, dati: dict) -> None:
    if dati["tipo"] == Identificativo.Tipo.NESSUNO:
        azioni.segna_senza_codice(persona=persona, motivo=dati["motivo"], da=request.attore)
        return
    azioni.scrivi_codice(
        persona=persona, codice=dati["scritto"], dal=dati["dal"], da=request.attore
    )


def _codice_o_404(request: HttpRequest, uuid: UUID) -> Identificativo:
    dell_ente = Identificativo.objects.filter(ente=request.attore.ente)
    codice = dell_ente.select_related("beneficiario").filter(uuid=uuid).first()
    if codice is None:
        raise Http404
    return codice
