"""Il percorso di una scheda lo tiene il database: chi la legge non può spostarla né avanzarla.

Le policy guardano una riga alla volta, com'era o come diventa; un passaggio è la coppia. Senza
questo guardiano chi compila potrebbe riaprire una scheda accettata, o consegnarla a un altro nodo
riscrivendone `nodo_id` (riprodotto).
"""

from django.db import migrations


PERCORSO = """
DECLARE
    ruolo text := coalesce(public.registro_ruolo(), '');
    passo text := OLD.stato || '>' || NEW.stato;
    del_nodo boolean;
BEGIN
    IF ruolo = 'sistema' THEN
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.uuid, NEW.ente_id, NEW.campagna_id, NEW.nodo_id, NEW.slug, NEW.numero, NEW.titolo)
        IS DISTINCT FROM
       (OLD.id, OLD.uuid, OLD.ente_id, OLD.campagna_id, OLD.nodo_id, OLD.slug, OLD.numero, OLD.titolo)
    THEN
        RAISE EXCEPTION 'Di chi è una scheda, e come si chiama, non cambia.' USING ERRCODE = '42501';
    END IF;
    del_nodo := coalesce(OLD.nodo_id = ANY(public.registro_nodi()), false);
    IF ruolo IN ('operatore', 'referente') THEN
        IF NEW.stato = OLD.stato AND OLD.stato IN ('da_aprire', 'in_compilazione', 'rimandata')
            OR passo = 'da_aprire>in_compilazione'
            OR ruolo = 'referente' AND passo IN (
                'in_compilazione>inviata', 'rimandata>inviata', 'inviata>in_compilazione'
            )
        THEN
            RETURN NEW;
        END IF;
    ELSIF ruolo IN ('coordinatore', 'amministratore')
        AND NEW.sezioni_presenti = OLD.sezioni_presenti
    THEN
        IF del_nodo AND passo IN ('inviata>accettata_dal_nodo', 'inviata>rimandata')
            OR public.registro_rete() AND passo IN (
                'inviata>rimandata', 'accettata_dal_nodo>rimandata', 'accettata>rimandata',
                'inviata>accettata_dal_nodo', 'accettata_dal_nodo>accettata'
            )
            OR public.registro_rete() AND OLD.nodo_id IS NULL AND passo = 'inviata>accettata'
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'Questo passaggio della scheda non spetta a chi lo chiede.'
        USING ERRCODE = '42501';
END
"""

SCHEDA_SCRIVIBILE = "scheda_id = ANY((SELECT registro_schede_scrivibili())::bigint[])"
SISTEMA = "coalesce((SELECT registro_ruolo()) = 'sistema', false)"
# Chi compila una scheda scrive le sue risposte, non chi la può leggere né di che cosa parla.
TESTATA = ("report_dichiarantedischeda", "report_assedischeda")


def _scrive(tabella: str, chi: str) -> str:
    return f"""
        ALTER POLICY inserisci ON {tabella} WITH CHECK ({chi});
        ALTER POLICY modifica ON {tabella} USING ({chi}) WITH CHECK ({chi});
        ALTER POLICY cancella ON {tabella} USING ({chi});
    """


class Migration(migrations.Migration):
    dependencies = [("report", "0007_aritmetica_senza_limite")]

    operations = [
        migrations.RunSQL(
            sql=f"""
                CREATE FUNCTION registro_percorso_della_scheda() RETURNS trigger
                    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
                    AS $percorso$ {PERCORSO} $percorso$;
                CREATE TRIGGER percorso BEFORE UPDATE ON report_scheda
                    FOR EACH ROW EXECUTE FUNCTION registro_percorso_della_scheda();
            """,
            reverse_sql="""
                DROP TRIGGER percorso ON report_scheda;
                DROP FUNCTION registro_percorso_della_scheda();
            """,
        ),
        *[
            migrations.RunSQL(
                sql=_scrive(tabella, f"{SCHEDA_SCRIVIBILE} AND {SISTEMA}"),
                reverse_sql=_scrive(tabella, SCHEDA_SCRIVIBILE),
            )
            for tabella in TESTATA
        ],
    ]
