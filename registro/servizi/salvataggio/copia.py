"""Fare una copia: un file cifrato, riletto prima di dargli il suo nome.

Quella di ieri non si tocca finché quella di oggi non è intera e riletta.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import IsolationLevel
from pyrage.x25519 import Identity, Recipient

from registro.comune.deposito import DISCO_PIENO
from registro.servizi.cartella import scrivi_riservato
from registro.servizi.errori import ErroreServizi
from registro.servizi.salvataggio import archivio, somme
from registro.servizi.salvataggio.assetto import assetto
from registro.servizi.salvataggio.busta import cifrato
from registro.servizi.salvataggio.programmi import leggi_da, programma
from registro.servizi.salvataggio.tenuta import butta_le_vecchie, copie, nome_della_copia
from registro.servizi.salvataggio.verifica import verifica


CANCELLATI = "cancellati.csv"
# Le copie nuove si comprimono poco: di notte conta finire.
_DUMP = ("--format=custom", "--compress=3", "--no-password")


@dataclass(frozen=True)
class Scelte:
    """Che cosa si salva, dove, e per chi si chiude.

    `url`: l'accesso di registro_backup. `seconda`: un'altra cartella, meglio su un'altra macchina.
    `cancellati`: l'elenco dei numeri di chi è stato dimenticato, che sta fuori dalla copia e accanto.
    """

    url: str
    documenti: Path
    cartella: Path
    destinatari: tuple[Recipient, ...]
    seconda: Path | None = None
    cancellati: Path | None = None


@dataclass(frozen=True)
class Fatta:
    """Una copia riuscita."""

    percorso: Path
    manifesto: dict[str, Any]

    @property
    def righe(self) -> int:
        """Quante righe contiene, in tutte le tabelle."""
        return sum(tabella["righe"] for tabella in self.manifesto["tabelle"].values())


class NonPortata(ErroreServizi):
    """La copia c'è ed è intera, ma nella seconda cartella non è arrivata."""


def salva(scelte: Scelte, *, dump: Sequence[str] = _DUMP) -> Fatta:
    """Fa una copia, la rilegge, le dà il suo nome, butta le vecchie, la porta nella seconda cartella.

    Solleva NonPortata se si ferma all'ultimo passo: la copia nuova resta nella prima cartella, e
    `porta_l_ultima` riprova senza rifarla. Solleva ErroreServizi per tutto il resto: allora le copie
    di prima sono com'erano, e di quella nuova non resta niente.
    """
    scelte.cartella.mkdir(mode=0o700, parents=True, exist_ok=True)
    adesso = datetime.now(UTC)
    with una_per_volta(scelte.cartella):
        with _disco_in_parole("La copia non è riuscita", scelte.cartella):
            fatta = _salva(scelte, nome_della_copia(adesso), dump)
            _affianca_i_cancellati(scelte, scelte.cartella)
            butta_le_vecchie(scelte.cartella, adesso)
        _porta_altrove(scelte, fatta.percorso)
    return fatta


def porta_l_ultima(scelte: Scelte) -> None:
    """Porta nella seconda cartella l'ultima copia, se non c'è già. Solleva NonPortata."""
    with una_per_volta(scelte.cartella):
        tutte = copie(scelte.cartella)
        if tutte:
            _porta_altrove(scelte, tutte[-1][1])


def _porta_altrove(scelte: Scelte, copia: Path) -> None:
    if scelte.seconda is None:
        return
    dove = scelte.seconda
    perche = f"La copia {copia.name} c'è ed è intera, ma non si è potuta portare altrove"
    try:
        with _disco_in_parole(perche, dove):
            if not (dove / copia.name).exists():
                _porta(copia, dove)
            _affianca_i_cancellati(scelte, dove)
            butta_le_vecchie(dove, datetime.now(UTC))
    except ErroreServizi as errore:
        raise NonPortata(str(errore)) from errore


@contextmanager
def _disco_in_parole(che_cosa: str, cartella: Path) -> Iterator[None]:
    """Un disco che non va diventa un ErroreServizi che dice che cosa è rimasto com'era."""
    try:
        yield
    except OSError as errore:
        perche = "il disco è pieno" if errore.errno in DISCO_PIENO else errore.strerror
        raise ErroreServizi(
            f"{che_cosa}: {perche} ({errore.filename or cartella})."
            " Quelle di prima non sono state toccate."
        ) from errore


