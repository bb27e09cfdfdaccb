"""Una scheda con tutte le sue righe, letta una volta: la usano pagine, controlli e azioni."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assi.models import Asse, Programma
from enti.models import Ente
from report.modello_scheda import Domanda, SezioneDiModello, sezioni_del_modello
from report.models import (
    AttivitaDiScheda,
    AzioneDiScheda,
    CollaborazionePubblica,
    Conteggio,
    DichiaranteDiScheda,
    Giudizio,
    Legame,
    Misuratore,
    Prosecuzione,
    RigaDiScheda,
    Scheda,
    Uscita,
    VoceTestuale,
)


Riga = RigaDiScheda | AzioneDiScheda

# A quali tipi di domanda risponde un modello di riga, e quale campo porta il codice della domanda
# (nessuno dove il tipo basta).
_RISPONDE_A: dict[type, tuple[frozenset[str], str]] = {
    AzioneDiScheda: (frozenset({"azioni"}), ""),
    Conteggio: (frozenset({"conteggi", "numeri", "output"}), "sezione"),
    Uscita: (frozenset({"uscite"}), ""),
    VoceTestuale: (frozenset({"voci", "canali"}), "sezione"),
    Giudizio: (frozenset({"giudizi"}), ""),
    Legame: (frozenset({"legami"}), "momento"),
    CollaborazionePubblica: (frozenset({"collaborazione"}), ""),
    AttivitaDiScheda: (frozenset({"attivita"}), ""),
    Misuratore: (frozenset({"misuratore"}), "tipo"),
    Prosecuzione: (frozenset({"prosecuzione"}), ""),
}


def risponde(riga: Riga, domanda: Domanda) -> bool:
    """Se `riga` è una risposta a `domanda`."""
    tipi, campo = _RISPONDE_A[type(riga)]
    return domanda.tipo in tipi and (not campo or getattr(riga, campo) == domanda.codice)


def sezione_della_riga(riga: Riga, sezioni: Sequence[SezioneDiModello]) -> str:
    """Il codice della sezione in cui la riga si compila; vuoto se il modello non la chiede."""
    for sezione in sezioni:
        if any(risponde(riga, domanda) for domanda in sezione.domande):
            return sezione.codice
    return ""


def chiave(riga: Riga) -> str:
    """Il nome della riga dentro la sua scheda: il segnaposto in pagina e il campo dei moduli.

    Le righe che non si aggiungono a mano (una per indicatore, una per asse) hanno la stessa
    chiave prima e dopo la prima scrittura.
    """
    match riga:
        case Giudizio():
            return f"giudizio-{riga.indicatore_id}-{riga.asse_id}"
        case AttivitaDiScheda():
            return f"attivita-{riga.asse_id}"
        case Misuratore():
            return f"misuratore-{riga.tipo}-{riga.asse_id or 'tutti'}"
        case Prosecuzione():
            return f"prosecuzione-{riga.asse_id or 'tutti'}"
        case CollaborazionePubblica():
            return "collaborazione"
        case _:
            return f"{riga._meta.model_name}-{riga.pk}"


def _lega(conteggi: Sequence[Conteggio]) -> None:
    """Dà a ogni conteggio il suo intero già letto: nessuna interrogazione per riga."""
    per_chiave = {riga.pk: riga for riga in conteggi}
    for riga in conteggi:
        riga.parte_di = per_chiave.get(riga.parte_di_id)
        riga.composizione_di = per_chiave.get(riga.composizione_di_id)


@dataclass(frozen=True)
class Fascicolo:
    """La scheda, le sezioni del suo modello e le sue righe, ciascun genere nel suo ordine.

    `enti_citati` e `programmi`: per sigla, gli enti che le frasi nominano e le misure che i
    conteggi indicano come canali.
    """

    scheda: Scheda
    sezioni: Sequence[SezioneDiModello] = ()
    dichiaranti: Sequence[DichiaranteDiScheda] = ()
    assi: Sequence[Asse] = ()
    azioni: Sequence[AzioneDiScheda] = ()
    conteggi: Sequence[Conteggio] = ()
    uscite: Sequence[Uscita] = ()
    voci: Sequence[VoceTestuale] = ()
    giudizi: Sequence[Giudizio] = ()
    legami: Sequence[Legame] = ()
    collaborazioni: Sequence[CollaborazionePubblica] = ()
    attivita: Sequence[AttivitaDiScheda] = ()
    misuratori: Sequence[Misuratore] = ()
    prosecuzioni: Sequence[Prosecuzione] = ()
    enti_citati: dict[str, Ente] = field(default_factory=dict)
    programmi: dict[str, Programma] = field(default_factory=dict)

    @classmethod
    def di(cls, scheda: Scheda) -> "Fascicolo":
        """Legge le righe di `scheda` che il database mostra a chi è nel contesto."""
        righe = {
            nome: list(getattr(scheda, relazione).select_related(*con).order_by("ordine", "pk"))
            for nome, (relazione, con) in _RELAZIONI.items()
        }
        _lega(righe["conteggi"])
        citati = {slug for voce in righe["voci"] for slug in voce.enti_nominati}
        canali = {slug for riga in righe["conteggi"] for slug in riga.canali}
        righe["assi"] = [riga.asse for riga in righe["assi"]]
        return cls(
            scheda=scheda,
            sezioni=sezioni_del_modello(scheda.campagna.modello),
            enti_citati={ente.slug: ente for ente in Ente.objects.filter(slug__in=citati)},
            programmi={voce.slug: voce for voce in Programma.objects.filter(slug__in=canali)},
            **righe,
        )

    def righe(self) -> Iterator[Riga]:
        """Tutte le righe, genere per genere."""
        for nome in _GENERI_DI_RIGA:
            yield from getattr(self, nome)

    def righe_di(self, domanda: Domanda) -> list[Riga]:
        """Le righe con cui la scheda risponde a una domanda del modello."""
        return [riga for riga in self.righe() if risponde(riga, domanda)]

    def sezione_di(self, riga: Riga) -> str:
        """Il codice della sezione in cui la riga si compila; vuoto se il modello non la chiede."""
        return sezione_della_riga(riga, self.sezioni)

    def sezione(self, codice: str) -> SezioneDiModello | None:
        return next((s for s in self.sezioni if s.codice == codice), None)

    def presente(self, sezione: SezioneDiModello) -> bool:
        """Se la scheda ha la sezione: con qualcosa dentro, o dichiarata vuota."""
        return sezione.codice in self.scheda.sezioni_presenti or self.ha_righe(sezione)

    def ha_righe(self, sezione: SezioneDiModello) -> bool:
        return any(self.righe_di(domanda) for domanda in sezione.domande)

    @property
    def sezioni_mancanti(self) -> list[SezioneDiModello]:
        """Le sezioni che la scheda non ha: nel rapporto saranno «non detto»."""
        return [sezione for sezione in self.sezioni if not self.presente(sezione)]


# Attributo del fascicolo → relazione della scheda e ciò che si legge insieme.
# (None: niente; una lista vuota vorrebbe dire «tutto»).
_RELAZIONI: dict[str, tuple[str, list[str | None]]] = {
    "dichiaranti": ("dichiaranti", ["dichiarante"]),
    "assi": ("assi", ["asse"]),
    "azioni": ("azioni", ["azione__asse"]),
    "conteggi": ("conteggio_righe", ["asse", "presso"]),
    "uscite": ("uscita_righe", [None]),
    "voci": ("vocetestuale_righe", ["asse"]),
    "giudizi": ("giudizio_righe", ["indicatore", "asse"]),
    "legami": ("legame_righe", ["verso"]),
    "collaborazioni": ("collaborazionepubblica_righe", [None]),
    "attivita": ("attivitadischeda_righe", ["asse"]),
    "misuratori": ("misuratore_righe", ["asse"]),
    "prosecuzioni": ("prosecuzione_righe", ["asse"]),
}
_GENERI_DI_RIGA = [nome for nome in _RELAZIONI if nome not in ("dichiaranti", "assi")]
