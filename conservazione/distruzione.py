"""I file di chi è stato dimenticato: si tolgono quando la cancellazione è certa, mai prima.

Prima che si concluda, un promemoria su disco ne tiene i numeri. Conclusa, se ne vanno i file e poi il
promemoria. Se la macchina si spegne in mezzo, la notte lo ritrova: con un verbale toglie i file, senza
(la cancellazione è stata annullata) lascia i file e butta il promemoria.
"""

import logging
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from conservazione.models import VerbaleOblio
from enti.models import Ente
from enti.sistema import come_sistema
from registro.comune.deposito import butta, cartella, metti_al_posto, scrivi_provvisorio


registro = logging.getLogger(__name__)
# Dopo tanto, una transazione di cui non c'è il verbale non si concluderà più.
ANNULLATA_DOPO = timedelta(days=1)


def a_cose_fatte(numeri: Iterable[str], *, ente: Ente, verbale: UUID) -> None:
    """Toglie i file di quei documenti quando la transazione in corso si conclude.

    Solleva OSError, e non promette niente, se uno non si potrebbe togliere o se il disco non scrive.
    """
    numeri = [*numeri]
    if not numeri:
        return
    for file in _file_di(numeri):
        if not os.access(file.parent, os.W_OK | os.X_OK):
            raise PermissionError("la cartella di un file non si può scrivere")
    promemoria = cartella() / f"{_prefisso(ente)}{verbale}"
    provvisorio = promemoria.with_name(f".{promemoria.name}")
    scrivi_provvisorio(provvisorio, "\n".join(numeri).encode())
    metti_al_posto(provvisorio, promemoria)
    transaction.on_commit(lambda: _esegui(promemoria))


def riprendi(ente: Ente) -> int:
    """Conclude ciò che un'interruzione ha lasciato a metà. Rende di quante cancellazioni."""
    riprese = 0
    for promemoria in sorted(cartella().glob(f"{_prefisso(ente)}*")):
        verbale = UUID(promemoria.name.removeprefix(_prefisso(ente)))
        with come_sistema(ente):
            conclusa = VerbaleOblio.objects.di(ente).filter(uuid=verbale).exists()
        if conclusa:
            riprese += _esegui(promemoria)
        elif _vecchio(promemoria):
            butta(promemoria)
    return riprese


def _prefisso(ente: Ente) -> str:
    return f"oblio-{ente.pk}-"


def _esegui(promemoria: Path) -> bool:
    """Vero se non resta niente. Ciò che non si lascia togliere si riprova la notte dopo."""
    try:
        butta(*_file_di(promemoria.read_text(encoding="ascii").split()))
        butta(promemoria)
    except OSError as errore:
        registro.error("Oblio: un file non si toglie (%s).", type(errore).__name__)
        return False
    return True


def _file_di(numeri: Iterable[str]) -> list[Path]:
    """I file il cui nome comincia da uno di quei numeri, anche a metà (il nome comincia con un punto).

    Documenti e fogli stanno tutti nella cartella, non sotto: la si guarda una volta per tutti.
    """
    cercati = set(numeri)
    try:
        presenti = list(os.scandir(cartella()))
    except FileNotFoundError:
        return []
    return [
        Path(voce.path)
        for voce in presenti
        if voce.name.removeprefix(".").partition(".")[0] in cercati
    ]


def _vecchio(promemoria: Path) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - promemoria.stat().st_mtime > ANNULLATA_DOPO.total_seconds()
    return False
