"""Ciò che un processo del Registro trova nell'ambiente prima di leggere le impostazioni.

Senza DATABASE_URL (o REDIS_URL) il server corrispondente è quello incorporato, acceso se è
spento. L'ultimo processo che lo usa lo spegne: un comando breve non toglie la corrente a una
dimostrazione aperta, e nulla resta acceso quando hanno finito tutti.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import environ

from registro.servizi.cartella import CARTELLA_BASE, CartellaDati, cartella_scelta
from registro.servizi.errori import ErroreServizi
from registro.servizi.motore_postgres import PostgresIncorporato
from registro.servizi.motore_redis import RedisIncorporato
from registro.servizi.sede import Esecutore, sede_dei_server


class Incorporati:
    """I server incorporati di una cartella, accesi, e gli indirizzi per usarli."""

    def __init__(
        self,
        cartella: CartellaDati,
        *,
        postgres: PostgresIncorporato | None,
        redis: RedisIncorporato | None,
        legati: bool,
    ) -> None:
        self.cartella = cartella
        self.postgres = postgres
        self.redis = redis
        self.legati = legati
        self.appena_nati = False
        self._segno: BinaryIO | None = None

    @property
    def url_app(self) -> str:
        """L'indirizzo del database per web e lavori (`registro_app`)."""
        return self.postgres.url("registro_app", "app") if self.postgres else ""

    @property
    def url_proprietario(self) -> str:
        """L'indirizzo del database per le migrazioni (`registro_owner`)."""
        return self.postgres.url("registro_owner", "proprietario") if self.postgres else ""

    @property
    def url_salvataggio(self) -> str:
        """L'indirizzo del database per chi ne fa copie (`registro_backup`)."""
        return self.postgres.url("registro_backup", "salvataggio") if self.postgres else ""

    @property
    def url_sigillo(self) -> str:
        """L'indirizzo del database per chi sigilla i registri (`registro_sigillo`)."""
        return self.postgres.url("registro_sigillo", "sigillo") if self.postgres else ""

    @property
    def url_amministratore(self) -> str:
        """L'indirizzo, da superutente, del database di servizio: serve solo alle prove."""
        if not self.postgres:
            return ""
        return self.postgres.url("postgres", "superutente", "postgres")

    @property
    def url_redis(self) -> str:
        """L'indirizzo della coda."""
        return self.redis.url() if self.redis else ""

    def avvia(self, *, effimeri: bool) -> None:
        """Accende ciò che è spento e segna che lo stiamo usando."""
        with self.cartella.serratura():
            try:
                if self.postgres:
                    self.appena_nati = self.postgres.avvia(legato=self.legati, effimero=effimeri)
                if self.redis:
                    self.redis.avvia(legato=self.legati, effimero=effimeri)
            except BaseException:
                self._spegni(solo_i_nostri=True)
                raise
            self._segno = self.cartella.entra()

    def ferma(self) -> None:
        """Spegne i server se nessun altro li usa; se `legati`, i nostri si spengono comunque."""
        if self._segno is None:
            return
        with self.cartella.serratura():
            soli = self.cartella.esci(self._segno)
            self._segno = None
            if soli or self.legati:
                self._spegni(solo_i_nostri=not soli)

    def caduti(self) -> list[tuple[str, Path]]:
        """I server accesi da noi che sono morti: nome e file di registro."""
        motori = [("PostgreSQL", self.postgres), ("Redis", self.redis)]
        return [
            (nome, motore.registro)
            for nome, motore in motori
            if motore and motore.processo and motore.processo.poll() is not None
        ]

    def _spegni(self, *, solo_i_nostri: bool) -> None:
        for motore in (self.redis, self.postgres):
            if motore and (motore.processo or not solo_i_nostri):
                motore.ferma()


def avvia_incorporati(
    cartella: Path | None = None,
    *,
    postgres: bool = True,
    redis: bool = True,
    legati: bool = True,
    effimeri: bool = False,
) -> Incorporati:
    """Accende i server incorporati di `cartella` (quella scelta, se taciuta) e li rende.

    `legati`: si spengono con questo processo, anche se viene ucciso. `effimeri`: più veloci,
    per dati che si buttano. Solleva ErroreServizi, con una frase per chi avvia.
    """
    dati = CartellaDati.apri((cartella or cartella_scelta()).resolve())
    esecutore = Esecutore.trova()
    with dati.serratura():
        sede = sede_dei_server(dati, esecutore)
    incorporati = Incorporati(
        dati,
        postgres=PostgresIncorporato(dati, sede, esecutore) if postgres else None,
        redis=RedisIncorporato(dati, sede, esecutore) if redis else None,
        legati=legati,
    )
    incorporati.avvia(effimeri=effimeri)
    return incorporati


def indicata(variabile: str) -> bool:
    """Se l'ambiente indica un server vero, nella variabile o nel file che lei nomina."""
    return bool(os.environ.get(variabile) or os.environ.get(f"{variabile}_FILE"))


def leggi_file_env() -> None:
    """Porta nell'ambiente il file `.env` accanto al codice, senza coprire ciò che c'è già."""
    environ.Env.read_env(str(CARTELLA_BASE / ".env"), overwrite=False)


def variabili(incorporati: Incorporati) -> dict[str, str]:
    """Le variabili d'ambiente che mancano per usare `incorporati` con le impostazioni."""
    valori = {"REGISTRO_DATI": str(incorporati.cartella.radice)}
    if incorporati.redis:
        valori["REDIS_URL"] = incorporati.url_redis
    if incorporati.postgres:
        # Solo con il database incorporato: un'installazione vera che dimentica una variabile
        # deve fermarsi, non ricevere una chiave di ripiego e i cookie della dimostrazione.
        valori |= {
            "DATABASE_URL": incorporati.url_app,
            "DATABASE_URL_PROPRIETARIO": incorporati.url_proprietario,
            "DATABASE_URL_SIGILLO": incorporati.url_sigillo,
            "REGISTRO_SECRET_KEY": incorporati.cartella.segreti["chiave"],
            "REGISTRO_DIMOSTRAZIONE": "1",
            "REGISTRO_HOST": "127.0.0.1,localhost",
        }
        if not indicata("REGISTRO_CHIAVI"):
            valori["REGISTRO_CHIAVI_FILE"] = str(incorporati.cartella.chiavi)
        if not indicata("REGISTRO_CHIAVE_FIRMA"):
            valori["REGISTRO_CHIAVE_FIRMA_FILE"] = str(incorporati.cartella.chiave_di_firma)
    return valori


def incorporati_mancanti(*, legati: bool) -> Incorporati | None:
    """Accende i server che l'ambiente non indica e completa l'ambiente; None se ci sono tutti."""
    leggi_file_env()
    mancano = {
        "postgres": not indicata("DATABASE_URL"),
        "redis": not indicata("REDIS_URL"),
    }
    if not any(mancano.values()):
        return None
    incorporati = avvia_incorporati(legati=legati, **mancano)
    for nome, valore in variabili(incorporati).items():
        os.environ[nome] = os.environ.get(nome) or valore
    return incorporati


@contextmanager
def servizi_pronti() -> Iterator[None]:
    """Fa trovare a un comando database e coda; alla fine spegne ciò che nessuno usa più.

    Se i server incorporati non partono scrive perché ed esce con codice 1. Anche SIGTERM passa
    di qui, così i server non restano accesi.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        incorporati = incorporati_mancanti(legati=False)
    except ErroreServizi as errore:
        sys.exit(str(errore))
    try:
        yield
    finally:
        if incorporati:
            incorporati.ferma()
