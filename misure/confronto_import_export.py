"""Il nostro modo d'importare e d'esportare accanto a django-import-export con le sue impostazioni.

Uso: `python -m misure.confronto_import_export [--piccolo]` dalla radice del progetto. Stesse righe,
stesso database, stessi trigger e stesso contesto dell'ente. La libreria riceve già le chiavi, da un
Dataset in memoria: nessun nome da riconoscere, nessun servizio da cercare, una riga sola per
prestazione. Noi riceviamo il foglio com'è e riconosciamo tutto. Poi, le stesse persone in XLSX: con
la sua risorsa, e con l'elenco del referente, che annota ogni lettura. La libreria serve solo qui.
"""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator

import psycopg

from misure.banco import carica_mondo, database_provvisorio
from misure.esportazione import foglio
from misure.importazione import copia, importa, in_csv, pulisci, righe_da_importare
from misure.tavola import Riga, esci, numero, volte


PRESTAZIONI, PERSONE, PRIMA, GIRI = 2_000, 20_000, 50_000, 5
_COLONNE = ("uuid", "ente", "servizio", "azione", "operatore", "giorno", "minuti", "registrata_da")
_CHI_C_ERA = ("ente", "prestazione", "presa", "beneficiario", "registrata_da")
_TUTTI_OPERANO = "UPDATE enti_appartenenza SET ruolo = 'operatore' WHERE ruolo = 'coordinatore'"


def con_la_libreria(mondo, righe: list) -> float:
    """I secondi con cui una ModelResource scrive le righe, una presenza per una; poi si annulla."""
    import uuid

    from django.db import connection, transaction
    from tablib import Dataset

    from privacy.letture import registra_letture
    from registro.db.contesto import contesto

    prestazioni, presenze = _risorse()
    ente, utente = mondo.enti[0], mondo.utenti[0]
    fatti = Dataset(headers=_COLONNE)
    for r in righe:
        che_cosa = (r.servizio, r.azione, r.operatore, r.giorno.isoformat(), r.minuti)
        fatti.append((str(uuid.uuid4()), ente, *che_cosa, utente))
    with contesto(utente=utente, ente=ente), registra_letture("misura"):
        prima = transaction.savepoint()
        inizio = time.perf_counter()
        esito = prestazioni.import_data(fatti, raise_errors=True, use_transactions=False)
        chi_c_era = Dataset(headers=_CHI_C_ERA)
        chi_c_era.extend(
            (ente, scritta.object_id, r.presa, r.persona, utente)
            for scritta, r in zip(esito.rows, righe, strict=True)
        )
        presenze.import_data(chi_c_era, raise_errors=True, use_transactions=False)
        with connection.cursor() as cursore:
            cursore.execute("SET CONSTRAINTS ALL IMMEDIATE")
        durata = time.perf_counter() - inizio
        transaction.savepoint_rollback(prima)
    return durata


def _risorse():
    """Le due risorse, come le fa la libreria: una riga letta, una cercata, una salvata.

    Una sola cosa si spegne: alla fine rimetterebbe a posto le sequenze, che `registro_app` non può
    toccare, e con le sue impostazioni l'importazione qui non arriverebbe in fondo.
    """
    from import_export.resources import ModelResource, modelresource_factory

    from prestazioni.models import Partecipazione, Prestazione

    class SenzaSequenze(ModelResource):
        def after_import(self, dataset, result, **kwargs):
            """Le sequenze sono del proprietario."""

    chiave = {"import_id_fields": ["uuid"], "fields": _COLONNE}
    senza = {
        "import_id_fields": [],
        "force_init_instance": True,
        "fields": ("ente", "prestazione", "presa", "beneficiario", "registrata_da"),
    }
    return (
        modelresource_factory(Prestazione, SenzaSequenze, meta_options=chiave)(),
        modelresource_factory(Partecipazione, SenzaSequenze, meta_options=senza)(),
    )


