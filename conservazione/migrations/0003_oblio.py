"""Dimenticare una persona: la sola strada che toglie le sue righe e la loro storia.

La percorre `registro_oblio`, che non può entrare e ha solo i permessi scritti in
`conservazione/migrazioni.py`. Da dove togliere lo dice il catalogo del database: una tabella di
domani è già compresa, e finché non ha il permesso la prova di copertura si ferma.
"""

from django.db import migrations

from conservazione.migrazioni import (
    COLONNA,
    RAMI,
    SENZA_RAMI,
    TENUTE,
    concedi_oblio,
)
from privacy.migrazioni import rifiuta


# Una classe d'età con un genere si scrive solo se nell'ente sono almeno tanti: fra meno si
# riconoscerebbe chi è (sicurezza delle tabelle, base 10 per dati delicati e minori).
ALMENO = 10
SERRATURA = 4821
# Nei numeri passa solo una parola di questo elenco: il campo di partenza è un testo.
STATI = ["aperto", "in-risposta", "coperto", "parziale", "senza-risposta"]

PRIVILEGI = """
    GRANT INSERT, SELECT ON prestazioni_rigastatistica, conservazione_verbaleoblio
        TO registro_oblio;
    GRANT USAGE ON SEQUENCE prestazioni_rigastatistica_id_seq, conservazione_verbaleoblio_id_seq
        TO registro_oblio;
    SET ROLE registro_guardia;
    GRANT SELECT, DELETE ON beneficiari_persona TO registro_oblio;
    GRANT INSERT ON cruscotti_cambio TO registro_oblio;
    GRANT EXECUTE ON FUNCTION registro_ruolo() TO registro_oblio;
    RESET ROLE;
"""
SENZA_PRIVILEGI = """
    SET ROLE registro_guardia;
    REVOKE EXECUTE ON FUNCTION registro_ruolo() FROM registro_oblio;
    REVOKE ALL ON beneficiari_persona, cruscotti_cambio, cruscotti_chiave, cruscotti_presenza,
        beneficiari_etichetta, beneficiari_legame FROM registro_oblio;
    RESET ROLE;
    DO $togli$ DECLARE t record; BEGIN
        FOR t IN SELECT oid::regclass AS nome, relkind = 'S' AS numeri FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')
              AND relowner = current_user::regrole
        LOOP
            EXECUTE format('REVOKE ALL ON %s %s FROM registro_oblio',
                CASE WHEN t.numeri THEN 'SEQUENCE' ELSE 'TABLE' END, t.nome);
        END LOOP;
    END $togli$;
"""

_CASO = "(('x' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))::bit(48)::bigint + 1)"


def _mese(giorno: str) -> str:
    return f"date_trunc('month', {giorno}::timestamp)::date"


_RIGHE = "INSERT INTO public.prestazioni_rigastatistica (ente_id, cosa, con_codice, stato, eta, genere, quante, "

