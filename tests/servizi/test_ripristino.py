"""Da una copia a un server vuoto: torna tutto, e se non torna lo si sa."""

import stat
from dataclasses import replace
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql
from pyrage.x25519 import Identity

from registro.servizi.ambiente import avvia_incorporati
from registro.servizi.errori import ErroreServizi
from registro.servizi.ruoli import ATTESI
from registro.servizi.salvataggio.copia import Scelte, salva
from registro.servizi.salvataggio.ripristino import (
    CONFRONTI,
    Server,
    confronta,
    prepara,
    ripristina,
)
from registro.servizi.salvataggio.sorgente import server_incorporato


TUTTO_UGUALE: dict[str, list[str]] = {domanda: [] for domanda in CONFRONTI}
COM_E_FATTO = """
    CREATE TABLE persone (id serial PRIMARY KEY, ente int NOT NULL, nome text);
    ALTER TABLE persone ENABLE ROW LEVEL SECURITY;
    ALTER TABLE persone FORCE ROW LEVEL SECURITY;
    CREATE POLICY dell_ente ON persone USING (ente = current_setting('registro.ente', true)::int);
    CREATE TABLE diario (testo text);
    REVOKE UPDATE, DELETE ON diario FROM registro_app;
    INSERT INTO diario VALUES ('solo in aggiunta');
    CREATE TABLE nascosta (etichetta bytea);
    INSERT INTO nascosta VALUES ('\\x01');
    REVOKE ALL ON nascosta FROM registro_app;
    ALTER TABLE nascosta OWNER TO registro_guardia;
    CREATE FUNCTION quante() RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS 'SELECT count(*) FROM public.nascosta';
    ALTER FUNCTION quante() OWNER TO registro_guardia;
    REVOKE ALL ON FUNCTION quante() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION quante() TO registro_app;"""


@pytest.fixture
def chiave() -> Identity:
    return Identity.generate()


@pytest.fixture(scope="module")
def origine(server):
    """Un database con policy, una tabella che solo cresce, una della guardia e la sua funzione."""
    with psycopg.connect(server.url_proprietario, autocommit=True) as proprietario:
        proprietario.execute(COM_E_FATTO)
        for ente in (1, 1, 2):
            proprietario.execute("SELECT set_config('registro.ente', %s, false)", [str(ente)])
            proprietario.execute("INSERT INTO persone (ente, nome) VALUES (%s, 'x')", [ente])
    return server


@pytest.fixture
def copia(origine, chiave, tmp_path):
    documenti = tmp_path / "documenti"
    documenti.mkdir()
    (documenti / "uno.pdf").write_bytes(b"uno")
    return salva(
        Scelte(origine.url_salvataggio, documenti, tmp_path / "copie", (chiave.to_public(),))
    )


@pytest.fixture
def vuoto(origine) -> Server:
    """Sullo stesso server, un altro database: nasce col ripristino e si butta."""
    server = server_incorporato(origine)
    altro = {
        voce: urlsplit(getattr(server, voce))._replace(path="/ripristinato").geturl()
        for voce in ("proprietario", "app", "salvataggio", "sigillo")
    }
    yield replace(server, **altro)
    with psycopg.connect(origine.url_amministratore, autocommit=True) as amministratore:
        amministratore.execute("DROP DATABASE IF EXISTS ripristinato WITH (FORCE)")


def _differenze(server: Server, manifesto: dict) -> dict[str, list[str]]:
    return {domanda: confronta(server, manifesto, domanda) for domanda in CONFRONTI}


def test_torna_tutto_com_era(copia, chiave, vuoto, tmp_path):
    """BCK-02: righe, numerazioni, policy, privilegi, funzioni e documenti."""
    prepara(vuoto)
    manifesto = ripristina(copia.percorso, chiave, vuoto, tmp_path / "nuovi")

    assert _differenze(vuoto, manifesto) == TUTTO_UGUALE
    documento = tmp_path / "nuovi" / "uno.pdf"
    assert documento.read_bytes() == b"uno"
    assert stat.S_IMODE(documento.stat().st_mode) == 0o600
    with psycopg.connect(vuoto.app, autocommit=True) as app:
        assert app.execute("SELECT count(*) FROM persone").fetchone() == (0,)
        assert app.execute("SELECT quante()").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM diario")


def test_dopo_il_ripristino_il_proprietario_non_eredita_la_guardia(
    copia, chiave, vuoto, tmp_path, origine
):
    prepara(vuoto)
    ripristina(copia.percorso, chiave, vuoto, tmp_path / "nuovi")

    with psycopg.connect(origine.url_amministratore) as amministratore:
        eredita = amministratore.execute(
            "SELECT bool_or(inherit_option) FROM pg_auth_members"
            " WHERE member = 'registro_owner'::regrole"
        ).fetchone()
    assert eredita == (False,)


