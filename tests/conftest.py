"""Database, client e attori delle prove.

Le prove parlano col database come `registro_app`, lo stesso ruolo delle pagine: da superutente
ogni policy sarebbe saltata e le prove passerebbero per niente.
"""

import os
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client, TestCase
from psycopg import sql

from enti.permessi import Attore
from privacy import letture
from registro.servizi.ruoli import prepara_database
from tests import fabbriche


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id):
    """Crea il database di questo processo, lo migra da proprietario e lo usa da applicazione."""
    nome = f"prova_{worker_id}"
    amministratore = os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"]
    _ricrea(amministratore, nome)
    for alias in ("default", "proprietario"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = nome
    with django_db_blocker.unblock():
        call_command("migrate", database="proprietario", verbosity=0)
        connections["proprietario"].close()
    yield
    for alias in ("default", "proprietario"):
        connections[alias].close()
    with psycopg.connect(amministratore, autocommit=True) as connessione:
        connessione.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(nome))
        )


def _ricrea(amministratore: str, nome: str) -> None:
    with psycopg.connect(amministratore, autocommit=True) as connessione:
        connessione.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(nome))
        )
        prepara_database(connessione, nome)


@pytest.fixture(scope="session")
def worker_id(request) -> str:
    """Il processo di pytest-xdist, o «solo» se ce n'è uno."""
    return os.environ.get("PYTEST_XDIST_WORKER", "solo")


@pytest.fixture
def connessione_nuda(django_db_setup):
    """Una connessione di `registro_app` senza contesto, sul database delle prove."""
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


class RegistroClient(Client):
    """Esegue gli on_commit di ogni richiesta e rifiuta le pagine con script o stili in linea."""

    def request(self, **request):
        with TestCase.captureOnCommitCallbacks(execute=True):
            risposta = super().request(**request)
        tipo = risposta.headers.get("Content-Type", "")
        if "text/html" in tipo and not risposta.streaming:
            testo = risposta.content.decode()
            assert " onclick=" not in testo
            assert "<script>" not in testo
            assert "{%" not in testo
        return risposta

    def entra(self, chi: Attore) -> "RegistroClient":
        """Accede come l'utente dell'attore e sceglie il suo ente."""
        self.force_login(chi.utente)
        sessione = self.session
        sessione["ente"] = chi.ente.pk
        sessione.save()
        return self


@pytest.fixture
def client() -> RegistroClient:
    return RegistroClient()


@pytest.fixture(autouse=True)
def letture_della_prova():
    """Ciò che legge la prova stessa non è una lettura da registrare; ciò che legge una pagina sì.

    Una richiesta o un lavoro aprono la loro raccolta, che copre questa.
    """
    segno = letture._raccolta.set(letture.Raccolta("prova", "pagina"))
    yield
    letture._raccolta.reset(segno)


@pytest.fixture
def htmx() -> dict:
    """Le intestazioni di una richiesta fatta da HTMX, da passare al client."""
    return {"headers": {"HX-Request": "true"}}


@pytest.fixture
def quadrante(db):
    """I dati veri caricati, con la prima edizione pubblicata. Rende il Rapporto."""
    return fabbriche.quadrante_caricato()
