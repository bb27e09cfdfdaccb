"""In quale presa in carico sta ciò che il foglio dice di una persona, in quel giorno."""

from prestazioni.importo.banco import Banco


PRIMA_DELL_APERTURA = "In quel giorno la presa in carico non era ancora aperta."
DOPO_LA_CHIUSURA = (
    "In quel giorno la presa in carico era già chiusa: riaprila, oppure correggi la data."
)

# Le prese in carico delle persone trovate, anche quelle del loro nucleo finché ne facevano parte.
_PRESE = """
DROP TABLE IF EXISTS pg_temp.importo_presa;
CREATE TEMP TABLE importo_presa ON COMMIT DROP AS
WITH trovate AS (
    SELECT b.id, coalesce(b.unito_a_id, b.id) AS persona FROM beneficiari_beneficiario b
    WHERE b.ente_id = {ente} AND (
        b.id IN (SELECT persona FROM importo_chi)
        OR b.unito_a_id IN (SELECT persona FROM importo_chi)
    )
)
SELECT t.persona, p.id AS presa, p.beneficiario_id AS beneficiario, p.azione_id AS azione,
    p.aperta_il AS dal, coalesce({chiusa}, 'infinity'::date) AS al, false AS del_nucleo
FROM trovate t
JOIN beneficiari_presaincarico p ON p.beneficiario_id = t.id AND p.ente_id = {ente}
UNION ALL
SELECT t.persona, p.id, t.id, p.azione_id, greatest(p.aperta_il, m.dal),
    least(coalesce({chiusa}, 'infinity'), coalesce(m.al, 'infinity'))::date, true
FROM trovate t
JOIN beneficiari_componente m ON m.beneficiario_id = t.id AND m.ente_id = {ente}
JOIN beneficiari_presaincarico p ON p.nucleo_id = m.nucleo_id AND p.ente_id = {ente};
CREATE INDEX ON importo_presa (persona);
ANALYZE importo_presa;
"""
# Chi non dice l'azione ha quella, una sola, in cui tutte le persone della riga sono seguite.
_AZIONE_DELLE_PERSONE = """
WITH persone AS (
    SELECT riga, count(DISTINCT chi) AS quante FROM importo_di_chi GROUP BY riga
), possibili AS (
    SELECT r.riga, p.azione
    FROM importo_riga r
    JOIN persone USING (riga)
    JOIN importo_di_chi d USING (riga)
    JOIN importo_chi c USING (chi)
    JOIN importo_presa p ON p.persona = c.persona AND r.giorno BETWEEN p.dal AND p.al
    WHERE r.azione IS NULL
    GROUP BY r.riga, p.azione, persone.quante
    HAVING count(DISTINCT d.chi) = persone.quante
), contate AS (
    SELECT riga, min(azione) AS azione, count(*) AS quante FROM possibili GROUP BY riga
), scritte AS (
    INSERT INTO importo_rifiuto
    SELECT riga, %(colonna_azione)s, 'Le persone sono seguite per più d''una azione: aggiungi una'
        ' colonna che dica quale, o sceglila per tutto il foglio.'
    FROM contate WHERE quante > 1
)
UPDATE importo_riga r SET azione = contate.azione
FROM contate WHERE contate.riga = r.riga AND contate.quante = 1
"""
_PRESENTI = """
DROP TABLE IF EXISTS pg_temp.importo_presente;
CREATE TEMP TABLE importo_presente ON COMMIT DROP AS
SELECT DISTINCT ON (d.riga, d.chi) d.riga, d.chi, c.persona, p.presa, p.beneficiario,
    p.del_nucleo
FROM importo_riga r
JOIN importo_di_chi d USING (riga)
JOIN importo_chi c USING (chi)
JOIN importo_presa p
  ON p.persona = c.persona AND p.azione = r.azione AND r.giorno BETWEEN p.dal AND p.al
ORDER BY d.riga, d.chi, p.del_nucleo, p.dal DESC, p.presa;
ANALYZE importo_presente;
"""
# La frase è quella che darebbe il database, o dice che cosa manca.
_SENZA_PRESA = """
INSERT INTO importo_rifiuto
SELECT r.riga, %(colonna_persona)s, chi.di_chi || CASE
    WHEN sue.quante = 0 AND r.azione IS NOT NULL
        THEN 'Non c''è una presa in carico per questa azione: aprila, o importa prima i casi.'
    WHEN sue.quante = 0 THEN 'Non c''è una presa in carico: aprila, o importa prima i casi.'
    WHEN r.giorno < sue.prima THEN %(prima_dell_apertura)s
    WHEN r.giorno > sue.ultima THEN %(dopo_la_chiusura)s
    ELSE 'In quel giorno non c''era una presa in carico aperta.' END
FROM importo_riga r
JOIN importo_di_chi d USING (riga)
JOIN importo_chi c USING (chi)
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.scritta = '' THEN '' ELSE c.scritta || ': ' END AS di_chi
) chi
CROSS JOIN LATERAL (
    SELECT count(*) AS quante, min(p.dal) AS prima, max(p.al) AS ultima FROM importo_presa p
    WHERE p.persona = c.persona AND (r.azione IS NULL OR p.azione = r.azione)
) sue
WHERE c.persona IS NOT NULL AND r.giorno IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM importo_presente q WHERE q.riga = r.riga AND q.chi = d.chi)
  AND NOT EXISTS (SELECT 1 FROM importo_rifiuto f WHERE f.riga = r.riga)
"""
_SENZA_AZIONE = """
INSERT INTO importo_rifiuto
SELECT r.riga, %(colonna_azione)s,
    'Non si sa per quale azione: aggiungi una colonna che la dica, o sceglila per tutto il foglio.'
FROM importo_riga r
WHERE r.azione IS NULL AND NOT EXISTS (SELECT 1 FROM importo_rifiuto f WHERE f.riga = r.riga)
"""


def trova(banco: Banco, *, anche_chiuse: bool = False) -> None:
    """Dà a ogni riga la sua azione e a ogni presente la sua presa in carico, o dice perché no.

    Legge `importo_riga` (riga, giorno, azione) e ne riempie l'azione; scrive `importo_presente`.
    `anche_chiuse`: vale anche dopo la chiusura, come per gli esiti.
    """
    chiusa = "NULL::date" if anche_chiuse else "p.chiusa_il"
    banco.crea(_PRESE.format(ente=int(banco.valori["ente"]), chiusa=chiusa))
    if banco.esegui(_AZIONE_DELLE_PERSONE):
        # Senza statistiche nuove il piano crede ancora che l'azione manchi quasi sempre.
        banco.crea("ANALYZE importo_riga")
    banco.crea(_PRESENTI)
    banco.esegui(
        _SENZA_PRESA,
        prima_dell_apertura=PRIMA_DELL_APERTURA,
        dopo_la_chiusura=DOPO_LA_CHIUSURA,
    )
    banco.esegui(_SENZA_AZIONE)
