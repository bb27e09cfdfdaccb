"""I ruoli del database: ognuno può ciò che deve e niente di più."""

from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from registro.servizi.ambiente import avvia_incorporati
from registro.servizi.errori import ErroreServizi
from registro.servizi.ruoli import ATTESI, REGOLE_DEI_TESTI, prepara_database, prepara_ruoli


@pytest.fixture
def amministratore(server):
    with psycopg.connect(server.url_amministratore, autocommit=True) as connessione:
        yield connessione


@pytest.fixture
def proprietario(server):
    with psycopg.connect(server.url_proprietario, autocommit=True) as connessione:
        yield connessione


@pytest.fixture
def app(server):
    with psycopg.connect(server.url_app, autocommit=True) as connessione:
        yield connessione


@pytest.mark.parametrize(
    ("ruolo", "entra", "supera_le_policy", "crea_database"),
    [
        ("registro_owner", True, False, True),
        ("registro_app", True, False, False),
        ("registro_guardia", False, True, False),
        ("registro_backup", True, True, False),
        ("registro_sigillo", True, False, False),
    ],
)
def test_ogni_ruolo_ha_solo_i_suoi_poteri(
    amministratore, ruolo, entra, supera_le_policy, crea_database
):
    riga = amministratore.execute(
        "SELECT rolcanlogin, rolbypassrls, rolcreatedb, rolsuper, rolcreaterole, rolreplication"
        " FROM pg_roles WHERE rolname = %s",
        [ruolo],
    ).fetchone()

    assert riga == (entra, supera_le_policy, crea_database, False, False, False)


def test_l_applicazione_non_possiede_e_non_crea_niente(app):
    posseduti = app.execute(
        "SELECT count(*) FROM pg_shdepend"
        " WHERE refobjid = 'registro_app'::regrole AND deptype = 'o'"
    ).fetchone()

    assert posseduti == (0,)
    assert app.execute("SHOW jit").fetchone() == ("off",)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("CREATE TABLE abusiva ()")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SET ROLE registro_guardia")


def test_l_applicazione_usa_le_tabelle_del_proprietario_ma_non_le_cambia(proprietario, app):
    proprietario.execute("CREATE TABLE diario (id serial PRIMARY KEY, testo text)")

    app.execute("INSERT INTO diario (testo) VALUES ('uno')")
    app.execute("UPDATE diario SET testo = 'due'")

    assert app.execute("DELETE FROM diario RETURNING testo").fetchone() == ("due",)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("ALTER TABLE diario ADD COLUMN altro text")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("TRUNCATE diario")
    proprietario.execute("DROP TABLE diario")


def test_la_guardia_legge_oltre_le_policy_solo_nelle_sue_funzioni(proprietario, app):
    proprietario.execute("""
        CREATE TABLE chiusa AS SELECT 1 AS id;
        ALTER TABLE chiusa ENABLE ROW LEVEL SECURITY;
        ALTER TABLE chiusa FORCE ROW LEVEL SECURITY;
        CREATE FUNCTION quante() RETURNS bigint LANGUAGE sql SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp AS 'SELECT count(*) FROM public.chiusa';
        ALTER FUNCTION quante() OWNER TO registro_guardia;
    """)

    assert app.execute("SELECT count(*) FROM chiusa").fetchone() == (0,)
    assert proprietario.execute("SELECT count(*) FROM chiusa").fetchone() == (0,)
    assert app.execute("SELECT quante()").fetchone() == (1,)
    proprietario.execute("DROP FUNCTION quante(); DROP TABLE chiusa")


