"""Chi cura gli utenti di un ente, e fin dove: lo tiene il database.

Un referente invita e chiude solo nel proprio ente, e solo operatori e referenti; chi cura gli utenti
per eccezione, solo operatori; nessuno dà un ruolo a se stesso. Le policy guardano una riga alla
volta: che una riga non cambi natura, e che un ente non resti senza referenti, lo tiene un guardiano.
"""

from django.db import migrations

from registro.comune.migrazioni import funzione_di_guardia, isola


OGGI = "(now() AT TIME ZONE 'Europe/Rome')::date"
_FINO_ALL_ULTIMO_GIORNO = f"a.inizio <= {OGGI} AND (a.fine IS NULL OR a.fine >= {OGGI})"
# L'ultimo giorno vale ancora, salvo che qualcuno l'abbia chiusa prima che finisse.
_IN_CORSO = (
    f"a.inizio <= {OGGI} AND (a.fine IS NULL OR a.fine > {OGGI}"
    f" OR (a.fine = {OGGI} AND a.chiusa_il IS NULL))"
)


def _ruolo(in_corso: str) -> str:
    return f"""
BEGIN
    RETURN (
        SELECT CASE WHEN u.di_sistema THEN 'sistema' ELSE (
            SELECT a.ruolo FROM public.enti_appartenenza a
            WHERE a.utente_id = u.id AND a.ente_id = public.registro_ente() AND {in_corso}
        ) END
        FROM public.enti_utente u
        WHERE u.id = public.registro_utente() AND u.is_active
    );
END
"""


def _nodi(in_corso: str) -> str:
    return f"""
BEGIN
    RETURN (
        SELECT coalesce(array_agg(n.id), '{{}}') FROM public.enti_nodo n
        WHERE public.registro_ruolo() = 'amministratore' OR EXISTS (
            SELECT 1 FROM public.enti_appartenenza a
            WHERE a.utente_id = public.registro_utente() AND a.ente_id = public.registro_ente()
              AND a.ruolo = 'coordinatore' AND (a.nodo_id IS NULL OR a.nodo_id = n.id)
              AND {in_corso} AND public.registro_ruolo() IS NOT NULL
        )
    );
END
"""


def _rete(in_corso: str) -> str:
    return f"""
BEGIN
    RETURN coalesce(public.registro_ruolo() = 'amministratore', false) OR EXISTS (
        SELECT 1 FROM public.enti_appartenenza a
        WHERE a.utente_id = public.registro_utente() AND a.ente_id = public.registro_ente()
          AND a.ruolo = 'coordinatore' AND a.nodo_id IS NULL
          AND {in_corso} AND public.registro_ruolo() IS NOT NULL
    );
END
"""


_GUARDIE = (
    ("registro_ruolo", "text", _ruolo),
    ("registro_nodi", "bigint[]", _nodi),
    ("registro_rete", "boolean", _rete),
)


def _riscrivi(in_corso: str) -> str:
    """Le tre funzioni che chiedono se un'appartenenza vale, con la stessa definizione di «vale»."""
    definizioni = "".join(
        f"""
        CREATE OR REPLACE FUNCTION {nome}() RETURNS {rende}
            LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp
            AS $guardia$ {corpo(in_corso)} $guardia$;
        """
        for nome, rende, corpo in _GUARDIE
    )
    return f"SET ROLE registro_guardia; {definizioni} RESET ROLE;"


PERMESSI = f"""
BEGIN
    IF public.registro_ruolo() IS NULL THEN
        RETURN '{{}}';
    END IF;
    RETURN (
        SELECT coalesce(array_agg(p.codename::text), '{{}}') FROM public.auth_permission p
        WHERE p.id IN (
            SELECT s.permission_id FROM public.enti_permessosuente s
            WHERE s.user_id = public.registro_utente() AND s.ente_id = public.registro_ente()
              AND s.dal <= {OGGI} AND (s.al IS NULL OR s.al >= {OGGI})
            UNION ALL
            SELECT s.permission_id FROM public.enti_permessosunodo s
            WHERE s.user_id = public.registro_utente()
              AND s.dal <= {OGGI} AND (s.al IS NULL OR s.al >= {OGGI})
              AND (
                  s.nodo_id = (
                      SELECT e.nodo_id FROM public.enti_ente e WHERE e.id = public.registro_ente()
                  )
                  OR s.nodo_id IN (
                      SELECT a.nodo_id FROM public.enti_appartenenza a
                      WHERE a.utente_id = public.registro_utente()
                        AND a.ente_id = public.registro_ente() AND {_IN_CORSO}
                  )
              )
        )
    );
END
"""

