"""`ricalcola_cruscotti`: aggiorna subito i numeri del nodo e della rete."""

from argparse import ArgumentParser

from django.utils import timezone

from prestazioni.sguardi import rete
from registro.comune.comandi import Comando
from registro.comune.templatetags.testo import conta


class Command(Comando):
    help = (
        "Ricalcola i numeri della rete nei mesi cambiati dall'ultima volta. Lo fa da sé un lavoro a"
        " orario: serve dopo aver caricato dati senza passare dal programma."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--tutto", action="store_true", help="ricalcola ogni mese di ogni ente, da capo"
        )

    def handle(self, *args, **opzioni) -> None:
        quanti = rete.ricalcola(tutto=opzioni["tutto"])
        rete.prepara(rete.periodi_soliti(timezone.localdate()))
        detto = conta(quanti, "mese di un ente ricalcolato", "mesi di enti ricalcolati")
        self.stdout.write(f"{detto}.")
