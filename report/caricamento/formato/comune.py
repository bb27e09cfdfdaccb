"""I mattoni del formato: sigle, righe della fonte, date parziali, numeri. Nulla si converte da sé."""

import re
from calendar import monthrange
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)


class Forma(BaseModel):
    """Ogni pezzo del formato: chiavi note, tipi esatti, immutabile."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_DATA = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
# Cento schede coi numeri più grandi stanno ancora nelle colonne dei totali.
MASSIMO = 100_000_000


def _data_parziale(testo: str) -> str:
    trovata = _DATA.fullmatch(testo)
    try:
        if trovata is None:
            raise ValueError
        anno, mese, giorno = trovata.groups()
        date(int(anno), int(mese), int(giorno or 1))
    except ValueError:
        raise ValueError(
            f"«{testo}» non è una data: si scrive AAAA-MM oppure AAAA-MM-GG"
        ) from None
    return testo


def al_mese(data: str | None) -> bool:
    """Vero se della data si conosce solo il mese."""
    return data is not None and len(data) == len("AAAA-MM")


def primo_giorno(data: str) -> date:
    """Il giorno in cui comincia ciò che comincia in quella data; di un mese, il primo."""
    return date.fromisoformat(f"{data}-01" if al_mese(data) else data)


def ultimo_giorno(data: str) -> date:
    """Il giorno in cui finisce ciò che finisce in quella data; di un mese, l'ultimo."""
    giorno = primo_giorno(data)
    return (
        giorno.replace(day=monthrange(giorno.year, giorno.month)[1]) if al_mese(data) else giorno
    )


def _numero(valore: object) -> object:
    # Per Python `true` è 1: un sì scritto al posto di un numero diventerebbe un uno.
    if isinstance(valore, bool) or not isinstance(valore, int | float):
        raise ValueError(f"dev'essere un numero, non «{valore}»")
    if not abs(valore) <= MASSIMO:
        raise ValueError(f"{valore} è fuori misura")
    return valore


# Le lunghezze massime sono quelle delle colonne che li terranno.
Sigla = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=1, max_length=80)
]
SiglaDiNodo = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=1, max_length=50)
]
Testo = Annotated[str, StringConstraints(min_length=1)]
Unita = Annotated[str, StringConstraints(min_length=1, max_length=30)]
Parola = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Nome = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Titolo = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Riga = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Righe = Annotated[str, StringConstraints(pattern=r"^[0-9]+(-[0-9]+)?(, [0-9]+(-[0-9]+)?)*$")]
Fonte = Annotated[
    str, StringConstraints(pattern=r"^[0-9]+(-[0-9]+)?(, [0-9]+(-[0-9]+)?)*$", max_length=60)
]
Data = Annotated[str, AfterValidator(_data_parziale)]
Quanti = Annotated[int, Field(ge=0, le=MASSIMO)]
Piccolo = Annotated[int, Field(ge=0, le=30_000)]
Scala = Annotated[int, Field(ge=1, le=1000)]
Numero = Annotated[int | float, BeforeValidator(_numero)]


class Citata(Forma):
    """Ciò che ogni voce può dire di sé: da dove viene e che cosa c'è da sapere."""

    righe: Fonte | None = None
    note: Testo | None = None


class Frase(Citata):
    """Una frase, con gli enti che nomina e l'asse che riguarda."""

    testo: Testo
    enti: list[Sigla] = []
    asse: Sigla | None = None
    gruppo: Nome | None = None


class FraseDellHub(Citata):
    """Una frase che l'hub scrive nel rapporto."""

    testo: Testo
