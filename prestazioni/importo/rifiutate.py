"""Le righe rifiutate, da correggere e ricaricare: com'erano, più il motivo."""

from collections.abc import Iterator

from prestazioni.importo.tipi import Esame
from registro.comune.esportazioni import Tabella


def tabella_dei_rifiuti(esame: Esame) -> Tabella:
    """Le righe rifiutate nell'ordine del foglio; l'ultima colonna è «Motivo»."""
    return Tabella("Righe rifiutate", (*esame.intestazioni, "Motivo"), _righe(esame))


def _righe(esame: Esame) -> Iterator[tuple[str, ...]]:
    motivi = esame.motivi()
    for numero, celle in esame.righe:
        if numero in motivi:
            yield (*celle, " ".join(_frase(r.colonna, r.motivo) for r in motivi[numero]))


def _frase(colonna: str, motivo: str) -> str:
    return f"{colonna}: {motivo}" if colonna else motivo
