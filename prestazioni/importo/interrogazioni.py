"""Le interrogazioni con cui le prestazioni di un foglio si controllano e si scrivono."""

from prestazioni.importo.lavoro import CREA_DOPPIONI


TABELLE = f"""
{CREA_DOPPIONI}
DROP TABLE IF EXISTS pg_temp.importo_riga, pg_temp.importo_affianca, pg_temp.importo_annota,
    pg_temp.importo_gia;
CREATE TEMP TABLE importo_riga (
    riga integer, uuid uuid DEFAULT gen_random_uuid(), servizio bigint, azione bigint, operatore bigint, giorno date,
    ora time, minuti smallint, modo text, luogo text, quantita numeric(10, 2),
    valore numeric(10, 2), senza_nome smallint, oggetto text, impronta text
) ON COMMIT DROP;
CREATE TEMP TABLE importo_affianca (riga integer, utente bigint) ON COMMIT DROP;
CREATE TEMP TABLE importo_annota (riga integer, chi integer, uuid uuid, testo bytea) ON COMMIT DROP;
CREATE TEMP TABLE importo_gia (riga integer, chi integer, di integer) ON COMMIT DROP;
"""
COPIA_RIGHE = """COPY importo_riga (riga, servizio, azione, operatore, giorno, ora, minuti,
    modo, luogo, quantita, valore, senza_nome, oggetto, impronta) FROM STDIN"""
COPIA_AFFIANCA = "COPY importo_affianca (riga, utente) FROM STDIN"
COPIA_NOTE = "COPY importo_annota (riga, chi, uuid, testo) FROM STDIN"

