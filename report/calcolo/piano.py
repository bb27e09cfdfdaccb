"""Il piano delle cifre: quali numeri dà un'edizione e con quale regola. È un dato, non codice.

Si conserva nell'edizione (`Rapporto.regole`) come `Piano.model_dump(mode="json")` e si rilegge con
`leggi_piano`. Chi lo compone da una cartella di dati è `report.calcolo.cartella`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationError,
    model_validator,
)


OVUNQUE = "*"
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ProblemaDelPiano:
    """Una voce del piano che non regge: dove sta (`cifre › individui-asti`) e perché."""

    voce: str
    motivo: str

    def __str__(self) -> str:
        return f"{self.voce}: {self.motivo}"


class PianoErrato(ValueError):
    """Il piano non si può usare. `file`: quello della cartella da correggere, se si sa."""

    def __init__(self, problemi: Iterable[ProblemaDelPiano], file: str | None = None) -> None:
        self.problemi = tuple(problemi)
        self.file = file
        super().__init__("; ".join(str(problema) for problema in self.problemi))


def _numero(valore: Any) -> Any:
    # Per Python `true` è 1: un sì scritto al posto di un numero diventerebbe un uno.
    if isinstance(valore, bool) or not isinstance(valore, int | float) or not isfinite(valore):
        raise ValueError("serve un numero")
    return int(valore) if valore == int(valore) else valore


Sigla = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=80)]
NumeroDelPiano = Annotated[int | float, BeforeValidator(_numero)]


class Modello(BaseModel):
    """Ogni pezzo del piano: immutabile, senza campi che nessuno conosce."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProgettoDelPiano(Modello):
    """Il progetto di cui l'edizione è il rapporto."""

    slug: Sigla
    titolo: str = Field(min_length=1, max_length=200)
    sottotitolo: str = Field("", max_length=200)
    descrizione: str = ""
    dal: date | None = None
    al: date | None = None

    @model_validator(mode="after")
    def _date_in_ordine(self) -> Self:
        if self.dal and self.al and self.al < self.dal:
            raise ValueError("il progetto non può finire prima di cominciare")
        return self


class Riferimento(Modello):
    """Un conteggio di beneficiari di una scheda: `scheda/conteggio` nei dati."""

    scheda: Sigla
    conteggio: Sigla


class RegolaDiConteggio(Modello):
    """Una regola con cui contare le persone in tutte le schede.

    `per_nodo`: il metodo (`report.calcolo.metodi`) di ogni nodo; `"*"` vale per gli altri e per le
    schede senza nodo. `scelta`: è quella dell'edizione. `confronto`: la cifra al cui valore
    pubblicato si accosta il totale.
    """

    id: Sigla
    descrizione: str = Field(min_length=1)
    per_nodo: dict[str, Sigla] = Field(min_length=1)
    scelta: bool = False
    confronto: Sigla | None = None
    nota: str = ""


class Scelta(Modello):
    """In ogni regola, di quella scheda si conta la parte `conteggio` e non il suo intero."""

    scheda: Sigla
    conteggio: Sigla
    al_posto_di: Sigla
    nota: str = ""


class DaRegola(Modello):
    """La cifra conta le schede del suo nodo con una regola del piano o con un metodo."""

    regola: Sigla


class DaAddendi(Modello):
    """La cifra somma i conteggi elencati. `ipotesi`: quella da cui vengono, se ce n'è una."""

    addendi: tuple[Riferimento, ...] = Field(min_length=1)
    ipotesi: Sigla | None = None


class SommaDi(Modello):
    """La cifra somma altre cifre del piano."""

    somma_di: tuple[Sigla, ...] = Field(min_length=1)


class TerminiDellaDifferenza(Modello):
    """Da quale cifra si parte e quali si tolgono."""

    da: Sigla
    meno: tuple[Sigla, ...] = Field(min_length=1)


class Differenza(Modello):
    """La cifra è ciò che resta di un'altra, tolte alcune."""

    differenza: TerminiDellaDifferenza


class ComePubblicata(Modello):
    """Le schede non bastano a rifarla: la cifra si riporta com'era stampata."""

    pubblicata: Literal[True]


MODI_DI_CALCOLO = ("regola", "addendi", "somma_di", "differenza", "pubblicata")


