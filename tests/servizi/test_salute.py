"""`GET /salute/` dice che cosa non risponde."""

import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.db import connection
from redis import Redis

from registro.comune.battito import VALE_SECONDI, chiave
from registro.comune.salute import code_dei_lavori
from registro.servizi.cartella import CARTELLA_BASE
from registro.servizi.processi import porta_libera
from tests.servizi.conftest import entro


@pytest.fixture(autouse=True)
def redis(settings, worker_id):
    """Un database di Redis per processo di prova: altrove girano lavoratori veri, che battono."""
    numero = 8 + int(worker_id.removeprefix("gw")) % 8 if worker_id.startswith("gw") else 8
    settings.REDIS_URL = urlsplit(settings.REDIS_URL)._replace(path=f"/{numero}").geturl()
    with Redis.from_url(settings.REDIS_URL) as cliente:
        cliente.flushdb()
        yield cliente


@pytest.fixture
def lavoratori(redis):
    """Come se qualcuno stesse servendo tutte le code."""
    for coda in code_dei_lavori():
        redis.set(chiave(coda), 1, ex=60)


@pytest.mark.django_db
def test_quando_tutto_risponde_si_sta_bene_e_non_serve_entrare(client, lavoratori):
    risposta = client.get("/salute/")

    assert risposta.status_code == 200
    assert risposta.json() == {
        "stato": "ok",
        "database": "ok",
        "redis": "ok",
        "lavoratore": "ok",
    }
    assert "no-store" in risposta["Cache-Control"]


@pytest.mark.django_db
def test_una_coda_scoperta_si_chiama_per_nome(client, lavoratori, redis):
    redis.delete(chiave("pdf"))

    risposta = client.get("/salute/")

    assert risposta.status_code == 503
    assert risposta.json()["lavoratore"] == "non risponde (code scoperte: pdf)"
    assert risposta.json()["redis"] == "ok"


@pytest.mark.django_db
def test_senza_redis_lo_dice_e_non_giudica_il_database(client, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{porta_libera()}/0"

    risposta = client.get("/salute/")

    assert risposta.status_code == 503
    assert risposta.json()["redis"] == "non risponde"
    assert risposta.json()["lavoratore"].startswith("non risponde")
    assert risposta.json()["database"] == "ok"


def test_senza_database_lo_dice(client, lavoratori, django_db_blocker, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PORT", porta_libera())

    # Fuori dalla transazione delle prove, che terrebbe in mano una connessione buona.
    with django_db_blocker.unblock():
        connection.close()
        risposta = client.get("/salute/")

    assert risposta.status_code == 503
    assert risposta.json()["database"] == "non risponde"
    assert risposta.json()["redis"] == "ok"


@pytest.mark.django_db
def test_chi_non_legge_soltanto_viene_rifiutato(client):
    assert client.post("/salute/").status_code == 405


@pytest.mark.lavori
@pytest.mark.django_db
def test_un_lavoratore_ucciso_si_nota_in_pochi_secondi(client, settings, tmp_path):
    with open(tmp_path / "lavoratore.log", "wb") as registro:
        lavoratore = subprocess.Popen(
            [
                *[sys.executable, "-m", "celery", "-A", "registro", "worker", "--concurrency=1"],
                *["-Q", ",".join(code_dei_lavori()), "-n", "di-prova@%h", "--without-mingle"],
            ],
            cwd=CARTELLA_BASE,
            env=os.environ | {"REDIS_URL": settings.REDIS_URL},
            stdout=registro,
            stderr=registro,
            start_new_session=True,
        )
    try:
        assert entro(30, lambda: _stato(client) == 200), (tmp_path / "lavoratore.log").read_text()
    finally:
        os.killpg(lavoratore.pid, signal.SIGKILL)
        lavoratore.wait()

    assert entro(VALE_SECONDI + 1, lambda: _stato(client) == 503)


def _stato(client) -> int:
    return client.get("/salute/").status_code
