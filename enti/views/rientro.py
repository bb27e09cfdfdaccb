"""Rientrare sul posto: la pagina era aperta, la sessione è finita, ciò che si scriveva è ancora lì."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from enti.forms.accesso import AccessoForm
from enti.middleware import CHIAVE_SESSIONE, segno_di_presenza
from enti.permessi import Attore
from enti.views.ingresso import (
    appartenenze_di,
    chi_aspetta,
    opzioni_passkey,
    primo_passo,
    secondo_passo,
)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def rientra(request):
    """Il primo passo, dentro la pagina coperta: 204 quando è dentro, il secondo passo se serve."""
    form = AccessoForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if primo_passo(request, form.get_user()):
            return _rientrato(request)
        return _codice(request, chi_aspetta(request))
    stato = 422 if form.is_bound else 200
    return render(request, "enti/accesso/_rientra.html", {"form": form}, status=stato)


@login_not_required
@sensitive_post_parameters("codice", "credenziale")
@require_http_methods(["POST"])
def rientra_codice(request):
    """Il secondo passo del rientro."""
    attesa = chi_aspetta(request)
    if attesa is None:
        dati = {"form": AccessoForm(request)}
        return render(request, "enti/accesso/_rientra.html", dati)
    form = attesa.modulo(request.POST)
    if secondo_passo(request, attesa, form):
        return _rientrato(request)
    return _codice(request, attesa, form)


def _codice(request: HttpRequest, attesa, form=None) -> HttpResponse:
    dati = {
        "form": form or attesa.modulo(),
        "attesa": attesa,
        "opzioni": opzioni_passkey(attesa),
        "sul_posto": True,
    }
    return render(request, "enti/accesso/_codice.html", dati, status=422 if form else 200)


def _rientrato(request: HttpRequest) -> HttpResponse:
    """Dentro, per l'ente della pagina se è fra i suoi; col sigillo nuovo per i moduli che ha aperti.

    Se a rientrare è un'altra persona la pagina se ne accorge dalla presenza, e resta coperta.
    """
    segno = request.headers.get("X-Rientro", "")
    for appartenenza in appartenenze_di(request.user):
        suo = segno_di_presenza(Attore.secondo(appartenenza, request.user))
        if constant_time_compare(suo, segno):
            request.session[CHIAVE_SESSIONE] = appartenenza.ente_id
    return HttpResponse(status=204, headers={"X-Sigillo": get_token(request)})
