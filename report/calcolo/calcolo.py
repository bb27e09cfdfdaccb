"""Le cifre di un'edizione: le schede contate secondo il piano."""

from collections.abc import Sequence
from dataclasses import dataclass

from report.calcolo.aritmetica import aritmetica_della_cifra
from report.calcolo.contatore import Contatore
from report.calcolo.conti import ALMENO, Conto
from report.calcolo.controlli import controlla_piano
from report.calcolo.drop_out import drop_out_delle_schede
from report.calcolo.esiti import NON_RICALCOLABILE, Confronto, esito_del_confronto
from report.calcolo.note import note_del_conto
from report.calcolo.parole import differenza
from report.calcolo.piano import (
    CifraDelPiano,
    ComePubblicata,
    Ipotesi,
    Piano,
    PianoErrato,
    RegolaDiConteggio,
)
from report.calcolo.regole_in_parole import nome_della_regola, regola_in_parole
from report.calcolo.schedario import Schedario
from report.contenuto import (
    CifraContenuto,
    DropOutContenuto,
    Numero,
    RegolaContenuto,
    SchedaContenuto,
    ValoreDiNodo,
)


COME_PUBBLICATA = "Riportata com'era stampata: le schede non bastano a rifarla."


@dataclass(frozen=True, slots=True)
class Calcolo:
    """Il risultato: le cifre e le regole nell'ordine del piano, i drop-out per ente."""

    cifre: tuple[CifraContenuto, ...]
    regole: tuple[RegolaContenuto, ...]
    drop_out: tuple[DropOutContenuto, ...]


def calcola(
    schede: Sequence[SchedaContenuto], piano: Piano, nodi: Sequence[tuple[str, str]]
) -> Calcolo:
    """Le cifre di un'edizione.

    `schede`: quelle accettate, nell'ordine in cui si stampano; `nodi`: coppie slug e
    denominazione, nell'ordine in cui si stampano. Solleva `PianoErrato` se il piano non regge su
    quelle schede (`controlla_piano`).
    """
    problemi = controlla_piano(piano, schede, nodi)
    if problemi:
        raise PianoErrato(problemi)
    contatore = Contatore(Schedario(schede), piano)
    return Calcolo(
        cifre=tuple(_cifra(cifra, piano, contatore) for cifra in piano.cifre),
        regole=tuple(_regola(regola, piano, contatore, nodi) for regola in piano.regole),
        drop_out=drop_out_delle_schede(schede),
    )


def _cifra(cifra: CifraDelPiano, piano: Piano, contatore: Contatore) -> CifraContenuto:
    conto = contatore.della_cifra(cifra.id)
    riportata = isinstance(cifra.calcolo, ComePubblicata)
    esito, note = _esito_e_note(cifra, conto, piano, contatore)
    interrogate, rispondenti = _copertura(cifra, conto, contatore.schedario)
    return CifraContenuto(
        slug=cifra.id,
        etichetta=cifra.etichetta,
        definizione=cifra.definizione,
        valore=conto.valore,
        unita=cifra.unita,
        nodo=cifra.nodo,
        approssimazione=conto.approssimazione,
        regola=nome_della_regola(cifra),
        regola_in_parole=regola_in_parole(cifra, piano),
        addendi=conto.addendi,
        pubblicato=cifra.pubblicato,
        scarto=None if riportata else _scarto(conto.valore, cifra.pubblicato),
        derivato=cifra.derivato,
        esito=esito,
        nota=" ".join(filter(None, (*note, cifra.nota))),
        rispondenti=len(rispondenti),
        interrogate=len(interrogate),
        aritmetica=aritmetica_della_cifra(cifra, conto, contatore),
    )


def _esito_e_note(
    cifra: CifraDelPiano, conto: Conto, piano: Piano, contatore: Contatore
) -> tuple[str, list[str]]:
    if isinstance(cifra.calcolo, ComePubblicata):
        return NON_RICALCOLABILE, [COME_PUBBLICATA] if cifra.pubblicato is not None else []
    confronto = Confronto(
        conto.valore,
        conto.approssimazione,
        cifra.pubblicato,
        cifra.derivato,
        _altre_vie(cifra, conto, contatore.schedario),
    )
    esito, frase = esito_del_confronto(confronto)
    return esito, [*note_del_conto(contatore.schedario, conto, piano.scelte), frase]


def _altre_vie(cifra: CifraDelPiano, conto: Conto, schedario: Schedario) -> list[str]:
    """Le ipotesi, con altri addendi da quelli usati, che danno il valore pubblicato."""
    if cifra.pubblicato is None:
        return []
    usati = {(addendo.scheda, addendo.conteggio) for addendo in conto.letti}
    return [
        ipotesi.id
        for ipotesi in cifra.ipotesi
        if {(addendo.scheda, addendo.conteggio) for addendo in ipotesi.addendi} != usati
        and _somma_dell_ipotesi(ipotesi, schedario) == cifra.pubblicato
    ]


def _somma_dell_ipotesi(ipotesi: Ipotesi, schedario: Schedario) -> Numero | None:
    if not ipotesi.addendi:
        return ipotesi.somma
    conto = Conto(tuple(schedario.addendo(a.scheda, a.conteggio) for a in ipotesi.addendi))
    # Un minimo che tocca il numero stampato non lo spiega.
    return conto.valore if conto.approssimazione != ALMENO else None


def _copertura(
    cifra: CifraDelPiano, conto: Conto, schedario: Schedario
) -> tuple[set[str], set[str]]:
    """Le schede a cui la cifra chiede un numero e quelle che lo dicono."""
    if isinstance(cifra.calcolo, ComePubblicata):
        return set(), set()
    chieste = {scheda.slug for scheda in schedario.del_nodo(cifra.nodo)}
    dette = {addendo.scheda for addendo in conto.letti if addendo.valore is not None}
    return chieste | {addendo.scheda for addendo in conto.letti}, dette


def _regola(
    regola: RegolaDiConteggio, piano: Piano, contatore: Contatore, nodi: Sequence[tuple[str, str]]
) -> RegolaContenuto:
    conto = contatore.con_regola(regola.id, None)
    pubblicato = next((c.pubblicato for c in piano.cifre if c.id == regola.confronto), None)
    note = note_del_conto(contatore.schedario, conto, piano.scelte)
    per_nodo = ((slug, nome, contatore.con_regola(regola.id, slug)) for slug, nome in nodi)
    return RegolaContenuto(
        slug=regola.id,
        descrizione=regola.descrizione,
        valori=tuple(
            ValoreDiNodo(slug, nome, parziale.valore, parziale.approssimazione)
            for slug, nome, parziale in per_nodo
        ),
        totale=conto.valore,
        approssimazione=conto.approssimazione,
        pubblicato=pubblicato,
        scarto=_scarto(conto.valore, pubblicato),
        scelta=regola.scelta,
        nota=" ".join(filter(None, (*note, regola.nota))),
    )


def _scarto(valore: Numero | None, pubblicato: Numero | None) -> Numero | None:
    if valore is None or pubblicato is None:
        return None
    return differenza(valore, pubblicato)
