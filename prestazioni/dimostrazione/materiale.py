"""I file da cui si compone il lavoro della dimostrazione: che cosa fa ogni ente, e le parole."""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from assi.models import TipoDiChiusura, TipoDiEsito, VoceNomenclatura


CARTELLA = Path(settings.CARTELLA_BASE) / "dati" / "dimostrazione" / "prestazioni"


class Materiale:
    """Ciò che dicono i file di `cartella`, e le voci della rete che nominano.

    Solleva OSError o yaml.YAMLError se un file manca o non si legge.
    """

    def __init__(self, cartella: Path = CARTELLA) -> None:
        self.enti = _leggi(cartella / "enti.yaml")
        self.parole = _leggi(cartella / "parole.yaml")
        self.voci = {v.codice: v for v in VoceNomenclatura.objects.all()}
        self.chiusure = {v.codice: v for v in TipoDiChiusura.objects.all()}
        self.esiti = {v.codice: v for v in TipoDiEsito.objects.all()}


def _leggi(file: Path) -> dict[str, Any]:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
