"""I file che un lavoro prepara: compaiono interi, col loro nome, o non compaiono.

Si scrivono con un nome provvisorio, si aspetta che siano davvero su disco, poi si cambia nome.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings


DISCO_PIENO = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def cartella() -> Path:
    """La cartella dei documenti: la legge solo chi fa girare il Registro."""
    return Path(settings.MEDIA_ROOT)


def scrivi_provvisorio(percorso: Path, contenuto: bytes) -> None:
    """Scrive un file nuovo e aspetta che sia su disco. Solleva OSError (disco pieno, nome preso)."""
    percorso.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descrittore = os.open(percorso, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descrittore, "wb") as file:
        file.write(contenuto)
        file.flush()
        os.fsync(file.fileno())


def metti_al_posto(provvisorio: Path, definitivo: Path) -> None:
    """Dà al file il suo nome, nella stessa cartella, e lo conferma su disco."""
    provvisorio.replace(definitivo)
    # Il cambio di nome sta nella cartella: senza questo, una caduta di corrente lo può perdere.
    descrittore = os.open(definitivo.parent, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(descrittore)
    os.close(descrittore)


def butta(*percorsi: Path) -> None:
    """Toglie i file che ci sono ancora."""
    for percorso in percorsi:
        percorso.unlink(missing_ok=True)
