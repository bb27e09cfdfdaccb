"""La regola di una cifra, come sigla e come frase."""

from report.calcolo.metodi import METODI
from report.calcolo.parole import elenco
from report.calcolo.piano import (
    CifraDelPiano,
    ComePubblicata,
    DaAddendi,
    DaRegola,
    Differenza,
    Piano,
    SommaDi,
)


def nome_della_regola(cifra: CifraDelPiano) -> str:
    """La sigla della regola: quella del piano o del metodo, o il modo di calcolo."""
    match cifra.calcolo:
        case DaRegola(regola=regola):
            return regola
        case DaAddendi():
            return "addendi-indicati"
        case SommaDi():
            return "somma-di-cifre"
        case Differenza():
            return "differenza"
        case ComePubblicata():
            return "come-pubblicato"


def regola_in_parole(cifra: CifraDelPiano, piano: Piano) -> str:
    """La frase che dice come si è contato."""
    etichette = {altra.id: f"«{altra.etichetta}»" for altra in piano.cifre}
    match cifra.calcolo:
        case DaRegola(regola=regola):
            descrizioni = {r.id: r.descrizione for r in piano.regole}
            return descrizioni.get(regola) or METODI[regola].descrizione
        case DaAddendi(ipotesi=None):
            return "Somma dei conteggi che il rapporto stesso indica."
        case DaAddendi(ipotesi=ipotesi):
            return f"Somma dei conteggi dell'ipotesi «{ipotesi}»."
        case SommaDi(somma_di=cifre):
            return f"Somma di {elenco(etichette[altra] for altra in cifre)}."
        case Differenza(differenza=termini):
            tolte = elenco(etichette[altra] for altra in termini.meno)
            return f"{etichette[termini.da]} meno {tolte}."
        case ComePubblicata() if cifra.pubblicato is None:
            return "Nessuna: il numero non è stampato e le schede non lo danno."
        case ComePubblicata():
            return "Nessuna: il numero è quello stampato."
