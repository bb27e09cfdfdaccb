"""`make pulisci`: butta i dati della dimostrazione. `python -m registro.servizi.pulizia`."""

import sys

from registro.servizi.cartella import CartellaDati, cartella_scelta, rimuovi
from registro.servizi.errori import ErroreServizi


def main() -> int:
    """Cancella la cartella dati scelta. Rende 1 se una dimostrazione la sta usando."""
    radice = cartella_scelta()
    if not radice.exists():
        return 0
    try:
        cartella = CartellaDati.apri(radice)
        with cartella.sola_dimostrazione():
            rimuovi(radice)
    except ErroreServizi as errore:
        print(f"Non ho cancellato i dati. {errore}", file=sys.stderr)
        return 1
    print(f"Cancellati i dati in {radice}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
