"""L'elenco degli enti della rete."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from enti.forms.elenco import ORDINAMENTI, FiltriEntiForm, ordina
from enti.models import Ente, EnteQuerySet
from enti.permessi import Permesso, richiede
from registro.comune.elenchi import colonne_ordinabili
from registro.comune.esportazioni import Tabella, risposta_csv, risposta_xlsx


ENTI_PER_PAGINA = 25
COLONNE = (
    ("nome", "Ente"),
    ("ruolo", "Ruolo nella rete"),
    ("natura", "Natura"),
    ("nodo", "Nodo"),
)


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.RETE_VEDERE)
def elenco(request):
    filtri = FiltriEntiForm(request.GET)
    chiave = request.GET.get("ordine", "nome")
    enti = ordina(filtri.applica(Ente.objects.attivi()), chiave)
    pagina = Paginator(enti.per_elenco(), ENTI_PER_PAGINA).get_page(request.GET.get("pagina"))
    attuale = chiave if chiave.removeprefix("-") in ORDINAMENTI else "nome"
    colonne = colonne_ordinabili(COLONNE, attuale)
    modello = "enti/_tabella.html" if request.htmx else "enti/elenco.html"
    return render(
        request,
        modello,
        {"filtri": filtri, "pagina": pagina, "colonne": colonne, "ordine": chiave},
    )


@require_safe
@richiede(Permesso.RETE_VEDERE)
def elenco_csv(request):
    return risposta_csv("enti-della-rete", _tabella(_richiesti(request)))


@require_safe
@richiede(Permesso.RETE_VEDERE)
def elenco_xlsx(request):
    return risposta_xlsx("enti-della-rete", [_tabella(_richiesti(request))])


def _richiesti(request: HttpRequest) -> EnteQuerySet:
    enti = FiltriEntiForm(request.GET).applica(Ente.objects.attivi())
    return ordina(enti, request.GET.get("ordine", "nome")).per_elenco()


def _tabella(enti: EnteQuerySet) -> Tabella:
    intestazioni = (
        *("Ente", "Sigla", "Ruolo nella rete", "Natura", "Forma giuridica", "Nodo"),
        *("Assi", "Consorzio", "Sedi", "Comuni in cui lavora"),
    )
    return Tabella("Enti", intestazioni, [_riga(ente) for ente in enti])


def _riga(ente: Ente) -> tuple[str, ...]:
    presenze = ente.presenze.all()
    return (
        ente.denominazione,
        ente.sigla,
        ente.get_ruolo_display(),
        ente.get_natura_display(),
        ente.get_forma_giuridica_display(),
        ente.nodo.denominazione if ente.nodo else "",
        ", ".join(asse.denominazione for asse in ente.assi.all()),
        ente.consorzio.denominazione if ente.consorzio else "",
        ", ".join(p.comune for p in presenze if p.tipo == p.Tipo.SEDE),
        ", ".join(p.comune for p in presenze if p.tipo == p.Tipo.OPERATIVITA),
    )