SERVIZIO_NON_OFFERTO = """
INSERT INTO importo_rifiuto
SELECT r.riga, %(colonna_servizio)s, 'In quel giorno l''ente non offriva questo servizio.'
FROM importo_riga r JOIN assi_servizio s ON s.id = r.servizio AND s.ente_id = %(ente)s
WHERE NOT r.giorno BETWEEN coalesce(s.dal, '-infinity') AND coalesce(s.al, 'infinity')
"""
SENZA_NOME_NON_AMMESSO = """
INSERT INTO importo_rifiuto
SELECT r.riga, %(colonna_senza_nome)s,
    'Questo servizio non è a bassa soglia: le persone si scrivono per nome.'
FROM importo_riga r JOIN assi_servizio s ON s.id = r.servizio AND s.ente_id = %(ente)s
WHERE r.senza_nome IS NOT NULL AND NOT s.bassa_soglia
"""
QUANTITA_INTERA = """
INSERT INTO importo_rifiuto
SELECT r.riga, %(colonna_quantita)s, 'La quantità è in ' || lower(u.nome) || ': è un numero intero.'
FROM importo_riga r
JOIN assi_servizio s ON s.id = r.servizio AND s.ente_id = %(ente)s
JOIN assi_vocenomenclatura v ON v.id = s.voce_id
JOIN assi_unitadimisura u ON u.id = v.unita_id
WHERE NOT u.decimali AND r.quantita <> trunc(r.quantita)
"""
MESE_FIRMATO = """
INSERT INTO importo_rifiuto
SELECT DISTINCT r.riga, %(colonna_data)s, 'Il mese di questo operatore è già firmato e non si'
    ' cambia: il referente può scrivere una rettifica.'
FROM (
    SELECT riga, giorno, operatore FROM importo_riga
    UNION ALL
    SELECT a.riga, r.giorno, a.utente FROM importo_affianca a JOIN importo_riga r USING (riga)
) r
JOIN prestazioni_foglioore f
  ON f.ente_id = %(ente)s AND f.operatore_id = r.operatore
 AND f.mese = date_trunc('month', r.giorno)::date
"""
# Due righe uguali in tutto: la seconda ripete la prima. L'ora che manca in una non le fa diverse. Le
# righe già rifiutate no: ciò che non si è capito vi manca, e due errori diversi parrebbero uguali.
RIPETUTE = """
WITH intere AS (
    SELECT r.riga, r.ora, ROW(r.servizio, r.azione, r.operatore, r.giorno, r.minuti, r.modo,
        r.luogo, r.quantita, r.valore, r.senza_nome, r.oggetto, r.impronta, q.persone) AS tutto
    FROM importo_riga r
    LEFT JOIN (
        SELECT d.riga, array_agg(coalesce(c.persona, -c.chi) ORDER BY coalesce(c.persona, -c.chi))
            AS persone
        FROM importo_di_chi d JOIN importo_chi c USING (chi) GROUP BY d.riga
    ) q USING (riga)
    WHERE NOT EXISTS (SELECT 1 FROM importo_rifiuto f WHERE f.riga = r.riga)
), prime AS (
    SELECT riga, CASE WHEN ora IS NULL THEN min(riga) OVER di_tutte ELSE least(
        min(riga) OVER (PARTITION BY tutto, ora), min(riga) FILTER (WHERE ora IS NULL) OVER di_tutte
    ) END AS prima
    FROM intere
    WINDOW di_tutte AS (PARTITION BY tutto)
)
INSERT INTO importo_doppione SELECT riga, prima FROM prime WHERE prima < riga
"""
# Chi, di una riga, ha già nel Registro la stessa cosa. Prima le presenze di quella persona in quel
# giorno, e solo di quelle la prestazione: lasciato libero, il pianificatore sotto le policy a volte
# accoppia prima servizi e operatori, e su 50.000 righe passa da mezzo secondo a un minuto.
GIA_PRESENTI = """
WITH quel_giorno AS MATERIALIZED (
    SELECT r.riga, q.chi, p.prestazione_id, r.servizio, r.operatore, r.minuti, r.ora
    FROM importo_riga r
    JOIN importo_presente q USING (riga)
    JOIN prestazioni_partecipazione p
      ON p.ente_id = %(ente)s AND p.beneficiario_id = q.beneficiario AND p.giorno = r.giorno
    WHERE NOT EXISTS (SELECT 1 FROM importo_doppione d WHERE d.riga = r.riga)
)
INSERT INTO importo_gia
SELECT DISTINCT r.riga, r.chi
FROM quel_giorno r
JOIN prestazioni_prestazione g
  ON g.id = r.prestazione_id AND g.ente_id = %(ente)s AND g.servizio_id = r.servizio
 AND g.operatore_id = r.operatore AND g.minuti IS NOT DISTINCT FROM r.minuti
 AND (g.ora = r.ora OR g.ora IS NULL OR r.ora IS NULL)
"""
_QUANTE = """
    FROM (SELECT riga, count(*) AS quante FROM importo_gia GROUP BY riga) gia
    JOIN (SELECT riga, count(DISTINCT chi) AS quante FROM importo_di_chi GROUP BY riga) tutte
      USING (riga)
"""
# La riga c'è già se ci sono già tutte le sue persone.
GIA_REGISTRATE = f"""
INSERT INTO importo_doppione
SELECT gia.riga, NULL::integer {_QUANTE} WHERE gia.quante = tutte.quante
UNION ALL
SELECT DISTINCT r.riga, NULL::integer
FROM importo_riga r
JOIN prestazioni_prestazione g
  ON g.ente_id = %(ente)s AND g.giorno = r.giorno AND g.servizio_id = r.servizio
 AND g.operatore_id = r.operatore AND g.minuti IS NOT DISTINCT FROM r.minuti
 AND (g.ora = r.ora OR g.ora IS NULL OR r.ora IS NULL) AND g.senza_nome = r.senza_nome
WHERE NOT EXISTS (SELECT 1 FROM importo_di_chi d WHERE d.riga = r.riga)
  AND NOT EXISTS (SELECT 1 FROM importo_doppione d WHERE d.riga = r.riga)
"""  # noqa: S608 - compone frasi nostre, i valori vanno a parte
GIA_IN_PARTE = f"""
INSERT INTO importo_doppione
SELECT gia.riga, NULL::integer, true {_QUANTE} WHERE gia.quante < tutte.quante
"""
# Con righe di più persone: chi è già in una riga di prima, per il resto uguale. Ognuno per conto suo,
# con le stesse regole di `RIPETUTE`: le righe uguali in tutto, o già nel Registro, si sono già dette.
GIA_NEL_FOGLIO = """
WITH intere AS (
    SELECT r.riga, d.chi, r.ora, ROW(coalesce(c.persona, -c.chi), r.servizio, r.azione, r.operatore,
        r.giorno, r.minuti, r.modo, r.luogo, r.quantita, r.valore, r.senza_nome, r.oggetto) AS tutto
    FROM importo_riga r
    JOIN importo_di_chi d USING (riga)
    JOIN importo_chi c USING (chi)
    WHERE EXISTS (SELECT 1 FROM importo_di_chi WHERE posto > 0)
      AND NOT EXISTS (SELECT 1 FROM importo_doppione q WHERE q.riga = r.riga)
      AND NOT EXISTS (SELECT 1 FROM importo_rifiuto f WHERE f.riga = r.riga)
), prime AS (
    SELECT riga, chi, CASE WHEN ora IS NULL THEN min(riga) OVER di_tutte ELSE least(
        min(riga) OVER (PARTITION BY tutto, ora), min(riga) FILTER (WHERE ora IS NULL) OVER di_tutte
    ) END AS prima
    FROM intere
    WINDOW di_tutte AS (PARTITION BY tutto)
), segnate AS (
    INSERT INTO importo_gia SELECT riga, chi, prima FROM prime WHERE prima < riga RETURNING riga
)
INSERT INTO importo_doppione SELECT DISTINCT riga, NULL::integer, true FROM segnate
"""
RIFIUTA_IN_PARTE = """
INSERT INTO importo_rifiuto
SELECT f.riga, '', f.chi || CASE
    WHEN f.di IS NOT NULL AND f.quante = 1 THEN ' è già nella riga ' || f.di || ', per il resto'
        ' uguale: togli il suo nome da una delle due'
    WHEN f.di IS NOT NULL THEN ' sono già nella riga ' || f.di || ', per il resto uguale: togli i'
        ' loro nomi da una delle due'
    WHEN f.quante = 1 THEN ' è già nel Registro con questa prestazione, le altre persone della riga'
        ' no: togli il suo nome'
    ELSE ' sono già nel Registro con questa prestazione, le altre persone della riga no: togli i'
        ' loro nomi' END
    || ', oppure scegli di saltare la riga o di caricarla lo stesso.'
FROM (
    SELECT g.riga, g.di, count(*) AS quante,
        string_agg(coalesce(nullif(c.scritta, ''), 'chi ha il codice scritto'), ', ' ORDER BY g.chi)
            AS chi
    FROM importo_gia g JOIN importo_chi c USING (chi)
    WHERE g.riga IN (SELECT riga FROM importo_doppione WHERE in_parte)
    GROUP BY g.riga, g.di
) f
"""
TOGLI_I_DOPPIONI = """
DELETE FROM importo_riga r USING importo_doppione d
WHERE d.riga = r.riga
  AND NOT CASE WHEN d.in_parte THEN %(in_parte_si_caricano)s ELSE %(si_caricano)s END
"""
# Chi era scritto solo nelle righe saltate non entra, e se è nuovo non nasce. Nelle righe rifiutate
# chi è scritto resta: chi importa deve ancora decidere.
TOGLI_CHI_NON_ENTRA = """
DELETE FROM importo_di_chi d
WHERE NOT EXISTS (SELECT 1 FROM importo_riga r WHERE r.riga = d.riga)
  AND NOT EXISTS (SELECT 1 FROM importo_rifiuto f WHERE f.riga = d.riga);
DELETE FROM importo_chi c
WHERE NOT EXISTS (SELECT 1 FROM importo_di_chi d WHERE d.chi = c.chi);
"""

