"""I file fatti per far male: una frase entro due secondi, e chi legge resta in piedi."""

import os
import resource

import pytest

from registro.comune.fogli import lettura
from registro.comune.fogli.guardia import MASSIMO_BYTE, FoglioRifiutato
from registro.comune.fogli.lettura import leggi_foglio
from tests.comune.fogli import ostili
from tests.comune.fogli.archivi import ONESTO, con_parte, foglio


SECONDI = 2

# Prova a fare ciò che un file non deve ottenere, e scrive com'è andata.
SENZA_NIENTE = """
import os, socket
from registro.comune.fogli.lettore import chiuditi
chiuditi()
print('django' in sys.modules, 'celery' in sys.modules, 'REGISTRO_SECRET_KEY' in os.environ)
for gesto in (socket.socket, lambda: open('/etc/hostname')):
    try:
        gesto()
        print('fatto')
    except OSError as errore:
        print(type(errore).__name__)
sys.exit(3)
"""
ROVINATO = "Il file è rovinato e non si può leggere."
ALTRO = "Copia le celle in un file nuovo"

OSTILI = {
    "cella lontana": (ostili.cella_lontana, "alla riga 1.048.576"),
    "cella lontana nascosta": (ostili.cella_lontana_nascosta, "alla riga 1.048.576"),
    "bomba zip": (ostili.bomba_zip, "al massimo 150 MB"),
    "bomba di testi": (ostili.bomba_di_testi, "al massimo 150 MB"),
    "testo ripetuto": (ostili.testo_ripetuto_ovunque, "lo stesso testo lungo ripetuto"),
    "risata": (ostili.risata, "dichiarazioni che un foglio di calcolo non ha"),
    "entità esterna": (ostili.entita_esterna, "dichiarazioni che un foglio di calcolo non ha"),
    "10 MB e un byte": (lambda: b"a" * (MASSIMO_BYTE + 1), "più grande di 10 MB"),
    "200 colonne e una": (
        ostili.troppe_colonne,
        "nella colonna 201: se ne leggono al massimo 200",
    ),
    "60.001 righe": (ostili.troppe_righe, "alla riga 60.001"),
    "celle mai chiuse": (ostili.celle_mai_chiuse, ROVINATO),
    "celle vuote": (ostili.celle_senza_niente, "molte più celle vuote"),
    "elementi vuoti": (ostili.elementi_senza_niente, "molte più celle vuote"),
    "un segno senza fine": (ostili.segno_senza_fine, "molte più celle vuote"),
    "cella lontana col prefisso": (ostili.cella_lontana_col_prefisso, "alla riga 70.000"),
    "60.001 righe CSV": (ostili.troppe_righe_csv, "alla riga 60.001"),
    "zip troncato": (ostili.zip_troncato, ROVINATO),
    "zip rovinato": (ostili.zip_rovinato, ROVINATO),
    "diecimila parti": (ostili.troppe_parti, "troppe parti"),
    "collegamento": (ostili.con_collegamento_simbolico, "non viene aperto"),
    "cifrato": (ostili.cifrato, "cifrato"),
    "nome che esce": (lambda: con_parte("../../x.xml", b"<a/>"), "non viene aperto"),
    "archivio dentro": (lambda: con_parte("xl/e.bin", foglio(ONESTO)), "un altro archivio"),
    "macro": (lambda: con_parte("xl/vbaProject.bin", b"x"), "Il file contiene macro"),
    "troppe unioni": (ostili.troppe_unioni, "troppe celle unite"),
    "altri file": (
        lambda: con_parte("xl/externalLinks/externalLink1.xml", b"<a/>"),
        "Interrompi collegamento",
    ),
    "XML rotto": (lambda: con_parte(ostili.FOGLIO, b"<worksheet><sheetData>"), ROVINATO),
    "virgoletta aperta": (ostili.virgoletta_mai_chiusa, "virgoletta aperta e mai chiusa"),
    "linea enorme": (ostili.linea_enorme, "32.767 caratteri"),
    "nulli": (lambda: b"Cognome;No\0me\nAbate;Lina\n", "caratteri che un testo non ha"),
    "soli a capo": (lambda: b"a;b\n" + b"\n" * 10_000_000, "troppe celle"),
    "soli separatori": (lambda: b"a;b\n" + b"x" + b";" * 9_000_000 + b"x", "nella colonna"),
    "vuoto": (lambda: b" \r\n", "Il file è vuoto"),
    "vecchio Excel": (lambda: ostili.OLE + bytes(512), "vecchio formato .xls"),
    "con password": (
        lambda: ostili.OLE + bytes(100) + "EncryptedPackage".encode("utf-16-le"),
        "protetto da una password",
    ),
    "ods": (
        lambda: ostili.archivio_con("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        "LibreOffice (.ods)",
    ),
    "xlsb": (lambda: ostili.archivio_con("xl/workbook.bin", b"x"), ".xlsb"),
    "zip di foto": (lambda: ostili.archivio_con("a.jpg", b"x"), "Se il foglio è dentro"),
    "pdf": (lambda: b"%PDF-1.7\n...", "è un PDF"),
    "immagine": (lambda: b"\x89PNG\r\n\x1a\n", "è un'immagine"),
    "pagina senza testa": (
        lambda: b'<meta http-equiv="content-type"><table><tr><th>Cognome</th></tr></table>',
        "è una pagina web",
    ),
    "pagina web": (lambda: b"\xef\xbb\xbf <HTML><table>", "è una pagina web"),
}


def secondi_di_cpu() -> float:
    """Il tempo speso da questo processo e da quelli che ha aspettato: non dipende da chi altro gira."""
    tempi = os.times()
    return tempi.user + tempi.system + tempi.children_user + tempi.children_system


@pytest.mark.parametrize("caso", OSTILI)
def test_un_file_ostile_riceve_una_frase_entro_due_secondi(caso):
    prepara, atteso = OSTILI[caso]
    contenuto = prepara()
    prima = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    inizio = secondi_di_cpu()

    with pytest.raises(FoglioRifiutato) as rifiuto:
        leggi_foglio(contenuto)

    assert secondi_di_cpu() - inizio <= SECONDI
    assert atteso in rifiuto.value.frase
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - prima <= 20 * 1024
    assert leggi_foglio(foglio(ONESTO)).fogli[0].righe[1].celle == ("Abate", "Lina")


def test_il_processo_che_legge_non_ha_rete_ne_file_ne_chiavi(monkeypatch):
    monkeypatch.setenv("REGISTRO_SECRET_KEY", "segreta")
    monkeypatch.setattr(lettura, "_AVVIO", lettura._PREPARA + SENZA_NIENTE)
    usciti = []
    originale = lettura.subprocess.run

    def osserva(*argomenti, **opzioni):
        usciti.append(originale(*argomenti, **opzioni))
        return usciti[-1]

    monkeypatch.setattr(lettura.subprocess, "run", osserva)

    with pytest.raises(FoglioRifiutato, match="non si è lasciato leggere"):
        leggi_foglio(b"Cognome;Nome\nAbate;Lina\n")

    assert usciti[0].stdout.decode().split() == ["False"] * 3 + ["OSError"] * 2


def test_un_file_che_non_finisce_mai_si_ferma(monkeypatch):
    monkeypatch.setattr(lettura, "_AVVIO", "import time; time.sleep(60)")
    monkeypatch.setattr(lettura, "SECONDI", 0.2)

    with pytest.raises(FoglioRifiutato, match="troppo complicato"):
        leggi_foglio(b"Cognome;Nome\nAbate;Lina\n")


def test_nel_registro_degli_errori_non_va_cio_che_c_era_nel_file(monkeypatch, caplog):
    monkeypatch.setattr(lettura, "_AVVIO", "raise RuntimeError('Abate Lina')")

    with pytest.raises(FoglioRifiutato):
        leggi_foglio(b"Cognome;Nome\nAbate;Lina\n")

    assert "RuntimeError" in caplog.text
    assert "Abate" not in caplog.text
