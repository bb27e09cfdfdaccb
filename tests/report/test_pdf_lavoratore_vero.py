"""Il PDF con Redis e un lavoratore Celery veri, ucciso a metà: finisce una volta, con un file solo."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from pypdf import PdfReader
from redis import Redis

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


@pytest.fixture
def coda() -> Iterator[str]:
    """Una coda tutta nostra: su quella vera altre prove possono aver lasciato messaggi."""
    nome = f"pdf-{uuid4()}"
    yield nome
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.delete(nome, f"_kombu.binding.{nome}")


@pytest.fixture
def lavoratore(coda, tmp_path) -> Iterator[subprocess.Popen]:
    """Un lavoratore in un altro processo, sul database e sulla cartella di questa prova."""
    indirizzo = urlsplit(os.environ["DATABASE_URL"])
    ambiente = os.environ | {
        "DATABASE_URL": indirizzo._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "DJANGO_SETTINGS_MODULE": "registro.settings_test",
        "REGISTRO_DATI": str(tmp_path),
    }
    processo = subprocess.Popen(
        [
            *[sys.executable, "-m", "celery", "-A", "registro.celery", "--skip-checks", "worker"],
            *["-Q", coda, "-n", f"{coda}@%h", "-c1", "--max-tasks-per-child=1"],
            *["--without-gossip", "--without-mingle", "--loglevel=WARNING"],
        ],
        cwd=settings.CARTELLA_BASE,
        env=ambiente,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield processo
    processo.terminate()
    try:
        processo.wait(timeout=15)
    except subprocess.TimeoutExpired:
        processo.kill()
        processo.wait()


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