# Prima di togliere: che cosa la persona ha dato ai numeri. Ogni genere di riga ha un numero suo, e
# gli esiti uno per presa in carico: due generi non si riuniscono.
STATISTICHE = f"""
DECLARE
    con_codice boolean := EXISTS (
        SELECT 1 FROM public.beneficiari_etichetta e WHERE e.beneficiario_id = ANY(p_chiavi)
    ) OR EXISTS (
        SELECT 1 FROM public.beneficiari_legame l
        WHERE l.beneficiario_id = ANY(p_chiavi) AND l.stato = 'confermato'
    );
    di_presenza bigint := {_CASO};
    di_bisogno bigint := {_CASO};
    prese bigint[] := public.registro_oblio_chiavi(p_insieme, 'beneficiari_presaincarico');
    classe text;
    suo_genere text;
    ultimo date;
BEGIN
    {_RIGHE} conto, mese, azione_id, servizio_id)
        SELECT p_ente, 'presenza', con_codice, '', '', '', count(*), di_presenza,
            {_mese("q.giorno")}, p.azione_id, p.servizio_id
        FROM public.prestazioni_partecipazione q
        JOIN public.prestazioni_prestazione p ON p.id = q.prestazione_id
        WHERE q.beneficiario_id = ANY(p_chiavi) GROUP BY 9, 10, 11;
    {_RIGHE} mese, azione_id, servizio_id)
        SELECT p_ente, 'nucleo', false, '', '', '', count(*),
            {_mese("q.giorno")}, p.azione_id, p.servizio_id
        FROM public.prestazioni_partecipazione q
        JOIN public.prestazioni_prestazione p ON p.id = q.prestazione_id
        WHERE q.presa_id = ANY(prese) AND q.beneficiario_id IS NULL GROUP BY 8, 9, 10;
    {_RIGHE} mese, fino_al, azione_id)
        SELECT p_ente, 'caso', false, '', '', '', 1, {_mese("p.aperta_il")},
            {_mese("greatest(p.aperta_il, coalesce(p.chiusa_il, public.registro_oggi()))")},
            p.azione_id
        FROM public.beneficiari_presaincarico p WHERE p.id = ANY(prese);
    {_RIGHE} conto, mese, azione_id, asse_id)
        SELECT p_ente, 'bisogno', false,
            CASE WHEN r.stato = ANY(ARRAY{STATI!r}) THEN r.stato ELSE '' END, '', '', count(*), di_bisogno,
            {_mese("r.rilevato_il")}, p.azione_id, voce.asse_id
        FROM public.beneficiari_bisognorilevato r
        JOIN public.assi_bisogno voce ON voce.id = r.bisogno_id
        LEFT JOIN public.beneficiari_presaincarico p ON p.id = r.presa_id
        WHERE r.beneficiario_id = ANY(p_chiavi) GROUP BY 4, 9, 10, 11;
    {_RIGHE} conto, mese, azione_id, esito_id, importo)
        SELECT p_ente, 'esito', false, '', '', '', count(*), n.numero,
            {_mese("e.giorno")}, p.azione_id, e.tipo_id, sum(e.importo)
        FROM public.prestazioni_esito e
        JOIN public.beneficiari_presaincarico p ON p.id = e.presa_id
        JOIN (SELECT presa, {_CASO} AS numero FROM unnest(prese) AS presa) n ON n.presa = p.id
        WHERE e.id = ANY(public.registro_oblio_chiavi(p_insieme, 'prestazioni_esito'))
        GROUP BY 8, 9, 10, 11;

    SELECT coalesce(max(q.giorno), public.registro_oggi()) INTO ultimo
        FROM public.prestazioni_partecipazione q WHERE q.beneficiario_id = ANY(p_chiavi);
    SELECT public.registro_oblio_eta(b.data_nascita, ultimo), b.genere INTO classe, suo_genere
        FROM public.beneficiari_beneficiario b WHERE b.id = p_chiavi[1];
    IF (
        SELECT count(*) FROM public.beneficiari_beneficiario b
        WHERE b.ente_id = p_ente AND b.unito_a_id IS NULL AND b.genere = suo_genere
          AND public.registro_oblio_eta(b.data_nascita, ultimo) = classe
    ) >= {ALMENO} THEN
        {_RIGHE} mese) VALUES
            (p_ente, 'profilo', false, '', classe, suo_genere, 1,
             date_trunc('year', ultimo::timestamp)::date);
    END IF;
END
"""

