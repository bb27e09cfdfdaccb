"""Dalla scheda di monitoraggio al rapporto pubblicato."""

from report.models.rapporto import (
    Addendo,
    BloccoDiTesto,
    Cifra,
    CopiaScheda,
    DocumentoRapporto,
    Rapporto,
    TotaleDiRegola,
)
from report.models.righe import (
    AttivitaDiScheda,
    CollaborazionePubblica,
    Conteggio,
    Giudizio,
    Legame,
    Misuratore,
    Prosecuzione,
    Uscita,
    VoceTestuale,
)
from report.models.schede import (
    AsseDiScheda,
    AvvisoSuperato,
    AzioneDiScheda,
    Campagna,
    DichiaranteDiScheda,
    ModelloScheda,
    PassaggioDiScheda,
    RigaDiScheda,
    RigaTolta,
    Scheda,
)


__all__ = [
    "Addendo",
    "AsseDiScheda",
    "AttivitaDiScheda",
    "AvvisoSuperato",
    "AzioneDiScheda",
    "BloccoDiTesto",
    "Campagna",
    "Cifra",
    "CollaborazionePubblica",
    "Conteggio",
    "CopiaScheda",
    "DichiaranteDiScheda",
    "DocumentoRapporto",
    "Giudizio",
    "Legame",
    "Misuratore",
    "ModelloScheda",
    "PassaggioDiScheda",
    "Prosecuzione",
    "Rapporto",
    "RigaDiScheda",
    "RigaTolta",
    "Scheda",
    "TotaleDiRegola",
    "Uscita",
    "VoceTestuale",
]
