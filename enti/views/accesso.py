"""Accesso in due passi, uscita, scelta dell'ente, presenza."""

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.azioni import ripristini
from enti.azioni.fattori import RISERVA
from enti.azioni.sessioni import dimentica
from enti.contesto_pagine import pagina_iniziale
from enti.forms.accesso import AccessoForm, SceltaEnteForm
from enti.middleware import (
    CHIAVE_FINITA,
    CHIAVE_SESSIONE,
    FATTORE,
    fine_della_proroga,
    non_e_attivita,
    resta,
    segno_di_presenza,
    senza_secondo_fattore,
)
from enti.permessi import Attore
from enti.views.ingresso import (
    appartenenze_di,
    chi_aspetta,
    opzioni_passkey,
    primo_passo,
    secondo_passo,
)
from registro.db.contesto import contesto


CON_LA_RISERVA = (
    "Sei entrato con un codice di riserva, che ora non vale più. Se hai cambiato telefono, lega quello"
    " nuovo: dal menu col tuo nome, «Accesso e sicurezza»."
)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accedi(request):
    if request.user.is_authenticated:
        return redirect(pagina_iniziale(request.attore) if request.attore else "report:casa")
    form = AccessoForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        prossima = _pagina_chiesta(request)
        if primo_passo(request, form.get_user(), prossima):
            return redirect(_dopo_l_accesso(request, prossima))
        return redirect("enti:secondo_passo")
    contesto_pagina = {"form": form, "prossima": request.GET.get("next", "")}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/accedi.html", contesto_pagina, status=stato)


@login_not_required
@sensitive_post_parameters("codice", "credenziale")
@require_http_methods(["GET", "POST"])
def codice(request):
    """Il secondo passo, dopo la password: il codice dell'app, una passkey, un codice di riserva."""
    attesa = chi_aspetta(request)
    if attesa is None:
        return redirect("enti:accedi")
    form = attesa.modulo(request.POST or None)
    if request.method == "POST" and secondo_passo(request, attesa, form):
        if request.session.get(FATTORE) == RISERVA:
            messages.info(request, CON_LA_RISERVA)
        return redirect(_dopo_l_accesso(request, attesa.prossima))
    dati = {"form": form, "attesa": attesa, "opzioni": opzioni_passkey(attesa)}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/accesso/codice.html", dati, status=stato)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def fattore_perso(request):
    """Chi ha dato la password e ha perso tutto il resto chiede aiuto a chi cura i suoi accessi."""
    attesa = chi_aspetta(request)
    if attesa is None:
        return redirect("enti:accedi")
    chiesto = request.method == "POST"
    if chiesto:
        with contesto(utente=attesa.utente.pk):
            ripristini.chiedi_aiuto(utente=attesa.utente)
    return render(request, "enti/accesso/perso.html", {"chiesto": chiesto})


@senza_secondo_fattore
@require_POST
def esci(request):
    dimentica(request)
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
        return redirect(pagina_iniziale(Attore.secondo(scelta, request.user)))
    contesto_pagina = {"form": form, "appartenenze": request.appartenenze}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/scegli.html", contesto_pagina, status=stato)


@login_not_required
@non_e_attivita
@require_safe
def presenza(request):
    """Se la pagina aperta può restare in vista: 204 sì; 401 la sessione è scaduta; 409 adesso agisce
    un'altra persona, o per un altro ente; 410 l'appartenenza o l'account sono chiusi.

    Con 204 e 409 dice anche fra quanti secondi finisce la sessione, se non si fa niente.
    """
    if request.attore is None:
        # L'utente è nella sessione ma Django non lo riconosce: l'account è chiuso.
        chiuso = SESSION_KEY in request.session and not request.user.is_authenticated
        return HttpResponse(status=410 if chiuso or CHIAVE_FINITA in request.session else 401)
    stesso = constant_time_compare(request.GET.get("segno", ""), segno_di_presenza(request.attore))
    return _con_quanto_resta(request, HttpResponse(status=204 if stesso else 409))


@senza_secondo_fattore
@require_POST
def resta_qui(request):
    """Chi ha letto che la sessione sta per finire resta: la richiesta vale come qualcosa di fatto."""
    return _con_quanto_resta(request, HttpResponse(status=204))


def _con_quanto_resta(request: HttpRequest, risposta: HttpResponse) -> HttpResponse:
    risposta["X-Sessione-Resta"] = str(resta(request.session))
    return risposta


def _pagina_chiesta(request: HttpRequest) -> str:
    chiesta = request.POST.get("next", "")
    sicura = url_has_allowed_host_and_scheme(
        chiesta, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return chiesta if sicura else ""


def _dopo_l_accesso(request: HttpRequest, chiesta: str) -> str:
    """La pagina chiesta prima di entrare; altrimenti l'inizio, o la scelta se gli enti non sono uno."""
    appartenenze = appartenenze_di(request.user)
    _ricorda_la_proroga(request, appartenenze)
    if chiesta:
        return chiesta
    if len(appartenenze) != 1:
        return reverse("enti:scegli")
    return reverse(pagina_iniziale(Attore.secondo(appartenenze[0], request.user)))


def _ricorda_la_proroga(request: HttpRequest, appartenenze: list) -> None:
    fine = fine_della_proroga(appartenenze, request.user.primo_accesso)
    if FATTORE in request.session or fine is None or not appartenenze:
        return
    giorno = date_format(localtime(fine), "j F")
    messages.warning(
        request,
        f"Entro il {giorno} attiva il secondo fattore: dal menu col tuo nome, «Accesso e sicurezza»."
        " Dopo quel giorno il Registro si apre solo con quello.",
    )
