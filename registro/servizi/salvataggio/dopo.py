"""Ciò che un database ripristinato deve fare prima di tornare in servizio, in un processo suo.

`python -m registro.servizi.salvataggio.dopo [ELENCO]`, con l'ambiente del programma. `ELENCO` è quello
dei cancellati, che sta accanto alle copie. Scrive una riga JSON per passo (nome, secondi, visto, non
torna) ed esce con 1 se un passo non torna.
"""

import io
import json
import os
import sys
import time
from collections.abc import Sequence

import django
from django.core.management import CommandError, call_command


# Nome, comando e argomenti, nell'ordine. I sigilli si guardano in fondo: prima dell'epoca nuova le
# transazioni di prima sembrano future, e l'oblio non deve guastarli.
MIGRAZIONI = ("migrazioni", "migrate", "--check")
EPOCA = ("epoca nuova", "nuova_epoca")
OBLII = ("oblii riapplicati", "oblio", "--conferma", "--riapplica")
CODICE_DIVERSO = (
    "mancano migrazioni: questo codice è più nuovo della copia; usa quello di allora, oppure esegui"
    " `manage.py migrate` prima di riaprire"
)
SIGILLI = ("sigilli dei registri", "verifica_sigilli")


def main(argomenti: Sequence[str]) -> int:
    """Esegue i passi, l'oblio solo se c'è un elenco. Rende 0 se tornano tutti."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registro.settings")
    django.setup()
    oblii = [(*OBLII, *argomenti)] if argomenti else []
    non_tornano = [
        nome
        for nome, *comando in (MIGRAZIONI, EPOCA, *oblii, SIGILLI)
        if not _passo(nome, comando)
    ]
    return int(bool(non_tornano))


def _passo(nome: str, comando: Sequence[str]) -> bool:
    inizio, detto, non_torna = time.monotonic(), io.StringIO(), []
    try:
        call_command(*comando, stdout=detto)
    except CommandError as errore:
        non_torna = [*detto.getvalue().splitlines(), str(errore)]
    except SystemExit:
        # `migrate --check` non solleva: esce, e non dice perché.
        non_torna = [*detto.getvalue().splitlines(), CODICE_DIVERSO]
    righe = [riga.strip() for riga in detto.getvalue().splitlines() if riga.strip()]
    print(
        json.dumps(
            {
                "nome": nome,
                "secondi": time.monotonic() - inizio,
                "visto": righe[-1] if righe and not non_torna else "",
                "non_torna": non_torna,
            }
        ),
        flush=True,
    )
    return not non_torna


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
