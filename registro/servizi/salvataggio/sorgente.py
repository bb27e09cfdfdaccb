"""Che cosa salvare e dove: dall'ambiente, o dal PostgreSQL incorporato se l'ambiente non dice nulla."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import environ

from registro.servizi.ambiente import (
    Incorporati,
    avvia_incorporati,
    indicata,
    leggi_file_env,
    variabili,
)
from registro.servizi.cartella import CARTELLA_BASE, cartella_scelta, rimuovi
from registro.servizi.errori import ErroreServizi
from registro.servizi.salvataggio.busta import crea_chiave, destinatari, leggi_chiave
from registro.servizi.salvataggio.copia import Scelte
from registro.servizi.salvataggio.ripristino import Server


CHIAVE_INCORPORATA = "chiave-copie.txt"
# Le impostazioni vogliono un indirizzo anche da chi non mette lavori in coda.
NESSUNA_CODA = "redis://127.0.0.1:1/0"
_SIGILLO = "DATABASE_URL_SIGILLO"
env = environ.FileAwareEnv()


@contextmanager
def sorgente() -> Iterator[Scelte]:
    """Ciò che l'ambiente dice di salvare, con il database raggiungibile finché dura.

    Solleva ErroreServizi se manca l'accesso di chi salva, o la chiave pubblica.
    """
    leggi_file_env()
    if indicata("DATABASE_URL_SALVATAGGIO"):
        testo = env.str("REGISTRO_SALVATAGGIO_DESTINATARI", default="")
        yield _scelte(_letto("DATABASE_URL_SALVATAGGIO"), testo)
        return
    if indicata("DATABASE_URL"):
        raise ErroreServizi(
            "Manca DATABASE_URL_SALVATAGGIO, l'accesso di registro_backup: senza non si fanno copie. "
            "Come si prepara lo dice docs/esercizio.md."
        )
    incorporati = avvia_incorporati(redis=False, legati=False)
    try:
        yield scelte_incorporate(incorporati)
    finally:
        incorporati.ferma()


def scelte_incorporate(incorporati: Incorporati) -> Scelte:
    """Le scelte per i server incorporati: la chiave, se nessuno ne indica una, sta lì accanto."""
    testo = env.str("REGISTRO_SALVATAGGIO_DESTINATARI", default="")
    if not testo:
        percorso = incorporati.cartella.radice / CHIAVE_INCORPORATA
        if not percorso.exists():
            crea_chiave(percorso)
        testo = str(leggi_chiave(percorso).to_public())
    radice = incorporati.cartella.radice
    return replace(
        _scelte(incorporati.url_salvataggio, testo),
        documenti=radice / "documenti",
        cancellati=radice / "cancellati.csv",
    )


@contextmanager
def da_provare(chiave: Path, cartella: Path) -> Iterator[tuple[Scelte, dict[str, str]]]:
    """Ciò che si può salvare per prova, in `cartella` e per la sola `chiave`.

    Sono i dati che l'ambiente indica; se non ce ne sono ancora, quelli dimostrativi, caricati in una
    cartella che si butta. Rende anche le variabili con le chiavi dei dati.
    """
    aperta = (leggi_chiave(chiave).to_public(),)
    leggi_file_env()
    if indicata("DATABASE_URL_SALVATAGGIO"):
        with sorgente() as scelte:
            yield replace(scelte, cartella=cartella, seconda=None, destinatari=aperta), {}
        return
    radice = cartella_scelta()
    if not (radice / "impronte.json").exists():
        radice = cartella / "dati"
    incorporati = avvia_incorporati(radice, redis=False, legati=False)
    try:
        if incorporati.appena_nati:
            _carica_la_dimostrazione(incorporati)
        scelte = scelte_incorporate(incorporati)
        chiavi = {
            "REGISTRO_CHIAVI_FILE": str(incorporati.cartella.chiavi),
            "REGISTRO_CHIAVE_FIRMA_FILE": str(incorporati.cartella.chiave_di_firma),
        }
        yield replace(scelte, cartella=cartella, seconda=None, destinatari=aperta), chiavi
    finally:
        incorporati.ferma()
        if radice != cartella_scelta():
            rimuovi(radice)


def server_da_ripristinare() -> Server:
    """Gli accessi al server su cui ripristinare. Solleva ErroreServizi se ne manca uno."""
    leggi_file_env()
    nomi = {
        "amministratore": "REGISTRO_DATABASE_URL_AMMINISTRATORE",
        "proprietario": "DATABASE_URL_PROPRIETARIO",
        "app": "DATABASE_URL",
        "salvataggio": "DATABASE_URL_SALVATAGGIO",
    }
    mancano = [nome for nome in nomi.values() if not indicata(nome)]
    if mancano:
        raise ErroreServizi(
            f"Per ripristinare servono anche: {', '.join(mancano)} (docs/esercizio.md)."
        )
    sigillo = _letto(_SIGILLO) if indicata(_SIGILLO) else ""
    return Server(**{voce: _letto(nome) for voce, nome in nomi.items()}, sigillo=sigillo)


def server_incorporato(incorporati: Incorporati) -> Server:
    """Gli accessi a un server incorporato acceso."""
    return Server(
        amministratore=incorporati.url_amministratore,
        proprietario=incorporati.url_proprietario,
        app=incorporati.url_app,
        salvataggio=incorporati.url_salvataggio,
        sigillo=incorporati.url_sigillo,
    )


def _carica_la_dimostrazione(incorporati: Incorporati) -> None:
    print("Non ci sono dati: carico quelli dimostrativi…", flush=True)
    subprocess.run(
        [sys.executable, "-m", "registro.servizi.preparazione", "migrazioni", "dati"],
        cwd=CARTELLA_BASE,
        env={"REDIS_URL": NESSUNA_CODA} | os.environ | variabili(incorporati),
        check=True,
    )


def _scelte(url: str, pubbliche: str) -> Scelte:
    dati = cartella_scelta()
    seconda = os.environ.get("REGISTRO_SALVATAGGI_SECONDI")
    return Scelte(
        url=url,
        documenti=dati / "documenti",
        cartella=Path(os.environ.get("REGISTRO_SALVATAGGI") or dati / "salvataggi"),
        destinatari=tuple(destinatari(pubbliche)),
        seconda=Path(seconda) if seconda else None,
        cancellati=Path(os.environ.get("REGISTRO_ELENCO_CANCELLATI") or dati / "cancellati.csv"),
    )


def _letto(nome: str) -> str:
    # Un segreto letto da file può finire con un a capo.
    return env.str(nome).strip()
