"""Le chiavi di cifratura di un'installazione: farle la prima volta, aggiungerne una.

`python -m registro.servizi.chiavi` ne scrive di nuove; con `--aggiungi FILE` scrive quelle del file
e una di cifratura in più; con `--firma` la chiave con cui si firmano le testate dei registri. Escono sullo schermo: le si manda in un file chiuso.
"""

import argparse
import sys
from pathlib import Path

from registro.comune.chiavi import (
    ChiaviErrate,
    chiave_di_firma_nuova,
    chiavi_nuove,
    con_una_chiave_in_piu,
)


def main(argomenti: list[str]) -> int:
    """Scrive il testo JSON delle chiavi. Rende 1, con una frase, se il file non si può usare."""
    lettore = argparse.ArgumentParser(prog="python -m registro.servizi.chiavi")
    lettore.add_argument("--aggiungi", type=Path, metavar="FILE", help="le chiavi di adesso")
    lettore.add_argument("--firma", action="store_true", help="una chiave di firma nuova")
    scelte = lettore.parse_args(argomenti)
    if scelte.firma:
        print(chiave_di_firma_nuova())
        return 0
    file = scelte.aggiungi
    try:
        print(con_una_chiave_in_piu(file.read_text(encoding="utf-8")) if file else chiavi_nuove())
    except ChiaviErrate as errore:
        print(f"{file}: {errore} Il file è rimasto com'era.", file=sys.stderr)
        return 1
    except OSError as errore:
        print(f"{file}: non si legge ({errore.strerror}).", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