def foglio_della_libreria(mondo) -> bytes:
    """L'XLSX delle persone dell'ente come lo fa la risorsa del modello: il Dataset sta in memoria."""
    from import_export.resources import modelresource_factory

    from beneficiari.models import Beneficiario
    from privacy.gruppi import Uscita
    from privacy.letture import registra_letture
    from registro.db.contesto import contesto

    utente, ente = mondo.utenti[0], mondo.enti[0]
    campi = {"fields": ("cognome", "nome", "data_nascita", "genere", "comune", "inserito_il")}
    risorsa = modelresource_factory(Beneficiario, meta_options=campi)()
    with contesto(utente=utente, ente=ente), registra_letture("misura", uscita=Uscita.FOGLIO):
        return risorsa.export(Beneficiario.objects.filter(ente=ente)).xlsx


def cronometra(lavoro: Callable[[], object]) -> float:
    inizio = time.perf_counter()
    lavoro()
    return time.perf_counter() - inizio


def memoria(lavoro: Callable[[], object]) -> float:
    """Il massimo, in MB, di ciò che `lavoro` tiene in memoria."""
    gc.collect()
    tracemalloc.start()
    lavoro()
    _, massimo = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return massimo / 1_000_000


def misura_l_importazione(indirizzo: str, mondo, quante: int) -> Riga:
    """Le stesse righe con il COPY, con noi e con la libreria, una dopo l'altra."""
    with psycopg.connect(indirizzo) as connessione:
        righe = righe_da_importare(connessione, mondo, quante)
    contenuto = in_csv(righe)
    giri = []
    for _ in range(GIRI):
        pulisci(indirizzo)
        giro = {"COPY": copia(indirizzo, mondo, righe), "noi": importa(mondo, contenuto)}
        pulisci(indirizzo)
        giri.append(giro | {"libreria": con_la_libreria(mondo, righe)})
    secondi = {nome: statistics.median(giro[nome] for giro in giri) for nome in giri[0]}
    noi = statistics.median(g["noi"] / g["COPY"] for g in giri)
    loro = statistics.median(g["libreria"] / g["COPY"] for g in giri)
    return Riga(
        f"importazione di {numero(quante, 0)} prestazioni da CSV, accanto a django-import-export",
        f"la libreria, {numero(secondi['libreria'])} s, {volte(loro)} il COPY",
        f"{numero(secondi['noi'])} s, {volte(noi)} il COPY ({numero(secondi['COPY'])} s)",
        "meno della libreria",
        secondi["noi"] < secondi["libreria"],
    )


def misura_l_esportazione(mondo, quante: int) -> Riga:
    """Le stesse persone in XLSX, con noi e con la libreria: i secondi e la memoria."""
    noi, loro = (lambda: foglio(mondo)), (lambda: foglio_della_libreria(mondo))
    tempi = [(cronometra(noi), cronometra(loro)) for _ in range(GIRI)]
    nostri, suoi = (statistics.median(giro[chi] for giro in tempi) for chi in (0, 1))
    nostra, sua = memoria(noi), memoria(loro)
    return Riga(
        f"elenco di {numero(quante, 0)} persone in XLSX, accanto a django-import-export",
        f"la libreria, {numero(suoi)} s e {numero(sua, 0)} MB",
        f"{numero(nostri)} s e {numero(nostra, 0)} MB",
        "meno memoria della libreria",
        nostra < sua,
    )


def main(argomenti: list[str]) -> Iterator[Riga]:
    piccolo = "--piccolo" in argomenti
    with database_provvisorio() as indirizzo:
        from django.conf import settings

        from misure.mondo import Grandezza

        settings.IMPORT_EXPORT_USE_TRANSACTIONS = False
        persone = PERSONE // 10 if piccolo else PERSONE
        quante = PRESTAZIONI // 10 if piccolo else PRESTAZIONI
        grandezza = Grandezza(1, 3, persone, 0, 0, 0, PRIMA // 10 if piccolo else PRIMA)
        mondo, _ = carica_mondo(indirizzo, grandezza)
        with psycopg.connect(indirizzo) as connessione:
            # Il coordinatore del mondo qui è dell'unico ente: torni a lavorarci.
            connessione.execute("SET session_replication_role = replica")
            connessione.execute(_TUTTI_OPERANO)
        yield misura_l_importazione(indirizzo, mondo, quante)
        yield misura_l_esportazione(mondo, persone)


if __name__ == "__main__":
    esci(main)
