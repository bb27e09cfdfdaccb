"""Le risposte della rete già pronte, per i periodi che si guardano di solito.

Contare le persone distinte di un periodo qualunque legge tutte le presenze; per i periodi del menu
e per ogni mese la risposta si tiene com'è uscita, arrotondata, e un lavoro la rifà dopo ogni
ricalcolo. Non è un altro conto: è la stessa funzione, chiamata prima. Ciò che la cambierebbe la
butta: un mese toccato, una chiave che unisce altre righe, un ente che cambia nodo, un'azione che
cambia asse, una persona dimenticata.
"""

import importlib

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia


PORTE = importlib.import_module("prestazioni.migrations.0011_porte_dei_cruscotti")
CON_CHI_NON_C_E_PIU = importlib.import_module(
    "prestazioni.migrations.0014_numeri_di_chi_non_c_e_piu"
)
SENZA_LIMITATI = importlib.import_module("prestazioni.migrations.0015_dati_limitati")
al_posto = CON_CHI_NON_C_E_PIU._al_posto
ARGOMENTI, RENDE = CON_CHI_NON_C_E_PIU.FIRME["rete"]
COLONNE = RENDE.removeprefix("TABLE (").removesuffix(")")
PER_CHI = "p_rete boolean, p_nodi bigint[]"

TABELLA = """
    SET ROLE registro_guardia;
    CREATE TABLE cruscotti_risposta (
        -- La chiave del nodo; 0 per tutta la rete.
        ambito bigint NOT NULL,
        per text NOT NULL,
        dal date NOT NULL,
        al date NOT NULL,
        righe jsonb NOT NULL,
        PRIMARY KEY (ambito, per, dal, al)
    );
    REVOKE ALL ON cruscotti_risposta FROM PUBLIC;
    RESET ROLE;
"""
SENZA_TABELLA = "SET ROLE registro_guardia; DROP TABLE cruscotti_risposta; RESET ROLE;"

CONTA = al_posto(
    CON_CHI_NON_C_E_PIU.RETE,
    (PORTE.DICHIARA_CHI, "rete boolean := p_rete;\n    nodi bigint[] := p_nodi;\n"),
)
# Non è una porta: la chiamano le due funzioni qui sotto, e nessun ruolo che acceda.
INTERNA = f"""
    SET ROLE registro_guardia;
    CREATE FUNCTION cruscotti_conta({PER_CHI}, {ARGOMENTI})
        RETURNS {RENDE} LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY INVOKER
        SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
        AS $conta$ {CONTA} $conta$;
    REVOKE EXECUTE ON FUNCTION cruscotti_conta FROM PUBLIC;
    RESET ROLE;
"""
SENZA_INTERNA = "SET ROLE registro_guardia; DROP FUNCTION cruscotti_conta; RESET ROLE;"

PORTA = f"""
#variable_conflict use_column
DECLARE
    {PORTE.DICHIARA_CHI}
    quale bigint;
    pronta jsonb;
BEGIN
    {PORTE.CHI_PUO}
    IF p_ente IS NULL AND p_asse IS NULL AND p_azione IS NULL THEN
        quale := CASE
            WHEN p_nodo IS NOT NULL AND (rete OR p_nodo = ANY(nodi)) THEN p_nodo
            WHEN p_nodo IS NULL AND rete THEN 0
            WHEN p_nodo IS NULL AND cardinality(nodi) = 1 THEN nodi[1]
        END;
        SELECT r.righe INTO pronta FROM public.cruscotti_risposta r
            WHERE r.ambito = quale AND r.per = p_per AND r.dal = p_dal AND r.al = p_al;
        IF FOUND THEN
            RETURN QUERY SELECT x.* FROM jsonb_to_recordset(pronta) AS x({COLONNE}) ORDER BY x.voce;
            RETURN;
        END IF;
    END IF;
    RETURN QUERY SELECT c.* FROM public.cruscotti_conta(
        rete, nodi, p_per, p_dal, p_al, p_nodo, p_ente, p_asse, p_azione) c;
END
"""
PREPARA = """
BEGIN
    IF public.registro_ruolo() IS DISTINCT FROM 'sistema' THEN
        RETURN false;
    END IF;
    -- Chi intanto cambia ciò che si conta aspetta, e poi butta anche questa risposta.
    LOCK TABLE public.cruscotti_risposta IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO public.cruscotti_risposta (ambito, per, dal, al, righe)
        SELECT p_ambito, p_per, p_dal, p_al, (
            SELECT coalesce(jsonb_agg(c), '[]') FROM public.cruscotti_conta(
                p_ambito = 0, array_remove(ARRAY[p_ambito], 0::bigint),
                p_per, p_dal, p_al, NULL, NULL, NULL, NULL) c
        )
        ON CONFLICT DO NOTHING;
    RETURN true;
END
"""
# Quali fra le risposte chieste mancano: (ambito, per, dal, al), nell'ordine in cui si chiedono.
MANCANTI = """
#variable_conflict use_column
BEGIN
    IF public.registro_ruolo() IS DISTINCT FROM 'sistema' THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT n.ambito, v.per, f.dal, f.al
    FROM unnest(p_dal, p_al) WITH ORDINALITY AS f(dal, al, posto)
    CROSS JOIN (SELECT 0::bigint AS ambito UNION ALL SELECT id FROM public.enti_nodo) n
    CROSS JOIN unnest(p_per) AS v(per)
    WHERE NOT EXISTS (
        SELECT 1 FROM public.cruscotti_risposta r
        WHERE r.ambito = n.ambito AND r.per = v.per AND r.dal = f.dal AND r.al = f.al
    )
    ORDER BY f.posto, n.ambito, v.per;
END
"""
BUTTA = "BEGIN DELETE FROM public.cruscotti_risposta; RETURN NULL; END"
# Ciò che cambia una risposta senza passare dal ricalcolo.
SCATTI = {
    "enti_ente": "UPDATE OF nodo_id",
    "assi_azione": "UPDATE OF asse_id",
    "prestazioni_rigastatistica": "INSERT OR UPDATE OR DELETE",
}

