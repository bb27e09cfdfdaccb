"""Gli elenchi di `dati/tassonomie/`: paesi, comuni e le liste brevi delle schede.

Qui stanno quelli che non cambiano mentre il programma gira e che nessuna riga indica con una
chiave: bastano in memoria. Bisogni, condizioni, chiusure, servizi ed esiti sono invece tabelle
(`assi`), perché le loro voci si chiudono con una data. Il lettore è lo stesso, ed è severo: una colonna in più o un
codice ripetuto ferma la lettura.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings


CARTELLA = Path(settings.CARTELLA_BASE) / "dati" / "tassonomie"


class TassonomiaErrata(ValueError):
    """Un file che non si può leggere; `problemi` sono frasi che dicono file, riga e motivo."""

    def __init__(self, problemi: Sequence[str]) -> None:
        self.problemi = tuple(problemi)
        super().__init__("\n".join(self.problemi))


@dataclass(frozen=True, slots=True)
class Riga:
    """Una riga letta: `dove` la nomina a una persona («bisogni.csv, riga 3»)."""

    dove: str
    valori: dict[str, str]

    def __getitem__(self, colonna: str) -> str:
        return self.valori[colonna]


@dataclass(frozen=True, slots=True)
class VoceDiLista:
    """Una voce di una lista breve; `nota` la spiega, e spesso è vuota."""

    codice: str
    nome: str
    nota: str = ""


@dataclass(frozen=True, slots=True)
class Paese:
    """Uno stato. `catastale` (Z + tre cifre) è quello dei codici fiscali; vuoto per l'Italia."""

    iso2: str
    istat: str
    catastale: str
    nome: str
    continente: str
    gruppo: str


@dataclass(frozen=True, slots=True)
class Comune:
    """Un comune del Piemonte; `provincia` è la sigla."""

    istat: str
    catastale: str
    nome: str
    provincia: str


@dataclass(frozen=True, slots=True)
class _Lista:
    """Dove sta una lista breve: le sue colonne, la prima è il codice."""

    file: str
    colonne: tuple[str, ...] = ("codice", "nome", "stato")
    nota: str = ""


_VALORI = ("valore", "nome", "ancora")
LISTE = {
    "genere": _Lista("persone/genere.csv", ("codice", "nome", "uso", "stato")),
    "cf_assenza_motivo": _Lista("persone/cf_assenza_motivo.csv"),
    "residenza_tipo": _Lista("persone/residenza_tipo.csv"),
    "tipologie_familiari": _Lista(
        "persone/tipologie_familiari.csv", ("codice", "nome", "minori", "fonte", "stato")
    ),
    "gravita": _Lista("bisogni/gravita.csv", _VALORI, nota="ancora"),
    "stati_bisogno": _Lista("bisogni/stati_bisogno.csv", ("codice", "nome")),
    "macroaree": _Lista("servizi/macroaree.csv", ("codice", "nome", "origine", "stato")),
    "scala_1_10": _Lista("valutazione/scala_1_10.csv", ("valore", "nome")),
}
_PAESI = (
    "iso2",
    "iso3",
    "m49",
    "istat",
    "catastale_estero",
    "nome",
    "continente",
    "gruppo",
    "catastale_confermato_da_python_codicefiscale",
)
_COMUNI = (
    "codice_istat",
    "codice_catastale",
    "nome",
    "sigla_provincia",
    "provincia",
    "capoluogo",
    "nuts3_2024",
    "pop_2023",
    "pop_2023_f",
    "pop_2023_m",
)


