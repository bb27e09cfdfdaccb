"""Una scheda da leggere: le righe messe in fila come le legge una persona."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from report.fascicolo import Fascicolo, Riga
from report.modello_scheda import Domanda, SezioneDiModello
from report.models import AvvisoSuperato, Conteggio, Legame, PassaggioDiScheda, Scheda


_MODELLI = {
    "azioni": "report/schede/lettura/_azioni.html",
    "conteggi": "report/schede/lettura/_conteggi.html",
    "numeri": "report/schede/lettura/_numeri.html",
    "output": "report/schede/lettura/_output.html",
    "uscite": "report/schede/lettura/_uscite.html",
    "voci": "report/schede/lettura/_voci.html",
    "canali": "report/schede/lettura/_canali.html",
    "giudizi": "report/schede/lettura/_giudizi.html",
    "legami": "report/schede/lettura/_legami.html",
    "collaborazione": "report/schede/lettura/_collaborazione.html",
    "attivita": "report/schede/lettura/_attivita.html",
    "misuratore": "report/schede/lettura/_misuratore.html",
    "prosecuzione": "report/schede/lettura/_prosecuzione.html",
}


@dataclass(frozen=True)
class DomandaLetta:
    """Una domanda con le sue risposte.

    `gruppi`: (titolo, risposte) dove le risposte vanno divise; con titolo vuoto se è uno solo.
    """

    domanda: Domanda
    gruppi: list[tuple[str, list]]

    @property
    def modello(self) -> str:
        """Il pezzo di pagina che sa mostrare risposte di questo tipo."""
        return _MODELLI[self.domanda.tipo]


@dataclass(frozen=True)
class SezioneLetta:
    sezione: SezioneDiModello
    presente: bool
    domande: list[DomandaLetta]


@dataclass(frozen=True)
class NumeroLetto:
    """Un conteggio e, sotto, ciò che ne è parte o ne compone i nuclei."""

    riga: Conteggio
    parti: list["NumeroLetto"] = field(default_factory=list)


@dataclass(frozen=True)
class LegamiLetti:
    """Con chi: tutta la rete, gli enti nominati, le eccezioni."""

    tutta_la_rete: bool
    enti: list[Legame]
    eccetto: list[Legame]


@dataclass(frozen=True)
class PassaggioLetto:
    """Un passaggio di stato e, se è un invio, gli avvisi che si sono superati."""

    passaggio: PassaggioDiScheda
    avvisi: list[AvvisoSuperato]


def sezioni_lette(fascicolo: Fascicolo) -> list[SezioneLetta]:
    """Le sezioni del modello, con le domande a cui la scheda ha risposto."""
    return [
        SezioneLetta(
            sezione,
            fascicolo.presente(sezione),
            [
                DomandaLetta(domanda, gruppi)
                for domanda in sezione.domande
                if (gruppi := _gruppi(fascicolo, domanda))
            ],
        )
        for sezione in fascicolo.sezioni
    ]


def storia(scheda: Scheda) -> list[PassaggioLetto]:
    """I passaggi di stato dal più recente, ciascun invio con gli avvisi superati in quel momento."""
    passaggi = list(scheda.passaggi.select_related("chi").order_by("quando", "pk"))
    avvisi = list(scheda.avvisi_superati.order_by("quando", "pk"))
    letti = []
    for passaggio in passaggi:
        invio = passaggio.a_stato == Scheda.Stato.INVIATA
        # Gli avvisi si scrivono subito prima dell'invio che li supera.
        superati = [a for a in avvisi if invio and a.quando <= passaggio.quando]
        avvisi = [a for a in avvisi if a not in superati]
        letti.append(PassaggioLetto(passaggio, superati))
    return letti[::-1]


def avvisi_dell_ultimo_invio(passaggi: Iterable[PassaggioLetto]) -> list[AvvisoSuperato]:
    """Gli avvisi superati dall'invio più recente: sono quelli che chi accetta deve leggere."""
    return next(
        (letto.avvisi for letto in passaggi if letto.passaggio.a_stato == Scheda.Stato.INVIATA),
        [],
    )


def _gruppi(fascicolo: Fascicolo, domanda: Domanda) -> list[tuple[str, list]]:
    righe = fascicolo.righe_di(domanda)
    if not righe:
        return []
    match domanda.tipo:
        case "conteggi":
            return [("", _alberi(righe))]
        case "output":
            return _per_risultato(domanda, righe)
        case "giudizi":
            return _divise(righe, lambda riga: str(riga.asse))
        case "voci" | "canali":
            return _divise(righe, lambda riga: riga.gruppo or str(riga.asse or ""))
        case "legami":
            return [("", [_legami(righe)])]
        case _:
            return [("", righe)]


def _alberi(righe: Sequence[Conteggio]) -> list[NumeroLetto]:
    letti = {riga.pk: NumeroLetto(riga) for riga in righe}
    radici = []
    for riga in righe:
        sopra = letti.get(riga.parte_di_id) or letti.get(riga.composizione_di_id)
        (sopra.parti if sopra else radici).append(letti[riga.pk])
    return radici


def _per_risultato(
    domanda: Domanda, righe: Sequence[Conteggio]
) -> list[tuple[str, list[tuple[str, list[Conteggio]]]]]:
    """Per ogni risultato le sue viste (totale, per azienda…): si leggono accanto, non si sommano."""
    etichette = {tipo.codice: tipo.etichetta for tipo in domanda.tipi}
    viste = dict(Conteggio.Gruppo.choices)
    risultati: dict[str, dict[str, list[Conteggio]]] = {}
    for riga in righe:
        titolo = etichette.get(riga.tipo, riga.tipo or riga.cosa)
        risultati.setdefault(titolo, {}).setdefault(riga.gruppo, []).append(riga)
    return [
        (titolo, [(viste[vista], divise[vista]) for vista in viste if vista in divise])
        for titolo, divise in risultati.items()
    ]


def _divise(righe: Sequence[Riga], titolo: Callable) -> list[tuple[str, list[Riga]]]:
    """Le righe per titolo, nell'ordine in cui compaiono; senza titolo se il titolo è uno solo."""
    gruppi: dict[str, list[Riga]] = {}
    for riga in righe:
        gruppi.setdefault(titolo(riga), []).append(riga)
    return [("", list(righe))] if len(gruppi) == 1 else list(gruppi.items())


def _legami(righe: Sequence[Legame]) -> LegamiLetti:
    nominati = [riga for riga in righe if riga.verso_id]
    return LegamiLetti(
        tutta_la_rete=any(riga.tutta_la_rete for riga in righe),
        enti=[riga for riga in nominati if not riga.eccetto],
        eccetto=[riga for riga in nominati if riga.eccetto],
    )
