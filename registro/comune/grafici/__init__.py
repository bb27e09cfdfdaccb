"""I grafici del rapporto e dei cruscotti: SVG statici, gli stessi in pagina e nel PDF.

Ogni funzione riceve dati semplici e rende un `Grafico`: il disegno, la descrizione per chi non lo
vede e gli stessi dati in forma di tabella. In pagina lo mostra `componenti/grafico.html`.
"""

from registro.comune.grafici.barre import (
    Barra,
    barre_impilate,
    barre_orizzontali,
    barre_raggruppate,
)
from registro.comune.grafici.disegno import Grafico
from registro.comune.grafici.linee import Serie, linee_per_mese
from registro.comune.grafici.tavolozza import (
    INCHIOSTRO,
    colore_asse,
    colore_nodo,
    colore_serie,
)


__all__ = [
    "INCHIOSTRO",
    "Barra",
    "Grafico",
    "Serie",
    "barre_impilate",
    "barre_orizzontali",
    "barre_raggruppate",
    "colore_asse",
    "colore_nodo",
    "colore_serie",
    "linee_per_mese",
]
