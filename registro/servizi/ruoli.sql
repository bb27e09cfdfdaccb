-- I ruoli del Registro. Si può rieseguire: crea solo quelli che mancano.
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
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registro_oblio') THEN
        CREATE ROLE registro_oblio NOLOGIN BYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registro_stat') THEN
        CREATE ROLE registro_stat NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registro_backup') THEN
        CREATE ROLE registro_backup LOGIN BYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'registro_sigillo') THEN
        CREATE ROLE registro_sigillo LOGIN;
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
        EXECUTE 'GRANT registro_guardia, registro_oblio TO registro_owner'
            ' WITH INHERIT FALSE, SET TRUE';
    ELSE
        GRANT registro_guardia, registro_oblio TO registro_owner;
    END IF;
END
$appartenenza$;

-- Il salvataggio legge ogni riga di ogni ente e non ne scrive nessuna: non ha altri privilegi, e la
-- sola lettura della sessione è una seconda serratura.
DO $salvataggio$
BEGIN
    IF NOT pg_has_role('registro_backup', 'pg_read_all_data', 'MEMBER') THEN
        GRANT pg_read_all_data TO registro_backup;
    END IF;
END
$salvataggio$;
ALTER ROLE registro_backup SET default_transaction_read_only = on;

-- Chi dimentica una persona toglie righe che regole e storie tengono ferme (un mese firmato, una riga
-- limitata): nessun trigger parte, e i legami rimasti appesi li controlla la funzione. Il permesso lo
-- dà un superutente: senza, tutto il resto funziona e l'oblio si rifiuta dicendo perché.
DO $oblio$
BEGIN
    GRANT SET ON PARAMETER session_replication_role TO registro_oblio;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'L''oblio non funzionerà: GRANT SET ON PARAMETER session_replication_role TO registro_oblio, da superutente.';
END
$oblio$;
