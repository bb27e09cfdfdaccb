"""Il conto di una cifra scritto in chiaro: `circa 270 + 28 + 260 = circa 558`."""

from collections.abc import Iterable

from report.calcolo.contatore import Contatore
from report.calcolo.conti import Conto, Termine
from report.calcolo.parole import MENO, in_cifre
from report.calcolo.piano import CifraDelPiano, ComePubblicata, DaRegola, Differenza, SommaDi
from report.contenuto import AddendoContenuto, Numero


NON_DETTO = "non detto"
LUNGHEZZA_MASSIMA = 300


def aritmetica_della_cifra(cifra: CifraDelPiano, conto: Conto, contatore: Contatore) -> str:
    """Il conto in chiaro; vuoto se non c'è nulla da contare.

    Una somma e una differenza di cifre mostrano le cifre, una cifra di tutta la rete contata con una
    regola mostra quanto danno i nodi, le altre i conteggi. Se non sta in `LUNGHEZZA_MASSIMA` caratteri resta il numero dei conteggi, che sono comunque fra gli addendi.
    """
    risultato = _scritto(conto.valore, conto.approssimazione)
    match cifra.calcolo:
        case ComePubblicata():
            return ""
        case SommaDi(somma_di=cifre):
            sinistra = " + ".join(_di_cifre(cifre, contatore))
        case Differenza(differenza=termini):
            sinistra = f" {MENO} ".join(_di_cifre((termini.da, *termini.meno), contatore))
        case DaRegola() if cifra.nodo is None:
            sinistra = " + ".join(_dei_nodi(conto, contatore))
        case _:
            sinistra = " + ".join(_dei_termini(conto.piu))
    if not sinistra:
        return ""
    intera = f"{sinistra} = {risultato}"
    if len(intera) <= LUNGHEZZA_MASSIMA:
        return intera
    return f"somma di {len(conto.letti)} conteggi = {risultato}"


def _di_cifre(cifre: Iterable[str], contatore: Contatore) -> Iterable[str]:
    return _dei_termini(contatore.della_cifra(sigla) for sigla in cifre)


def _dei_nodi(conto: Conto, contatore: Contatore) -> Iterable[str]:
    """Quanto dà ogni nodo; i conteggi, se ce n'è uno solo."""
    per_nodo: dict[str | None, list[AddendoContenuto]] = {}
    for addendo in conto.addendi:
        nodo = contatore.schedario.schede[addendo.scheda].nodo
        per_nodo.setdefault(nodo, []).append(addendo)
    parziali = [Conto(tuple(addendi)) for addendi in per_nodo.values()]
    return _dei_termini(parziali if len(parziali) > 1 else conto.piu)


def _dei_termini(termini: Iterable[Conto | Termine]) -> Iterable[str]:
    return (_scritto(termine.valore, termine.approssimazione) for termine in termini)


def _scritto(valore: Numero | None, approssimazione: str | None) -> str:
    if valore is None:
        return NON_DETTO
    return f"{approssimazione} {in_cifre(valore)}" if approssimazione else in_cifre(valore)
