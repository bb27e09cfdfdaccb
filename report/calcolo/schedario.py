"""Le schede viste da chi conta: i conteggi per sigla e i legami fra loro."""

from collections.abc import Iterable

from report.calcolo.parole import semplice, somma
from report.contenuto import AddendoContenuto, ConteggioContenuto, SchedaContenuto


class Schedario:
    """Le schede di un'edizione, nell'ordine dato, con i loro conteggi a portata di mano."""

    def __init__(self, schede: Iterable[SchedaContenuto]) -> None:
        self.schede = {scheda.slug: scheda for scheda in schede}
        self._conteggi = {
            (scheda.slug, conteggio.slug): conteggio
            for scheda in self.schede.values()
            for conteggio in scheda.conteggi
        }

    def del_nodo(self, nodo: str | None) -> list[SchedaContenuto]:
        """Le schede di un nodo; con `None` quelle di tutta la rete."""
        return [s for s in self.schede.values() if nodo is None or s.nodo == nodo]

    def conteggio(self, scheda: str, conteggio: str) -> ConteggioContenuto | None:
        """Il conteggio con quelle sigle, `None` se non c'è."""
        return self._conteggi.get((scheda, conteggio))

    def esistente(self, scheda: str, conteggio: str) -> ConteggioContenuto:
        """Il conteggio con quelle sigle; solleva `KeyError` se non c'è."""
        return self._conteggi[scheda, conteggio]

    def addendo(self, scheda: str, conteggio: str) -> AddendoContenuto:
        """Il conteggio come addendo di una cifra; solleva `KeyError` se non c'è."""
        trovato = self.esistente(scheda, conteggio)
        return AddendoContenuto(
            scheda=scheda,
            scheda_titolo=self.schede[scheda].titolo,
            conteggio=conteggio,
            cosa=trovato.cosa,
            unita=trovato.unita,
            valore=semplice(trovato.valore),
            approssimazione=trovato.approssimazione,
        )

    def antenati(self, scheda: str, conteggio: str) -> tuple[str, ...]:
        """Le sigle degli interi di cui il conteggio è parte, dal più vicino al più grande."""
        trovati: list[str] = []
        attuale = self.conteggio(scheda, conteggio)
        while attuale is not None and attuale.parte_di and attuale.parte_di not in trovati:
            trovati.append(attuale.parte_di)
            attuale = self.conteggio(scheda, attuale.parte_di)
        return tuple(trovati)

    def stirpe(self, scheda: str, conteggio: str) -> tuple[str, ...]:
        """La sigla del conteggio seguita da quelle dei suoi interi."""
        return (conteggio, *self.antenati(scheda, conteggio))

    def intero(self, scheda: str, conteggio: str) -> str:
        """La sigla dell'intero più grande di cui il conteggio è parte: lui stesso, se è intero."""
        return self.stirpe(scheda, conteggio)[-1]

    def somma_delle_parti(self, scheda: str, conteggio: str) -> int | float | None:
        """Quanto fa la prima ripartizione detta per intero; `None` se non ce n'è una.

        Vale solo per le parti con la stessa etichetta di `ripartizione`: le altre possono
        sovrapporsi.
        """
        parti = [
            c
            for c in self.schede[scheda].conteggi
            if c.parte_di == conteggio and c.ripartizione is not None
        ]
        for etichetta in dict.fromkeys(c.ripartizione for c in parti):
            valori = [c.valore for c in parti if c.ripartizione == etichetta]
            if None not in valori:
                return somma(valori)
        return None