def test_chi_salva_legge_oltre_le_policy_e_non_scrive_niente(server, proprietario):
    """BCK-01: il ruolo delle copie vede ogni riga, e nemmeno togliendosi la sola lettura scrive."""
    proprietario.execute("""
        CREATE TABLE chiusa AS SELECT 1 AS id;
        ALTER TABLE chiusa ENABLE ROW LEVEL SECURITY;
        ALTER TABLE chiusa FORCE ROW LEVEL SECURITY;
    """)

    with psycopg.connect(server.url_salvataggio, autocommit=True) as salvataggio:
        assert salvataggio.execute("SELECT count(*) FROM chiusa").fetchone() == (1,)
        assert salvataggio.execute("SHOW transaction_read_only").fetchone() == ("on",)
        salvataggio.execute("SET default_transaction_read_only = off")
        for gesto in (
            "INSERT INTO chiusa VALUES (2)",
            "UPDATE chiusa SET id = 2",
            "DELETE FROM chiusa",
            "TRUNCATE chiusa",
            "CREATE TABLE abusiva ()",
            "CREATE TEMPORARY TABLE abusiva ()",
            "SET ROLE registro_owner",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                salvataggio.execute(gesto)
    proprietario.execute("DROP TABLE chiusa")


def test_chi_non_puo_dare_la_lettura_di_tutto_si_ferma_con_una_frase(server, amministratore):
    segreti = server.cartella.segreti
    amministratore.execute("REVOKE pg_read_all_data FROM registro_backup")
    amministratore.execute("CREATE ROLE debole LOGIN CREATEROLE CREATEDB BYPASSRLS PASSWORD 'd'")
    parametri = psycopg.conninfo.conninfo_to_dict(server.url_amministratore)

    with (
        psycopg.connect(
            **parametri | {"user": "debole", "password": "d"}, autocommit=True
        ) as debole,
        pytest.raises(ErroreServizi, match=r"docs/esercizio\.md"),
    ):
        prepara_ruoli(debole, proprietario=segreti["proprietario"], app=segreti["app"])

    amministratore.execute("DROP ROLE debole")
    prepara_ruoli(amministratore, proprietario=segreti["proprietario"], app=segreti["app"])


def test_un_database_in_piu_nasce_uguale_anche_per_mano_del_proprietario(server, proprietario):
    prepara_database(proprietario, "seconda")

    parametri = psycopg.conninfo.conninfo_to_dict(server.url_app) | {"dbname": "seconda"}
    with psycopg.connect(**parametri) as seconda:
        estensioni = seconda.execute("SELECT extname FROM pg_extension").fetchall()
        ordine = seconda.execute(
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    assert {"pg_trgm", "unaccent", "btree_gist"} <= {nome for (nome,) in estensioni}
    assert ordine == ("b", "C.UTF-8", "UTF8")
    proprietario.execute("DROP DATABASE seconda")


@pytest.mark.parametrize("dalla", REGOLE_DEI_TESTI)
def test_su_ogni_versione_i_testi_si_confrontano_nello_stesso_modo(server, amministratore, dalla):
    regole = sql.SQL(REGOLE_DEI_TESTI[dalla])
    amministratore.execute(
        sql.SQL("CREATE DATABASE terza TEMPLATE template0 ENCODING 'UTF8' {}").format(regole)
    )

    parametri = psycopg.conninfo.conninfo_to_dict(server.url_amministratore)
    with psycopg.connect(**parametri | {"dbname": "terza"}) as terza:
        nomi = terza.execute("SELECT n FROM unnest(ARRAY['è', 'z', 'Z', 'E']) n ORDER BY n")
        maiuscole = terza.execute("SELECT upper('perché'), lower('È'), 'à' ~ '[[:alpha:]]'")

        assert [nome for (nome,) in nomi] == ["E", "Z", "z", "è"]
        assert maiuscole.fetchone() == ("PERCHÉ", "è", True)
    amministratore.execute("DROP DATABASE terza")


def test_chi_non_e_dei_nostri_non_entra_nel_database(server, amministratore):
    password = "di-passaggio"
    amministratore.execute(
        sql.SQL("CREATE ROLE estraneo LOGIN PASSWORD {}").format(sql.Literal(password))
    )
    parametri = psycopg.conninfo.conninfo_to_dict(server.url_app)

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(**parametri | {"user": "estraneo", "password": password})

    amministratore.execute("DROP ROLE estraneo")


def test_un_ruolo_gia_esistente_con_troppi_poteri_ferma_la_preparazione(server, amministratore):
    segreti = server.cartella.segreti
    amministratore.execute("ALTER ROLE registro_app BYPASSRLS")

    with pytest.raises(ErroreServizi, match="registro_app"):
        prepara_ruoli(amministratore, proprietario=segreti["proprietario"], app=segreti["app"])

    amministratore.execute("ALTER ROLE registro_app NOBYPASSRLS")


def test_un_server_gestito_si_prepara_senza_superutente_e_con_segreti_su_file(
    cartella, python, tmp_path
):
    gestito = avvia_incorporati(cartella, effimeri=True)
    with psycopg.connect(gestito.url_amministratore, autocommit=True) as connessione:
        connessione.execute("DROP DATABASE registro")
        for ruolo in ATTESI:
            comando = sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}")
            connessione.execute(comando.format(sql.Identifier(ruolo)))
        connessione.execute("CREATE ROLE gestore LOGIN CREATEROLE CREATEDB BYPASSRLS PASSWORD 'g'")
        connessione.execute("GRANT pg_read_all_data TO gestore WITH ADMIN OPTION")
    indirizzo = urlsplit(gestito.url_amministratore)
    file = {
        "REGISTRO_DATABASE_URL_AMMINISTRATORE": f"postgres://gestore:g@127.0.0.1:{indirizzo.port}/postgres",
        "DATABASE_URL_PROPRIETARIO": f"postgres://registro_owner:o@127.0.0.1:{indirizzo.port}/registro",
        "DATABASE_URL_SALVATAGGIO": f"postgres://registro_backup:s@127.0.0.1:{indirizzo.port}/registro",
        "DATABASE_URL": f"postgres://registro_app:a@127.0.0.1:{indirizzo.port}/registro",
    }
    variabili = {}
    for nome, valore in file.items():
        (tmp_path / nome).write_text(f"{valore}\n")
        variabili[f"{nome}_FILE"] = str(tmp_path / nome)

    esiti = [python("-m", "registro.servizi.ruoli", **variabili) for _ in range(2)]

    assert [esito.returncode for esito in esiti] == [0, 0], esiti[0].stderr
    for ruolo, nome in (
        ("registro_app", "DATABASE_URL"),
        ("registro_backup", "DATABASE_URL_SALVATAGGIO"),
    ):
        with psycopg.connect(file[nome]) as connessione:
            assert connessione.execute("SELECT current_user").fetchone() == (ruolo,)
    gestito.ferma()
