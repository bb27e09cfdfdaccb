"""I ruoli e i database del Registro su un server PostgreSQL 15 o successivo, nostro o altrui.

`python -m registro.servizi.ruoli` li prepara su un server indicato da variabili d'ambiente
(vedi docs/esercizio.md). Rieseguirlo non fa danni, e cambia le password se gli URL le cambiano.
"""

import hashlib
import sys
from pathlib import Path

import environ
import psycopg
from psycopg import sql

from registro.servizi.errori import ErroreServizi


_QUI = Path(__file__).parent
VERSIONE_MINIMA = 15
# Dalla versione → come si confrontano i testi: nell'ordine dei caratteri, uguale ovunque (i nomi si
# ordinano sulla forma normale). Maiuscole e minuscole prima della 17 le sa il sistema.
REGOLE_DEI_TESTI = {
    17: "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'",
    15: "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'",
}
# Ruolo → (può accedere, è superutente, salta le policy).
ATTESI = {
    "registro_owner": (True, False, False),
    "registro_app": (True, False, False),
    "registro_guardia": (False, False, True),
    "registro_oblio": (False, False, True),
    "registro_stat": (False, False, False),
    "registro_backup": (True, False, True),
    "registro_sigillo": (True, False, False),
}


def impronta() -> str:
    """L'impronta della ricetta (le due pagine SQL e questo modulo): cambia se cambia lei."""
    pagine = (_QUI / nome for nome in ("ruoli.sql", "database.sql", "ruoli.py"))
    return hashlib.sha256(b"".join(pagina.read_bytes() for pagina in pagine)).hexdigest()


def prepara_ruoli(
    connessione: psycopg.Connection,
    *,
    proprietario: str,
    app: str,
    salvataggio: str = "",
    sigillo: str = "",
) -> None:
    """Crea i ruoli che mancano e dà le password a quelli che entrano.

    `connessione` è in autocommit, di un ruolo che può creare ruoli con BYPASSRLS. Senza la password
    `salvataggio` o `sigillo` il loro ruolo resta com'è: appena nato, non entra. Solleva ErroreServizi se
    un ruolo già esistente ha poteri diversi da quelli che deve avere, o se non si possono dare.
    """
    if connessione.info.server_version < VERSIONE_MINIMA * 10_000:
        raise ErroreServizi(f"Serve PostgreSQL {VERSIONE_MINIMA} o successivo.")
    try:
        connessione.execute((_QUI / "ruoli.sql").read_text(encoding="utf-8"))
    except psycopg.errors.InsufficientPrivilege as errore:
        raise ErroreServizi(
            f"Chi prepara i ruoli non ne ha il potere ({errore.diag.message_primary}). Che cosa"
            " chiedere a chi gestisce il server lo dice docs/esercizio.md."
        ) from errore
    _da_le_password(
        connessione,
        registro_owner=proprietario,
        registro_app=app,
        registro_backup=salvataggio,
        registro_sigillo=sigillo,
    )
    _controlla(connessione)


def _da_le_password(connessione: psycopg.Connection, **password_dei_ruoli: str) -> None:
    """Dà a ogni ruolo la sua; a quelli senza, niente."""
    for ruolo, password in password_dei_ruoli.items():
        if not password:
            continue
        # Al server va la verifica già calcolata, così la password non può finire nei suoi registri.
        verifica = connessione.pgconn.encrypt_password(
            password.encode(), ruolo.encode(), b"scram-sha-256"
        )
        connessione.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                sql.Identifier(ruolo), sql.Literal(verifica.decode())
            )
        )


def _controlla(connessione: psycopg.Connection) -> None:
    trovati = {
        nome: tuple(poteri)
        for nome, *poteri in connessione.execute(
            "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls FROM pg_roles"
            " WHERE rolname = ANY(%s)",
            [list(ATTESI)],
        )
    }
    diversi = [nome for nome, poteri in ATTESI.items() if trovati.get(nome) != poteri]
    if diversi:
        raise ErroreServizi(
            f"Questi ruoli esistevano già con poteri diversi da quelli che servono: "
            f"{', '.join(diversi)}. Correggili come dice docs/esercizio.md e riprova."
        )


def crea_database(connessione: psycopg.Connection, nome: str) -> None:
    """Crea, se manca, il database `nome` di `registro_owner`, in cui entrano solo i nostri ruoli.

    `connessione` come per `prepara_database`. Dentro non mette niente: così lo vuole chi ripristina
    una copia, che porta con sé estensioni e privilegi.
    """
    esiste = connessione.execute("SELECT FROM pg_database WHERE datname = %s", [nome]).fetchone()
    identita = sql.Identifier(nome)
    if esiste is None:
        dalla = max(v for v in REGOLE_DEI_TESTI if connessione.info.server_version >= v * 10_000)
        connessione.execute(
            sql.SQL(
                "CREATE DATABASE {} OWNER registro_owner TEMPLATE template0 ENCODING 'UTF8' {}"
            ).format(identita, sql.SQL(REGOLE_DEI_TESTI[dalla]))
        )
    connessione.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(identita))
    connessione.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO registro_app").format(identita)
    )
    connessione.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO registro_backup, registro_sigillo").format(
            identita
        )
    )


def prepara_database(connessione: psycopg.Connection, nome: str) -> None:
    """Crea, se manca, il database `nome` di `registro_owner` con estensioni e privilegi.

    `connessione` è in autocommit, di un superutente o di `registro_owner`, su un altro database
    dello stesso server. Serve anche alle prove, per i loro database.
    """
    crea_database(connessione, nome)
    parametri = connessione.info.get_parameters() | {
        "dbname": nome,
        "password": connessione.info.password,
    }
    with psycopg.connect(**parametri, autocommit=True) as interna:
        interna.execute((_QUI / "database.sql").read_text(encoding="utf-8"))


def main() -> int:
    """Prepara ruoli e database del server indicato dall'ambiente. Rende il codice d'uscita."""
    env = environ.FileAwareEnv()
    app, proprietario = env.db("DATABASE_URL"), env.db("DATABASE_URL_PROPRIETARIO")
    salvataggio, sigillo = (
        env.db(nome)["PASSWORD"] if env.str(nome, default="") else ""
        for nome in ("DATABASE_URL_SALVATAGGIO", "DATABASE_URL_SIGILLO")
    )
    # Un segreto letto da file può finire con un a capo.
    server = env.str("REGISTRO_DATABASE_URL_AMMINISTRATORE").strip()
    try:
        with psycopg.connect(server, autocommit=True) as amministratore:
            prepara_ruoli(
                amministratore,
                proprietario=proprietario["PASSWORD"],
                app=app["PASSWORD"],
                salvataggio=salvataggio,
                sigillo=sigillo,
            )
        # Da qui in poi basta il proprietario: su un server gestito l'amministratore non può
        # creare un database di altri.
        with psycopg.connect(
            server, user="registro_owner", password=proprietario["PASSWORD"], autocommit=True
        ) as padrone:
            prepara_database(padrone, app["NAME"])
    except (ErroreServizi, psycopg.Error) as errore:
        print(errore, file=sys.stderr)
        return 1
    print("Ruoli e database pronti.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
