"""I grafici del rapporto e dei cruscotti: SVG statici, gli stessi in pagina e nel PDF.

Ogni funzione riceve dati semplici e rende un `Grafico`: il disegno, la descrizione per chi non lo
vede e gli stessi dati in forma di tabella.
"""

from report.grafici.barre import Barra, barre_orizzontali, barre_raggruppate
from report.grafici.disegno import Grafico
from report.grafici.mappa import CITAZIONE, SEGNI, NodoInMappa, mappa, sagoma
from report.grafici.rete import Legame, Punto, rete
from report.grafici.tavolozza import INCHIOSTRO, colore_asse, colore_nodo
from report.grafici.voti import Casella, Gruppo, distribuzione, misuratore


__all__ = [
    "CITAZIONE",
    "INCHIOSTRO",
    "SEGNI",
    "Barra",
    "Casella",
    "Grafico",
    "Gruppo",
    "Legame",
    "NodoInMappa",
    "Punto",
    "barre_orizzontali",
    "barre_raggruppate",
    "colore_asse",
    "colore_nodo",
    "distribuzione",
    "mappa",
    "misuratore",
    "rete",
    "sagoma",
]
