"""I legami proposti fra enti: chi decide vede enti e motivi, mai persone."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from beneficiari import collegamenti
from beneficiari.azioni.collegamenti import decidi_legame
from enti.permessi import Permesso, richiede


STATI = {"conferma": "confermato", "annulla": "annullato", "ripensa": "proposto"}
DETTO = {
    "confermato": "Legame confermato: chi ne ha l'autorizzazione vedrà che la persona è la stessa.",
    "annullato": "Legame annullato: le righe restano come sono, separate.",
    "proposto": "Decisione tolta: il legame è di nuovo da decidere.",
}


@richiede(Permesso.COLLEGAMENTI_DECIDERE)
@require_GET
def elenco(request: HttpRequest) -> HttpResponse:
    """Le persone con righe in più enti, da decidere e decise."""
    legami = collegamenti.da_decidere()
    persone = [
        {"numero": numero, "legami": list(righe)}
        for numero, righe in groupby(legami, key=lambda legame: legame.persona)
    ]
    da_decidere = [p for p in persone if any(x.stato == "proposto" for x in p["legami"])]
    contesto = {
        "da_decidere": da_decidere,
        "decise": [persona for persona in persone if persona not in da_decidere],
    }
    return render(request, "beneficiari/collegamenti/elenco.html", contesto)


@richiede(Permesso.COLLEGAMENTI_DECIDERE)
@require_POST
def decidi(request: HttpRequest, uuid: UUID, gesto: str) -> HttpResponse:
    """Applica una decisione a un legame."""
    if gesto not in STATI:
        raise Http404
    try:
        decidi_legame(
            legame=uuid,
            stato=STATI[gesto],
            perche=request.POST.get("perche", "")[:300],
            da=request.attore,
        )
        messages.success(request, DETTO[STATI[gesto]])
    except ValidationError as errore:
        messages.error(request, errore.messages[0])
    return redirect("beneficiari:collegamenti")
