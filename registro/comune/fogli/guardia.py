"""Che cosa si accetta di leggere: si decide dal contenuto, mai dal nome del file.

Ogni rifiuto è una frase per chi ha caricato il file: che cosa c'è, che cosa fare. Il libro XLSX si
controlla dall'indice dell'archivio, senza aprirne le parti: costa lo stesso per un file onesto e
per una bomba.
"""

import stat
from enum import Enum
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo


MASSIMO_BYTE = 10 * 1024 * 1024
MASSIMO_SPACCHETTATO = 150 * 1024 * 1024
MASSIMO_RIGHE = 60_000
MASSIMO_COLONNE = 200
# Quanto sta in una cella di Excel.
MASSIMO_CARATTERI = 32_767
MASSIMO_CELLE = 1_200_000
MASSIMO_TESTI = 1_000_000
# Di «<» in tutto il libro: quattro per cella scritta, e altrettanto per testi, stili e cornici.
MASSIMO_SEGNI = 8_000_000

_MASSIMO_PARTI = 500
# Un foglio onesto si comprime di venti volte; uno pieno di celle uguali di cento.
_MASSIMO_RAPPORTO = 200
_DA_MISURARE = 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_BOM_UTF16 = (b"\xff\xfe", b"\xfe\xff")
COME_SI_SALVA = "Apri il file e salvalo come .xlsx o .csv."

# I primi byte di ciò che spesso si carica per sbaglio. GIF, RIFF e gli altri sono immagini.
_ALTRI_TIPI = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "un'immagine"),
    (b"\xff\xd8\xff", "un'immagine"),
    (b"GIF8", "un'immagine"),
    (b"RIFF", "un'immagine"),
    (b"II*\x00", "un'immagine"),
    (b"MM\x00*", "un'immagine"),
    (b"7z\xbc\xaf\x27\x1c", "un archivio compresso"),
    (b"Rar!", "un archivio compresso"),
    (b"\x1f\x8b", "un archivio compresso"),
    (b"PK\x05\x06", "un archivio vuoto"),
    (b"{\\rtf", "un documento di testo"),
)
_PAGINE = (
    *(b"<!doctype", b"<html", b"<head", b"<meta", b"<title", b"<style", b"<body", b"<div"),
    *(b"<table", b"<!--", b"<?xml", b"<svg", b"<workbook"),
)


class FoglioRifiutato(Exception):
    """Un file che non si legge; `frase` dice a una persona perché e che cosa fare."""

    def __init__(self, frase: str) -> None:
        self.frase = frase
        super().__init__(frase)


class Formato(Enum):
    """Le due forme che si leggono: il libro di Excel e il testo con i separatori."""

    XLSX = "xlsx"
    CSV = "csv"


def riconosci(contenuto: bytes) -> Formato:
    """Il formato vero di `contenuto`; solleva `FoglioRifiutato` se non è un foglio leggibile."""
    if not contenuto.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise FoglioRifiutato("Il file è vuoto. Controlla di aver scelto quello giusto.")
    if len(contenuto) > MASSIMO_BYTE:
        raise FoglioRifiutato(
            "Il file è più grande di 10 MB. Togli immagini e fogli che non servono, "
            "oppure dividilo in più file."
        )
    if contenuto.startswith(_ZIP):
        return Formato.XLSX
    _rifiuta_altri_tipi(contenuto)
    if b"\0" in contenuto and not in_utf16(contenuto):
        raise FoglioRifiutato(
            f"Il file contiene caratteri che un testo non ha: forse è rovinato. {COME_SI_SALVA}"
        )
    return Formato.CSV


def in_utf16(contenuto: bytes) -> bool:
    """Se il testo è in UTF-16: lo dice il segno iniziale, o un nullo ogni due byte."""
    if contenuto.startswith(_BOM_UTF16):
        return True
    inizio = contenuto[:400]
    pari, dispari = inizio[::2].count(0), inizio[1::2].count(0)
    quasi_tutti, quasi_nessuno = len(inizio) * 0.4, len(inizio) * 0.02
    return len(contenuto) % 2 == 0 and (
        (dispari >= quasi_tutti and pari <= quasi_nessuno)
        or (pari >= quasi_tutti and dispari <= quasi_nessuno)
    )


