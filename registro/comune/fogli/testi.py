"""I CSV come escono dai programmi di un ente: in quale codifica e con quale separatore sia.

La codifica non è scritta nel file. UTF-8 e UTF-16 si riconoscono con certezza; fra le altre tre si
sceglie quella in cui i segni oltre l'ASCII diventano lettere che in italiano si usano. Un
riconoscitore generale, fatto per cento lingue, sui nostri file corti sbaglia (docs/decisioni/0013).
"""

import csv
from collections import Counter
from collections.abc import Iterator

from registro.comune.fogli.celle import Foglio, Libro, Riga
from registro.comune.fogli.guardia import (
    COME_SI_SALVA,
    MASSIMO_CARATTERI,
    MASSIMO_CELLE,
    FoglioRifiutato,
    Formato,
    in_utf16,
)
from registro.comune.fogli.sopralluogo import controlla_posto


OTTO_BIT = ("cp1252", "iso-8859-15", "mac-roman")
_FREQUENTI = frozenset("àèéìòùÀÈÉÌÒÙ’‘“”–€°«»…")
_SEPARATORI = ";,\t|"
_RIGHE_DI_ASSAGGIO = 60
_ASSAGGIO = 64 * 1024
_MASSIME_RIGHE_VUOTE = 1_048_576
# Una riga in più, che il lettore deve rendere tale e quale: se non torna, una virgoletta è aperta.
_ULTIMA = "-- fine del file --"


def leggi_csv(contenuto: bytes) -> Libro:
    """Il solo foglio di un CSV, con i testi come sono scritti; solleva `FoglioRifiutato`.

    Il numero di riga è quello che si vede aprendo il file in un foglio di calcolo: un a capo
    fra virgolette non fa una riga in più, una riga vuota sì, `sep=` in cima no.
    """
    codifica = _codifica(contenuto)
    testo = contenuto.decode(codifica).removeprefix("\ufeff")
    if "\0" in testo:
        raise FoglioRifiutato(
            f"Il file contiene caratteri che un testo non ha: forse è rovinato. {COME_SI_SALVA}"
        )
    separatore, testo = _separatore(testo)
    righe = tuple(_righe(testo, separatore))
    return Libro(Formato.CSV, (Foglio("", righe),), codifica, separatore)


def _codifica(contenuto: bytes) -> str:
    if in_utf16(contenuto):
        codifica = "utf-16"
        if not contenuto.startswith((b"\xff\xfe", b"\xfe\xff")):
            codifica = "utf-16-le" if contenuto[1:2] == b"\0" else "utf-16-be"
        return codifica if _si_legge(contenuto, codifica) else _rotta()
    if _si_legge(contenuto, "utf-8-sig"):
        return "utf-8-sig"
    # Contano solo i byte oltre l'ASCII, e quante volte ricorrono: non serve decodificare tutto.
    byte = Counter(contenuto.translate(None, bytes(range(128))))
    return max(OTTO_BIT, key=lambda codifica: _verosimile(byte, codifica))


def _si_legge(contenuto: bytes, codifica: str) -> bool:
    try:
        contenuto.decode(codifica)
    except UnicodeDecodeError:
        return False
    return True


def _rotta() -> str:
    raise FoglioRifiutato(f"Il testo del file è rovinato e non si può leggere. {COME_SI_SALVA}")


def _verosimile(byte: Counter[int], codifica: str) -> int:
    """Quanto i segni decodificati sono quelli di un testo italiano: si sommano i pesi."""
    punti = 0
    for valore, volte in byte.items():
        segno = bytes([valore]).decode(codifica, errors="replace")
        if segno in _FREQUENTI:
            punti += 3 * volte
        elif segno.isalpha() and segno.islower():
            punti += volte
        elif not segno.isalpha():
            punti -= 3 * volte
    return punti


def _separatore(testo: str) -> tuple[str, str]:
    """Il separatore, e il testo senza la riga `sep=` con cui Excel lo dichiara."""
    prima, _, resto = testo.partition("\n")
    dichiarazione = prima.strip().strip('"').lower()
    if dichiarazione.startswith("sep=") and len(dichiarazione) <= len("sep=") + 1:
        return dichiarazione[4:] or "\t", resto
    return max(_SEPARATORI, key=lambda segno: _regolarita(testo, segno)), testo


def _regolarita(testo: str, separatore: str) -> int:
    """Quante celle stanno in righe larghe uguali: il separatore vero ne fa più di ogni altro."""
    larghezze: Counter[int] = Counter()
    righe = csv.reader(testo[:_ASSAGGIO].splitlines(keepends=True), delimiter=separatore)
    try:
        for numero, riga in enumerate(righe):
            if numero >= _RIGHE_DI_ASSAGGIO:
                break
            larghezze[len(riga)] += 1
    except csv.Error:
        return 0
    return max(((larghe - 1) * volte for larghe, volte in larghezze.items()), default=0)


def _righe(testo: str, separatore: str) -> Iterator[Riga]:
    csv.field_size_limit(MASSIMO_CARATTERI)
    numero, celle, ultima = 0, 0, 0
    try:
        for numero, campi in enumerate(csv.reader(_linee(testo), delimiter=separatore), start=1):
            if campi == [_ULTIMA]:
                return
            while campi and not campi[-1].strip():
                campi.pop()
            if campi:
                celle += len(campi)
                ultima = numero
                controlla_posto(numero, len(campi) - 1, "")
                yield Riga(numero, tuple(campo or None for campo in campi))
            if celle > MASSIMO_CELLE or numero - ultima > _MASSIME_RIGHE_VUOTE:
                raise FoglioRifiutato("Il file ha troppe celle. Dividilo in più file.")
    except csv.Error as errore:
        if "new-line" in str(errore):
            raise FoglioRifiutato(
                f"Dopo la riga {numero} gli a capo sono di due specie diverse. {COME_SI_SALVA}"
            ) from errore
        raise FoglioRifiutato(
            f"Alla riga {numero + 1} c'è un testo di oltre 32.767 caratteri, oppure una virgoletta "
            'aperta e mai chiusa ("). Correggila nel file e ricaricalo.'
        ) from errore
    raise FoglioRifiutato(
        f"Alla riga {numero} c'è una virgoletta aperta e mai chiusa (\"): da lì in poi le righe non "
        "si distinguono. Correggila nel file e ricaricalo."
    )


def _linee(testo: str) -> Iterator[str]:
    """Le linee col loro a capo, poi la sentinella.

    `\\r` da solo è l'a capo dei vecchi Macintosh; `\\r\\r\\n` uno convertito due volte.
    """
    inizio = 0
    testo = testo.replace("\r\r\n", "\r\n")
    if "\n" not in testo:
        testo = testo.replace("\r", "\n")
    while inizio < len(testo):
        fine = testo.find("\n", inizio) + 1 or len(testo)
        linea = testo[inizio:fine]
        inizio = fine
        yield linea if linea.endswith("\n") else f"{linea}\n"
    yield f"{_ULTIMA}\n"
