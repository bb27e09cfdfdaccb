"""File fatti per far male a chi li legge: piccoli da scrivere, enormi da aprire."""

import stat
import struct
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from tests.comune.fogli.archivi import ONESTO, con_parte, foglio, libro, rifatto


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOGLIO = "xl/worksheets/sheet1.xml"
TESTI = "xl/sharedStrings.xml"
_TESTA = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def cella_lontana() -> bytes:
    """Due celle: A1 e XFD1048576. Il rettangolo che le contiene ne ha 17 miliardi."""
    return libro(lambda aperto: _due_celle(aperto.add_worksheet("Dati")))


def _due_celle(pagina) -> None:
    pagina.write("A1", "Cognome")
    pagina.write("XFD1048576", "x")


def cella_lontana_nascosta() -> bytes:
    """La stessa, con l'XML scritto in modo che una ricerca di testo non la trovi."""
    celle = (
        "<x:worksheet xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        "<x:sheetData><x:row r='1'><x:c s='0' r='A1'><x:v>1</x:v></x:c></x:row>"
        "<x:row r='2'><x:c s='0' r='&#88;FD1048576'><x:v>1</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    return con_parte(FOGLIO, celle.encode())


def bomba_zip() -> bytes:
    """Duecento MB di spazi in una parte, meno di 300 KB da caricare."""
    return con_parte("xl/media/immagine.bin", b" " * (200 * 1024 * 1024))


def bomba_di_testi() -> bytes:
    """Un solo testo condiviso da 100 MB."""
    testi = b"<sst><si><t>" + b"a" * (100 * 1024 * 1024) + b"</t></si></sst>"
    return con_parte(TESTI, testi)


def testo_ripetuto_ovunque() -> bytes:
    """Un testo da 32.000 caratteri scritto una volta e indicato da centomila celle: 3,2 GB."""
    righe = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d" t="s"><v>0</v></c></row>' % (n, n, n)
        for n in range(1, 50_001)
    )
    libro_ = con_parte(FOGLIO, _TESTA + b"<sheetData>" + righe + b"</sheetData></worksheet>")
    testi = b"<sst><si><t>" + b"abcdefgh" * 4000 + b"</t></si></sst>"
    return rifatto(libro_, lambda nome, dati: testi if nome == TESTI else dati)


def risata() -> bytes:
    """Entità che ne contengono dieci, che ne contengono dieci: un miliardo di parole."""
    entita = "".join(
        f'<!ENTITY r{n} "{f"&r{n - 1};" * 10}">' if n else '<!ENTITY r0 "ah">' for n in range(10)
    )
    testi = f'<?xml version="1.0"?><!DOCTYPE sst [{entita}]><sst><si><t>&r9;</t></si></sst>'
    return con_parte(TESTI, testi.encode())


def entita_esterna() -> bytes:
    """Un'entità che chiede al lettore un file della macchina."""
    testi = (
        '<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>'
    )
    return con_parte(TESTI, testi.encode("utf-16"))


def troppe_colonne() -> bytes:
    return foglio([[f"Colonna {n}" for n in range(201)], list(range(201))])


def troppe_righe() -> bytes:
    """Un libro con 60.001 righe da dieci colonne."""
    riga = b"".join(b'<c r="%%s%%d"><v>%d</v></c>' % n for n in range(10))
    lettere = [bytes([65 + n]) for n in range(10)]
    righe = b"".join(
        b'<row r="%d">' % n
        + riga % tuple(parte for lettera in lettere for parte in (lettera, n))
        + b"</row>"
        for n in range(1, 60_002)
    )
    return con_parte(FOGLIO, _TESTA + b"<sheetData>" + righe + b"</sheetData></worksheet>")


def troppe_unioni() -> bytes:
    """Trentamila unioni alte tutto il foglio, una sull'altra."""
    unite = b'<mergeCell ref="A1:A1048576"/>' * 30_000
    return con_parte(
        FOGLIO, _TESTA + b"<sheetData/><mergeCells>" + unite + b"</mergeCells></worksheet>"
    )


