"""`migrate`, che di suo agisce come proprietario delle tabelle."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.commands import migrate


class Command(migrate.Command):
    """Il comando di Django; senza `--database` usa l'accesso `proprietario`, se c'è.

    `registro_app`, l'accesso delle pagine, non può creare né cambiare tabelle.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        if "proprietario" in settings.DATABASES:
            parser.set_defaults(database="proprietario")
