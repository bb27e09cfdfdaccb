"""I numeri del nodo e della rete, precalcolati in tabelle che solo la guardia può leggere.

Di ogni persona si tiene in quali mesi c'era, in un bit per mese: così le persone distinte di
qualunque periodo e filtro si contano leggendo una tabella piccola, senza differenze da un conto
fatto sulle righe. Ciò che cambia si annota in un diario che cresce soltanto: chi scrive non aspetta
nessuno, e un lavoro a orario ricalcola i soli (ente, mese) toccati. I mesi chiusi non si toccano
più.
"""

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia


# Un intero tiene sessanta mesi: cinque anni per riga, dal gennaio del 2000.
MESI_PER_RIGA = 60

TABELLE = """
    SET ROLE registro_guardia;
    CREATE TABLE cruscotti_cambio (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        ente_id bigint NOT NULL,
        mese date,
        beneficiario_id bigint,
        quando timestamptz NOT NULL DEFAULT now(),
        CHECK ((mese IS NULL) <> (beneficiario_id IS NULL))
    );
    CREATE TABLE cruscotti_stato (
        unico boolean PRIMARY KEY DEFAULT true CHECK (unico),
        aggiornato_il timestamptz NOT NULL
    );
    CREATE TABLE cruscotti_cella (
        ente_id bigint NOT NULL,
        mese date NOT NULL,
        azione_id bigint NOT NULL,
        prestazioni bigint NOT NULL,
        minuti bigint,
        senza_durata bigint NOT NULL,
        senza_nome bigint NOT NULL,
        PRIMARY KEY (ente_id, mese, azione_id)
    );
    CREATE TABLE cruscotti_chiave (
        beneficiario_id bigint PRIMARY KEY,
        chiave bigint NOT NULL,
        con_codice boolean NOT NULL
    );
    CREATE INDEX cruscotti_chiave_chiave ON cruscotti_chiave (chiave);
    CREATE TABLE cruscotti_presenza (
        beneficiario_id bigint NOT NULL,
        azione_id bigint NOT NULL,
        blocco integer NOT NULL,
        mesi bigint NOT NULL,
        ente_id bigint NOT NULL,
        chiave bigint NOT NULL,
        con_codice boolean NOT NULL,
        PRIMARY KEY (beneficiario_id, azione_id, blocco)
    );
    CREATE INDEX cruscotti_presenza_ente ON cruscotti_presenza (ente_id, blocco);
    REVOKE ALL ON cruscotti_cambio, cruscotti_stato, cruscotti_cella, cruscotti_chiave,
        cruscotti_presenza FROM PUBLIC;
    RESET ROLE;
"""
SENZA_TABELLE = """
    SET ROLE registro_guardia;
    DROP TABLE cruscotti_cambio, cruscotti_stato, cruscotti_cella, cruscotti_chiave,
        cruscotti_presenza;
    RESET ROLE;
"""

_IL_MESE = "date_trunc('month', giorno::timestamp)::date"
SEGNA_MESI = f"""
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.cruscotti_cambio (ente_id, mese)
            SELECT DISTINCT ente_id, {_IL_MESE} FROM nuove;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO public.cruscotti_cambio (ente_id, mese)
            SELECT DISTINCT ente_id, {_IL_MESE} FROM vecchie;
    ELSE
        INSERT INTO public.cruscotti_cambio (ente_id, mese)
            SELECT ente_id, {_IL_MESE} FROM nuove UNION SELECT ente_id, {_IL_MESE} FROM vecchie;
    END IF;
    RETURN NULL;
END
"""
SEGNA_UNIONE = """
BEGIN
    INSERT INTO public.cruscotti_cambio (ente_id, beneficiario_id)
        SELECT NEW.ente_id, riga
        FROM unnest(ARRAY[NEW.id, OLD.unito_a_id, NEW.unito_a_id]) AS riga
        WHERE riga IS NOT NULL;
    RETURN NULL;
END
"""
SEGNA_PERSONA = """
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO public.cruscotti_cambio (ente_id, beneficiario_id)
            VALUES (NEW.ente_id, NEW.beneficiario_id);
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO public.cruscotti_cambio (ente_id, beneficiario_id)
            VALUES (OLD.ente_id, OLD.beneficiario_id);
    END IF;
    RETURN NULL;
END
"""
PRESTAZIONI = ("prestazioni_prestazione", "prestazioni_partecipazione")
DELLA_GUARDIA = ("beneficiari_etichetta", "beneficiari_legame")
GESTI = {
    "insert": "REFERENCING NEW TABLE AS nuove",
    "delete": "REFERENCING OLD TABLE AS vecchie",
    "update": "REFERENCING OLD TABLE AS vecchie NEW TABLE AS nuove",
}


