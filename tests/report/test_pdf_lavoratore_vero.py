"""Il PDF con Redis e un lavoratore Celery veri, ucciso a metà: finisce una volta, con un file solo."""

import hashlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from report.azioni.documenti import richiedi_pdf
from report.models import DocumentoRapporto
from report.tasks import prepara_pdf
from tests.fabbriche import attore, quadrante_caricato


pytestmark = [pytest.mark.lavori]

PAZIENZA = 180
Stato = DocumentoRapporto.Stato


def _aspetta(riletto: Callable, condizione: Callable) -> DocumentoRapporto:
    scadenza = time.monotonic() + PAZIENZA
    while time.monotonic() < scadenza:
        documento = riletto()
        if condizione(documento):
            return documento
        time.sleep(0.1)
    raise AssertionError(
        f"Dopo {PAZIENZA} s è ancora {documento.stato}, {documento.avanzamento}%."
    )


def _figli(pid: int) -> list[int]:
    testo = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(figlio) for figlio in testo.split()]


def test_un_lavoratore_ucciso_a_meta_finisce_una_volta_con_un_file(
    database_confermato, lavoratore, coda, tmp_path
):
    rapporto = quadrante_caricato()
    chi = attore(Ruolo.AMMINISTRATORE, ente=rapporto.ente)
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        documento = richiedi_pdf(rapporto=rapporto, da=chi)
    messaggio = {"documento_id": documento.pk, "ente_id": documento.ente_id}

    def riletto():
        with come_sistema(rapporto.ente):
            return DocumentoRapporto.objects.get(pk=documento.pk)

    prepara_pdf.apply_async(kwargs=messaggio, queue=coda)
    # L'avanzamento si vede da qui, da un'altra connessione, mentre il lavoro non è finito.
    _aspetta(riletto, lambda d: d.stato == Stato.IN_LAVORAZIONE and d.avanzamento >= 5)
    for figlio in _figli(lavoratore.pid):
        os.kill(figlio, signal.SIGKILL)
    prepara_pdf.apply_async(kwargs=messaggio, queue=coda)
    finito = _aspetta(riletto, lambda d: d.stato not in d.STATI_IN_CORSO)

    cartella = tmp_path / "documenti"
    assert (finito.stato, finito.tentativi, finito.errore) == (Stato.PRONTO, 2, "")
    assert [file.name for file in cartella.iterdir()] == [finito.file]
    contenuto = (cartella / finito.file).read_bytes()
    assert hashlib.sha256(contenuto).hexdigest() == finito.impronta
    assert len(PdfReader(cartella / finito.file).pages) == finito.pagine
