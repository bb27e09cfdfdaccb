"""Una scheda com'è ora, nella forma che l'edizione congela."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from assi.models import Programma
from enti.models import Ente
from report.contenuto import LegameContenuto, SchedaContenuto
from report.copie import sezioni
from report.copie.comune import contenuto_dell_azione, partecipanti_di_azione
from report.copie.sezioni import Nomi
from report.models import (
    AsseDiScheda,
    AttivitaDiScheda,
    AzioneDiScheda,
    CollaborazionePubblica,
    Conteggio,
    DichiaranteDiScheda,
    Giudizio,
    Legame,
    Misuratore,
    Prosecuzione,
    Scheda,
    Uscita,
    VoceTestuale,
)


# Ogni relazione della scheda con ciò che le serve accanto: una interrogazione ciascuna.
_RIGHE = (
    ("dichiaranti", DichiaranteDiScheda, ("dichiarante",)),
    ("assi", AsseDiScheda, ("asse",)),
    ("azioni", AzioneDiScheda, ("azione__asse",)),
    ("conteggio_righe", Conteggio, ("asse", "presso")),
    ("uscita_righe", Uscita, ()),
    ("giudizio_righe", Giudizio, ("indicatore", "asse")),
    ("vocetestuale_righe", VoceTestuale, ("asse",)),
    ("misuratore_righe", Misuratore, ("asse",)),
    ("legame_righe", Legame, ("verso",)),
    ("collaborazionepubblica_righe", CollaborazionePubblica, ()),
    ("attivitadischeda_righe", AttivitaDiScheda, ("asse",)),
    ("prosecuzione_righe", Prosecuzione, ("asse",)),
)


@dataclass(frozen=True, slots=True)
class SchedaCopiata:
    """Una scheda pronta per un'edizione: il contenuto, la chiave del primo dichiarante, i legami."""

    contenuto: SchedaContenuto
    dichiarante: int
    legami: tuple[LegameContenuto, ...]


def copia_della_scheda(scheda: Scheda) -> SchedaContenuto:
    """Il contenuto di una scheda, dalle righe che chi legge può vedere. Interrogazioni fisse."""
    nomi = _leggi_righe([scheda])
    return _contenuto(scheda, nomi)


def copie_delle_schede(schede: Iterable[Scheda], *, rete: Sequence[Ente]) -> list[SchedaCopiata]:
    """Le copie di più schede, nello stesso ordine e con tante interrogazioni quante per una.

    `rete`: gli enti del progetto (`rete_del_progetto`), in cui si scioglie «tutta la rete». Si
    leggono le sole righe che il contesto mostra: chi chiama apre quello giusto.
    """
    schede = list(schede)
    nomi = _leggi_righe(schede)
    return [
        SchedaCopiata(_contenuto(scheda, nomi), scheda.ente_id, tuple(_legami(scheda, rete)))
        for scheda in schede
    ]


def _leggi_righe(schede: list[Scheda]) -> Nomi:
    prefetch_related_objects(
        schede,
        "nodo",
        *(
            Prefetch(nome, modello.objects.select_related(*accanto).order_by("ordine", "pk"))
            for nome, modello, accanto in _RIGHE
        ),
        partecipanti_di_azione("azioni__azione__partecipanti"),
    )
    voci = [voce for scheda in schede for voce in scheda.vocetestuale_righe.all()]
    conteggi = [conteggio for scheda in schede for conteggio in scheda.conteggio_righe.all()]
    enti = Ente.objects.filter(slug__in={s for voce in voci for s in voce.enti_nominati})
    programmi = Programma.objects.filter(slug__in={s for c in conteggi for s in c.canali})
    return Nomi(
        enti={ente.slug: ente.nome_breve for ente in enti},
        programmi=dict(programmi.values_list("slug", "denominazione")),
    )


def _dichiaranti(scheda: Scheda) -> list[Ente]:
    """Chi parla nella scheda: per primo l'ente a cui appartiene."""
    chi = [riga.dichiarante for riga in scheda.dichiaranti.all() if riga.compila]
    return sorted(chi, key=lambda ente: ente.pk != scheda.ente_id)