# Parla dopo le policy: chi non può scrivere la riga lo legge da loro, e non da qui. È della guardia
# perché chi chiude la propria appartenenza, un attimo dopo, non vede già più quelle degli altri.
CUSTODE = f"""
DECLARE
    ruolo text := coalesce(public.registro_ruolo(), '');
    oggi date := {OGGI};
BEGIN
    IF ruolo = 'sistema' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.inizio < oggi THEN
            RAISE EXCEPTION 'Un ruolo comincia oggi o dopo.' USING ERRCODE = '42501';
        END IF;
        -- Chi non ha mai lavorato per l'ente ci arriva accettando un invito.
        IF ruolo <> 'amministratore' AND NOT EXISTS (
            SELECT 1 FROM public.enti_appartenenza a
            WHERE a.utente_id = NEW.utente_id AND a.ente_id = NEW.ente_id AND a.id <> NEW.id
        ) THEN
            RAISE EXCEPTION 'Chi non ha mai fatto parte dell''ente si invita.'
                USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.uuid, NEW.utente_id, NEW.ente_id, NEW.ruolo, NEW.nodo_id, NEW.inizio)
        IS DISTINCT FROM
       (OLD.id, OLD.uuid, OLD.utente_id, OLD.ente_id, OLD.ruolo, OLD.nodo_id, OLD.inizio)
    THEN
        RAISE EXCEPTION 'Di chi è un''appartenenza, e con quale ruolo, non cambia.'
            USING ERRCODE = '42501';
    END IF;
    IF OLD.chiusa_il IS NOT NULL OR OLD.fine < oggi OR NEW.fine < oggi
        OR NEW.chiusa_il IS NOT NULL AND NEW.fine IS DISTINCT FROM greatest(oggi, NEW.inizio)
    THEN
        RAISE EXCEPTION 'Ciò che è finito non si riscrive.' USING ERRCODE = '42501';
    END IF;
    IF NEW.utente_id = public.registro_utente()
        AND coalesce(NEW.fine, 'infinity') > coalesce(OLD.fine, 'infinity')
    THEN
        RAISE EXCEPTION 'La propria appartenenza si può solo chiudere.' USING ERRCODE = '42501';
    END IF;
    IF OLD.ruolo = 'referente' AND ruolo <> 'amministratore' AND NEW.fine IS NOT NULL THEN
        -- Due referenti che si chiudono a vicenda nello stesso momento si mettono in fila.
        PERFORM pg_advisory_xact_lock(hashtextextended('enti_appartenenza', NEW.ente_id));
        IF NOT EXISTS (
            SELECT 1 FROM public.enti_appartenenza a
            JOIN public.enti_utente u ON u.id = a.utente_id
            WHERE a.ente_id = NEW.ente_id AND a.ruolo = 'referente' AND u.is_active
              AND a.utente_id <> NEW.utente_id AND a.chiusa_il IS NULL AND a.inizio <= oggi
              AND (a.fine IS NULL OR a.fine > NEW.fine)
        ) THEN
            RAISE EXCEPTION 'Un ente non resta senza referenti.'
                USING ERRCODE = '23514', CONSTRAINT = 'appartenenza_resta_un_referente';
        END IF;
    END IF;
    RETURN NEW;
END
"""

SISTEMA = "coalesce((SELECT registro_ruolo()) = 'sistema', false)"
AMMINISTRA = "coalesce((SELECT registro_ruolo()) IN ('amministratore', 'sistema'), false)"
PROPRI = "ente_id = ANY((SELECT registro_enti())::bigint[])"
REFERENTE = "coalesce((SELECT registro_ruolo()) = 'referente', false)"
DELEGATO = "'utenti_gestire' = ANY((SELECT registro_permessi())::text[])"
# Le righe che cura chi risponde dell'ente, e quelle di chi lo fa per eccezione.
CURATE = (
    f"({PROPRI} AND nodo_id IS NULL AND ("
    f"({REFERENTE} AND ruolo IN ('operatore', 'referente')) OR ({DELEGATO} AND ruolo = 'operatore')))"
)
CHI_CURA = f"({AMMINISTRA} OR {CURATE})"
SONO_IO = "(SELECT registro_utente())"
NUOVA = f"{SISTEMA} OR (utente_id <> {SONO_IO} AND {CHI_CURA})"


