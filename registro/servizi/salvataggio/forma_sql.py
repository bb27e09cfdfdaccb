"""La forma normale di una condizione SQL come la scrive PostgreSQL.

Riletta da una copia, la stessa condizione può essere scritta in un altro modo: parentesi che
raggruppano «o» con «o», e le conversioni di un elenco di testi. Qui le due scritture diventano una
sola, senza toccare nulla che cambi il significato.
"""

import re


_TESTO = r"'(?:[^']|'')*'"
_ELENCO = re.compile(
    rf"\(ARRAY\[({_TESTO}::character varying(?:, {_TESTO}::character varying)*)\]\)::text\[\]"
)
_VOCE = re.compile(rf"{_TESTO}::character varying")
_PEZZO = re.compile(rf"{_TESTO}|\"[^\"]*\"|[()]|[^()'\"]+")
_LEGAMI = (" OR ", " AND ")
Ramo = list["str | Ramo"]


def forma_normale(testo: str) -> str:
    """La condizione con gli elenchi convertiti voce per voce e senza parentesi superflue."""
    testo = _ELENCO.sub(
        lambda trovato: f"ARRAY[{_VOCE.sub(lambda v: f'({v[0]})::text', trovato[1])}]", testo
    )
    return _scrivi(_semplice(_albero(testo)))


def _albero(testo: str) -> Ramo:
    """Le parentesi come liste annidate; i testi fra virgolette non si toccano."""
    pila: list[Ramo] = [[]]
    for pezzo in _PEZZO.findall(testo):
        if pezzo == "(":
            pila.append([])
        elif pezzo == ")" and len(pila) > 1:
            ramo = pila.pop()
            pila[-1].append(ramo)
        elif pila[-1] and isinstance(pila[-1][-1], str):
            pila[-1][-1] += pezzo
        else:
            pila[-1].append(pezzo)
    return pila[0]


def _semplice(ramo: Ramo) -> Ramo:
    figli = [figlio if isinstance(figlio, str) else _semplice(figlio) for figlio in ramo]
    if len(figli) == 1 and isinstance(figli[0], list):
        return figli[0]
    legame = _legame(figli)
    if legame is None:
        return figli
    return [
        voce
        for figlio in figli
        for voce in (
            figlio if isinstance(figlio, list) and _legame(figlio) == legame else [figlio]
        )
    ]


def _legame(ramo: Ramo) -> str | None:
    """« OR » o « AND » se il ramo è solo rami uniti da quello; niente negli altri casi."""
    testi = {voce for voce in ramo if isinstance(voce, str)}
    return testi.pop() if len(testi) == 1 and testi <= set(_LEGAMI) else None


def _scrivi(ramo: Ramo) -> str:
    return "".join(voce if isinstance(voce, str) else f"({_scrivi(voce)})" for voce in ramo)
