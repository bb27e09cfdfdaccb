"""`genera_mondo`: riempie un database da buttare con un mondo grande e inventato."""

import time
from argparse import ArgumentParser

import psycopg
from django.core.management import CommandError

from enti.models import Ente
from misure.accesso import SenzaAccesso, da_superutente
from misure.mondo import Grandezza, Mondo
from registro.comune.comandi import Comando


PIENO = (
    "Questo database ha già degli enti, e un mondo inventato non si mescola con dati veri. Usa una"
    " cartella nuova: REGISTRO_DATI=cartella manage.py genera_mondo …"
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
        try:
            indirizzo = da_superutente()
        except SenzaAccesso as errore:
            raise CommandError(str(errore)) from None
        inizio = time.perf_counter()
        with psycopg.connect(indirizzo) as connessione:
            Mondo(connessione, grandezza, opzioni["seme"]).carica()
        secondi = f"{time.perf_counter() - inizio:.1f}".replace(".", ",")
        self.stdout.write(f"Mondo pronto in {secondi} s: {grandezza}")
