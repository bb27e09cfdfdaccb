"""Che cosa è successo in una presa in carico, dal più recente: date, chi, parole."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from beneficiari.models import (
    Affidamento,
    BisognoRilevato,
    Nota,
    Obiettivo,
    Passaggio,
    PresaInCarico,
    RevisioneObiettivo,
    Riapertura,
    Valutazione,
)
from enti.models import Utente


@dataclass(frozen=True)
class Evento:
    """`giorno` è il giorno in cui è successo; `ordine` mette in fila ciò che è dello stesso giorno."""

    giorno: datetime.date
    titolo: str
    chi: str = ""
    testo: str = ""
    prima: str = ""
    ordine: float = 0


def cronologia(
    presa: PresaInCarico, passaggi: Iterable[Passaggio], *, sensibili: bool
) -> list[Evento]:
    """Gli eventi di `presa` e dei suoi `passaggi`; bisogni, valutazioni e note solo se i gruppi sensibili sono aperti."""
    eventi = [
        *_aperture(presa),
        *_affidamenti(presa),
        *_revisioni(presa),
        *_passaggi(passaggi),
        *(_rilevazioni(presa) if sensibili else ()),
    ]
    return sorted(eventi, key=lambda evento: (evento.giorno, evento.ordine), reverse=True)


def _aperture(presa: PresaInCarico) -> Iterator[Evento]:
    yield Evento(presa.aperta_il, "Aperta", ordine=-1)
    riaperture = Riapertura.objects.filter(presa=presa, ente=presa.ente_id)
    for riapertura in riaperture.select_related("esito_di_prima", "da"):
        istante = riapertura.quando.timestamp()
        esito = riapertura.esito_di_prima.nome
        yield Evento(
            riapertura.era_chiusa_il,
            f"Chiusa: {esito}",
            testo=riapertura.com_era_andata,
            ordine=istante - 1,
        )
        yield _evento(riapertura.quando, "Riaperta", riapertura.da, riapertura.motivo)
    if not presa.aperta:
        yield Evento(
            presa.chiusa_il,
            f"Chiusa: {presa.esito.nome}",
            testo=presa.esito_in_parole,
            ordine=float("inf"),
        )


def _affidamenti(presa: PresaInCarico) -> Iterator[Evento]:
    """Chi l'ha seguita. Un nucleo ha un affidamento per persona: si dice una volta."""
    righe = Affidamento.objects.filter(presa=presa, ente=presa.ente_id)
    precedente = None
    for voce in righe.select_related("utente").order_by("dal", "pk"):
        if voce.utente_id != precedente:
            quando = voce.dal
            yield _evento(quando, f"Affidata a {voce.utente.nome_completo}")
        precedente = voce.utente_id


def _revisioni(presa: PresaInCarico) -> Iterator[Evento]:
    righe = RevisioneObiettivo.objects.filter(obiettivo__presa=presa, ente=presa.ente_id)
    # Com'è diventato lo dice la revisione dopo, o l'obiettivo com'è adesso.
    dopo: dict[int, tuple[str, str]] = {}
    for voce in righe.select_related("obiettivo", "da").order_by("-quando", "-pk"):
        ora = dopo.get(voce.obiettivo_id, (voce.obiettivo.testo, voce.obiettivo.stato))
        dopo[voce.obiettivo_id] = (voce.testo, voce.stato)
        titolo = "Obiettivo rivisto"
        if ora[1] != voce.stato:
            titolo = f"Obiettivo: {Obiettivo.Stato(ora[1]).label}"
        prima = voce.testo if ora[0] != voce.testo else ""
        yield _evento(voce.quando, titolo, voce.da, f"{ora[0]}\n{voce.motivo}", prima=prima)


def _passaggi(passaggi: Iterable[Passaggio]) -> Iterator[Evento]:
    for voce in passaggi:
        a = voce.destinatario.denominazione
        yield _evento(voce.proposto_il, f"Passaggio proposto a {a}", voce.proposto_da, voce.motivo)
        if voce.risposto_il:
            titolo = f"Passaggio {voce.get_stato_display()}"
            da_loro = voce.stato != Passaggio.Stato.RITIRATO
            yield _evento(
                voce.risposto_il,
                f"{titolo} da {a}" if da_loro else titolo,
                None if da_loro else voce.risposto_da,
                voce.risposta,
            )


def _rilevazioni(presa: PresaInCarico) -> Iterator[Evento]:
    della_presa = {"presa": presa, "ente": presa.ente_id}
    bisogni = BisognoRilevato.objects.filter(**della_presa)
    for bisogno in bisogni.select_related("bisogno", "rilevato_da"):
        nome, chi = bisogno.bisogno.nome, bisogno.rilevato_da.nome_completo
        yield Evento(bisogno.rilevato_il, f"Bisogno rilevato: {nome}", chi)
        if bisogno.chiuso_il:
            titolo = f"Bisogno {bisogno.get_stato_display()}: {nome}"
            yield Evento(bisogno.chiuso_il, titolo)
    valutazioni = Valutazione.objects.filter(**della_presa)
    for voce in valutazioni.select_related("indicatore", "da"):
        titolo = f"Valutazione ({voce.get_momento_display()}): {voce.indicatore.testo}"
        yield Evento(voce.valutata_il, titolo, voce.da.nome_completo)
    for nota in Nota.objects.filter(**della_presa).select_related("scritta_da"):
        yield _evento(nota.scritta_il, "Nota scritta", nota.scritta_da)


def _evento(
    quando: datetime.datetime, titolo: str, chi: Utente | None = None, testo: str = "", **altro
) -> Evento:
    nome = chi.nome_completo if chi else ""
    return Evento(
        timezone.localdate(quando), titolo, nome, testo, ordine=quando.timestamp(), **altro
    )
