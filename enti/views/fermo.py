"""La pagina di chi ha sbagliato troppe volte: che cosa è successo, quanto aspettare, che cosa fare."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def risposta(request: HttpRequest, originale=None, credenziali=None) -> HttpResponse:
    """AXES_LOCKOUT_CALLABLE: 429, con quanti secondi aspettare in Retry-After.

    La stessa per chi ha un account e per chi non l'ha. Nel rientro sul posto è il solo pezzo.
    """
    secondi = getattr(request, "attesa", 15 * 60)
    sul_posto = "X-Rientro" in request.headers
    modello = "enti/accesso/_fermo.html" if sul_posto else "enti/accesso/fermo.html"
    dati = {"minuti": secondi // 60}
    pagina = render(request, modello, dati, status=429)
    pagina["Retry-After"] = str(secondi)
    return pagina
