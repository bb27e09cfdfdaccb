"""Scrive le basi giuridiche da cui si parte, da un file: quelle che mancano e nient'altro."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from enti.sistema import come_sistema
from privacy.models import BaseGiuridica
from registro.comune.comandi import FileErrato, leggi_voci


FILE = Path(settings.CARTELLA_BASE) / "dati" / "privacy" / "basi_giuridiche.yaml"


class BasiErrate(FileErrato):
    """Il file non si può usare; il messaggio dice quale voce e perché."""


@transaction.atomic
def carica_basi(file: Path = FILE) -> int:
    """Scrive le basi del file per le coppie (finalità, gruppo) che non ne hanno una aperta.

    Rende quante ne ha scritte. Una base che c'è non si tocca, nemmeno se è diversa: può averla
    corretta chi ne risponde. Valgono da oggi. Solleva BasiErrate, e non scrive nulla.
    """
    basi = _leggi(file)
    with come_sistema():
        presenti = set(BaseGiuridica.objects.filter(al=None).values_list("finalita", "gruppo"))
        nuove = [base for base in basi if (base.finalita, base.gruppo) not in presenti]
        BaseGiuridica.objects.bulk_create(nuove)
    return len(nuove)


def _leggi(file: Path) -> list[BaseGiuridica]:
    basi = []
    for numero, voce in enumerate(leggi_voci(file, BasiErrate), start=1):
        try:
            basi += _basi(voce)
        except (KeyError, TypeError) as errore:
            raise BasiErrate(f"{file.name}, voce {numero}: manca {errore}.") from errore
        except ValidationError as errore:
            frasi = " ".join(errore.messages)
            raise BasiErrate(f"{file.name}, voce {numero}: {frasi}") from errore
    return basi


def _basi(voce: dict) -> list[BaseGiuridica]:
    """Una base per ogni gruppo della voce, controllata campo per campo."""
    basi = [
        BaseGiuridica(
            finalita=voce["finalita"],
            gruppo=gruppo,
            lettera_art6=voce["art6"],
            lettera_art9=voce.get("art9", ""),
            fonte=voce["fonte"],
            serve_consenso=voce["consenso"],
            dal=timezone.localdate(),
        )
        for gruppo in voce["gruppi"]
    ]
    for base in basi:
        base.clean_fields()
        base.validate_constraints(exclude={"finalita"})
    return basi
