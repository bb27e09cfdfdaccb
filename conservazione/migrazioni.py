"""Ciò che `registro_oblio` può togliere, scritto una volta e chiesto al catalogo del database.

Una tabella nuova che parla di persone ha bisogno di due cose: il permesso (`concedi_oblio()` in una
migrazione di questa app) e nient'altro; la prova di copertura dice quando manca. Se una sua riga
deve restare senza la persona, si aggiunge a `TENUTE`.
"""

from django.db import migrations


PERSONE = "beneficiari_beneficiario"
# Colonna con cui una tabella indica una persona anche senza una chiave esterna (storie, tabelle della
# guardia).
COLONNA = "beneficiario_id"
# Il registro di chi ha letto resta: ha numeri e nomi di gruppi, mai valori (GDPR, art. 5.2).
RESTANO = {
    "privacy_registroaccessi": "solo numeri e nomi di gruppi: sopravvive alla cancellazione",
    "enti_eventodisicurezza": "un numero di riga, mai un valore: è sigillato come il registro",
}
# Righe che restano senza la persona: la prova di una richiesta. Dei loro testi non resta niente.
TENUTE = {
    "beneficiari_richiestainteressato": (
        *("nome_rappresentante", "nota_identita", "che_cosa", "valore_proposto"),
        *("motivo_proroga", "risposta"),
    ),
}
# Lette o ritoccate, mai tolte a partire da una persona: colonna per colonna.
RITOCCATE = {
    "prestazioni_prestazione": "oggetto, luogo",
    "prestazioni_storiaprestazione": "oggetto, luogo",
    "beneficiari_documentodipersona": "stato, file",
}
# Testi liberi di righe che restano e che possono nominarla: se la nominano, il suo nome se ne va dal
# testo. Sono dell'ente che la dimentica, con la loro storia; di un altro ente, solo gli accessi
# d'emergenza che l'hanno letta. Un avviso resta quando è su un'altra persona.
NOMINATA_IN = {
    "prestazioni_gruppopresenze": "nome, luogo",
    "prestazioni_storiagruppopresenze": "nome, luogo",
    "prestazioni_prestazione": "oggetto, luogo",
    "prestazioni_storiaprestazione": "oggetto, luogo",
    "prestazioni_attivitaindiretta": "descrizione",
    "prestazioni_storiaattivitaindiretta": "descrizione",
    "prestazioni_rettifica": "motivo",
    "privacy_violazione": (
        "descrizione, conseguenze, misure, garante_motivo, garante_ritardo, persone_motivo"
    ),
    "privacy_storiaviolazione": (
        "descrizione, conseguenze, misure, garante_motivo, garante_ritardo, persone_motivo"
    ),
    "privacy_segnalazione": "nota",
    "enti_filtrosalvato": "nome",
    "beneficiari_accessodemergenza": "motivo",
    "beneficiari_avvisodemergenza": "motivo",
}
LETTE = ("assi_bisogno", "beneficiari_presaincarico")
# Non hanno una chiave esterna verso le persone, e qualche loro riga se ne va lo stesso.
ALTRE_TOLTE = ("prestazioni_rigaimportata", "prestazioni_bozza")

RAMI = f"""
    CREATE FUNCTION registro_oblio_rami()
        RETURNS TABLE (figlia text, colonna text, madre text) LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
        AS $rami$
        SELECT figlia.relname::text, a.attname::text, madre.relname::text
        FROM pg_constraint c
        JOIN pg_class madre ON madre.oid = c.confrelid
        JOIN pg_class figlia ON figlia.oid = c.conrelid
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
          AND c.connamespace = 'public'::regnamespace
          AND figlia.relname <> ALL(ARRAY{[*TENUTE, *RESTANO]!r})
        ORDER BY 1, 2, 3
    $rami$;
    -- Le tabelle da cui togliere righe, a partire da una persona.
    CREATE FUNCTION registro_oblio_tabelle() RETURNS SETOF text LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
        AS $tabelle$
        WITH RECURSIVE r AS MATERIALIZED (SELECT * FROM public.registro_oblio_rami()),
        raggiunte AS (
            SELECT unnest(ARRAY['{PERSONE}', 'beneficiari_nucleo']) AS tabella
            UNION
            SELECT r.figlia FROM r JOIN raggiunte g ON g.tabella = r.madre
        ), con_la_colonna AS (
            SELECT c.relname::text AS tabella FROM pg_class c
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = '{COLONNA}'
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND c.relnamespace = 'public'::regnamespace
              AND c.relname <> ALL(ARRAY{[*TENUTE, *RESTANO]!r})
        ), tutte AS (
            SELECT tabella FROM raggiunte UNION SELECT tabella FROM con_la_colonna
        )
        SELECT tabella FROM tutte
        UNION
        SELECT s.relname::text FROM tutte
        JOIN pg_class s ON s.relname = regexp_replace(tabella, '_', '_storia')
         AND s.relnamespace = 'public'::regnamespace
    $tabelle$;
"""
SENZA_RAMI = "DROP FUNCTION registro_oblio_tabelle(); DROP FUNCTION registro_oblio_rami();"

# Ogni tabella la concede chi la possiede: alcune sono della guardia.
_CONCEDI = f"""
    DO $concedi$
    DECLARE
        t record;
    BEGIN
        FOR t IN
            SELECT c.relname, pg_get_userbyid(c.relowner) AS padrone
            FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
              AND (c.relname IN (SELECT registro_oblio_tabelle())
                   OR c.relname = ANY(ARRAY{list(ALTRE_TOLTE)!r}))
        LOOP
            EXECUTE format('SET ROLE %I', t.padrone);
            EXECUTE format('GRANT SELECT, DELETE ON public.%I TO registro_oblio', t.relname);
            RESET ROLE;
        END LOOP;
        FOR t IN
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace
              AND c.relname = ANY(ARRAY{list(TENUTE)!r})
        LOOP
            EXECUTE format('GRANT SELECT, UPDATE ON public.%I TO registro_oblio', t.relname);
        END LOOP;
    END
    $concedi$;
    GRANT SELECT ON {", ".join(LETTE)} TO registro_oblio;
""" + "".join(
    f"GRANT SELECT, UPDATE ({colonne}) ON {tabella} TO registro_oblio;"
    for tabella, colonne in RITOCCATE.items()
)


def concedi_oblio() -> migrations.RunSQL:
    """Dà a `registro_oblio` ciò che gli serve sulle tabelle che ci sono adesso, e nient'altro."""
    return migrations.RunSQL(sql=_CONCEDI, reverse_sql=migrations.RunSQL.noop)
