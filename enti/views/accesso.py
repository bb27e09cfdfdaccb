"""Accesso, uscita, scelta dell'ente, presenza."""

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.contesto_pagine import pagina_iniziale
from enti.forms.accesso import AccessoForm, SceltaEnteForm
from enti.middleware import CHIAVE_FINITA, CHIAVE_SESSIONE, segno_di_presenza
from enti.models import Appartenenza, Utente
from enti.permessi import Attore
from registro.db.contesto import contesto


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accedi(request):
    if request.user.is_authenticated:
        return redirect(pagina_iniziale(request.attore) if request.attore else "report:casa")
    form = AccessoForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        request.session.pop(CHIAVE_FINITA, None)
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
        return redirect(pagina_iniziale(Attore.secondo(scelta, request.user)))
    contesto_pagina = {"form": form, "appartenenze": request.appartenenze}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/scegli.html", contesto_pagina, status=stato)


@login_not_required
@require_safe
def presenza(request):
    """Se la pagina aperta può restare in vista: 204 sì; 401 la sessione è scaduta; 409 adesso agisce
    un'altra persona, o per un altro ente; 410 l'appartenenza o l'account sono chiusi."""
    if request.attore is None:
        # L'utente è nella sessione ma Django non lo riconosce: l'account è chiuso.
        chiuso = SESSION_KEY in request.session and not request.user.is_authenticated
        return HttpResponse(status=410 if chiuso or CHIAVE_FINITA in request.session else 401)
    stesso = constant_time_compare(request.GET.get("segno", ""), segno_di_presenza(request.attore))
    return HttpResponse(status=204 if stesso else 409)


def _dopo_l_accesso(request: HttpRequest) -> str:
    """La pagina chiesta prima di entrare; altrimenti l'inizio, o la scelta se gli enti non sono uno."""
    chiesta = request.POST.get("next", "")
    sicura = url_has_allowed_host_and_scheme(
        chiesta, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if sicura:
        return chiesta
    appartenenze = _appartenenze(request.user)
    if len(appartenenze) != 1:
        return reverse("enti:scegli")
    return reverse(pagina_iniziale(Attore.secondo(appartenenze[0], request.user)))


def _appartenenze(utente: Utente) -> list[Appartenenza]:
    # La richiesta è cominciata senza utente: il contesto non c'è ancora.
    with contesto(utente=utente.pk):
        sue = Appartenenza.objects.filter(utente=utente).in_corso()
        return list(sue.con_ente().con_eccezioni())
