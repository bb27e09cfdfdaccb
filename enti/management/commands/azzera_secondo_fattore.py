"""Azzera il secondo fattore di chi nessun altro può aiutare: il solo che amministra la rete."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from enti.azioni.ripristini import azzera_fattore
from enti.models import Ente, Utente
from enti.sistema import come_sistema
from registro.comune.comandi import Comando


class Command(Comando):
    help = "Azzera il secondo fattore di un account e stampa il codice da dire a voce."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("posta", help="la posta elettronica dell'account")

    def handle(self, *, posta: str, **opzioni) -> None:
        utente = Utente.objects.filter(email=posta.strip().lower(), di_sistema=False).first()
        if utente is None:
            raise CommandError("Nessun account ha questo indirizzo. Non è cambiato nulla.")
        with come_sistema(Ente.objects.che_ospita_il_coordinamento()) as da:
            codice = azzera_fattore(utente=utente, da=da)
        self.stdout.write(
            f"{codice}\nDillo a voce, dopo esserti accertato che sia proprio la persona: con la sua"
            " password e questo codice, entro un giorno, attiva il secondo fattore nuovo."
        )
