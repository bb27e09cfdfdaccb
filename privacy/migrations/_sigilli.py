"""Il testo SQL dei sigilli: come si scrive una riga, un lotto, un'epoca; come esce un mese.

Una riga si sigilla come testo JSON di un elenco di colonne nominate una per una: una colonna nuova non
cambia le impronte di prima. Le date sono in UTC e coi microsecondi, uguali su ogni server.
"""

_QUANDO = """to_char(quando AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_MESE = "date_trunc('month', quando AT TIME ZONE 'Europe/Rome')::date"

# Con i diritti di chi la interroga: fuori dalle funzioni qui sotto non la legge nessuno.
RIGHE = f"""
    SET ROLE registro_guardia;
    CREATE VIEW registro_righe WITH (security_invoker = true) AS
        SELECT 'letture' AS registro, {_MESE} AS mese, epoca, transazione, id, quando,
            jsonb_build_array(id, {_QUANDO}, utente_id, ente_id, ente_titolare_id, beneficiario,
                finalita, gruppi, uscita, pagina, richiesta, epoca, transazione::text)::text AS riga
        FROM public.privacy_registroaccessi
        UNION ALL
        SELECT 'eventi', {_MESE}, epoca, transazione, id, quando,
            jsonb_build_array(id, {_QUANDO}, codice, utente_id, ente_id, su_utente_id, persona,
                dati, richiesta, epoca, transazione::text)::text
        FROM public.enti_eventodisicurezza;
    RESET ROLE;
"""
VIA_LE_RIGHE = "SET ROLE registro_guardia; DROP VIEW registro_righe; RESET ROLE;"

# Le parti di un lotto: righe e impronta per registro e per mese, così un mese archiviato può uscire
# senza che i sigilli smettano di tornare.
_PARTI = """
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               't', p.registro, 'm', p.mese, 'n', p.righe, 'i', p.impronta)
               ORDER BY p.registro, p.mese), '[]'),
           coalesce(sum(p.righe), 0)
    FROM (
        SELECT r.registro, r.mese, count(*) AS righe,
            encode(sha256(convert_to(
                string_agg(r.riga, E'\\n' ORDER BY r.transazione, r.id), 'UTF8')), 'hex') AS impronta
        FROM public.registro_righe r
        WHERE r.epoca = quale_epoca AND r.transazione >= inizio AND r.transazione < fine
        GROUP BY r.registro, r.mese
    ) p
