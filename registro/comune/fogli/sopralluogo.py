"""Un giro sulle parti di un libro XLSX prima di leggerlo: limiti e cose che la lettura non dice.

Il lettore di libri tiene in memoria il rettangolo fra la prima e l'ultima cella: una cella scritta
per sbaglio in fondo al foglio basta a chiedergli centinaia di GB. Qui si scorre l'XML a pezzi e ci
si ferma alla prima cella fuori dai limiti, dicendo quale. Dallo stesso giro escono le formule senza
risultato, gli errori, le colonne nascoste e le celle unite.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from xml.parsers import expat
from xml.parsers.expat import XMLParserType
from zipfile import ZipFile

from registro.comune.fogli.celle import Area, lettere, numero_di_colonna
from registro.comune.fogli.guardia import (
    COME_SI_SALVA,
    MASSIMO_CELLE,
    MASSIMO_COLONNE,
    MASSIMO_RIGHE,
    MASSIMO_SEGNI,
    MASSIMO_TESTI,
    FoglioRifiutato,
)


_PEZZO = 256 * 1024
_MASSIME_UNIONI = 20_000
_COLONNE = {lettere(colonna): colonna for colonna in range(MASSIMO_COLONNE)}
# In fondo a un foglio una riga piena sta in questi byte.
_FONDO = 64 * 1024
_ULTIMA_CELLA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,200}(?<!/)><[fvi]')
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_SENZA_RISULTATO = "la formula non ha un risultato salvato: apri il file in Excel o LibreOffice, salvalo e ricaricalo"
_ERRORE = "la formula dà un errore: correggila nel foglio"


@dataclass
class Rilievo:
    """Ciò che il giro ha visto in un foglio. Le celle sono (riga che si vede, colonna da 0)."""

    guaste: dict[tuple[int, int], str] = field(default_factory=dict)
    unite: list[Area] = field(default_factory=list)
    colonne_nascoste: list[int] = field(default_factory=list)
    righe_nascoste: set[int] = field(default_factory=set)


def sopralluogo(archivio: ZipFile) -> dict[str, Rilievo]:
    """Il rilievo di ogni foglio, per nome.

    Solleva `FoglioRifiutato` per una parte che non è XML, che dichiara entità, o per un foglio
    oltre i limiti di `guardia`.
    """
    _controlla_segni(archivio)
    fogli = _parti_dei_fogli(archivio)
    for nome in archivio.namelist():
        if nome.startswith("xl/sharedStrings"):
            _conta_testi(archivio, nome)
        if nome.endswith((".xml", ".rels")) and nome not in fogli:
            _scorri(archivio, nome)
    rilievi = {}
    for parte, titolo in fogli.items():
        _guarda_in_fondo(archivio, parte, titolo)
        giro = _Giro(titolo)
        _scorri(archivio, parte, giro.ascolta)
        giro.chiudi()
        rilievi[titolo] = giro.rilievo
    return rilievi


def _controlla_segni(archivio: ZipFile) -> None:
    """Ferma, contando e senza leggerlo, un libro che è quasi tutto elementi vuoti o un pezzo solo.

    Leggere un elemento costa mille volte contarlo: milioni di celle senza niente dentro passano
    dalla compressione e tengono occupato il lettore per minuti. Un segno che non finisce mai, il
    lettore lo ricomincia da capo a ogni pezzo.
    """
    segni = celle = 0
    for nome in archivio.namelist():
        chiusa = True
        for pezzo in _pezzi(archivio, nome) if nome.endswith((".xml", ".rels")) else ():
            segni += pezzo.count(b"<")
            celle += pezzo.count(b"<c ") + pezzo.count(b"<c/") + pezzo.count(b"<c>")
            finita = b">" in pezzo
            if segni > MASSIMO_SEGNI or celle > 2 * MASSIMO_CELLE or not (finita or chiusa):
                raise FoglioRifiutato(
                    "Il file contiene molte più celle vuote, o più segni, di quanti ne abbia un foglio "
                    "scritto. Copia solo le celle scritte in un file nuovo e salvalo come .xlsx."
                )
            # Il testo più lungo che una cella contiene può prendersi un pezzo intero, non due.
            chiusa = finita


def _scorri(archivio: ZipFile, nome: str, ascolta: Callable | None = None) -> None:
    """Legge una parte; `ascolta` riceve il lettore prima che cominci."""
    lettore = expat.ParserCreate()
    lettore.ordered_attributes = True
    lettore.StartDoctypeDeclHandler = _rifiuta_dichiarazioni
    if ascolta:
        ascolta(lettore)
    try:
        for pezzo in _pezzi(archivio, nome):
            lettore.Parse(pezzo)
        lettore.Parse(b"", True)
    except expat.ExpatError as errore:
        raise FoglioRifiutato(
            f"Il file è rovinato e non si può leggere. {COME_SI_SALVA}"
        ) from errore


def _rifiuta_dichiarazioni(*_dichiarazione) -> None:
    raise FoglioRifiutato(
        "Il file contiene dichiarazioni che un foglio di calcolo non ha: non viene aperto. "
        "Copia le celle in un file nuovo e salvalo come .xlsx."
    )


def _pezzi(archivio: ZipFile, nome: str) -> Iterator[bytes]:
    with archivio.open(nome) as parte:
        while pezzo := parte.read(_PEZZO):
            yield pezzo


def _parti_dei_fogli(archivio: ZipFile) -> dict[str, str]:
    """Il nome del foglio per ogni parte che lo contiene, come dicono l'indice e i suoi legami."""
    legami = {
        attributi.get("Id"): attributi.get("Target", "")
        for attributi in _attributi(archivio, "xl/_rels/workbook.xml.rels", "Relationship")
    }
    presenti = set(archivio.namelist())
    parti = {}
    for attributi in _attributi(archivio, "xl/workbook.xml", "sheet"):
        legame = next((v for k, v in attributi.items() if k.endswith(":id")), None)
        parte = normpath(join("/xl", legami.get(legame, ""))).lstrip("/")
        if parte in presenti and parte.startswith("xl/worksheets/"):
            parti[parte] = attributi.get("name", "")
    return parti


