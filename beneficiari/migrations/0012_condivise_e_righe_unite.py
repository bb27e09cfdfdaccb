"""Leggere una riga condivisa costa meno; «La segue anche» guarda le righe unite.

Chi riceve si riconosce per primo, e le policy dei gruppi non sensibili si riscrivono come le dice
ora `condivisa`: un database nato oggi le ha già così.
"""

from django.db import migrations

from privacy.gruppi import Gruppo
from privacy.migrazioni import DI_CHI_LAVORA, condivisa, propria


DESTINATARIO = "destinatario_id = ANY((SELECT registro_enti_persone())::bigint[])"
GARANTE = "coalesce((SELECT registro_ruolo()) = 'garante', false)"


def _leggi(*condizioni: str) -> str:
    return f"ALTER POLICY leggi ON beneficiari_autorizzazione USING ({' OR '.join(condizioni)});"


def _righe(tabella: str, gruppo: Gruppo, persona: str = "beneficiario_id") -> migrations.RunSQL:
    tabella = f"beneficiari_{tabella}"
    sua, loro = propria(tabella, gruppo, persona), condivisa(tabella, gruppo, persona)
    return migrations.RunSQL(
        sql=f"ALTER POLICY leggi ON {tabella} USING (({sua}) OR {loro});",
        reverse_sql=migrations.RunSQL.noop,
    )


PRESTAZIONI = ("presaincarico", "obiettivo", "revisioneobiettivo", "riapertura")
IN_VIGORE = """
    a.revocata_il IS NULL
    AND a.dal <= public.registro_oggi() AND a.al >= public.registro_oggi()
"""
# Una persona può avere più righe da tutte e due le parti: contano tutte, e ogni ente una volta.
CON_LE_RIGHE_UNITE = f"""
DECLARE
    miei bigint[] := public.registro_enti_persone();
BEGIN
    RETURN QUERY
        SELECT a.uuid, a.ente_id, a.livello::text, a.finalita::text, a.al
        FROM public.beneficiari_autorizzazione a
        WHERE a.destinatario_id = ANY(miei) AND {IN_VIGORE}
          AND a.beneficiario_id IN (
            SELECT loro.id
            FROM public.beneficiari_beneficiario mia
            JOIN public.beneficiari_legame l
              ON l.beneficiario_id = mia.id AND l.stato = 'confermato'
            JOIN public.beneficiari_legame altro
              ON altro.persona_id = l.persona_id AND altro.stato = 'confermato'
             AND altro.ente_id <> l.ente_id
            JOIN public.beneficiari_beneficiario sua ON sua.id = altro.beneficiario_id
            CROSS JOIN LATERAL (SELECT coalesce(sua.unito_a_id, sua.id) AS id) tenuta
            JOIN public.beneficiari_beneficiario loro
              ON loro.id = tenuta.id OR loro.unito_a_id = tenuta.id
            WHERE (mia.id = p_beneficiario OR mia.unito_a_id = p_beneficiario)
              AND mia.ente_id = ANY(miei)
          )
        ORDER BY a.ente_id, a.id;
END
"""
DI_UNA_RIGA_SOLA = f"""
BEGIN
    RETURN QUERY
        SELECT a.uuid, a.ente_id, a.livello::text, a.finalita::text, a.al
        FROM public.beneficiari_beneficiario mia
        JOIN public.beneficiari_legame l
          ON l.beneficiario_id = mia.id AND l.stato = 'confermato'
        JOIN public.beneficiari_legame altro
          ON altro.persona_id = l.persona_id AND altro.stato = 'confermato'
         AND altro.ente_id <> l.ente_id
        JOIN public.beneficiari_autorizzazione a
          ON a.beneficiario_id = altro.beneficiario_id AND a.destinatario_id = mia.ente_id
         AND {IN_VIGORE}
        WHERE mia.id = p_beneficiario AND mia.ente_id = ANY(public.registro_enti_persone())
        ORDER BY a.ente_id, a.id;
END
"""


def _altri_enti(corpo: str) -> str:
    return f"""
        SET ROLE registro_guardia;
        CREATE OR REPLACE FUNCTION registro_altri_enti(p_beneficiario bigint)
            RETURNS TABLE (autorizzazione uuid, ente bigint, livello text, finalita text, al date)
            LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp
            AS $guardia$ {corpo} $guardia$;
        RESET ROLE;
    """


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiari", "0011_indici_degli_elenchi"),
        ("privacy", "0004_enti_persone_in_un_passo"),
    ]

    operations = [
        _righe("beneficiario", Gruppo.ANAGRAFICA, persona="id"),
        _righe("identificativo", Gruppo.IDENTIFICATIVI),
        _righe("componente", Gruppo.NUCLEO),
        *[_righe(tabella, Gruppo.PRESTAZIONI) for tabella in PRESTAZIONI],
        migrations.RunSQL(
            sql=_leggi(DESTINATARIO, DI_CHI_LAVORA, GARANTE),
            reverse_sql=_leggi(DI_CHI_LAVORA, DESTINATARIO, GARANTE),
        ),
        migrations.RunSQL(
            sql=_altri_enti(CON_LE_RIGHE_UNITE), reverse_sql=_altri_enti(DI_UNA_RIGA_SOLA)
        ),
    ]
