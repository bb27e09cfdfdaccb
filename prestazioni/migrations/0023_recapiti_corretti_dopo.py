"""Annullare un'importazione non porta via un recapito o un codice che qualcuno ha corretto dopo.

Persone e prese in carico contano le proprie versioni; recapiti e codici no: chi li ha cambiati lo
dice la loro storia, che a chi annulla si mostra solo in parte e alla funzione di guardia intera.
"""

from importlib import import_module

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia


TABELLE = ("beneficiari_recapito", "beneficiari_identificativo")
STORIE = ", ".join(tabella.replace("_", "_storia", 1) for tabella in TABELLE)
PRIMA = import_module("prestazioni.migrations.0007_annullare_un_importazione").TOGLI
SE_LIBERA = "    IF NOT libera THEN"
CORRETTI = f"""
    FOREACH della_tabella IN ARRAY ARRAY{list(TABELLE)!r} LOOP
        EXECUTE format(
            'SELECT count(DISTINCT s.pgh_obj_id) FROM public.%I s WHERE s.pgh_label = ''cambiata''
               AND s.pgh_obj_id IN (SELECT r.chiave FROM public.prestazioni_rigaimportata r
                                    WHERE r.importazione_id = $1 AND r.tabella = $2)',
            replace(della_tabella, 'beneficiari_', 'beneficiari_storia')
        ) INTO trovate USING p_importazione, della_tabella;
        IF trovate > 0 THEN
            libera := false;
            RETURN QUERY SELECT 'corrette:' || della_tabella, trovate;
        END IF;
    END LOOP;
"""


def _funzione(corpo: str) -> migrations.RunSQL:
    return funzione_di_guardia(
        "registro_togli_importate",
        argomenti="p_importazione bigint",
        rende="TABLE (tabella text, quante bigint)",
        corpo=corpo,
        scrive=True,
    )


VECCHIA = _funzione(PRIMA)


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0022_somme_dal_solo_indice")]

    operations = [
        migrations.RunSQL(
            sql=f"GRANT SELECT ON {STORIE} TO registro_guardia;",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(sql=VECCHIA.reverse_sql, reverse_sql=VECCHIA.sql),
        _funzione(PRIMA.replace(SE_LIBERA, CORRETTI + SE_LIBERA, 1)),
    ]
