"""Da una copia a un server vuoto: database, documenti, e il confronto con ciò che era stato salvato.

Lo fa `registro_owner`, che non salta le policy: le righe entrano prima che le policy si accendano.
Non serve un superutente, solo chi può preparare i ruoli.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pyrage.x25519 import Identity

from registro.servizi.errori import ErroreServizi
from registro.servizi.ruoli import crea_database, prepara_database, prepara_ruoli
from registro.servizi.salvataggio import archivio, somme
from registro.servizi.salvataggio.assetto import assetto, differenze
from registro.servizi.salvataggio.busta import decifrato
from registro.servizi.salvataggio.programmi import Versatoio


# L'elenco dei ruoli che possiedono qualcosa: il proprietario deve poter consegnare a loro.
_PADRONI = """
    SELECT roleid::regrole::text FROM pg_auth_members
    WHERE member = 'registro_owner'::regrole ORDER BY 1"""
_OPZIONI = ("--exit-on-error", "--no-password")


@dataclass(frozen=True)
class Server:
    """Gli accessi a un server su cui ripristinare: chi prepara i ruoli, e quelli che entrano."""

    amministratore: str
    proprietario: str
    app: str
    salvataggio: str
    sigillo: str

    @property
    def database(self) -> str:
        """Il nome del database da ripristinare."""
        return conninfo_to_dict(self.proprietario)["dbname"]

    @property
    def servizio(self) -> str:
        """L'accesso del proprietario al database di servizio, da cui si crea l'altro."""
        di_servizio = conninfo_to_dict(self.amministratore).get("dbname") or "postgres"
        return make_conninfo(self.proprietario, dbname=di_servizio)

    def password(self, quale: str) -> str:
        """La password scritta in uno degli indirizzi; vuota se l'indirizzo non c'è."""
        return conninfo_to_dict(getattr(self, quale)).get("password", "")


def prepara(server: Server) -> None:
    """Prepara ruoli e un database vuoto. Solleva ErroreServizi se ce n'è già uno con dei dati."""
    with psycopg.connect(server.amministratore, autocommit=True) as amministratore:
        prepara_ruoli(
            amministratore,
            proprietario=server.password("proprietario"),
            app=server.password("app"),
            salvataggio=server.password("salvataggio"),
            sigillo=server.password("sigillo"),
        )
    with psycopg.connect(server.servizio, autocommit=True) as padrone:
        nome = server.database
        if _esiste(padrone, nome):
            _rifiuta_se_pieno(server)
            # Vuoto, ma con privilegi già dati a ciò che vi nascerà: nella copia ci sono i suoi.
            padrone.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(nome)))
        crea_database(padrone, nome)


def ripristina(
    percorso: Path, chiave: Identity, server: Server, documenti: Path
) -> dict[str, Any]:
    """Versa la copia nel database e nella cartella, vuoti. Rende il manifesto.

    Il server è già pronto (`prepara`). Solleva ErroreServizi se qualcosa non va; allora quel che c'è
    non è da usare, e si ricomincia da un database vuoto.
    """
    if documenti.exists() and any(documenti.iterdir()):
        raise ErroreServizi(f"{documenti} non è vuota: non ci scrivo sopra. Indicane un'altra.")
    documenti.mkdir(mode=0o700, parents=True, exist_ok=True)
    padroni = _consegna_ai_padroni(server)
    try:
        with (
            open(percorso, "rb") as file,
            decifrato(file, [chiave]) as flusso,
            Versatoio([*_OPZIONI], url=server.proprietario) as versatoio,
        ):
            manifesto = archivio.rileggi(flusso, _Ripristino(versatoio, documenti))
    except OSError as errore:
        raise ErroreServizi(f"Il ripristino si è fermato: {errore.strerror}.") from errore
    finally:
        _togli_l_eredita(server, padroni)
    with psycopg.connect(server.servizio, autocommit=True) as padrone:
        prepara_database(padrone, server.database)
    return manifesto


