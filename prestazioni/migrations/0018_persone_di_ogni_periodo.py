"""Le persone distinte di qualunque periodo, sommando celle già contate.

Chi c'è in un periodo si conta una volta nel primo mese in cui c'era: è il mese il cui precedente,
per la stessa persona, viene prima del periodo. Quindi per ogni mese si tiene quante persone c'erano,
divise per il mese in cui c'erano state l'ultima volta; le persone di un periodo sono la somma delle
sue celle col mese precedente fuori. È lo stesso numero che darebbero le righe, e si legge in
millesimi di secondo. Le celle ci sono per la rete, per ogni nodo e per ogni ente; per la rete e i
nodi anche asse per asse e azione per azione. Il resto si conta sulle presenze, come prima.

Dopo un cambio si tolgono e si rimettono le celle delle sole persone toccate; ciò che le cambierebbe
tutte (un ente cambia nodo, un'azione cambia asse, una persona si dimentica) le fa rifare, e finché
non sono rifatte risponde il conto sulle presenze.
"""

import importlib

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia


NUMERI = importlib.import_module("prestazioni.migrations.0014_numeri_di_chi_non_c_e_piu")
LIMITATI = importlib.import_module("prestazioni.migrations.0015_dati_limitati")
PRONTE = importlib.import_module("prestazioni.migrations.0016_risposte_pronte")
MESI = NUMERI.MESI
ARGOMENTI, RENDE, PER_CHI = PRONTE.ARGOMENTI, PRONTE.RENDE, PRONTE.PER_CHI

TABELLE = """
    SET ROLE registro_guardia;
    CREATE TABLE cruscotti_conto (
        dove text NOT NULL CHECK (dove IN ('rete', 'nodo', 'ente')),
        -- La chiave del nodo (0 chi non ne ha) o dell'ente; 0 per la rete.
        dove_id bigint NOT NULL,
        che text NOT NULL CHECK (che IN ('tutto', 'asse', 'azione')),
        che_id bigint NOT NULL,
        -- Mesi dal gennaio 2000; -1 se prima non c'erano mai state.
        mese integer NOT NULL,
        precedente integer NOT NULL CHECK (precedente < mese),
        con_codice boolean NOT NULL,
        quante bigint NOT NULL CHECK (quante >= 0),
        PRIMARY KEY (dove, che, mese, precedente, dove_id, che_id, con_codice)
    );
    CREATE TABLE cruscotti_da_rifare (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        quando timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX cruscotti_presenza_chiave ON cruscotti_presenza (chiave);
    CREATE INDEX cruscotti_cella_mese ON cruscotti_cella (mese);
    REVOKE ALL ON cruscotti_conto, cruscotti_da_rifare FROM PUBLIC;
    -- Le celle nascono al primo ricalcolo.
    INSERT INTO cruscotti_da_rifare DEFAULT VALUES;
    RESET ROLE;
"""
SENZA_TABELLE = """
    SET ROLE registro_guardia;
    DROP INDEX cruscotti_cella_mese, cruscotti_presenza_chiave;
    DROP TABLE cruscotti_conto, cruscotti_da_rifare;
    RESET ROLE;
"""
CHIAVE = ("dove", "dove_id", "che", "che_id", "mese", "precedente", "con_codice")
COLONNE = ", ".join(CHIAVE)

