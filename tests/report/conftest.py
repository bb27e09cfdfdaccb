"""Ciò che serve a più prove del rapporto."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from tests.fabbriche import quadrante_caricato


# Righe che esistono anche in un database appena migrato.
_DI_TUTTI = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "enti_utente",
    "privacy_epoca",
)


@pytest.fixture(scope="module")
def quadrante_condiviso(django_db_setup, django_db_blocker):
    """I dati veri, caricati una volta per file di prove e tolti alla fine. Rende il Rapporto.

    Ogni prova scrive nella propria transazione, che si annulla: fra loro non si vedono.
    """
    with _confermato(django_db_blocker):
        rapporto = quadrante_caricato()
        connections["default"].close()
        with django_db_blocker.block():
            yield rapporto


@pytest.fixture
def database_confermato(django_db_setup, django_db_blocker):
    """Il database senza la transazione di prova: ciò che si scrive lo vedono anche altri processi.

    Alla fine si svuota da superutente: `registro_app` non può, ed è giusto così.
    """
    with _confermato(django_db_blocker):
        yield


@contextmanager
def _confermato(django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            connections["default"].close()
            _svuota()


def _svuota() -> None:
    nome = connections["default"].settings_dict["NAME"]
    amministratore = os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"]
    with psycopg.connect(amministratore, dbname=nome, autocommit=True) as connessione:
        tabelle = connessione.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)",
            [list(_DI_TUTTI)],
        ).fetchall()
        da_svuotare = sql.SQL(", ").join(sql.Identifier(tabella) for (tabella,) in tabelle)
        connessione.execute(sql.SQL("TRUNCATE {}").format(da_svuotare))
        connessione.execute("DELETE FROM enti_utente WHERE NOT di_sistema")
