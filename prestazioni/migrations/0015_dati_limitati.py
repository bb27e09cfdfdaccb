"""I dati limitati di una persona non si cambiano nemmeno qui, non se ne aggiungono e non si contano.

Una prestazione resta fra quelle fatte dall'ente: è la persona a non essere contata, né in quelle
dell'ente né in quelle della rete, finché la limitazione dura.
"""

import importlib

from django.db import migrations

from privacy.migrazioni import funzione_di_regola


CRUSCOTTI = importlib.import_module("prestazioni.migrations.0008_cruscotti_della_rete")
PORTE = importlib.import_module("prestazioni.migrations.0014_numeri_di_chi_non_c_e_piu")

# Tabelle di una persona: la regola è quella che `beneficiari` tiene sulle sue.
DI_UNA_PERSONA = (
    *("partecipazione", "notadiprestazione", "membrodigruppo", "appuntamento", "esito"),
    *("tirocinio", "pianorientro", "rata", "praticacasa", "passodipratica"),
)

# Le righe delle persone limitate adesso, con quelle unite: quasi sempre nessuna.
LIMITATE = """ARRAY(
            SELECT b.id FROM public.beneficiari_limitazione l
            JOIN public.beneficiari_beneficiario b
              ON b.id = l.beneficiario_id OR b.unito_a_id = l.beneficiario_id
            WHERE l.tolta_il IS NULL
        )"""
RICALCOLA = PORTE._al_posto(
    CRUSCOTTI.RICALCOLA,
    (
        "WHERE p.beneficiario_id IS NOT NULL) voci",
        f"WHERE p.beneficiario_id IS NOT NULL AND p.beneficiario_id <> ALL({LIMITATE})) voci",
    ),
)
CASI = PORTE._al_posto(
    PORTE.CASI,
    (
        "chiusa_il FROM public.beneficiari_presaincarico\n",
        "chiusa_il FROM public.beneficiari_presaincarico"
        f" WHERE coalesce(beneficiario_id, 0) <> ALL({LIMITATE})\n",
    ),
)
BISOGNI = PORTE._al_posto(
    PORTE.BISOGNI,
    (
        "p.id = r.presa_id\n",
        f"p.id = r.presa_id\n        WHERE r.beneficiario_id <> ALL({LIMITATE})\n",
    ),
)

# I mesi in cui la persona c'era si ricontano quando la limitazione comincia e quando finisce.
RICONTA = """
BEGIN
    INSERT INTO public.cruscotti_cambio (ente_id, mese)
        SELECT DISTINCT p.ente_id, date_trunc('month', p.giorno::timestamp)::date
        FROM public.prestazioni_partecipazione p
        WHERE p.ente_id = NEW.ente_id AND p.beneficiario_id IN (
            SELECT b.id FROM public.beneficiari_beneficiario b
            WHERE b.id = NEW.beneficiario_id OR b.unito_a_id = NEW.beneficiario_id
        );
    RETURN NULL;
END
"""


def _ricalcola(corpo: str) -> str:
    return f"""
        SET ROLE registro_guardia;
        CREATE OR REPLACE FUNCTION registro_ricalcola_cruscotti(p_tutto boolean) RETURNS bigint
            LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
            AS $guardia$ {corpo} $guardia$;
        RESET ROLE;
    """


class Migration(migrations.Migration):
    dependencies = [
        ("prestazioni", "0014_numeri_di_chi_non_c_e_piu"),
        ("beneficiari", "0014_diritti_degli_interessati"),
    ]

    operations = [
        migrations.RunSQL(
            sql="".join(
                "CREATE TRIGGER regola_limitata BEFORE INSERT OR UPDATE OR DELETE"
                f" ON prestazioni_{tabella} FOR EACH ROW EXECUTE FUNCTION regola_limitata();"
                for tabella in DI_UNA_PERSONA
            ),
            reverse_sql="".join(
                f"DROP TRIGGER regola_limitata ON prestazioni_{tabella};"
                for tabella in DI_UNA_PERSONA
            ),
        ),
        migrations.RunSQL(sql=_ricalcola(RICALCOLA), reverse_sql=_ricalcola(CRUSCOTTI.RICALCOLA)),
        migrations.RunSQL(
            sql=PORTE._porte(casi=CASI, bisogni=BISOGNI),
            reverse_sql=PORTE._porte(casi=PORTE.CASI, bisogni=PORTE.BISOGNI),
        ),
        funzione_di_regola(
            "cruscotti_riconta_limitata",
            "beneficiari_limitazione",
            "AFTER INSERT OR UPDATE OF tolta_il",
            RICONTA,
            guardia=True,
        ),
    ]
