"""Estensione di pytest: i server incorporati delle prove, accesi prima delle impostazioni.

La carica `addopts` (`-p tests.avvio`). I processi di xdist ereditano l'ambiente dal primo e qui
trovano tutto pronto. I dati stanno in una cartella provvisoria, cancellata alla fine. Con
DATABASE_URL e REDIS_URL già nell'ambiente non si accende nulla.
"""

import gc
import os
import tempfile
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from registro.comune.chiavi import chiavi_nuove
from registro.servizi.ambiente import (
    Incorporati,
    avvia_incorporati,
    indicata,
    leggi_file_env,
    variabili,
)
from registro.servizi.cartella import rimuovi
from registro.servizi.errori import ErroreServizi


_accesi: list[Incorporati] = []
# Ciò che dura di più comincia per primo: se toccasse alla fine, un processo solo lavorerebbe e gli
# altri aspetterebbero lui. Le altre vanno dietro, prima i file con più prove.
LUNGHE = (
    "tests/browser/",
    "tests/fughe/test_mondi.py",
    "tests/fughe/test_percorso.py",
    "tests/report/test_stampa.py",
    "tests/servizi/test_dimostrazione.py",
    "tests/servizi/test_server.py",
    "tests/fughe/test_ripristino.py",
    "tests/report/test_pdf_lavoratore_vero.py",
    "tests/fughe/test_cruscotti.py",
    "tests/report/test_dimostrazione.py",
    "tests/beneficiari/test_documenti_lavoratore_vero.py",
)


class PerPreparazione(LoadScopeScheduling):
    """Distribuisce le prove fra i processi in modo che una preparazione costosa si faccia una volta.

    Le prove di un file vanno insieme (dividono dati caricati o un PDF reso), e quelle nel browser
    tutte nello stesso processo: la dimostrazione accesa è una. I mondi a caso invece non hanno quasi
    niente da preparare e durano a lungo: ogni parte va dove c'è posto.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _insieme(nodeid)


def _insieme(nodeid: str) -> str:
    """Il nome di ciò che va allo stesso processo."""
    file = nodeid.split("::", 1)[0]
    if file == "tests/fughe/test_mondi.py":
        return nodeid
    return "browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> PerPreparazione:
    """Il modo di distribuire le prove, se xdist ne usa più processi: nell'ordine della raccolta."""
    config.option.loadscopereorder = False
    return PerPreparazione(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mette per prime le prove lunghe, e dentro ogni insieme lascia l'ordine che c'era."""
    quante = Counter(_insieme(prova.nodeid) for prova in items)

    def posto(prova: pytest.Item) -> tuple[int, int]:
        lunga = (n for n, inizio in enumerate(LUNGHE) if prova.nodeid.startswith(inizio))
        return next(lunga, len(LUNGHE)), -quante[_insieme(prova.nodeid)]

    items.sort(key=posto)


def pytest_collection_finish() -> None:
    """Migliaia di prove e di moduli vivono fino alla fine: cercarvi rifiuti ogni poco costa un quinto
    del tempo di processore (misurato su 108 prove di pagine)."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Prepara l'ambiente: avvolge gli altri, così viene prima anche di pytest-django."""
    leggi_file_env()
    mancano = {"postgres": not indicata("DATABASE_URL"), "redis": not indicata("REDIS_URL")}
    if any(mancano.values()):
        cartella = Path(tempfile.mkdtemp(prefix="registro-prove-"))
        if os.geteuid() == 0:
            # L'utente dei server deve poterla attraversare.
            cartella.chmod(0o711)
        # Whitenoise avvisa, e un avviso è un errore, se la cartella dei file statici non c'è.
        (cartella / "static").mkdir()
        try:
            incorporati = avvia_incorporati(cartella, effimeri=True, **mancano)
        except ErroreServizi as errore:
            raise pytest.UsageError(str(errore)) from errore
        _accesi.append(incorporati)
        os.environ |= variabili(incorporati)
        if incorporati.postgres:
            os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"] = incorporati.url_amministratore
            os.environ["DATABASE_URL_SALVATAGGIO"] = incorporati.url_salvataggio
    if not indicata("REGISTRO_CHIAVI"):
        os.environ["REGISTRO_CHIAVI"] = chiavi_nuove()
    return (yield)


def pytest_unconfigure() -> None:
    """Spegne ciò che questo processo ha acceso e butta i dati."""
    while _accesi:
        incorporati = _accesi.pop()
        incorporati.ferma()
        rimuovi(incorporati.cartella.radice)
