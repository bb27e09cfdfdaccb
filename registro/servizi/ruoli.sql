-- I tre ruoli del Registro. Si può rieseguire: crea solo quelli che mancano.
-- Le password si danno a parte (registro/servizi/ruoli.py): qui non passano segreti.

DO $ruoli$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registro_owner') THEN
        CREATE ROLE registro_owner LOGIN CREATEDB;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registro_app') THEN
        CREATE ROLE registro_app LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registro_guardia') THEN
        CREATE ROLE registro_guardia NOLOGIN BYPASSRLS;
    END IF;
END
$ruoli$;

-- Le interrogazioni delle pagine sono brevi: compilarle costa più che eseguirle.
ALTER ROLE registro_app SET jit = off;

-- Le migrazioni consegnano alla guardia le sue funzioni; il proprietario non ne eredita altro.
-- PostgreSQL 15 non conosce l'opzione: lì eredita le letture della guardia, mai BYPASSRLS.
DO $appartenenza$
BEGIN
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE 'GRANT registro_guardia TO registro_owner WITH INHERIT FALSE, SET TRUE';
    ELSE
        GRANT registro_guardia TO registro_owner;
    END IF;
END
$appartenenza$;