def leggi(percorso: Path, colonne: Sequence[str]) -> tuple[Riga, ...]:
    """Le righe di un CSV che ha esattamente `colonne`; la prima è la chiave, mai vuota né ripetuta.

    Le celle escono senza spazi intorno. Solleva `TassonomiaErrata` con tutti i problemi del file.
    """
    nome = percorso.name
    try:
        with percorso.open(encoding="utf-8-sig", newline="") as file:
            lettore = csv.reader(file, strict=True)
            _controlla_colonne(nome, next(lettore, []), colonne)
            numerate = [(lettore.line_num, celle) for celle in lettore if celle]
    except (OSError, UnicodeDecodeError, csv.Error) as errore:
        raise TassonomiaErrata([f"{nome}: {_perche(errore)}"]) from errore
    problemi, righe, viste = [], [], {}
    for numero, celle in numerate:
        dove = f"{nome}, riga {numero}"
        codice = celle[0].strip()
        if motivo := _motivo(codice, len(celle), len(colonne), viste):
            problemi.append(f"{dove}: {motivo}")
            continue
        viste[codice] = numero
        puliti = (cella.strip() for cella in celle)
        righe.append(Riga(dove, dict(zip(colonne, puliti, strict=True))))
    if not numerate:
        problemi.append(f"{nome}: non ha voci")
    if problemi:
        raise TassonomiaErrata(problemi)
    return tuple(righe)


def _controlla_colonne(nome: str, trovate: Sequence[str], attese: Sequence[str]) -> None:
    problemi = [
        *(f"{nome}, riga 1: colonna sconosciuta «{c}»" for c in trovate if c not in attese),
        *(f"{nome}, riga 1: manca la colonna «{c}»" for c in attese if c not in trovate),
    ]
    if not problemi and list(trovate) != list(attese):
        problemi = [f"{nome}, riga 1: le colonne vanno in quest'ordine: {', '.join(attese)}"]
    if problemi:
        raise TassonomiaErrata(problemi)


def _motivo(codice: str, celle: int, colonne: int, viste: dict[str, int]) -> str:
    """Perché una riga non va; vuoto se va."""
    if celle != colonne:
        return f"ha {celle} celle invece di {colonne}"
    if not codice:
        return "manca il codice"
    if codice in viste:
        return f"il codice «{codice}» c'è già alla riga {viste[codice]}"
    return ""


def _perche(errore: Exception) -> str:
    if isinstance(errore, FileNotFoundError):
        return "il file non c'è"
    if isinstance(errore, OSError):
        return f"il file non si legge ({errore.strerror})"
    if isinstance(errore, UnicodeDecodeError):
        return "il testo non è in UTF-8"
    return f"non è un CSV leggibile ({errore})"


@cache
def voci(lista: str) -> tuple[VoceDiLista, ...]:
    """Le voci di una lista breve, nell'ordine del file. `lista` è una chiave di `LISTE`."""
    forma = LISTE[lista]
    return tuple(
        VoceDiLista(riga[forma.colonne[0]], riga["nome"], riga[forma.nota] if forma.nota else "")
        for riga in leggi(CARTELLA / forma.file, forma.colonne)
    )


def scelte(lista: str) -> list[tuple[str, str]]:
    """Le voci di una lista breve come coppie (codice, nome), per un modulo o un campo."""
    return [(voce.codice, voce.nome) for voce in voci(lista)]


@cache
def paesi() -> tuple[Paese, ...]:
    """Gli stati, per nome come nel file; il primo è «Apolide», codice `XX`."""
    return tuple(
        Paese(
            iso2=riga["iso2"],
            istat=riga["istat"],
            catastale=riga["catastale_estero"],
            nome=riga["nome"],
            continente=riga["continente"],
            gruppo=riga["gruppo"],
        )
        for riga in leggi(CARTELLA / "persone" / "paesi.csv", _PAESI)
    )


@cache
def comuni() -> tuple[Comune, ...]:
    """I comuni del Piemonte, nell'ordine dei codici ISTAT."""
    return tuple(
        Comune(
            istat=riga["codice_istat"],
            catastale=riga["codice_catastale"],
            nome=riga["nome"],
            provincia=riga["sigla_provincia"],
        )
        for riga in leggi(CARTELLA / "geo" / "comuni_piemonte.csv", _COMUNI)
    )


@cache
def _luoghi() -> dict[str, str]:
    dei_paesi = {paese.catastale: paese.nome for paese in paesi() if paese.catastale}
    return dei_paesi | {c.catastale: f"{c.nome} ({c.provincia})" for c in comuni()}


def luogo_catastale(codice: str) -> str | None:
    """Il nome del luogo di un codice catastale («A182», «Z329»); None se non è fra i nostri."""
    return _luoghi().get(codice)
