"""Ciò che gli addendi di un rapporto già stampato lasciano capire: scelte e regole di conteggio.

Nulla qui guarda i valori stampati: si confronta solo quali conteggi entrano, così correggere un
numero in una scheda non cambia la regola.
"""

from collections.abc import Mapping, Sequence

from report.calcolo.contatore import Contatore
from report.calcolo.doppioni import doppioni
from report.calcolo.metodi import INDIVIDUI, METODI, METODI_PER_PERSONE, unita_ammesse
from report.calcolo.piano import (
    OVUNQUE,
    CifraDelPiano,
    ComePubblicata,
    DaAddendi,
    Piano,
    RegolaDiConteggio,
    Scelta,
)
from report.calcolo.pubblicato import RegolaLetta
from report.calcolo.schedario import Schedario
from report.contenuto import AddendoContenuto


METODO_PREDEFINITO = METODI_PER_PERSONE[0]
Chiave = tuple[str, str]


def totale_delle_persone(cifre: Sequence[CifraDelPiano]) -> CifraDelPiano | None:
    """La prima cifra di tutta la rete che conta persone; `None` se non c'è."""
    return next((c for c in cifre if c.nodo is None and _conta_persone(c)), None)


def conteggi_indicati(piano: Piano, schedario: Schedario) -> tuple[AddendoContenuto, ...]:
    """I conteggi da cui il rapporto dice nate le sue cifre di persone.

    Quelli del totale, se si rifà; altrimenti quelli dei nodi.
    """
    contatore = Contatore(schedario, piano)
    totale = totale_delle_persone(piano.cifre)
    if totale is not None and not isinstance(totale.calcolo, ComePubblicata):
        return contatore.della_cifra(totale.id).letti
    indicati = (
        addendo
        for cifra in piano.cifre
        if _conta_persone(cifra) and isinstance(cifra.calcolo, DaAddendi)
        for addendo in contatore.della_cifra(cifra.id).letti
    )
    return tuple(dict.fromkeys(indicati))


def deduci_scelte(
    indicati: Sequence[AddendoContenuto], schedario: Schedario
) -> tuple[Scelta, ...]:
    """Ogni parte che entra da sola prende il posto del suo intero."""
    scelte: list[Scelta] = []
    tenuti = [a for a in indicati if not schedario.antenati(a.scheda, a.conteggio)]
    for addendo in indicati:
        intero = schedario.intero(addendo.scheda, addendo.conteggio)
        if intero == addendo.conteggio or any(doppioni(schedario, [*tenuti, addendo])):
            continue
        tenuti.append(addendo)
        scelte.append(
            Scelta(scheda=addendo.scheda, conteggio=addendo.conteggio, al_posto_di=intero)
        )
    return tuple(scelte)


def deduci_regole(
    lette: Sequence[RegolaLetta], piano: Piano, schedario: Schedario, nodi: Sequence[str]
) -> tuple[RegolaDiConteggio, ...]:
    """Le regole nominate dal rapporto, o quelle di serie se non ne nomina.

    Una regola che porta il nome di un metodo è quel metodo ovunque; ogni altra è quella delle cifre
    stesse: nodo per nodo, il metodo che sceglie i conteggi più vicini a quelli indicati. `scelta`
    è la regola più vicina in tutto.
    """
    indicati = {_chiave(a) for a in conteggi_indicati(piano, schedario)}
    per_nodo = _metodi_per_nodo(indicati, piano, schedario, nodi)
    totale = totale_delle_persone(piano.cifre)
    regole = tuple(
        RegolaDiConteggio(
            id=letta.id,
            descrizione=letta.descrizione,
            per_nodo={OVUNQUE: letta.id} if letta.id in METODI_PER_PERSONE else per_nodo,
            confronto=totale.id if totale else None,
            nota=letta.note or "",
        )
        for letta in lette or regole_di_serie()
    )
    scelta = min(
        regole, key=lambda regola: _distanza(indicati, regola.per_nodo, piano, schedario, None)
    )
    return tuple(regola.model_copy(update={"scelta": regola.id == scelta.id}) for regola in regole)


def regole_di_serie() -> tuple[RegolaLetta, ...]:
    """I metodi per contare persone, come regole."""
    return tuple(
        RegolaLetta(id=nome, descrizione=METODI[nome].descrizione) for nome in METODI_PER_PERSONE
    )


def _metodi_per_nodo(
    indicati: set[Chiave], piano: Piano, schedario: Schedario, nodi: Sequence[str]
) -> dict[str, str]:
    trovati = {OVUNQUE: METODO_PREDEFINITO}
    for nodo in nodi:
        schede = {scheda.slug for scheda in schedario.del_nodo(nodo)}
        del_nodo = {chiave for chiave in indicati if chiave[0] in schede}
        if del_nodo:
            trovati[nodo] = min(
                METODI_PER_PERSONE,
                key=lambda metodo, del_nodo=del_nodo, nodo=nodo: _distanza(
                    del_nodo, {OVUNQUE: metodo}, piano, schedario, nodo
                ),
            )
    return trovati


def _distanza(
    indicati: set[Chiave],
    per_nodo: Mapping[str, str],
    piano: Piano,
    schedario: Schedario,
    nodo: str | None,
) -> int:
    """Quanti conteggi entrano solo da una parte: con la regola, o fra quelli indicati."""
    prova = RegolaDiConteggio(id="prova", descrizione="prova", per_nodo=dict(per_nodo))
    contatore = Contatore(schedario, piano.model_copy(update={"regole": (prova,)}))
    contati = {_chiave(addendo) for addendo in contatore.con_regola(prova.id, nodo).letti}
    return len(contati ^ indicati)


def _chiave(addendo: AddendoContenuto) -> Chiave:
    return addendo.scheda, addendo.conteggio


def _conta_persone(cifra: CifraDelPiano) -> bool:
    return INDIVIDUI in (unita_ammesse(cifra.unita) or ())
