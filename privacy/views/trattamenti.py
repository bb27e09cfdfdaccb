"""Il registro dei trattamenti dell'ente: la pagina e il PDF da consegnare."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from enti.permessi import Permesso, richiede
from privacy.documenti.trattamenti import registro_dei_trattamenti
from registro.comune.caratteri import RisorsaMancanteError


@require_safe
@richiede(Permesso.REGOLE_VEDERE)
def trattamenti(request: HttpRequest) -> HttpResponse:
    dati = {"registro": registro_dei_trattamenti(request.attore.ente), "sezione": "trattamenti"}
    return render(request, "privacy/trattamenti/pagina.html", dati)


@require_safe
@richiede(Permesso.REGISTRI_VEDERE)
def trattamenti_pdf(request: HttpRequest) -> HttpResponse:
    try:
        contenuto = registro_dei_trattamenti(request.attore.ente).in_pdf()
    except RisorsaMancanteError as errore:
        messages.error(request, str(errore))
        return redirect("privacy:trattamenti")
    intestazioni = {"Content-Disposition": 'attachment; filename="registro-trattamenti.pdf"'}
    return HttpResponse(contenuto, content_type="application/pdf", headers=intestazioni)