ATTREZZI = """
    CREATE FUNCTION registro_oblio_chiavi(insieme jsonb, tabella text) RETURNS bigint[]
        LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
        RETURN ARRAY(SELECT v::bigint FROM jsonb_array_elements_text(
            coalesce(insieme -> tabella, '[]'::jsonb)) AS v);
    -- La classe d'età quel giorno; vuota se la nascita non si sa.
    CREATE FUNCTION registro_oblio_eta(nascita date, giorno date) RETURNS text
        LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
        RETURN CASE WHEN nascita IS NULL THEN ''
            WHEN extract(year FROM age(giorno, nascita)) < 18 THEN '0-17'
            WHEN extract(year FROM age(giorno, nascita)) < 35 THEN '18-34'
            WHEN extract(year FROM age(giorno, nascita)) < 65 THEN '35-64'
            ELSE '65+' END;
"""
SENZA_ATTREZZI = """
    DROP FUNCTION registro_oblio_eta(date, date);
    DROP FUNCTION registro_oblio_chiavi(jsonb, text);
"""

# Tutto ciò che se ne va con la persona: si seguono le chiavi esterne finché non c'è altro. Un nucleo
# va con lei se non ha, né ha avuto, nessun altro.
INSIEME = """
DECLARE
    insieme jsonb := jsonb_build_object('beneficiari_beneficiario', to_jsonb(p_chiavi));
    ramo record;
    trovate bigint[];
    cresciuto boolean := true;
BEGIN
    WHILE cresciuto LOOP
        cresciuto := false;
        FOR ramo IN SELECT 'beneficiari_nucleo' AS figlia, '' AS colonna, '' AS madre
            UNION ALL SELECT * FROM public.registro_oblio_rami() r WHERE insieme ? r.madre
        LOOP
            IF ramo.madre = '' THEN
                SELECT array_agg(DISTINCT m.nucleo_id) INTO trovate
                FROM public.beneficiari_componente m
                WHERE m.beneficiario_id = ANY(p_chiavi) AND NOT EXISTS (
                    SELECT 1 FROM public.beneficiari_componente altro
                    WHERE altro.nucleo_id = m.nucleo_id AND altro.beneficiario_id <> ALL(p_chiavi)
                ) AND m.nucleo_id <> ALL(public.registro_oblio_chiavi(insieme, ramo.figlia));
            ELSE
                EXECUTE format(
                    'SELECT array_agg(f.id) FROM public.%I f WHERE f.%I = ANY($1) AND f.id <> ALL($2)',
                    ramo.figlia, ramo.colonna
                ) INTO trovate USING public.registro_oblio_chiavi(insieme, ramo.madre),
                    public.registro_oblio_chiavi(insieme, ramo.figlia);
            END IF;
            IF trovate IS NOT NULL THEN
                cresciuto := true;
                insieme := insieme || jsonb_build_object(
                    ramo.figlia,
                    to_jsonb(public.registro_oblio_chiavi(insieme, ramo.figlia) || trovate)
                );
            END IF;
        END LOOP;
    END LOOP;
    RETURN insieme;
END
"""


def _tenute() -> str:
    """Le righe che restano: senza la persona, e senza una parola di ciò che era scritto."""
    testo = ""
    for tabella, colonne in TENUTE.items():
        svuota = ", ".join(
            f"{nome} = CASE WHEN {nome} = '''' THEN '''' ELSE ''[cancellato]'' END"
            for nome in colonne
        )
        testo += f"""
    IF to_regclass('public.{tabella}') IS NOT NULL THEN
        EXECUTE 'UPDATE public.{tabella} SET {COLONNA} = NULL, {svuota} WHERE {COLONNA} = ANY($1)'
            USING p_chiavi;
    END IF;"""
    return testo


# I documenti da togliere anche dal disco: i suoi, gli elenchi dell'ente che la comprendono, le copie
# che altri enti ne hanno fatto finché potevano.
DOCUMENTI = """
    SELECT array_agg(a.uuid) INTO condivise FROM public.beneficiari_autorizzazione a
        WHERE a.beneficiario_id = ANY(p_chiavi);
    condivise := coalesce(condivise, '{}');
    SELECT coalesce(jsonb_agg(d.uuid), '[]') INTO documenti
        FROM public.beneficiari_documentodipersona d
        WHERE d.id = ANY(public.registro_oblio_chiavi(p_insieme, 'beneficiari_documentodipersona'))
           OR (d.ente_id = p_ente AND d.tipo IN ('elenco', 'elenco-csv') AND d.stato <> 'distrutto')
           OR d.condivisione = ANY(condivise) OR d.poggia_su && condivise;
    UPDATE public.beneficiari_documentodipersona d SET stato = 'distrutto', file = ''
        WHERE d.stato <> 'distrutto' AND d.uuid IN (
            SELECT v::uuid FROM jsonb_array_elements_text(documenti) AS v);
"""

