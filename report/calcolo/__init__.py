"""Il motore delle cifre: dalle schede e dal piano al contenuto di un'edizione. Non tocca il database.

`calcola` fa i conti, `piano_della_cartella` compone il piano dai file di una cartella di dati,
`json_del_rapporto` stampa le cifre di un `Contenuto` già composto.
"""

from report.calcolo.calcolo import Calcolo, calcola
from report.calcolo.cartella import piano_da_pubblicato, piano_della_cartella
from report.calcolo.controlli import controlla_piano
from report.calcolo.drop_out import drop_out_delle_schede
from report.calcolo.piano import (
    Piano,
    PianoErrato,
    ProblemaDelPiano,
    ProgettoDelPiano,
    leggi_piano,
)
from report.calcolo.uscita import json_del_rapporto


__all__ = [
    "Calcolo",
    "Piano",
    "PianoErrato",
    "ProblemaDelPiano",
    "ProgettoDelPiano",
    "calcola",
    "controlla_piano",
    "drop_out_delle_schede",
    "json_del_rapporto",
    "leggi_piano",
    "piano_da_pubblicato",
    "piano_della_cartella",
]
