"""`genera_mondo`: riempie un database da buttare con un mondo grande e inventato."""

import os
import time
from argparse import ArgumentParser
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.core.management import CommandError
from django.db import connections

from enti.models import Ente
from misure.mondo import Grandezza, Mondo
from registro.comune.comandi import Comando
from registro.servizi.ambiente import avvia_incorporati


PIENO = (
    "Questo database ha già degli enti, e un mondo inventato non si mescola con dati veri. Usa una"
    " cartella nuova: REGISTRO_DATI=cartella manage.py genera_mondo …"
)
SENZA_CHIAVE = (
    "Per caricare un mondo serve l'accesso da superutente a un database da buttare: quello"
    " incorporato lo dà da sé, per un altro scrivilo in REGISTRO_DATABASE_URL_AMMINISTRATORE."
)


class Command(Comando):
    help = "Carica con COPY un mondo inventato, ripetibile a parità di seme, per misure e prove."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--enti", type=int, default=300)
        parser.add_argument("--beneficiari", type=int, default=60_000)
        parser.add_argument("--prestazioni", type=int, default=1_000_000)
        parser.add_argument("--valutazioni", type=int, default=0)
        parser.add_argument("--seme", type=int, default=7)

    def handle(self, *args, **opzioni) -> None:
        if Ente.objects.exists():
            raise CommandError(PIENO)
        grandezza = Grandezza(
            enti=opzioni["enti"],
            persone=opzioni["beneficiari"],
            prestazioni=opzioni["prestazioni"],
            valutazioni=opzioni["valutazioni"],
        )
        inizio = time.perf_counter()
        with psycopg.connect(_da_superutente()) as connessione:
            Mondo(connessione, grandezza, opzioni["seme"]).carica()
        secondi = f"{time.perf_counter() - inizio:.1f}".replace(".", ",")
        self.stdout.write(f"Mondo pronto in {secondi} s: {grandezza}")


def _da_superutente() -> str:
    """L'indirizzo, da superutente, del database in uso. Solleva CommandError se non c'è."""
    indirizzo = os.environ.get("REGISTRO_DATABASE_URL_AMMINISTRATORE")
    if not indirizzo and settings.DIMOSTRAZIONE:
        indirizzo = avvia_incorporati(redis=False, legati=False).url_amministratore
    if not indirizzo:
        raise CommandError(SENZA_CHIAVE)
    nome = connections["default"].settings_dict["NAME"]
    return urlunsplit(urlsplit(indirizzo)._replace(path=f"/{nome}"))
