"""Pubblicare un'edizione: le cifre si calcolano una volta e, con ciò da cui vengono, si congelano."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.formats import date_format

from assi.models import Progetto
from enti.permessi import Attore, Permesso
from report.calcolo import Piano, calcola
from report.contenuto import CifraContenuto, Contenuto, RegolaContenuto
from report.copie import (
    Cornice,
    SchedaCopiata,
    congela_cornice,
    congela_scheda,
    contenuto_dell_edizione,
    cornice_corrente,
    impronta_del_contenuto,
)
from report.models import Addendo, BloccoDiTesto, Cifra, CopiaScheda, Rapporto, TotaleDiRegola
from report.novita import che_cosa_cambia


TITOLO = "Rapporto di quadrante"
NESSUNA_NOVITA = "Nessuna cifra cambia, e nessuna scheda."


@transaction.atomic
def pubblica_edizione(
    *,
    progetto: Progetto,
    da: Attore,
    schede: Sequence[SchedaCopiata],
    piano: Piano,
    blocchi: Iterable[BloccoDiTesto],
    novita: str | None = None,
    impronta_fonte: str = "",
) -> Rapporto:
    """Calcola le cifre, congela ciò da cui vengono e rende l'edizione pubblicata.

    `schede`: le copie, nell'ordine in cui si stampano; `blocchi`: righe non salvate. `novita`: se
    taciuta si ricava dal confronto con l'edizione prima. `impronta_fonte`: quella della cartella
    caricata, se c'è. Solleva `PermissionDenied`, o `PianoErrato` se il piano non regge.
    """
    da.esigi(Permesso.RAPPORTO_PREPARARE)
    # Due edizioni dello stesso progetto si numerano una alla volta.
    Progetto.objects.select_for_update().get(pk=progetto.pk)
    prima = Rapporto.objects.ultima_edizione(progetto.slug)
    legami = [legame for scheda in schede for legame in scheda.legami]
    cornice = cornice_corrente(progetto, legami=legami)
    rapporto = _bozza(progetto, da, piano, cornice, impronta_fonte)
    copie = _salva_copie(rapporto, schede)
    _salva_blocchi(rapporto, blocchi)
    nodi = [(nodo.slug, nodo.denominazione) for nodo in cornice.nodi]
    calcolo = calcola([scheda.contenuto for scheda in schede], piano, nodi)
    _salva_cifre(rapporto, calcolo.cifre, copie)
    _salva_regole(rapporto, calcolo.regole)
    # L'impronta è di ciò che si rilegge, non di ciò che si è scritto.
    return _congela(rapporto, contenuto_dell_edizione(rapporto), prima, novita)


def _bozza(
    progetto: Progetto, da: Attore, piano: Piano, cornice: Cornice, impronta_fonte: str
) -> Rapporto:
    ultima = Rapporto.objects.di(progetto.slug).aggregate(ultima=Max("edizione"))["ultima"]
    return Rapporto.objects.create(
        ente=da.ente,
        progetto=progetto,
        edizione=(ultima or 0) + 1,
        titolo=TITOLO,
        sottotitolo=progetto.sottotitolo,
        periodo=periodo_in_parole(progetto),
        regole=piano.model_dump(mode="json"),
        cornice=congela_cornice(cornice),
        impronta_fonte=impronta_fonte,
    )


def periodo_in_parole(progetto: Progetto) -> str:
    """«luglio 2019 – giugno 2021»: le date del progetto o, se non le dice, delle sue azioni."""
    estremi = progetto.azioni.aggregate(dal=Min("inizio"), al=Max("fine"))
    dal, al = progetto.dal or estremi["dal"], progetto.al or estremi["al"]
    return " – ".join(_mese(giorno) for giorno in (dal, al) if giorno)


def _mese(giorno: date) -> str:
    return date_format(giorno, "F Y").lower()


def _salva_copie(rapporto: Rapporto, schede: Sequence[SchedaCopiata]) -> dict[str, CopiaScheda]:
    copie = CopiaScheda.objects.bulk_create(
        CopiaScheda(
            ente_id=rapporto.ente_id,
            rapporto=rapporto,
            ordine=ordine,
            slug=scheda.contenuto.slug,
            numero=scheda.contenuto.numero,
            titolo=scheda.contenuto.titolo,
            dichiarante_id=scheda.dichiarante,
            contenuto=congela_scheda(scheda.contenuto),
        )
        for ordine, scheda in enumerate(schede)
    )
    return {copia.slug: copia for copia in copie}


def _salva_blocchi(rapporto: Rapporto, blocchi: Iterable[BloccoDiTesto]) -> None:
    righe = list(blocchi)
    for ordine, blocco in enumerate(righe):
        blocco.ente_id, blocco.rapporto, blocco.ordine = rapporto.ente_id, rapporto, ordine
    BloccoDiTesto.objects.bulk_create(righe)


def _salva_cifre(
    rapporto: Rapporto, cifre: Sequence[CifraContenuto], copie: dict[str, CopiaScheda]
) -> None:
    righe = Cifra.objects.bulk_create(
        _cifra(rapporto, cifra, ordine) for ordine, cifra in enumerate(cifre)
    )
    Addendo.objects.bulk_create(
        Addendo(
            ente_id=rapporto.ente_id,
            rapporto=rapporto,
            cifra=riga,
            copia=copie[addendo.scheda],
            ordine=ordine,
            conteggio=addendo.conteggio,
            cosa=addendo.cosa,
            unita=addendo.unita,
            valore=addendo.valore,
            approssimazione=addendo.approssimazione or "",
        )
        for riga, cifra in zip(righe, cifre, strict=True)
        for ordine, addendo in enumerate(cifra.addendi)
    )


def _cifra(rapporto: Rapporto, cifra: CifraContenuto, ordine: int) -> Cifra:
    return Cifra(
        ente_id=rapporto.ente_id,
        rapporto=rapporto,
        ordine=ordine,
        slug=cifra.slug,
        etichetta=cifra.etichetta,
        definizione=cifra.definizione,
        unita=cifra.unita or "",
        nodo=cifra.nodo or "",
        valore=cifra.valore,
        approssimazione=cifra.approssimazione or "",
        regola=cifra.regola,
        regola_in_parole=cifra.regola_in_parole,
        pubblicato=cifra.pubblicato,
        derivato=cifra.derivato,
        esito=cifra.esito,
        nota=cifra.nota,
        aritmetica=cifra.aritmetica,
        rispondenti=cifra.rispondenti,
        interrogate=cifra.interrogate,
    )


def _salva_regole(rapporto: Rapporto, regole: Sequence[RegolaContenuto]) -> None:
    righe = []
    for regola in regole:
        comuni = {
            "ente_id": rapporto.ente_id,
            "rapporto": rapporto,
            "regola": regola.slug,
            "descrizione": regola.descrizione,
            "nota": regola.nota,
            "scelta": regola.scelta,
        }
        totale = ("", regola.totale, regola.approssimazione, regola.pubblicato)
        per_nodo = ((v.nodo, v.valore, v.approssimazione, None) for v in regola.valori)
        righe += [
            TotaleDiRegola(
                **comuni,
                nodo=nodo,
                valore=valore,
                approssimazione=approssimazione or "",
                pubblicato=pubblicato,
            )
            for nodo, valore, approssimazione, pubblicato in (*per_nodo, totale)
        ]
    for ordine, riga in enumerate(righe):
        riga.ordine = ordine
    TotaleDiRegola.objects.bulk_create(righe)


def _congela(
    rapporto: Rapporto, contenuto: Contenuto, prima: Rapporto | None, novita: str | None
) -> Rapporto:
    """Dà all'edizione novità, impronta e data, e la chiude: da qui in poi non si tocca."""
    if novita is None and prima is not None:
        novita = che_cosa_cambia(contenuto_dell_edizione(prima), contenuto) or NESSUNA_NOVITA
    rapporto.novita = novita or ""
    testata = replace(contenuto.rapporto, novita=rapporto.novita)
    rapporto.impronta = impronta_del_contenuto(replace(contenuto, rapporto=testata))
    rapporto.pubblicato_il = timezone.now()
    rapporto.stato = Rapporto.Stato.PUBBLICATO
    rapporto.save(update_fields=["novita", "impronta", "pubblicato_il", "stato"])
    return rapporto
