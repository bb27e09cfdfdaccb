"""Il codice che l'app mostrerebbe adesso a un account della dimostrazione."""

import time
from argparse import ArgumentParser

import yaml
from django.conf import settings
from django.core.management.base import CommandError

from enti.azioni.fattori import codice_di_adesso
from registro.comune.comandi import Comando
from report.management.commands.prepara_demo import ACCOUNT


_DURA, _A_RIDOSSO = 30, 6


class Command(Comando):
    help = "Stampa il codice di adesso di un account della dimostrazione, o di tutti."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("posta", nargs="?", help="la posta elettronica dell'account")

    def handle(self, *, posta: str | None, **opzioni) -> None:
        if not settings.DIMOSTRAZIONE:
            raise CommandError(
                "Questo comando funziona solo nella dimostrazione (REGISTRO_DIMOSTRAZIONE=1): altrove"
                " i segreti li conosce solo chi ha l'app."
            )
        segreti = {
            voce["email"]: voce["segreto"]
            for voce in yaml.safe_load(ACCOUNT.read_text(encoding="utf-8"))
            if "segreto" in voce
        }
        if posta and posta not in segreti:
            raise CommandError(
                f"«{posta}» non ha un secondo fattore pronto: o non è un account della dimostrazione,"
                " o lo attiva al primo accesso."
            )
        if _DURA - time.time() % _DURA < _A_RIDOSSO:
            # Uno che scade mentre lo si scrive non serve.
            time.sleep(_DURA - time.time() % _DURA)
        for email in [posta] if posta else segreti:
            self.stdout.write(f"{codice_di_adesso(segreti[email])}  {email}")
        self.stdout.write(
            f"Vale ancora {_DURA - int(time.time()) % _DURA} secondi, una volta sola."
        )
