"""`make misure`: ogni misura, una dopo l'altra, in una tavola sola (`misure/risultati.md`).

Uso: `python -m misure [--piccolo]`. Ognuna è un processo nuovo sul suo database provvisorio, perché
la memoria e i piani dell'una non facciano comodo all'altra. Rende 1 se qualcosa è fuori dal
bersaglio; la tavola si scrive lo stesso. Con `--piccolo` si prova il giro, e la tavola resta fuori.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from misure.tavola import lette, scrivi


MISURE = (
    "costo_del_confine",
    "pagine",
    "cruscotti",
    "importazione",
    "esportazione",
    "confronto_import_export",
    "stampa_rapporto",
    "avvio",
)


def main(argomenti: list[str]) -> int:
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        esiti = [
            subprocess.run(
                [sys.executable, "-m", f"misure.{nome}", "--json", file.name, *argomenti],
                check=False,
            ).returncode
            for nome in MISURE
        ]
        righe = lette(Path(file.name))
    if "--piccolo" not in argomenti:
        scrivi(righe)
    print(f"{sum(r.entro for r in righe)} misure su {len(righe)} nel bersaglio")
    return int(any(esiti))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
