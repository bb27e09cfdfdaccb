"""Un foglio con Redis e un lavoratore Celery veri, ucciso a metà: finisce una volta, con un file solo."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from beneficiari.azioni.documenti import richiedi_scheda
from beneficiari.models import DocumentoDiPersona
from beneficiari.tasks import prepara_documento
from enti.permessi import Ruolo
from tests.beneficiari.documenti_di_prova import parole, riletto
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, RecapitoFactory, come
from tests.report.conftest import database_confermato  # noqa: F401 - è una fixture


pytestmark = [pytest.mark.lavori]

PAZIENZA = 180
Stato = DocumentoDiPersona.Stato


@pytest.fixture
def coda() -> Iterator[str]:
    """Una coda tutta nostra: su quella vera altre prove possono aver lasciato messaggi."""
    nome = f"fogli-{uuid4()}"
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


def _aspetta(documento, chi, condizione) -> DocumentoDiPersona:
    scadenza = time.monotonic() + PAZIENZA
    while time.monotonic() < scadenza:
        visto = riletto(documento, chi)
        if condizione(visto):
            return visto
        time.sleep(0.01)
    raise AssertionError(f"Dopo {PAZIENZA} s è ancora {visto.stato}.")


def _figli(pid: int) -> list[int]:
    testo = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(figlio) for figlio in testo.split()]


def test_un_lavoratore_ucciso_a_meta_finisce_una_volta_con_un_file(
    database_confermato,  # noqa: F811 - la fixture importata
    lavoratore,
    coda,
    tmp_path,
):
    persona = BeneficiarioFactory(cognome="Ferrero")
    for numero in range(300):
        RecapitoFactory(beneficiario=persona, valore=f"0141 {numero:06}")
    chi = attore(Ruolo.REFERENTE, ente=persona.ente)
    with come(chi):
        documento = richiedi_scheda(persona=persona, da=chi)
    messaggio = {
        "documento_id": documento.pk,
        "utente_id": chi.utente.pk,
        "ente_id": chi.ente.pk,
    }

    prepara_documento.apply_async(kwargs=messaggio, queue=coda)
    _aspetta(documento, chi, lambda d: d.stato == Stato.IN_LAVORAZIONE)
    for figlio in _figli(lavoratore.pid):
        os.kill(figlio, signal.SIGKILL)
    prepara_documento.apply_async(kwargs=messaggio, queue=coda)
    finito = _aspetta(documento, chi, lambda d: not d.in_corso)

    cartella = tmp_path / "documenti"
    assert (finito.stato, finito.tentativi, finito.errore) == (Stato.PRONTO, 2, "")
    assert [file.name for file in cartella.iterdir()] == [finito.file]
    contenuto = (cartella / finito.file).read_bytes()
    assert hashlib.sha256(contenuto).hexdigest() == finito.impronta
    assert "0141 000299" in parole(contenuto)
