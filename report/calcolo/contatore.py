"""Dalle schede e dal piano al conto di ogni cifra."""

from collections.abc import Mapping

from report.calcolo.conti import Conto, Stampato, togli, unisci
from report.calcolo.metodi import METODI, Metodo
from report.calcolo.piano import (
    OVUNQUE,
    CifraDelPiano,
    ComePubblicata,
    DaAddendi,
    DaRegola,
    Differenza,
    Piano,
    Scelta,
    SommaDi,
)
from report.calcolo.schedario import Schedario


class Contatore:
    """Fa i conti di un piano sulle schede di uno schedario. Vuole un piano senza problemi."""

    def __init__(self, schedario: Schedario, piano: Piano) -> None:
        self.schedario = schedario
        self._cifre = {cifra.id: cifra for cifra in piano.cifre}
        self._regole: dict[str, Mapping[str, str]] = {r.id: r.per_nodo for r in piano.regole}
        self._scelte = _scelte_per_scheda(piano.scelte)
        self._fatti: dict[str, Conto] = {}

    def con_regola(self, regola: str, nodo: str | None) -> Conto:
        """Il conto di una regola del piano (o di un metodo) in un nodo; `None` = tutta la rete."""
        return Conto(
            tuple(
                self.schedario.addendo(scheda.slug, conteggio.slug)
                for scheda in self.schedario.del_nodo(nodo)
                for conteggio in self._metodo(regola, scheda.nodo).scegli(
                    scheda.conteggi, self._scelte.get(scheda.slug, {})
                )
            )
        )

    def della_cifra(self, sigla: str) -> Conto:
        """Il conto di una cifra del piano."""
        if sigla not in self._fatti:
            self._fatti[sigla] = self._fai(self._cifre[sigla])
        return self._fatti[sigla]

    def _metodo(self, regola: str, nodo: str | None) -> Metodo:
        per_nodo = self._regole.get(regola)
        if per_nodo is None:
            return METODI[regola]
        return METODI[per_nodo[nodo] if nodo in per_nodo else per_nodo[OVUNQUE]]

    def _fai(self, cifra: CifraDelPiano) -> Conto:
        match cifra.calcolo:
            case DaRegola(regola=regola):
                return self.con_regola(regola, cifra.nodo)
            case DaAddendi(addendi=addendi):
                return Conto(tuple(self.schedario.addendo(a.scheda, a.conteggio) for a in addendi))
            case SommaDi(somma_di=cifre):
                return unisci(self.della_cifra(altra) for altra in cifre)
            case Differenza(differenza=termini):
                tolte = [self.della_cifra(altra) for altra in termini.meno]
                return togli(self.della_cifra(termini.da), tolte)
            case ComePubblicata():
                return Conto((Stampato(cifra.id, cifra.etichetta, cifra.pubblicato),))


def _scelte_per_scheda(scelte: tuple[Scelta, ...]) -> dict[str, dict[str, list[str]]]:
    per_scheda: dict[str, dict[str, list[str]]] = {}
    for scelta in scelte:
        parti = per_scheda.setdefault(scelta.scheda, {}).setdefault(scelta.al_posto_di, [])
        if scelta.conteggio not in parti:
            parti.append(scelta.conteggio)
    return per_scheda
