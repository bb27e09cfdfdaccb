"""`make demo`: accende tutto, resta in primo piano, spegne tutto.

`python -m registro.servizi.dimostrazione`. Ctrl-C e SIGTERM spengono ciò che è stato acceso; se
cade un processo si dice quale e si spegne il resto; se questo processo viene ucciso, i figli
ricevono dal sistema l'ordine di fermarsi.

Un segnale si annota soltanto, e lo si guarda fra un passo e l'altro: come eccezione scoppierebbe
in un punto qualsiasi, anche fra la presa e il rilascio di una serratura di `subprocess`, e lo
spegnimento la aspetterebbe per sempre (visto: 10 volte su 2.999 interrogando un figlio).
"""

import http.client
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from types import ModuleType

from registro.servizi.ambiente import Incorporati, incorporati_mancanti, indicata
from registro.servizi.cartella import CARTELLA_BASE, CartellaDati, cartella_scelta
from registro.servizi.errori import ErroreServizi, ultime_righe
from registro.servizi.impronte import DIPENDENZE, Impronte
from registro.servizi.passi import in_secondi, passo
from registro.servizi.processi import (
    LOOPBACK,
    PASSO,
    Biforcato,
    Processo,
    attendi_pronto,
    ferma_insieme,
    lancia,
    si_apre,
)


PAZIENZA = 8.0
PASSO_SORVEGLIANZA = 0.2
_SEGNALI = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def porta_scelta() -> int:
    """La porta delle pagine: PORTA, o 8000. Solleva ErroreServizi se non è usabile."""
    testo = os.environ.get("PORTA") or "8000"
    if not testo.isdigit() or not 0 < int(testo) < 65_536:
        raise ErroreServizi(f"PORTA vale «{testo}»: dev'essere un numero da 1 a 65535.")
    if not si_apre(int(testo)):
        raise ErroreServizi(
            f"La porta {testo} è occupata o riservata. Scegline un'altra: PORTA=8001 make demo"
        )
    return int(testo)


class FermataChiesta(Exception):
    """Chi ha avviato la dimostrazione vuole spegnerla."""


