"""Mette in pari database, file statici e dati dimostrativi.

`python -m registro.servizi.preparazione PASSO…` esegue i passi nell'ordine dato e scrive, per
ognuno, una riga con i secondi. L'ambiente deve già indicare i server.
"""

import io
import os
import sys
from collections.abc import Callable

import django
from django.core.management import call_command

from registro.servizi.cartella import CartellaDati, cartella_scelta, scrivi_riservato
from registro.servizi.passi import passo


def _migrazioni(_: CartellaDati) -> None:
    call_command("migrate", database="proprietario", verbosity=0, interactive=False)


def _statici(_: CartellaDati) -> None:
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def _dati(cartella: CartellaDati) -> None:
    """Carica i dati dimostrativi e tiene da parte gli accessi, da mostrare a ogni avvio."""
    accessi = io.StringIO()
    call_command("prepara_demo", stdout=accessi)
    scrivi_riservato(cartella.accessi, accessi.getvalue())


PASSI: dict[str, tuple[str, Callable[[CartellaDati], None]]] = {
    "migrazioni": ("migrazioni", _migrazioni),
    "statici": ("file statici", _statici),
    "dati": ("dati dimostrativi", _dati),
}


def main(nomi: list[str]) -> int:
    """Esegue i passi nominati. Rende 0; un errore arriva a chi legge con la sua traccia."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registro.settings")
    cartella = CartellaDati.apri(cartella_scelta())
    django.setup()
    for nome in nomi:
        titolo, esegui = PASSI[nome]
        with passo(titolo):
            esegui(cartella)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
