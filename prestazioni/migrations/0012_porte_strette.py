"""Ciò che una riga non deve poter dire né spostare: di altri enti, di mesi firmati, di chi scrive."""

from django.db import migrations

from privacy.migrazioni import DI_CHI_LAVORA, funzione_di_regola, rifiuta


APP = "prestazioni_"
IO = "(SELECT registro_utente())"
RISPONDE = f"{DI_CHI_LAVORA} AND (SELECT registro_apre_tutto())"
SERRATURA_MESE = 4811
MESE_CHIUSO = (
    "Il mese di questo operatore è già firmato e non si cambia: il referente può scrivere una"
    " rettifica."
)

# I trigger guardano prima della policy, e leggono oltre: a chi scrive una riga di un altro ente
# direbbero, con la frase del rifiuto, che cosa là c'è. Qui non ci arriva.
FUORI_DAL_CONFINE = """
    CREATE FUNCTION confine_ente() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp
        AS $regola$ BEGIN
            RAISE EXCEPTION 'new row violates row-level security policy for table "%"', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END $regola$;
"""
DI_UN_ENTE = (
    *("prestazione", "partecipazione", "affiancamento", "attivitaindiretta", "foglioore"),
    *("esito", "tirocinio", "pianorientro", "praticacasa"),
)
CONFINE = FUORI_DAL_CONFINE + "".join(
    f"CREATE TRIGGER confine_ente BEFORE INSERT OR UPDATE ON {APP}{tabella} FOR EACH ROW"
    " WHEN (NEW.ente_id IS DISTINCT FROM registro_ente()) EXECUTE FUNCTION confine_ente();"
    for tabella in DI_UN_ENTE
)
SENZA_CONFINE = (
    "".join(f"DROP TRIGGER confine_ente ON {APP}{tabella};" for tabella in DI_UN_ENTE)
    + "DROP FUNCTION confine_ente();"
)


def _dello_stesso_ente(colonna: str, madre: str, vincolo: str, frase: str) -> str:
    """La riga indicata da `colonna` è dello stesso ente: una di un altro è come una che non c'è."""
    return f"""
DECLARE
    suo bigint;
BEGIN
    SELECT ente_id INTO suo FROM public.{madre} WHERE id = NEW.{colonna};
    IF suo IS DISTINCT FROM NEW.ente_id THEN
        {rifiuta(vincolo, frase)};
    END IF;
    RETURN NEW;
END
"""


def _mese_aperto(riga: str) -> str:
    return f"""
            PERFORM pg_advisory_xact_lock_shared({SERRATURA_MESE}, (({riga}.ente_id * 100003 + chi) % 2147483647)::int);
            IF EXISTS (
                SELECT 1 FROM public.prestazioni_foglioore f
                WHERE f.ente_id = {riga}.ente_id AND f.operatore_id = chi
                  AND f.mese = date_trunc('month', {riga}.giorno)::date
            ) THEN
                {rifiuta("mese_firmato", MESE_CHIUSO)};
            END IF;"""


# Le ore di chi affianca sono quelle della prestazione: il suo mese firmato le ferma anche lì.
MESE_DI_CHI_AFFIANCA = f"""
DECLARE
    chi bigint;
BEGIN
    IF TG_OP = 'DELETE' OR ROW(OLD.giorno, OLD.minuti, OLD.azione_id)
        IS DISTINCT FROM ROW(NEW.giorno, NEW.minuti, NEW.azione_id) THEN
        FOR chi IN
            SELECT a.utente_id FROM public.prestazioni_affiancamento a
            WHERE a.prestazione_id = OLD.id ORDER BY 1
        LOOP
            {_mese_aperto("OLD")}
            IF TG_OP = 'UPDATE' THEN {_mese_aperto("NEW")} END IF;
        END LOOP;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
"""

