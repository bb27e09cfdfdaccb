"""Un conto: i termini che si sommano e quelli che si tolgono, e quanto fanno.

Le cifre si combinano per termini, non per risultati: togliendo da un totale le cifre che lo
formano restano proprio i termini degli altri, anche quando qualcuno non è detto.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from report.calcolo.parole import somma
from report.contenuto import AddendoContenuto, Numero


ALMENO = "almeno"
CIRCA = "circa"
OLTRE = "oltre"


@dataclass(frozen=True, slots=True)
class Stampato:
    """Un numero che non viene dalle schede: il valore pubblicato di un'altra cifra."""

    cifra: str
    cosa: str
    valore: Numero | None
    approssimazione: str | None = None


Termine = AddendoContenuto | Stampato


@dataclass(frozen=True, slots=True)
class Conto:
    """Termini da sommare e da togliere. Senza termini vale `vuoto` (di norma `None`: non detto)."""

    piu: tuple[Termine, ...] = ()
    meno: tuple[Termine, ...] = ()
    vuoto: Numero | None = None

    @property
    def addendi(self) -> tuple[AddendoContenuto, ...]:
        """I conteggi che, sommati, danno la cifra: nessuno, se la cifra non è una somma."""
        if self.meno or any(isinstance(termine, Stampato) for termine in self.piu):
            return ()
        return self.piu

    @property
    def letti(self) -> tuple[AddendoContenuto, ...]:
        """Tutti i conteggi letti dalle schede, sommati o tolti."""
        return tuple(t for t in (*self.piu, *self.meno) if isinstance(t, AddendoContenuto))

    @property
    def taciuti(self) -> tuple[Termine, ...]:
        """I termini senza valore."""
        return tuple(t for t in (*self.piu, *self.meno) if t.valore is None)

    @property
    def valore(self) -> int | float | None:
        """Quanto fa, lasciando fuori ciò che non è detto.

        `None` se nulla è detto, o se si toglie un numero di cui si conosce solo il minimo: il
        risultato non avrebbe né un minimo né un massimo noto.
        """
        if not self.piu and not self.meno:
            return self.vuoto
        detti = [termine.valore for termine in self.piu if termine.valore is not None]
        if not detti or any(_solo_minimo(termine) for termine in self.meno):
            return None
        return somma([*detti, *(-termine.valore for termine in self.meno)])

    @property
    def approssimazione(self) -> str | None:
        """`almeno` se un termine manca o è un minimo, `circa` se uno è circa, altrimenti esatto."""
        if self.valore is None:
            return None
        if any(_solo_minimo(termine) for termine in self.piu):
            return ALMENO
        tutti = (*self.piu, *self.meno)
        return CIRCA if any(termine.approssimazione == CIRCA for termine in tutti) else None


def unisci(conti: Iterable[Conto]) -> Conto:
    """La somma di più conti."""
    tutti = tuple(conti)
    return _semplifica(
        [termine for conto in tutti for termine in conto.piu],
        [termine for conto in tutti for termine in conto.meno],
        next((conto.vuoto for conto in tutti if conto.vuoto is not None), None),
    )


def togli(da: Conto, meno: Iterable[Conto]) -> Conto:
    """Ciò che resta di `da` tolti gli altri: zero, se gli altri hanno gli stessi termini.

    Se `da` non ha valore neanche il resto ne ha.
    """
    tolti = tuple(meno)
    return _semplifica(
        [*da.piu, *(termine for conto in tolti for termine in conto.meno)],
        [*da.meno, *(termine for conto in tolti for termine in conto.piu)],
        None if da.valore is None else 0,
    )


def _semplifica(piu: list[Termine], meno: list[Termine], vuoto: Numero | None) -> Conto:
    restano, tolti = list(piu), []
    for termine in meno:
        if termine in restano:
            restano.remove(termine)
        else:
            tolti.append(termine)
    return Conto(tuple(restano), tuple(tolti), vuoto)


def _solo_minimo(termine: Termine) -> bool:
    return termine.valore is None or termine.approssimazione == OLTRE