# Il titolo di un incontro non contiene nomi; se era solo suo, o se un nome c'è scappato, non resta.
TITOLI = """
    SELECT array_agg(p.id) INTO ritoccate FROM public.prestazioni_prestazione p
    WHERE p.id IN (SELECT q.prestazione_id FROM public.prestazioni_partecipazione q
                   WHERE q.id = ANY(public.registro_oblio_chiavi(
                       p_insieme, 'prestazioni_partecipazione')))
      AND (NOT EXISTS (
            SELECT 1 FROM public.prestazioni_partecipazione altra
            WHERE altra.prestazione_id = p.id AND altra.id <> ALL(public.registro_oblio_chiavi(
                p_insieme, 'prestazioni_partecipazione')))
        OR EXISTS (
            SELECT 1 FROM public.beneficiari_beneficiario b,
                unnest(ARRAY[b.cognome, b.nome, b.nome_scelto]) AS n(parola)
            WHERE b.id = ANY(p_chiavi) AND length(n.parola) > 2
              AND position(lower(n.parola) IN lower(p.oggetto || ' ' || p.luogo)) > 0));
    UPDATE public.prestazioni_prestazione SET oggetto = '', luogo = ''
        WHERE id = ANY(ritoccate) AND (oggetto, luogo) IS DISTINCT FROM ('', '');
    UPDATE public.prestazioni_storiaprestazione SET oggetto = '', luogo = ''
        WHERE pgh_obj_id = ANY(ritoccate) AND (oggetto, luogo) IS DISTINCT FROM ('', '');
"""

