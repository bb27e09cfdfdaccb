"""Chiedere, preparare e leggere un documento: ciò che serve a più prove."""

import io
from pathlib import Path

from django.conf import settings
from pypdf import PdfReader

from beneficiari import tasks
from beneficiari.documenti import custodia
from beneficiari.models import DocumentoDiPersona
from enti.permessi import Attore
from privacy import letture
from tests.fabbriche_persone import come


def prepara(documento: DocumentoDiPersona, *, messaggio: str = "messaggio-1") -> None:
    """Esegue il lavoro come farebbe il lavoratore che riceve `messaggio`."""
    # Il lavoratore non sta dentro nessuna richiesta: ciò che legge fuori dal suo registro si ferma.
    segno = letture._raccolta.set(None)
    try:
        tasks.prepara_documento.apply(
            kwargs={
                "documento_id": documento.pk,
                "utente_id": documento.utente_id,
                "ente_id": documento.ente_id,
            },
            task_id=messaggio,
            throw=True,
        )
    finally:
        letture._raccolta.reset(segno)


def riletto(documento: DocumentoDiPersona, chi: Attore) -> DocumentoDiPersona:
    """La riga com'è adesso, vista da chi l'ha chiesta."""
    with come(chi):
        return DocumentoDiPersona.objects.get(pk=documento.pk)


def file_di(documento: DocumentoDiPersona) -> Path:
    return Path(settings.MEDIA_ROOT) / documento.file


def contenuto_di(documento: DocumentoDiPersona) -> bytes:
    """Il file com'è stato preparato: su disco è cifrato."""
    return custodia.apri(documento, file_di(documento).read_bytes())


def parole(pdf: bytes) -> str:
    """Il testo di un PDF, con uno spazio solo fra le parole."""
    pagine = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(pagina.extract_text() for pagina in pagine).split())
