"""Scrive la tabella delle durate da un file: le voci che mancano, e ciò che decide il programma."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from conservazione.models import RegolaConservazione
from enti.sistema import come_sistema
from registro.comune.comandi import FileErrato, leggi_voci


FILE = Path(settings.CARTELLA_BASE) / "dati" / "privacy" / "conservazione.yaml"
CAMPI = frozenset(
    {
        *("codice", "categoria", "evento", "durata", "unita", "azione", "motivo"),
        *("da_confermare", "chi", "accesa", "tetto"),
    }
)


class DurateErrate(FileErrato):
    """Il file non si può usare; il messaggio dice quale voce e perché."""


# Di una regola che c'è già: ciò che la pagina «Conservazione» non lascia scrivere.
DEL_FILE = ("categoria", "evento", "chi", "ordine")
DEL_FILE_SE_DECIDE_IL_PROGRAMMA = (*DEL_FILE, "durata", "unita", "azione")


@transaction.atomic
def carica_durate(file: Path = FILE) -> int:
    """Scrive le regole del file che il database non ha, nell'ordine del file. Rende quante.

    Di una regola che c'è si porta in pari solo ciò che decide il programma: il resto, dopo il primo
    caricamento, è di chi lo scrive nella pagina. Solleva DurateErrate, e non scrive nulla.
    """
    regole = leggi_durate(file)
    with come_sistema():
        presenti = {regola.codice: regola for regola in RegolaConservazione.objects.all()}
        nuove = [regola for regola in regole if regola.codice not in presenti]
        for regola in regole:
            if regola.codice in presenti:
                _porta_in_pari(presenti[regola.codice], regola)
        RegolaConservazione.objects.bulk_create(nuove)
    return len(nuove)


def _porta_in_pari(presente: RegolaConservazione, regola: RegolaConservazione) -> None:
    """Scrive solo se qualcosa è cambiato: ogni modifica lascia storia."""
    campi = DEL_FILE_SE_DECIDE_IL_PROGRAMMA if presente.decisa_dal_programma else DEL_FILE
    diversi = [nome for nome in campi if getattr(presente, nome) != getattr(regola, nome)]
    for nome in diversi:
        setattr(presente, nome, getattr(regola, nome))
    if diversi:
        presente.save(update_fields=diversi)


def leggi_durate(file: Path = FILE) -> list[RegolaConservazione]:
    """Le regole del file, controllate una per una e non scritte. Solleva DurateErrate."""
    voci = enumerate(leggi_voci(file, DurateErrate), start=1)
    return [_regola(file, numero, voce) for numero, voce in voci]


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
