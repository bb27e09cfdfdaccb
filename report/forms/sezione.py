"""Una sezione da compilare: le domande del modello, le righe che ci sono, quelle che mancano."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms

from assi.models import Indicatore
from report.fascicolo import Fascicolo, Riga, chiave
from report.forms.conteggi import ConteggioForm, NumeroForm, OutputForm
from report.forms.righe import RigaForm, UscitaForm, VoceForm
from report.forms.risposte import (
    AttivitaForm,
    AzioniForm,
    CollaborazioneForm,
    GiudizioForm,
    LegameForm,
    LegameNuovoForm,
    MisuratoreForm,
    ProsecuzioneForm,
)
from report.modello_scheda import Domanda, SezioneDiModello
from report.models import (
    AttivitaDiScheda,
    CollaborazionePubblica,
    Conteggio,
    Giudizio,
    Legame,
    Misuratore,
    Prosecuzione,
    Uscita,
    VoceTestuale,
)


# Per tipo di domanda: il modulo di una riga che c'è, e quello di una riga da aggiungere.
_MODULI: dict[str, tuple[type[RigaForm], type[RigaForm] | None]] = {
    "voci": (VoceForm, VoceForm),
    "canali": (VoceForm, VoceForm),
    "conteggi": (ConteggioForm, ConteggioForm),
    "numeri": (NumeroForm, NumeroForm),
    "output": (OutputForm, OutputForm),
    "uscite": (UscitaForm, UscitaForm),
    "legami": (LegameForm, LegameNuovoForm),
    "giudizi": (GiudizioForm, None),
    "collaborazione": (CollaborazioneForm, None),
    "attivita": (AttivitaForm, None),
    "misuratore": (MisuratoreForm, None),
    "prosecuzione": (ProsecuzioneForm, None),
}


@dataclass(frozen=True)
class DomandaInPagina:
    """Una domanda con i moduli delle sue righe; `nuova` è il modulo per aggiungerne una."""

    domanda: Domanda
    moduli: list[RigaForm | AzioniForm]
    nuova: RigaForm | None

    @property
    def ancora(self) -> str:
        return ancora_della_domanda(self.domanda)


def ancora_della_domanda(domanda: Domanda) -> str:
    """Il segnaposto della domanda nella pagina della sua sezione."""
    return f"domanda-{domanda.tipo}-{domanda.codice}"


def domande_in_pagina(
    fascicolo: Fascicolo, sezione: SezioneDiModello, dati=None
) -> list[DomandaInPagina]:
    """Le domande di una sezione coi loro moduli.

    `dati` (una richiesta POST) si lega al solo modulo che il campo «riga» nomina: gli altri
    mostrano ciò che è salvato.
    """
    return [_in_pagina(fascicolo, domanda, dati) for domanda in sezione.domande]


def modulo_di(domande: list[DomandaInPagina], nome: str) -> forms.BaseForm | None:
    """Il modulo (di una riga o di una nuova) che porta questo nome; None se non c'è più."""
    for voce in domande:
        for modulo in [*voce.moduli, *filter(None, [voce.nuova])]:
            if modulo.prefix == nome:
                return modulo
    return None


def _in_pagina(fascicolo: Fascicolo, domanda: Domanda, dati) -> DomandaInPagina:
    def crea(classe: type, nome: str, **altro):
        legati = dati if dati is not None and dati.get("riga") == nome else None
        return classe(legati, prefix=nome, domanda=domanda, fascicolo=fascicolo, **altro)

    if domanda.tipo == "azioni":
        return DomandaInPagina(domanda, [crea(AzioniForm, AzioniForm.chiave)], None)
    esistente, nuova = _MODULI[domanda.tipo]
    moduli = [
        crea(esistente, chiave(riga), instance=riga) for riga in righe_attese(fascicolo, domanda)
    ]
    da_aggiungere = None
    if nuova is not None:
        nome = f"nuova-{domanda.tipo}-{domanda.codice}"
        da_aggiungere = crea(nuova, nome, instance=_riga_vuota(fascicolo, domanda))
    return DomandaInPagina(domanda, moduli, da_aggiungere)


def righe_attese(fascicolo: Fascicolo, domanda: Domanda) -> list[Riga]:
    """Le righe della domanda: quelle scritte e, dove il modello le chiede, quelle ancora vuote."""
    scritte = fascicolo.righe_di(domanda)
    note = {chiave(riga) for riga in scritte}
    vuote = [riga for riga in _righe_fisse(fascicolo, domanda) if chiave(riga) not in note]
    return [*scritte, *vuote]


def _righe_fisse(fascicolo: Fascicolo, domanda: Domanda) -> Iterator[Riga]:
    scheda = {"scheda": fascicolo.scheda, "ente": fascicolo.scheda.ente, "versione": 0}
    # Una risposta per tutta la scheda e, se gli assi sono più d'uno, una per ciascuno.
    assi = [None, *fascicolo.assi] if len(fascicolo.assi) > 1 else [None]
    if domanda.tipo == "giudizi":
        indicatori = Indicatore.objects.filter(asse__in=fascicolo.assi).select_related("asse")
        for indicatore in indicatori.order_by("asse__ordine", "ordine", "pk"):
            yield Giudizio(
                **scheda,
                indicatore=indicatore,
                asse=indicatore.asse,
                scala=domanda.scala or 10,
            )
    elif domanda.tipo == "attivita":
        for asse in fascicolo.assi:
            yield AttivitaDiScheda(**scheda, asse=asse)
    elif domanda.tipo == "misuratore":
        for asse in assi:
            yield Misuratore(**scheda, tipo=domanda.codice, asse=asse, scala=domanda.scala or 10)
    elif domanda.tipo == "prosecuzione":
        for asse in assi:
            yield Prosecuzione(**scheda, asse=asse)
    elif domanda.tipo == "collaborazione":
        yield CollaborazionePubblica(**scheda)


def _riga_vuota(fascicolo: Fascicolo, domanda: Domanda) -> Riga:
    scheda = {"scheda": fascicolo.scheda, "ente": fascicolo.scheda.ente}
    match domanda.tipo:
        case "voci" | "canali":
            return VoceTestuale(**scheda, sezione=domanda.codice)
        case "uscite":
            return Uscita(**scheda)
        case "legami":
            return Legame(**scheda, momento=domanda.codice)
        case _:
            return Conteggio(**scheda, sezione=domanda.codice)
