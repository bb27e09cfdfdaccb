"""Le sonde dei contenitori: `python -m registro.servizi.sonda pagine`, `copie`, o il nome di una coda.

Esce con 0 se le pagine stanno bene, se l'ultima copia è recente e riuscita, o se qualcuno sta
servendo la coda; con 1 altrimenti.
"""

import http.client
import sys
from datetime import UTC, datetime

import environ
from redis import Redis
from redis.exceptions import RedisError

from registro.comune.battito import chiave
from registro.comune.copie import giudica
from registro.servizi.cartella import cartella_scelta
from registro.servizi.processi import LOOPBACK


PAZIENZA = 5
env = environ.FileAwareEnv()


def pagine_sane() -> bool:
    """Se `/salute/` risponde 200 da dentro il contenitore, presentandosi come la frontiera."""
    connessione = http.client.HTTPConnection(LOOPBACK, env.int("PORTA", 8000), timeout=PAZIENZA)
    try:
        connessione.request("GET", "/salute/", headers={"Host": env.list("REGISTRO_HOST")[0]})
        return connessione.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connessione.close()


def coda_servita(coda: str) -> bool:
    """Se negli ultimi secondi un lavoratore di `coda` ha dato segno di vita."""
    try:
        with Redis.from_url(env.str("REDIS_URL").strip(), socket_timeout=PAZIENZA) as redis:
            return bool(redis.exists(chiave(coda)))
    except RedisError:
        return False


def copie_recenti() -> bool:
    """Se l'ultima copia è riuscita e ha meno di 26 ore, o se non è ancora venuta la prima notte."""
    return giudica(cartella_scelta(), datetime.now(UTC))["copia"].esito in ("ok", "mai")


def _sta_bene(scelta: str) -> bool:
    sonde = {"pagine": pagine_sane, "copie": copie_recenti}
    return sonde[scelta]() if scelta in sonde else coda_servita(scelta)


if __name__ == "__main__":
    sys.exit(not _sta_bene(sys.argv[1]))