@pytest.mark.parametrize(
    ("guasto", "domanda", "nome"),
    [
        (
            "DROP POLICY dell_ente ON persone",
            "policy, privilegi, funzioni",
            "policy public.persone",
        ),
        (
            "ALTER TABLE persone NO FORCE ROW LEVEL SECURITY",
            "policy, privilegi, funzioni",
            "tabella public.persone",
        ),
        (
            "GRANT UPDATE ON diario TO registro_app",
            "policy, privilegi, funzioni",
            "tabella public.diario",
        ),
        ("UPDATE diario SET testo = 'altro'", "righe e contenuto", "public.diario"),
        ("DELETE FROM diario", "righe e contenuto", "public.diario: 0 righe invece di 1"),
        ("SELECT setval('persone_id_seq', 1)", "numerazioni", "public.persone_id_seq"),
    ],
)
def test_cio_che_non_torna_ha_un_nome(copia, chiave, vuoto, tmp_path, guasto, domanda, nome):
    prepara(vuoto)
    manifesto = ripristina(copia.percorso, chiave, vuoto, tmp_path / "nuovi")
    with psycopg.connect(vuoto.proprietario, autocommit=True) as proprietario:
        proprietario.execute(guasto)

    (frase,) = confronta(vuoto, manifesto, domanda)

    assert frase.startswith(nome)


def test_un_database_con_qualcosa_dentro_non_si_tocca(copia, chiave, vuoto, tmp_path):
    prepara(vuoto)
    ripristina(copia.percorso, chiave, vuoto, tmp_path / "nuovi")

    with pytest.raises(ErroreServizi, match="ci sono già 3 tabelle"):
        prepara(vuoto)
    with pytest.raises(ErroreServizi, match="non è vuota"):
        ripristina(copia.percorso, chiave, vuoto, tmp_path / "nuovi")


def test_una_copia_di_un_altra_chiave_non_scrive_niente(copia, vuoto, tmp_path):
    prepara(vuoto)

    with pytest.raises(ErroreServizi, match="chiave data non apre"):
        ripristina(copia.percorso, Identity.generate(), vuoto, tmp_path / "nuovi")

    with psycopg.connect(vuoto.salvataggio) as connessione:
        assert connessione.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchone() == (0,)
    assert not any((tmp_path / "nuovi").iterdir())


def test_si_ripristina_anche_dove_nessuno_e_superutente(copia, chiave, cartella, tmp_path):
    """Un PostgreSQL gestito: chi prepara i ruoli può solo quello che dice docs/esercizio.md."""
    gestito = avvia_incorporati(cartella, redis=False, effimeri=True)
    try:
        with psycopg.connect(gestito.url_amministratore, autocommit=True) as connessione:
            connessione.execute("DROP DATABASE registro")
            for ruolo in ATTESI:
                nome = sql.Identifier(ruolo)
                connessione.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(nome))
            connessione.execute(
                "CREATE ROLE gestore LOGIN CREATEROLE CREATEDB BYPASSRLS PASSWORD 'g';"
                "GRANT pg_read_all_data TO gestore WITH ADMIN OPTION"
            )
        porta = urlsplit(gestito.url_amministratore).port
        server = replace(
            server_incorporato(gestito),
            amministratore=f"postgres://gestore:g@127.0.0.1:{porta}/postgres",
        )

        prepara(server)
        manifesto = ripristina(copia.percorso, chiave, server, tmp_path / "nuovi")

        assert _differenze(server, manifesto) == TUTTO_UGUALE
    finally:
        gestito.ferma()


def test_dal_terminale_si_salva_si_verifica_e_si_sa_com_e_andata(cartella, python):
    """BCK-06: ogni copia, riuscita o no, lascia scritto quando; chi guarda lo legge da lì."""
    riuscita = python("-m", "registro.servizi.salvataggio", "salva")
    stato = (cartella / "stato" / "copie.json").read_text()
    (fatta,) = (cartella / "salvataggi").glob("registro-*.age")
    verificata = python(
        *("-m", "registro.servizi.salvataggio", "verifica", str(fatta)),
        *("--chiave", str(cartella / "chiave-copie.txt")),
    )
    fallita = python(
        *("-m", "registro.servizi.salvataggio", "salva"),
        REGISTRO_SALVATAGGI_SECONDI=str(cartella / "segreti.json"),
    )

    assert riuscita.returncode == 0, riuscita.stderr
    assert "riuscita_il" in stato
    assert "fallita_il" not in stato
    assert verificata.returncode == 0, verificata.stderr
    assert fallita.returncode == 1
    assert "NON RIUSCITO" in fallita.stderr
    assert "fallita_il" in (cartella / "stato" / "copie.json").read_text()


def test_con_un_server_vero_chi_non_ha_l_accesso_delle_copie_non_ne_fa(cartella, python):
    esito = python(
        *("-m", "registro.servizi.salvataggio", "salva"),
        DATABASE_URL="postgres://nessuno@127.0.0.1:1/nessuno",
    )

    assert esito.returncode == 1
    assert "DATABASE_URL_SALVATAGGIO" in esito.stderr
    assert not (cartella / "salvataggi").exists()
