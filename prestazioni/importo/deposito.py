"""Il file caricato e il suo esame, cifrati: su disco non c'è mai il nome di una persona in chiaro.

L'esame sta in un file solo, a pezzi: un indice, il sunto, e le righe a blocchi. Una pagina apre il
sunto e i blocchi delle righe che mostra, non le altre.
"""

import json
import os
import zlib
from base64 import b64decode, b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

from prestazioni.importo.tipi import Esame, RigaLetta
from prestazioni.models import Importazione
from registro.comune.cifratura import cifra, decifra, legame
from registro.comune.deposito import butta, cartella, metti_al_posto, scrivi_provvisorio


# Quanto resta un foglio che nessuno carica né lascia.
DURATA = timedelta(days=7)
RIGHE_PER_BLOCCO = 500
# Quanti byte dicono, in testa al file, quanto è lungo l'indice.
_MISURA = 8


class FoglioScaduto(Exception):
    """Il file non c'è più: è passato il tempo in cui si tiene, o l'importazione è finita."""


def metti(importazione: Importazione, contenuto: bytes) -> None:
    """Conserva il file caricato. Solleva OSError se il disco è pieno: non resta niente a metà."""
    _scrivi(importazione, "foglio", _chiudi(importazione, "foglio", contenuto))


def prendi(importazione: Importazione) -> bytes:
    """Il file com'è stato caricato. Solleva FoglioScaduto, o DatoCifratoAlterato."""
    try:
        busta = _percorso(importazione, "foglio").read_bytes()
    except FileNotFoundError:
        raise FoglioScaduto from None
    return _apri(importazione, "foglio", busta)


def metti_esame(importazione: Importazione, esame: Esame) -> None:
    """Conserva l'esame con le sue righe, al posto di quello di prima."""
    sunto = replace(esame, righe=()).in_testo().encode()
    pezzi = [_chiudi(importazione, _pezzo(0), sunto)]
    estremi = []
    for da in range(0, len(esame.righe), RIGHE_PER_BLOCCO):
        blocco = esame.righe[da : da + RIGHE_PER_BLOCCO]
        righe = json.dumps(blocco, ensure_ascii=False).encode()
        pezzi.append(_chiudi(importazione, _pezzo(len(pezzi)), righe))
        estremi.append((blocco[0][0], blocco[-1][0]))
    voci = {"lunghezze": [len(pezzo) for pezzo in pezzi], "estremi": estremi}
    indice = _chiudi(importazione, "esame_indice", json.dumps(voci).encode())
    _scrivi(importazione, "esame", b"".join((len(indice).to_bytes(_MISURA), indice, *pezzi)))


def prendi_esame(importazione: Importazione) -> Esame | None:
    """L'ultimo esame, senza le righe: si prendono con `prendi_righe`. None se non ce n'è."""
    try:
        (sunto,) = _pezzi(importazione, lambda _: [0])
    except FoglioScaduto:
        return None
    return Esame.da_testo(sunto.decode())


def prendi_righe(importazione: Importazione, numeri: Collection[int]) -> tuple[RigaLetta, ...]:
    """Le righe esaminate con quei numeri, nell'ordine del foglio. Solleva FoglioScaduto."""
    chieste = sorted(numeri)

    def servono(estremi: list[list[int]]) -> list[int]:
        return [
            posto
            for posto, (prima, ultima) in enumerate(estremi, 1)
            if bisect_left(chieste, prima) < bisect_right(chieste, ultima)
        ]

    blocchi = _pezzi(importazione, servono)
    volute = frozenset(chieste)
    return tuple(
        (numero, tuple(celle))
        for blocco in blocchi
        for numero, celle in json.loads(blocco)
        if numero in volute
    )


def svuota(importazione: Importazione) -> None:
    """Toglie dal disco tutto ciò che è di questa importazione."""
    butta(*cartella().glob(f"{importazione.uuid}.importo-*"))
    butta(*cartella().glob(f".{importazione.uuid}.importo-*"))


def _percorso(importazione: Importazione, che_cosa: str) -> Path:
    return cartella() / f"{importazione.uuid}.importo-{che_cosa}"


def _scrivi(importazione: Importazione, che_cosa: str, contenuto: bytes) -> None:
    definitivo = _percorso(importazione, che_cosa)
    provvisorio = definitivo.with_name(f".{definitivo.name}")
    butta(provvisorio)
    try:
        scrivi_provvisorio(provvisorio, contenuto)
        metti_al_posto(provvisorio, definitivo)
    except OSError:
        butta(provvisorio)
        raise


def _pezzi(
    importazione: Importazione, servono: Callable[[list[list[int]]], list[int]]
) -> Iterator[bytes]:
    """I pezzi dell'esame che `servono` sceglie dagli estremi dei blocchi di righe: 0 è il sunto, il
    primo blocco è 1. Solleva FoglioScaduto se non c'è un esame, o è scritto in un'altra forma.
    """
    try:
        file = _percorso(importazione, "esame").open("rb")
    except FileNotFoundError:
        raise FoglioScaduto from None
    with file:
        lunghezza = int.from_bytes(file.read(_MISURA))
        # Un esame di prima dei pezzi non ha misura: ci sarebbe un numero a caso, anche enorme.
        if lunghezza > os.fstat(file.fileno()).st_size - _MISURA:
            raise FoglioScaduto
        voci = json.loads(_apri(importazione, "esame_indice", file.read(lunghezza)))
        posti = list(accumulate(voci["lunghezze"], initial=file.tell()))
        for quale in servono(voci["estremi"]):
            file.seek(posti[quale])
            yield _apri(importazione, _pezzo(quale), file.read(voci["lunghezze"][quale]))


def _pezzo(quale: int) -> str:
    return f"esame_pezzo_{quale}"


def _chiudi(importazione: Importazione, che_cosa: str, contenuto: bytes) -> bytes:
    compresso = b64encode(zlib.compress(contenuto, 1)).decode()
    return cifra(compresso, legame=_legame(importazione, che_cosa))


def _apri(importazione: Importazione, che_cosa: str, busta: bytes) -> bytes:
    return zlib.decompress(b64decode(decifra(busta, legame=_legame(importazione, che_cosa))))


def _legame(importazione: Importazione, che_cosa: str) -> str:
    return legame(
        f"prestazioni_importazione.{che_cosa}", ente=importazione.ente_id, riga=importazione.uuid
    )
