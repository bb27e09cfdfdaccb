"""Il passaggio di una presa in carico: chi risponde, su quale autorizzazione, che cosa si chiude.

Accettando, l'altro ente chiude una riga che non è sua: lo fa la guardia, e solo in quel caso. E una
riapertura tiene com'era andata la volta prima.
"""

from django.db import migrations, models

from privacy.migrazioni import DI_CHI_LAVORA, funzione_di_regola, rifiuta


DESTINATARIO = "destinatario_id = ANY((SELECT registro_enti_persone())::bigint[])"
IN_VIGORE = (
    "{0}.revocata_il IS NULL AND {0}.dal <= public.registro_oggi()"
    " AND {0}.al >= public.registro_oggi()"
)

# Il motivo di un passaggio parla della persona: chi lo riceve smette di leggerlo quando
# l'autorizzazione cade, salvo che abbia già accettato.
LEGGI_FINCHE_AUTORIZZATO = f"""
    ALTER POLICY leggi ON beneficiari_passaggio USING (
        {DI_CHI_LAVORA} OR ({DESTINATARIO} AND (stato = 'accettato' OR EXISTS (
            SELECT 1 FROM beneficiari_autorizzazione a
            WHERE a.id = beneficiari_passaggio.autorizzazione_id AND a.revocata_il IS NULL
              AND a.dal <= (SELECT registro_oggi()) AND a.al >= (SELECT registro_oggi())
        )))
    );
"""
LEGGI_SEMPRE = f"""
    ALTER POLICY leggi ON beneficiari_passaggio USING ({DI_CHI_LAVORA} OR {DESTINATARIO});
"""

PRIVILEGI = """
    GRANT UPDATE (chiusa_il, esito_id, esito_in_parole, prosecuzione, versione)
        ON beneficiari_presaincarico TO registro_guardia;
    GRANT INSERT ON beneficiari_storiapresaincarico TO registro_guardia;
"""
SENZA_PRIVILEGI = """
    REVOKE UPDATE (chiusa_il, esito_id, esito_in_parole, prosecuzione, versione)
        ON beneficiari_presaincarico FROM registro_guardia;
    REVOKE INSERT ON beneficiari_storiapresaincarico FROM registro_guardia;
"""

PROPOSTA = f"""
DECLARE
    a public.beneficiari_autorizzazione;
BEGIN
    SELECT * INTO a FROM public.beneficiari_autorizzazione WHERE id = NEW.autorizzazione_id;
    IF a.id IS NULL OR a.destinatario_id <> NEW.destinatario_id OR a.livello <> 'completo'
       OR a.finalita <> 'invio' OR NOT ({IN_VIGORE.format("a")}) THEN
        {rifiuta("passaggio_con_autorizzazione", "Per passare la presa in carico serve un'autorizzazione in vigore verso quell'ente, completa e per l'invio.")};
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM public.beneficiari_presaincarico p
        WHERE p.id = NEW.presa_id AND p.chiusa_il IS NULL
    ) THEN
        {rifiuta("passaggio_di_una_presa_aperta", "La presa in carico è chiusa: non c'è niente da passare.")};
    END IF;
    IF NEW.stato <> 'proposto' THEN
        {rifiuta("passaggio_nasce_proposto", "Un passaggio si propone, poi l'altro ente risponde.")};
    END IF;
    RETURN NEW;
END
"""

RISPOSTA = f"""
DECLARE
    a public.beneficiari_autorizzazione;
BEGIN
    IF NEW.stato = OLD.stato THEN
        RETURN NEW;
    END IF;
    IF OLD.stato <> 'proposto' THEN
        {rifiuta("passaggio_una_risposta", "Questo passaggio ha già avuto una risposta.")};
    END IF;
    IF NEW.stato = 'ritirato' AND NOT NEW.ente_id = ANY(public.registro_enti_persone()) THEN
        {rifiuta("passaggio_lo_ritira_chi_propone", "Un passaggio lo ritira l'ente che l'ha proposto.")};
    END IF;
    IF NEW.stato <> 'ritirato' AND NOT NEW.destinatario_id = ANY(public.registro_enti_persone()) THEN
        {rifiuta("passaggio_risponde_chi_riceve", "A un passaggio risponde l'ente che lo riceve.")};
    END IF;
    NEW.risposto_il := now();
    NEW.risposto_da_id := public.registro_utente();
    IF NEW.stato <> 'accettato' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO a FROM public.beneficiari_autorizzazione WHERE id = NEW.autorizzazione_id;
    IF NOT ({IN_VIGORE.format("a")}) THEN
        {rifiuta("passaggio_autorizzazione_caduta", "Intanto l'autorizzazione non è più in vigore: il passaggio non si può accettare.")};
    END IF;
    UPDATE public.beneficiari_presaincarico p
        SET chiusa_il = greatest(public.registro_oggi(), p.aperta_il),
            esito_id = (SELECT t.id FROM public.assi_tipodichiusura t WHERE t.codice = 'INV'),
            esito_in_parole = 'Passata a '
                || (SELECT e.denominazione FROM public.enti_ente e WHERE e.id = NEW.destinatario_id)
                || ', che l''ha accettata.',
            prosecuzione = 'si', versione = p.versione + 1
        WHERE p.id = NEW.presa_id AND p.chiusa_il IS NULL;
    IF NOT FOUND THEN
        {rifiuta("passaggio_di_una_presa_aperta", "La presa in carico è chiusa: non c'è niente da passare.")};
    END IF;
    RETURN NEW;
END
"""

ABBANDONO = f"""
DECLARE
    abbandono boolean := coalesce(
        (SELECT t.abbandono FROM public.assi_tipodichiusura t WHERE t.id = NEW.esito_id), false
    );
BEGIN
    IF abbandono <> (NEW.fase_abbandono <> '') THEN
        {rifiuta("presa_abbandono_solo_se_lascia", "Fase, motivo e chi ha lasciato si dicono di un abbandono, e solo di quello.")};
    END IF;
    RETURN NEW;
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiari", "0006_documenti"),
        ("assi", "0003_tassonomie"),
    ]

    operations = [
        migrations.AddField(
            model_name="riapertura",
            name="com_era_andata",
            field=models.TextField(blank=True, max_length=3000, verbose_name="com'era andata"),
        ),
        migrations.RunSQL(sql=PRIVILEGI, reverse_sql=SENZA_PRIVILEGI),
        migrations.RunSQL(sql=LEGGI_FINCHE_AUTORIZZATO, reverse_sql=LEGGI_SEMPRE),
        funzione_di_regola("regola_passaggio", "beneficiari_passaggio", "BEFORE INSERT", PROPOSTA),
        funzione_di_regola(
            "regola_risposta",
            "beneficiari_passaggio",
            "BEFORE UPDATE OF stato",
            RISPOSTA,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_abbandono",
            "beneficiari_presaincarico",
            "BEFORE INSERT OR UPDATE OF esito_id, fase_abbandono",
            ABBANDONO,
        ),
    ]
