"""La persona nascosta: il nodo che unisce le righe di una stessa persona in enti diversi.

Tre tabelle di `registro_guardia`, che l'applicazione non può nemmeno leggere: l'etichetta di rete
di ogni codice, la persona (nessun attributo), i legami proposti, confermati o annullati. Ci si
passa solo con queste funzioni, e nessuna dice a un ente che una persona è conosciuta altrove se
un'autorizzazione non glielo permette. Le righe di partenza non cambiano mai.
"""

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia


TABELLE = """
    SET ROLE registro_guardia;
    CREATE TABLE beneficiari_etichetta (
        beneficiario_id bigint PRIMARY KEY,
        ente_id bigint NOT NULL,
        etichetta bytea NOT NULL,
        messa_il timestamptz NOT NULL DEFAULT now()
    );
    CREATE INDEX beneficiari_etichetta_etichetta ON beneficiari_etichetta (etichetta);
    CREATE TABLE beneficiari_persona (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        nata_il timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE beneficiari_legame (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        uuid uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
        persona_id bigint NOT NULL REFERENCES beneficiari_persona,
        beneficiario_id bigint NOT NULL,
        ente_id bigint NOT NULL,
        motivo text NOT NULL,
        stato text NOT NULL DEFAULT 'proposto'
            CHECK (stato IN ('proposto', 'confermato', 'annullato')),
        proposto_il timestamptz NOT NULL DEFAULT now(),
        deciso_il timestamptz,
        deciso_da bigint,
        perche text NOT NULL DEFAULT '',
        CHECK (stato = 'proposto' OR (deciso_il IS NOT NULL AND deciso_da IS NOT NULL))
    );
    CREATE UNIQUE INDEX beneficiari_legame_uno ON beneficiari_legame (beneficiario_id)
        WHERE stato <> 'annullato';
    CREATE INDEX beneficiari_legame_persona ON beneficiari_legame (persona_id);
    REVOKE ALL ON beneficiari_etichetta, beneficiari_persona, beneficiari_legame FROM PUBLIC;
    RESET ROLE;
"""
SENZA_TABELLE = """
    SET ROLE registro_guardia;
    DROP TABLE beneficiari_legame, beneficiari_persona, beneficiari_etichetta;
    RESET ROLE;
"""

# Lo stesso lavoro che la persona sia nota altrove o no: né la risposta né il tempo lo dicono.
ETICHETTA = """
BEGIN
    DELETE FROM public.beneficiari_etichetta e USING public.beneficiari_beneficiario b
        WHERE e.beneficiario_id = p_beneficiario AND b.id = e.beneficiario_id
          AND b.ente_id = ANY(public.registro_enti_persone());
    INSERT INTO public.beneficiari_etichetta (beneficiario_id, ente_id, etichetta)
        SELECT b.id, b.ente_id, p_etichetta FROM public.beneficiari_beneficiario b
        WHERE b.id = p_beneficiario AND p_etichetta IS NOT NULL AND NOT b.anonimo
          AND b.ente_id = ANY(public.registro_enti_persone());
END
"""

# Le righe che sembrano la stessa persona: stesso codice, o stessa nascita e nome molto simile.
# Un legame annullato non si ripropone.
PROPONI = """
DECLARE
    gruppo record;
    la_persona bigint;
    nuovi integer := 0;
    aggiunti integer;
BEGIN
    IF public.registro_ruolo() IS DISTINCT FROM 'sistema' THEN
        RETURN 0;
    END IF;
    FOR gruppo IN
        SELECT array_agg(e.beneficiario_id ORDER BY e.beneficiario_id) AS righe,
            'stesso codice fiscale' AS motivo
        FROM public.beneficiari_etichetta e
        GROUP BY e.etichetta HAVING count(DISTINCT e.ente_id) > 1
        UNION ALL
        SELECT ARRAY[uno.id, altro.id], 'stessa data di nascita e nome molto simile'
        FROM public.beneficiari_beneficiario uno
        JOIN public.beneficiari_beneficiario altro
          ON altro.data_nascita = uno.data_nascita AND altro.ente_id <> uno.ente_id
         AND altro.id > uno.id
        WHERE NOT uno.nascita_stimata AND NOT altro.nascita_stimata
          AND uno.unito_a_id IS NULL AND altro.unito_a_id IS NULL
          AND public.similarity(uno.nome_cercato, altro.nome_cercato) >= 0.7
          AND NOT EXISTS (
              SELECT 1 FROM public.beneficiari_etichetta a
              JOIN public.beneficiari_etichetta b ON b.etichetta <> a.etichetta
              WHERE a.beneficiario_id = uno.id AND b.beneficiario_id = altro.id
          )
    LOOP
        SELECT l.persona_id INTO la_persona FROM public.beneficiari_legame l
            WHERE l.beneficiario_id = ANY(gruppo.righe) AND l.stato <> 'annullato'
            ORDER BY l.id LIMIT 1;
        IF NOT EXISTS (
            SELECT 1 FROM unnest(gruppo.righe) AS r(riga)
            WHERE NOT EXISTS (
                SELECT 1 FROM public.beneficiari_legame l WHERE l.beneficiario_id = r.riga
            )
        ) THEN
            CONTINUE;
        END IF;
        IF la_persona IS NULL THEN
            INSERT INTO public.beneficiari_persona DEFAULT VALUES RETURNING id INTO la_persona;
        END IF;
        INSERT INTO public.beneficiari_legame (persona_id, beneficiario_id, ente_id, motivo)
            SELECT la_persona, b.id, b.ente_id, gruppo.motivo
            FROM public.beneficiari_beneficiario b
            WHERE b.id = ANY(gruppo.righe) AND NOT EXISTS (
                SELECT 1 FROM public.beneficiari_legame l WHERE l.beneficiario_id = b.id
            );
        GET DIAGNOSTICS aggiunti = ROW_COUNT;
        nuovi := nuovi + aggiunti;
    END LOOP;
    RETURN nuovi;
END
"""

