"""Le regole che un vincolo su una riga sola non sa dire: le tengono trigger, con una frase.

Un consenso sta dentro la sua informativa; un'autorizzazione poggia su qualcosa di valido e non gli
sopravvive; chi segue una persona ne vede i dati sensibili finché la segue; chi è anonimo resta
senza identità; un'unione non nasconde due codici fiscali diversi.
"""

from django.db import migrations

from privacy.migrazioni import funzione_di_regola, rifiuta


# Serrature per numero: chi concede e chi chiude lo stesso consenso (o accordo, o le basi della stessa
# finalità) si aspettano, altrimenti un'autorizzazione potrebbe nascere mentre cade ciò che la regge.
SERRATURA_CONSENSO, SERRATURA_ACCORDO, SERRATURA_BASE = 4801, 4802, 4803

CONSENSO = f"""
DECLARE
    i public.privacy_informativa;
    nascita date;
BEGIN
    SELECT * INTO i FROM public.privacy_informativa WHERE id = NEW.informativa_id;
    IF NOT (NEW.finalita <@ i.finalita AND NEW.gruppi <@ i.gruppi) THEN
        {rifiuta("consenso_nell_informativa", "Il consenso va oltre ciò che dice l'informativa: scegli solo finalità e dati che vi compaiono.")};
    END IF;
    IF NEW.dato_il < i.pubblicata_il OR NEW.dato_il > coalesce(i.ritirata_il, 'infinity') THEN
        {rifiuta("consenso_su_informativa_in_uso", "Quel giorno questa versione dell'informativa non era in uso.")};
    END IF;
    IF NEW.dato_il > public.registro_oggi() THEN
        {rifiuta("consenso_non_futuro", "La data del consenso è nel futuro.")};
    END IF;
    SELECT data_nascita INTO nascita FROM public.beneficiari_beneficiario WHERE id = NEW.beneficiario_id;
    IF nascita + interval '18 years' > NEW.dato_il THEN
        IF NEW.firmatario = 'persona' THEN
            {rifiuta("consenso_di_un_minore", "La persona è minorenne: il consenso lo dà un genitore o il tutore.")};
        END IF;
        -- A diciotto anni lo si chiede di nuovo a lei.
        NEW.valido_fino_al := least(
            coalesce(NEW.valido_fino_al, 'infinity'), (nascita + interval '18 years - 1 day')::date
        );
    END IF;
    RETURN NEW;
END
"""

REVOCA = f"""
BEGIN
    PERFORM pg_advisory_xact_lock({SERRATURA_CONSENSO}, (NEW.consenso_id % 2147483647)::int);
    UPDATE public.beneficiari_autorizzazione
        SET revocata_il = now(), revocata_da_id = NEW.raccolta_da_id,
            motivo_revoca = 'consenso revocato'
        WHERE consenso_id = NEW.consenso_id AND revocata_il IS NULL;
    RETURN NULL;
END
"""

