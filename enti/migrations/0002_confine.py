"""Il confine fra enti: chi è il contesto, che cosa gli spetta, chi vede appartenenze ed enti."""

from django.db import migrations

from registro.comune.migrazioni import funzione, funzione_di_guardia, isola


# «Oggi» delle regole è il giorno italiano, non quello del server.
OGGI = "(now() AT TIME ZONE 'Europe/Rome')::date"

RUOLO = f"""
BEGIN
    RETURN (
        SELECT CASE WHEN u.di_sistema THEN 'sistema' ELSE (
            SELECT a.ruolo FROM public.enti_appartenenza a
            WHERE a.utente_id = u.id AND a.ente_id = public.registro_ente()
              AND a.inizio <= {OGGI} AND (a.fine IS NULL OR a.fine >= {OGGI})
        ) END
        FROM public.enti_utente u
        WHERE u.id = public.registro_utente() AND u.is_active
    );
END
"""

NODI = f"""
BEGIN
    RETURN (
        SELECT coalesce(array_agg(n.id), '{{}}') FROM public.enti_nodo n
        WHERE public.registro_ruolo() = 'amministratore' OR EXISTS (
            SELECT 1 FROM public.enti_appartenenza a
            WHERE a.utente_id = public.registro_utente() AND a.ente_id = public.registro_ente()
              AND a.ruolo = 'coordinatore' AND (a.nodo_id IS NULL OR a.nodo_id = n.id)
              AND a.inizio <= {OGGI} AND (a.fine IS NULL OR a.fine >= {OGGI})
              AND public.registro_ruolo() IS NOT NULL
        )
    );
END
"""

RETE = f"""
BEGIN
    RETURN coalesce(public.registro_ruolo() = 'amministratore', false) OR EXISTS (
        SELECT 1 FROM public.enti_appartenenza a
        WHERE a.utente_id = public.registro_utente() AND a.ente_id = public.registro_ente()
          AND a.ruolo = 'coordinatore' AND a.nodo_id IS NULL
          AND a.inizio <= {OGGI} AND (a.fine IS NULL OR a.fine >= {OGGI})
          AND public.registro_ruolo() IS NOT NULL
    );
END
"""

AMMINISTRA = "coalesce((SELECT registro_ruolo()) IN ('amministratore', 'sistema'), false)"


class Migration(migrations.Migration):
    dependencies = [("enti", "0001_enti")]

    operations = [
        funzione(
            "registro_utente",
            rende="bigint",
            espressione="nullif(current_setting('registro.utente', true), '')::bigint",
        ),
        funzione(
            "registro_ente",
            rende="bigint",
            espressione="nullif(current_setting('registro.ente', true), '')::bigint",
        ),
        # Il ruolo nel contesto; nullo se l'utente non appartiene, oggi, all'ente che dichiara.
        funzione_di_guardia("registro_ruolo", rende="text", corpo=RUOLO),
        # L'ente scelto, solo se l'appartenenza vale: un ente sbagliato non dà nessuna riga.
        funzione(
            "registro_enti",
            rende="bigint[]",
            espressione=(
                "CASE WHEN public.registro_ente() IS NOT NULL"
                " AND public.registro_ruolo() IS NOT NULL"
                " THEN ARRAY[public.registro_ente()] ELSE '{}'::bigint[] END"
            ),
        ),
        # I nodi di cui risponde chi coordina o amministra; vuoto per tutti gli altri.
        funzione_di_guardia("registro_nodi", rende="bigint[]", corpo=NODI),
        # Vero per chi risponde di tutta la rete.
        funzione_di_guardia("registro_rete", rende="boolean", corpo=RETE),
        isola(
            "enti_appartenenza",
            leggi=(
                "utente_id = (SELECT registro_utente())"
                " OR ente_id = ANY((SELECT registro_enti())::bigint[])"
                f" OR {AMMINISTRA}"
            ),
            inserisci=AMMINISTRA,
        ),
        # Gli enti sono pubblici da leggere; li scrive chi amministra, e ciascuno il proprio.
        isola(
            "enti_ente",
            leggi="true",
            inserisci=AMMINISTRA,
            modifica=f"{AMMINISTRA} OR id = ANY((SELECT registro_enti())::bigint[])",
            cancella=AMMINISTRA,
        ),
    ]