# Le celle a cui danno queste persone (tutte, se p_chiavi è nullo), com'è adesso ciò che si è contato.
CONTI_DI = f"""
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH presenze AS (
        SELECT v.taglio, v.dove_id, v.che_id, r.chiave * 2 + r.con_codice::integer AS chi, r.blocco,
            bit_or(r.mesi) AS mesi
        FROM {NUMERI._ANCHE_CHI_NON_C_E_PIU}
        JOIN public.enti_ente e ON e.id = r.ente_id
        JOIN public.assi_azione z ON z.id = r.azione_id
        CROSS JOIN LATERAL (VALUES
            (1, 0, 0), (2, 0, z.asse_id), (3, 0, z.id),
            (4, coalesce(e.nodo_id, 0), 0), (5, coalesce(e.nodo_id, 0), z.asse_id),
            (6, coalesce(e.nodo_id, 0), z.id), (7, e.id, 0)
        ) AS v (taglio, dove_id, che_id)
        WHERE p_chiavi IS NULL OR r.chiave = ANY(p_chiavi)
        GROUP BY 1, 2, 3, 4, 5
    ), bit AS MATERIALIZED (
        SELECT posto / {MESI} AS blocco, posto, 1::bigint << (posto % {MESI}) AS segno
        FROM generate_series(
            public.cruscotti_posto(least((SELECT min(mese) FROM public.cruscotti_cella),
                (SELECT min(mese) FROM public.{NUMERI.TABELLA} WHERE cosa = 'presenza'))),
            public.cruscotti_posto(greatest((SELECT max(mese) FROM public.cruscotti_cella),
                (SELECT max(mese) FROM public.{NUMERI.TABELLA} WHERE cosa = 'presenza')))
        ) AS posto
    ), mesi AS (
        SELECT p.taglio, p.dove_id, p.che_id, p.chi, bit.posto AS mese,
            lag(bit.posto, 1, -1) OVER (
                PARTITION BY p.chi, p.taglio, p.dove_id, p.che_id ORDER BY bit.posto
            ) AS precedente
        FROM presenze p JOIN bit ON bit.blocco = p.blocco AND p.mesi & bit.segno <> 0
    )
    SELECT (ARRAY['rete', 'rete', 'rete', 'nodo', 'nodo', 'nodo', 'ente'])[m.taglio], m.dove_id,
        (ARRAY['tutto', 'asse', 'azione', 'tutto', 'asse', 'azione', 'tutto'])[m.taglio], m.che_id,
        m.mese, m.precedente, m.chi & 1 = 1, count(*)
    FROM mesi m GROUP BY m.taglio, m.dove_id, m.che_id, m.mese, m.precedente, m.chi & 1
    ORDER BY m.taglio, m.mese, m.precedente;
END
"""


def _dopo(testo: str, segno: str) -> str:
    """`testo` da `segno` in poi. Solleva ValueError se non c'è: la funzione è cambiata."""
    return testo[testo.index(segno) :]


def _fra(testo: str, inizio: str, fine: str) -> str:
    """Il pezzo di `testo` da `inizio` fin prima di `fine`. Solleva ValueError se non c'è."""
    resto = _dopo(testo, inizio)
    return resto[: resto.index(fine)]


