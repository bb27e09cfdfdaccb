"""Un database a parte, copiato dal modello migrato: ciò che vi succede muore con lui.

Qui si scrive davvero (senza la transazione di prova che torna indietro) e si possono guastare le
policy: i mondi, le pagine e i mutanti non sporcano le altre prove.
"""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from time import sleep
from urllib.parse import urlsplit

import psycopg
from django.db import connections
from psycopg import sql

from registro.db.contesto import contesto_corrente
from registro.servizi.ruoli import crea_database
from tests.conftest import MODELLO


_numeri = count(1)


@contextmanager
def copia_del_database() -> Iterator[psycopg.Connection]:
    """Sposta le connessioni di Django su una copia; rende una connessione di superutente."""
    impostazioni = [connections[alias].settings_dict for alias in ("default", "proprietario")]
    originale = impostazioni[0]["NAME"]
    copia = f"{originale}_{next(_numeri)}"
    amministratore = os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"]
    with psycopg.connect(amministratore, autocommit=True) as server:
        _stacca()
        _copia(server, copia)
        try:
            for voci in impostazioni:
                voci["NAME"] = copia
            with psycopg.connect(amministratore, dbname=copia, autocommit=True) as padrone:
                yield padrone
        finally:
            _stacca()
            for voci in impostazioni:
                voci["NAME"] = originale
            nome = sql.Identifier(copia)
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(nome))


def _stacca() -> None:
    for alias in ("default", "proprietario"):
        connections[alias].close()


def _copia(server: psycopg.Connection, copia: str) -> None:
    comando = sql.SQL("CREATE DATABASE {} OWNER registro_owner TEMPLATE {}").format(
        sql.Identifier(copia), sql.Identifier(MODELLO)
    )
    for tentativo in range(50):
        try:
            server.execute(comando)
            break
        except psycopg.errors.ObjectInUse:
            # Un altro processo lo sta copiando, o il server non sa ancora che ha finito.
            if tentativo == 49:
                raise
            sleep(0.1)
    # I privilegi sul database non si copiano.
    crea_database(server, copia)


@contextmanager
def connessione_senza_contesto() -> Iterator[psycopg.Connection]:
    """Una connessione nuova di `registro_app`, sul database di adesso, che non dice chi è."""
    impostazioni = connections["default"].settings_dict
    parti = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(
        host=parti.hostname,
        port=parti.port,
        user=parti.username,
        password=impostazioni["PASSWORD"],
        dbname=impostazioni["NAME"],
        autocommit=True,
    ) as connessione:
        yield connessione


def righe_senza_contesto(tabelle: list[str], connessione=None) -> dict[str, int]:
    """Quante righe di ogni tabella vede chi non ha contesto: dovrebbero essere tutte zero.

    Senza `connessione` si guarda quella di Django, la stessa che ha appena servito una richiesta:
    lì l'interrogazione si prepara una volta, perché pianificarla costa più che farla.
    """
    assert contesto_corrente().utente is None
    conta = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(nome), sql.Identifier(nome))
        for nome in tabelle
    )
    if connessione is not None:
        return dict(connessione.execute(conta).fetchall())
    with connections["default"].cursor() as cursore:
        cursore.execute(preparata("senza_contesto", conta))
        return dict(cursore.fetchall())


def preparata(nome: str, interrogazione: sql.Composable) -> str:
    """Prepara l'interrogazione, una volta per connessione; rende l'istruzione che la esegue."""
    with connections["default"].cursor() as cursore:
        testo = interrogazione.as_string(cursore.cursor)
        suo = f"{nome}_{zlib.crc32(testo.encode())}"
        cursore.execute("SELECT FROM pg_prepared_statements WHERE name = %s", [suo])
        if cursore.fetchone() is None:
            cursore.execute(
                sql.SQL("PREPARE {} AS {}").format(sql.Identifier(suo), interrogazione)
            )
    return f"EXECUTE {suo}"
