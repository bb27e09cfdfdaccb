"""La cartella dei dati: di chi è, che cosa custodisce, chi la sta usando in questo momento."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from registro.comune.chiavi import chiave_di_firma_nuova, chiavi_nuove
from registro.servizi.errori import ErroreServizi


CARTELLA_BASE = Path(__file__).resolve().parent.parent.parent
# Tutto ciò che il programma mette nella cartella dati.
CONTENUTO = (
    "servizi",
    "registri",
    "static",
    "documenti",
    "grafici",
    "orari",
    "salvataggi",
    "stato",
    "cancellati.csv",
    "segreti.json",
    "chiavi.json",
    "firma.txt",
    "porte.json",
    "impronte.json",
    "accessi.txt",
    "chiave-copie.txt",
    ".serratura",
    ".in-uso",
    ".dimostrazione",
)
SEGRETI = ("superutente", "proprietario", "app", "salvataggio", "sigillo", "redis", "chiave")


def cartella_scelta() -> Path:
    """Il percorso assoluto della cartella dati: REGISTRO_DATI, o `.registro` accanto al codice."""
    return Path(os.environ.get("REGISTRO_DATI") or CARTELLA_BASE / ".registro").resolve()


@dataclass(frozen=True)
class CartellaDati:
    """Una cartella dati aperta: esiste ed è di chi esegue il programma."""

    radice: Path

    @classmethod
    def apri(cls, radice: Path) -> "CartellaDati":
        """Apre la cartella, creandola se manca.

        Solleva ErroreServizi se è di un altro utente o non si può creare: proseguire vorrebbe
        dire lasciare dentro file che il suo proprietario non può più leggere.
        """
        try:
            # Da root la attraversa anche l'utente dei server; i file dentro restano chiusi.
            radice.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        except OSError as errore:
            raise ErroreServizi(
                f"Non riesco a creare la cartella dati {radice} ({errore.strerror}). "
                "Scegline un'altra con REGISTRO_DATI."
            ) from errore
        controlla_proprietario(radice, os.geteuid())
        return cls(radice)

    @property
    def registri(self) -> Path:
        """La cartella dei registri di servizio dei processi della dimostrazione."""
        cartella = self.radice / "registri"
        cartella.mkdir(mode=0o700, exist_ok=True)
        return cartella

    @property
    def accessi(self) -> Path:
        """Il file con gli accessi dimostrativi, da mostrare a ogni avvio della dimostrazione."""
        return self.radice / "accessi.txt"

    @property
    def segreti(self) -> dict[str, str]:
        """Password dei ruoli, di Redis e chiave di Django: nate una volta, leggibili solo da noi."""
        percorso = self.radice / "segreti.json"
        noti = json.loads(percorso.read_text(encoding="utf-8")) if percorso.exists() else {}
        # Una versione nuova può volerne uno in più: quelli di prima restano.
        mancanti = {nome: secrets.token_urlsafe(32) for nome in SEGRETI if nome not in noti}
        if mancanti:
            noti |= mancanti
            scrivi_riservato(percorso, json.dumps(noti, indent=2))
        return noti

    @property
    def chiavi(self) -> Path:
        """Il file delle chiavi di cifratura, nate una volta: senza, i dati non si leggono più."""
        percorso = self.radice / "chiavi.json"
        with self.serratura():
            # Due comandi alla prima volta: le chiavi devono essere le stesse per entrambi.
            if not percorso.exists():
                scrivi_riservato(percorso, chiavi_nuove())
        return percorso

    @property
    def chiave_di_firma(self) -> Path:
        """Il file della chiave con cui si firmano le testate dei registri, nata una volta."""
        percorso = self.radice / "firma.txt"
        with self.serratura():
            if not percorso.exists():
                scrivi_riservato(percorso, chiave_di_firma_nuova())
        return percorso

    @property
    def ha_segreti(self) -> bool:
        """Se le password sono già state generate."""
        return (self.radice / "segreti.json").exists()

    def porta_annotata(self, server: str) -> int | None:
        """L'ultima porta usata da `server`; None se non è mai partito."""
        return self._porte().get(server)

    def annota_porta(self, server: str, porta: int) -> None:
        """Ricorda la porta di `server` per gli altri processi e per il prossimo avvio."""
        scrivi_riservato(self.radice / "porte.json", json.dumps(self._porte() | {server: porta}))

    def _porte(self) -> dict[str, int]:
        percorso = self.radice / "porte.json"
        return json.loads(percorso.read_text(encoding="utf-8")) if percorso.exists() else {}

    @contextmanager
    def serratura(self) -> Iterator[None]:
        """Un solo processo per volta avvia o ferma i server di questa cartella; gli altri aspettano."""
        with self._apri_serratura("serratura") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def entra(self) -> BinaryIO:
        """Segna che questo processo usa i server; il segno cade con `esci` o con il processo."""
        file = self._apri_serratura("in-uso")
        fcntl.flock(file, fcntl.LOCK_SH)
        return file

    def esci(self, segno: BinaryIO) -> bool:
        """Toglie il segno di `entra`. Rende True se non resta nessun altro a usare i server."""
        segno.close()
        with self._apri_serratura("in-uso") as file:
            return prendi_subito(file)

    @contextmanager
    def sola_dimostrazione(self) -> Iterator[None]:
        """Una sola dimostrazione per cartella: la seconda riceve un ErroreServizi."""
        with self._apri_serratura("dimostrazione") as file:
            if not prendi_subito(file):
                raise ErroreServizi(
                    f"Su {self.radice} è già in corso una dimostrazione. Per una seconda dai "
                    "un'altra cartella e un'altra porta: REGISTRO_DATI=… PORTA=… make demo"
                )
            yield

    def _apri_serratura(self, nome: str) -> BinaryIO:
        return open(self.radice / f".{nome}", "ab")


def prendi_subito(file: BinaryIO) -> bool:
    """Prova a prendere la serratura esclusiva di `file` senza aspettare; dice se c'è riuscito."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def controlla_proprietario(percorso: Path, uid: int) -> None:
    """Solleva ErroreServizi se `percorso` non appartiene a `uid`."""
    if percorso.stat().st_uid == uid:
        return
    raise ErroreServizi(
        f"La cartella {percorso} è di un altro utente del sistema. Non ho toccato nulla: avvia con "
        "quell'utente, oppure scegli un'altra cartella dati con REGISTRO_DATI."
    )


def scrivi_riservato(percorso: Path, testo: str) -> None:
    """Scrive `testo` in un file 0600, tutto o niente: chi legge non lo trova mai a metà."""
    provvisorio = percorso.with_name(f"{percorso.name}.{os.getpid()}")
    descrittore = os.open(provvisorio, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descrittore, "w", encoding="utf-8") as file:
        file.write(testo)
        file.flush()
        os.fsync(file.fileno())
    provvisorio.replace(percorso)


def rimuovi(radice: Path) -> None:
    """Cancella i dati di `radice`, e quelli dei server anche se stanno altrove (vedi `sede`).

    Tocca solo ciò che il programma vi ha messo: REGISTRO_DATI potrebbe indicare, per sbaglio,
    una cartella con altro dentro. La cartella resta solo se non è vuota.
    """
    server = radice / "servizi"
    if server.is_symlink():
        shutil.rmtree(server.resolve(), ignore_errors=True)
    for nome in CONTENUTO:
        percorso = radice / nome
        if percorso.is_dir() and not percorso.is_symlink():
            shutil.rmtree(percorso)
        else:
            percorso.unlink(missing_ok=True)
    if not any(radice.iterdir()):
        radice.rmdir()
