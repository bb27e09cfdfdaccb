"""Come deve stare il database: ogni scostamento, in una frase."""

from collections.abc import Iterator

import psycopg


# Tabelle senza ente che l'applicazione legge: la cornice della rete e gli attrezzi di Django.
SENZA_CONFINE = {
    "assi_": "vocabolari e progetto: la cornice pubblica della rete",
    "account_": "di allauth: vuote e chiuse all'applicazione",
    "auth_": "i permessi di Django: nomi, nessuna persona",
    "axes_": "chi ha provato ad accedere e da quale rete: si scrive prima di sapere chi è",
    "django_": "attrezzi di Django; la sessione si apre solo col suo gettone",
    "guardian_": "tabelle generiche vuote, l'applicazione non vi scrive",
    "enti_nodo": "i nodi sono pubblici",
    "enti_presenzaterritoriale": "i comuni in cui un ente lavora sono pubblici",
    "enti_utente": "gli account: chi lavora, non chi è aiutato",
    "report_": "schede e rapporti: li controlla tests/test_coerenza.py",
    "pghistory_context": "vuota e chiusa all'applicazione",
}
# Righe che non si cambiano e non si tolgono: tabella → colonne che si possono ancora scrivere.
SOLO_IN_AGGIUNTA = {
    "privacy_registroaccessi": set(),
    "enti_eventodisicurezza": set(),
    "beneficiari_consenso": set(),
    "beneficiari_revocaconsenso": set(),
    "beneficiari_revisioneobiettivo": set(),
    "beneficiari_riapertura": set(),
    "beneficiari_affidamento": {"al"},
    "beneficiari_autorizzazione": {"revocata_il", "revocata_da_id", "motivo_revoca"},
    "beneficiari_richiestainteressato": {
        *("stato", "risposta", "motivo_rifiuto", "risposta_il", "risposta_da_id", "scade_il"),
        *("prorogata_il", "motivo_proroga", "avviso_scadenza_il", "avviso_ritardo_il"),
    },
    "beneficiari_limitazione": {"tolta_il", "tolta_da_id", "perche_tolta", "avvisata_il"},
    "beneficiari_avvisoaldestinatario": {"letto_il", "letto_da_id"},
    "beneficiari_accessodemergenza": {"avvisato_il"},
    "beneficiari_avvisodemergenza": {"avvisato_il", "visto_il", "visto_da_id"},
    "privacy_informativa": {"ritirata_il"},
    "privacy_basegiuridica": {"al"},
    "privacy_accordocontitolarita": {"al"},
    "privacy_partediaccordo": set(),
    "prestazioni_foglioore": set(),
    "prestazioni_rettifica": set(),
    "prestazioni_rigastatistica": set(),
    "conservazione_corsa": set(),
    "conservazione_verbaleoblio": set(),
}
# Funzioni che rispondono oltre le policy: ognuna con la domanda a cui risponde e a chi.
GUARDIE = {
    "registro_ruolo": "il proprio ruolo",
    "registro_nodi": "i propri nodi",
    "registro_rete": "se si risponde della rete",
    "registro_permessi": "i propri permessi in più",
    "registro_puo_azzerare": "se si risponde del secondo fattore di un altro",
    "registro_azzera_fattori": "niente: toglie i fattori di chi si cura",
    "registro_schede_leggibili": "le schede di monitoraggio che si leggono: nessuna persona",
    "registro_schede_scrivibili": "le schede di monitoraggio che si compilano: nessuna persona",
    "registro_condivise": "i nomi ricevuti in condivisione, a chi li riceve (i mondi la provano)",
    "registro_sintesi": "conteggi e mesi, a chi riceve una sintesi",
    "registro_altri_enti": "gli enti che hanno condiviso, a chi riceve",
    "registro_etichetta": "niente: scrive l'etichetta di una persona propria",
    "registro_proponi_legami": "quanti legami nuovi, al solo sistema",
    "registro_legami_da_decidere": "enti e motivi, a chi amministra",
    "registro_decidi_legame": "se la decisione è presa, a chi amministra",
    "registro_inoltra_richiesta": "niente: porta una richiesta propria a chi altro tiene i dati",
    "registro_richieste_della_rete": "enti, tipi e date, al solo garante",
    "registro_rette_da_accordo": "un numero, a chi amministra",
    "registro_rette_da_base": "un numero, a chi amministra",
    "registro_apri_emergenza": "un uuid, uguale che il codice sia di qualcuno o no (i mondi la provano)",
    "registro_emergenza": "il minimo di chi ha quel codice, a chi ha un accesso aperto (i mondi)",
    "registro_ricalcola_cruscotti": "quanti mesi ha ricalcolato, al solo sistema",
    "registro_cruscotto_rete": "conteggi, a chi coordina o amministra: persone arrotondate a 5",
    "registro_prepara_cruscotto": "se ha preparato una risposta, al solo sistema",
    "registro_cruscotti_mancanti": "quali risposte mancano, al solo sistema",
    "registro_cruscotto_casi": "conteggi arrotondati a 5, a chi coordina o amministra",
    "registro_cruscotto_bisogni": "conteggi arrotondati a 5, a chi coordina o amministra",
    "registro_cruscotto_stato": "un'ora e un numero, a chi coordina o amministra",
    "registro_apri_mese": "se ha aperto un mese dei registri, a chi migra e a chi sigilla",
    "registro_anomalie_del_giorno": "chi, per quale ente e quante; mai quale persona; al sistema",
    "registro_anomalie_subito": "chi, per quale ente e quante; mai quale persona; al sistema",
    "registro_attesa": "conteggi e un'ora, a chi migra e a chi sigilla",
    "registro_mesi": "quali mesi hanno una tabella, a chi migra e a chi sigilla",
    "registro_nuova_epoca": "il numero di un'epoca, a chi migra e a chi sigilla",
    "registro_ricalcola": "conteggi e impronte, a chi migra e a chi sigilla",
    "registro_righe_del_mese": "le righe di un registro, numeri e codici, a chi le archivia",
    "registro_sigilla": "quante righe ha sigillato, a chi migra e a chi sigilla",
    "registro_togli_mese": "quante righe sono uscite con un mese archiviato, a chi sigilla",
    "registro_dimentica": "quante righe ha tolto, a chi risponde dei dati: per sempre",
    "registro_togli_scadute": "quante righe senza persone hanno finito il loro tempo, al solo sistema",
    "registro_rilascia_numeri": "quante righe di numeri arrotondati ha rilasciato, al solo sistema",
    "registro_togli_importate": "quante righe poggiano su un'importazione, a chi risponde dei dati",
}

