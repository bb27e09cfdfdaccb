"""Ciò che si fa per le persone, e le ore che costa."""

from prestazioni.models.agenda import (
    Appuntamento,
    AppuntamentoQuerySet,
    Bozza,
)
from prestazioni.models.esiti import (
    PARTE_DI_ORE,
    PARTE_RISPETTATA,
    DellaPresaQuerySet,
    Esito,
    EsitoQuerySet,
    PassoDiPratica,
    PianoRientro,
    PraticaCasa,
    Rata,
    Tirocinio,
)
from prestazioni.models.gruppi import (
    Giorno,
    GruppoPresenze,
    GruppoPresenzeQuerySet,
    MembroDiGruppo,
    MembroDiGruppoQuerySet,
)
from prestazioni.models.importazioni import (
    AbbinamentoColonne,
    Importazione,
    ImportazioneQuerySet,
    RigaImportata,
)
from prestazioni.models.ore import (
    AttivitaIndiretta,
    AttivitaIndirettaQuerySet,
    FoglioOre,
    FoglioOreQuerySet,
    Rettifica,
)
from prestazioni.models.prestazioni import (
    MINUTI_AL_GIORNO,
    PRIMO_GIORNO,
    Affiancamento,
    Modo,
    NotaDiPrestazione,
    Partecipazione,
    PartecipazioneQuerySet,
    Prestazione,
    PrestazioneQuerySet,
)
from prestazioni.models.statistiche import RigaStatistica, RigaStatisticaQuerySet


__all__ = [
    "MINUTI_AL_GIORNO",
    "PARTE_DI_ORE",
    "PARTE_RISPETTATA",
    "PRIMO_GIORNO",
    "AbbinamentoColonne",
    "Affiancamento",
    "Appuntamento",
    "AppuntamentoQuerySet",
    "AttivitaIndiretta",
    "AttivitaIndirettaQuerySet",
    "Bozza",
    "DellaPresaQuerySet",
    "Esito",
    "EsitoQuerySet",
    "FoglioOre",
    "FoglioOreQuerySet",
    "Giorno",
    "GruppoPresenze",
    "GruppoPresenzeQuerySet",
    "Importazione",
    "ImportazioneQuerySet",
    "MembroDiGruppo",
    "MembroDiGruppoQuerySet",
    "Modo",
    "NotaDiPrestazione",
    "Partecipazione",
    "PartecipazioneQuerySet",
    "PassoDiPratica",
    "PianoRientro",
    "PraticaCasa",
    "Prestazione",
    "PrestazioneQuerySet",
    "Rata",
    "Rettifica",
    "RigaImportata",
    "RigaStatistica",
    "RigaStatisticaQuerySet",
    "Tirocinio",
]
