"""L'elenco dei numeri cancellati, fuori dal database e dalle sue copie.

Una riga per persona cancellata: un uuid, che non trova più niente, e il giorno. Serve quando si
ripristina una copia di prima: chi era già stato dimenticato si dimentica di nuovo. Si può rifare
dai verbali, che il database conserva; il file solo cresce.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings


NOME = "cancellati.csv"


class ElencoErrato(ValueError):
    """Una riga dell'elenco non si legge; il messaggio dice quale."""


def percorso() -> Path:
    """Dove sta l'elenco: `REGISTRO_ELENCO_CANCELLATI`, o la cartella dati."""
    return Path(settings.ELENCO_CANCELLATI)


def aggiungi(numeri: Iterable[UUID], *, giorno: date) -> None:
    """Aggiunge in fondo, e aspetta che sia su disco. Solleva OSError se non ci riesce."""
    righe = "".join(f"{numero},{giorno.isoformat()}\n" for numero in numeri)
    file = percorso()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descrittore = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descrittore, righe.encode())
        os.fsync(descrittore)
    finally:
        os.close(descrittore)


def leggi(file: Path | None = None) -> dict[UUID, date]:
    """I numeri dell'elenco (`file`, o quello di questa installazione), col giorno. Vuoto se manca.

    Solleva ElencoErrato per una riga che non è un uuid e una data.
    """
    file = file or percorso()
    if not file.exists():
        return {}
    return dict(_righe(file))


def _righe(file: Path) -> Iterator[tuple[UUID, date]]:
    for numero, riga in enumerate(file.read_text(encoding="ascii").splitlines(), start=1):
        if not riga.strip():
            continue
        try:
            uuid, _, giorno = riga.partition(",")
            yield UUID(uuid.strip()), date.fromisoformat(giorno.strip())
        except ValueError as errore:
            raise ElencoErrato(
                f"{file.name}, riga {numero}: mi aspetto un numero e una data."
            ) from errore
