"""Il file caricato e il suo esame, cifrati: su disco non c'è mai il nome di una persona in chiaro."""

import zlib
from base64 import b64decode, b64encode
from datetime import timedelta
from pathlib import Path

from prestazioni.importo.tipi import Esame
from prestazioni.models import Importazione
from registro.comune.cifratura import cifra, decifra, legame
from registro.comune.deposito import butta, cartella, metti_al_posto, scrivi_provvisorio


# Quanto resta un foglio che nessuno carica né lascia.
DURATA = timedelta(days=7)


class FoglioScaduto(Exception):
    """Il file non c'è più: è passato il tempo in cui si tiene, o l'importazione è finita."""


def metti(importazione: Importazione, contenuto: bytes) -> None:
    """Conserva il file caricato. Solleva OSError se il disco è pieno: non resta niente a metà."""
    _scrivi(importazione, "foglio", contenuto)


def prendi(importazione: Importazione) -> bytes:
    """Il file com'è stato caricato. Solleva FoglioScaduto, o DatoCifratoAlterato."""
    return _leggi(importazione, "foglio")


def metti_esame(importazione: Importazione, esame: Esame) -> None:
    """Conserva l'esame, al posto di quello di prima."""
    _scrivi(importazione, "esame", esame.in_testo().encode())


def prendi_esame(importazione: Importazione) -> Esame | None:
    """L'ultimo esame; None se non ce n'è."""
    try:
        return Esame.da_testo(_leggi(importazione, "esame").decode())
    except FoglioScaduto:
        return None


def svuota(importazione: Importazione) -> None:
    """Toglie dal disco tutto ciò che è di questa importazione."""
    butta(*cartella().glob(f"{importazione.uuid}.importo-*"))
    butta(*cartella().glob(f".{importazione.uuid}.importo-*"))


def _percorso(importazione: Importazione, che_cosa: str) -> Path:
    return cartella() / f"{importazione.uuid}.importo-{che_cosa}"


def _scrivi(importazione: Importazione, che_cosa: str, contenuto: bytes) -> None:
    definitivo = _percorso(importazione, che_cosa)
    provvisorio = definitivo.with_name(f".{definitivo.name}")
    compresso = b64encode(zlib.compress(contenuto, 1)).decode()
    butta(provvisorio)
    try:
        scrivi_provvisorio(provvisorio, cifra(compresso, legame=_legame(importazione, che_cosa)))
        metti_al_posto(provvisorio, definitivo)
    except OSError:
        butta(provvisorio)
        raise


def _leggi(importazione: Importazione, che_cosa: str) -> bytes:
    try:
        busta = _percorso(importazione, che_cosa).read_bytes()
    except FileNotFoundError:
        raise FoglioScaduto from None
    return zlib.decompress(b64decode(decifra(busta, legame=_legame(importazione, che_cosa))))


def _legame(importazione: Importazione, che_cosa: str) -> str:
    return legame(
        f"prestazioni_importazione.{che_cosa}", ente=importazione.ente_id, riga=importazione.uuid
    )
