"""Dimenticare una persona toglie anche le sue parole dall'ente che le ha raccolte senza tenerla.

Una richiesta raccolta su una persona che un altro ente condivide non ha la persona: la indica con la
condivisione. Il resto della funzione è quello di prima.
"""

import importlib

from django.db import migrations


OBLIO = importlib.import_module("conservazione.migrations.0003_oblio")
NOME = "registro_oblio_togli"
ARGOMENTI, RENDE, PRIMA = OBLIO.FUNZIONI[NOME]

DELLA_PERSONA = f"""WHERE {OBLIO.COLONNA} = ANY($1)'
            USING p_chiavi;"""
ANCHE_CONDIVISA = f"""WHERE {OBLIO.COLONNA} = ANY($1) OR condivisione = ANY($2)'
            USING p_chiavi, condivise;"""
POI = PRIMA.replace(DELLA_PERSONA, ANCHE_CONDIVISA)


def _riscrivi(corpo: str) -> str:
    return f"""
        SET ROLE registro_oblio;
        CREATE OR REPLACE FUNCTION {NOME}({ARGOMENTI}) RETURNS {RENDE} LANGUAGE plpgsql
            SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $oblio$ {corpo} $oblio$;
        RESET ROLE;
    """


class Migration(migrations.Migration):
    dependencies = [("conservazione", "0005_numeri_rilasciati")]

    operations = [migrations.RunSQL(sql=_riscrivi(POI), reverse_sql=_riscrivi(PRIMA))]
