"""Che cosa è cambiato dall'ultimo avvio: ciò che è rimasto uguale non si rifà."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from registro.servizi.cartella import CARTELLA_BASE, CartellaDati, scrivi_riservato


# Passo → i file da cui dipende, come modelli rispetto alla radice del progetto.
_CODICE = (
    *("enti/**/*.py", "privacy/**/*.py", "assi/**/*.py", "beneficiari/**/*.py"),
    *("report/**/*.py", "registro/**/*.py"),
)
DIPENDENZE: dict[str, tuple[str, ...]] = {
    "migrazioni": ("*/migrations/*.py", "registro/comune/migrazioni.py", "requirements/demo.txt"),
    "statici": ("static/**/*", ".costruiti/**/*", "registro/settings.py", "requirements/demo.txt"),
    "dati": ("dati/**/*", *_CODICE),
}


@dataclass
class Impronte:
    """Le impronte dei passi già riusciti su una cartella dati."""

    cartella: CartellaDati
    attuali: dict[str, str] = field(default_factory=dict)

    def da_rifare(self, passi: Iterable[str]) -> list[str]:
        """I `passi` i cui file sono cambiati da quando sono riusciti l'ultima volta."""
        self.attuali = {passo: _impronta(DIPENDENZE[passo]) for passo in passi}
        riusciti = self._riusciti()
        return [passo for passo, valore in self.attuali.items() if riusciti.get(passo) != valore]

    def riuscito(self, passo: str) -> None:
        """Annota che `passo` è riuscito con i file letti da `da_rifare`."""
        riusciti = self._riusciti() | {passo: self.attuali[passo]}
        scrivi_riservato(self._file, json.dumps(riusciti, indent=2))

    def dimentica(self) -> None:
        """Scorda tutto: il database è appena nato, o non è nostro."""
        self._file.unlink(missing_ok=True)

    @property
    def _file(self) -> Path:
        return self.cartella.radice / "impronte.json"

    def _riusciti(self) -> dict[str, str]:
        return json.loads(self._file.read_text(encoding="utf-8")) if self._file.exists() else {}


def _impronta(modelli: Iterable[str]) -> str:
    somma = hashlib.sha256()
    percorsi = {p for modello in modelli for p in CARTELLA_BASE.glob(modello) if p.is_file()}
    for percorso in sorted(percorsi):
        somma.update(str(percorso.relative_to(CARTELLA_BASE)).encode())
        somma.update(hashlib.sha256(percorso.read_bytes()).digest())
    return somma.hexdigest()