def _funzione_di_trigger(nome: str, corpo: str) -> migrations.RunSQL:
    return funzione_di_guardia(nome, rende="trigger", corpo=corpo, scrive=True)


def _trigger_per_istruzione() -> migrations.RunSQL:
    """Un trigger per istruzione, non per riga: importare 50.000 righe annota pochi mesi."""
    voci = [(tabella, gesto) for tabella in PRESTAZIONI for gesto in GESTI]
    return migrations.RunSQL(
        sql="".join(
            f"CREATE TRIGGER cruscotti_{gesto} AFTER {gesto.upper()} ON {tabella} {GESTI[gesto]}"
            " FOR EACH STATEMENT EXECUTE FUNCTION cruscotti_segna_mesi();"
            for tabella, gesto in voci
        ),
        reverse_sql="".join(
            f"DROP TRIGGER cruscotti_{gesto} ON {tabella};" for tabella, gesto in voci
        ),
    )


def _trigger_sulle_persone() -> migrations.RunSQL:
    return migrations.RunSQL(
        sql="""
            CREATE TRIGGER cruscotti_unione AFTER UPDATE ON beneficiari_beneficiario
                FOR EACH ROW WHEN (OLD.unito_a_id IS DISTINCT FROM NEW.unito_a_id)
                EXECUTE FUNCTION cruscotti_segna_unione();
            SET ROLE registro_guardia;
        """
        + "".join(
            f"CREATE TRIGGER cruscotti_persona AFTER INSERT OR UPDATE OR DELETE ON {tabella}"
            " FOR EACH ROW EXECUTE FUNCTION cruscotti_segna_persona();"
            for tabella in DELLA_GUARDIA
        )
        + "RESET ROLE;",
        reverse_sql="DROP TRIGGER cruscotti_unione ON beneficiari_beneficiario;"
        "SET ROLE registro_guardia;"
        + "".join(f"DROP TRIGGER cruscotti_persona ON {tabella};" for tabella in DELLA_GUARDIA)
        + "RESET ROLE;",
    )