@contextmanager
def una_per_volta(cartella: Path) -> Iterator[None]:
    """Una copia per volta in una cartella; solleva ErroreServizi se un'altra è in corso."""
    with open(cartella / ".serratura", "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ErroreServizi("Un'altra copia è in corso in questa cartella.") from None
        # Rimaste da un arresto brusco: nessuno le sta scrivendo.
        for resto in cartella.glob(".*.parziale"):
            resto.unlink(missing_ok=True)
        yield


def _salva(scelte: Scelte, nome: str, dump: Sequence[str]) -> Fatta:
    provvisorio = scelte.cartella / f".{nome}.parziale"
    # Nata per questa copia e dimenticata subito dopo: serve a rileggerla, poi apre solo l'altra.
    passeggera = Identity.generate()
    try:
        with open(provvisorio, "xb", opener=_chiuso) as file:
            with cifrato(file, [*scelte.destinatari, passeggera.to_public()]) as flusso:
                manifesto = _riempi(archivio.Scrittura(flusso), scelte, dump)
            _su_disco(file.fileno())
        verifica(provvisorio, passeggera, atteso=manifesto)
        definitivo = scelte.cartella / nome
        provvisorio.replace(definitivo)
        _conferma(scelte.cartella)
    except psycopg.Error as errore:
        raise ErroreServizi(f"Il database non si lascia salvare: {errore}") from errore
    finally:
        provvisorio.unlink(missing_ok=True)
    return Fatta(definitivo, manifesto)


def _riempi(scrittura: archivio.Scrittura, scelte: Scelte, dump: Sequence[str]) -> dict[str, Any]:
    """Conta e salva la stessa istantanea: ciò che si scrive intanto sarà nella copia di domani."""
    with psycopg.connect(scelte.url) as connessione:
        connessione.isolation_level = IsolationLevel.REPEATABLE_READ
        connessione.read_only = True
        preso_il, server, istantanea = connessione.execute(
            "SELECT now(), current_setting('server_version'), pg_export_snapshot()"
        ).fetchone()
        contenuto = {
            "versione": archivio.VERSIONE,
            "preso_il": preso_il.astimezone(UTC).isoformat(),
            "server": server,
            "destinatari": [str(chiave) for chiave in scelte.destinatari],
            "tabelle": somme.somme_del_database(connessione),
            "sequenze": dict(connessione.execute(somme.SEQUENZE).fetchall()),
            "assetto": assetto(connessione),
        }
        comando = [programma("pg_dump"), *dump, f"--snapshot={istantanea}"]
        contenuto["banca"] = scrittura.banca(leggi_da(comando, url=scelte.url))
    contenuto["documenti"] = scrittura.documenti(scelte.documenti)
    scrittura.manifesto(contenuto)
    return contenuto


def _porta(copia: Path, cartella: Path) -> None:
    """Ricopia il file altrove, intero o niente; lo confronta byte per byte dopo averlo scritto."""
    cartella.mkdir(mode=0o700, parents=True, exist_ok=True)
    provvisorio = cartella / f".{copia.name}.parziale"
    try:
        with open(copia, "rb") as da, open(provvisorio, "wb", opener=_chiuso) as a:
            shutil.copyfileobj(da, a, 1 << 20)
            _su_disco(a.fileno())
        with open(copia, "rb") as da, open(provvisorio, "rb") as a:
            while pezzo := da.read(1 << 20):
                if a.read(1 << 20) != pezzo:
                    raise ErroreServizi(
                        f"La seconda copia, in {cartella}, non è uguale alla prima: l'ho buttata."
                    )
        provvisorio.replace(cartella / copia.name)
        _conferma(cartella)
    finally:
        provvisorio.unlink(missing_ok=True)


def _affianca_i_cancellati(scelte: Scelte, cartella: Path) -> None:
    """Tiene accanto alle copie l'elenco di chi è stato dimenticato: chi le ripristina lo riapplica.

    È fuori dalla copia perché deve dire anche di chi è stato dimenticato dopo. Non si accorcia mai:
    dopo un disastro l'elenco della macchina nuova è vuoto.
    """
    if scelte.cancellati is None or not scelte.cancellati.exists():
        return
    nuove = scelte.cancellati.read_text(encoding="ascii").splitlines()
    elenco = cartella / CANCELLATI
    vecchie = elenco.read_text(encoding="ascii").splitlines() if elenco.exists() else []
    righe = dict.fromkeys(riga for riga in (*vecchie, *nuove) if riga.strip())
    scrivi_riservato(elenco, "".join(f"{riga}\n" for riga in righe))


def _chiuso(percorso: str, modo: int) -> int:
    return os.open(percorso, modo, 0o600)


def _su_disco(descrittore: int) -> None:
    """Aspetta che il file sia su disco e lo toglie dalla memoria: chi rilegge legge il disco."""
    os.fsync(descrittore)
    os.posix_fadvise(descrittore, 0, 0, os.POSIX_FADV_DONTNEED)


def _conferma(cartella: Path) -> None:
    """Il cambio di nome sta nella cartella: senza questo, una caduta di corrente lo può perdere."""
    descrittore = os.open(cartella, os.O_RDONLY)
    try:
        os.fsync(descrittore)
    finally:
        os.close(descrittore)
