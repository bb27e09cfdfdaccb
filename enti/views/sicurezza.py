"""«Accesso e sicurezza»: i propri fattori, i codici di riserva, le sessioni aperte, la conferma."""

import time
from collections.abc import Callable
from functools import partial, wraps

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti import tasks
from enti.adattatore import AdattatoreMfa, segreti_di
from enti.azioni import fattori, ripristini, sessioni
from enti.contesto_pagine import pagina_iniziale
from enti.forms.fattori import AppNuovaForm, ConfermaForm, PasskeyNuovaForm
from enti.middleware import (
    CONFERMATO,
    DA_RISCRIVERE,
    FATTORE,
    fine_della_proroga,
    senza_secondo_fattore,
)


# Per quanto vale la password appena data, prima di un gesto che cambia chi può entrare.
VALE_LA_CONFERMA = 5 * 60
# Il segreto dell'app che si sta attivando: cifrato, perché la sessione sta nel database.
SEGRETO = "segreto_dell_app"
APP_ATTIVATA, PASSKEY_AGGIUNTA = (
    "È stata attivata l'app con i codici",
    "È stata aggiunta una passkey",
)
APP_TOLTA, PASSKEY_TOLTA = "È stata tolta l'app con i codici", "È stata tolta una passkey"
CODICI_RIFATTI = "Sono stati fatti codici di riserva nuovi"


