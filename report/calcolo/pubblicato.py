"""`report_pubblicato.yaml`: le cifre già stampate e, nei loro addendi, il modo di rifarle."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from report.calcolo.piano import (
    Calcolo,
    CifraDelPiano,
    ComePubblicata,
    DaAddendi,
    Differenza,
    Ipotesi,
    NumeroDelPiano,
    Riferimento,
    Sigla,
    SommaDi,
    TerminiDellaDifferenza,
    leggi_modello,
)


FILE_PUBBLICATO = "report_pubblicato.yaml"


class _Letto(BaseModel):
    # Il file ha anche campi che servono solo a chi lo controlla (righe, pagina, ocr): si saltano.
    model_config = ConfigDict(frozen=True, extra="ignore")


class AddendoLetto(_Letto):
    scheda: Sigla
    conteggio: Sigla


class IpotesiLetta(_Letto):
    id: Sigla
    addendi: tuple[AddendoLetto, ...] | None = None
    somma: NumeroDelPiano | None = None
    compatibile: bool = False
    note: str | None = None


class Ricalcolo(_Letto):
    esito: Literal["esatto", "esatto-ambiguo", "derivato", "compatibile", "non-ricalcolabile"]
    addendi: tuple[AddendoLetto, ...] | None = None
    da_cifre: tuple[Sigla, ...] | None = None
    ipotesi: tuple[IpotesiLetta, ...] | None = None
    note: str | None = None


class CifraLetta(_Letto):
    id: Sigla
    etichetta: str
    valore: NumeroDelPiano | None
    unita: str | None
    nodo: Sigla | None
    stampato: bool = True
    derivato: NumeroDelPiano | None = None
    ricalcolo: Ricalcolo
    note: str | None = None


class RegolaLetta(_Letto):
    id: Sigla
    descrizione: str
    note: str | None = None


class Pubblicato(_Letto):
    """Ciò che del file serve al piano."""

    cifre: tuple[CifraLetta, ...]
    regole_di_conteggio: tuple[RegolaLetta, ...] | None = None


def leggi_pubblicato(dati: Any) -> Pubblicato:
    """Il file già letto, con le forme controllate; `PianoErrato` se non tornano."""
    return leggi_modello(Pubblicato, dati, FILE_PUBBLICATO)


def cifre_del_pubblicato(pubblicato: Pubblicato) -> tuple[CifraDelPiano, ...]:
    """Le cifre del file come cifre del piano, nello stesso ordine."""
    return tuple(_cifra(cifra, pubblicato.cifre) for cifra in pubblicato.cifre)


def _cifra(cifra: CifraLetta, tutte: Sequence[CifraLetta]) -> CifraDelPiano:
    return CifraDelPiano(
        id=cifra.id,
        etichetta=cifra.etichetta,
        unita=cifra.unita,
        nodo=cifra.nodo,
        calcolo=_calcolo(cifra, tutte),
        pubblicato=cifra.valore if cifra.stampato else None,
        derivato=cifra.derivato,
        ipotesi=tuple(_ipotesi(ipotesi) for ipotesi in cifra.ricalcolo.ipotesi or ()),
        nota=" ".join(filter(None, (cifra.ricalcolo.note, cifra.note))),
    )


def _ipotesi(letta: IpotesiLetta) -> Ipotesi:
    return Ipotesi(
        id=letta.id,
        addendi=_riferimenti(letta.addendi),
        somma=letta.somma,
        nota=letta.note or "",
    )


def _riferimenti(addendi: Sequence[AddendoLetto] | None) -> tuple[Riferimento, ...]:
    return tuple(Riferimento(scheda=a.scheda, conteggio=a.conteggio) for a in addendi or ())


def _calcolo(cifra: CifraLetta, tutte: Sequence[CifraLetta]) -> Calcolo:
    """Gli addendi, se ci sono; poi le cifre da sommare, la prima ipotesi compatibile, la differenza."""
    ricalcolo = cifra.ricalcolo
    if ricalcolo.addendi:
        return DaAddendi(addendi=_riferimenti(ricalcolo.addendi))
    if ricalcolo.da_cifre:
        return SommaDi(somma_di=ricalcolo.da_cifre)
    for ipotesi in ricalcolo.ipotesi or ():
        if ipotesi.compatibile and ipotesi.addendi:
            return DaAddendi(addendi=_riferimenti(ipotesi.addendi), ipotesi=ipotesi.id)
    if _si_ricava(cifra):
        return _differenza(cifra, tutte) or ComePubblicata(pubblicata=True)
    return ComePubblicata(pubblicata=True)


def _si_ricava(cifra: CifraLetta) -> bool:
    """Se di una cifra si sa solo che è derivata: la dà la differenza fra le altre."""
    ricalcolo = cifra.ricalcolo
    vie = [i for i in ricalcolo.ipotesi or () if i.compatibile and i.addendi]
    return ricalcolo.esito == "derivato" and not (ricalcolo.addendi or ricalcolo.da_cifre or vie)


def _differenza(cifra: CifraLetta, tutte: Sequence[CifraLetta]) -> Differenza | None:
    """Il totale di quell'unità meno gli altri nodi; `None` se manca o se un altro si ricava così."""
    sorelle = [altra for altra in tutte if altra.unita == cifra.unita and altra.id != cifra.id]
    totali = [altra.id for altra in sorelle if altra.nodo is None]
    altri_nodi = tuple(altra.id for altra in sorelle if altra.nodo is not None)
    if cifra.nodo is None or not totali or not altri_nodi or any(map(_si_ricava, sorelle)):
        return None
    return Differenza(differenza=TerminiDellaDifferenza(da=totali[0], meno=altri_nodi))
