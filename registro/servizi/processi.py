"""Lanciare, aspettare e fermare processi senza lasciarne in giro."""

import ctypes
import multiprocessing
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

from registro.servizi.errori import ErroreServizi, ultime_righe
from registro.servizi.sede import Esecutore


LOOPBACK = "127.0.0.1"
ATTESA_AVVIO = 60.0
PASSO = 0.02
PAZIENZA_RACCOLTA = 5.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def porta_libera(preferita: int | None = None) -> int:
    """Una porta TCP libera su loopback: la `preferita` se nessuno la tiene, sennò una qualsiasi."""
    if preferita and si_apre(preferita):
        return preferita
    with socket.socket() as presa:
        presa.bind((LOOPBACK, 0))
        return presa.getsockname()[1]


def si_apre(porta: int) -> bool:
    """Se su loopback si può ascoltare a `porta`."""
    with socket.socket() as presa:
        presa.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            presa.bind((LOOPBACK, porta))
        except OSError:
            return False
    return True


def lancia(
    comando: Sequence[str | Path],
    *,
    registro: Path | None,
    cartella: Path,
    esecutore: Esecutore | None = None,
    legato: signal.Signals | None = None,
    ambiente: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Lancia `comando` in `cartella`, in una sessione sua, scrivendo nel file `registro`.

    Senza `registro` scrive dove scriviamo noi. `esecutore` è l'utente con cui gira; `legato`, se
    dato, è il segnale che il processo riceve quando muore chi lo ha lanciato, anche ucciso senza
    preavviso. Il registro dell'avvio precedente resta accanto con `.precedente` in fondo al nome.
    """
    with _uscita(registro) as uscita:
        return subprocess.Popen(
            [str(parte) for parte in comando],
            stdin=subprocess.DEVNULL,
            stdout=uscita,
            stderr=subprocess.STDOUT if registro else None,
            cwd=cartella,
            env=ambiente,
            start_new_session=True,
            umask=0o077,
            preexec_fn=_lega(legato) if legato else None,
            **(esecutore.per_popen() if esecutore else {}),
        )


@contextmanager
def _uscita(registro: Path | None) -> Iterator[IO[bytes] | None]:
    if registro is None:
        yield None
        return
    if registro.exists():
        registro.replace(registro.with_name(f"{registro.name}.precedente"))
    with open(registro, "ab") as uscita:
        registro.chmod(0o600)
        yield uscita


def _lega(segnale: signal.Signals) -> Callable[[], None]:
    """Ciò che il figlio fa prima di eseguire il programma: chiedere `segnale` se il padre muore.

    Va fatto dopo il cambio di utente, che azzera la richiesta; e il padre può essere già morto.
    """
    padre = os.getpid()

    def nel_figlio() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, segnale)
        if os.getppid() != padre:
            os._exit(1)

    return nel_figlio


class Processo(Protocol):
    """Ciò che di un processo figlio serve per sorvegliarlo e fermarlo."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...


class Biforcato:
    """Un figlio nato per biforcazione da questo processo, con i gesti di `subprocess.Popen`.

    Trova già caricato ciò che il padre ha importato. Vive in una sessione sua, scrive nel file
    `registro` e riceve SIGTERM se il padre muore.
    """

    def __init__(self, esegui: Callable[[], None], *, registro: Path) -> None:
        lega = _lega(signal.SIGTERM)
        self._processo = multiprocessing.get_context("fork").Process(
            target=self._nel_figlio, args=(esegui, registro, lega)
        )
        self._processo.start()
        self.pid = self._processo.pid

    def poll(self) -> int | None:
        """Il codice d'uscita, o None se è vivo."""
        return self._processo.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Aspetta che finisca; solleva TimeoutExpired dopo `timeout` secondi."""
        self._processo.join(timeout)
        if self._processo.exitcode is None:
            raise subprocess.TimeoutExpired(self._processo.name, timeout)
        return self._processo.exitcode

    def send_signal(self, sig: int) -> None:
        """Manda il segnale, se è ancora vivo."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    @staticmethod
    def _nel_figlio(esegui: Callable[[], None], registro: Path, lega: Callable[[], None]) -> None:
        os.setsid()
        lega()
        os.umask(0o077)
        for segnale in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(segnale, signal.SIG_DFL)
        with _uscita(registro) as uscita, open(os.devnull, "rb") as niente:
            os.dup2(niente.fileno(), 0)
            os.dup2(uscita.fileno(), 1)
            os.dup2(uscita.fileno(), 2)
        esegui()


def attendi_pronto(
    processo: Processo,
    pronto: Callable[[], bool],
    *,
    nome: str,
    registro: Path,
    ogni: float = PASSO,
) -> None:
    """Aspetta che `pronto()` sia vero, chiedendolo `ogni` tanti secondi, al più per 60.

    Solleva ErroreServizi, con le ultime righe del registro, se il processo muore o non risponde;
    in questo secondo caso lo ferma.
    """
    fine = time.monotonic() + ATTESA_AVVIO
    while time.monotonic() < fine:
        if pronto():
            return
        if processo.poll() is not None:
            raise ErroreServizi(
                f"{nome} non è partito. Le ultime righe del suo registro:\n{ultime_righe(registro)}"
            )
        time.sleep(ogni)
    ferma_figlio(processo, signal.SIGQUIT, pazienza=5)
    raise ErroreServizi(
        f"{nome} non ha risposto entro {ATTESA_AVVIO:.0f} secondi e l'ho fermato. Le ultime righe "
        f"del suo registro:\n{ultime_righe(registro)}"
    )


def vivo(pid: int) -> bool:
    """Se il processo esiste e non è già finito in attesa di essere raccolto."""
    try:
        stato = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stato.rpartition(")")[2].split()[0] not in "ZX"


def e_il_processo(pid: int, segno: str) -> bool:
    """Se `pid` è vivo e la sua riga di comando contiene `segno`.

    Un file con il pid può essere rimasto da un arresto brusco e il numero riusato da altri.
    """
    try:
        riga = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return vivo(pid) and segno in riga.replace("\0", " ")


def ferma_pid(pid: int, segnale: signal.Signals, *, pazienza: float = 20.0) -> None:
    """Ferma un processo non nostro figlio: `segnale`, attesa, e infine SIGKILL."""
    for invio, attesa in ((segnale, pazienza), (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError):
            os.kill(pid, invio)
        fine = time.monotonic() + attesa
        while vivo(pid) and time.monotonic() < fine:
            time.sleep(PASSO)
        if not vivo(pid):
            return


def ferma_figlio(processo: Processo, segnale: signal.Signals, *, pazienza: float = 20.0) -> None:
    """Ferma un figlio lanciato con `lancia`, e con SIGKILL ciò che della sua sessione resta."""
    ferma_insieme([(processo, segnale)], pazienza=pazienza)


def ferma_insieme(
    da_fermare: Sequence[tuple[Processo, signal.Signals]], *, pazienza: float
) -> None:
    """Ferma più figli, ognuno con il suo segnale, aspettandoli insieme al più `pazienza` secondi."""
    for processo, segnale in da_fermare:
        if processo.poll() is None:
            processo.send_signal(segnale)
    fine = time.monotonic() + pazienza
    for processo, _ in da_fermare:
        with suppress(subprocess.TimeoutExpired):
            processo.wait(max(0.0, fine - time.monotonic()))
        # Anche a un figlio finito bene possono sopravvivere nipoti: la sessione è tutta sua.
        with suppress(ProcessLookupError):
            os.killpg(processo.pid, signal.SIGKILL)
        # Si raccoglie ciò che resta; se il sistema non lo rende, non si resta qui per sempre.
        with suppress(subprocess.TimeoutExpired):
            processo.wait(PAZIENZA_RACCOLTA)