def _modo(calcolo: Any) -> str | None:
    """Il modo di calcolo: il solo campo di `MODI_DI_CALCOLO` che c'è; `None` se non è uno."""
    presenti = (
        calcolo if isinstance(calcolo, Mapping) else getattr(calcolo, "model_fields_set", ())
    )
    trovati = [modo for modo in MODI_DI_CALCOLO if modo in presenti]
    return trovati[0] if len(trovati) == 1 else None


Calcolo = Annotated[
    Annotated[DaRegola, Tag("regola")]
    | Annotated[DaAddendi, Tag("addendi")]
    | Annotated[SommaDi, Tag("somma_di")]
    | Annotated[Differenza, Tag("differenza")]
    | Annotated[ComePubblicata, Tag("pubblicata")],
    Discriminator(_modo),
]


class Ipotesi(Modello):
    """Un altro modo in cui la cifra pubblicata potrebbe essere nata.

    Senza `addendi` vale la `somma` scritta da chi l'ha annotata.
    """

    id: Sigla
    addendi: tuple[Riferimento, ...] = ()
    somma: NumeroDelPiano | None = None
    nota: str = ""


class CifraDelPiano(Modello):
    """Una cifra dell'edizione.

    `nodo`: slug, `None` = tutta la rete. `unita`: `beneficiari` ammette individui e nuclei, `enti`
    ammette enti e aziende, ogni altra unità solo se stessa. `pubblicato`: il numero stampato
    altrove; `derivato`: quello che si ricava per differenza da altri numeri stampati.
    """

    id: Sigla
    etichetta: str = Field(min_length=1, max_length=200)
    definizione: str = ""
    unita: Annotated[str, StringConstraints(max_length=30)] | None = None
    nodo: Sigla | None = None
    calcolo: Calcolo
    pubblicato: NumeroDelPiano | None = None
    derivato: NumeroDelPiano | None = None
    ipotesi: tuple[Ipotesi, ...] = ()
    nota: str = ""


class Piano(Modello):
    """Tutte le cifre di un'edizione, le regole con cui si contano, le scelte fatte."""

    progetto: ProgettoDelPiano
    regole: tuple[RegolaDiConteggio, ...] = ()
    scelte: tuple[Scelta, ...] = ()
    cifre: tuple[CifraDelPiano, ...] = ()


_MOTIVI = {
    "missing": "manca",
    "extra_forbidden": "campo che il formato non prevede",
    "too_short": "serve almeno una voce",
    "string_too_short": "non può essere vuoto",
    "string_too_long": "è troppo lungo",
    "union_tag_not_found": f"serve uno solo fra {', '.join(MODI_DI_CALCOLO)}",
    "string_pattern_mismatch": "non è una sigla: solo minuscole, cifre e trattini",
}


def leggi_piano(dati: Mapping[str, Any]) -> Piano:
    """Il piano contenuto in `dati` (JSON o YAML già letto).

    Solleva `PianoErrato`, con un problema per voce, se la forma non è quella di `Piano`.
    """
    return leggi_modello(Piano, dati)


def leggi_modello(modello: type[M], dati: Any, file: str | None = None) -> M:
    """`dati` come `modello`; se la forma è sbagliata solleva `PianoErrato` con frasi italiane."""
    try:
        return modello.model_validate(dati)
    except ValidationError as errore:
        dettagli = errore.errors(include_url=False)
        raise PianoErrato((_problema(uno, dati) for uno in dettagli), file) from errore


def _problema(dettaglio: Mapping[str, Any], dati: Any) -> ProblemaDelPiano:
    voce = " › ".join(_percorso(dettaglio["loc"], dati)) or "tutto il file"
    motivo = _MOTIVI.get(dettaglio["type"])
    if motivo is None and dettaglio["type"] == "value_error":
        motivo = str(dettaglio["ctx"]["error"])
    return ProblemaDelPiano(voce, motivo or f"valore non ammesso: {dettaglio['input']!r}")


def _percorso(posto: Iterable[str | int], dati: Any) -> Iterator[str]:
    """Il posto di un errore con la sigla della voce, dove c'è, invece del suo numero d'ordine."""
    for pezzo in posto:
        try:
            dati = dati[pezzo]
        except (KeyError, IndexError, TypeError):
            dati = None
        sigla = dati.get("id") if isinstance(dati, Mapping) else None
        yield str(sigla if isinstance(pezzo, int) and sigla else pezzo)
