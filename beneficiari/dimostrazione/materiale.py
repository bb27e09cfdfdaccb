"""I file da cui si compone la dimostrazione: nomi, enti, pezzi di storia, regole, intrecci, richieste."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings


CARTELLA = Path(settings.CARTELLA_BASE) / "dati" / "dimostrazione" / "persone"


class Materiale:
    """Ciò che dicono i file di `cartella`, com'è scritto: un dizionario per file.

    Solleva OSError o yaml.YAMLError se uno manca o non si legge.
    """

    def __init__(self, cartella: Path = CARTELLA) -> None:
        self.nomi = _leggi(cartella / "nomi.yaml")
        self.enti = _leggi(cartella / "enti.yaml")
        storie = _leggi(cartella / "storie.yaml")
        self.profili: dict[str, dict[str, list[str]]] = storie["profili"]
        self.comuni: dict[str, Any] = storie["comuni"]
        self.indicatori: dict[str, list[str]] = storie["indicatori"]
        self.regole = _leggi(cartella / "regole.yaml")
        self.intrecci = _leggi(cartella / "intrecci.yaml")
        self.richieste: list[dict[str, Any]] = _leggi(cartella / "richieste.yaml")["richieste"]


def _leggi(file: Path) -> dict[str, Any]:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
