"""Anche chi ha avuto il permesso in più di inviare le schede dell'ente le può inviare e ritirare."""

from django.db import migrations


REFERENTE = "OR ruolo = 'referente' AND passo IN ("
ANCHE_PER_ECCEZIONE = (
    "OR (ruolo = 'referente' OR 'schede_inviare' = ANY(public.registro_permessi())) AND passo IN ("
)


def _riscrivi(prima: str, dopo: str) -> str:
    """Rifà il guardiano del percorso cambiandone una condizione sola, quella di chi invia."""
    return f"""
        DO $riscrivi$
        DECLARE
            vecchio text := pg_get_functiondef('registro_percorso_della_scheda()'::regprocedure);
            nuovo text := replace(vecchio, $prima${prima}$prima$, $dopo${dopo}$dopo$);
        BEGIN
            IF nuovo = vecchio THEN
                RAISE EXCEPTION 'Il percorso della scheda non è quello atteso.';
            END IF;
            EXECUTE nuovo;
        END
        $riscrivi$;
    """


class Migration(migrations.Migration):
    dependencies = [
        ("report", "0008_percorso_della_scheda"),
        ("enti", "0006_confine_di_inviti_ed_eccezioni"),
    ]

    operations = [
        migrations.RunSQL(
            sql=_riscrivi(REFERENTE, ANCHE_PER_ECCEZIONE),
            reverse_sql=_riscrivi(ANCHE_PER_ECCEZIONE, REFERENTE),
        )
    ]