# La forma della risposta è quella del conto sulle presenze: cambia da dove vengono le persone. Chi
# guarda più nodi insieme non ha celle sue. Ciò che non serve a filtrare non si unisce nemmeno.
RISPONDE = f"""
#variable_conflict use_column
DECLARE
    rete boolean := p_rete;
    nodi bigint[] := p_nodi;
    primo integer := public.cruscotti_posto(p_dal);
    ultimo integer := public.cruscotti_posto(p_al);
    luogo text := CASE
        WHEN p_per = 'ente' OR p_ente IS NOT NULL THEN 'ente'
        WHEN p_per = 'nodo' OR p_nodo IS NOT NULL OR (NOT rete AND cardinality(nodi) = 1) THEN 'nodo'
        WHEN rete THEN 'rete' END;
    tema text := CASE
        WHEN p_per = 'azione' OR p_azione IS NOT NULL THEN 'azione'
        WHEN p_per = 'asse' OR p_asse IS NOT NULL THEN 'asse'
        ELSE 'tutto' END;
    ogni_ente boolean := rete AND p_nodo IS NULL AND p_ente IS NULL;
    ogni_azione boolean := p_asse IS NULL AND p_azione IS NULL;
BEGIN
    IF luogo IS NULL OR (luogo = 'ente' AND tema <> 'tutto')
       OR EXISTS (SELECT 1 FROM public.cruscotti_da_rifare) THEN
        RETURN QUERY SELECT c.* FROM public.cruscotti_conta(
            rete, nodi, p_per, p_dal, p_al, p_nodo, p_ente, p_asse, p_azione) c;
        RETURN;
    END IF;
    {_fra(PRONTE.CONTA, "RETURN QUERY", "periodo AS (")}
    fatte AS (
        SELECT CASE p_per WHEN 'mese' THEN public.cruscotti_posto(f.mese) ELSE f.voce END AS voce,
            f.prestazioni, f.minuti, f.senza_durata, f.senza_nome
        FROM (
            SELECT CASE p_per WHEN 'mese' THEN c.mese END AS mese,
                CASE p_per WHEN 'nodo' THEN coalesce(n.nodo_id, 0) WHEN 'ente' THEN c.ente_id
                    WHEN 'asse' THEN a.asse_id WHEN 'azione' THEN c.azione_id ELSE 0 END AS voce,
                sum(c.prestazioni)::bigint AS prestazioni, sum(c.minuti)::bigint AS minuti,
                sum(c.senza_durata)::bigint AS senza_durata, sum(c.senza_nome)::bigint AS senza_nome
            FROM public.cruscotti_cella c
            LEFT JOIN public.enti_ente n ON n.id = c.ente_id
            LEFT JOIN public.assi_azione a ON a.id = c.azione_id
            WHERE c.mese >= p_dal AND c.mese <= p_al
              AND (ogni_ente OR c.ente_id IN (SELECT id FROM e))
              AND (ogni_azione OR c.azione_id IN (SELECT id FROM z))
            GROUP BY 1, 2
        ) f
    ),
    persone AS (
        SELECT CASE p_per
                WHEN 'nodo' THEN CASE luogo WHEN 'nodo' THEN c.dove_id ELSE (SELECT max(nodo) FROM e) END
                WHEN 'asse' THEN CASE tema WHEN 'asse' THEN c.che_id ELSE (SELECT max(asse) FROM z) END
                WHEN 'ente' THEN c.dove_id WHEN 'azione' THEN c.che_id WHEN 'mese' THEN c.mese
                ELSE 0 END AS voce,
            sum(c.quante)::bigint AS persone,
            coalesce(sum(c.quante) FILTER (WHERE NOT c.con_codice), 0)::bigint AS senza_codice
        FROM public.cruscotti_conto c
        WHERE c.dove = luogo AND c.che = tema AND c.mese >= primo AND c.mese <= ultimo
          AND (p_per = 'mese' OR c.precedente < primo)
          AND (ogni_ente OR (luogo = 'nodo' AND c.dove_id IN (SELECT nodo FROM e))
               OR (luogo = 'ente' AND c.dove_id IN (SELECT id FROM e)))
          AND (ogni_azione OR (tema = 'asse' AND c.che_id IN (SELECT asse FROM z))
               OR (tema = 'azione' AND c.che_id IN (SELECT id FROM z)))
        GROUP BY 1
    )
    {_dopo(PRONTE.CONTA, "SELECT coalesce(fatte.voce")}
"""

_ATTESE = _fra(PRONTE.RICALCOLA, "    WITH attese AS", ", cambiate AS (")
_RISCRIVE = _fra(
    PRONTE.RICALCOLA,
    "    -- Si riscrivono solo le righe diverse",
    "    DELETE FROM public.cruscotti_presenza WHERE mesi = 0",
)
_ANALISI = _dopo(PRONTE.RICALCOLA, "    IF tutto THEN\n        ANALYZE public.cruscotti_presenza")

