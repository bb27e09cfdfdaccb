"""Le intestazioni che ogni risposta porta, anche quando qualcosa va storto."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse


# Il Registro non usa niente di tutto questo: chiuso anche a un eventuale script estraneo.
_CAPACITA_CHIUSE = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{capacita}=()" for capacita in _CAPACITA_CHIUSE)


class IntestazioniMiddleware:
    """Numero della richiesta, capacità del navigatore chiuse, niente copie delle pagine personali.

    `request.id_richiesta` è casuale e nasce qui: è lo stesso che si legge nelle pagine di errore,
    nell'intestazione X-Request-Id e nelle registrazioni di servizio. Quello mandato da chi chiama
    non si accetta: potrebbe portare testo suo nelle registrazioni.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id_richiesta = secrets.token_hex(6)
        response = self.get_response(request)
        response["X-Request-Id"] = request.id_richiesta
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        if _ha_sessione(request, response) and "public" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "no-store, private"
        return response


def _ha_sessione(request: HttpRequest, response: HttpResponse) -> bool:
    # Si guarda il cookie e non l'utente: leggere l'utente qui interrogherebbe il database anche
    # dove nessuno lo ha fatto, e dopo che il contesto dell'ente è stato chiuso.
    nome = settings.SESSION_COOKIE_NAME
    return nome in request.COOKIES or nome in response.cookies
