"""Scrive la tabella delle durate da cui si parte, da un file: quelle che mancano e nient'altro."""

from pathlib import Path

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from conservazione.models import RegolaConservazione
from enti.sistema import come_sistema


FILE = Path(settings.CARTELLA_BASE) / "dati" / "privacy" / "conservazione.yaml"
CAMPI = frozenset(
    {
        *("codice", "categoria", "evento", "durata", "unita", "azione", "motivo"),
        *("da_confermare", "chi", "accesa", "tetto"),
    }
)


class DurateErrate(ValueError):
    """Il file non si può usare; il messaggio dice quale voce e perché."""


@transaction.atomic
def carica_durate(file: Path = FILE) -> int:
    """Scrive le regole del file che il database non ha, nell'ordine del file. Rende quante.

    Una regola che c'è non si tocca: dopo il primo caricamento comanda la pagina. Solleva
    DurateErrate, e non scrive nulla.
    """
    regole = leggi_durate(file)
    with come_sistema():
        presenti = set(RegolaConservazione.objects.values_list("codice", flat=True))
        nuove = [regola for regola in regole if regola.codice not in presenti]
        RegolaConservazione.objects.bulk_create(nuove)
    return len(nuove)


def leggi_durate(file: Path = FILE) -> list[RegolaConservazione]:
    """Le regole del file, controllate una per una e non scritte. Solleva DurateErrate."""
    try:
        voci = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as errore:
        raise DurateErrate(f"{file.name} non si legge: {errore}") from errore
    return [_regola(file, numero, voce) for numero, voce in enumerate(voci, start=1)]


def _regola(file: Path, numero: int, voce: dict) -> RegolaConservazione:
    di_troppo = sorted(set(voce) - CAMPI)
    if di_troppo:
        raise DurateErrate(f"{file.name}, voce {numero}: non conosco {', '.join(di_troppo)}.")
    regola = RegolaConservazione(**voce, ordine=numero * 10)
    try:
        regola.clean_fields()
        regola.validate_constraints(exclude={"codice", "chi"})
    except ValidationError as errore:
        frasi = " ".join(errore.messages)
        raise DurateErrate(f"{file.name}, voce {numero}: {frasi}") from errore
    return regola
