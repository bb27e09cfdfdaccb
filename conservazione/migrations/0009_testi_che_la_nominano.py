"""Dimenticare una persona toglie il suo nome anche dai testi liberi di righe che restano.

Il nome di un gruppo, la descrizione di una violazione: la riga resta e il nome no. Serve il cognome
intero accanto al nome intero: con le parole sciolte chi scrive un nome inventato potrebbe riscrivere
testi che parlano d'altro. Nei gruppi in cui è stata basta una parola. Il motivo di un accesso
d'emergenza se ne va tutto. Si tocca l'ente che dimentica, e gli accessi che hanno letto la persona;
quante righe, per tabella, lo dice il verbale.
"""

import importlib

from django.db import migrations

from conservazione.migrazioni import NOMINATA_IN, PERSONE


PRIMA = importlib.import_module("conservazione.migrations.0006_oblio_di_chi_era_condiviso")
GRUPPI = ("prestazioni_gruppopresenze", "prestazioni_storiagruppopresenze")
ACCESSI, AVVISI = "beneficiari_accessodemergenza", "beneficiari_avvisodemergenza"
# Parole che stanno in un cognome e dappertutto.
COMUNI = ["dal", "dalla", "degli", "dei", "del", "della", "delle", "dello"]
AL_SUO_POSTO = "[cancellato]"
# Il motivo di un accesso ha almeno venti caratteri: si scrive intero, qualunque cosa dicesse.
MOTIVO_TOLTO = "[cancellato con i dati della persona]"

CONCEDI = "".join(
    f"GRANT SELECT, UPDATE ({colonne}) ON {tabella} TO registro_oblio;"
    for tabella, colonne in NOMINATA_IN.items()
)
# Prestazioni e loro storia le ritocca già chi dimentica.
REVOCA = "".join(
    f"REVOKE UPDATE ({colonne}) ON {tabella} FROM registro_oblio;"
    for tabella, colonne in NOMINATA_IN.items()
    if tabella not in ("prestazioni_prestazione", "prestazioni_storiaprestazione")
)

# Testo e nome si confrontano scomposti: la lettera, e accanto i suoi accenti.
ACCENTI = r"\u0300-\u036f"
# Già scritti per stare fra apici.
APOSTROFI = "[''’‘`´]"
# «Bianca, Rosa» è un cognome col suo nome; «Rosa, Bianca» due persone.
FRA_COGNOME_E_NOME, FRA_NOME_E_COGNOME = rf"{APOSTROFI}?[\s,]+", rf"{APOSTROFI}?\s+"
INIZIO, FINE = rf"(?<![\w{ACCENTI}])(?:", rf")(?![\w{ACCENTI}])"

# Un nome intero come lo si può trovare scritto: con o senza accenti e apostrofi, maiuscolo o no.
# `p_proprio`: con l'iniziale maiuscola. Nullo se non c'è una lettera.
SEGNO_DI = rf"""
    SELECT string_agg(CASE
        WHEN c = '''' THEN '{APOSTROFI}?\s*'
        WHEN c = ' ' THEN '[\s-]+'
        WHEN c !~ '[[:alnum:]]' AND ascii(c) < 128 THEN '\' || c || '?'
        WHEN p_proprio AND posto = 1 THEN upper(c) || '[{ACCENTI}]*'
        WHEN upper(c) <> c THEN '[' || c || upper(c) || '][{ACCENTI}]*'
        ELSE c || '[{ACCENTI}]*' END, '' ORDER BY posto)
    FROM regexp_split_to_table(
        btrim(regexp_replace(regexp_replace(regexp_replace(
            normalize(lower(p_nome), NFD), '[{ACCENTI}]', '', 'g'),
            '\s*{APOSTROFI}\s*', '''', 'g'),
            '[\s-]+', ' ', 'g')),
        '') WITH ORDINALITY AS x(c, posto)
    WHERE p_nome ~ '[[:alnum:]]'
"""

