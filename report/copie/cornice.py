"""Ciò che sta attorno alle schede in un'edizione: nodi, enti, assi e legami com'erano quel giorno."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F
from pydantic import TypeAdapter

from assi.models import Asse, Azione, EnteDiAsse, Progetto
from enti.models import Ente, Nodo
from report.contenuto import (
    AsseContenuto,
    EnteContenuto,
    EntiDiAsse,
    EntiDiNodo,
    LegameContenuto,
    NodoContenuto,
)
from report.copie.comune import contenuto_dell_azione, partecipanti_di_azione


@dataclass(frozen=True, slots=True)
class Cornice:
    """Il nome del progetto, e nodi, enti, assi e legami come li vuole `Contenuto`.

    I testi degli assi (individuazione, esiti, criticità, proposte) qui mancano: sono righe
    dell'edizione, scritte dall'hub.
    """

    progetto: str
    nodi: tuple[NodoContenuto, ...]
    enti: tuple[EnteContenuto, ...]
    assi: tuple[AsseContenuto, ...]
    legami: tuple[LegameContenuto, ...]


_CORNICE = TypeAdapter(Cornice)


def congela_cornice(cornice: Cornice) -> dict:
    """La cornice come JSON, per `Rapporto.cornice`."""
    return _CORNICE.dump_python(cornice, mode="json")


def rileggi_cornice(dati: dict) -> Cornice:
    """La cornice conservata in un'edizione."""
    return _CORNICE.validate_python(dati)


def rete_del_progetto(progetto: Progetto) -> list[Ente]:
    """Gli enti del progetto nell'ordine in cui si stampano: per nodo, prima il capofila."""
    return list(
        progetto.enti.select_related("nodo")
        .prefetch_related("presenze")
        .order_by(F("nodo__parte").asc(nulls_last=True), "ruolo", "denominazione", "pk")
    )


def cornice_corrente(progetto: Progetto, *, legami: Iterable[LegameContenuto] = ()) -> Cornice:
    """La cornice com'è ora: i nodi guidati da un ente del progetto, i suoi enti, i loro assi.

    `legami`: quelli dichiarati dalle schede, che restano in quest'ordine. Interrogazioni fisse.
    """
    rete = rete_del_progetto(progetto)
    posti = list(
        EnteDiAsse.objects.filter(ente__in=rete)
        .select_related("asse", "ente", "nodo")
        .order_by("pk")
    )
    azioni = list(
        progetto.azioni.select_related("asse")
        .prefetch_related(partecipanti_di_azione())
        .order_by("pk")
    )
    nodi = list(
        Nodo.objects.filter(capofila__in=rete).select_related("capofila").order_by("parte", "pk")
    )
    usati = {posto.asse_id for posto in posti} | {azione.asse_id for azione in azioni}
    assi = Asse.objects.filter(pk__in=usati).in_ordine()
    return Cornice(
        progetto=progetto.titolo,
        nodi=tuple(_nodo(nodo, posti) for nodo in nodi),
        enti=tuple(_ente(ente, posti) for ente in rete),
        assi=tuple(_asse(asse, nodi, posti, azioni) for asse in assi),
        legami=tuple(legami),
    )


def _ente(ente: Ente, posti: Sequence[EnteDiAsse]) -> EnteContenuto:
    assi = dict.fromkeys(posto.asse for posto in posti if posto.ente_id == ente.pk)
    comuni = dict.fromkeys(p.comune for p in sorted(ente.presenze.all(), key=lambda p: p.pk))
    return EnteContenuto(
        slug=ente.slug,
        denominazione=ente.denominazione,
        nome=ente.nome_breve,
        ruolo=ente.ruolo,
        nodo=ente.nodo.slug if ente.nodo else None,
        assi=tuple(asse.slug for asse in sorted(assi, key=lambda asse: (asse.ordine, asse.pk))),
        comuni=tuple(comuni),
    )


def _nodo(nodo: Nodo, posti: Sequence[EnteDiAsse]) -> NodoContenuto:
    per_asse: dict[Asse, list[str]] = defaultdict(list)
    for posto in posti:
        if posto.nodo_id == nodo.pk:
            per_asse[posto.asse].append(posto.ente.nome_breve)
    return NodoContenuto(
        slug=nodo.slug,
        denominazione=nodo.denominazione,
        capofila=nodo.capofila.nome_breve,
        comuni=tuple(nodo.comuni),
        enti_per_asse=tuple(
            EntiDiAsse(asse.slug, asse.denominazione, tuple(enti))
            for asse, enti in sorted(per_asse.items(), key=lambda voce: voce[0].ordine)
        ),
    )


def _asse(
    asse: Asse, nodi: Sequence[Nodo], posti: Sequence[EnteDiAsse], azioni: Sequence[Azione]
) -> AsseContenuto:
    per_nodo: dict[int, list[str]] = defaultdict(list)
    for posto in posti:
        if posto.asse_id == asse.pk and posto.nodo_id is not None:
            per_nodo[posto.nodo_id].append(posto.ente.nome_breve)
    return AsseContenuto(
        slug=asse.slug,
        denominazione=asse.denominazione,
        obiettivo=asse.obiettivo,
        trasversale=asse.tipo == Asse.Tipo.TRASVERSALE,
        enti_per_nodo=tuple(
            EntiDiNodo(nodo.slug, nodo.denominazione, tuple(per_nodo[nodo.pk]))
            for nodo in nodi
            if nodo.pk in per_nodo
        ),
        individuazione=(),
        esiti=(),
        criticita=(),
        proposte=(),
        azioni=tuple(contenuto_dell_azione(a) for a in azioni if a.asse_id == asse.pk),
    )