NUOVE_SENZA_PRESA = """
INSERT INTO importo_rifiuto
SELECT DISTINCT d.riga, %(colonna_persona)s, 'È una persona nuova: per aprirle la presa in carico'
    ' scegli, per tutto il foglio, l''azione e come è arrivata.'
FROM importo_riga r JOIN importo_di_chi d USING (riga) JOIN importo_chi c USING (chi)
WHERE c.nuova AND c.persona IS NULL AND (r.azione IS NULL OR %(canale)s = '')
"""
# Aperta dal primo giorno in cui il foglio la nomina.
APRI_LE_PRESE = """
INSERT INTO beneficiari_presaincarico (uuid, ente_id, beneficiario_id, azione_id, canale,
    motivazione, operatore_id, aperta_il, esito_in_parole, fase_abbandono, motivo_abbandono,
    unita_abbandono, prosecuzione, versione)
SELECT gen_random_uuid(), %(ente)s, c.persona, r.azione, %(canale)s, '', %(utente)s, min(r.giorno),
    '', '', '', '', '', 1
FROM importo_riga r
JOIN importo_di_chi d USING (riga)
JOIN importo_nuova n USING (chi)
JOIN importo_chi c USING (chi)
GROUP BY c.persona, r.azione
"""
PRESE_NATE = """
INSERT INTO prestazioni_rigaimportata (ente_id, importazione_id, tabella, chiave)
SELECT %(ente)s, %(importazione)s, 'beneficiari_presaincarico', p.id
FROM importo_nuova n
JOIN importo_chi c USING (chi)
JOIN beneficiari_presaincarico p ON p.beneficiario_id = c.persona AND p.ente_id = %(ente)s
"""
NUOVE_PRESENTI = """
INSERT INTO importo_presente (riga, chi, persona, presa, beneficiario, del_nucleo)
SELECT r.riga, d.chi, c.persona, p.id, c.persona, false
FROM importo_riga r
JOIN importo_di_chi d USING (riga)
JOIN importo_nuova n USING (chi)
JOIN importo_chi c USING (chi)
JOIN beneficiari_presaincarico p
  ON p.beneficiario_id = c.persona AND p.azione_id = r.azione AND p.ente_id = %(ente)s
"""

