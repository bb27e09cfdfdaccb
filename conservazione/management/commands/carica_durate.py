"""Scrive le durate di conservazione da cui si parte."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from conservazione.caricamento import FILE, DurateErrate, carica_durate
from registro.comune.comandi import Comando


class Command(Comando):
    help = "Scrive le regole di conservazione che mancano, da un file. Si può ripetere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=FILE,
            help="il file YAML delle durate; se taciuto, quello che accompagna il programma",
        )

    def handle(self, *, file: Path, verbosity: int, **_) -> None:
        try:
            scritte = carica_durate(file)
        except DurateErrate as errore:
            raise CommandError(f"{errore}\nNon è stato scritto nulla.") from errore
        if verbosity:
            self.stdout.write(
                f"Durate scritte: {scritte}. Quelle da confermare restano spente finché chi"
                " amministra non le accende, nella pagina «Conservazione»."
            )
