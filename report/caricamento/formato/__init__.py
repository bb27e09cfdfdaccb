"""Il formato della cartella: un modello pydantic per ogni file. Una chiave ignota si rifiuta."""

from report.caricamento.formato.comune import Frase, FraseDellHub
from report.caricamento.formato.pubblicato import FilePubblicato
from report.caricamento.formato.rete import (
    FileAssi,
    FileAzioni,
    FileEnti,
    FileNodi,
    FormaAsse,
    FormaAzione,
    FormaEnte,
    FormaNodo,
)
from report.caricamento.formato.schede import (
    FileSchede,
    FormaConteggio,
    FormaMisuratore,
    FormaOutput,
    FormaScheda,
)


__all__ = [
    "FileAssi",
    "FileAzioni",
    "FileEnti",
    "FileNodi",
    "FilePubblicato",
    "FileSchede",
    "FormaAsse",
    "FormaAzione",
    "FormaConteggio",
    "FormaEnte",
    "FormaMisuratore",
    "FormaNodo",
    "FormaOutput",
    "FormaScheda",
    "Frase",
    "FraseDellHub",
]