# Un'importazione si annulla togliendo le righe che ha fatto nascere: nessuno vi aggiunge le altrui.
# Ogni istruzione si pianifica da capo: un piano tenuto da quando la tabella era di poche righe la
# leggerebbe tutta per ogni riga di un foglio grande.
NATE = [
    f"beneficiari_{nome}"
    for nome in ("beneficiario", "presaincarico", "recapito", "identificativo")
]
RIGHE_DELL_ENTE = f"""
DECLARE
    della_tabella text;
    altrui boolean;
BEGIN
    FOR della_tabella IN SELECT DISTINCT n.tabella FROM nuove n LOOP
        altrui := della_tabella <> ALL(ARRAY{NATE!r});
        IF NOT altrui THEN
            EXECUTE format(
                'SELECT EXISTS (SELECT 1 FROM nuove n WHERE n.tabella = $1 AND NOT EXISTS (
                    SELECT 1 FROM public.%I t WHERE t.id = n.chiave AND t.ente_id = n.ente_id))',
                della_tabella
            ) INTO altrui USING della_tabella;
        END IF;
        IF altrui THEN
            {rifiuta("riga_importata_dell_ente", "Una riga importata è dell'ente che l'ha importata.")};
        END IF;
    END LOOP;
    RETURN NULL;
END
"""

# Chi ha scritto una riga e quando: resta, anche quando un altro la corregge.
CHI_HA_SCRITTO = {
    "partecipazione": "registrata_da_id, registrata_il",
    "attivitaindiretta": "ente_id, uuid, registrata_da_id, registrata_il",
    "notadiprestazione": "scritta_da_id, scritta_il",
    "affiancamento": "ente_id, prestazione_id, utente_id",
    **dict.fromkeys(
        ("tirocinio", "pianorientro", "praticacasa", "esito"), "registrato_da_id, registrato_il"
    ),
}


def _ferma(tabella: str, nomi: str) -> str:
    prima, dopo = (
        ", ".join(f"{riga}.{nome}" for nome in nomi.split(", ")) for riga in ("OLD", "NEW")
    )
    return (
        f"CREATE TRIGGER regola_firma_ferma BEFORE UPDATE ON {APP}{tabella} FOR EACH ROW"
        f" WHEN (ROW({prima}) IS DISTINCT FROM ROW({dopo})) EXECUTE FUNCTION regola_firma_ferma();"
    )


FIRME_FERME = f"""
    CREATE FUNCTION regola_firma_ferma() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, public, pg_temp
        AS $regola$ BEGIN
            {rifiuta("chi_ha_scritto_resta", "Chi ha scritto una riga, e quando, non cambia.")};
        END $regola$;
""" + "".join(_ferma(tabella, nomi) for tabella, nomi in CHI_HA_SCRITTO.items())
FIRME_MOBILI = (
    "".join(f"DROP TRIGGER regola_firma_ferma ON {APP}{tabella};" for tabella in CHI_HA_SCRITTO)
    + "DROP FUNCTION regola_firma_ferma();"
)

# Chi c'era e chi affianca li cambia chi può cambiare la prestazione.
MIA = f"((SELECT registro_apre_tutto()) OR operatore_id = {IO} OR registrata_da_id = {IO})"
FIRMATA = f"{DI_CHI_LAVORA} AND registrata_da_id = {IO}"


def _di_una_mia(tabella: str) -> str:
    return f"""((SELECT registro_apre_tutto()) OR EXISTS (
        SELECT 1 FROM prestazioni_prestazione p
        WHERE p.id = {APP}{tabella}.prestazione_id
          AND (p.operatore_id = {IO} OR p.registrata_da_id = {IO})
    ))"""


def _politiche(stretta: bool) -> str:
    testo = ""
    for tabella, inserisci in (("partecipazione", FIRMATA), ("affiancamento", DI_CHI_LAVORA)):
        mia = f" AND {_di_una_mia(tabella)}" if stretta else ""
        cambia = DI_CHI_LAVORA + mia
        testo += (
            f"ALTER POLICY inserisci ON {APP}{tabella} WITH CHECK ({inserisci}{mia});"
            f"ALTER POLICY modifica ON {APP}{tabella} USING ({cambia}) WITH CHECK ({cambia});"
            f"ALTER POLICY cancella ON {APP}{tabella} USING ({cambia});"
        )
    modificata = f"{DI_CHI_LAVORA} AND {MIA}" if stretta else DI_CHI_LAVORA
    nate = RISPONDE if stretta else DI_CHI_LAVORA
    return (
        testo
        + f"ALTER POLICY modifica ON {APP}prestazione WITH CHECK ({modificata});"
        + f"ALTER POLICY inserisci ON {APP}rigaimportata WITH CHECK ({nate});"
        + f"ALTER POLICY cancella ON {APP}rigaimportata USING ({nate});"
    )


