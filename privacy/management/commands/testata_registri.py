"""Scrive le testate firmate dei registri, da tenere lontano dal server."""

from django.core.management.base import CommandError

from enti.sistema import come_sistema
from privacy import sigilli
from privacy.models import TestataFirmata
from registro.comune.comandi import Comando


class Command(Comando):
    help = "Firma, se manca, la testata di oggi; scrive l'ultima, o tutte."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--tutte", action="store_true", help="una dopo l'altra, dalla prima")

    def handle(self, *args, tutte: bool, **opzioni) -> None:
        try:
            sigilli.firma_la_testata()
        except sigilli.SigilliChiusi as errore:
            raise CommandError(str(errore)) from errore
        with come_sistema():
            firmate = TestataFirmata.objects.order_by("giorno" if tutte else "-giorno")
            for testata in firmate if tutte else firmate[:1]:
                busta = sigilli.testata_in_testo(testata.testo, testata.firma, testata.chiave)
                self.stdout.write(busta, ending="")
