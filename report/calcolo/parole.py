"""Numeri ed elenchi come si scrivono nelle note delle cifre."""

from collections.abc import Iterable
from decimal import Decimal

from report.contenuto import Numero


MENO = "\N{MINUS SIGN}"


def semplice(numero: Numero | None) -> int | float | None:
    """Il numero senza decimali inutili: intero se lo è, altrimenti con la virgola mobile."""
    if numero is None:
        return None
    return int(numero) if numero == int(numero) else float(numero)


def differenza(da: Numero, meno: Numero) -> int | float | None:
    """`da` meno `meno`, esatta anche con i decimali."""
    return semplice(Decimal(str(da)) - Decimal(str(meno)))


def somma(numeri: Iterable[Numero]) -> int | float:
    """La somma, esatta anche con i decimali."""
    return semplice(sum((Decimal(str(numero)) for numero in numeri), Decimal(0)))


def in_cifre(numero: Numero) -> str:
    """Il numero all'italiana: `1.234,5`, `−3`."""
    scritto = f"{semplice(abs(numero)):,}".translate(str.maketrans(",.", ".,"))
    return f"{MENO}{scritto}" if numero < 0 else scritto


def elenco(voci: Iterable[str]) -> str:
    """`a, b e c`; `aziende ed enti`."""
    *prime, ultima = voci
    congiunzione = "ed" if ultima.lstrip("«").lower().startswith("e") else "e"
    return f"{', '.join(prime)} {congiunzione} {ultima}" if prime else ultima


def quanti(numero: int, singolare: str, plurale: str) -> str:
    """`1 conteggio`, `3 conteggi`."""
    return f"{numero} {singolare if numero == 1 else plurale}"
