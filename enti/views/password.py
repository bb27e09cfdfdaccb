"""La password dimenticata e quella nuova, chiesta per posta o cambiata da dentro."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from enti.azioni import password as azioni
from enti.azioni.freno import conta_ripristino
from enti.azioni.sessioni import tieni_solo_questa
from enti.forms.password import PasswordDimenticataForm, PasswordNuovaForm
from enti.views.sicurezza import con_conferma
from registro.db.contesto import contesto


# Il gettone passa dall'indirizzo alla sessione: le pagine dopo non lo portano più in giro.
GETTONE = "gettone_della_password"


@login_not_required
@require_http_methods(["GET", "POST"])
def dimenticata(request):
    form = PasswordDimenticataForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if conta_ripristino(request, email):
            sito = f"{request.scheme}://{request.get_host()}"
            azioni.chiedi_password_nuova(email=email, sito=sito)
        return render(request, "enti/accesso/password_chiesta.html")
    stato = 422 if form.is_bound else 200
    return render(request, "enti/accesso/password_dimenticata.html", {"form": form}, status=stato)


@login_not_required
@require_safe
def gettone(request, gettone):
    """Il collegamento della posta: se vale, il gettone va nella sessione e l'indirizzo si pulisce."""
    if azioni.utente_del_gettone(gettone) is None:
        return _non_vale(request)
    request.session[GETTONE] = gettone
    return redirect("enti:password_nuova")


@login_not_required
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def nuova(request):
    """La password nuova di chi ha il collegamento. Il secondo fattore gli si chiede dopo, come sempre."""
    utente = azioni.utente_del_gettone(request.session.get(GETTONE, ""))
    if utente is None:
        return _non_vale(request)
    with contesto(utente=utente.pk):
        azioni.prepara_i_controlli(utente)
    form = PasswordNuovaForm(request.POST or None, utente=utente)
    if request.method == "POST" and form.is_valid():
        azioni.scrivi_password(utente=utente, password=form.cleaned_data["password1"])
        del request.session[GETTONE]
        messages.success(request, "Password cambiata. Ora accedi con quella nuova.")
        return redirect("enti:accedi")
    stato = 422 if form.is_bound else 200
    return render(request, "enti/accesso/password_nuova.html", {"form": form}, status=stato)


@con_conferma
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def cambia(request):
    """La propria password, da dentro, dopo aver ridato quella di prima."""
    azioni.prepara_i_controlli(request.user)
    form = PasswordNuovaForm(request.POST or None, utente=request.user)
    if request.method == "POST" and form.is_valid():
        azioni.scrivi_password(utente=request.user, password=form.cleaned_data["password1"])
        update_session_auth_hash(request, request.user)
        tieni_solo_questa(request)
        messages.success(request, "Password cambiata. Le altre sessioni aperte sono state chiuse.")
        return redirect("enti:sicurezza")
    stato = 422 if form.is_bound else 200
    return render(request, "enti/sicurezza/password.html", {"form": form}, status=stato)


def _non_vale(request: HttpRequest) -> HttpResponse:
    request.session.pop(GETTONE, None)
    return render(request, "enti/accesso/password_non_vale.html", status=404)