SCRIVI = """
INSERT INTO prestazioni_prestazione (uuid, ente_id, servizio_id, azione_id, operatore_id, giorno,
    ora, minuti, modo, luogo, quantita, valore, senza_nome, oggetto, origine, importazione_id,
    registrata_da_id, versione)
SELECT uuid, %(ente)s, servizio, azione, operatore, giorno, ora, minuti, modo, luogo, quantita,
    valore, senza_nome, oggetto, 'importazione', %(importazione)s, %(utente)s, 1
FROM importo_riga ORDER BY riga
"""
# Scritta in due modi nella stessa riga, una persona c'era una volta sola: anche per la nota.
SCRIVI_CHI_C_ERA = """
INSERT INTO prestazioni_partecipazione (ente_id, prestazione_id, presa_id, beneficiario_id, giorno,
    azione_id, voce_id, registrata_da_id)
SELECT DISTINCT ON (g.id, q.presa, q.beneficiario)
    %(ente)s, g.id, q.presa, q.beneficiario, r.giorno, r.azione, s.voce_id, %(utente)s
FROM prestazioni_prestazione g
JOIN importo_riga r ON r.uuid = g.uuid
JOIN importo_presente q ON q.riga = r.riga
JOIN assi_servizio s ON s.id = r.servizio
WHERE g.importazione_id = %(importazione)s AND g.ente_id = %(ente)s
"""
SCRIVI_CHI_AFFIANCA = """
INSERT INTO prestazioni_affiancamento (ente_id, prestazione_id, utente_id)
SELECT %(ente)s, g.id, a.utente
FROM prestazioni_prestazione g
JOIN importo_riga r ON r.uuid = g.uuid
JOIN importo_affianca a ON a.riga = r.riga
WHERE g.importazione_id = %(importazione)s AND g.ente_id = %(ente)s
"""
SCRIVI_LE_NOTE = """
INSERT INTO prestazioni_notadiprestazione
    (uuid, ente_id, prestazione_id, beneficiario_id, testo_cifrato, scritta_da_id)
SELECT DISTINCT ON (g.id, q.beneficiario)
    n.uuid, %(ente)s, g.id, q.beneficiario, n.testo, %(utente)s
FROM prestazioni_prestazione g
JOIN importo_riga r ON r.uuid = g.uuid
JOIN importo_annota n ON n.riga = r.riga
JOIN importo_presente q ON q.riga = r.riga AND q.chi = n.chi
WHERE g.importazione_id = %(importazione)s AND g.ente_id = %(ente)s
"""
