"""Il PostgreSQL incorporato: nasce, parte e si ferma qui, con i programmi del pacchetto.

Non si usa l'avvio del pacchetto: lascia entrare chiunque senza password, apre i permessi delle
cartelle sopra la nostra e rinuncia dopo dieci secondi. Qui: password scram, solo 127.0.0.1.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from registro.servizi import ruoli
from registro.servizi.cartella import CartellaDati, controlla_proprietario
from registro.servizi.errori import ErroreServizi
from registro.servizi.processi import (
    ATTESA_AVVIO,
    LOOPBACK,
    PASSO,
    attendi_pronto,
    e_il_processo,
    ferma_figlio,
    ferma_pid,
    lancia,
    porta_libera,
)
from registro.servizi.sede import Esecutore, programma_di_postgres


NOME = "PostgreSQL"
DATABASE = "registro"
# Riga di postmaster.pid (da 0) → che cosa dice.
_RIGA_PID, _RIGA_PORTA, _RIGA_STATO = 0, 3, 7
# L'ordine dei testi è quello dei caratteri, uguale su ogni macchina.
_NASCITA = (
    "--username=postgres",
    "--auth-local=reject",
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)
_SENZA_GARANZIE = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class PostgresIncorporato:
    """Il server dei dati di una cartella. I metodi si chiamano con la serratura presa."""

    def __init__(self, cartella: CartellaDati, sede: Path, esecutore: Esecutore) -> None:
        self.cartella = cartella
        self.sede = sede
        self.esecutore = esecutore
        self.dati = sede / "postgres"
        self.registro = cartella.registri / "postgres.log"
        self.processo: subprocess.Popen[bytes] | None = None

    def url(self, ruolo: str, password: str, database: str = DATABASE) -> str:
        """L'indirizzo con cui `ruolo` si collega a `database` sul server in funzione."""
        porta = self.cartella.porta_annotata("postgres")
        return (
            f"postgres://{ruolo}:{self.cartella.segreti[password]}@{LOOPBACK}:{porta}/{database}"
        )

    def in_funzione(self) -> bool:
        """Se il server di questa cartella è acceso, chiunque l'abbia avviato."""
        return self._pid() is not None

    def avvia(self, *, legato: bool, effimero: bool) -> bool:
        """Avvia il server se è spento. Rende True se è nato adesso, cioè senza dati.

        `legato`: muore con questo processo. `effimero`: rinuncia a scrivere davvero sul disco a
        ogni conferma; solo per dati che si buttano. Solleva ErroreServizi se non parte.
        """
        nuovo = not self.dati.exists()
        if not nuovo and not self.cartella.ha_segreti:
            raise ErroreServizi(
                f"Ci sono i dati di {NOME} ma non le password per usarli (segreti.json in "
                f"{self.cartella.radice}). Rimetti quel file, o ricomincia da zero: make pulisci"
            )
        programmi = programma_di_postgres(self.sede, self.esecutore)
        if nuovo:
            self._crea(programmi, effimero=effimero)
        controlla_proprietario(self.dati, self.esecutore.uid)
        self._attendi_un_esito()
        if not self.in_funzione():
            self._accendi(programmi, legato=legato, effimero=effimero)
        self._prepara_ruoli()
        return nuovo

    def ferma(self) -> None:
        """Ferma il server chiudendo le connessioni aperte; nessun effetto se è spento."""
        # SIGINT è l'arresto «rapido»: SIGTERM aspetterebbe che ogni cliente se ne vada.
        if self.processo is not None:
            ferma_figlio(self.processo, signal.SIGINT)
            self.processo = None
        elif (pid := self._pid()) is not None:
            ferma_pid(pid, signal.SIGINT)

    def _righe_pid(self) -> list[str]:
        try:
            return (self.dati / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _pid(self) -> int | None:
        righe = self._righe_pid()
        if not righe or not e_il_processo(int(righe[_RIGA_PID]), str(self.dati)):
            return None
        return int(righe[_RIGA_PID])

    def _pronto(self) -> bool:
        righe = self._righe_pid()
        return len(righe) > _RIGA_STATO and righe[_RIGA_STATO].strip() == "ready"

    def _attendi_un_esito(self) -> None:
        """Un server che sta partendo o finendo per conto d'altri: aspetta che abbia deciso."""
        fine = time.monotonic() + ATTESA_AVVIO
        while self.in_funzione() and not self._pronto() and time.monotonic() < fine:
            time.sleep(PASSO)

    def _crea(self, programmi: Path, *, effimero: bool) -> None:
        """Crea i dati in una cartella provvisoria: un arresto a metà non lascia mezzo server."""
        provvisoria = self.dati.with_name("postgres.parziale")
        shutil.rmtree(provvisoria, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self.sede) as password:
            password.write(self.cartella.segreti["superutente"])
            password.flush()
            os.chown(password.name, self.esecutore.uid, self.esecutore.gid)
            esito = subprocess.run(
                [
                    programmi / "initdb",
                    f"--pgdata={provvisoria}",
                    f"--pwfile={password.name}",
                    *_NASCITA,
                    *(["--no-sync"] if effimero else []),
                ],
                cwd=self.sede,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                **self.esecutore.per_popen(),
            )
        if esito.returncode:
            raise ErroreServizi(f"Non riesco a creare i dati di {NOME}:\n{esito.stderr.strip()}")
        provvisoria.rename(self.dati)

    def _accendi(self, programmi: Path, *, legato: bool, effimero: bool) -> None:
        # Nessun processo è dietro questo file: è di un arresto brusco, e se il sistema ha dato
        # quel numero a un altro processo il server crederebbe di essere già acceso.
        (self.dati / "postmaster.pid").unlink(missing_ok=True)
        porta = porta_libera(self.cartella.porta_annotata("postgres"))
        opzioni = [f"listen_addresses={LOOPBACK}", "unix_socket_directories=", f"port={porta}"]
        # Un'istruzione rifiutata porta con sé i testi che si volevano scrivere: nei registri no.
        opzioni += ["log_error_verbosity=terse", "log_min_error_statement=panic"]
        self.processo = lancia(
            [
                programmi / "postgres",
                "-D",
                self.dati,
                *(f"--{o}" for o in (*opzioni, *(_SENZA_GARANZIE if effimero else ()))),
            ],
            registro=self.registro,
            cartella=self.sede,
            esecutore=self.esecutore,
            legato=signal.SIGINT if legato else None,
        )
        attendi_pronto(self.processo, self._pronto, nome=NOME, registro=self.registro)
        self.cartella.annota_porta("postgres", porta)

    def _prepara_ruoli(self) -> None:
        """Ruoli, database e privilegi; si rifà solo quando la ricetta cambia."""
        segno = self.sede / "ricetta-ruoli"
        if segno.exists() and segno.read_text(encoding="utf-8") == ruoli.impronta():
            return
        indirizzo = self.url("postgres", "superutente", "postgres")
        segreti = self.cartella.segreti
        with psycopg.connect(indirizzo, autocommit=True) as connessione:
            ruoli.prepara_ruoli(
                connessione,
                proprietario=segreti["proprietario"],
                app=segreti["app"],
                salvataggio=segreti["salvataggio"],
                sigillo=segreti["sigillo"],
            )
            ruoli.prepara_database(connessione, DATABASE)
        segno.write_text(ruoli.impronta(), encoding="utf-8")
