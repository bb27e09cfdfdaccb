"""Quanto costa l'elenco di 20.000 persone in XLSX, letture annotate comprese.

Uso: `python -m misure.esportazione [--piccolo]` dalla radice del progetto. Lo stesso lavoro si fa
su un quarto delle persone: la memoria in più dice se cresce con le righe.
"""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Iterator

import psycopg

from misure.banco import carica_mondo, database_provvisorio
from misure.tavola import Riga, esci, numero


PERSONE, GIRI = 20_000, 5
SECONDI = 3.0


def foglio(mondo) -> bytes:
    """Il foglio del referente, dentro il suo contesto e con le letture scritte nel registro."""
    from beneficiari.documenti.elenco import elenco_delle_persone
    from beneficiari.models import DocumentoDiPersona
    from prestazioni.tasks import attore_di
    from privacy.gruppi import Uscita
    from privacy.letture import registra_letture
    from registro.db.contesto import contesto

    utente, ente = mondo.utenti[0], mondo.enti[0]
    with contesto(utente=utente, ente=ente), registra_letture("misura", uscita=Uscita.FOGLIO):
        documento = DocumentoDiPersona(tipo=DocumentoDiPersona.Tipo.ELENCO)
        return elenco_delle_persone(documento, attore_di(utente, ente)).byte


def _memoria(mondo) -> float:
    """Il massimo, in MB, di ciò che il lavoro tiene in memoria."""
    gc.collect()
    tracemalloc.start()
    foglio(mondo)
    _, massimo = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return massimo / 1_000_000


def main(argomenti: list[str]) -> Iterator[Riga]:
    """Carica un ente solo, con tutte le persone, e misura."""
    with database_provvisorio() as amministratore:
        from misure.mondo import Grandezza

        quante = PERSONE // 10 if "--piccolo" in argomenti else PERSONE
        grandezza = Grandezza(1, 3, quante, 0, 0, 0, 0)
        mondo, _ = carica_mondo(amministratore, grandezza)
        tempi = []
        for _ in range(GIRI):
            inizio = time.perf_counter()
            foglio(mondo)
            tempi.append(time.perf_counter() - inizio)
        secondi, tutte = statistics.median(tempi), _memoria(mondo)
        with psycopg.connect(amministratore) as connessione:
            connessione.execute("SET session_replication_role = replica")
            tolte = "DELETE FROM beneficiari_{} WHERE {} % 4 <> 0"
            connessione.execute(tolte.format("presaincarico", "beneficiario_id"))
            connessione.execute(tolte.format("beneficiario", "id"))
        un_quarto = _memoria(mondo)
        yield Riga(
            f"elenco di {numero(quante, 0)} persone in XLSX",
            "Lino Welfare: 12,5 s",
            f"{numero(secondi)} s; {numero(tutte, 1)} MB, e {numero(un_quarto, 1)} con un quarto",
            f"{numero(SECONDI, 0)} s",
            secondi <= SECONDI,
        )


if __name__ == "__main__":
    esci(main)
