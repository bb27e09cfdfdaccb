"""Il carattere della rete, Titillium Web, per i grafici e per la stampa.

L'unica fonte sono i woff2 costruiti da `npm run build` in `.costruiti/registro/caratteri/`, gli
stessi che serve il sito. WeasyPrint li legge così; vl-convert vuole TrueType e misura i testi con
i caratteri registrati, perciò si convertono una volta per processo in una cartella provvisoria.
"""

import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont


FAMIGLIA = "Titillium Web"
# Nome del taglio → (peso, stile) come li scrive il CSS.
TAGLI = {
    "regular": (400, "normal"),
    "italic": (400, "italic"),
    "600": (600, "normal"),
    "700": (700, "normal"),
}


class RisorsaMancanteError(Exception):
    """Manca un file che si costruisce prima di avviare; il messaggio dice come."""


def trova(nome: str) -> Path:
    """Il percorso del file statico `nome`: dalle cartelle dei sorgenti o da quella raccolta.

    Solleva `RisorsaMancanteError` se non c'è in nessuna delle due.
    """
    trovato = finders.find(nome) or Path(settings.STATIC_ROOT or ".") / nome
    if not Path(trovato).is_file():
        raise RisorsaMancanteError(
            f"Manca il file «{nome}». Non si è perso nulla: esegui «npm run build» e riprova."
        )
    return Path(trovato)


def nome_statico(taglio: str) -> str:
    """Il nome statico del woff2 di un taglio."""
    return f"registro/caratteri/titillium-web-{taglio}.woff2"


@cache
def cartella_truetype() -> tempfile.TemporaryDirectory:
    """I tagli in TrueType, in una cartella che sparisce col processo.

    Solleva `RisorsaMancanteError` se i woff2 non sono stati costruiti.
    """
    cartella = tempfile.TemporaryDirectory(prefix="caratteri-")
    for taglio in TAGLI:
        carattere = TTFont(trova(nome_statico(taglio)))
        carattere.flavor = None
        carattere.save(Path(cartella.name) / f"{taglio}.ttf")
    return cartella
