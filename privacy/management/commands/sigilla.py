"""Sigilla adesso le righe dei registri; di solito lo fa, ogni minuto, un lavoro a orario."""

from django.core.management.base import CommandError

from privacy import sigilli
from registro.comune.comandi import Comando


class Command(Comando):
    help = "Sigilla le righe dei registri delle transazioni finite."

    def handle(self, *args, **opzioni) -> None:
        try:
            quante = sigilli.sigilla()
        except sigilli.SigilliChiusi as errore:
            raise CommandError(str(errore)) from errore
        self.stdout.write(f"Righe sigillate: {quante}.")