def _appartenenze(*, inserisci: str, modifica: str, cancella: str) -> str:
    return f"""
        ALTER POLICY inserisci ON enti_appartenenza WITH CHECK ({inserisci});
        ALTER POLICY modifica ON enti_appartenenza USING ({modifica}) WITH CHECK ({modifica});
        ALTER POLICY cancella ON enti_appartenenza USING ({cancella});
    """


def _eccezione(tabella: str, anche: str) -> migrations.RunSQL:
    """Un'eccezione la vede chi la riceve, la dà e la ritira chi amministra; mai a se stesso."""
    data = f"{SISTEMA} OR ({AMMINISTRA} AND user_id <> {SONO_IO} AND dato_da_id = {SONO_IO})"
    return isola(
        tabella,
        leggi=f"user_id = {SONO_IO} OR {AMMINISTRA}{anche}",
        inserisci=data,
        modifica=AMMINISTRA,
        modificata=data,
        cancella=AMMINISTRA,
    )


GENERICHE = "guardian_userobjectpermission, guardian_groupobjectpermission"


class Migration(migrations.Migration):
    dependencies = [
        ("enti", "0005_inviti_ed_eccezioni"),
        (
            "guardian",
            "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more",
        ),
    ]

    operations = [
        migrations.RunSQL(
            sql=_riscrivi(_IN_CORSO), reverse_sql=_riscrivi(_FINO_ALL_ULTIMO_GIORNO)
        ),
        # I permessi in più di chi è nel contesto: i gesti che le policy concedono per eccezione.
        funzione_di_guardia("registro_permessi", rende="text[]", corpo=PERMESSI),
        migrations.RunSQL(
            sql=_appartenenze(inserisci=NUOVA, modifica=CHI_CURA, cancella=SISTEMA),
            reverse_sql=_appartenenze(
                inserisci=AMMINISTRA, modifica=AMMINISTRA, cancella=AMMINISTRA
            ),
        ),
        migrations.RunSQL(
            sql=f"""
                CREATE FUNCTION registro_custode_delle_appartenenze() RETURNS trigger
                    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
                    SET search_path = pg_catalog, pg_temp
                    AS $custode$ {CUSTODE} $custode$;
                ALTER FUNCTION registro_custode_delle_appartenenze() OWNER TO registro_guardia;
                SET ROLE registro_guardia;
                REVOKE EXECUTE ON FUNCTION registro_custode_delle_appartenenze() FROM PUBLIC;
                GRANT EXECUTE ON FUNCTION registro_custode_delle_appartenenze()
                    TO registro_app, registro_owner;
                RESET ROLE;
                CREATE TRIGGER custode AFTER INSERT OR UPDATE ON enti_appartenenza
                    FOR EACH ROW EXECUTE FUNCTION registro_custode_delle_appartenenze();
            """,
            reverse_sql="""
                DROP TRIGGER custode ON enti_appartenenza;
                SET ROLE registro_guardia;
                DROP FUNCTION registro_custode_delle_appartenenze();
                RESET ROLE;
            """,
        ),
        isola(
            "enti_invito",
            leggi=f"{AMMINISTRA} OR ({PROPRI} AND ({REFERENTE} OR {DELEGATO}))",
            inserisci=f"{SISTEMA} OR ({CHI_CURA} AND invitato_da_id = {SONO_IO})",
            modifica=CHI_CURA,
            cancella=SISTEMA,
        ),
        _eccezione("enti_permessosuente", f" OR ({PROPRI} AND {REFERENTE})"),
        _eccezione("enti_permessosunodo", ""),
        # Le tabelle generiche di guardian nascono con lui e restano vuote.
        migrations.RunSQL(
            sql=f"REVOKE INSERT, UPDATE, DELETE ON {GENERICHE} FROM registro_app;",
            reverse_sql=f"GRANT INSERT, UPDATE, DELETE ON {GENERICHE} TO registro_app;",
        ),
    ]
