"""Il confronto fra nomi come lo fa una persona: senza badare a maiuscole e accenti.

Il database incorporato ordina per codice del carattere: senza forma normale «azimut» verrebbe
dopo «Zeta» e «è» dopo tutto il resto. Qui non serve una colonna: gli enti sono centinaia.
"""

import unicodedata

from django.db.models import CharField, Func, Value
from django.db.models.functions import Lower


_ACCENTATE = "àáâãäåèéêëìíîïòóôõöùúûüçñ"
_SEMPLICI = "aaaaaaeeeeiiiiooooouuuucn"


class FormaNormale(Func):
    """La stessa trasformazione di `forma_normale`, fatta dal database su un'espressione."""

    function = "translate"
    output_field = CharField()

    def __init__(self, espressione, **extra):
        super().__init__(Lower(espressione), Value(_ACCENTATE), Value(_SEMPLICI), **extra)


def forma_normale(testo: str) -> str:
    """`testo` in minuscolo, senza accenti, con uno spazio solo fra le parole."""
    scomposto = unicodedata.normalize("NFKD", testo.lower())
    senza = "".join(segno for segno in scomposto if not unicodedata.combining(segno))
    return " ".join(senza.split())
