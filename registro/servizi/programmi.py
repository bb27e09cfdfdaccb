"""I processi della dimostrazione: pagine, lavoratori, orari.

Importarlo carica una volta sola tutto ciò che serve loro; chi lo importa li fa poi nascere per
biforcazione (`Biforcato`). Quattro avvii separati leggerebbero ognuno Django e Celery: su due
processori è la differenza fra tre secondi e otto.
"""

import importlib
import socket
import sys
from typing import Any

# Non si usano per nome: caricati qui, i processi figli li trovano già pronti.
import celery.apps.beat
import celery.apps.worker
import celery.concurrency.prefork  # noqa: F401 - serve averlo caricato
import gunicorn.workers.gthread  # noqa: F401 - serve averlo caricato
from gunicorn.app import wsgiapp

from registro.celery import applicazione
from registro.servizi.processi import LOOPBACK


# Un lavoratore solo per coda non ha colleghi da ascoltare.
_OPZIONI = {
    "concurrency": 1,
    "loglevel": "WARNING",
    "without_gossip": True,
    "without_mingle": True,
}


def carica() -> None:
    """Carica modelli, lavori e indirizzi, che Django e Celery leggerebbero alla prima occasione.

    `registro.wsgi` no: nascendo elenca i file statici, che possono non essere ancora raccolti.
    """
    applicazione.loader.import_default_modules()
    importlib.import_module("registro.urls")


def pagine(porta: int) -> None:
    """Serve le pagine finché non riceve SIGTERM."""
    sys.argv = [
        "gunicorn",
        "registro.wsgi",
        f"--bind={LOOPBACK}:{porta}",
        *["--worker-class=gthread", "--workers=2", "--threads=4", "--preload"],
        *["--no-control-socket", "--graceful-timeout=3"],
    ]
    wsgiapp.run()


def lavoratore(coda: str, **altre: Any) -> None:
    """Esegue i lavori di `coda`, uno alla volta, finché non riceve SIGTERM."""
    opzioni = _OPZIONI | altre
    processo = applicazione.Worker(
        queues=[coda], hostname=f"{coda}@{socket.gethostname()}", **opzioni
    )
    processo.start()
    sys.exit(processo.exitcode)


def orari(ultimi: str) -> None:
    """Mette in coda i lavori periodici; `ultimi` è il file con gli ultimi orari."""
    applicazione.Beat(schedule=ultimi, loglevel="WARNING").run()