# `stretto`: cognome e nome interi, uno accanto all'altro. Chi ha un nome solo si cerca con l'iniziale
# maiuscola. `largo`: anche una parola sola. Com'è adesso e com'era; nulli se non c'è un nome.
FRASI = rf"""
    WITH versioni AS (
        SELECT cognome, nome, nome_scelto FROM public.{PERSONE} WHERE id = ANY(p_chiavi)
        UNION
        SELECT cognome, nome, nome_scelto FROM public.beneficiari_storiabeneficiario
        WHERE pgh_obj_id = ANY(p_chiavi)
    ), cognomi AS (
        SELECT DISTINCT cognome AS scritto, public.registro_oblio_segno(cognome, false) AS segno
        FROM versioni WHERE public.registro_oblio_segno(cognome, false) IS NOT NULL
    ), nomi AS (
        SELECT DISTINCT n.scritto, public.registro_oblio_segno(n.scritto, false) AS segno
        FROM versioni v, unnest(ARRAY[v.nome, v.nome_scelto]) AS n(scritto)
        WHERE public.registro_oblio_segno(n.scritto, false) IS NOT NULL
    ), frasi AS (
        SELECT format('%1$s%3$s%2$s|%2$s%4$s%1$s', c.segno, n.segno,
            '{FRA_COGNOME_E_NOME}', '{FRA_NOME_E_COGNOME}') AS frase
        FROM cognomi c, nomi n
        UNION
        SELECT public.registro_oblio_segno(solo.scritto, true) FROM (
            SELECT scritto FROM cognomi WHERE NOT EXISTS (SELECT FROM nomi)
            UNION
            SELECT scritto FROM nomi WHERE NOT EXISTS (SELECT FROM cognomi)
        ) solo
    ), parole AS (
        SELECT public.registro_oblio_segno(p.parola, false) AS frase
        FROM (SELECT scritto FROM cognomi UNION SELECT scritto FROM nomi) s,
            unnest(regexp_split_to_array(btrim(s.scritto), '\s+') || btrim(s.scritto)) AS p(parola)
        WHERE length(p.parola) > 2 AND lower(p.parola) <> ALL(ARRAY{COMUNI!r})
    )
    SELECT '{INIZIO}' || (SELECT string_agg(frase, '|') FROM frasi) || '{FINE}',
        '{INIZIO}' || (SELECT string_agg(frase, '|') FROM (
            SELECT frase FROM frasi UNION SELECT frase FROM parole) u) || '{FINE}'
"""

# `p_coda` tiene diverso da un altro un nome che non si può ripetere.
SENZA = f"""
    SELECT CASE WHEN normalize(p_testo, NFD) ~ p_segno THEN
        left(normalize(
            regexp_replace(normalize(p_testo, NFD), p_segno, '{AL_SUO_POSTO}', 'g'), NFC),
            p_massimo - length(p_coda)) || p_coda
    ELSE p_testo END
"""

_CAMPI = ", ".join(
    f"('{tabella}', '{colonna}')"
    for tabella, colonne in NOMINATA_IN.items()
    if tabella not in (ACCESSI, AVVISI)
    for colonna in colonne.split(", ")
)
# Nei gruppi in cui è stata, e nella loro storia, vale il segno largo.
_SEGNO = f"""CASE c.relname
            WHEN '{GRUPPI[0]}' THEN 'CASE WHEN t.id = ANY($4) THEN $3 ELSE $2 END'
            WHEN '{GRUPPI[1]}' THEN 'CASE WHEN t.pgh_obj_id = ANY($4) THEN $3 ELSE $2 END'
            ELSE '$2' END"""


def _conta(tabella: str) -> str:
    return f"""
    GET DIAGNOSTICS quante = ROW_COUNT;
    IF quante > 0 THEN
        ritoccate := ritoccate || jsonb_build_object({tabella}, quante);
    END IF;"""


