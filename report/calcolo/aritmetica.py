"""Il conto di una cifra scritto in chiaro: `circa 270 + 28 + 260 = circa 558`."""

from collections.abc import Iterable

from report.calcolo.contatore import Contatore
from report.calcolo.conti import Conto
from report.calcolo.parole import MENO, in_cifre
from report.calcolo.piano import CifraDelPiano, ComePubblicata, Differenza, SommaDi
from report.contenuto import Numero


NON_DETTO = "non detto"
LUNGHEZZA_MASSIMA = 300


def aritmetica_della_cifra(cifra: CifraDelPiano, conto: Conto, contatore: Contatore) -> str:
    """Il conto in chiaro; vuoto se non c'è nulla da contare.

    Una somma e una differenza di cifre mostrano le cifre, le altre i conteggi. Se non sta in
    `LUNGHEZZA_MASSIMA` caratteri resta il numero dei conteggi, che sono comunque fra gli addendi.
    """
    risultato = _scritto(conto.valore, conto.approssimazione)
    match cifra.calcolo:
        case ComePubblicata():
            return ""
        case SommaDi(somma_di=cifre):
            sinistra = " + ".join(_di_cifre(cifre, contatore))
        case Differenza(differenza=termini):
            sinistra = f" {MENO} ".join(_di_cifre((termini.da, *termini.meno), contatore))
        case _:
            sinistra = " + ".join(_scritto(t.valore, t.approssimazione) for t in conto.piu)
    if not sinistra:
        return ""
    intera = f"{sinistra} = {risultato}"
    if len(intera) <= LUNGHEZZA_MASSIMA:
        return intera
    return f"somma di {len(conto.letti)} conteggi = {risultato}"


def _di_cifre(cifre: Iterable[str], contatore: Contatore) -> Iterable[str]:
    for sigla in cifre:
        conto = contatore.della_cifra(sigla)
        yield _scritto(conto.valore, conto.approssimazione)


def _scritto(valore: Numero | None, approssimazione: str | None) -> str:
    if valore is None:
        return NON_DETTO
    return f"{approssimazione} {in_cifre(valore)}" if approssimazione else in_cifre(valore)