_FRASI_CHE_POSSONO_MANCARE = (
    "vulnerabilita",
    "bisogni_motivazioni",
    "outcomes",
    "nuovi_bisogni",
    "criticita",
    "proposte",
    "sostenibilita",
)


def _contenuto(scheda: Scheda, nomi: Nomi) -> SchedaContenuto:
    return SchedaContenuto(
        **_testata(scheda),
        **{s: sezioni.frasi_se_ci_sono(scheda, s, nomi) for s in _FRASI_CHE_POSSONO_MANCARE},
        conteggi=sezioni.conteggi(scheda),
        uscite=sezioni.uscite(scheda),
        altri_numeri=sezioni.altri_numeri(scheda),
        profilo=sezioni.frasi(scheda, "profilo", nomi),
        individuazione=sezioni.individuazione(scheda, nomi),
        giudizi=sezioni.giudizi(scheda),
        reti=sezioni.reti(scheda, nomi),
        collaborazione=sezioni.collaborazione(scheda, nomi),
        output=sezioni.output(scheda, nomi),
        output_testi=sezioni.frasi(scheda, "output", nomi),
        attivita=sezioni.attivita(scheda),
        impatto_ente=sezioni.frasi(scheda, "impatto_ente", nomi),
        misuratori=sezioni.misuratori(scheda),
        prosecuzione=sezioni.prosecuzione(scheda),
    )


def _testata(scheda: Scheda) -> dict[str, Any]:
    """Di chi è la scheda e di che cosa parla."""
    dichiaranti = _dichiaranti(scheda)
    intestatari = (riga for riga in scheda.dichiaranti.all() if riga.intestatario)
    return {
        "slug": scheda.slug,
        "numero": scheda.numero,
        "titolo": scheda.titolo,
        "enti": tuple(riga.dichiarante.nome_breve for riga in intestatari),
        "dichiaranti": tuple(ente.nome_breve for ente in dichiaranti),
        "dichiaranti_slug": tuple(ente.slug for ente in dichiaranti),
        "assi": tuple(riga.asse.slug for riga in scheda.assi.all()),
        "nodo": scheda.nodo.slug if scheda.nodo else None,
        "nodo_denominazione": scheda.nodo.denominazione if scheda.nodo else None,
        "azioni": tuple(contenuto_dell_azione(riga.azione) for riga in scheda.azioni.all()),
    }


def _legami(scheda: Scheda, rete: Sequence[Ente]) -> Iterable[LegameContenuto]:
    """Un legame per coppia: da ogni dichiarante verso ogni soggetto nominato."""
    interni = {ente.pk for ente in rete}
    verso = [*((ente, False) for ente in _gia_noti(scheda, rete)), *_nuovi(scheda)]
    for da in _dichiaranti(scheda):
        for ente, nuovo in verso:
            if ente.pk != da.pk:
                yield LegameContenuto(
                    da_slug=da.slug,
                    da=da.nome_breve,
                    verso_slug=ente.slug,
                    verso=ente.nome_breve,
                    nuovo=nuovo,
                    interno=ente.pk in interni,
                )


def _gia_noti(scheda: Scheda, rete: Sequence[Ente]) -> list[Ente]:
    righe = [
        legame
        for legame in scheda.legame_righe.all()
        if legame.momento == Legame.Momento.PREESISTENTE
    ]
    esclusi = {legame.verso_id for legame in righe if legame.eccetto}
    noti = {r.verso_id: r.verso for r in righe if r.verso and not r.eccetto}
    if any(legame.tutta_la_rete for legame in righe):
        noti = {ente.pk: ente for ente in rete if ente.pk not in esclusi} | noti
    return list(noti.values())


def _nuovi(scheda: Scheda) -> list[tuple[Ente, bool]]:
    return [
        (legame.verso, True)
        for legame in scheda.legame_righe.all()
        if legame.momento == Legame.Momento.NUOVO and legame.verso
    ]
