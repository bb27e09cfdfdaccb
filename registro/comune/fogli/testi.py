"""I CSV come escono dai programmi di un ente: in quale codifica e con quale separatore sia.

La codifica non è scritta nel file. UTF-8 e UTF-16 si riconoscono con certezza; fra le altre si
sceglie quella in cui i segni oltre l'ASCII diventano lettere che in italiano si usano, al posto in
cui si usano. Un riconoscitore generale, fatto per cento lingue, sui nostri file corti sbaglia
(docs/decisioni/0013). Un testo già guastato da un altro programma non si legge: un nome storpiato
entrerebbe come se fosse di un'altra persona.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

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


# A pari merito vince la prima. «cp850» è il «CSV (MS-DOS)» di Excel.
OTTO_BIT = ("cp1252", "iso-8859-15", "cp850", "mac-roman")
_ACCENTATE = "àèéìòùáíóúâêîôûäëïöüãõåøçñšžýœæ"
# Nei nomi di chi si incontra qui; le altre accentate, dentro una parola, sono più rare.
_IN_MEZZO = "áéíóúèàùòçëñöüäïãšž"
_MINUSCOLE, _MAIUSCOLE = f"a-zß{_ACCENTATE}", f"A-Z{_ACCENTATE.upper()}"
_LETTERE = _MINUSCOLE + _MAIUSCOLE
_CITAZIONI = "’‘“”–—…€°«»"
# Il segno in mezzo a una finestra di due prima e uno dopo, e quanto è al suo posto: si prende il
# primo che va. In italiano l'accento è quasi sempre sull'ultima lettera, dopo una consonante.
_POSTI = re.compile(
    rf"""
    (?P<giusto>
        (?:(?<=[b-df-hj-np-tv-ziu])|(?<=\b[A-Z]))[àèéìòù](?![{_LETTERE}\d])
        |(?<=[B-DF-HJ-NP-TV-ZIU])[ÀÈÉÌÒÙ](?![{_LETTERE}\d])
        |(?<![{_LETTERE}\d])[èÈ](?![{_LETTERE}\d])
        |(?<=[{_LETTERE}])’
        |(?<=[nN\d])[°ºª]
        |(?<![{_LETTERE}])[€£½¼¾](?![{_LETTERE}])
        |\xa0(?![{_MINUSCOLE}])|(?<=[aeiou])\xa0
    )
    |(?P<verosimile>
        (?:(?<=[{_MINUSCOLE}])|(?<=\b[{_MAIUSCOLE}]))[{_IN_MEZZO}](?![{_MAIUSCOLE}])
        |(?<![{_LETTERE}\d])[{_ACCENTATE.upper()}](?=[{_LETTERE}])
        |(?<=[{_MAIUSCOLE}])[{_ACCENTATE.upper()}](?![{_MINUSCOLE}])
        |(?<![{_LETTERE}\d])[“«‘](?=[{_LETTERE}\d])
        |(?<=[{_LETTERE}\d.,;:!?%)])[”»…](?![{_LETTERE}\d])
    )
    |(?P<possibile>
        (?:(?<=[{_MINUSCOLE}])|(?<=\b[{_MAIUSCOLE}]))[ß{_ACCENTATE}](?![{_MAIUSCOLE}])
        |(?<![{_LETTERE}])[“”«»‘’°§–—•…·×±](?![{_LETTERE}])
    )
    |(?P<fuori_posto>(?<=[{_MINUSCOLE}])[{_ACCENTATE.upper()}]
        |(?<=[{_MAIUSCOLE}]{{2}})[{_ACCENTATE}])
    |(?P<lettera>[^\W\d_]|\xa0)
    """,
    re.VERBOSE,
)
_PESI = {"giusto": 3, "verosimile": 2, "possibile": 1, "fuori_posto": -3, "lettera": 0}
_PESO_DI_UN_SIMBOLO = -3
_OLTRE_ASCII = re.compile(rb"[\x80-\xff]")
_SEGNI_DA_GUARDARE = 200_000
_IN_UTF8 = [segno.encode() for segno in _ACCENTATE + _ACCENTATE.upper() + _CITAZIONI]
# Una lettera scritta in UTF-8 dentro un testo che non lo è.
_PEZZO_DI_UTF8 = re.compile(b"|".join(map(re.escape, _IN_UTF8)))
_LETTERA_D_EUROPA = re.compile("[\u0080-\u024f]")
# Come si vede una lettera scritta in UTF-8 e letta in un'altra codifica: «Ã²» è «ò».
_LETTO_MALE = re.compile(
    "|".join(
        re.escape(byte.decode(codifica))
        for byte in _IN_UTF8
        for codifica in ("cp1252", "latin-1", "cp850", "mac-roman")
        if byte.decode(codifica, errors="ignore").encode(codifica) == byte
    )
    # «à» finisce con uno spazio, che poi si perde. Ogni alternativa comincia con la sua lettera:
    # così la ricerca salta veloce tutto il resto.
    + "|Ã(?<=[a-z]Ã)"
)
_PERSO = "\ufffd"
_SALVA_DI_NUOVO = (
    "Torna al foglio da cui viene e salvalo di nuovo come «CSV UTF-8», oppure come .xlsx."
)
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
    # Ciò che una codifica non ha diventa il segno di ciò che è perso, e si rifiuta con quello.
    testo = contenuto.decode(codifica, errors="replace").removeprefix("\ufeff")
    if "\0" in testo:
        raise FoglioRifiutato(
            f"Il file contiene caratteri che un testo non ha: forse è rovinato. {COME_SI_SALVA}"
        )
    _rifiuta_se_guasto(testo)
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
    if _e_utf8_rovinato(contenuto):
        raise FoglioRifiutato(
            "Alcune lettere accentate del file non si leggono: è scritto in UTF-8, ma non tutto. "
            f"Succede unendo due file o tagliandone uno. {_SALVA_DI_NUOVO}"
        )
    # Contano solo i segni oltre l'ASCII con ciò che hanno accanto, e quante volte ricorrono.
    finestre = _finestre(contenuto)
    return max(OTTO_BIT, key=lambda codifica: _verosimile(finestre, codifica))


def _e_utf8_rovinato(contenuto: bytes) -> bool:
    """Se un testo che non è tutto in UTF-8 lo è in parte: ha lettere che solo lì si scrivono così."""
    if _PEZZO_DI_UTF8.search(contenuto):
        return True
    testo = contenuto.decode("utf-8", errors="replace")
    return _LETTERA_D_EUROPA.subn("", testo)[1] > testo.count(_PERSO)


def _rifiuta_se_guasto(testo: str) -> None:
    """Ferma un testo in cui un altro programma ha già perso o scambiato delle lettere."""
    if _PERSO in testo:
        raise FoglioRifiutato(
            f"Alcune lettere del file sono già perse: al loro posto c'è «{_PERSO}». "
            f"{_SALVA_DI_NUOVO}"
        )
    if scambiata := _LETTO_MALE.search(testo):
        raise FoglioRifiutato(
            f"Nel file le lettere accentate sono scambiate: c'è scritto «{scambiata[0]}» dove "
            f"andava una lettera sola. {_SALVA_DI_NUOVO}"
        )


def _si_legge(contenuto: bytes, codifica: str) -> bool:
    try:
        contenuto.decode(codifica)
    except UnicodeDecodeError:
        return False
    return True


def _rotta() -> str:
    raise FoglioRifiutato(f"Il testo del file è rovinato e non si può leggere. {COME_SI_SALVA}")


def _finestre(contenuto: bytes) -> Counter[bytes]:
    """Ogni byte oltre l'ASCII coi due di prima e quello dopo; quante volte c'è ciascuna finestra."""
    segni = islice(_OLTRE_ASCII.finditer(contenuto), _SEGNI_DA_GUARDARE)
    return Counter(
        contenuto[max(posto - 2, 0) : posto].rjust(2) + contenuto[posto : posto + 2]
        for posto in (segno.start() for segno in segni)
    )


def _verosimile(finestre: Counter[bytes], codifica: str) -> int:
    """Quanto i segni decodificati sono quelli di un testo italiano: si sommano i pesi."""
    punti = 0
    for finestra, volte in finestre.items():
        posto = _POSTI.match(finestra.decode(codifica, errors="replace"), 2)
        punti += volte * (_PESI[posto.lastgroup] if posto else _PESO_DI_UN_SIMBOLO)
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
