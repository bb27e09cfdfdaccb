"""Accesso, uscita, scelta dell'ente, elenco degli enti."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from enti.forms import ORDINAMENTI, AccessoForm, FiltriEntiForm, SceltaEnteForm, ordina
from enti.middleware import CHIAVE_SESSIONE
from enti.models import Appartenenza, Ente, EnteQuerySet, Utente
from enti.permessi import Permesso, richiede
from registro.comune.elenchi import colonne_ordinabili
from registro.comune.esportazioni import Tabella, risposta_csv, risposta_xlsx
from registro.db.contesto import contesto


ENTI_PER_PAGINA = 25
COLONNE = (
    ("nome", "Ente"),
    ("ruolo", "Ruolo nella rete"),
    ("natura", "Natura"),
    ("nodo", "Nodo"),
)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accedi(request):
    if request.user.is_authenticated:
        return redirect("report:casa")
    form = AccessoForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(_dopo_l_accesso(request))
    contesto_pagina = {"form": form, "prossima": request.GET.get("next", "")}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/accedi.html", contesto_pagina, status=stato)


@require_POST
def esci(request):
    logout(request)
    risposta = redirect("enti:accedi")
    risposta["Clear-Site-Data"] = '"cache", "storage"'
    return risposta


@require_http_methods(["GET", "POST"])
def scegli(request):
    form = SceltaEnteForm(request.POST or None, appartenenze=request.appartenenze)
    if request.method == "POST" and form.is_valid():
        scelta = form.appartenenza
        request.session[CHIAVE_SESSIONE] = scelta.ente_id
        messages.success(request, f"Ora lavori per conto di {scelta.ente.denominazione}.")
        return redirect("report:casa")
    contesto_pagina = {"form": form, "appartenenze": request.appartenenze}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/scegli.html", contesto_pagina, status=stato)


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


def _dopo_l_accesso(request: HttpRequest) -> str:
    """La pagina chiesta prima di entrare; altrimenti l'inizio, o la scelta se gli enti non sono uno."""
    chiesta = request.POST.get("next", "")
    sicura = url_has_allowed_host_and_scheme(
        chiesta, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if sicura:
        return chiesta
    return reverse("report:casa" if _quanti_enti(request.user) == 1 else "enti:scegli")


def _quanti_enti(utente: Utente) -> int:
    # La richiesta è cominciata senza utente: il contesto non c'è ancora.
    with contesto(utente=utente.pk):
        return Appartenenza.objects.filter(utente=utente).in_corso().count()