RICALCOLA = al_posto(
    SENZA_LIMITATI.RICALCOLA,
    (
        "    -- Si riscrivono solo le righe diverse da come dovrebbero essere.",
        """    GET DIAGNOSTICS quante = ROW_COUNT;
    DELETE FROM public.cruscotti_risposta a
        WHERE tutto OR quante > 0 OR EXISTS (
            SELECT 1 FROM unnest(mesi_toccati) AS toccato WHERE toccato BETWEEN a.dal AND a.al
        );

    -- Si riscrivono solo le righe diverse da come dovrebbero essere.""",
    ),
)


def _porta(corpo: str, impostazione: str = "") -> str:
    """La stessa porta con un altro corpo: stessa firma, stesso padrone, stessi permessi."""
    return f"""
        SET ROLE registro_guardia;
        CREATE OR REPLACE FUNCTION registro_cruscotto_rete({ARGOMENTI}) RETURNS {RENDE}
            LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp {impostazione}
            AS $guardia$ {corpo} $guardia$;
        RESET ROLE;
    """


class Migration(migrations.Migration):
    dependencies = [
        ("prestazioni", "0015_dati_limitati"),
        ("assi", "0004_servizi_ed_esiti"),
        ("enti", "0008_filtri_salvati"),
    ]

    operations = [
        migrations.RunSQL(sql=TABELLA, reverse_sql=SENZA_TABELLA),
        migrations.RunSQL(sql=INTERNA, reverse_sql=SENZA_INTERNA),
        migrations.RunSQL(
            sql=_porta(PORTA),
            reverse_sql=_porta(
                CON_CHI_NON_C_E_PIU.RETE, "SET plan_cache_mode = force_custom_plan"
            ),
        ),
        funzione_di_guardia(
            "registro_prepara_cruscotto",
            argomenti="p_ambito bigint, p_per text, p_dal date, p_al date",
            rende="boolean",
            corpo=PREPARA,
            scrive=True,
        ),
        funzione_di_guardia(
            "registro_cruscotti_mancanti",
            argomenti="p_dal date[], p_al date[], p_per text[]",
            rende="TABLE (ambito bigint, per text, dal date, al date)",
            corpo=MANCANTI,
        ),
        funzione_di_guardia("cruscotti_butta_risposte", rende="trigger", corpo=BUTTA, scrive=True),
        migrations.RunSQL(
            sql="".join(
                f"CREATE TRIGGER cruscotti_butta AFTER {quando} ON {tabella}"
                " FOR EACH STATEMENT EXECUTE FUNCTION cruscotti_butta_risposte();"
                for tabella, quando in SCATTI.items()
            ),
            reverse_sql="".join(
                f"DROP TRIGGER cruscotti_butta ON {tabella};" for tabella in SCATTI
            ),
        ),
        migrations.RunSQL(
            sql=SENZA_LIMITATI._ricalcola(RICALCOLA),
            reverse_sql=SENZA_LIMITATI._ricalcola(SENZA_LIMITATI.RICALCOLA),
        ),
    ]
