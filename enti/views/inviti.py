"""Invitare; aprire il collegamento di un invito e accettarlo."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from enti.azioni import accettazione, inviti as azioni
from enti.azioni.sessioni import apri_sessione
from enti.contesto_pagine import pagina_iniziale
from enti.forms.inviti import InvitoForm, NuovoAccountForm
from enti.middleware import CHIAVE_FINITA, CHIAVE_SESSIONE
from enti.models import Appartenenza, Invito
from enti.permessi import Attore, Permesso, richiede


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.UTENTI_GESTIRE)
def invita(request):
    form = InvitoForm(request.POST if request.method == "POST" else None, da=request.attore)
    if request.method == "POST" and form.is_valid():
        scritti = form.cleaned_data
        try:
            azioni.invita(
                ente=scritti.get("ente") or request.attore.ente,
                email=scritti["email"],
                ruolo=scritti["ruolo"],
                nodo=scritti.get("nodo"),
                collegamento=_collegamento(request),
                da=request.attore,
            )
        except ValidationError as errore:
            form.add_error("email", errore.messages)
        else:
            messages.success(request, "Invito pronto: qui sotto leggi se la posta è partita.")
            return redirect("enti:utenti")
    stato = 422 if form.is_bound else 200
    return render(request, "enti/inviti/invita.html", {"form": form}, status=stato)


@require_POST
@richiede(Permesso.UTENTI_GESTIRE)
def manda_di_nuovo(request, uuid):
    invito = _gestibile(request, uuid)
    try:
        azioni.manda_di_nuovo(
            invito=invito, collegamento=_collegamento(request), da=request.attore
        )
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Invito rifatto: il collegamento di prima non vale più.")
    return redirect("enti:utenti")


@require_POST
@richiede(Permesso.UTENTI_GESTIRE)
def annulla(request, uuid):
    try:
        azioni.annulla_invito(invito=_gestibile(request, uuid), da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Invito annullato: il suo collegamento non vale più.")
    return redirect("enti:utenti")


@login_not_required
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accetta(request, gettone):
    invito = accettazione.invito_valido(gettone)
    if invito is None:
        return render(request, "enti/inviti/non_vale.html", status=404)
    if request.user.is_authenticated:
        return _accetta_chi_e_entrato(request, invito, gettone)
    if accettazione.ha_un_account(invito):
        return render(request, "enti/inviti/accedi.html", {"invito": invito})
    return _accetta_chi_e_nuovo(request, invito, gettone)


def _accetta_chi_e_entrato(request: HttpRequest, invito: Invito, gettone: str) -> HttpResponse:
    suo = request.user.email == invito.email
    errori = []
    if request.method == "POST" and suo:
        try:
            appartenenza = accettazione.accetta(gettone=gettone, utente=request.user)
        except ValidationError as errore:
            errori = errore.messages
        else:
            return _entra(request, appartenenza)
    dati = {"invito": invito, "suo": suo, "errori": errori}
    return render(request, "enti/inviti/conferma.html", dati, status=422 if errori else 200)


def _accetta_chi_e_nuovo(request: HttpRequest, invito: Invito, gettone: str) -> HttpResponse:
    scritti = request.POST if request.method == "POST" else None
    form = NuovoAccountForm(scritti, email=invito.email, ente=invito.ente)
    if request.method == "POST" and form.is_valid():
        campi = form.cleaned_data
        try:
            appartenenza = accettazione.accetta_con_un_nuovo_account(
                gettone=gettone,
                nome=campi["nome"],
                cognome=campi["cognome"],
                password=campi["password1"],
            )
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            apri_sessione(request, appartenenza.utente, fattore=None)
            return _entra(request, appartenenza)
    dati = {"invito": invito, "form": form}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/inviti/nuovo.html", dati, status=stato)


def _entra(request: HttpRequest, appartenenza: Appartenenza) -> HttpResponse:
    request.session.pop(CHIAVE_FINITA, None)
    request.session[CHIAVE_SESSIONE] = appartenenza.ente_id
    messages.success(request, f"Benvenuto: ora lavori per {appartenenza.ente.denominazione}.")
    attore = Attore(appartenenza.utente, appartenenza.ente, appartenenza.ruolo)
    return redirect(pagina_iniziale(attore))


def _gestibile(request: HttpRequest, uuid) -> Invito:
    inviti = Invito.objects.gestibili_da(request.attore)
    return get_object_or_404(inviti.filter(ruolo__in=request.attore.ruoli_che_puo_dare), uuid=uuid)


def _collegamento(request: HttpRequest) -> Callable[[str], str]:
    return lambda gettone: request.build_absolute_uri(reverse("enti:invito", args=[gettone]))
