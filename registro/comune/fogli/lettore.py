"""Il processo che legge: riceve il file dall'ingresso, rende le righe sull'uscita, e finisce.

Gira da solo, con un ambiente vuoto: non ha chiavi, non ha database, non carica Django. Dopo
l'avvio si toglie ciò che non gli serve (memoria, tempo, file nuovi e quindi rete, processi): un
file che facesse sbagliare una libreria troverebbe poco.

Sull'uscita c'è una riga JSON per ogni fatto: prima il libro, poi ogni foglio seguito dalle sue
righe, infine `"fine"`. Oppure il solo rifiuto.
"""

import codecs
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import BadZipFile, ZipFile
from zlib import error as DatiRovinati

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from registro.comune.fogli.celle import CellaGuasta, Foglio, Libro, Riga
from registro.comune.fogli.guardia import (
    COME_SI_SALVA,
    MASSIMO_CARATTERI,
    FoglioRifiutato,
    Formato,
    controlla_archivio,
    riconosci,
)
from registro.comune.fogli.sopralluogo import Rilievo, sopralluogo
from registro.comune.fogli.testi import OTTO_BIT, leggi_csv


MEMORIA = 384 * 1024 * 1024
SECONDI_DI_CPU = 60
# Un testo ripetuto in ogni cella pesa una volta nel file e mille volte qui.
MASSIMO_TESTO = 60 * 1024 * 1024
# Python le carica la prima volta che servono, e dopo non potrà più aprire file; `cp437` è quella
# dei nomi dentro uno ZIP.
_CODIFICHE = ("cp437", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *OTTO_BIT)


def chiuditi() -> None:
    """Toglie al processo ciò che a leggere non serve. Senza nuovi descrittori non c'è rete."""
    for codifica in _CODIFICHE:
        codecs.lookup(codifica)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORIA, MEMORIA))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDI_DI_CPU, SECONDI_DI_CPU))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def leggi(contenuto: bytes) -> Iterator[Libro | Foglio | Riga]:
    """Il libro senza fogli, poi ogni foglio senza righe seguito dalle sue righe.

    Solleva `FoglioRifiutato`.
    """
    if riconosci(contenuto) is Formato.CSV:
        libro = leggi_csv(contenuto)
        yield Libro(libro.formato, (), libro.codifica, libro.separatore)
        for foglio in libro.fogli:
            yield Foglio(foglio.nome, ())
            yield from foglio.righe
        return
    try:
        with ZipFile(BytesIO(contenuto)) as archivio:
            controlla_archivio(archivio)
            rilievi = sopralluogo(archivio)
        yield Libro(Formato.XLSX)
        with load_workbook(BytesIO(contenuto)) as libro:
            yield from _fogli(libro, rilievi)
    except (BadZipFile, DatiRovinati, CalamineError, EOFError, ValueError) as errore:
        raise FoglioRifiutato(
            f"Il file è rovinato e non si può leggere. {COME_SI_SALVA}"
        ) from errore


def _fogli(libro: CalamineWorkbook, rilievi: dict[str, Rilievo]) -> Iterator[Foglio | Riga]:
    for posto, scheda in enumerate(libro.sheets_metadata):
        if scheda.typ is not SheetTypeEnum.WorkSheet:
            continue
        rilievo = rilievi.get(scheda.name, Rilievo())
        yield Foglio(
            scheda.name,
            (),
            nascosto=scheda.visible is not SheetVisibleEnum.Visible,
            unite=tuple(rilievo.unite),
            colonne_nascoste=tuple(rilievo.colonne_nascoste),
            righe_nascoste=len(rilievo.righe_nascoste),
        )
        foglio = libro.get_sheet_by_index(posto)
        scarto = foglio.start[1] if foglio.start else 0
        guaste: dict[int, dict[int, str]] = {}
        for (riga, colonna), frase in rilievo.guaste.items():
            guaste.setdefault(riga, {})[colonna] = frase
        for numero, valori in enumerate(foglio.iter_rows(), start=1):
            celle = [None] * scarto + [_pulita(valore) for valore in valori]
            yield from _riga(numero, celle, guaste.pop(numero, {}))
        # Le righe di sole formule senza risultato il libro non le ha nemmeno.
        for numero in sorted(guaste):
            yield from _riga(numero, [], guaste[numero])


def _riga(numero: int, celle: list, guaste: dict[int, str]) -> Iterator[Riga]:
    for colonna, frase in guaste.items():
        celle.extend([None] * (colonna + 1 - len(celle)))
        celle[colonna] = CellaGuasta(frase)
    while celle and celle[-1] is None:
        celle.pop()
    if celle:
        yield Riga(numero, tuple(celle))


def _pulita(valore):
    if valore == "":
        return None
    if isinstance(valore, float) and valore.is_integer():
        return int(valore)
    if isinstance(valore, str) and len(valore) > MASSIMO_CARATTERI:
        raise FoglioRifiutato(
            "Una cella ha più di 32.767 caratteri. Accorciala e ricarica il file."
        )
    return valore


def _in_json(valore) -> dict:
    """I tipi che il JSON non ha, ciascuno col suo segno; `lettura` li rifà."""
    if isinstance(valore, CellaGuasta):
        return {"guasta": valore.frase}
    if isinstance(valore, datetime):
        return {"istante": valore.isoformat()}
    if isinstance(valore, date):
        return {"giorno": valore.isoformat()}
    if isinstance(valore, time):
        return {"ora": valore.isoformat()}
    if isinstance(valore, timedelta):
        return {"durata": valore.total_seconds()}
    raise TypeError(type(valore).__name__)


def _fatto(cosa: Libro | Foglio | Riga) -> str:
    if isinstance(cosa, Riga):
        return json.dumps([cosa.numero, cosa.celle], default=_in_json)
    if isinstance(cosa, Libro):
        libro = [cosa.formato.value, cosa.codifica, cosa.separatore]
        return json.dumps({"libro": libro})
    unite = [[a.prima_riga, a.prima_colonna, a.ultima_riga, a.ultima_colonna] for a in cosa.unite]
    nascoste = [cosa.colonne_nascoste, cosa.righe_nascoste]
    return json.dumps({"foglio": [cosa.nome, cosa.nascosto, unite, *nascoste]})


def principale() -> None:
    """Legge l'ingresso fino in fondo, si chiude, scrive i fatti."""
    contenuto = sys.stdin.buffer.read()
    chiuditi()
    scritti = 0
    try:
        for cosa in leggi(contenuto):
            riga = _fatto(cosa)
            scritti += len(riga)
            if scritti > MASSIMO_TESTO:
                raise FoglioRifiutato(
                    "Il foglio contiene troppo testo per una volta sola. Dividilo in più file."
                )
            sys.stdout.write(riga + "\n")
        sys.stdout.write('"fine"\n')
    except FoglioRifiutato as rifiuto:
        sys.stdout.write(json.dumps({"rifiuto": rifiuto.frase}) + "\n")


if __name__ == "__main__":
    principale()