def celle_mai_chiuse() -> bytes:
    """Mezzo mega di celle che cominciano e non finiscono: chi le cerca con cura ricomincia ogni volta."""
    return con_parte(FOGLIO, _TESTA + b'<sheetData><row r="1">' + b'<c r="A1"' * 50_000)


def celle_senza_niente() -> bytes:
    """Quattro milioni di celle vuote e diverse quanto basta a non comprimersi troppo."""
    celle = b"".join(b'<c/><c s="%d"/>' % n for n in range(2_000_000))
    return con_parte(
        FOGLIO, _TESTA + b"<sheetData><row>" + celle + b"</row></sheetData></worksheet>"
    )


def elementi_senza_niente() -> bytes:
    elementi = b"".join(b"<a%d/><a/><a/>" % (n % 999) for n in range(3_000_000))
    return con_parte(FOGLIO, _TESTA + elementi + b"</worksheet>")


def segno_senza_fine() -> bytes:
    """Un attributo di sedici mega: il lettore lo ricomincia a ogni pezzo."""
    valore = b"".join(b"%08d" % (n * 7919) for n in range(2_000_000))
    return con_parte("xl/styles.xml", b'<styleSheet x="' + valore + b'"/>')


def cella_lontana_col_prefisso() -> bytes:
    """La radice non ha prefisso, le celle sì: chi guarda solo i nomi come li scrive la radice non le vede."""
    celle = b'<x:row r="70000"><x:c r="A70000"><x:v>1</x:v></x:c></x:row>'
    testa = _TESTA.replace(
        b"<worksheet ",
        b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ',
    )
    return con_parte(FOGLIO, testa + b"<sheetData>" + celle + b"</sheetData></worksheet>")


def troppe_righe_csv() -> bytes:
    return b"Cognome;Ore\n" + b"Abate;1\n" * 60_000


def zip_troncato() -> bytes:
    contenuto = foglio(ONESTO)
    return contenuto[: len(contenuto) // 2]


def zip_rovinato() -> bytes:
    """L'indice è giusto, i dati di una parte no."""
    contenuto = bytearray(foglio(ONESTO))
    inizio = bytes(contenuto).index(FOGLIO.encode()) + len(FOGLIO) + 20
    contenuto[inizio : inizio + 40] = bytes(40)
    return bytes(contenuto)


def troppe_parti() -> bytes:
    uscita = BytesIO()
    with ZipFile(uscita, "w") as archivio:
        for numero in range(10_000):
            archivio.writestr(f"xl/{numero}.xml", b"")
    return uscita.getvalue()


def con_collegamento_simbolico() -> bytes:
    uscita = BytesIO(foglio(ONESTO))
    voce = ZipInfo("xl/punta")
    voce.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(uscita, "a") as archivio:
        archivio.writestr(voce, "/etc/passwd")
    return uscita.getvalue()


def cifrato() -> bytes:
    """Un libro le cui parti dicono di essere cifrate, nell'indice dell'archivio."""
    contenuto = bytearray(foglio(ONESTO))
    posto = 0
    while (posto := bytes(contenuto).find(b"PK\x01\x02", posto)) >= 0:
        segni = struct.unpack_from("<H", contenuto, posto + 8)[0]
        struct.pack_into("<H", contenuto, posto + 8, segni | 1)
        posto += 4
    return bytes(contenuto)


def archivio_con(nome: str, dati: bytes) -> bytes:
    uscita = BytesIO()
    with ZipFile(uscita, "w") as archivio:
        archivio.writestr(nome, dati)
    return uscita.getvalue()


def virgoletta_mai_chiusa() -> bytes:
    return b'Cognome;Note\nAbate;"aperta\n' + b"Brusa;normale\n" * 200


def linea_enorme() -> bytes:
    """Nove MB e mezzo di testo senza un a capo."""
    return b"Cognome;" + b"a" * (9_500_000)
