"""Un'importazione di persone o di casi si annulla intera, finché nient'altro ci poggia.

L'applicazione non può cancellare una persona né una presa in carico, e così resta: lo fa una
funzione, solo per le righe che quell'importazione ha fatto nascere e che nessun'altra indica. Chi
guarda le indicazioni è il catalogo del database: una tabella di domani è già compresa.
"""

from django.db import migrations, models

from privacy.migrazioni import rifiuta
from registro.comune.migrazioni import funzione_di_guardia


# Nell'ordine in cui si tolgono: prima ciò che indica.
TOLTE = (
    "beneficiari_recapito",
    "beneficiari_identificativo",
    "beneficiari_presaincarico",
    "beneficiari_beneficiario",
)
STORIE = tuple(tabella.replace("_", "_storia", 1) for tabella in TOLTE)
PRIVILEGI = f"""
    GRANT DELETE ON {", ".join(TOLTE)}, beneficiari_affidamento, prestazioni_rigaimportata
        TO registro_guardia;
    GRANT INSERT ON {", ".join(STORIE)} TO registro_guardia;
"""
SENZA_PRIVILEGI = f"""
    REVOKE DELETE ON {", ".join(TOLTE)}, beneficiari_affidamento, prestazioni_rigaimportata
        FROM registro_guardia;
    REVOKE INSERT ON {", ".join(STORIE)} FROM registro_guardia;
"""

# Rende che cosa ci poggia, e allora non toglie niente; nessuna riga se ha tolto tutto.
TOGLI = f"""
DECLARE
    legame record;
    trovate bigint;
    libera boolean := true;
    della_tabella text;
BEGIN
    IF NOT public.registro_apre_tutto() OR NOT EXISTS (
        SELECT 1 FROM public.prestazioni_importazione i
        WHERE i.id = p_importazione AND i.ente_id = ANY(public.registro_enti_persone())
    ) THEN
        {rifiuta("importazione_di_chi_risponde", "Un'importazione la annulla chi risponde dei dati dell'ente.")};
    END IF;
    FOR legame IN
        SELECT madre.relname::text AS madre, figlia.relname::text AS figlia, a.attname AS colonna
        FROM pg_catalog.pg_constraint c
        JOIN pg_catalog.pg_class madre ON madre.oid = c.confrelid
        JOIN pg_catalog.pg_class figlia ON figlia.oid = c.conrelid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
          AND c.connamespace = 'public'::regnamespace
          AND madre.relname::text = ANY(ARRAY{list(TOLTE)!r})
        ORDER BY 2, 3
    LOOP
        -- Gli affidamenti di una presa in carico li fa il database, e se ne vanno con lei.
        EXECUTE format(
            'SELECT count(*) FROM public.%I f
             WHERE f.%I IN (SELECT r.chiave FROM public.prestazioni_rigaimportata r
                            WHERE r.importazione_id = $1 AND r.tabella = $2)
               AND NOT EXISTS (SELECT 1 FROM public.prestazioni_rigaimportata r
                               WHERE r.importazione_id = $1 AND r.tabella = $3 AND r.chiave = f.id)'
            || CASE WHEN legame.figlia = 'beneficiari_affidamento'
                    THEN ' AND f.tipo <> ''assegnato''' ELSE '' END,
            legame.figlia, legame.colonna
        ) INTO trovate USING p_importazione, legame.madre, legame.figlia;
        IF trovate > 0 THEN
            libera := false;
            RETURN QUERY SELECT legame.figlia, trovate;
        END IF;
    END LOOP;
    FOREACH della_tabella IN ARRAY ARRAY['beneficiari_beneficiario', 'beneficiari_presaincarico'] LOOP
        EXECUTE format(
            'SELECT count(*) FROM public.%I f WHERE f.versione > 1
               AND f.id IN (SELECT r.chiave FROM public.prestazioni_rigaimportata r
                            WHERE r.importazione_id = $1 AND r.tabella = $2)', della_tabella
        ) INTO trovate USING p_importazione, della_tabella;
        IF trovate > 0 THEN
            libera := false;
            RETURN QUERY SELECT 'corrette:' || della_tabella, trovate;
        END IF;
    END LOOP;
    IF NOT libera THEN
        RETURN;
    END IF;
    -- La storia la scrivono i trigger, che nominano le loro tabelle senza lo schema.
    PERFORM set_config('search_path', 'pg_catalog, public, pg_temp', true);
    DELETE FROM public.beneficiari_affidamento f USING public.prestazioni_rigaimportata r
        WHERE r.importazione_id = p_importazione AND r.tabella = 'beneficiari_presaincarico'
          AND f.presa_id = r.chiave;
    DELETE FROM public.beneficiari_etichetta e USING public.prestazioni_rigaimportata r
        WHERE r.importazione_id = p_importazione AND r.tabella = 'beneficiari_beneficiario'
          AND e.beneficiario_id = r.chiave;
    DELETE FROM public.beneficiari_legame l USING public.prestazioni_rigaimportata r
        WHERE r.importazione_id = p_importazione AND r.tabella = 'beneficiari_beneficiario'
          AND l.beneficiario_id = r.chiave;
    FOREACH della_tabella IN ARRAY ARRAY{list(TOLTE)!r} LOOP
        EXECUTE format(
            'DELETE FROM public.%I f USING public.prestazioni_rigaimportata r
             WHERE r.importazione_id = $1 AND r.tabella = $2 AND r.chiave = f.id', della_tabella
        ) USING p_importazione, della_tabella;
    END LOOP;
    DELETE FROM public.prestazioni_rigaimportata r WHERE r.importazione_id = p_importazione;
END
"""


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0011_porte_dei_cruscotti")]

    operations = [
        migrations.AddField(
            model_name="importazione",
            name="tentativi",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="tentativi"),
        ),
        migrations.RunSQL(sql=PRIVILEGI, reverse_sql=SENZA_PRIVILEGI),
        funzione_di_guardia(
            "registro_togli_importate",
            argomenti="p_importazione bigint",
            rende="TABLE (tabella text, quante bigint)",
            corpo=TOGLI,
            scrive=True,
        ),
    ]
