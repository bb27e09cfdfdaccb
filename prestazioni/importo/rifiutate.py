"""Le righe rifiutate, da correggere e ricaricare: com'erano, più dove stavano e il motivo."""

from collections.abc import Iterable, Iterator

from prestazioni.importo.campi import MOTIVO_DEL_RIFIUTO, RIGA_NEL_FOGLIO
from prestazioni.importo.tipi import Esame, RigaLetta
from registro.comune.esportazioni import Cella, Tabella


def tabella_dei_rifiuti(esame: Esame, righe: Iterable[RigaLetta]) -> Tabella:
    """Le righe rifiutate di `esame`, `righe`, nell'ordine del foglio: la prima colonna è il numero che la riga ha lì,
    l'ultima il motivo. Ricaricandola, `apertura.apri` non le legge."""
    colonne = (RIGA_NEL_FOGLIO, *esame.intestazioni, MOTIVO_DEL_RIFIUTO)
    return Tabella("Righe rifiutate", colonne, _coi_motivi(esame, righe))


def _coi_motivi(esame: Esame, righe: Iterable[RigaLetta]) -> Iterator[tuple[Cella, ...]]:
    motivi = esame.motivi()
    for numero, celle in righe:
        yield (numero, *celle, " ".join(_frase(r.colonna, r.motivo) for r in motivi[numero]))


def _frase(colonna: str, motivo: str) -> str:
    return f"{colonna}: {motivo}" if colonna else motivo
