"""I grafici che parlano del rapporto: giudizi, misuratori, mappa dei nodi, rete dei legami.

Ogni funzione riceve dati semplici e rende un `Grafico` di `registro.comune.grafici`, dove stanno
le forme che servono anche ai cruscotti.
"""

from report.grafici.mappa import CITAZIONE, SEGNI, NodoInMappa, mappa, sagoma
from report.grafici.rete import Legame, Punto, rete
from report.grafici.voti import Casella, Gruppo, distribuzione, misuratore


__all__ = [
    "CITAZIONE",
    "SEGNI",
    "Casella",
    "Gruppo",
    "Legame",
    "NodoInMappa",
    "Punto",
    "distribuzione",
    "mappa",
    "misuratore",
    "rete",
    "sagoma",
]