def _attributi(archivio: ZipFile, nome: str, elemento: str) -> list[dict[str, str]]:
    trovati = []

    def raccogli(tag: str, attributi: list[str]) -> None:
        if tag.rpartition(":")[2] == elemento:
            trovati.append(dict(zip(attributi[::2], attributi[1::2], strict=True)))

    def ascolta(lettore: XMLParserType) -> None:
        lettore.StartElementHandler = raccogli

    if nome in archivio.namelist():
        _scorri(archivio, nome, ascolta)
    return trovati


def _conta_testi(archivio: ZipFile, nome: str) -> None:
    testi = 0
    for pezzo in _pezzi(archivio, nome):
        testi += pezzo.count(b"<si")
        if testi > MASSIMO_TESTI:
            raise FoglioRifiutato("Il file contiene troppi testi diversi. Dividilo in più file.")


def _guarda_in_fondo(archivio: ZipFile, parte: str, titolo: str) -> None:
    """Ferma subito i fogli troppo lunghi: le celle stanno in ordine, basta guardare le ultime."""
    prima, coda, celle = b"", b"", 0
    for pezzo in _pezzi(archivio, parte):
        prima, coda = coda, pezzo
        celle += pezzo.count(b"<v")
    _controlla_celle(celle, titolo)
    for ultima in deque(_ULTIMA_CELLA.finditer((prima + coda)[-_FONDO:]), maxlen=1):
        controlla_posto(int(ultima[2]), numero_di_colonna(ultima[1].decode()), titolo)


def _controlla_celle(celle: int, titolo: str) -> None:
    if celle > MASSIMO_CELLE:
        raise FoglioRifiutato(
            f"{_nel(titolo)} ci sono più di {_migliaia(MASSIMO_CELLE)} celle scritte: troppe per "
            "una volta sola. Dividilo in più file."
        )


def controlla_posto(riga: int, colonna: int, titolo: str) -> None:
    """Solleva `FoglioRifiutato` se una cella scritta sta oltre i limiti; `colonna` conta da 0."""
    if riga > MASSIMO_RIGHE:
        raise FoglioRifiutato(
            f"{_nel(titolo)} c'è qualcosa di scritto alla riga {_migliaia(riga)}: se ne leggono al "
            f"massimo {_migliaia(MASSIMO_RIGHE)}, intestazione compresa. Se è una cella scritta per "
            "sbaglio cancellala, altrimenti dividi il foglio in più file."
        )
    if colonna >= MASSIMO_COLONNE:
        raise FoglioRifiutato(
            f"{_nel(titolo)} c'è qualcosa di scritto nella colonna {_migliaia(colonna + 1)}: se ne "
            f"leggono al massimo {MASSIMO_COLONNE}. Cancella le colonne che non servono."
        )


def _nel(titolo: str) -> str:
    return f"Nel foglio «{titolo}»" if titolo else "Nel file"


def _migliaia(numero: int) -> str:
    return f"{numero:,}".replace(",", ".")