# Prima di cambiare le presenze si sa quali cambiano: le celle si aggiustano per quelle persone sole.
_DIVERSE = f"""    -- Le righe diverse da come dovrebbero essere.
{_ATTESE}, diverse AS (
        SELECT v.beneficiario_id, v.azione_id, v.blocco, v.ente_id,
            (v.mesi & ~t.maschera) | coalesce(a.mesi, 0) AS mesi
        FROM public.cruscotti_presenza v
        JOIN toccate t ON t.ente = v.ente_id AND t.blocco = v.blocco
        LEFT JOIN attese a ON a.beneficiario_id = v.beneficiario_id
          AND a.azione_id = v.azione_id AND a.blocco = v.blocco
        WHERE (v.mesi & t.maschera) <> coalesce(a.mesi, 0)
        UNION ALL
        SELECT a.beneficiario_id, a.azione_id, a.blocco, a.ente, a.mesi FROM attese a
        WHERE NOT EXISTS (
            SELECT 1 FROM public.cruscotti_presenza v WHERE v.beneficiario_id = a.beneficiario_id
              AND v.azione_id = a.azione_id AND v.blocco = a.blocco
        )
    )
    SELECT array_agg(beneficiario_id), array_agg(azione_id), array_agg(blocco), array_agg(ente_id),
        array_agg(mesi) INTO di_chi, di_azione, di_blocco, di_ente, di_mesi FROM diverse;
    IF NOT rifare THEN
        cambiano := ARRAY(
            SELECT unnest(di_chi)
            UNION
            SELECT r.beneficiario_id FROM public.cruscotti_presenza r
            JOIN public.cruscotti_chiave k ON k.beneficiario_id = r.beneficiario_id
            WHERE k.beneficiario_id IN (SELECT unnest(ambito))
              AND (r.chiave, r.con_codice) IS DISTINCT FROM (k.chiave, k.con_codice)
        );
        chiavi := ARRAY(
            SELECT r.chiave FROM public.cruscotti_presenza r
            WHERE r.beneficiario_id IN (SELECT unnest(cambiano))
            UNION
            SELECT k.chiave FROM public.cruscotti_chiave k
            WHERE k.beneficiario_id IN (SELECT unnest(cambiano))
        );
        UPDATE public.cruscotti_conto c SET quante = c.quante - x.quante
            FROM public.cruscotti_conti_di(chiavi) x
            WHERE ({", ".join(f"c.{nome}" for nome in CHIAVE)})
                = ({", ".join(f"x.{nome}" for nome in CHIAVE)});
    END IF;
"""
# Chi si toglie annullando un'importazione non ha più una chiave: la sua riga si cambia lo stesso.
_SCRIVE = """    UPDATE public.cruscotti_presenza r SET mesi = d.mesi
        FROM unnest(di_chi, di_azione, di_blocco, di_mesi) AS d (chi, azione, blocco, mesi)
        WHERE r.beneficiario_id = d.chi AND r.azione_id = d.azione AND r.blocco = d.blocco;
    INSERT INTO public.cruscotti_presenza
        (beneficiario_id, azione_id, blocco, mesi, ente_id, chiave, con_codice)
        SELECT d.chi, d.azione, d.blocco, d.mesi, d.ente, k.chiave, k.con_codice
        FROM unnest(di_chi, di_azione, di_blocco, di_ente, di_mesi)
            AS d (chi, azione, blocco, ente, mesi)
        JOIN public.cruscotti_chiave k ON k.beneficiario_id = d.chi
        ON CONFLICT (beneficiario_id, azione_id, blocco) DO NOTHING;
"""
_RICONTA = f"""    IF rifare THEN
        DELETE FROM public.cruscotti_conto;
        chiavi := NULL;
    END IF;
    INSERT INTO public.cruscotti_conto ({COLONNE}, quante)
        SELECT {COLONNE}, quante FROM public.cruscotti_conti_di(chiavi)
        ON CONFLICT ON CONSTRAINT cruscotti_conto_pkey
            DO UPDATE SET quante = cruscotti_conto.quante + excluded.quante;
    IF cardinality(chiavi) > 0 THEN
        DELETE FROM public.cruscotti_conto WHERE quante = 0;
    ELSIF rifare THEN
        ANALYZE public.cruscotti_conto;
    END IF;
    RETURN cardinality(enti);
"""
_CHIAVI_NUOVE = "    UPDATE public.cruscotti_presenza r SET chiave = k.chiave"
RICALCOLA = PRONTE.al_posto(
    PRONTE.RICALCOLA,
    (
        "    quante bigint;\nBEGIN",
        """    quante bigint;
    rifare boolean;
    di_chi bigint[];
    di_azione bigint[];
    di_blocco integer[];
    di_ente bigint[];
    di_mesi bigint[];
    cambiano bigint[];
    chiavi bigint[];
BEGIN""",
    ),
    (
        "    enti := coalesce(enti",
        """    DELETE FROM public.cruscotti_da_rifare;
    GET DIAGNOSTICS quante = ROW_COUNT;
    rifare := tutto OR quante > 0;
    enti := coalesce(enti""",
    ),
    (_RISCRIVE, _SCRIVE),
    (_CHIAVI_NUOVE, f"{_DIVERSE}{_CHIAVI_NUOVE}"),
    (_ANALISI, _ANALISI.replace("    RETURN cardinality(enti);\n", _RICONTA)),
)

BUTTA = """
BEGIN
    DELETE FROM public.cruscotti_risposta;
    INSERT INTO public.cruscotti_da_rifare DEFAULT VALUES;
    RETURN NULL;
END
"""
# Le righe vuote le toglie il ricalcolo; le altre, chi dimentica una persona.
SEGNA_TOLTE = """
BEGIN
    IF EXISTS (SELECT 1 FROM tolte WHERE mesi <> 0) THEN
        DELETE FROM public.cruscotti_risposta;
        INSERT INTO public.cruscotti_da_rifare DEFAULT VALUES;
    END IF;
    RETURN NULL;
END
"""

