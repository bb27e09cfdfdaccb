"""Chi è stato trovato per codice mentre il nome o la nascita scritti accanto dicono un'altra persona."""

from prestazioni.importo.banco import Banco


# Una data che manca, da una parte o dall'altra, o che nel Registro è una stima non contraddice; un
# anno solo contraddice un altro anno. Il nome non contraddice se ogni parola del più corto dei due
# sta nell'altro: può mancare il secondo nome, o il cognome da sposata, in qualunque ordine, e
# un'iniziale vale la parola; il solo cognome in comune («Rossi Ada», «Rossi Ugo») non basta. Se la
# nascita scritta è la sua basta che le parole si somiglino («Kolla», «Kola»; «De Luca», «Deluca»).
# Senza quella conferma no: «Paola» e «Paolo», «Ali» e «Alima» possono essere due fratelli. E anche
# un nome che va d'accordo contraddice, se è quello intero di un'altra persona.
_CONTRADDETTI = """
CREATE TEMP TABLE importo_candidato ON COMMIT DROP AS
WITH confronti AS (
    SELECT c.chi, c.persona, c.parole, c.nascita, n.parole AS sue,
        string_to_array(c.parole, ' ') AS scritte, string_to_array(n.parole, ' ') AS note,
        coalesce(n.nascita = c.nascita AND NOT n.stimata AND NOT c.stimata, false) AS stessa,
        c.nascita IS NULL OR n.nascita IS NULL OR n.stimata OR CASE WHEN c.stimata
            THEN date_part('year', n.nascita) = date_part('year', c.nascita)
            ELSE n.nascita = c.nascita END AS nascita_va
    FROM importo_chi c
    JOIN importo_nota n ON n.persona = c.persona
    WHERE c.scelta IS NULL
), giudizi AS (
    SELECT chi, persona, parole, nascita, bool_or(sue = parole) AS suo_intero,
        NOT bool_or(nascita_va) AS altra_nascita,
        NOT bool_or(parole = '' OR sue = parole OR NOT EXISTS (
            SELECT 1 FROM unnest(
                CASE WHEN cardinality(scritte) <= cardinality(note) THEN scritte ELSE note END
            ) AS corto (parola)
            WHERE NOT EXISTS (
                SELECT 1 FROM unnest(
                    CASE WHEN cardinality(scritte) <= cardinality(note) THEN note ELSE scritte END
                ) AS lungo (parola)
                WHERE lungo.parola = corto.parola
                   OR ((stessa OR 1 IN (length(lungo.parola), length(corto.parola)))
                       AND (starts_with(lungo.parola, corto.parola)
                            OR starts_with(corto.parola, lungo.parola)))
                   OR (stessa AND similarity(lungo.parola, corto.parola) >= 0.5)
            )
        )) AS altro_nome
    FROM confronti
    GROUP BY chi, persona, parole, nascita
), detti AS (
    SELECT chi, persona, altro_nome, altra_nascita, NOT suo_intero AND EXISTS (
        SELECT 1 FROM importo_nota n
        WHERE n.parole = g.parole AND n.persona <> g.persona
          AND (g.nascita IS NULL OR n.nascita = g.nascita)
    ) AS di_un_altro
    FROM giudizi g
)
SELECT chi, persona, 'il codice è il suo, ma ' || CASE
    WHEN altro_nome AND altra_nascita THEN 'il nome e la data di nascita scritti sono altri'
    WHEN altra_nascita THEN 'la data di nascita scritta è un''altra'
    WHEN altro_nome THEN 'il nome scritto è un altro'
    ELSE 'il nome scritto è quello intero di un''altra persona' END AS perche
FROM detti WHERE altro_nome OR altra_nascita OR di_un_altro;
UPDATE importo_chi c SET persona = NULL FROM importo_candidato k WHERE k.chi = c.chi;
"""
# Chi importa ha risposto che è una persona nuova, ma il codice è già di un'altra.
_NUOVE_COL_CODICE_D_ALTRI = """
INSERT INTO importo_rifiuto
SELECT d.riga, %(colonna_codice)s,
    'Il codice è già di una persona dell''ente: correggilo, o scegli che è lei.'
FROM importo_chi c
JOIN importo_di_chi d USING (chi)
JOIN beneficiari_identificativo i ON i.ente_id = %(ente)s AND i.indice = c.indice
 AND i.tipo = c.tipo AND i.indice_esatto = c.esatto AND i.al IS NULL
WHERE c.nuova AND c.persona IS NULL
"""


def rimetti_in_dubbio(banco: Banco) -> None:
    """Toglie la persona a chi è contraddetto, e la mette fra i candidati: crea `importo_candidato`.

    Legge `importo_chi`, con le persone trovate finora, e `importo_nota`. Chi importa ha l'ultima
    parola: le sue scelte non si discutono.
    """
    banco.crea(_CONTRADDETTI)


def rifiuta_le_nuove_col_codice_d_altri(banco: Banco) -> None:
    """Scrive il motivo per chi si è detto nuovo e ha il codice di una persona dell'ente."""
    banco.esegui(_NUOVE_COL_CODICE_D_ALTRI)
