"""Le persone che altri enti condividono con il nostro, e la pagina di ciascuna.

Niente qui decide chi vede che cosa: lo decidono le policy, per la finalità dell'autorizzazione, e
le funzioni di guardia. Ciò che non c'è più, non è nostro o non è mai esistito è lo stesso 404.
"""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.forms.condivise import FiltriCondiviseForm
from beneficiari.models import Autorizzazione
from beneficiari.sguardi import annota_condivise, condivise, sintesi
from beneficiari.views.sezioni_condivise import persona_condivisa, sezioni
from enti.middleware import non_e_attivita
from enti.permessi import Permesso, richiede
from privacy.gruppi import Gruppo, Livello
from registro.db.contesto import contesto


PER_PAGINA = 25


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.PERSONE_VEDERE)
def elenco(request):
    ricevute = Autorizzazione.objects.in_vigore().ricevute_da(request.attore.ente)
    filtri = FiltriCondiviseForm(request.GET, ricevute=ricevute)
    per_uuid = {voce.uuid: voce for voce in filtri.applica(ricevute).select_related("ente")}
    viste = [vista for vista in condivise(per_uuid) if vista.autorizzazione in per_uuid]
    pagina = Paginator(viste, PER_PAGINA).get_page(request.GET.get("pagina"))
    righe = [(vista, per_uuid[vista.autorizzazione]) for vista in pagina]
    annota_condivise(autorizzazione for _, autorizzazione in righe)
    dati = {"pagina": pagina, "righe": righe, "filtri": filtri}
    modello = "_tabella.html" if request.htmx else "elenco.html"
    return render(request, f"beneficiari/condivise/{modello}", dati)


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def condivisa(request, uuid):
    autorizzazione = ricevuta_o_404(request, uuid)
    dati = {
        "autorizzazione": autorizzazione,
        "mostrati": autorizzazione.mostrati,
    }
    if autorizzazione.livello == Livello.COMPLETO:
        return _per_intero(request, autorizzazione, dati)
    viste = condivise([autorizzazione.uuid])
    if not viste:
        raise Http404
    annota_condivise([autorizzazione], *autorizzazione.gruppi)
    riassunti = sintesi(autorizzazione)
    dati |= {
        "vista": viste[0],
        "prese": [riga for riga in riassunti if riga.gruppo == Gruppo.PRESTAZIONI],
        "bisogni": [riga for riga in riassunti if riga.gruppo == Gruppo.BISOGNI],
    }
    return render(request, "beneficiari/condivise/condivisa.html", dati)


@non_e_attivita
@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def vale(request, uuid):
    """204 finché l'autorizzazione vale; altrimenti 404, e la pagina aperta si copre."""
    ricevuta_o_404(request, uuid)
    return HttpResponse(status=204)


def ricevuta_o_404(request: HttpRequest, uuid: UUID) -> Autorizzazione:
    """L'autorizzazione in vigore di cui l'ente che guarda è destinatario."""
    ricevute = Autorizzazione.objects.in_vigore().ricevute_da(request.attore.ente)
    try:
        return ricevute.select_related("ente", "accordo").get(uuid=uuid)
    except Autorizzazione.DoesNotExist:
        raise Http404 from None


def _per_intero(request: HttpRequest, autorizzazione: Autorizzazione, dati: dict) -> HttpResponse:
    """Legge i gruppi concessi con le righe vere, per la finalità per cui sono stati concessi."""
    attore = request.attore
    with contesto(utente=attore.utente.pk, ente=attore.ente.pk, finalita=autorizzazione.finalita):
        persona = persona_condivisa(autorizzazione)
        if persona is None:
            raise Http404
        dati |= {"persona": persona, "sezioni": sezioni(persona, autorizzazione.gruppi)}
        return render(request, "beneficiari/condivise/condivisa.html", dati)
