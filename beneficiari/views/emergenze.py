"""L'accesso d'emergenza: aprirlo, leggere ciò che mostra, sapere che c'è stato.

Chi apre ha la stessa risposta che la persona ci sia o no; ciò che si trova lo dice solo la pagina
dopo, che lascia traccia. Chi risponde dei dati, e il garante, leggono chi ne ha aperti e perché.
"""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiari.azioni import emergenze as azioni
from beneficiari.forms.emergenze import EmergenzaForm
from beneficiari.models import AccessoDEmergenza, AvvisoDEmergenza
from beneficiari.sguardi import in_emergenza
from enti.permessi import Permesso, richiede


PER_PAGINA = 25


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_VEDERE)
def nuova(request: HttpRequest) -> HttpResponse:
    form = EmergenzaForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            accesso = azioni.apri_emergenza(
                codice=form.cleaned_data["scritto"],
                motivo=form.cleaned_data["motivo"],
                da=request.attore,
            )
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            return redirect("beneficiari:emergenza", accesso)
    stato = 422 if form.is_bound else 200
    dati = {"form": form, "minuti": azioni.MINUTI}
    return render(request, "beneficiari/emergenze/nuova.html", dati, status=stato)


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def emergenza(request: HttpRequest, uuid: UUID) -> HttpResponse:
    attore = request.attore
    try:
        accesso = AccessoDEmergenza.objects.miei(attore.utente, attore.ente).get(uuid=uuid)
    except AccessoDEmergenza.DoesNotExist:
        raise Http404 from None
    dati = {"accesso": accesso, "persone": in_emergenza(accesso) if accesso.aperto else []}
    return render(request, "beneficiari/emergenze/emergenza.html", dati)


@require_safe
@richiede(Permesso.REGISTRI_VEDERE)
def elenco(request: HttpRequest) -> HttpResponse:
    """Gli accessi aperti dal proprio ente (da tutti, per il garante) e gli avvisi ricevuti."""
    accessi = AccessoDEmergenza.objects.all()
    if not request.attore.vigila:
        accessi = accessi.filter(ente=request.attore.ente)
    avvisi = AvvisoDEmergenza.objects.filter(ente=request.attore.ente).per_elenco()
    dati = {
        "pagina": Paginator(accessi.per_elenco(), PER_PAGINA).get_page(request.GET.get("pagina")),
        "avvisi": avvisi.con_la_persona()[:PER_PAGINA],
        "di_rete": request.attore.vigila,
    }
    return render(request, "beneficiari/emergenze/elenco.html", dati)


@require_POST
@richiede(Permesso.REGISTRI_VEDERE)
def visto(request: HttpRequest, uuid: UUID) -> HttpResponse:
    try:
        avviso = AvvisoDEmergenza.objects.get(uuid=uuid, ente=request.attore.ente)
    except AvvisoDEmergenza.DoesNotExist:
        raise Http404 from None
    azioni.prendi_visione(avviso=avviso, da=request.attore)
    messages.success(request, "Presa visione segnata, con il tuo nome e l'ora.")
    return redirect("beneficiari:emergenze")
