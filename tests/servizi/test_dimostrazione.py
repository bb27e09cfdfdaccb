"""`make demo` dal di fuori: si accende, si spegne, non lascia niente acceso."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from registro.servizi.cartella import CARTELLA_BASE, CartellaDati, rimuovi
from registro.servizi.processi import porta_libera, si_apre
from tests.servizi.conftest import ambiente_pulito, entro


PRONTA = "Ctrl-C per spegnere."
# Tutte nello stesso processo di xdist: il primo avvio, lungo, si fa una volta sola.
pytestmark = pytest.mark.lavori


class Dimostrazione:
    """Una dimostrazione in un altro processo: la sua porta e ciò che ha scritto."""

    def __init__(self, dati: Path, porta: int) -> None:
        self.porta = porta
        self.righe: list[str] = []
        self.processo = subprocess.Popen(
            [sys.executable, "-m", "registro.servizi.dimostrazione"],
            cwd=CARTELLA_BASE,
            env=ambiente_pulito(dati) | {"PORTA": str(porta)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def leggi(self, fino_a: str = "") -> str:
        """Ciò che scrive fino alla riga con `fino_a`, o finché finisce."""
        for riga in self.processo.stdout:
            self.righe.append(riga)
            if fino_a and fino_a in riga:
                break
        return "".join(self.righe)

    def pronta(self) -> "Dimostrazione":
        scritto = self.leggi(PRONTA)
        assert PRONTA in scritto, scritto
        return self

    def finita(self) -> tuple[int, str]:
        """Il codice d'uscita e tutto ciò che ha scritto."""
        return self.processo.wait(30), self.leggi()


@pytest.fixture(scope="module")
def dati() -> Iterator[Path]:
    """Una cartella dati per tutto il modulo: solo il primo avvio prepara tutto."""
    radice = Path(tempfile.mkdtemp(prefix="registro-dimostrazione-"))
    radice.chmod(0o711)
    yield radice
    rimuovi(radice)


@pytest.fixture
def avvia(dati):
    """Avvia una dimostrazione e, comunque vada la prova, la spegne."""

    @contextmanager
    def con(porta: int | None = None) -> Iterator[Dimostrazione]:
        dimostrazione = Dimostrazione(dati, porta or porta_libera())
        try:
            yield dimostrazione
        finally:
            if dimostrazione.processo.poll() is None:
                dimostrazione.processo.terminate()
                dimostrazione.processo.wait(30)
            dimostrazione.processo.stdout.close()

    return con


def test_sigterm_spegne_tutto_e_nel_frattempo_il_servizio_sta_bene(avvia, dati):
    with avvia() as dimostrazione:
        stato, salute = _salute(dimostrazione.pronta().porta)
        acceso = _processi_di(dati)
        dimostrazione.processo.terminate()
        codice, scritto = dimostrazione.finita()

    assert (stato, salute["stato"]) == (200, "ok")
    assert f"http://127.0.0.1:{dimostrazione.porta}/" in scritto
    assert (codice, scritto.splitlines()[-1]) == (0, "Tutto spento.")
    assert len(acceso) > 5
    assert _processi_di(dati) == []
    assert si_apre(dimostrazione.porta)


def test_il_secondo_avvio_non_prepara_di_nuovo_e_ctrl_c_spegne(avvia, dati):
    with avvia() as prima:
        prima.pronta()
    with avvia() as seconda:
        seconda.pronta().processo.send_signal(signal.SIGINT)
        codice, scritto = seconda.finita()

    assert codice == 0
    assert "migrazioni" not in scritto
    assert "dati dimostrativi" not in scritto
    assert _processi_di(dati) == []


def test_anche_se_viene_uccisa_non_resta_niente_acceso(avvia, dati):
    with avvia() as dimostrazione:
        dimostrazione.pronta()
        dimostrazione.processo.kill()

        assert entro(60, lambda: _processi_di(dati) == [])


def test_se_cade_un_server_dice_quale_e_spegne_il_resto(avvia, dati):
    with avvia() as dimostrazione:
        dimostrazione.pronta()
        (redis,) = [pid for pid, riga in _processi_di(dati) if "redis-server" in riga]
        os.kill(redis, signal.SIGKILL)
        codice, scritto = dimostrazione.finita()

    assert codice == 1
    assert "Si è fermato «Redis»" in scritto
    assert _processi_di(dati) == []


def test_una_seconda_sulla_stessa_cartella_viene_rifiutata(avvia):
    with avvia() as prima:
        prima.pronta()
        with avvia() as seconda:
            codice, scritto = seconda.finita()

    assert codice == 1
    assert "è già in corso una dimostrazione" in scritto


def test_una_porta_occupata_si_dice_prima_di_accendere_qualsiasi_cosa(avvia):
    with socket.socket() as presa:
        presa.bind(("127.0.0.1", 0))
        presa.listen()
        with avvia(presa.getsockname()[1]) as dimostrazione:
            codice, scritto = dimostrazione.finita()

    assert codice == 1
    assert "è occupata" in scritto
    assert "servizi" not in scritto


def _salute(porta: int) -> tuple[int, dict]:
    connessione = http.client.HTTPConnection("127.0.0.1", porta, timeout=10)
    connessione.request("GET", "/salute/")
    risposta = connessione.getresponse()
    corpo = json.loads(risposta.read())
    connessione.close()
    return risposta.status, corpo


def _processi_di(dati: Path) -> list[tuple[int, str]]:
    """(pid, riga di comando) dei processi nati da una dimostrazione su `dati`.

    Si riconoscono dall'ambiente con cui sono nati; Redis ci scrive sopra, e si riconosce dalla
    porta che gli è stata data.
    """
    segno = f"REGISTRO_DATI={dati}".encode()
    redis = f"redis-server 127.0.0.1:{CartellaDati(dati).porta_annotata('redis')}"
    trovati = []
    for voce in Path("/proc").glob("[0-9]*"):
        try:
            riga = (voce / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
            if redis in riga or segno in (voce / "environ").read_bytes().split(b"\0"):
                trovati.append((int(voce.name), riga))
        except OSError:
            continue
    return trovati