def con_conferma(vista: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Chiede di nuovo la password a chi non l'ha data negli ultimi cinque minuti."""

    @wraps(vista)
    def confermata(request: HttpRequest, *argomenti, **nominati) -> HttpResponse:
        if time.time() - request.session.get(CONFERMATO, 0) < VALE_LA_CONFERMA:
            return vista(request, *argomenti, **nominati)
        # Un gesto mandato non si ripete da solo: dopo la conferma si torna alla pagina da cui si fa.
        torna = request.path if request.method == "GET" else reverse("enti:sicurezza")
        return redirect(f"{reverse('enti:conferma')}?{urlencode({'next': torna})}")

    return confermata


@require_safe
def sicurezza(request):
    dati = {
        "fattori": fattori.fattori_di(request.user),
        "proroga": fine_della_proroga(request.appartenenze, request.user.primo_accesso),
    }
    return render(request, "enti/sicurezza/sicurezza.html", dati)


@senza_secondo_fattore
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def conferma(request):
    """La propria password, di nuovo: chi trova un computer acceso non cambia chi può entrare."""
    form = ConfermaForm(request.POST if request.method == "POST" else None)
    torna = request.POST.get("next") or request.GET.get("next") or ""
    if request.method == "POST" and form.is_valid():
        chi = {"username": request.user.email, "password": form.cleaned_data["password"]}
        if authenticate(request, **chi) == request.user:
            sessioni.segna_conferma(request)
            sicura = url_has_allowed_host_and_scheme(torna, allowed_hosts={request.get_host()})
            return redirect(torna if sicura else "enti:sicurezza")
        form.add_error("password", "La password non è giusta: maiuscole e minuscole contano.")
    dati = {"form": form, "torna": torna}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/sicurezza/conferma.html", dati, status=stato)


@senza_secondo_fattore
@require_safe
def fattore_nuovo(request):
    """La scelta fra i due modi; per chi deve attivarne uno, la sola pagina che si apre."""
    obbligo = FATTORE not in request.session and (
        DA_RISCRIVERE in request.session
        or fine_della_proroga(request.appartenenze, request.user.primo_accesso) is None
    )
    return render(request, "enti/sicurezza/fattore_nuovo.html", {"obbligo": obbligo})


@senza_secondo_fattore
@con_conferma
@sensitive_post_parameters("codice")
@require_http_methods(["GET", "POST"])
def app_nuova(request):
    segreto = _segreto(request)
    form = AppNuovaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codice = form.cleaned_data["codice"]
            fattori.attiva_app(utente=request.user, segreto=segreto, codice=codice)
        except ValidationError as errore:
            form.add_error("codice", errore.messages)
        else:
            del request.session[SEGRETO]
            return _attivato(request, fattori.APP, APP_ATTIVATA)
    dati = {
        "form": form,
        "disegno": fattori.disegno_del_segreto(request.user, segreto),
        "segreto": " ".join(segreto[i : i + 4] for i in range(0, len(segreto), 4)),
    }
    stato = 422 if form.is_bound else 200
    return render(request, "enti/sicurezza/app.html", dati, status=stato)


@senza_secondo_fattore
@con_conferma
@require_http_methods(["GET", "POST"])
def passkey_nuova(request):
    form = PasskeyNuovaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        scritti = form.cleaned_data
        try:
            fattori.aggiungi_passkey(
                utente=request.user, nome=scritti["nome"], credenziale=scritti["credenziale"]
            )
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            return _attivato(request, fattori.PASSKEY, PASSKEY_AGGIUNTA)
    dati = {"form": form, "opzioni": fattori.inizia_passkey(request.user)}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/sicurezza/passkey.html", dati, status=stato)


@require_POST
@con_conferma
def app_togli(request):
    return _togli(request, partial(fattori.togli_app, utente=request.user), APP_TOLTA)


@require_POST
@con_conferma
def passkey_togli(request, uuid):
    gesto = partial(fattori.togli_passkey, utente=request.user, chiave=uuid)
    return _togli(request, gesto, PASSKEY_TOLTA)


@require_POST
@con_conferma
def codici(request):
    """Rifà i codici di riserva e li mostra, questa volta sola."""
    if not fattori.ha_un_fattore(request.user):
        return redirect("enti:fattore_nuovo")
    _avvisa(request, CODICI_RIFATTI)
    return _mostra_codici(request)


@require_safe
def accessi(request):
    """«I miei accessi»: le sessioni aperte, con che navigatore, quando, da quale rete."""
    dati = {"sessioni": sessioni.sessioni_aperte(request)}
    return render(request, "enti/sicurezza/accessi.html", dati)


@require_POST
def accesso_chiudi(request, uuid):
    try:
        sessioni.chiudi_sessione(utente=request.user, chiave=uuid)
    except UserSession.DoesNotExist as errore:
        raise Http404 from errore
    messages.success(request, "Sessione chiusa: da lì bisogna accedere di nuovo.")
    return redirect("enti:accessi")


@require_POST
def accessi_chiudi(request):
    sessioni.tieni_solo_questa(request)
    messages.success(request, "Le altre sessioni sono chiuse: è rimasta solo questa.")
    return redirect("enti:accessi")


def _segreto(request: HttpRequest) -> str:
    """Il segreto proposto, lo stesso finché l'app non è legata: chi sbaglia il codice non ricomincia."""
    adattatore = AdattatoreMfa()
    with segreti_di(request.user.pk):
        if SEGRETO not in request.session:
            request.session[SEGRETO] = adattatore.encrypt(fattori.nuovo_segreto())
        return adattatore.decrypt(request.session[SEGRETO])


def _attivato(request: HttpRequest, fattore: str, cosa: str) -> HttpResponse:
    """Chiude le altre sessioni, avvisa, e la prima volta mostra i codici di riserva."""
    sessioni.segna_fattore(request, fattore)
    ripristini.concludi_ripristino(utente=request.user)
    _avvisa(request, cosa)
    if not fattori.ha_codici(request.user):
        return _mostra_codici(request, prima_volta=True)
    messages.success(request, f"{cosa}. Le altre sessioni aperte sono state chiuse.")
    return redirect("enti:sicurezza")


def _mostra_codici(request: HttpRequest, *, prima_volta: bool = False) -> HttpResponse:
    dati = {
        "codici": [f"{c[:5]} {c[5:]}" for c in fattori.rifai_codici(utente=request.user)],
        "prima_volta": prima_volta,
        "poi": reverse(pagina_iniziale(request.attore) if request.attore else "enti:scegli"),
    }
    return render(request, "enti/sicurezza/codici.html", dati)


def _togli(request: HttpRequest, gesto: Callable, cosa: str) -> HttpResponse:
    try:
        gesto()
    except Authenticator.DoesNotExist as errore:
        raise Http404 from errore
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        sessioni.tieni_solo_questa(request)
        _avvisa(request, cosa)
        messages.success(request, f"{cosa}. Le altre sessioni aperte sono state chiuse.")
    return redirect("enti:sicurezza")


def _avvisa(request: HttpRequest, cosa: str) -> None:
    chiavi = {"utente_id": request.user.pk, "cosa": cosa}
    transaction.on_commit(partial(tasks.sveglia, tasks.avvisa_fattore_cambiato, **chiavi))
