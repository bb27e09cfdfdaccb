"""L'accesso da superutente al database che si misura o si riempie: serve a COPY coi trigger spenti."""

import os
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connections

from registro.servizi.ambiente import avvia_incorporati


VARIABILE = "REGISTRO_DATABASE_URL_AMMINISTRATORE"


class SenzaAccesso(RuntimeError):
    """Non c'è un accesso da superutente; la frase dice come darlo."""


def da_superutente() -> str:
    """L'indirizzo, da superutente, del database in uso. Solleva SenzaAccesso se non c'è."""
    indirizzo = os.environ.get(VARIABILE)
    if not indirizzo and settings.DIMOSTRAZIONE:
        indirizzo = avvia_incorporati(redis=False, legati=False).url_amministratore
    if not indirizzo:
        raise SenzaAccesso(
            "Per caricare un mondo serve l'accesso da superutente a un database da buttare: quello"
            f" incorporato lo dà da sé, per un altro scrivilo in {VARIABILE}."
        )
    nome = connections["default"].settings_dict["NAME"]
    return urlunsplit(urlsplit(indirizzo)._replace(path=f"/{nome}"))