# Chi decide vede quali enti e perché, mai chi: né un nome né la riga della persona.
DA_DECIDERE = """
BEGIN
    IF public.registro_ruolo() IS DISTINCT FROM 'amministratore' THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT l.uuid, l.persona_id, l.ente_id, l.motivo, l.stato, l.proposto_il, l.deciso_il,
            l.perche
        FROM public.beneficiari_legame l ORDER BY l.persona_id, l.id;
END
"""

DECIDI = """
BEGIN
    IF public.registro_ruolo() IS DISTINCT FROM 'amministratore'
       OR p_stato NOT IN ('proposto', 'confermato', 'annullato') THEN
        RETURN false;
    END IF;
    IF p_stato <> 'annullato' AND EXISTS (
        SELECT 1 FROM public.beneficiari_legame l
        JOIN public.beneficiari_legame altro ON altro.beneficiario_id = l.beneficiario_id
        WHERE l.uuid = p_legame AND altro.id <> l.id AND altro.stato <> 'annullato'
    ) THEN
        RETURN false;
    END IF;
    UPDATE public.beneficiari_legame
        SET stato = p_stato, perche = p_perche,
            deciso_il = CASE WHEN p_stato = 'proposto' THEN NULL ELSE now() END,
            deciso_da = CASE WHEN p_stato = 'proposto' THEN NULL ELSE public.registro_utente() END
        WHERE uuid = p_legame AND stato <> p_stato;
    RETURN FOUND;
END
"""

# Chi altri segue la persona: solo gli enti che lo hanno permesso a chi chiede, e finché vale.
ALTRI_ENTI = """
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
         AND a.revocata_il IS NULL AND a.dal <= public.registro_oggi()
         AND a.al >= public.registro_oggi()
        WHERE mia.id = p_beneficiario AND mia.ente_id = ANY(public.registro_enti_persone())
        ORDER BY a.ente_id, a.id;
END
"""


class Migration(migrations.Migration):
    dependencies = [("beneficiari", "0003_regole")]

    operations = [
        migrations.RunSQL(sql=TABELLE, reverse_sql=SENZA_TABELLE),
        funzione_di_guardia(
            "registro_etichetta",
            argomenti="p_beneficiario bigint, p_etichetta bytea",
            rende="void",
            corpo=ETICHETTA,
            scrive=True,
        ),
        funzione_di_guardia(
            "registro_proponi_legami", rende="integer", corpo=PROPONI, scrive=True
        ),
        funzione_di_guardia(
            "registro_legami_da_decidere",
            rende=(
                "TABLE (legame uuid, persona bigint, ente bigint, motivo text, stato text,"
                " proposto_il timestamptz, deciso_il timestamptz, perche text)"
            ),
            corpo=DA_DECIDERE,
        ),
        funzione_di_guardia(
            "registro_decidi_legame",
            argomenti="p_legame uuid, p_stato text, p_perche text",
            rende="boolean",
            corpo=DECIDI,
            scrive=True,
        ),
        funzione_di_guardia(
            "registro_altri_enti",
            argomenti="p_beneficiario bigint",
            rende="TABLE (autorizzazione uuid, ente bigint, livello text, finalita text, al date)",
            corpo=ALTRI_ENTI,
        ),
    ]