TESTI = f"""
DECLARE
    stretto text;
    largo text;
    gruppi bigint[];
    campo record;
    quante bigint;
    ritoccate jsonb := '{{}}';
BEGIN
    SELECT f.stretto, f.largo INTO stretto, largo FROM public.registro_oblio_frasi(p_chiavi) f;
    SELECT array_agg(DISTINCT m.gruppo_presenze_id) INTO gruppi FROM (
        SELECT gruppo_presenze_id FROM public.prestazioni_membrodigruppo
        WHERE beneficiario_id = ANY(p_chiavi)
        UNION ALL
        SELECT gruppo_presenze_id FROM public.prestazioni_storiamembrodigruppo
        WHERE beneficiario_id = ANY(p_chiavi)
    ) m;
    -- Gli accessi che l'hanno letta, di ogni ente; quelli che la nominano, solo di chi la dimentica.
    UPDATE public.{ACCESSI} a SET motivo = '{MOTIVO_TOLTO}'
        WHERE a.motivo <> '{MOTIVO_TOLTO}' AND (
            a.id IN (SELECT v.accesso FROM public.{AVVISI} v
                     WHERE v.beneficiario_id = ANY(p_chiavi))
            OR a.ente_id = p_ente AND normalize(a.motivo, NFD) ~ stretto);
    {_conta(f"'{ACCESSI}'")}
    -- Gli avvisi su di lei se ne vanno; uno su un'altra può nominarla.
    UPDATE public.{AVVISI} v SET motivo = '{MOTIVO_TOLTO}'
        WHERE v.ente_id = p_ente AND v.beneficiario_id <> ALL(p_chiavi)
          AND v.motivo <> '{MOTIVO_TOLTO}' AND normalize(v.motivo, NFD) ~ stretto;
    {_conta(f"'{AVVISI}'")}
    FOR campo IN
        SELECT c.relname::text AS tabella,
            string_agg(format(
                '%1$I = public.registro_oblio_senza(%2$s, t.%1$I, %3$s, %4$s)', a.attname, {_SEGNO},
                CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 100000 END,
                CASE WHEN a.attname = 'nome' THEN $n$' ' || t.id$n$ ELSE $n$''$n$ END
            ), ', ') AS scrivi,
            string_agg(format(
                '(t.%1$I <> '''' AND normalize(t.%1$I, NFD) ~ %2$s)', a.attname, {_SEGNO}
            ), ' OR ') AS la_nomina
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND (c.relname, a.attname) IN ({_CAMPI})
        GROUP BY 1 ORDER BY 1
    LOOP
        EXECUTE format('UPDATE public.%I t SET %s WHERE t.ente_id = $1 AND (%s)',
                       campo.tabella, campo.scrivi, campo.la_nomina)
            USING p_ente, stretto, largo, gruppi;
        {_conta("campo.tabella")}
    END LOOP;
    RETURN nullif(ritoccate, '{{}}');
END
"""

# Nome → (argomenti, che cosa rende, lingua e natura, corpo): le chiama soltanto chi dimentica.
NUOVE = {
    "registro_oblio_segno": (
        "p_nome text, p_proprio boolean",
        "text",
        "sql IMMUTABLE",
        SEGNO_DI,
    ),
    "registro_oblio_frasi": (
        "p_chiavi bigint[]",
        "TABLE (stretto text, largo text)",
        "sql STABLE",
        FRASI,
    ),
    "registro_oblio_senza": (
        "p_segno text, p_testo text, p_massimo integer, p_coda text",
        "text",
        "sql IMMUTABLE",
        SENZA,
    ),
    "registro_oblio_testi": (
        "p_ente bigint, p_chiavi bigint[]",
        "jsonb",
        "plpgsql VOLATILE",
        TESTI,
    ),
}
SEGNO = "    -- Chi divideva con lei la chiave"
RITOCCA = """    conti := jsonb_strip_nulls(jsonb_build_object(
        'ritoccate', public.registro_oblio_testi(p_ente, p_chiavi)));
"""
POI = PRIMA.POI.replace(SEGNO, RITOCCA + SEGNO)


def _crea() -> str:
    testo = "SET ROLE registro_oblio;"
    for nome, (argomenti, rende, natura, corpo) in NUOVE.items():
        testo += f"""
            CREATE FUNCTION {nome}({argomenti}) RETURNS {rende} LANGUAGE {natura} SECURITY INVOKER
                SET search_path = pg_catalog, pg_temp AS $oblio$ {corpo} $oblio$;
            REVOKE EXECUTE ON FUNCTION {nome} FROM PUBLIC;"""
    return f"{testo} RESET ROLE;"


def _togli() -> str:
    nomi = "".join(f"DROP FUNCTION {nome};" for nome in reversed(NUOVE))
    return f"SET ROLE registro_oblio; {nomi} RESET ROLE;"


class Migration(migrations.Migration):
    dependencies = [("conservazione", "0008_altre_categorie")]

    operations = [
        migrations.RunSQL(sql=CONCEDI, reverse_sql=REVOCA),
        migrations.RunSQL(sql=_crea(), reverse_sql=_togli()),
        migrations.RunSQL(sql=PRIMA._riscrivi(POI), reverse_sql=PRIMA._riscrivi(PRIMA.POI)),
    ]