# Il numero d'ordine di un mese, da zero nel gennaio del 2000.
POSTO = """
    CREATE FUNCTION cruscotti_posto(giorno date) RETURNS integer
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN extract(year FROM giorno)::integer * 12 + extract(month FROM giorno)::integer - 24001;
"""
# Chi sta con chi: le righe unite dentro un ente; quelle con lo stesso codice, salvo dove chi decide
# ha detto che sono persone diverse; quelle di un legame confermato.
GRUPPI = """
        SELECT b.id AS riga, 'u' || coalesce(b.unito_a_id, b.id) AS gruppo
        FROM public.beneficiari_beneficiario b WHERE b.id IN (SELECT unnest(ambito))
        UNION ALL
        SELECT e.beneficiario_id, 'e' || encode(e.etichetta, 'hex')
        FROM public.beneficiari_etichetta e
        WHERE e.beneficiario_id IN (SELECT unnest(ambito)) AND NOT EXISTS (
            SELECT 1 FROM public.beneficiari_legame l
            WHERE l.beneficiario_id = e.beneficiario_id AND l.stato = 'annullato'
        )
        UNION ALL
        SELECT l.beneficiario_id, 'p' || l.persona_id
        FROM public.beneficiari_legame l
        WHERE l.beneficiario_id IN (SELECT unnest(ambito)) AND l.stato = 'confermato'
"""
# Il mese si dice in due modi: l'intervallo usa l'indice quando i mesi sono pochi, l'uguaglianza
# unisce per impronta quando sono tutti.
NEI_MESI = """
    unnest(enti, mesi_toccati) AS d(ente, mese)
        JOIN public.{tabella} p
          ON p.ente_id = d.ente AND p.giorno >= d.mese AND p.giorno < d.mese + interval '1 month'
         AND date_trunc('month', p.giorno::timestamp)::date = d.mese
"""
LE_PRESENZE = NEI_MESI.format(tabella="prestazioni_partecipazione")
LE_PRESTAZIONI = NEI_MESI.format(tabella="prestazioni_prestazione")