"""

# Chiude il lotto da `inizio` a `fine` dell'epoca: niente righe, niente sigillo.
_CHIUDI = f"""
    {_PARTI} INTO parti, quante;
    IF quante > 0 THEN
        adesso := clock_timestamp();
        prima := coalesce(ultimo.impronta, repeat('0', 64));
        INSERT INTO public.privacy_sigillo
            (id, epoca, da, a, righe, parti, precedente, impronta, creato_il)
        VALUES (coalesce(ultimo.id, 0) + 1, quale_epoca, inizio::text::bigint, fine::text::bigint,
            quante, parti, prima,
            encode(sha256(convert_to(concat_ws('|', 'registro-sigillo-1',
                coalesce(ultimo.id, 0) + 1, quale_epoca, inizio, fine, quante, parti, prima,
                to_char(adesso AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            ), 'UTF8')), 'hex'), adesso);
    END IF;
"""

_DICHIARA = """
DECLARE
    quale_epoca integer;
    ultimo public.privacy_sigillo;
    inizio xid8;
    fine xid8;
    parti jsonb;
    quante bigint;
    prima text;
    adesso timestamptz;
"""
_DA_DOVE = """
    SELECT max(e.id) INTO quale_epoca FROM public.privacy_epoca e;
    SELECT * INTO ultimo FROM public.privacy_sigillo s ORDER BY s.id DESC LIMIT 1;
    inizio := CASE WHEN ultimo.epoca = quale_epoca THEN ultimo.a ELSE 0 END::text::xid8;
"""

# Si sigilla ciò che è finito: sotto l'orizzonte nessuna transazione può più aggiungere righe. È la
# più vecchia ancora aperta in questo database, non la `xmin` della fotografia, che comprende quelle
# di tutto il server: una transazione lunga altrove fermerebbe i sigilli. Di quale database è lo dice
# il lucchetto che ogni transazione tiene su di sé; nel dubbio conta come nostra.
SIGILLA = f"""{_DICHIARA}
    foto pg_snapshot;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('registro_sigilla', 0));
    {_DA_DOVE}
    foto := pg_current_snapshot();
    SELECT coalesce(min(x), pg_snapshot_xmax(foto)) INTO fine
    FROM pg_snapshot_xip(foto) AS x
    WHERE pg_xact_status(x) = 'in progress' AND NOT EXISTS (
        SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted
            AND l.transactionid = x::xid
            AND a.datid <> (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
    );
    IF fine < inizio THEN
        RAISE EXCEPTION 'Le transazioni hanno ricominciato da capo: dopo un ripristino si apre'
            ' un''epoca nuova.' USING ERRCODE = '55000';
    END IF;
    {_CHIUDI}
    RETURN quante;
END
"""

# Dopo un ripristino le transazioni si contano da un altro numero: le righe dell'epoca finita si
# chiudono tutte, le prossime nascono con l'epoca nuova.
NUOVA_EPOCA = f"""{_DICHIARA}
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('registro_sigilla', 0));
    LOCK TABLE public.privacy_registroaccessi, public.enti_eventodisicurezza
        IN ACCESS EXCLUSIVE MODE;
    {_DA_DOVE}
    SELECT (coalesce(max(r.transazione::text::bigint), 0) + 1)::text::xid8 INTO fine
        FROM public.registro_righe r WHERE r.epoca = quale_epoca;
    IF fine > inizio THEN
        {_CHIUDI}
    END IF;
    INSERT INTO public.privacy_epoca (id, motivo) VALUES (quale_epoca + 1, perche);
    EXECUTE format('ALTER TABLE public.privacy_registroaccessi ALTER epoca SET DEFAULT %s',
        quale_epoca + 1);
    EXECUTE format('ALTER TABLE public.enti_eventodisicurezza ALTER epoca SET DEFAULT %s',
        quale_epoca + 1);
    RETURN quale_epoca + 1;
END
"""

# Le parti com'erano da scrivere oggi, per i sigilli da `dal` ad `al`: una passata sola sulle righe.
RICALCOLA = """
BEGIN
    RETURN QUERY
    WITH limiti AS (
        SELECT s.epoca, min(s.da)::text::xid8 AS da, max(s.a)::text::xid8 AS a,
            array_agg(s.da ORDER BY s.id) AS inizi, array_agg(s.id ORDER BY s.id) AS numeri
        FROM public.privacy_sigillo s WHERE s.id BETWEEN dal AND al GROUP BY s.epoca
    ), per_parte AS (
        SELECT l.numeri[width_bucket(r.transazione::text::bigint, l.inizi)] AS quale,
            r.registro, r.mese, count(*) AS righe,
            encode(sha256(convert_to(
                string_agg(r.riga, E'\\n' ORDER BY r.transazione, r.id), 'UTF8')), 'hex') AS impronta
        FROM limiti l JOIN public.registro_righe r
            ON r.epoca = l.epoca AND r.transazione >= l.da AND r.transazione < l.a
        GROUP BY 1, 2, 3
    )
    SELECT p.quale, jsonb_agg(jsonb_build_object(
            't', p.registro, 'm', p.mese, 'n', p.righe, 'i', p.impronta)
            ORDER BY p.registro, p.mese)
    FROM per_parte p GROUP BY p.quale;
END
"""

# Ciò che nessun sigillo comprende: le righe che aspettano, e quelle che non potrebbero esserci (di
# un'epoca finita dopo la sua chiusura, di un'epoca o di una transazione che non c'è ancora stata).
ATTESA = """
DECLARE
    quale_epoca integer;
    inizio xid8;
    futuro xid8 := pg_snapshot_xmax(pg_current_snapshot());
