"""La base dei comandi: chi sbaglia legge una frase italiana, senza nomi di classi davanti."""

import sys

from django.core.management.base import BaseCommand, CommandError, handle_default_options
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
