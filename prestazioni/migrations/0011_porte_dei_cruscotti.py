"""I numeri del nodo e della rete: le sole porte per leggerli.

Rispondono a chi coordina, per gli enti dei suoi nodi, e a chi amministra. I conti di persone escono
dal database già arrotondati a 5, ciascuno fatto da capo sulle persone distinte; la chiave che unisce
le righe di una persona in enti diversi non esce mai.
"""

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia


# Quanti mesi tiene una riga di `cruscotti_presenza`.
MESI_PER_RIGA = 60


def _base_5(conto: str) -> str:
    """Un conto di persone com'è permesso farlo uscire: arrotondato al multiplo di 5 più vicino."""
    return f"(round({conto} / 5.0) * 5)::bigint"


# Chi coordina un nodo vede gli enti dei suoi nodi; chi risponde della rete, tutti; nessun altro.
VISIBILI = """
    SELECT e.id, coalesce(e.nodo_id, 0) AS nodo FROM public.enti_ente e
    WHERE (rete OR e.nodo_id = ANY(nodi))
      AND (p_nodo IS NULL OR e.nodo_id = p_nodo) AND (p_ente IS NULL OR e.id = p_ente)
"""
AZIONI = """
    SELECT z.id, z.asse_id AS asse FROM public.assi_azione z
    WHERE (p_asse IS NULL OR z.asse_id = p_asse) AND (p_azione IS NULL OR z.id = p_azione)
"""
CHI_PUO = """
    IF NOT rete AND cardinality(nodi) = 0 THEN
        RETURN;
    END IF;
"""
DICHIARA_CHI = """
    rete boolean := public.registro_rete();
    nodi bigint[] := public.registro_nodi();
"""
_VOCE = """CASE p_per WHEN 'nodo' THEN e.nodo WHEN 'ente' THEN e.id WHEN 'asse' THEN z.asse
            WHEN 'azione' THEN z.id ELSE 0 END"""
_CONTI_DI_UN_MESE = ", ".join(
    f"count(*) FILTER (WHERE mesi & {1 << bit} <> 0)" for bit in range(MESI_PER_RIGA)
)

RETE = f"""
#variable_conflict use_column
DECLARE
    {DICHIARA_CHI}
    primo integer := public.cruscotti_posto(p_dal);
    ultimo integer := public.cruscotti_posto(p_al);
BEGIN
    {CHI_PUO}
    RETURN QUERY
    WITH e AS NOT MATERIALIZED ({VISIBILI}), z AS NOT MATERIALIZED ({AZIONI}),
    periodo AS (
        SELECT blocco, ((1::bigint << (fino - da + 1)) - 1) << da AS maschera FROM (
            SELECT blocco, greatest(primo - blocco * {MESI_PER_RIGA}, 0) AS da,
                least(ultimo - blocco * {MESI_PER_RIGA}, {MESI_PER_RIGA - 1}) AS fino
            FROM generate_series(primo / {MESI_PER_RIGA}, ultimo / {MESI_PER_RIGA}) AS blocco
        ) estremi WHERE da <= fino
    ),
    fatte AS (
        SELECT CASE p_per WHEN 'mese' THEN public.cruscotti_posto(c.mese) ELSE {_VOCE} END AS voce,
            sum(c.prestazioni)::bigint AS prestazioni, sum(c.minuti)::bigint AS minuti,
            sum(c.senza_durata)::bigint AS senza_durata, sum(c.senza_nome)::bigint AS senza_nome
        FROM public.cruscotti_cella c JOIN e ON e.id = c.ente_id JOIN z ON z.id = c.azione_id
        WHERE c.mese >= p_dal AND c.mese <= p_al
        GROUP BY 1
    ),
    viste AS (
        SELECT {_VOCE} AS voce, r.chiave, r.con_codice
        FROM public.cruscotti_presenza r
        JOIN periodo ON periodo.blocco = r.blocco AND r.mesi & periodo.maschera <> 0
        JOIN e ON e.id = r.ente_id JOIN z ON z.id = r.azione_id
        WHERE p_per <> 'mese'
        GROUP BY 1, 2, 3
    ),
    mese_per_mese AS (
        SELECT blocco * {MESI_PER_RIGA} + (posto - 1)::integer AS voce, con_codice, quante
        FROM (
            SELECT blocco, con_codice, ARRAY[{_CONTI_DI_UN_MESE}] AS conti FROM (
                SELECT r.blocco, r.chiave, r.con_codice, bit_or(r.mesi & periodo.maschera) AS mesi
                FROM public.cruscotti_presenza r
                JOIN periodo ON periodo.blocco = r.blocco AND r.mesi & periodo.maschera <> 0
                JOIN e ON e.id = r.ente_id JOIN z ON z.id = r.azione_id
                WHERE p_per = 'mese'
                GROUP BY 1, 2, 3
            ) per_persona GROUP BY 1, 2
        ) per_blocco, unnest(conti) WITH ORDINALITY AS u(quante, posto)
        WHERE quante > 0
    ),
    persone AS (
        SELECT voce, count(*) AS persone, count(*) FILTER (WHERE NOT con_codice) AS senza_codice
        FROM viste GROUP BY 1
        UNION ALL
        SELECT voce, sum(quante)::bigint,
            coalesce(sum(quante) FILTER (WHERE NOT con_codice), 0)::bigint
        FROM mese_per_mese GROUP BY 1
    )
    SELECT coalesce(fatte.voce, persone.voce)::bigint, coalesce(fatte.prestazioni, 0),
        fatte.minuti, coalesce(fatte.senza_durata, 0),
        {_base_5("coalesce(persone.persone, 0)")}, {_base_5("coalesce(persone.senza_codice, 0)")},
        {_base_5("coalesce(fatte.senza_nome, 0)")}
    FROM fatte FULL JOIN persone ON persone.voce = fatte.voce
    ORDER BY 1;
END
"""

