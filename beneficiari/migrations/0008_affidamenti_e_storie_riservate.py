"""Tre porte che restavano socchiuse dentro un ente: la storia, le proroghe, i nuclei che cambiano.

La storia di un recapito riservato la leggeva chi risponde dei dati anche senza custodirlo; chi aveva
aperto una persona poteva prolungarsi l'apertura da sé; chi usciva da un nucleo restava affidato a
chi segue il nucleo, e chi vi entrava non lo era.
"""

from django.db import migrations

from privacy.migrazioni import DI_CHI_LAVORA, funzione_di_regola


RISPONDE = f"{DI_CHI_LAVORA} AND (SELECT registro_apre_tutto())"
# La storia si vede se si vede la riga com'è adesso: un indirizzo diventato riservato lo è anche
# nelle sue versioni di prima, e quella di una riga tolta non si legge più.
SI_VEDE_ANCORA = (
    "EXISTS (SELECT 1 FROM beneficiari_recapito r"
    " WHERE r.id = beneficiari_storiarecapito.pgh_obj_id)"
)
# Un recapito che non è più riservato non svela l'indirizzo di quando lo era.
NON_ERA_DI_ALTRI = (
    "(NOT riservato OR (SELECT registro_utente()) = custode_id"
    " OR (SELECT registro_utente()) = altro_custode_id)"
)
CHIUDE_IL_PROPRIO = (
    f"{DI_CHI_LAVORA}"
    " AND ((SELECT registro_apre_tutto()) OR utente_id = (SELECT registro_utente()))"
)

AFFIDA_COMPONENTE = """
BEGIN
    IF NEW.al IS NOT NULL THEN
        UPDATE public.beneficiari_affidamento f SET al = now()
            FROM public.beneficiari_presaincarico p
            WHERE f.presa_id = p.id AND p.nucleo_id = NEW.nucleo_id AND f.al IS NULL
              AND f.beneficiario_id = NEW.beneficiario_id AND f.tipo = 'assegnato';
        RETURN NULL;
    END IF;
    INSERT INTO public.beneficiari_affidamento
        (ente_id, beneficiario_id, utente_id, presa_id, tipo, motivo)
    SELECT p.ente_id, NEW.beneficiario_id, p.operatore_id, p.id, 'assegnato', ''
    FROM public.beneficiari_presaincarico p
    WHERE p.nucleo_id = NEW.nucleo_id AND p.ente_id = NEW.ente_id AND p.chiusa_il IS NULL
      AND NOT EXISTS (
          SELECT 1 FROM public.beneficiari_affidamento f
          WHERE f.presa_id = p.id AND f.beneficiario_id = NEW.beneficiario_id AND f.al IS NULL
      );
    RETURN NULL;
END
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0007_passaggi_e_riaperture")]

    operations = [
        migrations.RunSQL(
            sql=f"ALTER POLICY leggi ON beneficiari_storiarecapito"
            f" USING ({RISPONDE} AND {NON_ERA_DI_ALTRI} AND {SI_VEDE_ANCORA});",
            reverse_sql=f"ALTER POLICY leggi ON beneficiari_storiarecapito USING ({RISPONDE});",
        ),
        # Un affidamento finito non riprende, e uno in corso si può solo far finire adesso.
        migrations.RunSQL(
            sql=f"""ALTER POLICY modifica ON beneficiari_affidamento
                USING ({CHIUDE_IL_PROPRIO} AND (al IS NULL OR al > statement_timestamp()))
                WITH CHECK ({CHIUDE_IL_PROPRIO} AND al <= statement_timestamp());""",
            reverse_sql=f"""ALTER POLICY modifica ON beneficiari_affidamento
                USING ({CHIUDE_IL_PROPRIO}) WITH CHECK ({CHIUDE_IL_PROPRIO});""",
        ),
        funzione_di_regola(
            "regola_affida_componente",
            "beneficiari_componente",
            "AFTER INSERT OR UPDATE OF al",
            AFFIDA_COMPONENTE,
            guardia=True,
        ),
    ]
