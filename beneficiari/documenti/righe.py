"""Ciò che di una persona si stampa, gruppo per gruppo: lo stesso nella sua scheda e in quella che
riceve un altro ente. Le righe sono quelle che il database mostra a chi chiede."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model
from django.utils.text import capfirst

from beneficiari.models import (
    BisognoRilevato,
    Componente,
    CondizioneRilevata,
    Identificativo,
    Nota,
    PresaInCarico,
    Recapito,
    Valutazione,
)
from privacy.gruppi import Gruppo
from registro.comune.templatetags.testo import NON_INDICATO, data_breve, voto


@dataclass(frozen=True, slots=True)
class Prospetto:
    """Un gruppo di dati in forma di tabella; senza righe, `righe` è vuota e si dice «niente»."""

    titolo: str
    intestazioni: tuple[str, ...]
    righe: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Parte:
    """Come un gruppo diventa un prospetto: da quale modello, con quali parole."""

    gruppo: Gruppo
    titolo: str
    intestazioni: tuple[str, ...]
    modello: type[Model]
    celle: Callable[[Model], tuple[str, ...]]
    ordine: str
    con: tuple[str, ...] = ()


def prospetti_di(chiavi: list[int], *, ente: int, gruppi: Iterable[str]) -> list[Prospetto]:
    """I prospetti di una persona di `ente` (le sue `chiavi`) nei `gruppi` aperti a chi chiede.

    Dei componenti del nucleo si stampa la parte della persona, mai chi sono gli altri; delle note
    quante sono e di quando. Un recapito riservato non esce in nessun documento.
    """
    aperti = set(gruppi)
    prospetti = []
    for parte in _PARTI:
        if parte.gruppo in aperti:
            righe = parte.modello.objects.filter(beneficiario__in=chiavi, ente=ente)
            righe = righe.select_related(*parte.con).order_by(parte.ordine, "pk")
            celle = [parte.celle(riga) for riga in righe if not getattr(riga, "riservato", False)]
            prospetti.append(Prospetto(parte.titolo, parte.intestazioni, celle))
    return prospetti


def _periodo(dal, al) -> str:
    return f"dal {data_breve(dal)}" + (f" al {data_breve(al)}" if al else "")


def _recapito(riga: Recapito) -> tuple[str, ...]:
    return capfirst(riga.get_tipo_display()), riga.valore, riga.avvertenza or NON_INDICATO


def _identificativo(riga: Identificativo) -> tuple[str, ...]:
    return capfirst(riga.get_tipo_display()), riga.valore or "non c'è"


def _componente(riga: Componente) -> tuple[str, ...]:
    ruolo = capfirst(riga.get_ruolo_display())
    return ruolo, "sì" if riga.convivente else "no", _periodo(riga.dal, riga.al)


def _presa(riga: PresaInCarico) -> tuple[str, ...]:
    return (
        riga.azione.titolo,
        riga.motivazione or NON_INDICATO,
        _periodo(riga.aperta_il, riga.chiusa_il),
        str(riga.esito) if riga.esito else "in corso",
    )


def _bisogno(riga: BisognoRilevato) -> tuple[str, ...]:
    return (
        str(riga.bisogno),
        riga.get_gravita_display(),
        capfirst(riga.get_stato_display()),
        data_breve(riga.rilevato_il),
    )


def _valutazione(riga: Valutazione) -> tuple[str, ...]:
    detto = "non esprimibile" if riga.non_esprimibile else riga.giudizio
    if riga.valore is not None:
        detto = f"{voto(riga.valore)}. {riga.giudizio}".rstrip(". ")
    quando = f"{capfirst(riga.get_momento_display())}, {data_breve(riga.valutata_il)}"
    return str(riga.indicatore), detto, quando


def _condizione(riga: CondizioneRilevata) -> tuple[str, ...]:
    return str(riga.condizione), riga.risposta, data_breve(riga.rilevata_il)


def _nota(riga: Nota) -> tuple[str, ...]:
    return data_breve(riga.scritta_il), "Che cosa dice, chiedilo a chi ti segue"


_PARTI = (
    _Parte(
        Gruppo.CONTATTI,
        "Contatti",
        ("Tipo", "Recapito", "Quando e come usarlo"),
        Recapito,
        _recapito,
        "tipo",
    ),
    _Parte(
        Gruppo.IDENTIFICATIVI,
        "Codici",
        ("Tipo", "Codice"),
        Identificativo,
        _identificativo,
        "tipo",
    ),
    _Parte(
        Gruppo.NUCLEO,
        "Nucleo familiare",
        ("Ruolo", "Vive con gli altri", "Quando"),
        Componente,
        _componente,
        "dal",
    ),
    _Parte(
        Gruppo.PRESTAZIONI,
        "Prese in carico",
        ("Azione", "Perché", "Quando", "Com'è finita"),
        PresaInCarico,
        _presa,
        "aperta_il",
        ("azione", "esito"),
    ),
    _Parte(
        Gruppo.BISOGNI,
        "Bisogni",
        ("Bisogno", "Gravità", "Stato", "Rilevato"),
        BisognoRilevato,
        _bisogno,
        "rilevato_il",
        ("bisogno",),
    ),
    _Parte(
        Gruppo.VALUTAZIONI,
        "Valutazioni",
        ("Che cosa", "Voto o giudizio", "Quando"),
        Valutazione,
        _valutazione,
        "valutata_il",
        ("indicatore",),
    ),
    _Parte(
        Gruppo.SALUTE,
        "Salute e tutele",
        ("Che cosa", "Risposta", "Quando"),
        CondizioneRilevata,
        _condizione,
        "rilevata_il",
        ("condizione",),
    ),
    _Parte(Gruppo.NOTE, "Appunti", ("Scritto il", "Testo"), Nota, _nota, "scritta_il"),
)
