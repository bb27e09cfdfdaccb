"""Le regole che cercano letture fuori dall'ordinario: rispondono numeri, e solo al sistema.

Guardano il registro di tutti gli enti e, per due di loro, le persone: dicono chi, per quale ente, in
quale giorno e quante; mai quale persona. Le soglie e il perché sono in docs/decisioni/0016-sigilli.md.
"""

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia


RIGHE = "TABLE (regola text, utente bigint, ente bigint, giorno date, quando timestamptz, quante bigint)"
_DEL_SISTEMA = """
    IF public.registro_ruolo() IS DISTINCT FROM 'sistema' THEN
        RETURN;
    END IF;
"""
_GIORNO = "(r.quando AT TIME ZONE 'Europe/Rome')::date"
# La notte è della sera in cui comincia.
_NOTTE = "(r.quando AT TIME ZONE 'Europe/Rome' - interval '6 hours')::date"
_DI_NOTTE = (
    "(extract(hour FROM r.quando AT TIME ZONE 'Europe/Rome') >= 22"
    " OR extract(hour FROM r.quando AT TIME ZONE 'Europe/Rome') < 6)"
)
_FATTE_A_MANO = "r.uscita IN ('pagina', 'foglio', 'pdf')"

SUBITO = f"""
BEGIN
    {_DEL_SISTEMA}
    RETURN QUERY
    -- Una pagina aperta è una transazione, quante che siano le persone che nomina.
    WITH aperte AS (
        SELECT r.utente_id, r.ente_id, r.epoca, r.transazione, min(r.quando) AS quando
        FROM public.privacy_registroaccessi r
        WHERE r.quando >= dal - interval '10 minutes' AND r.quando < al AND r.uscita = 'pagina'
            AND r.pagina = ANY (quali)
        GROUP BY 1, 2, 3, 4
    ), contate AS (
        SELECT a.*, count(*) OVER (
            PARTITION BY a.utente_id, a.ente_id ORDER BY a.quando
            RANGE BETWEEN interval '10 minutes' PRECEDING AND CURRENT ROW) AS n
        FROM aperte a
    )
    SELECT 'molte-pagine', c.utente_id, c.ente_id,
        (min(c.quando) AT TIME ZONE 'Europe/Rome')::date, min(c.quando), max(p.persone)
    FROM contate c, LATERAL (
        SELECT count(DISTINCT r.beneficiario) AS persone FROM public.privacy_registroaccessi r
        WHERE r.utente_id = c.utente_id AND r.ente_id = c.ente_id AND r.uscita = 'pagina'
            AND r.pagina = ANY (quali) AND r.quando <= c.quando
            AND r.quando >= c.quando - interval '10 minutes'
    ) p
    WHERE c.n > 50 AND p.persone > 50 GROUP BY c.utente_id, c.ente_id;

    RETURN QUERY
    SELECT 'esportazione', e.utente_id, e.ente_id, e.giorno, min(e.quando), max(e.persone)
    FROM (
        SELECT r.utente_id, r.ente_id, {_GIORNO} AS giorno, min(r.quando) AS quando,
            count(DISTINCT r.beneficiario) AS persone
        FROM public.privacy_registroaccessi r
        WHERE r.quando >= dal AND r.quando < al AND r.uscita IN ('foglio', 'pdf')
        GROUP BY r.utente_id, r.ente_id, {_GIORNO}, r.epoca, r.transazione
        HAVING count(DISTINCT r.beneficiario) > 200
    ) e GROUP BY e.utente_id, e.ente_id, e.giorno;

    -- Chi lavora di notte per mestiere lo si vede dalle sue altre notti.
    RETURN QUERY
    SELECT 'notte', n.utente_id, n.ente_id, n.notte, n.quando, n.pagine
    FROM (
        SELECT r.utente_id, r.ente_id, {_NOTTE} AS notte, min(r.quando) AS quando,
            count(DISTINCT (r.epoca, r.transazione::text)) AS pagine
        FROM public.privacy_registroaccessi r
        JOIN public.enti_utente u ON u.id = r.utente_id AND NOT u.di_sistema
        WHERE r.quando >= dal AND r.quando < al AND {_FATTE_A_MANO} AND {_DI_NOTTE}
        GROUP BY r.utente_id, r.ente_id, {_NOTTE}
    ) n WHERE (
        SELECT count(DISTINCT {_NOTTE}) FROM public.privacy_registroaccessi r
        WHERE r.utente_id = n.utente_id AND r.quando >= n.quando - interval '30 days'
            AND r.quando < n.quando AND {_NOTTE} < n.notte AND {_DI_NOTTE}
    ) < 3;
END
"""