RICALCOLA = f"""
#variable_conflict use_column
DECLARE
    tutto boolean := p_tutto OR NOT EXISTS (SELECT 1 FROM public.cruscotti_stato);
    enti bigint[];
    mesi_toccati date[];
    ambito bigint[];
    tenute bigint[];
    altre bigint[];
    quante bigint;
BEGIN
    IF public.registro_ruolo() IS DISTINCT FROM 'sistema' THEN
        RETURN 0;
    END IF;
    -- Si tolgono dal diario solo le righe lette: quelle di chi non ha ancora confermato restano.
    WITH tolti AS (
        DELETE FROM public.cruscotti_cambio RETURNING ente_id, mese, beneficiario_id
    ), coppie AS (
        SELECT DISTINCT ente_id, mese FROM tolti WHERE mese IS NOT NULL
    )
    SELECT (SELECT array_agg(ente_id ORDER BY ente_id, mese) FROM coppie),
        (SELECT array_agg(mese ORDER BY ente_id, mese) FROM coppie),
        (SELECT array_agg(DISTINCT beneficiario_id) FROM tolti WHERE beneficiario_id IS NOT NULL)
        INTO enti, mesi_toccati, ambito;
    IF tutto THEN
        DELETE FROM public.cruscotti_cella;
        DELETE FROM public.cruscotti_presenza;
        DELETE FROM public.cruscotti_chiave;
        SELECT array_agg(ente_id), array_agg(mese) INTO enti, mesi_toccati
            FROM (SELECT DISTINCT ente_id, {_IL_MESE} AS mese
                  FROM public.prestazioni_prestazione) voci;
        SELECT array_agg(id) INTO ambito FROM public.beneficiari_beneficiario;
    END IF;
    enti := coalesce(enti, '{{}}');
    mesi_toccati := coalesce(mesi_toccati, '{{}}');
    ambito := coalesce(ambito, '{{}}');

    IF NOT tutto THEN
        -- Chi compare per la prima volta, e poi chiunque sia, o fosse, unito a chi è cambiato.
        ambito := ambito || ARRAY(
            SELECT DISTINCT p.beneficiario_id FROM {LE_PRESENZE}
            WHERE p.beneficiario_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM public.cruscotti_chiave k WHERE k.beneficiario_id = p.beneficiario_id
            )
        );
        LOOP
            tenute := ARRAY(
                SELECT DISTINCT coalesce(b.unito_a_id, b.id) FROM public.beneficiari_beneficiario b
                WHERE b.id IN (SELECT unnest(ambito))
            );
            altre := ARRAY(
                SELECT r.riga FROM (
                    SELECT unnest(tenute) AS riga
                    UNION SELECT b.id FROM public.beneficiari_beneficiario b
                        WHERE b.unito_a_id IN (SELECT unnest(tenute))
                    UNION SELECT altra.beneficiario_id FROM public.beneficiari_etichetta e
                        JOIN public.beneficiari_etichetta altra ON altra.etichetta = e.etichetta
                        WHERE e.beneficiario_id IN (SELECT unnest(ambito))
                    UNION SELECT altro.beneficiario_id FROM public.beneficiari_legame l
                        JOIN public.beneficiari_legame altro ON altro.persona_id = l.persona_id
                        WHERE l.beneficiario_id IN (SELECT unnest(ambito))
                    UNION SELECT k.beneficiario_id FROM public.cruscotti_chiave k
                        WHERE k.chiave IN (
                            SELECT sua.chiave FROM public.cruscotti_chiave sua
                            WHERE sua.beneficiario_id IN (SELECT unnest(ambito))
                        )
                ) r WHERE r.riga NOT IN (SELECT unnest(ambito))
            );
            EXIT WHEN cardinality(altre) = 0;
            ambito := ambito || altre;
        END LOOP;
        DELETE FROM public.cruscotti_chiave WHERE beneficiario_id IN (SELECT unnest(ambito));
    END IF;

    -- La chiave di una persona è la riga più vecchia fra le sue: si propaga finché niente cambia.
    INSERT INTO public.cruscotti_chiave (beneficiario_id, chiave, con_codice)
        SELECT b.id, b.id, false FROM public.beneficiari_beneficiario b WHERE b.id IN (SELECT unnest(ambito));
    IF tutto THEN
        ANALYZE public.cruscotti_chiave;
    END IF;
    LOOP
        UPDATE public.cruscotti_chiave k SET chiave = nuova.chiave FROM (
            SELECT riga, min(chiave) AS chiave FROM (
                SELECT g.riga, min(sua.chiave) OVER (PARTITION BY g.gruppo) AS chiave
                FROM ({GRUPPI}) g
                JOIN public.cruscotti_chiave sua ON sua.beneficiario_id = g.riga
            ) per_gruppo GROUP BY riga
        ) nuova WHERE k.beneficiario_id = nuova.riga AND k.chiave > nuova.chiave;
        GET DIAGNOSTICS quante = ROW_COUNT;
        EXIT WHEN quante = 0;
    END LOOP;
    UPDATE public.cruscotti_chiave k SET con_codice = true
        WHERE k.beneficiario_id IN (SELECT unnest(ambito)) AND k.chiave IN (
            SELECT sua.chiave FROM public.cruscotti_chiave sua
            WHERE sua.beneficiario_id IN (SELECT unnest(ambito)) AND (
                EXISTS (SELECT 1 FROM public.beneficiari_etichetta e
                        WHERE e.beneficiario_id = sua.beneficiario_id)
                OR EXISTS (SELECT 1 FROM public.beneficiari_legame l
                        WHERE l.beneficiario_id = sua.beneficiario_id AND l.stato = 'confermato')
            )
        );
    UPDATE public.cruscotti_presenza r SET chiave = k.chiave, con_codice = k.con_codice
        FROM public.cruscotti_chiave k
        WHERE k.beneficiario_id IN (SELECT unnest(ambito)) AND r.beneficiario_id = k.beneficiario_id
          AND (r.chiave, r.con_codice) IS DISTINCT FROM (k.chiave, k.con_codice);

    -- Si riscrivono solo le righe diverse da come dovrebbero essere.
    WITH attese AS MATERIALIZED (
        SELECT ente, beneficiario_id, azione_id, posto / {MESI_PER_RIGA} AS blocco,
            bit_or(1::bigint << (posto % {MESI_PER_RIGA})) AS mesi
        FROM (SELECT DISTINCT d.ente, p.beneficiario_id, p.azione_id, public.cruscotti_posto(d.mese) AS posto
              FROM {LE_PRESENZE} WHERE p.beneficiario_id IS NOT NULL) voci
        GROUP BY 1, 2, 3, 4
    ), toccate AS (
        SELECT ente, posto / {MESI_PER_RIGA} AS blocco,
            bit_or(1::bigint << (posto % {MESI_PER_RIGA})) AS maschera
        FROM (SELECT d.ente, public.cruscotti_posto(d.mese) AS posto
              FROM unnest(enti, mesi_toccati) AS d(ente, mese)) voci
        GROUP BY 1, 2
    ), cambiate AS (
        UPDATE public.cruscotti_presenza r SET mesi = (r.mesi & ~x.maschera) | x.nuovi FROM (
            SELECT v.beneficiario_id, v.azione_id, v.blocco, t.maschera,
                coalesce(a.mesi, 0) AS nuovi
            FROM public.cruscotti_presenza v
            JOIN toccate t ON t.ente = v.ente_id AND t.blocco = v.blocco
            LEFT JOIN attese a ON a.beneficiario_id = v.beneficiario_id
              AND a.azione_id = v.azione_id AND a.blocco = v.blocco
            WHERE (v.mesi & t.maschera) <> coalesce(a.mesi, 0)
        ) x WHERE r.beneficiario_id = x.beneficiario_id AND r.azione_id = x.azione_id
            AND r.blocco = x.blocco
    )
    INSERT INTO public.cruscotti_presenza
        (beneficiario_id, azione_id, blocco, mesi, ente_id, chiave, con_codice)
        SELECT a.beneficiario_id, a.azione_id, a.blocco, a.mesi, a.ente, k.chiave, k.con_codice
        FROM attese a JOIN public.cruscotti_chiave k ON k.beneficiario_id = a.beneficiario_id
        ON CONFLICT (beneficiario_id, azione_id, blocco) DO NOTHING;
    DELETE FROM public.cruscotti_presenza WHERE mesi = 0 AND ente_id = ANY(enti);

    DELETE FROM public.cruscotti_cella c USING unnest(enti, mesi_toccati) AS d(ente, mese)
        WHERE c.ente_id = d.ente AND c.mese = d.mese;
    INSERT INTO public.cruscotti_cella
        (ente_id, mese, azione_id, prestazioni, minuti, senza_durata, senza_nome)
        SELECT d.ente, d.mese, p.azione_id, count(*), sum(p.minuti),
            count(*) FILTER (WHERE p.minuti IS NULL), coalesce(sum(p.senza_nome), 0)
        FROM {LE_PRESTAZIONI} GROUP BY 1, 2, 3;
    INSERT INTO public.cruscotti_stato (aggiornato_il) VALUES (clock_timestamp())
        ON CONFLICT (unico) DO UPDATE SET aggiornato_il = excluded.aggiornato_il;
    IF tutto THEN
        ANALYZE public.cruscotti_presenza, public.cruscotti_cella;
    END IF;
    RETURN cardinality(enti);
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("prestazioni", "0005_attivita_tolta_da_chi_la_cambia"),
        ("beneficiari", "0012_condivise_e_righe_unite"),
        ("enti", "0008_filtri_salvati"),
    ]

    operations = [
        migrations.RunSQL(sql=TABELLE, reverse_sql=SENZA_TABELLE),
        migrations.RunSQL(sql=POSTO, reverse_sql="DROP FUNCTION cruscotti_posto(date);"),
        _funzione_di_trigger("cruscotti_segna_mesi", SEGNA_MESI),
        _funzione_di_trigger("cruscotti_segna_unione", SEGNA_UNIONE),
        _funzione_di_trigger("cruscotti_segna_persona", SEGNA_PERSONA),
        _trigger_per_istruzione(),
        _trigger_sulle_persone(),
        funzione_di_guardia(
            "registro_ricalcola_cruscotti",
            argomenti="p_tutto boolean",
            rende="bigint",
            corpo=RICALCOLA,
            scrive=True,
        ),
    ]
