"""Scrive le durate di conservazione da cui si parte, e le porta in pari col programma."""

from conservazione.caricamento import FILE, carica_durate
from registro.comune.comandi import ComandoDiVoci


class Command(ComandoDiVoci):
    help = "Scrive le regole di conservazione che mancano, da un file. Si può ripetere."
    file, quale = FILE, "il file YAML delle durate"
    carica = staticmethod(carica_durate)
    scritte = (
        "Durate scritte: {}. Quelle da confermare restano spente finché chi amministra non le"
        " accende, nella pagina «Conservazione»."
    )
