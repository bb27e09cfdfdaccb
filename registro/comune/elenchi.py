"""Gli elenchi che si ordinano toccando un'intestazione."""

from collections.abc import Iterable


_VERSI = {"": "ascending", "-": "descending"}


def colonne_ordinabili(colonne: Iterable[tuple[str, str]], ordine: str) -> list[dict[str, str]]:
    """Le intestazioni: dove porta il tocco e come lo dicono a chi ascolta (`aria-sort`).

    `colonne`: coppie (chiave, titolo). `ordine`: la chiave in uso, con «-» davanti se al
    contrario. Toccando la colonna già in uso si rovescia il verso.
    """
    return [
        {
            "titolo": titolo,
            "ordine": f"-{nome}" if ordine == nome else nome,
            "verso": _VERSI[ordine.removesuffix(nome)] if ordine in (nome, f"-{nome}") else "",
        }
        for nome, titolo in colonne
    ]
