"""`manage.py schema_della_copia`: lo schema del file che una persona porta via."""

import json

from beneficiari.documenti.copia import schema
from registro.comune.comandi import Comando


class Command(Comando):
    help = "Scrive lo schema JSON della copia dei dati di una persona, da tenere in docs/schema/."

    def handle(self, *args, **opzioni) -> None:
        self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=2))
