"""I filtri salvati di un elenco: la vista li riceve da qualunque pagina e a quella torna."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.views.decorators.http import require_POST

from enti.azioni import filtri as azioni
from enti.models import FiltroSalvato
from enti.permessi import Permesso, richiede
from enti.templatetags.filtri import riga_dei_filtri
from registro.comune.filtri import da_salvare, si_salvano


class _Elenco(NamedTuple):
    """L'elenco da cui si è toccato il bottone: la vista, i filtri che si salvano, il suo indirizzo."""

    pagina: str
    query: str
    indirizzo: str


@require_POST
@richiede(Permesso.RETE_VEDERE)
def salva(request):
    pagina = request.POST.get("pagina", "")
    if not si_salvano(pagina):
        raise Http404
    elenco, nome = _elenco(request, pagina), request.POST.get("nome", "")
    errori = []
    try:
        azioni.salva_filtri(pagina=pagina, nome=nome, query=elenco.query, da=request.attore)
    except ValidationError as errore:
        errori = errore.messages
    return _risposta(request, elenco, errori=errori, scritto=nome)


@require_POST
@richiede(Permesso.RETE_VEDERE)
def togli(request, uuid):
    filtro = _suo(request, uuid)
    elenco = _elenco(request, filtro.pagina)
    azioni.togli_filtro(filtro=filtro, da=request.attore)
    return _risposta(request, elenco)


@require_POST
@richiede(Permesso.RETE_VEDERE)
def rimetti(request, uuid):
    filtro = _suo(request, uuid)
    elenco = _elenco(request, filtro.pagina)
    errori = []
    try:
        azioni.rimetti_filtro(filtro=filtro, da=request.attore)
    except ValidationError as errore:
        errori = errore.messages
    return _risposta(request, elenco, errori=errori)


def _suo(request: HttpRequest, uuid) -> FiltroSalvato:
    filtro = get_object_or_404(FiltroSalvato.objects.di(request.attore), uuid=uuid)
    if not si_salvano(filtro.pagina):
        raise Http404
    return filtro


def _elenco(request: HttpRequest, pagina: str) -> _Elenco:
    """Solleva Http404 se l'indirizzo scritto non è di quella pagina: non si esce dal Registro."""
    try:
        indirizzo = request.POST.get("indirizzo") or reverse(pagina)
    except NoReverseMatch:
        raise Http404 from None
    if resolve(indirizzo).view_name != pagina:
        raise Http404
    query = da_salvare(pagina, QueryDict(request.POST.get("query", "")))
    return _Elenco(pagina, query, indirizzo)


def _risposta(
    request: HttpRequest, elenco: _Elenco, *, errori: list[str] = (), scritto: str = ""
) -> HttpResponse:
    """Con HTMX la riga dei filtri rifatta; senza, di nuovo l'elenco coi filtri che aveva."""
    if request.htmx:
        riga = riga_dei_filtri(request, *elenco)
        dati = riga | {"errori": errori, "scritto": scritto}
        return render(request, "enti/filtri/_riga.html", dati, status=422 if errori else 200)
    for frase in errori:
        messages.error(request, frase)
    return redirect(f"{elenco.indirizzo}?{elenco.query}" if elenco.query else elenco.indirizzo)