def _rifiuta_altri_tipi(contenuto: bytes) -> None:
    if contenuto.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in contenuto:
            raise FoglioRifiutato(
                "Il file è protetto da una password: non si può leggere. "
                "Aprilo, togli la password e salvalo come .xlsx."
            )
        raise FoglioRifiutato(f"È un file di Excel nel vecchio formato .xls. {COME_SI_SALVA}")
    for inizio, che_cosa in _ALTRI_TIPI:
        if contenuto.startswith(inizio):
            raise FoglioRifiutato(f"Non è un foglio di calcolo: è {che_cosa}. {COME_SI_SALVA}")
    if contenuto[4:12] in (b"ftypheic", b"ftypheix", b"ftypavif", b"ftypmif1"):
        raise FoglioRifiutato(f"Non è un foglio di calcolo: è un'immagine. {COME_SI_SALVA}")
    if contenuto[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGINE):
        raise FoglioRifiutato(
            "Il file è una pagina web, anche se il nome è quello di un foglio: "
            f"molti programmi esportano così. {COME_SI_SALVA}"
        )


def controlla_archivio(archivio: ZipFile) -> None:
    """Guarda l'indice di un libro XLSX; solleva `FoglioRifiutato` con la frase giusta.

    Parti troppe, troppo grandi, troppo compresse, cifrate, con nomi che escono dalla cartella, un
    archivio dentro l'archivio, macro, collegamenti ad altri file.
    """
    parti = archivio.infolist()
    nomi = {parte.filename for parte in parti}
    if len(parti) > _MASSIMO_PARTI:
        raise FoglioRifiutato(
            "Il file contiene troppe parti per essere un foglio di calcolo. "
            "Copia le celle in un file nuovo e salvalo come .xlsx."
        )
    if any(parte.flag_bits & 0x1 for parte in parti):
        raise FoglioRifiutato("L'archivio è cifrato: non si può leggere. Salvalo senza password.")
    if len(nomi) < len(parti) or any(_sospetta(parte) for parte in parti):
        raise FoglioRifiutato(
            "Il file non è fatto come un foglio di calcolo: non viene aperto. "
            "Copia le celle in un file nuovo e salvalo come .xlsx."
        )
    _controlla_grandezza(parti)
    _controlla_contenuto(archivio, nomi)


def _sospetta(parte: ZipInfo) -> bool:
    nome = parte.filename.replace("\\", "/")
    return (
        nome.startswith("/")
        or ".." in nome.split("/")
        or ":" in nome
        or stat.S_ISLNK(parte.external_attr >> 16)
        or parte.compress_type not in (ZIP_STORED, ZIP_DEFLATED)
    )


def _controlla_grandezza(parti: list[ZipInfo]) -> None:
    troppo_compressa = any(
        parte.file_size > _DA_MISURARE
        and parte.file_size > _MASSIMO_RAPPORTO * max(1, parte.compress_size)
        for parte in parti
    )
    if troppo_compressa or sum(parte.file_size for parte in parti) > MASSIMO_SPACCHETTATO:
        raise FoglioRifiutato(
            "Il file, una volta aperto, è troppo grande: al massimo 150 MB. Copia solo le celle "
            "scritte in un file nuovo e salvalo come .xlsx, oppure dividilo in più file."
        )


def _controlla_contenuto(archivio: ZipFile, nomi: set[str]) -> None:
    if "mimetype" in nomi:
        with archivio.open("mimetype") as parte:
            if b"opendocument.spreadsheet" in parte.read(200):
                raise FoglioRifiutato(f"È un foglio di LibreOffice (.ods). {COME_SI_SALVA}")
    if "xl/workbook.bin" in nomi:
        raise FoglioRifiutato(f"È un file di Excel in formato .xlsb. {COME_SI_SALVA}")
    if "xl/workbook.xml" not in nomi:
        raise FoglioRifiutato(
            "È un archivio o un documento, non un foglio di calcolo. Se il foglio è dentro "
            "l'archivio, estrailo e carica quello."
        )
    if any(nome.lower().endswith("vbaproject.bin") for nome in nomi):
        raise FoglioRifiutato(
            "Il file contiene macro, che non si caricano. Aprilo e salvalo come .xlsx."
        )
    if any(nome.startswith("xl/externalLinks/") for nome in nomi):
        raise FoglioRifiutato(
            "Alcune celle prendono il valore da un altro file, che qui non c'è. In Excel: Dati, "
            "Modifica collegamenti, Interrompi collegamento; poi salva e ricarica."
        )
    for nome in nomi:
        with archivio.open(nome) as parte:
            if parte.read(4) == _ZIP:
                raise FoglioRifiutato(
                    "Dentro il foglio c'è un altro archivio o documento. "
                    "Toglilo, oppure copia le celle in un file nuovo, e salva come .xlsx."
                )
