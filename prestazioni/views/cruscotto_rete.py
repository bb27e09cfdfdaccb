"""Il cruscotto del nodo e della rete: solo conteggi, nessun nome; le persone arrotondate a 5."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from assi.models import Asse, Azione
from beneficiari.models import BisognoRilevato
from enti.models import Ente, Nodo
from enti.permessi import Permesso, richiede
from prestazioni.forms.cruscotti import FiltriDiReteForm
from prestazioni.sguardi.definizioni import DELLA_RETE
from prestazioni.sguardi.rete import (
    Ambito,
    RigaDiRete,
    bisogni_di_rete,
    casi_di_rete,
    freschezza,
    righe_di_rete,
)
from prestazioni.sguardi.tavole import (
    A_5,
    Numeri,
    Tavola,
    con_i_mesi_vuoti,
    conto_arrotondato,
    nome_del_mese,
    tavola_di_numeri,
)
from registro.comune.esportazioni import risposta_csv
from registro.comune.grafici import colore_asse, colore_nodo


SENZA_NODO = "Enti senza nodo"


@dataclass(frozen=True)
class Banco:
    """Ciò che si guarda: i filtri e l'ambito che ne viene."""

    filtri: FiltriDiReteForm
    ambito: Ambito

    @classmethod
    def di(cls, request: HttpRequest) -> "Banco":
        filtri = FiltriDiReteForm(request.GET, attore=request.attore)
        return cls(filtri, filtri.ambito(timezone.localdate()))


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.CRUSCOTTO_RETE)
def cruscotto(request):
    banco = Banco.di(request)
    numeri = _totale(banco.ambito)
    dati = {
        "filtri": banco.filtri,
        "periodo": banco.filtri.quando(timezone.localdate()).a_mesi,
        "numeri": numeri,
        "senza_codice": conto_arrotondato(numeri.senza_codice),
        "meno_di": _zeri_in_parole(numeri),
        "tavole": [t for t in (fai(banco) for fai in TAVOLE.values()) if t.righe],
        "definizioni": DELLA_RETE,
        "freschezza": freschezza(),
        "cambiabile": request.GET.urlencode(),
        "di_rete": request.attore.di_rete,
    }
    modello = "_numeri_di_rete" if request.htmx else "rete"
    return render(request, f"prestazioni/cruscotti/{modello}.html", dati)


@require_safe
@richiede(Permesso.CRUSCOTTO_RETE)
def disegno(request, slug):
    """Il disegno di una tavola, che la pagina chiede dopo aver mostrato i numeri."""
    dati = {
        "tavola": _tavola_o_404(Banco.di(request), slug),
        "csv": "prestazioni:cruscotto_rete_csv",
        "cambiabile": request.GET.urlencode(),
    }
    return render(request, "prestazioni/cruscotti/_disegno.html", dati)


@require_safe
@richiede(Permesso.CRUSCOTTO_RETE)
def foglio_csv(request, slug):
    banco = Banco.di(request)
    periodo = banco.filtri.quando(timezone.localdate()).a_mesi
    che_cosa = banco.filtri.che_cosa(periodo.mesi_in_parole)
    return risposta_csv(f"cruscotto-rete-{slug}", _tavola_o_404(banco, slug).foglio(che_cosa))


def _tavola_o_404(banco: Banco, slug: str) -> Tavola:
    if slug not in TAVOLE:
        raise Http404("Questa tavola non c'è.")
    return TAVOLE[slug](banco)


def _zeri_in_parole(numeri: Numeri) -> dict[str, str]:
    """I conti arrotondati che fanno zero, come si leggono: zero non vuol dire nessuno."""
    conti = {"persone": numeri.persone, "senza_nome": numeri.senza_nome, "casi": numeri.casi}
    return {nome: conto_arrotondato(0) for nome, quanti in conti.items() if not quanti}


def _numeri(riga: RigaDiRete) -> Numeri:
    return Numeri(
        prestazioni=riga.prestazioni,
        minuti=riga.minuti,
        senza_durata=riga.senza_durata,
        persone=riga.persone,
        senza_nome=riga.senza_nome,
        senza_codice=riga.senza_codice,
    )


