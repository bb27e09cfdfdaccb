"""Ciò che serve a capire una cella: il rifiuto, il testo com'è scritto, come lo si mostra."""

import re
from datetime import date, datetime, time, timedelta

from registro.comune.fogli.celle import Cella, CellaGuasta, vuota
from registro.comune.ricerca import forma_normale


_MOSTRATI = 60


class FormaNonCapita(ValueError):
    """Un valore che non si capisce; `frase` lo nomina e dice come scriverlo."""

    def __init__(self, frase: str) -> None:
        self.frase = frase
        super().__init__(frase)


def controlla(valore: Cella) -> None:
    """Solleva `FormaNonCapita` se la cella è vuota o guasta."""
    if isinstance(valore, CellaGuasta):
        raise FormaNonCapita(f"La cella non ha un valore: {valore.frase}.")
    if vuota(valore):
        raise FormaNonCapita("La cella è vuota.")


def piano(valore: str) -> str:
    """Minuscolo, senza accenti, con apostrofi e spazi di una sola specie."""
    return forma_normale(re.sub("[’‘`´]", "'", valore).replace("º", "°"))


def come_si_vede(valore: Cella) -> str:
    """Il valore come lo mostra il foglio: la virgola nei decimali, le date gg/mm/aaaa."""
    if isinstance(valore, bool):
        return "sì" if valore else "no"
    if isinstance(valore, datetime) and valore.time() != time():
        return f"{valore:%d/%m/%Y %H:%M}"
    if isinstance(valore, date):
        return f"{valore:%d/%m/%Y}"
    if isinstance(valore, time):
        return f"{valore:%H:%M}"
    if isinstance(valore, timedelta):
        ore, resto = divmod(round(valore.total_seconds() / 60), 60)
        return f"{ore}:{resto:02}"
    return str(valore).replace(".", ",") if isinstance(valore, float) else str(valore)


def mostra(valore: Cella) -> str:
    """Il valore come sta in una frase: su una riga, e non più lungo di quanto serva."""
    scritto = " ".join(come_si_vede(valore).split())
    return scritto if len(scritto) <= _MOSTRATI else f"{scritto[:_MOSTRATI]}…"