DEL_GIORNO = f"""
DECLARE
    inizio timestamptz := quale_giorno::timestamp AT TIME ZONE 'Europe/Rome';
    fine timestamptz := (quale_giorno + 1)::timestamp AT TIME ZONE 'Europe/Rome';
BEGIN
    {_DEL_SISTEMA}
    -- Una pagina di una persona propria che l'ente non segue: né un caso aperto da lì a un giorno, né
    -- uno chiuso da meno di un mese, e non è arrivata da poco. Una sola non dice niente.
    RETURN QUERY
    SELECT 'senza-caso', r.utente_id, r.ente_id, quale_giorno, min(r.quando),
        count(DISTINCT coalesce(b.unito_a_id, b.id))
    FROM public.privacy_registroaccessi r
    JOIN public.enti_utente u ON u.id = r.utente_id AND NOT u.di_sistema
    JOIN public.beneficiari_beneficiario b
        ON b.id = r.beneficiario AND b.ente_id = r.ente_id AND b.inserito_il < inizio - interval '7 days'
    WHERE r.quando >= inizio AND r.quando < fine AND r.ente_id = r.ente_titolare_id
        AND r.uscita = 'pagina' AND r.pagina = ANY (quali)
        AND NOT EXISTS (
            SELECT FROM public.beneficiari_presaincarico p
            WHERE p.ente_id = b.ente_id AND p.aperta_il <= quale_giorno + 1
                AND (p.chiusa_il IS NULL OR p.chiusa_il >= quale_giorno - 30)
                AND (p.beneficiario_id IN (b.id, b.unito_a_id) OR p.nucleo_id IN (
                    SELECT c.nucleo_id FROM public.beneficiari_componente c
                    WHERE c.beneficiario_id IN (b.id, b.unito_a_id)))
        )
    GROUP BY r.utente_id, r.ente_id
    HAVING count(DISTINCT coalesce(b.unito_a_id, b.id)) >= 3;

    -- Un possibile parente: lo stesso cognome, o la posta di chi legge fra i recapiti. Non se gli è
    -- affidata, e una volta al mese per persona.
    RETURN QUERY
    SELECT 'stesso-cognome', r.utente_id, r.ente_id, quale_giorno, min(r.quando),
        count(DISTINCT r.beneficiario)
    FROM public.privacy_registroaccessi r
    JOIN public.enti_utente u ON u.id = r.utente_id AND NOT u.di_sistema
    JOIN public.beneficiari_beneficiario b ON b.id = r.beneficiario
    WHERE r.quando >= inizio AND r.quando < fine AND r.uscita = 'pagina' AND r.pagina = ANY (quali)
        AND (
            (u.cognome <> '' AND lower(public.unaccent('public.unaccent', u.cognome))
                = lower(public.unaccent('public.unaccent', b.cognome)))
            OR EXISTS (
                SELECT FROM public.beneficiari_recapito c
                WHERE c.beneficiario_id = b.id AND c.tipo = 'posta' AND lower(c.valore) = u.email)
        )
        AND NOT EXISTS (
            SELECT FROM public.beneficiari_affidamento a
            WHERE a.beneficiario_id = b.id AND a.utente_id = u.id AND a.tipo <> 'aperto'
                AND a.dal <= r.quando AND (a.al IS NULL OR a.al > r.quando)
        )
        AND NOT EXISTS (
            SELECT FROM public.privacy_registroaccessi v
            WHERE v.beneficiario = r.beneficiario AND v.utente_id = r.utente_id
                AND v.quando < inizio AND v.quando >= inizio - interval '30 days'
                AND v.uscita = 'pagina' AND v.pagina = ANY (quali)
        )
    GROUP BY r.utente_id, r.ente_id;
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiari", "0015_accesso_d_emergenza"),
        ("privacy", "0006_finalita_d_emergenza"),
    ]

    operations = [
        funzione_di_guardia(
            "registro_anomalie_subito",
            argomenti="dal timestamptz, al timestamptz, quali text[]",
            rende=RIGHE,
            corpo=SUBITO,
        ),
        funzione_di_guardia(
            "registro_anomalie_del_giorno",
            argomenti="quale_giorno date, quali text[]",
            rende=RIGHE,
            corpo=DEL_GIORNO,
        ),
    ]
