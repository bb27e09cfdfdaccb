"""Ciò che una verifica trova: problemi, avvisi, quanto ha guardato."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problema:
    """Una cosa che non torna. `tipo` è un codice, `frase` lo dice a chi legge."""

    tipo: str
    frase: str
    sigillo: int | None = None


@dataclass
class Esito:
    """Ciò che una verifica ha trovato. `avvisi` non sono manomissioni: dicono che cosa manca."""

    problemi: list[Problema] = field(default_factory=list)
    avvisi: list[str] = field(default_factory=list)
    sigilli: int = 0
    righe: int = 0
    millisecondi: int = 0

    @property
    def torna(self) -> bool:
        return not self.problemi
