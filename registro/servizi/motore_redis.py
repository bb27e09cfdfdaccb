"""Il Redis incorporato: la coda dei lavori della dimostrazione, dello sviluppo e delle prove."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

from registro.servizi.cartella import CartellaDati, scrivi_riservato
from registro.servizi.processi import (
    LOOPBACK,
    attendi_pronto,
    ferma_figlio,
    ferma_pid,
    lancia,
    porta_libera,
)
from registro.servizi.sede import Esecutore, programma_di_redis


NOME = "Redis"
ATTESA_RISPOSTA = 2.0
_PID_SERVER = re.compile(rb"process_id:(\d+)")


class RedisIncorporato:
    """La coda di una cartella. I metodi si chiamano con la serratura presa."""

    def __init__(self, cartella: CartellaDati, sede: Path, esecutore: Esecutore) -> None:
        self.cartella = cartella
        self.sede = sede
        self.esecutore = esecutore
        self.registro = cartella.registri / "redis.log"
        self.processo: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        """L'indirizzo della coda sul server in funzione."""
        porta = self.cartella.porta_annotata("redis")
        return f"redis://:{self.cartella.segreti['redis']}@{LOOPBACK}:{porta}/0"

    def in_funzione(self) -> bool:
        """Se il server di questa cartella è acceso e accetta la nostra password."""
        return self._pid() is not None

    def avvia(self, *, legato: bool, effimero: bool) -> None:
        """Avvia il server se è spento; `legato` ed `effimero` come per PostgreSQL."""
        if self.in_funzione():
            return
        porta = porta_libera(self.cartella.porta_annotata("redis"))
        configurazione = self._configura(porta, effimero=effimero)
        self.processo = lancia(
            [programma_di_redis(self.sede, self.esecutore), configurazione],
            registro=self.registro,
            cartella=self.sede,
            esecutore=self.esecutore,
            legato=signal.SIGTERM if legato else None,
        )
        self.cartella.annota_porta("redis", porta)
        attendi_pronto(self.processo, self.in_funzione, nome=NOME, registro=self.registro)

    def ferma(self) -> None:
        """Ferma il server, che prima scrive la coda su disco; nessun effetto se è spento."""
        if self.processo is not None:
            ferma_figlio(self.processo, signal.SIGTERM)
            self.processo = None
        elif (pid := self._pid()) is not None:
            ferma_pid(pid, signal.SIGTERM)

    def _configura(self, porta: int, *, effimero: bool) -> Path:
        """Scrive la configurazione in un file riservato: sulla riga di comando si leggerebbe."""
        dati = self.esecutore.crea_cartella(self.sede / "redis")
        righe = [
            f"bind {LOOPBACK}",
            f"port {porta}",
            f"requirepass {self.cartella.segreti['redis']}",
            f'dir "{dati}"',
            # La coda sopravvive a un riavvio; senza l'istantanea, che la raddoppierebbe.
            f"appendonly {'no' if effimero else 'yes'}",
            'save ""',
        ]
        configurazione = dati / "redis.conf"
        scrivi_riservato(configurazione, "\n".join(righe) + "\n")
        os.chown(configurazione, self.esecutore.uid, self.esecutore.gid)
        return configurazione

    def _pid(self) -> int | None:
        """Il numero di processo, chiesto al server stesso: un file potrebbe essere vecchio."""
        porta = self.cartella.porta_annotata("redis")
        if porta is None or not self.cartella.ha_segreti:
            return None
        domanda = f"AUTH {self.cartella.segreti['redis']}\r\nINFO server\r\nQUIT\r\n".encode()
        try:
            with socket.create_connection((LOOPBACK, porta), ATTESA_RISPOSTA) as presa:
                presa.sendall(domanda)
                risposta = b"".join(iter(lambda: presa.recv(65536), b""))
        except OSError:
            return None
        trovato = _PID_SERVER.search(risposta)
        return int(trovato[1]) if trovato else None