def _totale(ambito: Ambito) -> Numeri:
    righe = righe_di_rete("totale", ambito)
    numeri = _numeri(righe[0]) if righe else Numeri(senza_codice=0)
    return replace(numeri, casi=casi_di_rete("totale", ambito).get(0, 0))


def _con_casi(per: str, ambito: Ambito) -> dict[int, Numeri]:
    """Per voce, i conti coi casi aperti; c'è anche chi ha casi e nessuna prestazione."""
    numeri = {riga.voce: _numeri(riga) for riga in righe_di_rete(per, ambito)}
    casi = casi_di_rete(per, ambito)
    return {
        voce: replace(numeri.get(voce, Numeri(senza_codice=0)), casi=casi.get(voce, 0))
        for voce in {**numeri, **casi}
    }


def _tavola(banco: Banco, per: str, titolo: str, nomi: list[tuple[int, str, str]]) -> Tavola:
    """La tavola di `per`: `nomi` sono (chiave, come si legge, colore), nell'ordine in cui si leggono."""
    conti = _con_casi(per, banco.ambito)
    scelti = [(nome, conti[chiave], colore) for chiave, nome, colore in nomi if chiave in conti]
    return tavola_di_numeri(
        *(per, titolo, per.capitalize(), [(nome, numeri) for nome, numeri, _ in scelti]),
        misura=banco.filtri.disegnata,
        di_rete=True,
        con_casi=True,
        colori=[colore for *_, colore in scelti],
    )


def _per_nodo(banco: Banco) -> Tavola:
    nodi = Nodo.objects.order_by("parte", "denominazione")
    nomi = [(nodo.pk, nodo.denominazione, colore_nodo(nodo.slug)) for nodo in nodi]
    return _tavola(banco, "nodo", "Per nodo", [*nomi, (0, SENZA_NODO, colore_nodo(None))])


def _per_asse(banco: Banco) -> Tavola:
    assi = Asse.objects.in_ordine()
    nomi = [(asse.pk, asse.denominazione, colore_asse(asse.slug)) for asse in assi]
    return _tavola(banco, "asse", "Per asse", nomi)


def _per_azione(banco: Banco) -> Tavola:
    azioni = Azione.objects.select_related("asse").order_by("titolo", "pk")
    nomi = [(azione.pk, azione.titolo, colore_asse(azione.asse.slug)) for azione in azioni]
    return _tavola(banco, "azione", "Per azione", nomi)


def _per_ente(banco: Banco) -> Tavola:
    enti = Ente.objects.select_related("nodo").order_by("denominazione", "pk")
    nomi = [
        (ente.pk, ente.denominazione, colore_nodo(ente.nodo.slug if ente.nodo else None))
        for ente in enti
    ]
    return _tavola(banco, "ente", "Per ente", nomi)


def _per_mese(banco: Banco) -> Tavola:
    numeri = {riga.mese: _numeri(riga) for riga in righe_di_rete("mese", banco.ambito)}
    seguiti = {
        mese: replace(conti, senza_codice=conti.senza_codice or 0)
        for mese, conti in con_i_mesi_vuoti(numeri).items()
    }
    return tavola_di_numeri(
        *("mese", "Mese per mese", "Mese"),
        [(nome_del_mese(mese), conti) for mese, conti in seguiti.items()],
        misura=banco.filtri.disegnata,
        di_rete=True,
        mesi=tuple(seguiti),
    )


def _bisogni(banco: Banco) -> Tavola:
    conti = bisogni_di_rete(banco.ambito)
    stati = [stato for stato in BisognoRilevato.Stato if stato.value in conti]
    return Tavola(
        "bisogni",
        "Bisogni rilevati, per stato di oggi",
        ("Stato", A_5["Persone"], A_5["Bisogni"]),
        tuple((stato.label.capitalize(), *conti[stato.value]) for stato in stati),
        colonna=2,
        arrotondate=frozenset({1, 2}),
        definizioni=(DELLA_RETE["persone_con_bisogni"], DELLA_RETE["bisogni"]),
    )


TAVOLE: dict[str, Callable[[Banco], Tavola]] = {
    "mese": _per_mese,
    "nodo": _per_nodo,
    "asse": _per_asse,
    "azione": _per_azione,
    "ente": _per_ente,
    "bisogni": _bisogni,
}