_INTERROGAZIONI = {
    "la tabella {0} di persone o regole non ha il confine, o non vale anche per chi la possiede": """
        SELECT relname FROM pg_class c WHERE relkind IN ('r', 'p')
          AND relnamespace = 'public'::regnamespace AND relname ~ '^(privacy|beneficiari|prestazioni|conservazione)_'
          AND NOT (relrowsecurity AND relforcerowsecurity)
          AND pg_get_userbyid(relowner) <> 'registro_guardia'""",
    "la tabella {0} è della guardia, ma l'applicazione ci arriva": """
        SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')
          AND relnamespace = 'public'::regnamespace
          AND pg_get_userbyid(relowner) = 'registro_guardia'
          AND NOT (relrowsecurity AND relforcerowsecurity)
          AND has_table_privilege('registro_app', oid, 'SELECT, INSERT, UPDATE, DELETE')""",
    "la policy {0} non ha una condizione": """
        SELECT tablename || '.' || policyname FROM pg_policies
        WHERE tablename ~ '^(beneficiari|prestazioni|conservazione)_'
          AND tablename <> 'conservazione_regolaconservazione' AND ('true' IN (qual, with_check))""",
    "la tabella {0} non ha una policy per ogni gesto": """
        SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND (
            SELECT count(DISTINCT polcmd) FROM pg_policy p WHERE p.polrelid = c.oid) <> 4""",
    "registro_app può svuotare, legare o agganciare trigger a {0}": """
        SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')
          AND relnamespace = 'public'::regnamespace
          AND has_table_privilege('registro_app', oid, 'TRUNCATE, REFERENCES, TRIGGER')""",
    "PUBLIC può qualcosa su {0}": """
        SELECT relname FROM pg_class, LATERAL aclexplode(relacl) a
        WHERE relnamespace = 'public'::regnamespace AND a.grantee = 0""",
    "PUBLIC esegue {0} oltre le policy": """
        SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
          AND (proacl IS NULL OR EXISTS (
              SELECT FROM aclexplode(proacl) a WHERE a.grantee = 0))""",
    "la funzione {0} salta le policy senza essere della guardia o senza un percorso fisso": """
        SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
          AND (pg_get_userbyid(proowner) <> CASE proname WHEN 'registro_dimentica'
                  THEN 'registro_oblio' ELSE 'registro_guardia' END OR NOT EXISTS (
              SELECT FROM unnest(proconfig) v WHERE v LIKE 'search_path=pg_catalog%%pg_temp'))""",
    "la funzione di trigger {0} la può agganciare anche l'applicazione": """
        SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
          AND prorettype = 'trigger'::regtype
          AND has_function_privilege('registro_app', oid, 'EXECUTE')""",
    "la vista {0} legge coi diritti di chi la possiede": """
        SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
          AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)""",
    "la vista materializzata {0} non ha policy": """
        SELECT relname FROM pg_class WHERE relkind = 'm' AND relnamespace = 'public'::regnamespace""",
    "il ruolo {0} può troppo": """
        SELECT rolname FROM pg_roles WHERE rolname = 'registro_app'
          AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
        UNION SELECT rolname FROM pg_roles
        WHERE rolname IN ('registro_guardia', 'registro_oblio', 'registro_stat') AND rolcanlogin
        UNION SELECT r.rolname FROM pg_roles r
        WHERE r.rolname ~ '^registro_' AND r.rolname <> 'registro_app'
          AND pg_has_role('registro_app', r.oid, 'MEMBER')
        UNION SELECT 'registro_backup' FROM pg_roles
        WHERE rolname = 'registro_backup'
          AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication)
        UNION SELECT 'registro_backup' FROM pg_roles r
        WHERE r.rolname NOT IN ('registro_backup', 'pg_read_all_data')
          AND pg_has_role('registro_backup', r.oid, 'MEMBER')""",
    "registro_backup, che salva soltanto, può scrivere in {0}": """
        SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')
          AND relnamespace = 'public'::regnamespace
          AND has_table_privilege('registro_backup', oid,
              'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        UNION SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
          AND CASE WHEN relkind = 'S'
              THEN has_sequence_privilege('registro_backup', oid, 'UPDATE, USAGE') END
        UNION SELECT proname FROM pg_proc WHERE prosecdef
          AND pronamespace = 'public'::regnamespace
          AND has_function_privilege('registro_backup', oid, 'EXECUTE')""",
    "chi salva non legge tutto: le copie sarebbero incomplete ({0})": """
        SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'S')
          AND relnamespace = 'public'::regnamespace
          AND NOT has_table_privilege('registro_backup', oid, 'SELECT')
        UNION SELECT rolname FROM pg_roles WHERE rolname = 'registro_backup' AND NOT rolbypassrls""",
    "registro_app possiede {0}": """
        SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'registro_app'
          AND relnamespace = 'public'::regnamespace""",
    "l'unicità {0} non comprende l'ente: direbbe che cosa c'è in un altro": """
        SELECT i.indexrelid::regclass::text FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        WHERE i.indisunique AND c.relrowsecurity AND c.relname ~ '^(privacy|beneficiari|prestazioni|conservazione)_'
          AND EXISTS (SELECT FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attname = 'ente_id' AND NOT a.attisdropped)
          AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
              AND a.attnum = ANY(i.indkey) AND a.attname IN ('id', 'uuid', 'pgh_id', 'ente_id'))""",
}


