"""Dimenticare una persona toglie il suo nome anche dai testi liberi di righe che restano.

Il nome di un gruppo, il motivo di un accesso d'emergenza, la descrizione di una violazione: la riga
resta e il nome no. Nei gruppi in cui è stata, e negli accessi che l'hanno letta, basta una parola del
suo nome; altrove servono cognome e nome insieme: «Rosa» da sola può essere chiunque.
"""

import importlib

from django.db import migrations

from conservazione.migrazioni import NOMINATA_IN, PERSONE


PRIMA = importlib.import_module("conservazione.migrations.0006_oblio_di_chi_era_condiviso")
GRUPPI = ("prestazioni_gruppopresenze", "prestazioni_storiagruppopresenze")
ACCESSI = "beneficiari_accessodemergenza"
# Parole che stanno in un cognome e dappertutto.
COMUNI = ["dal", "dalla", "degli", "dei", "del", "della", "delle", "dello"]
AL_SUO_POSTO = "[cancellato]"
# Il motivo di un accesso ha almeno venti caratteri.
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

# Le parole di un nome, le più lunghe prima; com'è adesso e com'era.
PAROLE = f"""
    SELECT coalesce(array_agg(DISTINCT parola), '{{}}') FROM (
        SELECT unnest(regexp_split_to_array(lower(v), '\\s+') || lower(btrim(v))) AS parola
        FROM unnest(p_valori) AS v
    ) p WHERE length(parola) > 2 AND parola <> ALL(ARRAY{COMUNI!r})
"""
# La parola intera, con i segni che nelle espressioni vorrebbero dire altro.
SEGNO_DI = r"""
    SELECT '(?<!\w)' || regexp_replace(p_parola, '([^[:alnum:][:space:]])', '\\\1', 'g') || '(?!\w)'
"""
SENZA = f"""
DECLARE
    parola text;
BEGIN
    FOR parola IN SELECT x FROM unnest(p_parole) AS x ORDER BY length(x) DESC LOOP
        p_testo := regexp_replace(p_testo, public.registro_oblio_segno(parola), '{AL_SUO_POSTO}', 'gi');
    END LOOP;
    RETURN p_testo;
END
"""
# `position` scarta in fretta le righe che non c'entrano.
_C_E = (
    "EXISTS (SELECT FROM unnest({parole}) AS x WHERE position(x IN lower(t.%2$I)) > 0"
    " AND t.%2$I ~* public.registro_oblio_segno(x))"
)
NOMINATA = _C_E.format(parole="$1") + " AND " + _C_E.format(parole="$2")
ANCHE_UNA = f"({_C_E.format(parole='$1')} OR {_C_E.format(parole='$2')})"

# Quante righe di ogni tabella si sono ritoccate non si scrive: il verbale conta ciò che è tolto.
TESTI = f"""
DECLARE
    cognomi text[];
    nomi text[];
    gruppi bigint[];
    campo record;
    dove text;
BEGIN
    SELECT public.registro_oblio_parole(array_agg(v.cognome)),
           public.registro_oblio_parole(array_agg(v.nome) || array_agg(v.nome_scelto))
        INTO cognomi, nomi
        FROM (
            SELECT cognome, nome, nome_scelto FROM public.{PERSONE} WHERE id = ANY(p_chiavi)
            UNION ALL
            SELECT cognome, nome, nome_scelto FROM public.beneficiari_storiabeneficiario
            WHERE pgh_obj_id = ANY(p_chiavi)
        ) v;
    SELECT array_agg(DISTINCT m.gruppo_presenze_id) INTO gruppi FROM (
        SELECT gruppo_presenze_id FROM public.prestazioni_membrodigruppo
        WHERE beneficiario_id = ANY(p_chiavi)
        UNION ALL
        SELECT gruppo_presenze_id FROM public.prestazioni_storiamembrodigruppo
        WHERE beneficiario_id = ANY(p_chiavi)
    ) m;
    UPDATE public.{ACCESSI} a SET motivo = '{MOTIVO_TOLTO}'
        WHERE a.id IN (SELECT v.accesso FROM public.beneficiari_avvisodemergenza v
                       WHERE v.beneficiario_id = ANY(p_chiavi));
    FOR campo IN
        SELECT c.relname::text AS tabella, a.attname::text AS colonna,
            CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 ELSE 100000 END AS massimo
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace
          AND (c.relname, a.attname) IN ({
    ", ".join(
        f"('{tabella}', '{colonna}')"
        for tabella, colonne in NOMINATA_IN.items()
        for colonna in colonne.split(", ")
    )
})
    LOOP
        dove := CASE
            WHEN campo.tabella = '{ACCESSI}' THEN '{NOMINATA}'
            WHEN campo.tabella = '{GRUPPI[0]}'
                THEN 't.ente_id = $4 AND ({NOMINATA} OR t.id = ANY($5) AND {ANCHE_UNA})'
            WHEN campo.tabella = '{GRUPPI[1]}'
                THEN 't.ente_id = $4 AND ({NOMINATA} OR t.pgh_obj_id = ANY($5) AND {ANCHE_UNA})'
            ELSE 't.ente_id = $4 AND {NOMINATA}' END;
        -- Un nome non si ripete: il numero della riga lo tiene diverso dagli altri.
        EXECUTE format(
            'UPDATE public.%1$I t SET %2$I ='
            ' left(public.registro_oblio_senza($1 || $2, t.%2$I), $3 - %3$s) || %4$s WHERE ' || dove,
            campo.tabella, campo.colonna,
            CASE WHEN campo.colonna = 'nome' THEN 'length(t.id::text) - 1' ELSE '0' END,
            CASE WHEN campo.colonna = 'nome' THEN $n$' ' || t.id$n$ ELSE $n$''$n$ END
        ) USING cognomi, nomi, campo.massimo, p_ente, gruppi;
    END LOOP;
END
"""

# Nome → (argomenti, che cosa rende, lingua e natura, corpo): le chiama soltanto chi dimentica.
NUOVE = {
    "registro_oblio_parole": ("p_valori text[]", "text[]", "sql IMMUTABLE", PAROLE),
    "registro_oblio_segno": ("p_parola text", "text", "sql IMMUTABLE", SEGNO_DI),
    "registro_oblio_senza": ("p_parole text[], p_testo text", "text", "plpgsql IMMUTABLE", SENZA),
    "registro_oblio_testi": (
        "p_ente bigint, p_chiavi bigint[]",
        "void",
        "plpgsql VOLATILE",
        TESTI,
    ),
}
SEGNO = "    -- Chi divideva con lei la chiave"
POI = PRIMA.POI.replace(
    SEGNO, f"    PERFORM public.registro_oblio_testi(p_ente, p_chiavi);\n{SEGNO}"
)


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
