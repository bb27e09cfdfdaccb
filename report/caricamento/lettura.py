"""Dai file della cartella a oggetti controllati nella forma, uno per file."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from report.caricamento.errori import CartellaRifiutata, Problema
from report.caricamento.formato import (
    FileAssi,
    FileAzioni,
    FileEnti,
    FileNodi,
    FilePubblicato,
    FileSchede,
)
from report.caricamento.frasi import problemi_di_forma
from report.caricamento.yaml_sicuro import leggi_yaml


F = TypeVar("F", bound=BaseModel)

FORMATO: dict[str, type[BaseModel]] = {
    "enti.yaml": FileEnti,
    "nodi.yaml": FileNodi,
    "assi.yaml": FileAssi,
    "azioni.yaml": FileAzioni,
    "schede.yaml": FileSchede,
    "report_pubblicato.yaml": FilePubblicato,
}
# Le regole le legge chi calcola; degli altri si guarda solo che siano YAML: non si caricano.
REGOLE = "regole.yaml"
NON_CARICATI = ("pagine.yaml", "sistemi.yaml", "criticita_prodotto.yaml")


@dataclass(frozen=True, slots=True)
class Cartella:
    """Una cartella letta. `grezzi`: il contenuto dei file così com'è, per nome; `impronta`:
    SHA-256 di ciò che dicono i file che si caricano (non cambia se cambiano solo i commenti)."""

    enti: FileEnti
    nodi: FileNodi
    assi: FileAssi
    azioni: FileAzioni
    schede: FileSchede
    pubblicato: FilePubblicato
    grezzi: Mapping[str, Any]
    impronta: str

    @property
    def regole(self) -> Any | None:
        """Il contenuto di regole.yaml, o None se la cartella non ne ha."""
        return self.grezzi.get(REGOLE)


def leggi_cartella(percorso: Path) -> Cartella:
    """Legge tutti i file di `percorso` e ne controlla la forma.

    Solleva `CartellaRifiutata` con tutti i problemi di tutti i file, non solo il primo.
    """
    if not percorso.is_dir():
        raise CartellaRifiutata([Problema("", "", f"La cartella «{percorso}» non c'è.")])
    problemi: list[Problema] = []
    grezzi: dict[str, Any] = {}
    for nome in (*FORMATO, REGOLE, *NON_CARICATI):
        if nome not in FORMATO and not (percorso / nome).exists():
            continue
        try:
            grezzi[nome] = leggi_yaml(percorso / nome)
        except CartellaRifiutata as rifiuto:
            problemi.extend(rifiuto.problemi)
    letti: dict[str, BaseModel] = {}
    for nome, forma in FORMATO.items():
        if nome not in grezzi:
            continue
        try:
            letti[nome] = leggi_forma(forma, grezzi[nome], nome)
        except CartellaRifiutata as rifiuto:
            problemi.extend(rifiuto.problemi)
    if problemi:
        raise CartellaRifiutata(problemi)
    return Cartella(*letti.values(), grezzi=grezzi, impronta=_impronta(grezzi))


def leggi_forma(forma: type[F], dati: Any, file: str) -> F:
    """`dati` come `forma`; se non lo sono solleva `CartellaRifiutata` con ogni problema."""
    try:
        return forma.model_validate(dati)
    except ValidationError as errore:
        raise CartellaRifiutata(problemi_di_forma(file, errore, dati)) from errore


def _impronta(grezzi: Mapping[str, Any]) -> str:
    contati = {nome: dati for nome, dati in grezzi.items() if nome not in NON_CARICATI}
    testo = dumps(contati, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(testo.encode()).hexdigest()
