"""Le regole del trattamento e i registri: niente, qui, nomina una persona."""

from privacy.models.anomalie import RegolaDiAnomalia, Segnalazione, SegnalazioneQuerySet
from privacy.models.registro import (
    RegistroAccessi,
    RegistroAccessiQuerySet,
    numero_nel_registro,
)
from privacy.models.regole import (
    LINGUE,
    AccordoContitolarita,
    AccordoQuerySet,
    BaseGiuridica,
    BaseGiuridicaQuerySet,
    Informativa,
    InformativaQuerySet,
    ParteDiAccordo,
)
from privacy.models.sigilli import (
    Epoca,
    MeseArchiviato,
    Sigillo,
    SigilloQuerySet,
    TestataFirmata,
    VerificaDiSigilli,
)
from privacy.models.violazioni import Colpita, Violazione, ViolazioneQuerySet


__all__ = [
    "LINGUE",
    "AccordoContitolarita",
    "AccordoQuerySet",
    "BaseGiuridica",
    "BaseGiuridicaQuerySet",
    "Colpita",
    "Epoca",
    "Informativa",
    "InformativaQuerySet",
    "MeseArchiviato",
    "ParteDiAccordo",
    "RegistroAccessi",
    "RegistroAccessiQuerySet",
    "RegolaDiAnomalia",
    "Segnalazione",
    "SegnalazioneQuerySet",
    "Sigillo",
    "SigilloQuerySet",
    "TestataFirmata",
    "VerificaDiSigilli",
    "Violazione",
    "ViolazioneQuerySet",
    "numero_nel_registro",
]
