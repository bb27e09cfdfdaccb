"""Un foglio con Redis e un lavoratore Celery veri, ucciso a metà: finisce una volta, con un file solo."""

import hashlib
import os
import signal
import time
from pathlib import Path

import pytest

from beneficiari.azioni.documenti import richiedi_scheda
from beneficiari.documenti import custodia
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
    contenuto = custodia.apri(finito, (cartella / finito.file).read_bytes())
    assert hashlib.sha256(contenuto).hexdigest() == finito.impronta
    assert "0141 000299" in parole(contenuto)