class Dimostrazione:
    """I processi di una dimostrazione, nell'ordine in cui partono."""

    def __init__(self, cartella: CartellaDati, porta: int) -> None:
        self.cartella = cartella
        self.porta = porta
        self.incorporati: Incorporati | None = None
        self.figli: dict[str, Processo] = {}
        self.programmi: ModuleType | None = None
        self._fermata_chiesta = False

    def esegui(self) -> int:
        """Accende, aspetta un segnale o una caduta, spegne. Rende il codice d'uscita.

        Solleva FermataChiesta se a spegnerla è stato un segnale.
        """
        inizio = time.monotonic()
        for segnale in _SEGNALI:
            signal.signal(segnale, self._annota_fermata)
        try:
            self._accendi_servizi()
            self._prepara()
            self._accendi_pagine()
            self._saluta(time.monotonic() - inizio)
            return self._sorveglia()
        except ErroreServizi:
            # Un Ctrl-C dal terminale ferma anche i figli: il loro guasto è l'effetto, non la causa.
            self._se_fermata()
            raise
        finally:
            self._spegni()

    def _annota_fermata(self, *_: object) -> None:
        self._fermata_chiesta = True

    def _se_fermata(self) -> None:
        if self._fermata_chiesta:
            raise FermataChiesta

    def _accendi_servizi(self) -> None:
        with passo("servizi"):
            self.incorporati = incorporati_mancanti(legati=True)
        self._se_fermata()
        if not indicata("DATABASE_URL_PROPRIETARIO"):
            raise ErroreServizi(
                "DATABASE_URL indica un server vero: per preparare le tabelle serve anche "
                "DATABASE_URL_PROPRIETARIO, l'accesso di registro_owner (docs/esercizio.md)."
            )
        os.environ.setdefault("REGISTRO_SECRET_KEY", self.cartella.segreti["chiave"])
        if not indicata("REGISTRO_CHIAVI"):
            os.environ["REGISTRO_CHIAVI_FILE"] = str(self.cartella.chiavi)
        os.environ |= {
            "REGISTRO_DATI": str(self.cartella.radice),
            "REGISTRO_DIMOSTRAZIONE": "1",
            "REGISTRO_HOST": "127.0.0.1,localhost",
            "PORTA": str(self.porta),
        }

    def _prepara(self) -> None:
        """Rifà ciò che è cambiato; intanto carica il programma, che servirà comunque."""
        impronte = Impronte(self.cartella)
        nostro = self.incorporati is not None and self.incorporati.postgres is not None
        if not nostro or self.incorporati.appena_nati:
            impronte.dimentica()
        da_rifare = impronte.da_rifare(DIPENDENZE)
        database = [passo for passo in da_rifare if passo != "statici"]
        if database:
            self._lancia_preparazione("preparazione", database, registro=None)
        if "statici" in da_rifare:
            registro = self._registro("file-statici")
            self._lancia_preparazione("file-statici", ["statici"], registro=registro)
        self._carica(in_silenzio=bool(da_rifare))
        self._attendi_preparazione("preparazione")
        self._attendi_preparazione("file-statici")
        for riuscito in da_rifare:
            impronte.riuscito(riuscito)

    def _lancia_preparazione(self, nome: str, passi: list[str], *, registro: Path | None) -> None:
        comando = [sys.executable, "-m", "registro.servizi.preparazione", *passi]
        self.figli[nome] = lancia(
            comando, registro=registro, cartella=CARTELLA_BASE, legato=signal.SIGTERM
        )

    def _carica(self, *, in_silenzio: bool) -> None:
        # Le pagine e i lavori non toccano le tabelle: l'accesso del proprietario non lo ricevono.
        os.environ.pop("DATABASE_URL_PROPRIETARIO")
        os.environ |= {
            # Un lavoratore che si ferma lascia il lavoro in coda invece di finirlo: riparte dopo.
            "REMAP_SIGTERM": "SIGQUIT",
            # Le verifiche di Django sono di `make controlla`: qui ritarderebbero ogni avvio.
            "CELERY_SKIP_CHECKS": "1",
        }
        with nullcontext() if in_silenzio else passo("programma"):
            # Si carica adesso, a variabili pronte: le impostazioni le leggono importandosi.
            self.programmi = importlib.import_module("registro.servizi.programmi")
            self.programmi.carica()
        self._se_fermata()

    def _attendi_preparazione(self, nome: str) -> None:
        if nome not in self.figli:
            return
        while (codice := self.figli[nome].poll()) is None:
            self._se_fermata()
            time.sleep(PASSO)
        registro = self._registro(nome)
        if nome == "file-statici":
            print(registro.read_text(encoding="utf-8"), end="", flush=True)
        if codice:
            raise ErroreServizi("La preparazione non è riuscita: il motivo è qui sopra.")
        del self.figli[nome]

    def _accendi_pagine(self) -> None:
        orari = self.cartella.radice / "orari"
        orari.mkdir(mode=0o700, exist_ok=True)
        # Un PDF alla volta, in un processo che poi esce: WeasyPrint non rende la memoria.
        ruoli = {
            "pagine": partial(self.programmi.pagine, self.porta),
            "lavoratore": partial(self.programmi.lavoratore, "celery"),
            "lavoratore-pdf": partial(self.programmi.lavoratore, "pdf", max_tasks_per_child=1),
            "orari": partial(self.programmi.orari, str(orari / "ultimi")),
        }
        for nome, esegui in ruoli.items():
            self.figli[nome] = Biforcato(esegui, registro=self._registro(nome))
        self._attendi("pagine", lambda stato: stato is not None)
        self._attendi("lavoratore", lambda stato: stato == http.client.OK)

    def _registro(self, nome: str) -> Path:
        return self.cartella.registri / f"{nome}.log"

    def _attendi(self, nome: str, basta: Callable[[int | None], bool]) -> None:
        with passo(nome):
            attendi_pronto(
                self.figli[nome],
                lambda: basta(self._salute()),
                nome=f"Il processo «{nome}»",
                registro=self._registro(nome),
                ogni=0.1,
            )

    def _salute(self) -> int | None:
        """Lo stato HTTP di /salute/; None se le pagine non rispondono ancora."""
        self._se_fermata()
        connessione = http.client.HTTPConnection(LOOPBACK, self.porta, timeout=5)
        try:
            connessione.request("GET", "/salute/")
            return connessione.getresponse().status
        except OSError:
            return None
        finally:
            connessione.close()

    def _saluta(self, durata: float) -> None:
        print(f"\nPronto in {in_secondi(durata)}: http://{LOOPBACK}:{self.porta}/\n")
        print(self.cartella.accessi.read_text(encoding="utf-8").rstrip())
        print("\nCtrl-C per spegnere.", flush=True)

    def _sorveglia(self) -> int:
        """Resta qui finché un processo cade, o un segnale chiede di fermarsi."""
        while True:
            self._se_fermata()
            caduti = [
                (nome, self._registro(nome))
                for nome, figlio in self.figli.items()
                if figlio.poll() is not None
            ]
            if self.incorporati:
                caduti += self.incorporati.caduti()
            for nome, registro in caduti:
                print(f"\nSi è fermato «{nome}», spengo il resto. Le sue ultime righe:")
                print(ultime_righe(registro), flush=True)
                return 1
            time.sleep(PASSO_SORVEGLIANZA)

    def _spegni(self) -> None:
        ferma_insieme(
            [(figlio, signal.SIGTERM) for figlio in self.figli.values()], pazienza=PAZIENZA
        )
        if self.incorporati:
            self.incorporati.ferma()


def main() -> int:
    """Esegue la dimostrazione. Rende 0 se è stata spenta da un segnale, 1 se qualcosa è fallito."""
    try:
        cartella = CartellaDati.apri(cartella_scelta())
        with cartella.sola_dimostrazione():
            return Dimostrazione(cartella, porta_scelta()).esegui()
    except ErroreServizi as errore:
        print(f"\n{errore}", file=sys.stderr)
        return 1
    except (FermataChiesta, KeyboardInterrupt):
        print("\nTutto spento.")
        return 0


if __name__ == "__main__":
    sys.exit(main())