BEGIN
    SELECT max(e.id) INTO quale_epoca FROM public.privacy_epoca e;
    SELECT coalesce(max(s.a), 0)::text::xid8 INTO inizio
        FROM public.privacy_sigillo s WHERE s.epoca = quale_epoca;
    RETURN QUERY
    SELECT count(*) FILTER (WHERE r.epoca = quale_epoca AND r.transazione < futuro),
        min(r.quando) FILTER (WHERE r.epoca = quale_epoca AND r.transazione < futuro),
        count(*) FILTER (WHERE r.epoca <> quale_epoca OR r.transazione >= futuro)
    FROM public.registro_righe r
    WHERE r.epoca > quale_epoca OR (r.epoca = quale_epoca AND r.transazione >= inizio)
        OR (r.epoca < quale_epoca AND r.transazione >= coalesce((
            SELECT max(s.a) FROM public.privacy_sigillo s WHERE s.epoca = r.epoca), 0)::text::xid8);
END
"""

RIGHE_DEL_MESE = """
BEGIN
    RETURN QUERY
    SELECT r.riga FROM public.registro_righe r
    WHERE r.registro = quale AND r.mese = date_trunc('month', giorno)::date
        AND r.quando >= date_trunc('month', giorno::timestamp) AT TIME ZONE 'Europe/Rome'
        AND r.quando < (date_trunc('month', giorno::timestamp) + interval '1 month')
            AT TIME ZONE 'Europe/Rome'
    ORDER BY r.epoca, r.transazione, r.id;
END
"""

# I mesi che hanno una tabella loro.
MESI = """
BEGIN
    RETURN QUERY
    SELECT t.registro, to_date(right(c.relname, 7), 'YYYY_MM')
    FROM (VALUES ('letture', 'privacy_registroaccessi'), ('eventi', 'enti_eventodisicurezza'))
        AS t (registro, madre)
    JOIN pg_inherits i ON i.inhparent = to_regclass('public.' || t.madre)
    JOIN pg_class c ON c.oid = i.inhrelid
    WHERE c.relname ~ '_[0-9]{4}_[0-9]{2}$';
END
"""

# La sola porta da cui righe dei registri escono: un mese intero, vecchio abbastanza, tutto sigillato
# e già archiviato con lo stesso numero di righe.
TOGLI_MESE = """
DECLARE
    primo date := date_trunc('month', giorno)::date;
    madre text := CASE quale WHEN 'letture' THEN 'privacy_registroaccessi'
        WHEN 'eventi' THEN 'enti_eventodisicurezza' END;
    nome text := madre || to_char(primo, '"_"YYYY"_"MM');
    contate bigint;
    scoperte bigint;
BEGIN
    IF primo + interval '1 month' > date_trunc('year', now() AT TIME ZONE 'Europe/Rome')
        - interval '24 months'
    THEN
        RAISE EXCEPTION 'Un mese esce dopo 24 mesi, oltre all''anno in corso.'
            USING ERRCODE = '55000';
    END IF;
    EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', nome);
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM'
        ' public.privacy_sigillo s WHERE s.epoca = r.epoca AND r.transazione < s.a::text::xid8))'
        ' FROM public.%I r', nome) INTO contate, scoperte;
    IF scoperte > 0 OR NOT EXISTS (
        SELECT FROM public.privacy_mesearchiviato m
        WHERE m.registro = quale AND m.mese = primo AND m.righe = contate AND m.tolto_il IS NULL
    ) THEN
        RAISE EXCEPTION 'Un mese esce quando è tutto sigillato e archiviato in un file firmato.'
            USING ERRCODE = '55000';
    END IF;
    EXECUTE format('ALTER TABLE public.%I DETACH PARTITION public.%I', madre, nome);
    EXECUTE format('DROP TABLE public.%I', nome);
    UPDATE public.privacy_mesearchiviato m SET tolto_il = now()
        WHERE m.registro = quale AND m.mese = primo;
    RETURN contate;
END
"""
