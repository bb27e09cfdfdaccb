"""La busta di una copia: il formato `age`, che si apre anche col programma `age` di ogni sistema.

A cifrare basta la chiave pubblica. Quella che apre sta lontano dalla macchina: chi ci entra trova
le copie, ma non le legge.
"""

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
from pyrage.x25519 import Identity, Recipient

from registro.servizi.errori import ErroreServizi
from registro.servizi.salvataggio.fili import Filo


DALL_INGRESSO = "-"
_ALTRI = stat.S_IRWXG | stat.S_IRWXO


def testo_di_una_chiave() -> tuple[str, str]:
    """Il testo di una chiave nuova, da mettere in un file chiuso, e la chiave pubblica."""
    chiave = Identity.generate()
    return f"# chiave pubblica: {chiave.to_public()}\n{chiave}\n", str(chiave.to_public())


def crea_chiave(percorso: Path) -> str:
    """Scrive una chiave nuova in `percorso` (0400) e rende quella pubblica.

    Solleva ErroreServizi se il file c'è già: sovrascriverlo chiuderebbe per sempre le copie fatte.
    """
    testo, pubblica = testo_di_una_chiave()
    try:
        descrittore = os.open(percorso, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        raise ErroreServizi(f"{percorso} esiste già: non lo tocco.") from None
    except OSError as errore:
        raise ErroreServizi(f"Non riesco a scrivere {percorso} ({errore.strerror}).") from errore
    with open(descrittore, "w", encoding="utf-8") as file:
        file.write(testo)
        file.flush()
        os.fsync(file.fileno())
    return pubblica


def leggi_chiave(percorso: Path) -> Identity:
    """La chiave che apre le copie, da un file chiuso o (`-`) da ciò che si riceve in ingresso.

    Solleva ErroreServizi se non si legge, se la leggono altri, o se non è una chiave.
    """
    if str(percorso) == DALL_INGRESSO:
        return _chiave_nel_testo(sys.stdin.read(), percorso)
    try:
        if percorso.is_file() and percorso.stat().st_mode & _ALTRI:
            raise ErroreServizi(f"{percorso} è leggibile da altri utenti: chmod 0400 {percorso}")
        testo = percorso.read_text(encoding="utf-8")
    except OSError as errore:
        raise ErroreServizi(f"{percorso}: non si legge ({errore.strerror}).") from errore
    return _chiave_nel_testo(testo, percorso)


def _chiave_nel_testo(testo: str, percorso: Path) -> Identity:
    righe = [riga.strip() for riga in testo.splitlines()]
    chiavi = [riga for riga in righe if riga and not riga.startswith("#")]
    try:
        (chiave,) = chiavi
        return Identity.from_str(chiave)
    except (ValueError, pyrage.IdentityError):
        # Senza la causa: porterebbe con sé il testo, cioè la chiave.
        raise ErroreServizi(f"{percorso}: non è una chiave delle copie.") from None


def destinatari(testo: str) -> list[Recipient]:
    """Le chiavi pubbliche scritte in `testo`, separate da virgole o spazi.

    Solleva ErroreServizi se non ce n'è nessuna o una è scritta male.
    """
    parti = testo.replace(",", " ").split()
    if not parti:
        raise ErroreServizi(
            "Manca REGISTRO_SALVATAGGIO_DESTINATARI, la chiave pubblica con cui chiudere le copie. "
            "Come si fa lo dice docs/esercizio.md."
        )
    try:
        return [Recipient.from_str(parte) for parte in parti]
    except pyrage.RecipientError as errore:
        raise ErroreServizi(
            f"REGISTRO_SALVATAGGIO_DESTINATARI non è una chiave pubblica «age1…» ({errore})."
        ) from errore


@contextmanager
def cifrato(uscita: BinaryIO, chiavi: Sequence[Recipient]) -> Iterator[BinaryIO]:
    """Rende un file: ciò che vi si scrive finisce, chiuso per `chiavi`, in `uscita`.

    Solleva OSError se `uscita` non prende più niente (disco pieno).
    """
    fonte, bocca = _tubo()
    scrivente = _Scrivente(uscita)
    filo = Filo(partial(_chiudendo, fonte, pyrage.encrypt_io, fonte, scrivente, list(chiavi)))
    try:
        with bocca:
            yield bocca
    except BaseException:
        filo.join()
        # La libreria ne direbbe solo il testo: serve sapere se il disco è pieno.
        if scrivente.errore:
            raise scrivente.errore from None
        raise
    filo.join()
    if scrivente.errore:
        raise scrivente.errore
    filo.finisci()


@contextmanager
def decifrato(ingresso: BinaryIO, chiavi: Sequence[Identity]) -> Iterator[BinaryIO]:
    """Rende un file con il contenuto di `ingresso` in chiaro, da leggere dall'inizio alla fine.

    Solleva ErroreServizi se nessuna delle `chiavi` lo apre o se il file è rovinato o tronco.
    """
    bocca, foce = _tubo()
    scrivente = _Scrivente(foce)
    filo = Filo(partial(_chiudendo, foce, pyrage.decrypt_io, ingresso, scrivente, list(chiavi)))
    try:
        with bocca:
            yield bocca
            # Se chi legge si è fermato prima, il resto va controllato comunque.
            while bocca.read(1 << 20):
                pass
    except Exception as errore:
        filo.join()
        # Chi legge trova il flusso interrotto: la causa è di là, se di là qualcosa non va.
        if filo.errore and not scrivente.errore:
            raise _in_parole(filo.errore) from errore
        raise
    filo.join()
    if filo.errore:
        raise _in_parole(filo.errore) from filo.errore


class _Scrivente:
    """Passa i byte a un file e ricorda l'errore del sistema, se c'è."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.errore: OSError | None = None

    def write(self, byte: bytes) -> int:
        try:
            return self._file.write(byte)
        except OSError as errore:
            self.errore = errore
            raise

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError as errore:
            self.errore = errore
            raise


def _tubo() -> tuple[BinaryIO, BinaryIO]:
    """Le due bocche di un tubo: da una si legge ciò che si scrive nell'altra."""
    lettura, scrittura = os.pipe()
    return os.fdopen(lettura, "rb"), os.fdopen(scrittura, "wb")


def _chiudendo(bocca: BinaryIO, gesto: Callable[..., None], *argomenti: Any) -> None:
    """Fa il gesto e chiude la sua bocca del tubo: di là non si aspetta per sempre."""
    try:
        gesto(*argomenti)
    finally:
        # Chiudendo si scrive ciò che restava: se di là non c'è più nessuno, non serve.
        with suppress(BrokenPipeError):
            bocca.close()


def _in_parole(errore: BaseException) -> ErroreServizi:
    if isinstance(errore, pyrage.DecryptError) and "No matching keys" in str(errore):
        return ErroreServizi(
            "La chiave data non apre questa copia: è di un'altra installazione, o di un'altra epoca."
        )
    return ErroreServizi(f"La copia è rovinata, tronca, o non è una copia nostra ({errore}).")
