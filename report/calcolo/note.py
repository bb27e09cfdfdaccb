"""Ciò che va detto accanto a una cifra: unità, parti scelte, minimi, «circa», silenzi."""

from collections.abc import Iterable, Iterator, Sequence

from report.calcolo.conti import ALMENO, CIRCA, OLTRE, Conto, Stampato, Termine
from report.calcolo.doppioni import sovrapponibili
from report.calcolo.metodi import NUCLEI
from report.calcolo.parole import elenco, in_cifre, quanti
from report.calcolo.piano import Scelta
from report.calcolo.schedario import Schedario
from report.contenuto import AddendoContenuto


AL_PIU_NOMINATI = 5


def note_del_conto(schedario: Schedario, conto: Conto, scelte: Iterable[Scelta] = ()) -> list[str]:
    """Le frasi che dicono com'è fatto il conto e quanto è preciso; di ogni scelta, il perché."""
    return [
        *_unita(conto),
        *_parti_scelte(schedario, conto.letti, scelte),
        *_sovrapposizioni(schedario, conto),
        *_silenzi(schedario, conto),
        *_precisione(conto),
    ]


def _unita(conto: Conto) -> Iterator[str]:
    unita = list(dict.fromkeys(addendo.unita for addendo in conto.letti))
    if len(unita) > 1:
        nucleo = ", ogni nucleo vale uno" if NUCLEI in unita else ""
        yield f"Somma unità diverse: {elenco(unita)}{nucleo}."


def _parti_scelte(
    schedario: Schedario, letti: Sequence[AddendoContenuto], scelte: Iterable[Scelta]
) -> Iterator[str]:
    perche = {(scelta.scheda, scelta.conteggio): scelta.nota for scelta in scelte}
    for addendo in letti:
        intero = schedario.intero(addendo.scheda, addendo.conteggio)
        if intero != addendo.conteggio:
            cosa = schedario.esistente(addendo.scheda, intero).cosa
            yield f"Di «{cosa}» conta la parte «{addendo.cosa}» ({addendo.scheda_titolo})."
            nota = perche.get((addendo.scheda, addendo.conteggio))
            if nota:
                yield nota


def _sovrapposizioni(schedario: Schedario, conto: Conto) -> Iterator[str]:
    for termini in (conto.piu, conto.meno):
        for uno, altro in sovrapponibili(schedario, Conto(termini).letti):
            yield (
                f"«{uno.cosa}» e «{altro.cosa}» ({uno.scheda_titolo}) sono parti dello stesso "
                "intero e potrebbero sovrapporsi: la scheda non lo dice."
            )


def _silenzi(schedario: Schedario, conto: Conto) -> Iterator[str]:
    termini = (*conto.piu, *conto.meno)
    if not termini and conto.vuoto is None:
        yield "Nessuna scheda lo dichiara."
    if not conto.taciuti:
        return
    if len(conto.taciuti) == len(termini):
        yield f"Nessun numero è detto: {_nomi(conto.taciuti)}."
    else:
        fuori = quanti(len(conto.taciuti), "conteggio non detto", "conteggi non detti")
        yield f"Resta fuori {fuori} su {len(termini)}: {_nomi(conto.taciuti)}."
    for termine in conto.taciuti:
        parti = _parti_dette(schedario, termine)
        if parti is not None:
            yield f"Le parti di «{termine.cosa}» fanno {in_cifre(parti)}, ma non è scelto contarle."


def _parti_dette(schedario: Schedario, termine: Termine) -> int | float | None:
    if isinstance(termine, Stampato):
        return None
    return schedario.somma_delle_parti(termine.scheda, termine.conteggio)


def _precisione(conto: Conto) -> Iterator[str]:
    if conto.valore is None:
        if any(t.valore is not None for t in conto.piu) and conto.meno:
            yield "Si toglie un numero di cui si conosce solo il minimo: la differenza non si dice."
        return
    oltre = [termine for termine in conto.piu if termine.approssimazione == OLTRE]
    circa = [t for t in (*conto.piu, *conto.meno) if t.approssimazione == CIRCA]
    if oltre:
        yield f"È un minimo: {_nomi(oltre)}."
    elif conto.approssimazione == ALMENO:
        yield "La somma è un minimo."
    if circa:
        anche = " anche" if conto.approssimazione == ALMENO else ""
        yield f"Comprende{anche} valori «circa»: {_nomi(circa)}."


def _nomi(termini: Iterable[Termine]) -> str:
    tutti = [_nome(termine) for termine in termini]
    if len(tutti) > AL_PIU_NOMINATI:
        altri = len(tutti) - AL_PIU_NOMINATI
        tutti = [*tutti[:AL_PIU_NOMINATI], quanti(altri, "altro", "altri")]
    return elenco(tutti)


def _nome(termine: Termine) -> str:
    if isinstance(termine, Stampato):
        return f"«{termine.cosa}»"
    quanto = ""
    if termine.valore is not None and termine.approssimazione:
        quanto = f", {termine.approssimazione} {in_cifre(termine.valore)}"
    return f"«{termine.cosa}» ({termine.scheda_titolo}{quanto})"
