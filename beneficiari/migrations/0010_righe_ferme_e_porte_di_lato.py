"""Ciò che dentro un ente si poteva ancora aggirare, e che adesso il database non permette.

Una riga di una persona resta di quella persona; la storia la scrivono solo i trigger; il motivo di
un'apertura lo legge chi l'ha scritto e chi risponde dei dati; chi non vede i dati sensibili di una
persona non li apre a un altro ente; una presa in carico la propone ad altri chi la segue.
"""

from django.db import migrations

from privacy.gruppi import GRUPPI_SENSIBILI
from privacy.migrazioni import DI_CHI_LAVORA, funzione_di_regola, rifiuta


DI_UNA_PERSONA = "ente_id, beneficiario_id"
# Tabella → ciò che di una sua riga non cambia più.
FERME = {
    "beneficiario": "ente_id",
    "nucleo": "ente_id",
    "componente": f"{DI_UNA_PERSONA}, nucleo_id",
    "presaincarico": f"{DI_UNA_PERSONA}, nucleo_id",
    "obiettivo": f"{DI_UNA_PERSONA}, presa_id",
    **dict.fromkeys(
        (
            *("recapito", "identificativo", "bisognorilevato", "valutazione"),
            *("condizionerilevata", "nota"),
        ),
        DI_UNA_PERSONA,
    ),
}
NON_SI_SPOSTA = "Una riga di una persona non si sposta su un'altra: scrivila di nuovo dove serve."


def _colonne(riga: str, nomi: str) -> str:
    return "ROW(" + ", ".join(f"{riga}.{nome}" for nome in nomi.split(", ")) + ")"


def _ferma(tabella: str, nomi: str) -> str:
    return (
        f"CREATE TRIGGER regola_riga_ferma BEFORE UPDATE ON beneficiari_{tabella} FOR EACH ROW"
        f" WHEN ({_colonne('OLD', nomi)} IS DISTINCT FROM {_colonne('NEW', nomi)})"
        " EXECUTE FUNCTION regola_riga_ferma();"
    )


RIGHE_FERME = f"""
    CREATE FUNCTION regola_riga_ferma() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp
        AS $regola$ BEGIN {rifiuta("riga_di_una_persona_sola", NON_SI_SPOSTA)}; END $regola$;
    {"".join(_ferma(tabella, nomi) for tabella, nomi in FERME.items())}
"""
RIGHE_MOBILI = f"""
    {"".join(f"DROP TRIGGER regola_riga_ferma ON beneficiari_{tabella};" for tabella in FERME)}
    DROP FUNCTION regola_riga_ferma();
"""

AMMINISTRA = "coalesce((SELECT registro_ruolo()) IN ('amministratore', 'sistema'), false)"
# Tabella di storia → chi poteva già scriverci.
STORIE = {
    "privacy_storiabasegiuridica": AMMINISTRA,
    "privacy_storiaaccordocontitolarita": AMMINISTRA,
    **dict.fromkeys(
        (
            "privacy_storiainformativa",
            *(
                f"beneficiari_storia{nome}"
                for nome in (
                    *("beneficiario", "recapito", "identificativo", "nucleo", "componente"),
                    *("presaincarico", "obiettivo", "bisognorilevato", "valutazione"),
                    *("condizionerilevata", "nota", "autorizzazione"),
                )
            ),
        ),
        DI_CHI_LAVORA,
    ),
}


def _storie(anche: str) -> str:
    return "".join(
        f"ALTER POLICY inserisci ON {tabella} WITH CHECK ({chi}{anche});"
        for tabella, chi in STORIE.items()
    )


RISPONDE_O_E_SUO = (
    "((SELECT registro_apre_tutto()) OR utente_id = (SELECT registro_utente()){anche})"
)
CHIUDE_IL_PROPRIO = f"{DI_CHI_LAVORA} AND {RISPONDE_O_E_SUO.format(anche='')}"
# Chi segue chi lo vede tutto l'ente; perché un collega ha aperto una persona, no. E un'apertura
# finisce adesso: non si fa sembrare più corta di quanto è stata.
AFFIDAMENTI = f"""
    ALTER POLICY leggi ON beneficiari_affidamento USING (
        {DI_CHI_LAVORA} AND {RISPONDE_O_E_SUO.format(anche=" OR tipo = 'assegnato'")});
    ALTER POLICY modifica ON beneficiari_affidamento
        USING ({CHIUDE_IL_PROPRIO} AND (al IS NULL OR al > statement_timestamp()))
        WITH CHECK ({CHIUDE_IL_PROPRIO} AND al BETWEEN now() AND statement_timestamp());
"""
AFFIDAMENTI_DI_PRIMA = f"""
    ALTER POLICY leggi ON beneficiari_affidamento USING ({DI_CHI_LAVORA});
    ALTER POLICY modifica ON beneficiari_affidamento
        USING ({CHIUDE_IL_PROPRIO} AND (al IS NULL OR al > statement_timestamp()))
        WITH CHECK ({CHIUDE_IL_PROPRIO} AND al <= statement_timestamp());
"""


