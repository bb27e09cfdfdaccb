"""Scrive le basi giuridiche da cui si parte."""

from privacy.caricamento import FILE, carica_basi
from registro.comune.comandi import ComandoDiVoci


class Command(ComandoDiVoci):
    help = "Scrive le basi giuridiche che mancano, da un file. Si può ripetere."
    file, quale = FILE, "il file YAML delle basi"
    carica = staticmethod(carica_basi)
    scritte = (
        "Basi giuridiche scritte: {}. Vanno confermate da chi ne risponde: si leggono e si cambiano"
        " nella pagina «Regole»."
    )
