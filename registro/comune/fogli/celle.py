"""Ciò che esce da un foglio: celle con il loro tipo e righe col numero che si vede nel foglio."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from string import ascii_uppercase

from registro.comune.fogli.guardia import Formato


@dataclass(frozen=True, slots=True)
class CellaGuasta:
    """Una cella che c'è ma non ha un valore da leggere; `frase` dice perché. Non è una cella vuota."""

    frase: str


Cella = str | int | float | bool | date | datetime | time | timedelta | CellaGuasta | None


@dataclass(frozen=True, slots=True)
class Riga:
    """Una riga scritta: `numero` è quello che si vede nel foglio; le celle partono dalla colonna A."""

    numero: int
    celle: tuple[Cella, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Celle unite, estremi compresi: righe come si vedono, colonne da 0."""

    prima_riga: int
    prima_colonna: int
    ultima_riga: int
    ultima_colonna: int


@dataclass(frozen=True, slots=True)
class Foglio:
    """Un foglio del libro. `righe` ha solo quelle con almeno una cella scritta.

    `colonne_nascoste` conta da 0; `righe_nascoste` è quante, fra quelle scritte, non si vedono.
    """

    nome: str
    righe: tuple[Riga, ...]
    nascosto: bool = False
    unite: tuple[Area, ...] = ()
    colonne_nascoste: tuple[int, ...] = ()
    righe_nascoste: int = 0


@dataclass(frozen=True, slots=True)
class Libro:
    """Un file letto. `codifica` e `separatore` sono quelli riconosciuti in un CSV, altrimenti vuoti."""

    formato: Formato
    fogli: tuple[Foglio, ...] = field(default_factory=tuple)
    codifica: str = ""
    separatore: str = ""


def lettere(colonna: int) -> str:
    """Il nome di una colonna contata da 0: 0 è «A», 26 è «AA»."""
    nome, resto = "", colonna + 1
    while resto:
        resto, lettera = divmod(resto - 1, 26)
        nome = ascii_uppercase[lettera] + nome
    return nome


def numero_di_colonna(nome: str) -> int:
    """L'inverso di `lettere`: «A» è 0. `nome` in maiuscole."""
    numero = 0
    for lettera in nome:
        numero = numero * 26 + ord(lettera) - 64
    return numero - 1


def vuota(cella: Cella) -> bool:
    """Se una cella non ha niente da leggere: nessun valore o soli spazi."""
    return cella is None or (isinstance(cella, str) and not cella.strip())
