"""La prova di ripristino: da una copia a un server vuoto che poi si butta, e il confronto.

Ogni passo dice quanto ha preso e che cosa non torna. Riesce solo se non c'è nessuna differenza.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyrage.x25519 import Identity

from registro.servizi.ambiente import Incorporati, avvia_incorporati, variabili
from registro.servizi.cartella import CARTELLA_BASE, rimuovi
from registro.servizi.passi import in_secondi
from registro.servizi.salvataggio.copia import CANCELLATI
from registro.servizi.salvataggio.ripristino import (
    CONFRONTI,
    Server,
    confronta,
    prepara,
    ripristina,
)
from registro.servizi.salvataggio.sorgente import NESSUNA_CODA, server_incorporato
from registro.servizi.salvataggio.verifica import in_poche_righe, verifica


# Di ciò che un comando dice quando non riesce.
_MOSTRATE = 12


@dataclass(frozen=True)
class Passo:
    """Un passo della prova: che cosa si è visto, in quanto, e che cosa non torna."""

    nome: str
    visto: str
    secondi: float
    non_torna: tuple[str, ...] = ()

    def righe(self, larghezza: int = 0) -> list[str]:
        """La riga del passo, col nome largo `larghezza`, e sotto le differenze."""
        esito = "NON TORNA" if self.non_torna else "a posto"
        nome, tempo = f"{self.nome:<{larghezza}}", in_secondi(self.secondi)
        riga = f"  {nome}  {tempo:>8}  {esito:<9}  {self.visto}".rstrip()
        return (
            [riga, in_poche_righe(list(self.non_torna), _MOSTRATE)] if self.non_torna else [riga]
        )


@dataclass
class Prova:
    """I passi fatti finora."""

    passi: list[Passo] = field(default_factory=list)

    @property
    def riuscita(self) -> bool:
        """Se nessun passo ha trovato differenze."""
        return bool(self.passi) and not any(passo.non_torna for passo in self.passi)

    def fai(self, nome: str, gesto: Callable[[], tuple[str, list[str]]]) -> None:
        """Esegue un passo, che rende ciò che si è visto e ciò che non torna, e lo annota."""
        inizio = time.monotonic()
        visto, non_torna = gesto()
        self.passi.append(Passo(nome, visto, time.monotonic() - inizio, tuple(non_torna)))

    def tabella(self) -> str:
        """I passi, uno per riga, coi tempi; sotto ognuno le differenze."""
        larghezza = max(len(passo.nome) for passo in self.passi)
        righe = [riga for passo in self.passi for riga in passo.righe(larghezza)]
        totale = sum(passo.secondi for passo in self.passi)
        return "\n".join([*righe, f"  {'in tutto':<{larghezza}}  {in_secondi(totale):>8}"])


def prova_la_copia(
    copia: Path, chiave: Identity, *, mondi: int = 0, altri: dict[str, str] | None = None
) -> Prova:
    """Rilegge la copia, la ripristina su un PostgreSQL nato per questo, confronta, butta tutto.

    `mondi`: quanti mondi a caso far vivere sul database ripristinato (serve l'ambiente delle prove).
    `altri`: variabili d'ambiente per i comandi del programma, per esempio le chiavi dei dati.
    Solleva ErroreServizi se la copia non si apre o il ripristino si ferma.
    """
    prova, manifesti = Prova(), []
    prova.fai("copia riletta", lambda: _rileggi(copia, chiave, manifesti))
    with _server_vuoto(prova) as incorporati:
        server = server_incorporato(incorporati)
        documenti = incorporati.cartella.radice / "documenti"
        prova.fai("ripristino", lambda: _ripristina(copia, chiave, server, documenti))
        for domanda in CONFRONTI:
            prova.fai(domanda, lambda d=domanda: ("", confronta(server, manifesti[0], d)))
        ambiente = _ambiente(incorporati) | (altri or {})
        prova.passi += torna_in_servizio(copia, ambiente)
        if mondi:
            comando = ("-m", "tests.fughe.sul_ripristinato", str(mondi))
            prova.fai(f"{mondi} mondi", lambda: _esegui(comando, ambiente))
    return prova


def torna_in_servizio(copia: Path, ambiente: dict[str, str]) -> list[Passo]:
    """Esegue ciò che si deve dopo un ripristino (`dopo`), con l'elenco accanto alla copia se c'è."""
    elenco = copia.parent / CANCELLATI
    esito = _lancia(
        ["-m", f"{__package__}.dopo", *([str(elenco)] if elenco.exists() else [])], ambiente
    )
    passi = [json.loads(riga) for riga in esito.stdout.splitlines() if riga.startswith("{")]
    fatti = [Passo(**passo | {"non_torna": tuple(passo["non_torna"])}) for passo in passi]
    if esito.returncode and not any(passo.non_torna for passo in fatti):
        detto = tuple(esito.stderr.splitlines()[-_MOSTRATE:]) or ("è uscito con un errore",)
        fatti.append(Passo("ritorno in servizio", "", 0.0, detto))
    return fatti


def _rileggi(copia: Path, chiave: Identity, manifesti: list) -> tuple[str, list[str]]:
    manifesto = verifica(copia, chiave)
    manifesti.append(manifesto)
    righe = sum(tabella["righe"] for tabella in manifesto["tabelle"].values())
    return (
        f"{len(manifesto['tabelle'])} tabelle, {righe} righe, "
        f"{len(manifesto['documenti'])} documenti, {copia.stat().st_size} byte",
        [],
    )


@contextmanager
def _server_vuoto(prova: Prova) -> Iterator[Incorporati]:
    radice = Path(tempfile.mkdtemp(prefix="registro-ripristino-"))
    if os.geteuid() == 0:
        # L'utente dei server deve poterla attraversare.
        radice.chmod(0o711)
    accesi: list[Incorporati] = []

    def accendi() -> tuple[str, list[str]]:
        accesi.append(avvia_incorporati(radice, redis=False, effimeri=True))
        prepara(server_incorporato(accesi[0]))
        return "nuovo", []

    try:
        prova.fai("server vuoto", accendi)
        yield accesi[0]
    finally:
        for incorporati in accesi:
            incorporati.ferma()
        rimuovi(radice)


def _ripristina(
    copia: Path, chiave: Identity, server: Server, documenti: Path
) -> tuple[str, list[str]]:
    manifesto = ripristina(copia, chiave, server, documenti)
    return f"istantanea del {manifesto['preso_il'][:16].replace('T', ' ')} UTC", []


def _ambiente(incorporati: Incorporati) -> dict[str, str]:
    """L'ambiente di chi usa il database ripristinato; le chiavi dei dati restano quelle vere."""
    valori = variabili(incorporati) | {
        "DATABASE_URL_SALVATAGGIO": incorporati.url_salvataggio,
        "REGISTRO_DATABASE_URL_AMMINISTRATORE": incorporati.url_amministratore,
    }
    ereditate = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_URL")}
    return {"REDIS_URL": NESSUNA_CODA} | ereditate | valori


def _esegui(comando: Sequence[str], ambiente: dict[str, str]) -> tuple[str, list[str]]:
    """Esegue un comando Python sul database ripristinato; l'ultima riga è ciò che si è visto."""
    esito = _lancia(comando, ambiente)
    righe = [riga for riga in esito.stdout.splitlines() if riga.strip()]
    if esito.returncode:
        return "", righe[:_MOSTRATE] or esito.stderr.splitlines()[-_MOSTRATE:]
    return righe[-1].strip() if righe else "", []


def _lancia(comando: Sequence[str], ambiente: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *comando],
        cwd=CARTELLA_BASE,
        env=ambiente,
        capture_output=True,
        text=True,
        check=False,
    )
