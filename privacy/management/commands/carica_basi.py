"""Scrive le basi giuridiche da cui si parte."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from privacy.caricamento import FILE, BasiErrate, carica_basi
from registro.comune.comandi import Comando


class Command(Comando):
    help = "Scrive le basi giuridiche che mancano, da un file. Si può ripetere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=FILE,
            help="il file YAML delle basi; se taciuto, quello che accompagna il programma",
        )

    def handle(self, *, file: Path, verbosity: int, **_) -> None:
        try:
            scritte = carica_basi(file)
        except BasiErrate as errore:
            raise CommandError(f"{errore}\nNon è stato scritto nulla.") from errore
        if verbosity:
            self.stdout.write(
                f"Basi giuridiche scritte: {scritte}. Vanno confermate da chi ne risponde: si"
                " leggono e si cambiano nella pagina «Regole»."
            )
