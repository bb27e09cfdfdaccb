"""Che cosa c'è dentro una copia, e in che ordine si scrive e si rilegge.

È un tar: prima il database a pezzi (`banca/000001`, …: messi in fila sono un file di `pg_dump -Fc`),
poi i documenti (`documenti/…`), per ultimo `manifesto.json`. Con `age`, `tar`, `cat` e `pg_restore`
si riapre anche senza il Registro. Il manifesto è l'ultimo: se c'è, prima di lui c'è tutto.
"""

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from registro.servizi.errori import ErroreServizi


VERSIONE = 1
BANCA, DOCUMENTI, MANIFESTO = "banca/", "documenti/", "manifesto.json"
_ROTTO = "La copia è incompleta o non è una copia del Registro: {0}. Non usarla."


class Scrittura:
    """Una copia che si scrive: `banca`, poi `documenti`, poi `manifesto`."""

    def __init__(self, flusso: BinaryIO) -> None:
        # Non `w|`: interrotto a metà scriverebbe ancora, mentre Python lo butta.
        self._tar = tarfile.TarFile(
            fileobj=_SoloAvanti(flusso), mode="w", format=tarfile.PAX_FORMAT
        )
        self._adesso = int(time.time())

    def banca(self, pezzi: Iterator[bytes]) -> dict[str, Any]:
        """Scrive il database; rende i byte e l'impronta dell'insieme."""
        impronta, byte = hashlib.sha256(), 0
        for numero, pezzo in enumerate(pezzi, start=1):
            self._aggiungi(f"{BANCA}{numero:06}", len(pezzo), io.BytesIO(pezzo))
            impronta.update(pezzo)
            byte += len(pezzo)
        return {"byte": byte, "sha256": impronta.hexdigest()}

    def documenti(self, radice: Path) -> dict[str, dict[str, Any]]:
        """Scrive i file di `radice`; rende, per percorso, i byte e l'impronta."""
        esito = {}
        for percorso in sorted(radice.rglob("*")):
            if percorso.is_symlink() or not percorso.is_file():
                continue
            nome = percorso.relative_to(radice).as_posix()
            # I documenti di persone vivono un giorno: può finire mentre si salva.
            with suppress(FileNotFoundError), open(percorso, "rb") as file:
                byte = file.seek(0, io.SEEK_END)
                file.seek(0)
                letto = Impronta(file)
                self._aggiungi(f"{DOCUMENTI}{nome}", byte, letto)
                esito[nome] = {"byte": byte, "sha256": letto.esadecimale}
        return esito

    def manifesto(self, contenuto: dict[str, Any]) -> None:
        """Scrive l'ultima voce e chiude."""
        testo = json.dumps(contenuto, ensure_ascii=False, sort_keys=True).encode()
        self._aggiungi(MANIFESTO, len(testo), io.BytesIO(testo))
        self._tar.close()

    def _aggiungi(self, nome: str, byte: int, contenuto: Any) -> None:
        voce = tarfile.TarInfo(nome)
        voce.size, voce.mode, voce.mtime = byte, 0o600, self._adesso
        self._tar.addfile(voce, contenuto)


class _SoloAvanti:
    """Un flusso su cui si scrive soltanto, che dice a che punto è."""

    def __init__(self, flusso: BinaryIO) -> None:
        self._flusso, self._byte = flusso, 0

    def write(self, byte: bytes) -> int:
        self._byte += len(byte)
        return self._flusso.write(byte)

    def tell(self) -> int:
        return self._byte


class Impronta:
    """Un file da leggere che tiene l'impronta di ciò che se n'è letto."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._impronta = file, hashlib.sha256()

    def read(self, quanti: int = -1) -> bytes:
        byte = self._file.read(quanti)
        self._impronta.update(byte)
        return byte

    @property
    def esadecimale(self) -> str:
        return self._impronta.hexdigest()


class Chi(Protocol):
    """Chi riceve ciò che una copia contiene, mentre la si rilegge."""

    def banca(self, pezzo: bytes) -> None:
        """Un pezzo del database, in ordine."""

    def fine_banca(self) -> None:
        """Il database è finito."""

    def documento(self, nome: str, contenuto: Impronta) -> None:
        """Un documento, da leggere fino in fondo."""


def rileggi(flusso: BinaryIO, chi: Chi) -> dict[str, Any]:
    """Legge una copia in chiaro consegnandone le parti a `chi`. Rende il manifesto.

    Solleva ErroreServizi se una parte manca, avanza o non ha l'impronta scritta nel manifesto.
    """
    try:
        with tarfile.open(fileobj=flusso, mode="r|") as tar:
            return _rileggi(tar, chi)
    except (tarfile.TarError, EOFError, json.JSONDecodeError) as errore:
        raise ErroreServizi(_ROTTO.format(errore)) from errore


def _rileggi(tar: tarfile.TarFile, chi: Chi) -> dict[str, Any]:
    impronta, byte, documenti = hashlib.sha256(), 0, {}
    in_banca, manifesto = True, None
    for voce in tar:
        contenuto = tar.extractfile(voce)
        if manifesto is not None or contenuto is None:
            raise ErroreServizi(_ROTTO.format(f"«{voce.name}» non ci dovrebbe essere"))
        if in_banca and not voce.name.startswith(BANCA):
            in_banca = False
            chi.fine_banca()
        if in_banca:
            pezzo = contenuto.read()
            impronta.update(pezzo)
            byte += len(pezzo)
            chi.banca(pezzo)
        elif voce.name == MANIFESTO:
            manifesto = json.load(contenuto)
        else:
            nome = _nome_sicuro(voce.name)
            letto = Impronta(contenuto)
            chi.documento(nome, letto)
            documenti[nome] = {"byte": voce.size, "sha256": letto.esadecimale}
    banca = {"byte": byte, "sha256": impronta.hexdigest()}
    _controlla(manifesto, banca, documenti)
    return manifesto


def _nome_sicuro(nome: str) -> str:
    """Il percorso di un documento sotto la sua cartella; non può uscirne."""
    relativo = Path(nome.removeprefix(DOCUMENTI))
    if not nome.startswith(DOCUMENTI) or relativo.is_absolute() or ".." in relativo.parts:
        raise ErroreServizi(_ROTTO.format("contiene un file fuori posto"))
    return relativo.as_posix()


def _controlla(manifesto: Any, banca: dict[str, Any], documenti: dict[str, Any]) -> None:
    if not isinstance(manifesto, dict):
        raise ErroreServizi(_ROTTO.format("manca il manifesto"))
    if manifesto.get("versione") != VERSIONE:
        raise ErroreServizi(
            f"La copia è della versione {manifesto.get('versione')} e questo programma legge la "
            f"{VERSIONE}: usa il programma con cui è stata fatta."
        )
    if manifesto["banca"] != banca:
        raise ErroreServizi(_ROTTO.format("il database non è quello che era stato scritto"))
    if manifesto["documenti"] != documenti:
        raise ErroreServizi(_ROTTO.format("i documenti non sono quelli che erano stati scritti"))