def scostamenti(padrone: psycopg.Connection) -> list[str]:
    """Ciò che nel database non sta come deve; vuoto se va tutto bene."""
    trovati = [
        frase.format(nome)
        for frase, interrogazione in _INTERROGAZIONI.items()
        for (nome,) in padrone.execute(interrogazione.replace("%%", "%")).fetchall()
    ]
    return [*trovati, *_non_solo_in_aggiunta(padrone), *_guardie_non_dette(padrone)]


def _non_solo_in_aggiunta(padrone: psycopg.Connection) -> Iterator[str]:
    scrivibili = padrone.execute(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relrowsecurity AND a.attnum > 0 AND NOT a.attisdropped"
        " AND has_column_privilege('registro_app', c.oid, a.attnum, 'UPDATE')"
    ).fetchall()
    cancellabili = {
        nome
        for (nome,) in padrone.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity"
            " AND has_table_privilege('registro_app', oid, 'DELETE')"
        ).fetchall()
    }
    storie = {t for t, _ in scrivibili if "_storia" in t} | {
        t for t in cancellabili if "_storia" in t
    }
    for tabella in sorted(storie):
        yield f"la storia {tabella} si può riscrivere"
    for tabella, salvo in SOLO_IN_AGGIUNTA.items():
        di_troppo = {colonna for t, colonna in scrivibili if t == tabella} - salvo
        if di_troppo or tabella in cancellabili:
            yield f"{tabella} dovrebbe solo crescere, invece {sorted(di_troppo) or 'si cancella'}"


def _guardie_non_dette(padrone: psycopg.Connection) -> Iterator[str]:
    """Le funzioni dei trigger non si possono chiamare: contano solo quelle che rendono qualcosa."""
    for (nome,) in padrone.execute(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        " AND prorettype <> 'trigger'::regtype"
    ).fetchall():
        if nome not in GUARDIE:
            yield f"la funzione {nome} risponde oltre le policy e nessuno ha detto a chi"
