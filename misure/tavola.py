"""La tavola delle misure: una riga per cosa misurata, sempre accanto a ciò con cui si confronta."""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


RISULTATI = Path(__file__).resolve().parent / "risultati.md"
_INTESTAZIONE = """# Misure

Le scrive `make misure`, tutte in un giro e sulla stessa macchina: mediane di esecuzioni alternate.
Un rapporto vale più di un tempo, che dipende dalla macchina e da che cos'altro sta facendo.

"""


@dataclass(frozen=True)
class Riga:
    """Una misura: `misurato` e `bersaglio` si leggono con la loro unità; `entro` se è raggiunto."""

    che_cosa: str
    contro: str
    misurato: str
    bersaglio: str
    entro: bool


def alternate(*azioni: Callable[[], object], giri: int) -> list[float]:
    """La mediana, in millisecondi, di `giri` esecuzioni alternate di ciascuna."""
    tempi: list[list[float]] = [[] for _ in azioni]
    for _ in range(giri):
        for posto, azione in enumerate(azioni):
            inizio = time.perf_counter()
            azione()
            tempi[posto].append((time.perf_counter() - inizio) * 1000)
    return [statistics.median(volte) for volte in tempi]


def concludi(righe: Iterable[Riga], argomenti: list[str]) -> int:
    """Stampa le righe; con `--json FILE` le aggiunge anche lì. Rende 1 se qualcuna è fuori."""
    righe = list(righe)
    for riga in righe:
        print(come_si_legge(riga))
    if "--json" in argomenti:
        destinazione = Path(argomenti[argomenti.index("--json") + 1])
        with destinazione.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(riga)) + "\n" for riga in righe)
    return int(any(not riga.entro for riga in righe))


def come_si_legge(riga: Riga) -> str:
    segno = "" if riga.entro else "   FUORI"
    return f"{riga.che_cosa}: {riga.misurato} (contro {riga.contro}; {riga.bersaglio}){segno}"


def lette(origine: Path) -> list[Riga]:
    """Le righe che `concludi` ha aggiunto al file."""
    with origine.open(encoding="utf-8") as file:
        return [Riga(**json.loads(riga)) for riga in file]


def scrivi(righe: Iterable[Riga], destinazione: Path = RISULTATI) -> None:
    """Scrive la tavola in Markdown, col giorno e la macchina."""
    quando = f"{datetime.now(UTC).astimezone():%d/%m/%Y %H:%M}"
    macchina = f"{os.cpu_count()} processori, Python {platform.python_version()}"
    carico = " ".join(f"{voce:.1f}".replace(".", ",") for voce in os.getloadavg())
    testa = f"Misurato il {quando}; {macchina}; carico alla fine {carico}.\n\n"
    colonne = "| che cosa | contro che cosa | misurato | bersaglio | |\n| --- | --- | --- | --- | --- |\n"
    corpo = "".join(
        f"| {r.che_cosa} | {r.contro} | {r.misurato} | {r.bersaglio} | {'sì' if r.entro else '**no**'} |\n"
        for r in righe
    )
    destinazione.write_text(_INTESTAZIONE + testa + colonne + corpo, encoding="utf-8")


def esci(principale: Callable[[list[str]], Iterable[Riga]]) -> None:
    """Esegue un modulo di misure da solo, con gli argomenti della riga di comando."""
    argomenti = sys.argv[1:]
    sys.exit(concludi(principale(argomenti), argomenti))


def numero(valore: float, decimali: int = 2) -> str:
    """Un numero all'italiana: `1.234,50`."""
    testo = f"{valore:,.{decimali}f}"
    return testo.translate(str.maketrans({",": ".", ".": ","}))


def volte(valore: float) -> str:
    return f"{numero(valore, 3 if valore < 0.1 else 2)} volte"
