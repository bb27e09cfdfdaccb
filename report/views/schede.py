"""Le schede: l'elenco di chi le compila o le coordina, e la pagina in cui si leggono."""

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from enti.permessi import Permesso, richiede
from registro.comune.elenchi import colonne_ordinabili
from registro.comune.esportazioni import Tabella, risposta_csv, risposta_xlsx
from report.azioni import schede as azioni
from report.controlli import avvisi_di
from report.fascicolo import Fascicolo
from report.forms.percorso import FiltriSchedeForm, ordina
from report.lettura import sezioni_lette, storia
from report.models import Scheda, SchedaQuerySet


SCHEDE_PER_PAGINA = 50
COLONNE = (
    ("scheda", "Scheda"),
    ("nodo", "Nodo"),
    ("stato", "Stato"),
    ("scadenza", "Scadenza"),
    ("movimento", "Ultimo cambiamento"),
)


def scheda_visibile(request: HttpRequest, uuid) -> Scheda:
    """La scheda, se chi chiede la può vedere; altrimenti Http404."""
    visibili = Scheda.objects.visibili_a(request.attore).per_elenco()
    return get_object_or_404(visibili, uuid=uuid)


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.SCHEDE_VEDERE)
def elenco(request):
    filtri = FiltriSchedeForm(request.GET, attore=request.attore)
    visibili = Scheda.objects.visibili_a(request.attore)
    ordine = request.GET.get("ordine", "")
    schede = ordina(filtri.applica(visibili), ordine).per_elenco().prefetch_related("assi__asse")
    pagina = Paginator(schede, SCHEDE_PER_PAGINA).get_page(request.GET.get("pagina"))
    dati = {
        "filtri": filtri,
        "pagina": pagina,
        "colonne": colonne_ordinabili(COLONNE, ordine),
        "ordine": ordine,
        "oggi": timezone.localdate(),
    }
    if request.htmx:
        return render(request, "report/schede/_tabella.html", dati)
    if request.attore.puo(Permesso.SCHEDE_ACCETTARE):
        dati["conti"] = visibili.conti_per_stato()
    return render(request, "report/schede/elenco.html", dati)


@require_safe
@richiede(Permesso.SCHEDE_VEDERE)
def elenco_csv(request):
    return risposta_csv("schede", _foglio(request))


@require_safe
@richiede(Permesso.SCHEDE_VEDERE)
def elenco_xlsx(request):
    return risposta_xlsx("schede", [_foglio(request)])


@require_safe
@richiede(Permesso.SCHEDE_VEDERE)
def scheda(request, uuid):
    scelta = scheda_visibile(request, uuid)
    fascicolo = Fascicolo.di(scelta)
    dati = {
        "scheda": scelta,
        "fascicolo": fascicolo,
        "sezioni": sezioni_lette(fascicolo),
        "storia": storia(scelta),
        "avvisi": avvisi_di(fascicolo) if scelta.aperta else [],
        "oggi": timezone.localdate(),
        **gesti(request.attore, scelta),
    }
    return render(request, "report/schede/scheda.html", dati)


@require_POST
@richiede(Permesso.SCHEDE_COMPILARE)
def apri(request, uuid):
    scelta = scheda_visibile(request, uuid)
    try:
        azioni.apri_scheda(scheda=scelta, da=request.attore)
    except ValidationError as errore:
        return _non_si_puo(request, scelta, errore)
    return redirect("report:scheda_compila", scelta.uuid)


@require_POST
@richiede(Permesso.SCHEDE_INVIARE)
def ritira(request, uuid):
    scelta = scheda_visibile(request, uuid)
    try:
        azioni.ritira_scheda(scheda=scelta, da=request.attore)
    except ValidationError as errore:
        return _non_si_puo(request, scelta, errore)
    messages.success(request, "La scheda è di nuovo in compilazione. Quando è pronta, inviala.")
    return redirect("report:scheda_compila", scelta.uuid)


def gesti(attore, scelta: Scheda) -> dict[str, bool]:
    """Che cosa chi guarda può fare adesso con la scheda: per i bottoni, non per i permessi."""
    in_mano = attore.puo(Permesso.SCHEDE_COMPILARE)
    del_nodo = attore.di_rete or (attore.nodo is not None and attore.nodo == scelta.nodo)
    aspetta_la_rete = scelta.stato == Scheda.Stato.ACCETTATA_DAL_NODO
    da_valutare = scelta.stato == Scheda.Stato.INVIATA or aspetta_la_rete
    return {
        "puo_compilare": in_mano and scelta.aperta,
        "puo_inviare": attore.puo(Permesso.SCHEDE_INVIARE)
        and scelta.stato in (Scheda.Stato.IN_COMPILAZIONE, Scheda.Stato.RIMANDATA),
        "puo_ritirare": attore.puo(Permesso.SCHEDE_INVIARE)
        and scelta.stato == Scheda.Stato.INVIATA,
        "puo_valutare": attore.puo(Permesso.SCHEDE_ACCETTARE)
        and da_valutare
        and (attore.di_rete or (del_nodo and not aspetta_la_rete)),
    }


def _non_si_puo(request: HttpRequest, scelta: Scheda, errore: ValidationError) -> HttpResponse:
    for frase in errore.messages:
        messages.error(request, frase)
    return redirect("report:scheda", scelta.uuid)


def _foglio(request: HttpRequest) -> Tabella:
    filtri = FiltriSchedeForm(request.GET, attore=request.attore)
    visibili: SchedaQuerySet = filtri.applica(Scheda.objects.visibili_a(request.attore))
    schede = ordina(visibili, request.GET.get("ordine", ""))
    intestazioni = (
        *("Campagna", "Scheda", "Ente", "Nodo", "Stato", "Sezioni compilate", "Sezioni chieste"),
        *("Scadenza", "Inviata il", "Ultimo cambiamento"),
    )
    return Tabella("Schede", intestazioni, [_riga(s) for s in schede.per_elenco()])


def _riga(scelta: Scheda) -> tuple:
    presenti, chieste = scelta.completezza
    return (
        scelta.campagna.titolo,
        scelta.titolo,
        scelta.ente.denominazione,
        scelta.nodo.denominazione if scelta.nodo else "Più nodi",
        scelta.get_stato_display(),
        presenti,
        chieste,
        scelta.campagna.scade_il,
        _giorno(scelta.inviata_il),
        _giorno(scelta.modificata_il),
    )


def _giorno(momento: datetime.datetime | None) -> datetime.date | None:
    return timezone.localdate(momento) if momento else None
