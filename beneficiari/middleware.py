"""Chi prova a cambiare i dati di una persona limitata legge perché no, da qualunque pagina."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from registro.comune.vincoli import vincolo_di
from registro.comune.viste_errore import pagina_di_errore


VINCOLO = "dati_limitati"


class DatiLimitatiMiddleware:
    """Sta dentro `RegistroLettureMiddleware`: le pagine che sanno mostrare il rifiuto nel modulo lo prendono prima.

    Delle altre la risposta è un 409 con la frase, e niente resta scritto.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """La pagina che lo spiega, se è il database ad aver detto che i dati sono limitati."""
        if VINCOLO not in _vincoli(exception):
            return None
        request.annulla_scritture = True
        return pagina_di_errore(request, "errori/dati_limitati.html", 409)


def _vincoli(errore: Exception) -> set[str | None]:
    if isinstance(errore, ValidationError):
        return {voce.code for voce in getattr(errore, "error_list", [])}
    return {vincolo_di(errore)} if isinstance(errore, IntegrityError) else set()