# Le righe e le loro storie; poi ciò che indica la persona senza una chiave esterna: le storie di
# righe già tolte, le tabelle della guardia.
TOGLI = f"""
DECLARE
    conti jsonb := '{{}}';
    documenti jsonb;
    condivise uuid[];
    ritoccate bigint[];
    nome text;
    storia text;
    chiavi bigint[];
    ramo record;
    quante bigint;
BEGIN
    {DOCUMENTI}
    {TITOLI}
    {_tenute()}
    -- Chi divideva con lei la chiave dei cruscotti ne prende un'altra al prossimo ricalcolo.
    INSERT INTO public.cruscotti_cambio (ente_id, beneficiario_id)
        SELECT b.ente_id, b.id FROM public.cruscotti_chiave k
        JOIN public.beneficiari_beneficiario b ON b.id = k.beneficiario_id
        WHERE k.chiave IN (SELECT sua.chiave FROM public.cruscotti_chiave sua
                           WHERE sua.beneficiario_id = ANY(p_chiavi))
          AND k.beneficiario_id <> ALL(p_chiavi);
    FOR nome IN SELECT jsonb_object_keys(p_insieme) LOOP
        chiavi := public.registro_oblio_chiavi(p_insieme, nome);
        storia := regexp_replace(nome, '_', '_storia');
        IF to_regclass('public.' || storia) IS NOT NULL THEN
            EXECUTE format('DELETE FROM public.%I WHERE pgh_obj_id = ANY($1)', storia) USING chiavi;
            GET DIAGNOSTICS quante = ROW_COUNT;
            conti := conti || jsonb_build_object(storia, quante);
        END IF;
        EXECUTE format('DELETE FROM public.%I WHERE id = ANY($1)', nome) USING chiavi;
        GET DIAGNOSTICS quante = ROW_COUNT;
        conti := conti || jsonb_build_object(nome, quante);
        DELETE FROM public.prestazioni_rigaimportata r
            WHERE r.tabella = nome AND r.chiave = ANY(chiavi);
    END LOOP;
    -- La storia di una riga tolta da tempo indica ancora la presa in carico, il piano, il nucleo.
    FOR ramo IN
        SELECT r.*, regexp_replace(r.figlia, '_', '_storia') AS storia
        FROM public.registro_oblio_rami() r WHERE p_insieme ? r.madre
    LOOP
        IF to_regclass('public.' || ramo.storia) IS NOT NULL THEN
            EXECUTE format('DELETE FROM public.%I WHERE %I = ANY($1)', ramo.storia, ramo.colonna)
                USING public.registro_oblio_chiavi(p_insieme, ramo.madre);
            GET DIAGNOSTICS quante = ROW_COUNT;
            conti := conti || jsonb_build_object(
                ramo.storia, coalesce((conti ->> ramo.storia)::bigint, 0) + quante);
        END IF;
    END LOOP;
    FOR nome IN
        SELECT t.* FROM public.registro_oblio_tabelle() AS t JOIN pg_attribute a
          ON a.attrelid = to_regclass('public.' || t) AND a.attname = '{COLONNA}'
    LOOP
        EXECUTE format('DELETE FROM public.%I WHERE {COLONNA} = ANY($1)', nome) USING p_chiavi;
        GET DIAGNOSTICS quante = ROW_COUNT;
        conti := conti || jsonb_build_object(
            nome, coalesce((conti ->> nome)::bigint, 0) + quante);
    END LOOP;
    DELETE FROM public.beneficiari_persona p WHERE NOT EXISTS (
        SELECT 1 FROM public.beneficiari_legame l WHERE l.persona_id = p.id);
    DELETE FROM public.prestazioni_bozza b WHERE b.id = ANY(p_bozze) AND b.ente_id = p_ente;
    GET DIAGNOSTICS quante = ROW_COUNT;
    conti := conti || jsonb_build_object('prestazioni_bozza', quante);
    SELECT coalesce(jsonb_object_agg(v.key, v.value), '{{}}') INTO conti
        FROM jsonb_each(conti) v WHERE v.value <> '0'::jsonb;
    RETURN jsonb_build_object('conti', conti, 'documenti', documenti);
END
"""

# Nessun trigger è partito: i legami rimasti appesi li cerca il catalogo, uno per uno.
CONTROLLA = """
DECLARE
    ramo record;
    appese bigint;
BEGIN
    FOR ramo IN SELECT * FROM public.registro_oblio_rami() r WHERE p_insieme ? r.madre LOOP
        EXECUTE format('SELECT count(*) FROM public.%I f WHERE f.%I = ANY($1)',
                       ramo.figlia, ramo.colonna)
            INTO appese USING public.registro_oblio_chiavi(p_insieme, ramo.madre);
        IF appese > 0 THEN
            RAISE EXCEPTION 'oblio: % righe di % indicano ancora %', appese, ramo.figlia, ramo.madre;
        END IF;
    END LOOP;
END
"""

