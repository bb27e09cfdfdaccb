"""Operazioni di migrazione che tengono il confine fra enti dentro il database.

Tutte reversibili. Nelle policy le funzioni stanno sempre dentro `(SELECT …)`: così PostgreSQL
le valuta una volta per interrogazione e non una volta per riga.
"""

from collections.abc import Sequence

from django.db import migrations
from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger


PROPRI = "ente_id = ANY((SELECT registro_enti())::bigint[])"


def isola(
    tabella: str,
    *,
    leggi: str = PROPRI,
    inserisci: str = PROPRI,
    modifica: str | None = None,
    modificata: str | None = None,
    cancella: str | None = None,
) -> migrations.RunSQL:
    """Chiude `tabella` con una policy per ogni gesto; chi non ha contesto non vede righe.

    Ogni argomento è una condizione SQL sulla riga. `modifica` vale sulla riga com'era,
    `modificata` su come diventa. Se taciuti, `modifica` e `cancella` sono come `inserisci`,
    `modificata` come `modifica`. FORCE vale anche per il proprietario, cioè per chi migra.
    """
    modifica = modifica or inserisci
    modificata = modificata or modifica
    cancella = cancella or inserisci
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {tabella} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {tabella} FORCE ROW LEVEL SECURITY;
            CREATE POLICY leggi ON {tabella} FOR SELECT USING ({leggi});
            CREATE POLICY inserisci ON {tabella} FOR INSERT WITH CHECK ({inserisci});
            CREATE POLICY modifica ON {tabella} FOR UPDATE
                USING ({modifica}) WITH CHECK ({modificata});
            CREATE POLICY cancella ON {tabella} FOR DELETE USING ({cancella});
        """,
        reverse_sql=f"""
            DROP POLICY leggi ON {tabella};
            DROP POLICY inserisci ON {tabella};
            DROP POLICY modifica ON {tabella};
            DROP POLICY cancella ON {tabella};
            ALTER TABLE {tabella} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {tabella} DISABLE ROW LEVEL SECURITY;
        """,
    )


def legame_composto(
    tabella: str, colonna: str, madre: str, *, con: str = "ente_id", nome: str = "stesso_ente"
) -> migrations.RunSQL:
    """Vieta che `tabella.colonna` indichi una riga di `madre` con un altro `con`.

    Serve perché i controlli delle chiavi esterne di PostgreSQL non guardano le policy: senza,
    una riga dell'ente A può agganciarsi a una dell'ente B (riprodotto). Il vincolo si chiama
    `<tabella>_<colonna>_<nome>`: la prova di coerenza li cerca per nome.
    """
    vincolo = f"{tabella}_{colonna}_{nome}"
    return migrations.RunSQL(
        sql=f"""
            CREATE UNIQUE INDEX IF NOT EXISTS {madre}_id_{con} ON {madre} (id, {con});
            ALTER TABLE {tabella} ADD CONSTRAINT {vincolo}
                FOREIGN KEY ({colonna}, {con}) REFERENCES {madre} (id, {con})
                DEFERRABLE INITIALLY DEFERRED;
        """,
        reverse_sql=f"ALTER TABLE {tabella} DROP CONSTRAINT {vincolo};",
    )


def funzione_di_guardia(
    nome: str,
    *,
    rende: str,
    corpo: str,
    argomenti: str = "",
    scrive: bool = False,
    a_chi: str = "registro_app, registro_owner",
) -> migrations.RunSQL:
    """Crea `nome(argomenti)`, che legge oltre le policy per rispondere a una domanda sola.

    La possiede `registro_guardia` (l'unico ruolo che salta le policy, e non può accedere):
    `corpo` è PL/pgSQL, con i nomi delle tabelle per esteso (`public.…`); controlla da sé chi
    chiede. `scrive` per quelle che cambiano righe; `a_chi` sono i ruoli che la possono chiamare. Il
    nome è di una funzione sola.
    """
    natura = "VOLATILE" if scrive else "STABLE PARALLEL SAFE"
    # Un trigger parte comunque; chi può eseguirne la funzione può agganciarla a una tabella sua.
    a_chi = "registro_owner" if rende == "trigger" else a_chi
    return migrations.RunSQL(
        sql=f"""
            CREATE FUNCTION {nome}({argomenti}) RETURNS {rende}
                LANGUAGE plpgsql {natura} SECURITY DEFINER
                SET search_path = pg_catalog, pg_temp
                AS $guardia$ {corpo} $guardia$;
            ALTER FUNCTION {nome} OWNER TO registro_guardia;
            -- I permessi li dà il nuovo padrone: cambiando padrone, quelli del vecchio passano a lui.
            SET ROLE registro_guardia;
            REVOKE EXECUTE ON FUNCTION {nome} FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION {nome} TO {a_chi};
            RESET ROLE;
        """,
        reverse_sql=f"SET ROLE registro_guardia; DROP FUNCTION {nome}; RESET ROLE;",
    )


def funzione(nome: str, *, rende: str, espressione: str) -> migrations.RunSQL:
    """Crea `nome()`, una funzione senza privilegi: dice solo un'espressione.

    È PL/pgSQL perché PostgreSQL non la espanda dentro ogni piano: come funzione SQL una lettura
    per chiave di una tabella di persone si pianificava in 1,3 ms, così in 0,7 (senza policy 0,25).
    """
    return migrations.RunSQL(
        sql=f"CREATE FUNCTION {nome}() RETURNS {rende} LANGUAGE plpgsql STABLE PARALLEL SAFE"
        f" AS $espressione$ BEGIN RETURN {espressione}; END $espressione$;",
        reverse_sql=f"DROP FUNCTION {nome}();",
    )


def a_mesi(tabella: str, *, scrivibili: str) -> migrations.RunSQL:
    """Consegna alla guardia un registro già partizionato per `quando`, isolato e in sola aggiunta.

    L'applicazione inserisce le colonne `scrivibili` e legge, passando dalla tabella madre e dalle
    sue policy; le altre (chiave, transazione, epoca) le mette il database. Su un mese non ha nessun
    privilegio: le policy della madre lì non varrebbero. Le righe di un mese che nessuno ha ancora
    aperto finiscono in `<tabella>_resto`. Dopo, chi migra la tabella lo fa `SET ROLE registro_guardia`.
    """
    chiuso = isola(f"{tabella}_resto", leggi="false", inserisci="false")
    return migrations.RunSQL(
        sql=f"""
            CREATE TABLE {tabella}_resto PARTITION OF {tabella} DEFAULT;
            {chiuso.sql}
            REVOKE ALL ON {tabella}, {tabella}_resto FROM registro_app;
            GRANT SELECT ON {tabella} TO registro_app, registro_owner;
            GRANT INSERT ({scrivibili}) ON {tabella} TO registro_app;
            ALTER TABLE {tabella}_resto OWNER TO registro_guardia;
            ALTER TABLE {tabella} OWNER TO registro_guardia;
        """,
        # Tornando indietro la tabella la toglie chi l'ha creata, coi mesi.
        reverse_sql=migrations.RunSQL.noop,
    )


class AggiungiTrigger(AddTrigger):
    """Come `AddTrigger` di pgtrigger, senza ridisegnare i modelli dello stato a ogni trigger.

    Un trigger non cambia né campi né relazioni: ridisegnare per ognuno tutto ciò che è collegato
    prendeva un terzo del tempo delle migrazioni.
    """

    def state_forwards(self, app_label, state) -> None:
        opzioni = state.models[app_label, self.model_name].options
        opzioni["triggers"] = [*opzioni.get("triggers", []), self.trigger]


class Insieme(Operation):
    """Più operazioni che il database esegue una per una, e lo stato dei modelli tutte insieme.

    Dopo ogni operazione Django ridisegna i modelli che le sono collegati, e qui lo sono quasi tutti:
    prendeva nove decimi del tempo delle migrazioni. Ogni modello nasce già con i campi, i vincoli e
    gli indici che l'insieme gli aggiunge; perciò di un campo si fa al più un'aggiunta o un cambio.
    """

    _COMPRESE = (migrations.AddField, migrations.AddConstraint, migrations.AddIndex)

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)
        self._nati = {op.name_lower for op in operations if isinstance(op, migrations.CreateModel)}

    def state_forwards(self, app_label, state) -> None:
        # Senza i modelli disegnati nessuna operazione li ridisegna: lo farà chi li chiede dopo.
        state.__dict__.pop("apps", None)
        for operazione in self.operations:
            operazione.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for operazione in self._da_eseguire():
            operazione.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for operazione in reversed(self._da_eseguire()):
            # Togliere un trigger chiede il modello com'è: tornando indietro può non esserci più.
            verso = from_state if isinstance(operazione, AddTrigger) else to_state
            operazione.database_backwards(app_label, schema_editor, from_state, verso)

    def describe(self) -> str:
        return "; ".join(operazione.describe() for operazione in self.operations)

    def _da_eseguire(self) -> list[Operation]:
        return [
            operazione
            for operazione in self.operations
            if not isinstance(operazione, self._COMPRESE)
            or operazione.model_name_lower not in self._nati
        ]