def confronta(server: Server, manifesto: dict[str, Any], domanda: str) -> list[str]:
    """Che cosa, nel database ripristinato, non è com'era: una frase per differenza.

    `domanda`: una di `CONFRONTI`.
    """
    with psycopg.connect(server.salvataggio) as connessione:
        return CONFRONTI[domanda](connessione, manifesto)


def _righe(connessione: psycopg.Connection, manifesto: dict[str, Any]) -> list[str]:
    return somme.differenze(manifesto["tabelle"], somme.somme_del_database(connessione))


def _numerazioni(connessione: psycopg.Connection, manifesto: dict[str, Any]) -> list[str]:
    """Le sequenze vanno avanti anche fra l'istantanea e la copia: indietro mai."""
    trovate = dict(connessione.execute(somme.SEQUENZE).fetchall())
    return [
        f"{nome}: riparte da {trovate.get(nome)} invece che da {valore}"
        for nome, valore in manifesto["sequenze"].items()
        if trovate.get(nome, -1) < valore
    ]


def _forma(connessione: psycopg.Connection, manifesto: dict[str, Any]) -> list[str]:
    return differenze(manifesto["assetto"], assetto(connessione))


CONFRONTI: dict[str, Callable[[psycopg.Connection, dict[str, Any]], list[str]]] = {
    "righe e contenuto": _righe,
    "numerazioni": _numerazioni,
    "policy, privilegi, funzioni": _forma,
}


def _esiste(connessione: psycopg.Connection, nome: str) -> bool:
    trovato = connessione.execute("SELECT FROM pg_database WHERE datname = %s", [nome])
    return trovato.fetchone() is not None


def _rifiuta_se_pieno(server: Server) -> None:
    with psycopg.connect(server.proprietario, autocommit=True) as connessione:
        tabelle = connessione.execute(
            "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace"
        ).fetchone()[0]
    if tabelle:
        raise ErroreServizi(
            f"Nel database «{server.database}» ci sono già {tabelle} tabelle: non lo tocco. Si "
            "ripristina solo su un database vuoto: dagli un altro nome, o toglilo tu."
        )


def _consegna_ai_padroni(server: Server) -> list[str]:
    """Per la durata del ripristino il proprietario scrive anche nelle tabelle dei ruoli suoi."""
    with psycopg.connect(server.amministratore, autocommit=True) as amministratore:
        padroni = [nome for (nome,) in amministratore.execute(_PADRONI).fetchall()]
        _eredita(amministratore, padroni, "TRUE")
    with psycopg.connect(server.proprietario, autocommit=True) as proprietario:
        for nome in padroni:
            proprietario.execute(
                sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(nome))
            )
    return padroni


def _togli_l_eredita(server: Server, padroni: list[str]) -> None:
    with psycopg.connect(server.amministratore, autocommit=True) as amministratore:
        _eredita(amministratore, padroni, "FALSE")


def _eredita(amministratore: psycopg.Connection, padroni: list[str], come: str) -> None:
    if amministratore.info.server_version < 160_000:
        # Prima della 16 si eredita sempre.
        return
    for nome in padroni:
        amministratore.execute(
            sql.SQL("GRANT {} TO registro_owner WITH INHERIT {}, SET TRUE").format(
                sql.Identifier(nome), sql.SQL(come)
            )
        )


class _Ripristino:
    """Passa il database a `pg_restore` e scrive i documenti, chiusi agli altri."""

    def __init__(self, versatoio: Versatoio, radice: Path) -> None:
        self._versatoio, self._radice = versatoio, radice

    def banca(self, pezzo: bytes) -> None:
        self._versatoio.scrivi(pezzo)

    def fine_banca(self) -> None:
        self._versatoio.finisci()

    def documento(self, nome: str, contenuto: archivio.Impronta) -> None:
        percorso = self._radice / nome
        percorso.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descrittore = os.open(percorso, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descrittore, "wb") as file:
            while pezzo := contenuto.read(1 << 20):
                file.write(pezzo)
            file.flush()
            os.fsync(file.fileno())