DIMENTICA = f"""
DECLARE
    chiavi bigint[];
    di_ente bigint;
    numeri uuid[];
    insieme jsonb;
    tolte jsonb;
    verbale uuid := gen_random_uuid();
BEGIN
    IF NOT public.registro_apre_tutto() THEN
        {rifiuta("oblio_di_chi_risponde", "Una persona la cancella chi risponde dei dati dell'ente.")};
    END IF;
    -- La riga tenuta da un'unione per prima, poi le assorbite.
    SELECT array_agg(b.id ORDER BY b.unito_a_id NULLS FIRST, b.id), array_agg(b.uuid), min(b.ente_id)
        INTO chiavi, numeri, di_ente
        FROM public.beneficiari_beneficiario b
        JOIN public.beneficiari_beneficiario chiesta ON chiesta.id = p_beneficiario
        WHERE coalesce(b.unito_a_id, b.id) = coalesce(chiesta.unito_a_id, chiesta.id)
          AND b.ente_id = ANY(public.registro_enti_persone());
    IF chiavi IS NULL THEN
        {rifiuta("oblio_di_una_persona", "La persona non c'è: forse è già stata cancellata.")};
    END IF;
    PERFORM pg_advisory_xact_lock({SERRATURA}, (chiavi[1] % 2147483647)::int);
    insieme := public.registro_oblio_insieme(chiavi);
    IF p_numeri THEN
        PERFORM public.registro_oblio_statistiche(di_ente, chiavi, insieme);
    END IF;
    -- Senza trigger: un mese firmato o una riga limitata non si riaprono per togliere una persona.
    PERFORM set_config('session_replication_role', 'replica', true);
    tolte := public.registro_oblio_togli(di_ente, chiavi, insieme, p_bozze);
    PERFORM public.registro_oblio_controlla(insieme);
    PERFORM set_config('session_replication_role', 'origin', true);
    INSERT INTO public.conservazione_verbaleoblio
        (uuid, ente_id, persone, motivo, richiesta, da_id, conti)
        VALUES (verbale, di_ente, numeri, p_motivo, p_richiesta, public.registro_utente(),
                tolte -> 'conti');
    RETURN tolte || jsonb_build_object('verbale', verbale, 'persone', to_jsonb(numeri));
END
"""

# Nome → (argomenti, che cosa rende, corpo). Le prime quattro le chiama soltanto l'ultima.
FUNZIONI = {
    "registro_oblio_insieme": ("p_chiavi bigint[]", "jsonb", INSIEME),
    "registro_oblio_statistiche": (
        "p_ente bigint, p_chiavi bigint[], p_insieme jsonb",
        "void",
        STATISTICHE,
    ),
    "registro_oblio_togli": (
        "p_ente bigint, p_chiavi bigint[], p_insieme jsonb, p_bozze bigint[]",
        "jsonb",
        TOGLI,
    ),
    "registro_oblio_controlla": ("p_insieme jsonb", "void", CONTROLLA),
    "registro_dimentica": (
        "p_beneficiario bigint, p_motivo text, p_richiesta uuid, p_numeri boolean, p_bozze bigint[]",
        "jsonb",
        DIMENTICA,
    ),
}
PORTA = "registro_dimentica"


def _crea() -> str:
    testo = "SET ROLE registro_oblio;"
    for nome, (argomenti, rende, corpo) in FUNZIONI.items():
        sicura = "SECURITY DEFINER" if nome == PORTA else "SECURITY INVOKER"
        testo += f"""
            CREATE FUNCTION {nome}({argomenti}) RETURNS {rende} LANGUAGE plpgsql {sicura}
                SET search_path = pg_catalog, pg_temp AS $oblio$ {corpo} $oblio$;
            REVOKE EXECUTE ON FUNCTION {nome} FROM PUBLIC;"""
    return (
        f"{testo} GRANT EXECUTE ON FUNCTION {PORTA} TO registro_app, registro_owner; RESET ROLE;"
    )


def _togli() -> str:
    nomi = "".join(f"DROP FUNCTION {nome};" for nome in reversed(FUNZIONI))
    return f"SET ROLE registro_oblio; {nomi} RESET ROLE;"


class Migration(migrations.Migration):
    dependencies = [
        ("conservazione", "0002_confine"),
        ("beneficiari", "0015_accesso_d_emergenza"),
        ("prestazioni", "0014_numeri_di_chi_non_c_e_piu"),
    ]

    operations = [
        migrations.RunSQL(sql=RAMI, reverse_sql=SENZA_RAMI),
        migrations.RunSQL(sql=ATTREZZI, reverse_sql=SENZA_ATTREZZI),
        migrations.RunSQL(sql=PRIVILEGI, reverse_sql=SENZA_PRIVILEGI),
        concedi_oblio(),
        migrations.RunSQL(sql=_crea(), reverse_sql=_togli()),
    ]
