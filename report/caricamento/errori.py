"""Perché una cartella non si può caricare, in frasi che dicono dove mettere le mani."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problema:
    """Una cosa da correggere: in quale `file`, in quale `voce` («scheda jokko, conteggio nuclei»,
    vuota se è il file intero), e perché."""

    file: str
    voce: str
    motivo: str

    def __str__(self) -> str:
        dove = ", ".join(parte for parte in (self.file, self.voce) if parte)
        return f"{dove}: {self.motivo}" if dove else self.motivo


class CartellaRifiutata(Exception):
    """La cartella ha dei problemi e non è stato scritto nulla. Li porta tutti in `problemi`."""

    def __init__(self, problemi: Iterable[Problema]) -> None:
        self.problemi = tuple(problemi)
        super().__init__("\n".join(str(problema) for problema in self.problemi))