# I casi aperti alla fine del periodo: di una persona o di un nucleo, dunque arrotondati anche loro.
CASI = f"""
#variable_conflict use_column
DECLARE
    {DICHIARA_CHI}
BEGIN
    {CHI_PUO}
    RETURN QUERY
    WITH e AS NOT MATERIALIZED ({VISIBILI}), z AS NOT MATERIALIZED ({AZIONI})
    SELECT ({_VOCE})::bigint, {_base_5("count(*)")}
    FROM public.beneficiari_presaincarico p JOIN e ON e.id = p.ente_id JOIN z ON z.id = p.azione_id
    WHERE p.aperta_il <= p_al AND (p.chiusa_il IS NULL OR p.chiusa_il > p_al)
    GROUP BY 1 ORDER BY 1;
END
"""

# Di un gruppo sensibile: quante persone, per stato, arrotondate; mai quali bisogni di chi.
BISOGNI = f"""
#variable_conflict use_column
DECLARE
    {DICHIARA_CHI}
BEGIN
    {CHI_PUO}
    RETURN QUERY
    WITH e AS NOT MATERIALIZED ({VISIBILI})
    SELECT r.stato::text, {_base_5("count(DISTINCT coalesce(k.chiave, b.unito_a_id, b.id))")},
        {_base_5("count(*)")}
    FROM public.beneficiari_bisognorilevato r
    JOIN e ON e.id = r.ente_id
    JOIN public.assi_bisogno voce ON voce.id = r.bisogno_id
    JOIN public.beneficiari_beneficiario b ON b.id = r.beneficiario_id
    LEFT JOIN public.cruscotti_chiave k ON k.beneficiario_id = r.beneficiario_id
    LEFT JOIN public.beneficiari_presaincarico p ON p.id = r.presa_id
    WHERE r.rilevato_il >= p_dal AND r.rilevato_il <= p_al
      AND (p_asse IS NULL OR voce.asse_id = p_asse)
      AND (p_azione IS NULL OR p.azione_id = p_azione)
    GROUP BY 1 ORDER BY 1;
END
"""

STATO = f"""
DECLARE
    {DICHIARA_CHI}
BEGIN
    {CHI_PUO}
    RETURN QUERY SELECT
        (SELECT s.aggiornato_il FROM public.cruscotti_stato s),
        (SELECT count(DISTINCT (c.ente_id, c.mese)) FROM public.cruscotti_cambio c
         JOIN public.enti_ente e ON e.id = c.ente_id
         WHERE c.mese IS NOT NULL AND (rete OR e.nodo_id = ANY(nodi)));
END
"""

# Con un piano solo per ogni combinazione di filtri PostgreSQL prenderebbe pochi enti per certi e
# leggerebbe riga per riga: due secondi invece di tre decimi (misurato su 200.000 prestazioni).
PIANO_SU_MISURA = migrations.RunSQL(
    sql="SET ROLE registro_guardia;"
    + "".join(
        f"ALTER FUNCTION registro_cruscotto_{nome} SET plan_cache_mode = 'force_custom_plan';"
        for nome in ("rete", "casi", "bisogni")
    )
    + "RESET ROLE;",
    reverse_sql=migrations.RunSQL.noop,
)

FILTRI = "p_nodo bigint, p_ente bigint, p_asse bigint, p_azione bigint"


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0008_cruscotti_della_rete")]

    operations = [
        funzione_di_guardia(
            "registro_cruscotto_rete",
            argomenti=f"p_per text, p_dal date, p_al date, {FILTRI}",
            rende=(
                "TABLE (voce bigint, prestazioni bigint, minuti bigint, senza_durata bigint,"
                " persone bigint, senza_codice bigint, senza_nome bigint)"
            ),
            corpo=RETE,
        ),
        funzione_di_guardia(
            "registro_cruscotto_casi",
            argomenti=f"p_per text, p_al date, {FILTRI}",
            rende="TABLE (voce bigint, casi bigint)",
            corpo=CASI,
        ),
        funzione_di_guardia(
            "registro_cruscotto_bisogni",
            argomenti=f"p_dal date, p_al date, {FILTRI}",
            rende="TABLE (stato text, persone bigint, bisogni bigint)",
            corpo=BISOGNI,
        ),
        funzione_di_guardia(
            "registro_cruscotto_stato",
            rende="TABLE (aggiornato_il timestamptz, in_attesa bigint)",
            corpo=STATO,
        ),
        PIANO_SU_MISURA,
    ]