AUTORIZZAZIONE = f"""
DECLARE
    c public.beneficiari_consenso;
    a public.privacy_accordocontitolarita;
BEGIN
    PERFORM pg_advisory_xact_lock({SERRATURA_ACCORDO}, (NEW.accordo_id % 2147483647)::int);
    SELECT * INTO a FROM public.privacy_accordocontitolarita WHERE id = NEW.accordo_id;
    IF NEW.dal < a.dal OR NEW.al > coalesce(a.al, 'infinity') THEN
        {rifiuta("autorizzazione_nell_accordo", "L'autorizzazione non può durare più dell'accordo fra i due enti.")};
    END IF;
    IF NOT NEW.finalita = ANY(a.finalita) OR (
        SELECT count(*) FROM public.privacy_partediaccordo p
        WHERE p.accordo_id = a.id AND p.ente_id IN (NEW.ente_id, NEW.destinatario_id)
    ) < 2 THEN
        {rifiuta("autorizzazione_con_accordo", "Fra i due enti non c'è un accordo di contitolarità per questa finalità.")};
    END IF;
    IF NEW.fondamento = 'legge' THEN
        PERFORM pg_advisory_xact_lock({SERRATURA_BASE}, hashtext(NEW.finalita));
        IF EXISTS (
            SELECT 1 FROM unnest(NEW.gruppi || ARRAY['anagrafica']::varchar[]) AS g(gruppo)
            WHERE NOT EXISTS (
                SELECT 1 FROM public.privacy_basegiuridica b
                WHERE b.finalita = NEW.finalita AND b.gruppo = g.gruppo AND NOT b.serve_consenso
                  AND b.dal <= NEW.dal AND NEW.al <= coalesce(b.al, 'infinity')
            )
        ) THEN
            {rifiuta("autorizzazione_con_base_di_legge", "Per questi dati e questa finalità non c'è una base di legge in vigore: serve il consenso.")};
        END IF;
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock({SERRATURA_CONSENSO}, (NEW.consenso_id % 2147483647)::int);
    SELECT * INTO c FROM public.beneficiari_consenso
        WHERE id = NEW.consenso_id AND beneficiario_id = NEW.beneficiario_id;
    IF c.id IS NULL OR c.esito <> 'prestato' OR EXISTS (
        SELECT 1 FROM public.beneficiari_revocaconsenso r WHERE r.consenso_id = c.id
    ) THEN
        {rifiuta("autorizzazione_su_consenso_valido", "Il consenso indicato non vale: non è di questa persona, è un rifiuto o è stato revocato.")};
    END IF;
    IF NEW.dal < c.dato_il OR NEW.al > coalesce(c.valido_fino_al, 'infinity') THEN
        {rifiuta("autorizzazione_nel_consenso", "L'autorizzazione non può durare più del consenso su cui poggia.")};
    END IF;
    IF NOT (NEW.finalita = ANY(c.finalita) AND NEW.gruppi <@ c.gruppi)
       OR NOT (c.tutta_la_rete OR NEW.destinatario_id = ANY(c.destinatari)) THEN
        {rifiuta("autorizzazione_dentro_il_consenso", "L'autorizzazione va oltre il consenso: finalità, dati o ente non vi compaiono.")};
    END IF;
    RETURN NEW;
END
"""

# Una fine nel passato o oggi vale subito; una fine futura accorcia.
ACCORDO_FINITO = f"""
BEGIN
    PERFORM pg_advisory_xact_lock({SERRATURA_ACCORDO}, (NEW.id % 2147483647)::int);
    UPDATE public.beneficiari_autorizzazione
        SET revocata_il = now(), motivo_revoca = 'accordo finito'
        WHERE accordo_id = NEW.id AND revocata_il IS NULL
          AND (NEW.al <= public.registro_oggi() OR dal > NEW.al);
    UPDATE public.beneficiari_autorizzazione SET al = NEW.al
        WHERE accordo_id = NEW.id AND revocata_il IS NULL AND al > NEW.al;
    RETURN NULL;
END
"""

BASE_FINITA = f"""
BEGIN
    -- Una base che chiede il consenso non regge da sola nessuna autorizzazione.
    IF NEW.serve_consenso THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock({SERRATURA_BASE}, hashtext(NEW.finalita));
    UPDATE public.beneficiari_autorizzazione
        SET revocata_il = now(), motivo_revoca = 'base giuridica finita'
        WHERE fondamento = 'legge' AND finalita = NEW.finalita AND revocata_il IS NULL
          AND (NEW.gruppo = ANY(gruppi) OR NEW.gruppo = 'anagrafica')
          AND (NEW.al <= public.registro_oggi() OR dal > NEW.al);
    UPDATE public.beneficiari_autorizzazione SET al = NEW.al
        WHERE fondamento = 'legge' AND finalita = NEW.finalita AND revocata_il IS NULL
          AND (NEW.gruppo = ANY(gruppi) OR NEW.gruppo = 'anagrafica') AND al > NEW.al;
    RETURN NULL;
END
"""

AFFIDA = """
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
            WHERE m.nucleo_id = NEW.nucleo_id AND m.al IS NULL
        ) AS seguite;
    END IF;
    RETURN NULL;
END
"""

NON_ANONIMO = f"""
BEGIN
    IF EXISTS (
        SELECT 1 FROM public.beneficiari_beneficiario b
        WHERE b.id = NEW.beneficiario_id AND b.anonimo
    ) THEN
        {rifiuta("identita_non_di_un_anonimo", "Chi accede in anonimo non ha codici né recapiti registrati (art. 120 DPR 309/1990).")};
    END IF;
    RETURN NEW;
END
"""