def _trigger_chiusi(gesto: str, a_chi: str) -> str:
    """Una funzione di trigger oltre le policy l'aggancia a una tabella solo chi migra.

    Chi la può eseguire può anche metterla su una tabella provvisoria sua, e farle scrivere altro.
    """
    return f"""
        SET ROLE registro_guardia;
        DO $chiudi$ DECLARE f regprocedure; BEGIN
            FOR f IN SELECT p.oid FROM pg_proc p WHERE p.prosecdef
                AND p.prorettype = 'trigger'::regtype AND p.pronamespace = 'public'::regnamespace
            LOOP
                EXECUTE format('{gesto} EXECUTE ON FUNCTION %s {a_chi} registro_app', f);
            END LOOP;
        END $chiudi$;
        RESET ROLE;
    """


class Migration(migrations.Migration):
    dependencies = [("prestazioni", "0007_annullare_un_importazione")]

    operations = [
        migrations.RunSQL(sql=CONFINE, reverse_sql=SENZA_CONFINE),
        funzione_di_regola(
            "confine_affiancamento",
            f"{APP}affiancamento",
            "BEFORE INSERT OR UPDATE",
            _dello_stesso_ente(
                "prestazione_id",
                f"{APP}prestazione",
                "affiancamento_a_una_prestazione",
                "La prestazione non c'è più: registrala di nuovo.",
            ),
            guardia=True,
        ),
        funzione_di_regola(
            "confine_esito",
            f"{APP}esito",
            "BEFORE INSERT OR UPDATE",
            _dello_stesso_ente(
                "presa_id",
                "beneficiari_presaincarico",
                "esito_in_una_presa",
                "La presa in carico non c'è.",
            ),
            guardia=True,
        ),
        funzione_di_regola(
            "regola_mese_di_chi_affianca",
            f"{APP}prestazione",
            "BEFORE UPDATE OR DELETE",
            MESE_DI_CHI_AFFIANCA,
            guardia=True,
        ),
        *[
            funzione_di_regola(
                f"regola_{nome}",
                f"{APP}{tabella}",
                "BEFORE INSERT",
                f"BEGIN NEW.{colonna} := now(); RETURN NEW; END",
            )
            for nome, tabella, colonna in (
                ("firma_di_adesso", "foglioore", "firmato_il"),
                ("rettifica_di_adesso", "rettifica", "quando"),
            )
        ],
        migrations.RunSQL(
            sql=f"""
                SET ROLE registro_guardia;
                CREATE FUNCTION regola_righe_importate() RETURNS trigger LANGUAGE plpgsql
                    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
                    AS $regola$ {RIGHE_DELL_ENTE} $regola$;
                REVOKE EXECUTE ON FUNCTION regola_righe_importate() FROM PUBLIC;
                GRANT EXECUTE ON FUNCTION regola_righe_importate() TO registro_owner;
                RESET ROLE;
                CREATE TRIGGER regola_righe_importate AFTER INSERT ON {APP}rigaimportata
                    REFERENCING NEW TABLE AS nuove FOR EACH STATEMENT
                    EXECUTE FUNCTION regola_righe_importate();
            """,
            reverse_sql=f"""
                DROP TRIGGER regola_righe_importate ON {APP}rigaimportata;
                SET ROLE registro_guardia; DROP FUNCTION regola_righe_importate(); RESET ROLE;
            """,
        ),
        migrations.RunSQL(sql=FIRME_FERME, reverse_sql=FIRME_MOBILI),
        migrations.RunSQL(sql=_politiche(stretta=True), reverse_sql=_politiche(stretta=False)),
        migrations.RunSQL(
            sql=_trigger_chiusi("REVOKE", "FROM"), reverse_sql=_trigger_chiusi("GRANT", "TO")
        ),
    ]
