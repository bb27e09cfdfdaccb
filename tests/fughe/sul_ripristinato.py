"""I mondi delle fughe su un database ripristinato da una copia: il confine è tornato intero?

`python -m tests.fughe.sul_ripristinato 50`, con l'ambiente che indica quel database. Non lascia
niente: ogni mondo torna indietro, e con lui le righe di rete che gli servivano. Esce con 1, e il
diario del mondo, se il database e l'oracolo non vedono le stesse righe.
"""

import os
import sys
from random import Random

import django
from django.db import transaction


# Lo stesso seme ogni volta: una prova che non torna si rifà uguale.
SEME = 2026
SGUARDI = 20


class _Disfa(Exception):
    """La prova è finita: la sua transazione torna indietro."""


def main(quanti: int) -> int:
    """Fa vivere `quanti` mondi. Rende 0 se in ognuno si è visto ciò che dice l'oracolo."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "registro.settings_test"
    django.setup()
    # Solo adesso: leggono i modelli.
    from privacy.letture import Raccolta, _raccolta
    from tests.fughe.conftest import prepara_i_vocabolari
    from tests.fughe.giri import _NOMI, contati, percorri

    caso = Random(SEME)
    _raccolta.set(Raccolta("prova di ripristino", "lavoro"))
    try:
        with transaction.atomic():
            vocabolari = prepara_i_vocabolari()
            for _ in range(quanti):
                gesti = [
                    (caso.choice(_NOMI), caso.getrandbits(32)) for _ in range(caso.randint(6, 16))
                ]
                percorri(vocabolari, caso.getrandbits(32), gesti, sguardi=SGUARDI)
            raise _Disfa
    except _Disfa:
        pass
    print(  # noqa: T201 - è ciò che dice a chi l'ha lanciata
        f"{contati['mondi']} mondi, {contati['sguardi']} sguardi, {contati['righe']} righe viste"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
