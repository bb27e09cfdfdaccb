"""Ciò che può andare storto all'avvio, detto a chi sta davanti al terminale."""

from pathlib import Path


RIGHE_MOSTRATE = 12


class ErroreServizi(Exception):
    """Un avvio che non può continuare: il testo dice che cosa è successo e che cosa fare."""


def ultime_righe(registro: Path) -> str:
    """Le ultime righe di un file di registro, rientrate; una frase se il file è vuoto o manca."""
    try:
        righe = registro.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        righe = []
    if not righe:
        return f"    (il registro {registro} è vuoto)"
    return "\n".join(f"    {riga}" for riga in righe[-RIGHE_MOSTRATE:])
