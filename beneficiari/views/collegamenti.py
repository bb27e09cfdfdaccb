"""I legami proposti fra enti: chi decide vede enti e motivi, mai persone."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from beneficiari import collegamenti
from beneficiari.azioni.collegamenti import decidi_legame
from enti.permessi import Permesso, richiede


PER_PAGINA = 10
STATI = {"conferma": "confermato", "annulla": "annullato", "ripensa": "proposto"}
DETTO = {
    "confermato": "Legame confermato: chi ne ha l'autorizzazione vedrà che la persona è la stessa.",
    "annullato": "Legame annullato: le righe restano come sono, separate.",
    "proposto": "Decisione tolta: il legame è di nuovo da decidere.",
}


@require_safe
@richiede(Permesso.COLLEGAMENTI_DECIDERE)
def elenco(request: HttpRequest) -> HttpResponse:
    """Le persone con righe in più enti ancora da decidere o, con `?lista=decise`, già decise."""
    legami = collegamenti.da_decidere()
    persone = [
        {"numero": numero, "legami": list(righe)}
        for numero, righe in groupby(legami, key=lambda legame: legame.persona)
    ]
    decise = request.GET.get("lista") == "decise"
    scelte = [
        persona
        for persona in persone
        if decise == all(legame.stato != "proposto" for legame in persona["legami"])
    ]
    pagina = Paginator(scelte, PER_PAGINA).get_page(request.GET.get("pagina"))
    dati = {"decise": decise, "pagina": pagina}
    return render(request, "beneficiari/collegamenti/elenco.html", dati)


@require_POST
@richiede(Permesso.COLLEGAMENTI_DECIDERE)
def decidi(request: HttpRequest, uuid: UUID, gesto: str) -> HttpResponse:
    """Applica una decisione a un legame: `gesto` è una chiave di STATI."""
    if gesto not in STATI:
        raise Http404
    try:
        decidi_legame(
            legame=uuid,
            stato=STATI[gesto],
            perche=request.POST.get("perche", "")[:300],
            da=request.attore,
        )
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, DETTO[STATI[gesto]])
    return redirect("beneficiari:collegamenti")
