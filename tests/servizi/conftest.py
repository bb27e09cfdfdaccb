"""Server accesi apposta per queste prove, in cartelle che si buttano."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registro.servizi.ambiente import Incorporati, avvia_incorporati
from registro.servizi.cartella import CARTELLA_BASE, rimuovi


# Ciò che `tests.avvio` mette nell'ambiente: un processo che deve cavarsela da solo non lo riceve.
DELLE_PROVE = (
    "DATABASE_URL",
    "DATABASE_URL_PROPRIETARIO",
    "DATABASE_URL_SALVATAGGIO",
    "DATABASE_URL_SIGILLO",
    "REGISTRO_CHIAVE_FIRMA_FILE",
    "REDIS_URL",
    "REGISTRO_SECRET_KEY",
    "REGISTRO_CHIAVI",
    "REGISTRO_CHIAVI_FILE",
    "REGISTRO_DATI",
    "REGISTRO_DATABASE_URL_AMMINISTRATORE",
    "DJANGO_SETTINGS_MODULE",
)


@pytest.fixture
def cartella() -> Iterator[Path]:
    """Una cartella dati che non esiste ancora, dentro una che tutti possono attraversare."""
    radice = Path(tempfile.mkdtemp(prefix="registro-servizi-"))
    radice.chmod(0o711)
    yield radice / "dati"
    if (radice / "dati").exists():
        rimuovi(radice / "dati")
    radice.rmdir()


@pytest.fixture(scope="module")
def server() -> Iterator[Incorporati]:
    """PostgreSQL e Redis accesi una volta per tutto il modulo."""
    radice = Path(tempfile.mkdtemp(prefix="registro-servizi-"))
    radice.chmod(0o711)
    incorporati = avvia_incorporati(radice, effimeri=True)
    yield incorporati
    incorporati.ferma()
    rimuovi(radice)


@pytest.fixture
def python(cartella: Path):
    """Esegue Python in un altro processo sulla stessa cartella, senza l'ambiente delle prove."""

    def esegui(*argomenti: str, **variabili: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *argomenti],
            cwd=CARTELLA_BASE,
            env=ambiente_pulito(cartella) | variabili,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return esegui


def ambiente_pulito(cartella: Path) -> dict[str, str]:
    """L'ambiente di chi apre un terminale nuovo e sceglie `cartella` per i dati."""
    ereditato = {k: v for k, v in os.environ.items() if k not in DELLE_PROVE}
    return ereditato | {"REGISTRO_DATI": str(cartella)}


def server_accesi(cartella: Path) -> list[str]:
    """Le righe di comando dei processi che lavorano su `cartella`."""
    righe = []
    for voce in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            righe.append(voce.read_bytes().decode(errors="replace").replace("\0", " "))
        except OSError:
            continue
    segni = {str(cartella), str((cartella / "servizi").resolve())}
    return [riga for riga in righe if any(segno in riga for segno in segni)]


def entro(secondi: float, condizione: Callable[[], bool]) -> bool:
    """Se `condizione` diventa vera entro `secondi`."""
    fine = time.monotonic() + secondi
    while time.monotonic() < fine:
        if condizione():
            return True
        time.sleep(0.05)
    return False