UNIONE = f"""
BEGIN
    IF NEW.anonimo AND NOT OLD.anonimo THEN
        {rifiuta("beneficiario_non_diventa_anonimo", "Una persona registrata col suo nome non diventa anonima: registra un accesso anonimo nuovo.")};
    END IF;
    IF NEW.unito_a_id IS NULL OR NEW.unito_a_id IS NOT DISTINCT FROM OLD.unito_a_id THEN
        RETURN NEW;
    END IF;
    -- Ferma la riga tenuta: due unioni insieme non ne fanno una catena.
    PERFORM 1 FROM public.beneficiari_beneficiario b WHERE b.id = NEW.unito_a_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM public.beneficiari_beneficiario b
        WHERE (b.id = NEW.unito_a_id AND b.unito_a_id IS NOT NULL) OR b.unito_a_id = NEW.id
    ) THEN
        {rifiuta("unione_una_alla_volta", "Una delle due persone fa già parte di un'altra unione: annulla prima quella.")};
    END IF;
    IF EXISTS (
        SELECT 1 FROM public.beneficiari_identificativo uno
        JOIN public.beneficiari_identificativo altro
          ON altro.tipo = 'cf' AND altro.al IS NULL
         AND altro.indice_esatto <> uno.indice_esatto
        WHERE uno.tipo = 'cf' AND uno.al IS NULL AND uno.beneficiario_id = NEW.id
          AND altro.beneficiario_id = NEW.unito_a_id
    ) THEN
        {rifiuta("unione_stesso_codice_fiscale", "Le due persone hanno codici fiscali validi e diversi: non sono la stessa persona.")};
    END IF;
    RETURN NEW;
END
"""

# Ciò che la guardia scrive nei trigger: nient'altro.
PRIVILEGI = """
    GRANT SELECT, UPDATE ON beneficiari_autorizzazione TO registro_guardia;
    GRANT INSERT ON beneficiari_storiaautorizzazione TO registro_guardia;
    GRANT SELECT, INSERT, UPDATE ON beneficiari_affidamento TO registro_guardia;
    -- Solo le proprie: quelle dei registri sigillati hanno un altro padrone.
    DO $numeri$ DECLARE s regclass; BEGIN
        FOR s IN SELECT oid FROM pg_class WHERE relkind = 'S'
            AND relnamespace = 'public'::regnamespace AND relowner = current_user::regrole
        LOOP
            EXECUTE format('GRANT USAGE ON SEQUENCE %s TO registro_guardia', s);
        END LOOP;
    END $numeri$;
    -- I contesti della storia stanno nelle righe: la tabella del pacchetto non serve a nessuno.
    REVOKE ALL ON pghistory_context FROM registro_app, registro_guardia;
"""
SENZA_PRIVILEGI = """
    REVOKE UPDATE ON beneficiari_autorizzazione FROM registro_guardia;
    REVOKE INSERT ON beneficiari_storiaautorizzazione FROM registro_guardia;
    REVOKE INSERT, UPDATE ON beneficiari_affidamento FROM registro_guardia;
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0002_confine"), ("pghistory", "0007_auto_20250421_0444")]

    operations = [
        migrations.RunSQL(sql=PRIVILEGI, reverse_sql=SENZA_PRIVILEGI),
        funzione_di_regola("regola_consenso", "beneficiari_consenso", "BEFORE INSERT", CONSENSO),
        funzione_di_regola("regola_revoca", "beneficiari_revocaconsenso", "AFTER INSERT", REVOCA),
        funzione_di_regola(
            "regola_autorizzazione", "beneficiari_autorizzazione", "BEFORE INSERT", AUTORIZZAZIONE
        ),
        funzione_di_regola(
            "regola_accordo_finito",
            "privacy_accordocontitolarita",
            "AFTER UPDATE OF al",
            ACCORDO_FINITO,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_base_finita",
            "privacy_basegiuridica",
            "AFTER UPDATE OF al",
            BASE_FINITA,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_affida",
            "beneficiari_presaincarico",
            "AFTER INSERT OR UPDATE OF operatore_id, chiusa_il",
            AFFIDA,
            guardia=True,
        ),
        funzione_di_regola(
            "regola_identificativo",
            "beneficiari_identificativo",
            "BEFORE INSERT OR UPDATE",
            NON_ANONIMO,
        ),
        funzione_di_regola(
            "regola_recapito", "beneficiari_recapito", "BEFORE INSERT OR UPDATE", NON_ANONIMO
        ),
        funzione_di_regola("regola_unione", "beneficiari_beneficiario", "BEFORE UPDATE", UNIONE),
    ]
