"""Chiedere il PDF, seguirne la preparazione, scaricarlo."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from enti.middleware import non_e_attivita
from enti.permessi import Permesso, richiede
from report.azioni.documenti import richiedi_pdf
from report.models import DocumentoRapporto
from report.views.edizione import edizione_richiesta


# HTMX smette di chiedere quando riceve questo stato.
FINE_DELL_ATTESA = 286


@require_POST
@richiede(Permesso.RAPPORTO_PREPARARE)
def pdf_prepara(request, progetto, edizione):
    rapporto = edizione_richiesta(progetto, edizione).rapporto
    documento = richiedi_pdf(
        rapporto=rapporto, da=request.attore, rifai=request.POST.get("rifai") == "si"
    )
    return redirect("report:pdf_stato", documento.uuid)


@non_e_attivita
@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.RAPPORTO_VEDERE)
def pdf_stato(request, documento):
    documento = get_object_or_404(_documenti(), uuid=documento)
    finito = documento.stato not in documento.STATI_IN_CORSO
    modello = "_stato_pdf.html" if request.htmx else "stato_pdf.html"
    return render(
        request,
        f"report/rapporto/{modello}",
        {"documento": documento, "rapporto": documento.rapporto},
        status=FINE_DELL_ATTESA if request.htmx and finito else 200,
    )


@require_safe
@cache_control(private=True, no_store=True)
@richiede(Permesso.RAPPORTO_VEDERE)
def pdf_scarica(request, documento):
    documento = get_object_or_404(_documenti().pronti(), uuid=documento)
    percorso = Path(settings.MEDIA_ROOT) / documento.file
    rapporto = documento.rapporto
    if not percorso.is_file():
        messages.error(
            request,
            "Il file del PDF non c'è più. L'edizione è intatta: si può prepararlo di nuovo.",
        )
        return redirect("report:rapporto", rapporto.progetto.slug, rapporto.edizione)
    nome = f"rapporto-{rapporto.progetto.slug}-edizione-{rapporto.edizione}.pdf"
    return FileResponse(
        percorso.open("rb"), as_attachment=True, filename=nome, content_type="application/pdf"
    )


def _documenti():
    return DocumentoRapporto.objects.select_related("rapporto__progetto")
