"""Le regole del trattamento e i registri: niente, qui, nomina una persona."""

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


__all__ = [
    "LINGUE",
    "AccordoContitolarita",
    "AccordoQuerySet",
    "BaseGiuridica",
    "BaseGiuridicaQuerySet",
    "Informativa",
    "InformativaQuerySet",
    "ParteDiAccordo",
    "RegistroAccessi",
    "RegistroAccessiQuerySet",
    "numero_nel_registro",
]
