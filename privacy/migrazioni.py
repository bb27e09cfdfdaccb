"""Le condizioni delle policy sui dati di persone, in un posto solo.

Sono testo SQL per `isola`. Dentro una policy le funzioni stanno sempre in `(SELECT …)`, e le
tabelle che una policy legge (affidamenti, autorizzazioni) hanno policy che non ne leggono altre:
una dentro l'altra costerebbero sei volte tanto (misurato).
"""

from django.db import migrations

from privacy.gruppi import GRUPPI_SENSIBILI, Gruppo
from registro.comune.migrazioni import isola


DI_CHI_LAVORA = "ente_id = ANY((SELECT registro_enti_persone())::bigint[])"
MAI = "false"


def propria(tabella: str, gruppo: Gruppo, persona: str = "beneficiario_id") -> str:
    """La riga è del proprio ente e, se il gruppo è sensibile, la persona è affidata o aperta."""
    if gruppo not in GRUPPI_SENSIBILI:
        return f"{tabella}.{DI_CHI_LAVORA}"
    return f"""{tabella}.{DI_CHI_LAVORA} AND (
        (SELECT registro_apre_tutto()) OR EXISTS (
            SELECT 1 FROM beneficiari_affidamento f
            WHERE f.beneficiario_id = {tabella}.{persona} AND f.ente_id = {tabella}.ente_id
              AND f.utente_id = (SELECT registro_utente())
              AND f.dal <= statement_timestamp()
              AND (f.al IS NULL OR f.al > statement_timestamp())
        ))"""


def condivisa(tabella: str, gruppo: Gruppo, persona: str = "beneficiario_id") -> str:
    """Un'autorizzazione in vigore apre per intero questo gruppo, per la finalità del contesto.

    Dei gruppi non sensibili si arriva qui solo per le righe di altri, poche e per chiave: con
    `OFFSET 0` PostgreSQL pianifica una sonda per riga e non anche la lettura di tutte insieme, che
    costava un decimo di ogni interrogazione. Dei sensibili ci arrivano anche le righe proprie.
    """
    una_alla_volta = "" if gruppo in GRUPPI_SENSIBILI else "OFFSET 0"
    return f"""EXISTS (
            SELECT 1 FROM beneficiari_autorizzazione a
            WHERE a.beneficiario_id = {tabella}.{persona} AND a.ente_id = {tabella}.ente_id
              AND a.destinatario_id = ANY((SELECT registro_enti_persone())::bigint[])
              AND a.livello = 'completo' AND '{gruppo.value}' = ANY(a.gruppi)
              AND a.finalita = (SELECT registro_finalita()) AND a.revocata_il IS NULL
              AND a.dal <= (SELECT registro_oggi()) AND a.al >= (SELECT registro_oggi())
            {una_alla_volta}
        )"""


def isola_dati_di_persona(
    tabella: str, gruppo: Gruppo, persona: str = "beneficiario_id", **altre: str
) -> migrations.RunSQL:
    """Isola una tabella di un gruppo: si legge se propria o condivisa, si scrive se propria.

    Chi riceve una condivisione legge e basta. `altre` sostituisce condizioni di `isola`.
    """
    sua = propria(tabella, gruppo, persona)
    condizioni = {
        "leggi": f"({sua}) OR {condivisa(tabella, gruppo, persona)}",
        "inserisci": sua,
        "cancella": MAI,
    }
    return isola(tabella, **{**condizioni, **altre})


def solo_in_aggiunta(*tabelle: str, salvo: str = "") -> migrations.RunSQL:
    """Toglie all'applicazione il diritto di cambiare e cancellare righe di `tabelle`.

    `salvo` sono le colonne che si possono ancora scrivere, separate da virgole.
    """
    elenco = ", ".join(tabelle)
    concedi = f"GRANT UPDATE ({salvo}) ON {elenco} TO registro_app;" if salvo else ""
    return migrations.RunSQL(
        sql=f"REVOKE UPDATE, DELETE, TRUNCATE ON {elenco} FROM registro_app; {concedi}",
        reverse_sql=f"GRANT UPDATE, DELETE ON {elenco} TO registro_app;",
    )


def isola_storia(tabella: str) -> list[migrations.RunSQL]:
    """La storia di una tabella di un ente: la scrive il trigger, la legge chi risponde dei dati."""
    return [
        isola(
            tabella,
            leggi=f"{DI_CHI_LAVORA} AND (SELECT registro_apre_tutto())",
            inserisci=DI_CHI_LAVORA,
            modifica=MAI,
            cancella=MAI,
        ),
        solo_in_aggiunta(tabella),
    ]


def funzione_di_regola(
    nome: str, tabella: str, quando: str, corpo: str, *, guardia: bool = False
) -> migrations.RunSQL:
    """Un trigger che tiene una regola vera: `corpo` è PL/pgSQL, `quando` come «BEFORE INSERT».

    Con `guardia` la funzione legge oltre le policy: serve quando la regola guarda righe che chi
    scrive non vede, o ne chiude di altri enti. La aggancia a una tabella solo chi migra: chi
    potesse farlo la metterebbe su una tabella sua, e le farebbe scrivere altro.
    """
    sicura = "SECURITY DEFINER" if guardia else "SECURITY INVOKER"
    consegna = f"ALTER FUNCTION {nome}() OWNER TO registro_guardia;" if guardia else ""
    chiudi = (
        f"SET ROLE registro_guardia; REVOKE EXECUTE ON FUNCTION {nome}() FROM PUBLIC;"
        f" GRANT EXECUTE ON FUNCTION {nome}() TO registro_owner; RESET ROLE;"
        if guardia
        else ""
    )
    togli = f"DROP FUNCTION {nome}();"
    if guardia:
        togli = f"SET ROLE registro_guardia; {togli} RESET ROLE;"
    return migrations.RunSQL(
        sql=f"""
            CREATE FUNCTION {nome}() RETURNS trigger LANGUAGE plpgsql {sicura}
                SET search_path = pg_catalog, public, pg_temp
                AS $regola$ {corpo} $regola$;
            {consegna} {chiudi}
            CREATE TRIGGER {nome} {quando} ON {tabella} FOR EACH ROW EXECUTE FUNCTION {nome}();
        """,
        reverse_sql=f"DROP TRIGGER {nome} ON {tabella}; {togli}",
    )


def rifiuta(vincolo: str, frase: str) -> str:
    """L'istruzione PL/pgSQL che rifiuta la riga come farebbe il vincolo `vincolo`, con la frase."""
    testo = frase.replace("'", "''").replace("%", "%%")
    return f"RAISE EXCEPTION '{testo}' USING ERRCODE = 'check_violation', CONSTRAINT = '{vincolo}'"