class _Giro:
    """Riceve gli elementi di un foglio nell'ordine in cui sono scritti."""

    def __init__(self, titolo: str) -> None:
        self.titolo = titolo
        self.rilievo = Rilievo()
        self._nomi: dict[str, Callable[[list[str]], None]] = {
            "row": self._apri_riga,
            "c": self._apri_cella,
            "f": self._formula,
            "v": self._valore,
            "is": self._valore,
            "col": self._colonne,
            "mergeCell": self._unite,
        }
        self._lettore: XMLParserType | None = None
        self._riga = 0
        self._nascosta = False
        self._colonna = -1
        self._celle = 0
        # Una formula di cui non si è ancora visto il risultato; se si aspetta che ne arrivi il testo.
        self._aperta = False
        self._aspetta = False
        self._di_testo = False

    def ascolta(self, lettore: XMLParserType) -> None:
        """Riceve da `lettore` gli elementi di un foglio."""
        self._lettore = lettore
        lettore.StartElementHandler = self.elemento

    def elemento(self, tag: str, attributi: list[str]) -> None:
        """Smista un elemento, con qualunque prefisso sia scritto."""
        azione = self._nomi.get(tag)
        if azione is None and ":" in tag:
            azione = self._nomi.get(tag.rpartition(":")[2])
        if azione is not None:
            azione(attributi)

    def chiudi(self) -> None:
        """Segna la formula rimasta senza risultato nell'ultima cella."""
        if not self._aperta:
            return
        self._segna(_SENZA_RISULTATO)
        self._aperta = False
        if self._aspetta:
            self._smetti_di_aspettare()

    def _apri_riga(self, attributi: list[str]) -> None:
        valori = dict(zip(attributi[::2], attributi[1::2], strict=True))
        self.chiudi()
        self._riga = int(valori["r"]) if valori.get("r", "").isdecimal() else self._riga + 1
        self._colonna = -1
        self._nascosta = valori.get("hidden") in ("1", "true")

    def _apri_cella(self, attributi: list[str]) -> None:
        if self._aperta:
            self.chiudi()
        if attributi and attributi[0] == "r":
            posto = attributi[1]
        else:
            posto = dict(zip(attributi[::2], attributi[1::2], strict=True)).get("r", "")
        nome = posto.rstrip("0123456789")
        colonna = _COLONNE.get(nome)
        if colonna is None and nome.isascii() and nome.isupper():
            colonna = numero_di_colonna(nome)
        if colonna is None:
            self._colonna += 1
        else:
            self._colonna = colonna
            self._riga = int(posto[len(nome) :])
        self._di_testo = "str" in attributi
        if "e" in attributi:
            self._segna(_ERRORE)

    def _formula(self, _attributi: list[str]) -> None:
        self._aperta = True

    def _valore(self, _attributi: list[str]) -> None:
        # Dopo una formula un numero vuoto non è un risultato; un testo vuoto sì.
        if self._aperta and not self._di_testo:
            self._aspetta, self._lettore.CharacterDataHandler = True, self._risultato
        else:
            self._aperta = False
        self._celle += 1
        if self._riga > MASSIMO_RIGHE or self._colonna >= MASSIMO_COLONNE:
            controlla_posto(self._riga, self._colonna, self.titolo)
        if self._celle > MASSIMO_CELLE:
            _controlla_celle(self._celle, self.titolo)
        if self._nascosta:
            self.rilievo.righe_nascoste.add(self._riga)

    def _risultato(self, testo: str) -> None:
        if testo.strip():
            self._aperta = False
            self._smetti_di_aspettare()

    def _smetti_di_aspettare(self) -> None:
        self._aspetta, self._lettore.CharacterDataHandler = False, None

    def _segna(self, frase: str) -> None:
        controlla_posto(self._riga, self._colonna, self.titolo)
        self.rilievo.guaste[(self._riga, self._colonna)] = frase

    def _colonne(self, attributi: list[str]) -> None:
        valori = dict(zip(attributi[::2], attributi[1::2], strict=True))
        if valori.get("hidden") in ("1", "true"):
            prima, ultima = int(valori.get("min", 0)), int(valori.get("max", 0))
            fine = min(ultima, MASSIMO_COLONNE)
            self.rilievo.colonne_nascoste.extend(range(prima - 1, fine))

    def _unite(self, attributi: list[str]) -> None:
        dove = dict(zip(attributi[::2], attributi[1::2], strict=True)).get("ref", "")
        posti = _AREA.fullmatch(dove)
        if posti is None:
            return
        if len(self.rilievo.unite) == _MASSIME_UNIONI:
            raise FoglioRifiutato(
                f"{_nel(self.titolo)} ci sono troppe celle unite. Dividile (Home, Separa celle) e "
                "ricarica il file."
            )
        # Un'unione può arrivare in fondo al foglio: oltre i limiti non c'è niente da unire.
        self.rilievo.unite.append(
            Area(
                min(int(posti[2]), MASSIMO_RIGHE),
                min(numero_di_colonna(posti[1]), MASSIMO_COLONNE),
                min(int(posti[4]), MASSIMO_RIGHE),
                min(numero_di_colonna(posti[3]), MASSIMO_COLONNE),
            )
        )
