"""La base dei comandi: chi sbaglia legge una frase italiana, senza nomi di classi davanti."""

import sys
from collections.abc import Callable
from pathlib import Path

import yaml
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    handle_default_options,
)
from django.db import connections


class Comando(BaseCommand):
    """Come BaseCommand, ma dal terminale un `CommandError` stampa la sua frase e nient'altro."""

    def run_from_argv(self, argv: list[str]) -> None:
        self._called_from_command_line = True
        opzioni = self.create_parser(argv[0], argv[1]).parse_args(argv[2:])
        handle_default_options(opzioni)
        parametri = vars(opzioni)
        args = parametri.pop("args", ())
        try:
            self.execute(*args, **parametri)
        except CommandError as errore:
            if parametri["traceback"]:
                raise
            self.stderr.write(str(errore))
            sys.exit(errore.returncode)
        finally:
            connections.close_all()


class FileErrato(ValueError):
    """Un file di voci non si può usare; il messaggio dice quale voce e perché."""


def leggi_voci(file: Path, errore: type[FileErrato]) -> list[dict]:
    """Le voci di un file YAML, così come sono scritte. Solleva `errore` se non si legge."""
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as guasto:
        raise errore(f"{file.name} non si legge: {guasto}") from guasto


class ComandoDiVoci(Comando):
    """Scrive ciò che manca da un file di voci, tutto o niente; si può ripetere.

    Chi lo eredita dice `file` (quello che accompagna il programma), `quale` (come si chiama, in
    parole), `carica` (dal file rende quante voci ha scritto, o solleva FileErrato) e `scritte`, la
    frase con `{}` al posto del numero.
    """

    file: Path
    quale: str
    carica: Callable[[Path], int]
    scritte: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=self.file,
            help=f"{self.quale}; se taciuto, quello che accompagna il programma",
        )

    def handle(self, *, file: Path, verbosity: int, **_) -> None:
        try:
            quante = self.carica(file)
        except FileErrato as errore:
            raise CommandError(f"{errore}\nNon è stato scritto nulla.") from errore
        if verbosity:
            self.stdout.write(self.scritte.format(quante))
