"""Registra le letture di ogni richiesta, nella sua transazione."""

import logging

from django.db import Error as ErroreDelDatabase, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.letture import registra_letture, si_legge_da


registratore = logging.getLogger(__name__)


class RegistroLettureMiddleware:
    """Sta dentro `EnteCorrenteMiddleware`: scrive il registro prima che la risposta esca.

    Se non riesce, la risposta è un 503 senza dati. Una risposta a pezzi uscirebbe prima del
    registro: le esportazioni di persone si compongono intere.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "attore", None) is None:
            return self.get_response(request)
        pagina = request.path_info.strip("/").split("/", 1)[0]
        try:
            with registra_letture(pagina, richiesta=request.id_richiesta) as raccolta:
                risposta = self.get_response(request)
                if getattr(request, "annulla_scritture", False):
                    # La vista si è interrotta: la pagina d'errore non mostra dati di nessuno.
                    raccolta.dimentica()
        except ErroreDelDatabase:
            # Qui arriva solo il registro: gli errori delle viste li ha già presi chi sta dentro.
            registratore.exception("il registro delle letture non si è potuto scrivere")
            transaction.set_rollback(True)
            return render(request, "errori/registro_chiuso.html", status=503)
        return risposta

    def process_view(self, request: HttpRequest, *_) -> None:
        """Ora si sa quale vista risponde: è il suo nome che resta nel registro."""
        if getattr(request, "attore", None) is not None:
            si_legge_da(request.resolver_match.view_name)