# Nessuna delle due è una porta: le chiamano altre funzioni della guardia, e nessun ruolo che acceda.
# I conti di tutti ordinano milioni di righe: con la memoria di tutti i giorni andrebbero sul disco.
_SICURA = "SECURITY INVOKER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan"
INTERNE = f"""
    SET ROLE registro_guardia;
    CREATE FUNCTION cruscotti_conti_di(p_chiavi bigint[])
        RETURNS TABLE (dove text, dove_id bigint, che text, che_id bigint, mese integer,
            precedente integer, con_codice boolean, quante bigint)
        LANGUAGE plpgsql STABLE {_SICURA} SET work_mem = '64MB'
        AS $conta$ {CONTI_DI} $conta$;
    CREATE FUNCTION cruscotti_risponde({PER_CHI}, {ARGOMENTI})
        RETURNS {RENDE} LANGUAGE plpgsql STABLE PARALLEL SAFE {_SICURA}
        AS $conta$ {RISPONDE} $conta$;
    REVOKE EXECUTE ON FUNCTION cruscotti_conti_di, cruscotti_risponde FROM PUBLIC;
    RESET ROLE;
"""
SENZA_INTERNE = """
    SET ROLE registro_guardia;
    DROP FUNCTION cruscotti_risponde;
    DROP FUNCTION cruscotti_conti_di;
    RESET ROLE;
"""


def _di_guardia(nome: str, argomenti: str, rende: str, corpo: str) -> str:
    """La stessa funzione con un altro corpo: stessa firma, stesso padrone, stessi permessi."""
    return f"""
        SET ROLE registro_guardia;
        CREATE OR REPLACE FUNCTION {nome}({argomenti}) RETURNS {rende}
            LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
            AS $guardia$ {corpo} $guardia$;
        RESET ROLE;
    """


_CONTA, _RISPONDE = "public.cruscotti_conta(", "public.cruscotti_risponde("
PORTA = PRONTE.al_posto(PRONTE.PORTA, (_CONTA, _RISPONDE))
PREPARA = PRONTE.al_posto(PRONTE.PREPARA, (_CONTA, _RISPONDE))
DI_PREPARA = (
    "registro_prepara_cruscotto",
    "p_ambito bigint, p_per text, p_dal date, p_al date",
    "boolean",
)
DI_BUTTA = ("cruscotti_butta_risposte", "", "trigger")


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0017_le_ultime_di_chi_opera")]

    operations = [
        migrations.RunSQL(sql=TABELLE, reverse_sql=SENZA_TABELLE),
        migrations.RunSQL(sql=INTERNE, reverse_sql=SENZA_INTERNE),
        migrations.RunSQL(sql=PRONTE._porta(PORTA), reverse_sql=PRONTE._porta(PRONTE.PORTA)),
        migrations.RunSQL(
            sql=_di_guardia(*DI_PREPARA, PREPARA),
            reverse_sql=_di_guardia(*DI_PREPARA, PRONTE.PREPARA),
        ),
        migrations.RunSQL(
            sql=LIMITATI._ricalcola(RICALCOLA), reverse_sql=LIMITATI._ricalcola(PRONTE.RICALCOLA)
        ),
        migrations.RunSQL(
            sql=_di_guardia(*DI_BUTTA, BUTTA), reverse_sql=_di_guardia(*DI_BUTTA, PRONTE.BUTTA)
        ),
        funzione_di_guardia(
            "cruscotti_segna_tolte", rende="trigger", corpo=SEGNA_TOLTE, scrive=True
        ),
        # Chi dimentica una persona spegne i trigger: questo parte lo stesso.
        migrations.RunSQL(
            sql="""
                SET ROLE registro_guardia;
                CREATE TRIGGER cruscotti_tolte AFTER DELETE ON cruscotti_presenza
                    REFERENCING OLD TABLE AS tolte
                    FOR EACH STATEMENT EXECUTE FUNCTION cruscotti_segna_tolte();
                ALTER TABLE cruscotti_presenza ENABLE ALWAYS TRIGGER cruscotti_tolte;
                RESET ROLE;
            """,
            reverse_sql="""
                SET ROLE registro_guardia;
                DROP TRIGGER cruscotti_tolte ON cruscotti_presenza;
                RESET ROLE;
            """,
        ),
    ]
