"""Chi è l'attore di sistema non lo decide l'applicazione.

Per lui ogni funzione di guardia risponde sì, in ogni ente: un utente che lo diventasse vedrebbe le
persone di tutti. La riga nasce con le migrazioni; da lì in poi quel segno non si mette e non si toglie.
"""

from django.db import migrations


FERMO = """
    CREATE FUNCTION regola_attore_di_sistema() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
        AS $regola$
    BEGIN
        IF current_user = 'registro_app' THEN
            RAISE EXCEPTION 'Chi è l''attore di sistema non cambia.' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
    END
        $regola$;
    CREATE TRIGGER regola_attore_di_sistema_nato BEFORE INSERT ON enti_utente
        FOR EACH ROW WHEN (NEW.di_sistema) EXECUTE FUNCTION regola_attore_di_sistema();
    CREATE TRIGGER regola_attore_di_sistema_cambiato BEFORE UPDATE ON enti_utente
        FOR EACH ROW WHEN (NEW.di_sistema IS DISTINCT FROM OLD.di_sistema)
        EXECUTE FUNCTION regola_attore_di_sistema();
"""
NON_FERMO = """
    DROP TRIGGER regola_attore_di_sistema_nato ON enti_utente;
    DROP TRIGGER regola_attore_di_sistema_cambiato ON enti_utente;
    DROP FUNCTION regola_attore_di_sistema();
"""


class Migration(migrations.Migration):
    dependencies = [("enti", "0006_confine_di_inviti_ed_eccezioni")]

    operations = [migrations.RunSQL(sql=FERMO, reverse_sql=NON_FERMO)]
