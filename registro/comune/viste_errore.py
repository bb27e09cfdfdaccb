"""Le pagine di errore: che cosa è successo, che cosa è rimasto, che cosa fare.

Stanno in piedi da sole: né database né processori di contesto, così funzionano anche quando a
mancare è proprio quello. Le stesse parole valgono per una cosa che non esiste e per una che non
è di chi la chiede.
"""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def richiesta_errata(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return pagina_di_errore(request, "errori/400.html", 400)


def vietato(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403: il ruolo di chi chiede non permette questa azione."""
    return pagina_di_errore(request, "errori/403.html", 403)


def non_trovato(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return pagina_di_errore(request, "errori/404.html", 404)


def guasto(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return pagina_di_errore(request, "errori/500.html", 500)


def csrf_scaduto(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: quasi sempre una pagina rimasta aperta dopo un nuovo accesso.

    L'intestazione dice alla pagina che ha mandato la richiesta con HTMX di rinnovare il sigillo
    e far riprovare, senza perdere ciò che è scritto.
    """
    risposta = pagina_di_errore(request, "errori/modulo_scaduto.html", 403)
    risposta["X-Modulo-Scaduto"] = "1"
    return risposta


def pagina_di_errore(request: HttpRequest, modello: str, stato: int) -> HttpResponse:
    """Il modello, che estende `errori/_cornice.html`, reso senza chiedere niente a nessuno."""
    dati = {
        "stato": stato,
        # Manca se l'errore nasce prima di IntestazioniMiddleware.
        "id_richiesta": getattr(request, "id_richiesta", ""),
        "stile": _indirizzo_statico("registro/registro.css"),
        "marchio": _indirizzo_statico("registro/icona.svg"),
    }
    return HttpResponse(render_to_string(modello, dati), status=stato)


def _indirizzo_statico(percorso: str) -> str:
    try:
        return staticfiles_storage.url(percorso)
    except ValueError:
        # Il file non è nell'elenco di collectstatic: meglio una pagina spoglia che nessuna pagina.
        return ""
