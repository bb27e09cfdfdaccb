"""Database, client e attori delle prove.

Le prove parlano col database come `registro_app`, lo stesso ruolo delle pagine: da superutente
ogni policy sarebbe saltata e le prove passerebbero per niente.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, TestCase
from hypothesis import HealthCheck, settings as impostazioni_dei_casi
from psycopg import sql
from redis import Redis

from enti.permessi import Attore
from privacy import letture
from registro.servizi.ruoli import prepara_database
from tests import fabbriche


# Le prove si dividono i processori: quanto dura un caso non dice se è giusto.
impostazioni_dei_casi.register_profile(
    "registro", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
impostazioni_dei_casi.load_profile("registro")


def _impronta_delle_migrazioni() -> str:
    """Cambia quando cambia ciò che le migrazioni scrivono: il modello di prima non vale più."""
    radice = Path(settings.CARTELLA_BASE)
    fonti = [
        *radice.glob("*/migrations/*.py"),
        *(radice / app / "migrazioni.py" for app in ("registro/comune", "privacy")),
        radice / "privacy" / "gruppi.py",
    ]
    testi = (fonte.read_bytes() for fonte in sorted(fonti))
    return hashlib.sha256(b"".join(testi)).hexdigest()[:12]


# Su un server acceso da altri (DATABASE_URL) il modello resta, e la volta dopo è già pronto.
MODELLO = f"prova_modello_{_impronta_delle_migrazioni()}"
# Un processo alla volta prepara il modello; gli altri lo trovano pronto.
SERRATURA_DEL_MODELLO = 4701


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id):
    """Dà a questo processo un database migrato da proprietario, da usare come applicazione.

    Le migrazioni si fanno una volta sola, su un modello che ogni processo copia.
    """
    nome = f"prova_{worker_id}_{os.getpid()}"
    amministratore = os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"]
    with psycopg.connect(amministratore, autocommit=True) as connessione:
        connessione.execute("SELECT pg_advisory_lock(%s)", [SERRATURA_DEL_MODELLO])
        if not _esiste(connessione, MODELLO):
            _prepara_modello(connessione, django_db_blocker)
        _butta(connessione, nome)
        connessione.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER registro_owner").format(
                sql.Identifier(nome), sql.Identifier(MODELLO)
            )
        )
        # I privilegi sul database non si copiano.
        prepara_database(connessione, nome)
    _usa(nome)
    yield
    _usa(nome)
    with psycopg.connect(amministratore, autocommit=True) as connessione:
        _butta(connessione, nome)


def _prepara_modello(connessione: psycopg.Connection, django_db_blocker) -> None:
    # Il nome definitivo arriva alla fine: un modello a metà non si prende per buono.
    parziale = f"{MODELLO}_parziale"
    _butta(connessione, parziale)
    prepara_database(connessione, parziale)
    _usa(parziale)
    with django_db_blocker.unblock():
        call_command("migrate", database="proprietario", verbosity=0)
    _usa(parziale)
    connessione.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(parziale), sql.Identifier(MODELLO)
        )
    )


def _usa(nome: str) -> None:
    """Chiude le connessioni di Django e le manda, da qui in poi, al database `nome`."""
    for alias in ("default", "proprietario"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = nome


def _esiste(connessione: psycopg.Connection, nome: str) -> bool:
    trovato = connessione.execute("SELECT FROM pg_database WHERE datname = %s", [nome])
    return trovato.fetchone() is not None


def _butta(connessione: psycopg.Connection, nome: str) -> None:
    connessione.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(nome))
    )


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
        """Accede come l'utente dell'attore, col secondo fattore già dato, e sceglie il suo ente."""
        self.force_login(chi.utente)
        sessione = self.session
        sessione["ente"], sessione["fattore"] = chi.ente.pk, "totp"
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


@pytest.fixture
def coda() -> Iterator[str]:
    """Una coda tutta nostra: su quella vera altre prove possono aver lasciato messaggi."""
    nome = f"prova-{uuid4()}"
    yield nome
    with Redis.from_url(settings.REDIS_URL) as redis:
        redis.delete(nome, f"_kombu.binding.{nome}")


@pytest.fixture
def lavoratore(coda, tmp_path) -> Iterator[subprocess.Popen]:
    """Un lavoratore in un altro processo, sul database e sulla cartella di questa prova."""
    indirizzo = urlsplit(os.environ["DATABASE_URL"])
    ambiente = os.environ | {
        "DATABASE_URL": indirizzo._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "DJANGO_SETTINGS_MODULE": "registro.settings_test",
        "REGISTRO_DATI": str(tmp_path),
    }
    processo = subprocess.Popen(
        [
            *[sys.executable, "-m", "celery", "-A", "registro.celery", "--skip-checks", "worker"],
            *["-Q", coda, "-n", f"{coda}@%h", "-c1", "--max-tasks-per-child=1"],
            *["--without-gossip", "--without-mingle", "--loglevel=WARNING"],
        ],
        cwd=settings.CARTELLA_BASE,
        env=ambiente,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield processo
    processo.terminate()
    try:
        processo.wait(timeout=15)
    except subprocess.TimeoutExpired:
        processo.kill()
        processo.wait()
