"""Cartelle di dati da guastare: una copia, una modifica, ed è pronta da caricare."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps

from enti.models import Ente
from enti.sistema import come_sistema


DATI = Path(__file__).resolve().parents[2] / "dati" / "quadrante"
ALTRA_RETE = Path(__file__).resolve().parents[1] / "dati" / "altra_rete"
PROGETTO_DELL_ALTRA = "campi-e-case"


class _SenzaRimandi(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def copia_di(cartella: Path, dove: Path) -> Path:
    """Una copia di `cartella` in `dove`, che non deve esserci."""
    return Path(shutil.copytree(cartella, dove))


def modifica(cartella: Path, file: str, cambia: Callable[[dict], object]) -> None:
    """Applica `cambia` al contenuto di un file YAML della cartella e lo riscrive."""
    percorso = cartella / file
    dati = yaml.safe_load(percorso.read_text(encoding="utf-8"))
    cambia(dati)
    testo = yaml.dump(dati, Dumper=_SenzaRimandi, allow_unicode=True, sort_keys=False)
    percorso.write_text(testo, encoding="utf-8")


def voce(elenco: list[dict], sigla: str) -> dict:
    """La voce di un elenco con quell'id."""
    return next(v for v in elenco if v["id"] == sigla)


def conteggio(dati: dict, scheda: str, sigla: str) -> dict:
    """Un conteggio di beneficiari, nel contenuto di schede.yaml."""
    return voce(voce(dati["schede"], scheda)["beneficiari"]["conteggi"], sigla)


def fotografia() -> dict[str, list]:
    """Tutte le righe di enti, assi e report che l'attore di sistema può vedere, ente per ente."""
    modelli = [
        m for app in ("enti", "assi", "report") for m in apps.get_app_config(app).get_models()
    ]
    foto: dict[str, dict] = {modello.__name__: {} for modello in modelli}
    for ente in (None, *Ente.objects.della_rete()):
        with come_sistema(ente):
            for modello in modelli:
                foto[modello.__name__] |= {r["id"]: r for r in modello.objects.values()}
    return {nome: [righe[chiave] for chiave in sorted(righe)] for nome, righe in foto.items()}
