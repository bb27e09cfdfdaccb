"""I filtri salvati di un elenco: la vista li riceve da qualunque pagina e a quella torna."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from enti.azioni import filtri as azioni
from enti.models import FiltroSalvato
from enti.permessi import Permesso, richiede
from enti.templatetags.filtri import riga_dei_filtri
from registro.comune.filtri import da_salvare, si_salvano


@require_POST
@richiede(Permesso.RETE_VEDERE)
def salva(request):
    pagina = request.POST.get("pagina", "")
    if not si_salvano(pagina):
        raise Http404
    nome, query = request.POST.get("nome", ""), _corrente(request, pagina)
    errori = []
    try:
        azioni.salva_filtri(pagina=pagina, nome=nome, query=query, da=request.attore)
    except ValidationError as errore:
        errori = errore.messages
    return _risposta(request, pagina, query, errori=errori, scritto=nome)


@require_POST
@richiede(Permesso.RETE_VEDERE)
def togli(request, uuid):
    filtro = _suo(request, uuid)
    azioni.togli_filtro(filtro=filtro, da=request.attore)
    return _risposta(request, filtro.pagina, _corrente(request, filtro.pagina))


@require_POST
@richiede(Permesso.RETE_VEDERE)
def rimetti(request, uuid):
    filtro = _suo(request, uuid)
    errori = []
    try:
        azioni.rimetti_filtro(filtro=filtro, da=request.attore)
    except ValidationError as errore:
        errori = errore.messages
    return _risposta(request, filtro.pagina, _corrente(request, filtro.pagina), errori=errori)


def _suo(request: HttpRequest, uuid) -> FiltroSalvato:
    filtro = get_object_or_404(FiltroSalvato.objects.di(request.attore), uuid=uuid)
    if not si_salvano(filtro.pagina):
        raise Http404
    return filtro


def _corrente(request: HttpRequest, pagina: str) -> str:
    """I filtri in uso quando si è toccato il bottone, ripuliti di ciò che non si salva."""
    return da_salvare(pagina, QueryDict(request.POST.get("query", "")))


def _risposta(
    request: HttpRequest, pagina: str, query: str, *, errori: list[str] = (), scritto: str = ""
) -> HttpResponse:
    """Con HTMX la riga dei filtri rifatta; senza, di nuovo l'elenco coi filtri che aveva."""
    if request.htmx:
        dati = riga_dei_filtri(request, pagina, query) | {"errori": errori, "scritto": scritto}
        return render(request, "enti/filtri/_riga.html", dati, status=422 if errori else 200)
    for frase in errori:
        messages.error(request, frase)
    return redirect(f"{reverse(pagina)}?{query}" if query else reverse(pagina))