def _affida(dello_stesso_ente: str) -> str:
    """La funzione che segue le prese in carico: di un nucleo, solo i componenti dell'ente."""
    return f"""
    SET ROLE registro_guardia;
    CREATE OR REPLACE FUNCTION regola_affida() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp
        AS $regola$
    BEGIN
        UPDATE public.beneficiari_affidamento SET al = now()
            WHERE presa_id = NEW.id AND tipo = 'assegnato' AND al IS NULL;
        IF NEW.chiusa_il IS NULL THEN
            INSERT INTO public.beneficiari_affidamento
                (ente_id, beneficiario_id, utente_id, presa_id, tipo, motivo)
            SELECT NEW.ente_id, persona, NEW.operatore_id, NEW.id, 'assegnato', ''
            FROM (
                SELECT NEW.beneficiario_id AS persona WHERE NEW.beneficiario_id IS NOT NULL
                UNION
                SELECT m.beneficiario_id FROM public.beneficiari_componente m
                WHERE m.nucleo_id = NEW.nucleo_id AND m.al IS NULL {dello_stesso_ente}
            ) AS seguite;
        END IF;
        RETURN NULL;
    END
        $regola$;
    RESET ROLE;
    """


SENSIBILI = ", ".join(f"'{gruppo.value}'" for gruppo in sorted(GRUPPI_SENSIBILI))
DATI_SENSIBILI = f"""
BEGIN
    IF NEW.gruppi && ARRAY[{SENSIBILI}]::varchar[] AND NOT public.registro_apre_tutto()
       AND NOT EXISTS (
           SELECT 1 FROM public.beneficiari_affidamento f
           WHERE f.beneficiario_id = NEW.beneficiario_id AND f.ente_id = NEW.ente_id
             AND f.utente_id = public.registro_utente() AND f.dal <= statement_timestamp()
             AND (f.al IS NULL OR f.al > statement_timestamp())
       )
    THEN
        {rifiuta("autorizzazione_di_chi_li_vede", "I dati sensibili li condivide chi segue la persona, chi li ha aperti dicendo perché, o il referente.")};
    END IF;
    RETURN NEW;
END
"""

CHI_SEGUE_LA_PRESA = """
    EXISTS (
        SELECT 1 FROM beneficiari_presaincarico p
        WHERE p.id = beneficiari_passaggio.presa_id AND p.ente_id = beneficiari_passaggio.ente_id
          AND ((SELECT registro_apre_tutto()) OR p.operatore_id = (SELECT registro_utente()))
    )
"""
RISPOSTA_CON_LO_STATO = f"""
BEGIN
    IF NEW.stato = OLD.stato AND ROW(NEW.risposta, NEW.risposto_il, NEW.risposto_da_id)
       IS DISTINCT FROM ROW(OLD.risposta, OLD.risposto_il, OLD.risposto_da_id)
    THEN
        {rifiuta("passaggio_risposta_con_lo_stato", "A un passaggio si risponde accettando o rifiutando.")};
    END IF;
    RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiari", "0009_codice_esatto"),
        ("privacy", "0003_indici_del_registro"),
    ]

    operations = [
        migrations.RunSQL(sql=RIGHE_FERME, reverse_sql=RIGHE_MOBILI),
        migrations.RunSQL(sql=_storie(" AND pg_trigger_depth() > 0"), reverse_sql=_storie("")),
        migrations.RunSQL(sql=AFFIDAMENTI, reverse_sql=AFFIDAMENTI_DI_PRIMA),
        migrations.RunSQL(
            sql=_affida("AND m.ente_id = NEW.ente_id"),
            reverse_sql=_affida(""),
        ),
        funzione_di_regola(
            "regola_dati_sensibili",
            "beneficiari_autorizzazione",
            "BEFORE INSERT",
            DATI_SENSIBILI,
        ),
        migrations.RunSQL(
            sql=f"ALTER POLICY inserisci ON beneficiari_passaggio"
            f" WITH CHECK ({DI_CHI_LAVORA} AND {CHI_SEGUE_LA_PRESA});",
            reverse_sql="ALTER POLICY inserisci ON beneficiari_passaggio"
            f" WITH CHECK ({DI_CHI_LAVORA});",
        ),
        funzione_di_regola(
            "regola_risposta_con_lo_stato",
            "beneficiari_passaggio",
            "BEFORE UPDATE",
            RISPOSTA_CON_LO_STATO,
        ),
    ]
