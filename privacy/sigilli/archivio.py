"""I mesi usciti dal database, riletti dai loro file e ricontrollati come se ci fossero ancora.

Il file ha le righe com'erano quando si sono sigillate: divise fra i lotti, devono ridare le impronte
che i sigilli conservano. Chi riscrivesse file, impronta e firma insieme cadrebbe qui, perché i sigilli
stanno nella catena e la catena nelle testate che qualcuno tiene fuori.
"""

import gzip
import hashlib
import json
import zlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import psycopg
from django.conf import settings

from privacy.sigilli.esito import Esito, Problema
from privacy.sigilli.firma import chiave_pubblica, firma_valida
from privacy.sigilli.mesi import cartella


# Tutto ciò che un file rovinato o scritto da altri può far dire a chi lo apre: una verifica che si
# interrompe qui non avvertirebbe nessuno, nemmeno di ciò che ha già trovato.
_ILLEGGIBILE = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    RecursionError,
    zlib.error,
)


class Uscito(NamedTuple):
    """Un mese che non è più nel database: di quale registro, il suo file, che cosa se ne annotò."""

    registro: str
    mese: str
    file: str
    impronta: str
    firma: str


@dataclass
class Lotti:
    """I lotti che toccano un mese: dove cominciano, per epoca, e che cosa ne avevano sigillato."""

    inizi: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    numeri: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    attese: dict[int, tuple[int, str]] = field(default_factory=dict)

    def di(self, epoca: int, transazione: int) -> int:
        """Il numero del lotto di una riga; 0 se viene prima di tutti."""
        posto = bisect_right(self.inizi[epoca], transazione)
        return self.numeri[epoca][posto - 1] if posto else 0


def rileggi_gli_archivi(connessione: psycopg.Connection, esito: Esito) -> None:
    """Aggiunge a `esito` ciò che nei file dei mesi usciti non torna coi sigilli.

    Un file che non è al suo posto è un avviso: può essere custodito altrove.
    """
    usciti = connessione.execute(
        "SELECT registro, mese::text, file, impronta, firma FROM privacy_mesearchiviato"
        " WHERE tolto_il IS NOT NULL ORDER BY mese, registro"
    )
    for riga in usciti.fetchall():
        uscito = Uscito(*riga)
        percorso = cartella() / uscito.file
        if not percorso.is_file():
            esito.avvisi.append(
                f"Il file {uscito.file} non è nella sua cartella: quel mese non si è riletto."
            )
            continue
        _rileggi(uscito, percorso, _lotti(connessione, uscito), esito)


def _lotti(connessione: psycopg.Connection, uscito: Uscito) -> Lotti:
    lotti = Lotti()
    for numero, epoca, da, parti in connessione.execute(
        "SELECT id, epoca, da, parti FROM privacy_sigillo WHERE parti @> %s::jsonb ORDER BY da",
        [json.dumps([{"t": uscito.registro, "m": uscito.mese}])],
    ):
        lotti.inizi[epoca].append(da)
        lotti.numeri[epoca].append(numero)
        for parte in parti:
            if (parte["t"], parte["m"]) == (uscito.registro, uscito.mese):
                lotti.attese[numero] = (parte["n"], parte["i"])
    return lotti


def _rileggi(uscito: Uscito, percorso: Path, lotti: Lotti, esito: Esito) -> None:
    try:
        if not _firmato(uscito, percorso):
            frase = f"Il file {uscito.file} non è più quello firmato."
            esito.problemi.append(Problema("archivio", frase))
        trovate = _impronte(_righe(percorso), lotti)
    except _ILLEGGIBILE:
        frase = f"Il file {uscito.file} non si legge: è rovinato."
        esito.problemi.append(Problema("archivio", frase))
        return
    for numero in sorted(trovate.keys() | lotti.attese.keys()):
        c_erano, impronta = lotti.attese.get(numero, (0, ""))
        ci_sono, di_oggi = trovate.get(numero, (0, ""))
        if (c_erano, impronta) != (ci_sono, di_oggi):
            frase = (
                f"nel file {uscito.file} le righe sono {ci_sono}, e ne aveva sigillate {c_erano}:"
                " tolte, aggiunte, cambiate o scambiate."
            )
            esito.problemi.append(Problema("archivio", frase, numero or None))


def _firmato(uscito: Uscito, percorso: Path) -> bool:
    """L'impronta annotata e, se qui c'è la chiave, la firma."""
    with percorso.open("rb") as file:
        impronta = hashlib.file_digest(file, "sha256").hexdigest()
    if impronta != uscito.impronta:
        return False
    if not settings.CHIAVE_DI_FIRMA:
        return True
    return firma_valida(impronta.encode(), uscito.firma, chiave_pubblica())


def _righe(percorso: Path) -> Iterator[str]:
    with gzip.open(percorso, "rt", encoding="utf-8", newline="\n") as file:
        for riga in file:
            yield riga.rstrip("\n")


def _impronte(righe: Iterable[str], lotti: Lotti) -> dict[int, tuple[int, str]]:
    """Numero del lotto → quante righe e quale impronta, come le scrive `registro_sigilla()`.

    Le righe di un lotto stanno di seguito: se lo stesso torna più avanti, sono state spostate.
    """
    trovate: dict[int, tuple[int, str]] = {}
    for numero, sue in groupby(righe, key=lambda riga: lotti.di(*_epoca_e_transazione(riga))):
        quante, impronta = 0, hashlib.sha256()
        for riga in sue:
            impronta.update(b"\n" if quante else b"")
            impronta.update(riga.encode())
            quante += 1
        gia = trovate.get(numero)
        trovate[numero] = (quante + gia[0], "") if gia else (quante, impronta.hexdigest())
    return trovate


def _epoca_e_transazione(riga: str) -> tuple[int, int]:
    voci = json.loads(riga)
    return voci[-2], int(voci[-1])
