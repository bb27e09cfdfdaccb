"""Apre un'epoca nuova dei registri: dopo un ripristino, prima che le pagine ripartano."""

from django.core.management.base import CommandError

from enti.eventi import annota_evento
from enti.models import CodiceEvento
from enti.sistema import come_sistema
from privacy import sigilli
from registro.comune.comandi import Comando


class Command(Comando):
    help = "Apre un'epoca nuova dei registri, dopo un ripristino."

    def handle(self, *args, **opzioni) -> None:
        try:
            numero = sigilli.nuova_epoca()
        except sigilli.SigilliChiusi as errore:
            raise CommandError(str(errore)) from errore
        with come_sistema():
            annota_evento(CodiceEvento.EPOCA_NUOVA, epoca=numero)
        self.stdout.write(f"Epoca {numero} aperta. I sigilli di prima restano validi.")
