"""Chi sono, fra le persone dell'ente, quelle scritte nel foglio. Mai quelle di un altro ente.

Per codice; altrimenti per nome intero e data di nascita. Il resto non si indovina: si propone.
"""

from collections.abc import Sequence
from uuid import UUID

from beneficiari.models import Beneficiario, Identificativo
from enti.models import Ente
from prestazioni.importo import contraddetti
from prestazioni.importo.banco import Banco
from prestazioni.importo.persone import VIA_DAI_NOMI, Persone, parole_del_nome
from prestazioni.importo.tipi import NUOVA, Candidato, ChiManca, Dubbio, Scelte


_TABELLE = """
DROP TABLE IF EXISTS pg_temp.importo_chi, pg_temp.importo_di_chi, pg_temp.importo_nota,
    pg_temp.importo_candidato, pg_temp.importo_parola;
CREATE TEMP TABLE importo_chi (
    chi integer PRIMARY KEY, riga integer, posto integer, scritta text, cognome text, nome text,
    parole text, nascita date, stimata boolean, tipo text, indice bytea, esatto bytea, scelta uuid, nuova boolean,
    persona bigint
) ON COMMIT DROP;
CREATE TEMP TABLE importo_di_chi (riga integer, posto smallint, chi integer) ON COMMIT DROP;
"""
_COPIA_CHI = """COPY importo_chi (chi, riga, posto, scritta, cognome, nome, parole, nascita,
    stimata, tipo, indice, esatto, scelta, nuova) FROM STDIN"""
_COPIA_DI_CHI = "COPY importo_di_chi (riga, posto, chi) FROM STDIN"
_STATISTICHE = "ANALYZE importo_chi; ANALYZE importo_di_chi"
# Chi era scritto anche col codice è ora quella persona: la sua riga senza codice non è nessuno.
_TOGLI_LE_UNITE = """
DELETE FROM importo_chi c
WHERE NOT EXISTS (SELECT 1 FROM importo_di_chi d WHERE d.chi = c.chi)
"""

# Le persone dell'ente con le parole del loro nome, nello stesso ordine di `parole_del_nome`.
_NOTE = """
CREATE TEMP TABLE importo_nota ON COMMIT DROP AS
SELECT b.id, coalesce(b.unito_a_id, b.id) AS persona, b.data_nascita AS nascita,
    b.nascita_stimata AS stimata, b.nome_cercato AS cercato,
    array_to_string(ARRAY(
        SELECT p FROM unnest(string_to_array(translate(b.nome_cercato, %(via)s, ' '), ' ')) AS p
        WHERE p <> '' ORDER BY p COLLATE "C"
    ), ' ') AS parole
FROM beneficiari_beneficiario b
WHERE b.ente_id = %(ente)s AND NOT b.anonimo
"""
_ANCHE_CON = """
INSERT INTO importo_nota
SELECT n.id, n.persona, n.nascita, n.stimata, n.cercato, altra.parole
FROM unnest(%(chiavi)s::bigint[], %(parole)s::text[]) AS altra (id, parole)
JOIN importo_nota n ON n.id = altra.id
"""
_PER_SCELTA = """
UPDATE importo_chi c SET persona = coalesce(b.unito_a_id, b.id)
FROM beneficiari_beneficiario b
WHERE b.uuid = c.scelta AND b.ente_id = %(ente)s
"""
_PER_CODICE = """
UPDATE importo_chi c SET persona = trovati.persona
FROM (
    SELECT c.chi, min(n.persona) AS persona
    FROM importo_chi c
    JOIN beneficiari_identificativo i ON i.ente_id = %(ente)s AND i.indice = c.indice
     AND i.tipo = c.tipo AND i.indice_esatto = c.esatto
    JOIN importo_nota n ON n.id = i.beneficiario_id
    WHERE c.indice IS NOT NULL AND c.persona IS NULL
    GROUP BY c.chi HAVING count(DISTINCT n.persona) = 1
) trovati
WHERE trovati.chi = c.chi
"""
# Due persone possono avere codici che differiscono solo per omocodia, e una può averne due.
_OMOCODI = """
INSERT INTO importo_candidato
SELECT DISTINCT c.chi, n.persona, 'lo stesso codice, a parte l''omocodia'
FROM importo_chi c
JOIN beneficiari_identificativo i
  ON i.ente_id = %(ente)s AND i.indice = c.indice AND i.tipo = c.tipo
JOIN importo_nota n ON n.id = i.beneficiario_id
WHERE c.indice IS NOT NULL AND c.persona IS NULL AND NOT c.nuova
  AND NOT EXISTS (SELECT 1 FROM importo_candidato k WHERE k.chi = c.chi)
"""
_PER_NOME_E_NASCITA = """
UPDATE importo_chi c SET persona = trovati.persona
FROM (
    SELECT c.chi, min(n.persona) AS persona
    FROM importo_chi c
    JOIN importo_nota n ON n.parole = c.parole AND n.nascita = c.nascita AND NOT n.stimata
     AND NOT c.stimata
    WHERE c.persona IS NULL AND NOT c.nuova AND NOT EXISTS (
        SELECT 1 FROM beneficiari_identificativo i
        WHERE i.ente_id = %(ente)s AND i.beneficiario_id = n.id AND i.tipo = c.tipo
          AND i.al IS NULL AND i.indice_esatto <> c.esatto
    ) AND NOT EXISTS (SELECT 1 FROM importo_candidato k WHERE k.chi = c.chi)
    GROUP BY c.chi HAVING count(DISTINCT n.persona) = 1
) trovati
WHERE trovati.chi = c.chi
"""
# Cercando persone che ci devono essere (`tutti`) un omonimo con un'altra nascita si propone;
# inserendone di nuove è un'altra persona, come chi ha un altro codice: a meno che il codice scritto
# non sia già contraddetto, e allora può essere lei.
_OMONIMI = """
INSERT INTO importo_candidato
SELECT DISTINCT ON (c.chi, n.persona) c.chi, n.persona, CASE
    WHEN c.nascita IS NULL THEN 'stesso nome, ma nel foglio manca la data di nascita'
    WHEN n.nascita IS NULL THEN 'stesso nome, ma nel Registro manca la data di nascita'
    WHEN n.stimata THEN 'stesso nome, ma nel Registro la data di nascita è una stima'
    WHEN c.stimata THEN 'stesso nome, ma nel foglio c''è solo l''anno di nascita'
    WHEN n.nascita <> c.nascita THEN 'stesso nome, ma un''altra data di nascita'
    WHEN EXISTS (
        SELECT 1 FROM beneficiari_identificativo i
        WHERE i.ente_id = %(ente)s AND i.beneficiario_id = n.id AND i.tipo = c.tipo
          AND i.al IS NULL AND i.indice_esatto <> c.esatto
    ) THEN 'stesso nome e stessa data di nascita, ma un altro codice'
    ELSE 'stesso nome e stessa data di nascita' END
FROM importo_chi c
JOIN importo_nota n ON n.parole = c.parole
WHERE c.persona IS NULL AND NOT c.nuova AND c.parole <> ''
  AND NOT EXISTS (
      SELECT 1 FROM importo_candidato k WHERE k.chi = c.chi AND k.persona = n.persona
  )
  AND (%(tutti)s OR c.nascita IS NULL OR n.nascita IS NULL OR n.stimata OR c.stimata
       OR n.nascita = c.nascita)
  AND (%(tutti)s OR c.chi IN (SELECT chi FROM importo_candidato) OR NOT EXISTS (
      SELECT 1 FROM beneficiari_identificativo i
      WHERE i.ente_id = %(ente)s AND i.beneficiario_id = n.id AND i.tipo = c.tipo
        AND i.al IS NULL AND i.indice_esatto <> c.esatto
  ))
"""
_NOMI_UNICI = """
WITH soli AS (
    SELECT k.chi, min(k.persona) AS persona FROM importo_candidato k
    JOIN importo_chi c USING (chi)
    WHERE c.nascita IS NULL AND c.indice IS NULL AND position(' ' in c.parole) > 0
    GROUP BY k.chi HAVING count(DISTINCT k.persona) = 1
)
UPDATE importo_chi c SET persona = soli.persona FROM soli WHERE soli.chi = c.chi
"""
_SIMILI = """
INSERT INTO importo_candidato
SELECT DISTINCT ON (c.chi, n.persona) c.chi, n.persona, 'stessa data di nascita, nome simile'
FROM importo_chi c
JOIN importo_nota n ON n.nascita = c.nascita AND n.parole <> c.parole
WHERE c.persona IS NULL AND NOT c.nuova AND c.parole <> ''
  AND similarity(n.parole, c.parole) >= %(soglia)s
  AND (%(tutti)s OR NOT EXISTS (
      SELECT 1 FROM beneficiari_identificativo i
      WHERE i.ente_id = %(ente)s AND i.beneficiario_id = n.id AND i.tipo = c.tipo
        AND i.al IS NULL AND i.indice_esatto <> c.esatto
  ))
  AND NOT EXISTS (SELECT 1 FROM importo_candidato k WHERE k.chi = c.chi)
"""
# «Rossi» è una parte di «Rossi Anna»; «Rossi Anna» di «Rossi Anna Maria».
_PARTI = """
CREATE TEMP TABLE importo_parola ON COMMIT DROP AS
SELECT DISTINCT n.persona, n.parole, n.nascita, p.parola
FROM importo_nota n CROSS JOIN LATERAL unnest(string_to_array(n.parole, ' ')) AS p (parola);
INSERT INTO importo_candidato
SELECT chi, persona, 'una parte del nome'
FROM (
    SELECT c.chi, p.persona
    FROM importo_chi c
    CROSS JOIN LATERAL unnest(string_to_array(c.parole, ' ')) AS scritta (parola)
    JOIN importo_parola p ON p.parola = scritta.parola
    WHERE c.persona IS NULL AND NOT c.nuova AND c.parole <> ''
      AND (c.nascita IS NULL OR p.nascita IS NULL OR c.nascita = p.nascita)
      AND NOT EXISTS (SELECT 1 FROM importo_candidato k WHERE k.chi = c.chi)
    GROUP BY c.chi, c.parole, p.persona, p.parole
    HAVING count(*) IN (
        cardinality(string_to_array(c.parole, ' ')), cardinality(string_to_array(p.parole, ' '))
    )
) parti
GROUP BY chi, persona;
"""
_DUBBI = """
SELECT c.chi, c.riga, c.posto, c.scritta, c.nascita, k.perche, b.id, b.uuid, b.cognome, b.nome,
    b.nome_scelto, b.data_nascita, b.comune
FROM importo_chi c
JOIN importo_candidato k USING (chi)
JOIN beneficiari_beneficiario b ON b.id = k.persona AND b.ente_id = %(ente)s
WHERE c.persona IS NULL AND NOT c.nuova
ORDER BY c.chi, (b.nome_cercato), b.data_nascita, b.id
"""
_RIGHE_IN_DUBBIO = """
SELECT chi, array_agg(DISTINCT riga ORDER BY riga) FROM importo_di_chi
WHERE chi = ANY(%(quali)s) GROUP BY chi
"""
# Dice in che cosa somiglia, e che cosa farci: con un codice o una data sbagliati scriverli non basta.
_RIFIUTA_I_DUBBI = """
INSERT INTO importo_rifiuto
SELECT d.riga, %(colonna_persona)s, 'Non si sa chi è: ' || CASE WHEN c.scritta = ''
    THEN 'il codice somiglia a quello di ' ELSE '«' || c.scritta || '» somiglia a ' END
    || CASE WHEN k.quante = 1 THEN 'una persona dell''ente' ELSE 'più d''una persona dell''ente' END
    || ' (' || k.perche || '). ' || CASE
    WHEN c.indice IS NOT NULL THEN 'Controlla codice, nome e data di nascita'
    WHEN c.nascita IS NULL OR c.stimata
        THEN 'Scrivi il codice, oppure cognome, nome e data di nascita'
    ELSE 'Controlla nome e data di nascita, o scrivi il codice' END || '; o scegli quale è.'
FROM importo_chi c
JOIN (
    SELECT chi, count(DISTINCT persona) AS quante, string_agg(DISTINCT perche, '; ') AS perche
    FROM importo_candidato GROUP BY chi
) k USING (chi)
JOIN importo_di_chi d USING (chi)
WHERE c.persona IS NULL AND NOT c.nuova
"""
_RIFIUTA_GLI_IGNOTI = """
INSERT INTO importo_rifiuto
SELECT d.riga, %(colonna_persona)s, CASE WHEN c.scritta = '' THEN 'La persona con questo codice'
    ELSE '«' || c.scritta || '»' END
    || ' non è fra le persone dell''ente: importa prima le persone.'
FROM importo_di_chi d JOIN importo_chi c USING (chi)
WHERE c.persona IS NULL AND NOT c.nuova
  AND NOT EXISTS (SELECT 1 FROM importo_candidato k WHERE k.chi = c.chi)
"""
# Chi nasce da un foglio di prestazioni o di casi ha un nome intero e una data di nascita.
_INTERA = "c.cognome <> '' AND c.nome <> '' AND c.nascita IS NOT NULL"
_SENZA_DUBBI = f"""
UPDATE importo_chi c SET nuova = true
WHERE c.persona IS NULL AND NOT c.nuova AND c.parole <> ''
  AND (NOT %(intere)s OR {_INTERA})
  AND NOT EXISTS (SELECT 1 FROM importo_candidato k WHERE k.chi = c.chi)
"""  # noqa: S608 - compone frasi nostre, i valori vanno a parte


_CHI_MANCA = f"""
SELECT c.scritta, c.nascita, count(DISTINCT d.riga), {_INTERA}, c.nuova
FROM importo_chi c JOIN importo_di_chi d USING (chi)
WHERE c.persona IS NULL AND c.parole <> '' AND (
    c.nuova OR NOT EXISTS (SELECT 1 FROM importo_candidato k WHERE k.chi = c.chi)
)
GROUP BY c.chi ORDER BY c.chi
"""  # noqa: S608 - compone frasi nostre


def stendi(
    banco: Banco, persone: Persone, di_chi: Sequence[tuple[int, int, int]], scelte: Scelte
) -> None:
    """Mette sul banco le persone scritte, e (riga, posto, persona) di chi compare dove."""
    banco.crea(_TABELLE)
    banco.copia(_COPIA_CHI, _righe(persone, scelte, banco.valori["ente"]))
    validi = persone.unisci()
    banco.copia(_COPIA_DI_CHI, ((riga, posto, validi[chi]) for riga, posto, chi in di_chi))
    banco.crea(_STATISTICHE)
    banco.crea(_TOGLI_LE_UNITE)


def riconosci(banco: Banco, ente: Ente, scelte: Scelte, *, nuove: bool) -> None:
    """Dà a ogni persona scritta quella dell'ente, se è certa; agli altri i candidati.

    `nuove`: il foglio porta persone nuove, e chi non somiglia a nessuno è nuovo.
    """
    banco.esegui(_NOTE, via=VIA_DAI_NOMI)
    _aggiungi_i_nomi_scelti(banco, ente)
    banco.crea("CREATE INDEX ON importo_nota (parole); ANALYZE importo_nota")
    banco.esegui(_PER_SCELTA)
    banco.esegui(_PER_CODICE)
    contraddetti.rimetti_in_dubbio(banco)
    banco.esegui(_OMOCODI)
    banco.esegui(_PER_NOME_E_NASCITA)
    if not banco.leggi("SELECT 1 FROM importo_chi WHERE persona IS NULL AND NOT nuova LIMIT 1"):
        return
    banco.esegui(_OMONIMI, tutti=not nuove)
    if scelte.nomi_unici and not nuove:
        banco.esegui(_NOMI_UNICI)
    banco.esegui(_SIMILI, tutti=not nuove, soglia=0.7 if nuove else 0.5)
    if not nuove:
        banco.crea(_PARTI)
    if nuove or scelte.nuove_persone:
        banco.esegui(_SENZA_DUBBI, intere=not nuove)


_CODICE_DI_DUE = """
INSERT INTO importo_rifiuto
SELECT DISTINCT d.riga, %(colonna_codice)s,
    'Lo stesso codice è alla riga ' || altra.riga || ', con un altro nome o un''altra nascita.'
FROM importo_chi c
JOIN importo_chi altra
  ON altra.tipo = c.tipo AND altra.esatto = c.esatto AND altra.chi < c.chi AND altra.nuova
JOIN importo_di_chi d ON d.chi = c.chi
WHERE c.nuova AND c.persona IS NULL
"""


def rifiuta_chi_non_si_sa(banco: Banco) -> None:
    """Scrive i motivi per le righe con persone in dubbio o che l'ente non ha."""
    banco.esegui(_RIFIUTA_I_DUBBI)
    banco.esegui(_RIFIUTA_GLI_IGNOTI)
    banco.esegui(_CODICE_DI_DUE)
    contraddetti.rifiuta_le_nuove_col_codice_d_altri(banco)


def chi_manca(banco: Banco) -> tuple[ChiManca, ...]:
    """Chi è scritto nel foglio e l'ente non ha, nell'ordine in cui il foglio lo nomina."""
    return tuple(ChiManca(*riga) for riga in banco.leggi(_CHI_MANCA))


def dubbi(banco: Banco, *, nuove: bool) -> tuple[Dubbio, ...]:
    """Ciò che resta da chiedere, coi candidati."""
    per_chi: dict[int, list[tuple]] = {}
    for riga in banco.leggi(_DUBBI):
        per_chi.setdefault(riga[0], []).append(riga)
    dove = dict(banco.leggi(_RIGHE_IN_DUBBIO, quali=list(per_chi)))
    return tuple(
        Dubbio(
            chiave=f"{voci[0][1]}.{voci[0][2]}",
            righe=tuple(dove.get(chi, ())),
            scritta=voci[0][3],
            nascita=voci[0][4],
            candidati=tuple(_candidato(*voce[5:]) for voce in voci),
            puo_essere_nuova=nuove,
        )
        for chi, voci in per_chi.items()
    )


def nomi_interi(ente: Ente) -> frozenset[str]:
    """Le parole dei nomi delle persone dell'ente: si confrontano, non si mostrano."""
    nomi = Beneficiario.objects.di(ente).filter(anonimo=False).per_calcolo()
    return frozenset(map(parole_del_nome, nomi.values_list("nome_cercato", flat=True)))


def _righe(persone: Persone, scelte: Scelte, ente: int):
    for numero, scritta in enumerate(persone.scritte):
        riga, posto = persone.prime[numero]
        scelta = scelte.persone.get(f"{riga}.{posto}", "")
        codice = scritta.codice
        indici = [None, None]
        if codice:
            indici = [
                Identificativo.indice_di(codice.tipo, ente=ente, normale=forma)
                for forma in (codice.normale, codice.valore)
            ]
        yield (
            *(numero, riga, posto, scritta.come, scritta.cognome, scritta.nome, scritta.parole),
            *(scritta.nascita, scritta.stimata, codice.tipo if codice else None, *indici),
            *(_uuid(scelta), scelta == NUOVA),
        )


def _uuid(testo: str) -> UUID | None:
    try:
        return UUID(testo)
    except ValueError:
        return None


def _aggiungi_i_nomi_scelti(banco: Banco, ente: Ente) -> None:
    """Chi ha un nome scelto si riconosce anche da quello, e anche da quello dei documenti."""
    con_scelto = Beneficiario.objects.di(ente).filter(anonimo=False).exclude(nome_scelto="")
    righe = con_scelto.per_calcolo().values_list("pk", "cognome", "nome", "nome_scelto")
    altre = {
        (chiave, parole_del_nome(f"{cognome} {altro}"))
        for chiave, cognome, nome, scelto in righe
        for altro in (nome, scelto)
    }
    if altre:
        chiavi, parole = zip(*altre, strict=True)
        banco.esegui(_ANCHE_CON, chiavi=list(chiavi), parole=list(parole))


def _candidato(perche, chiave, uuid, cognome, nome, scelto, nascita, comune) -> Candidato:
    return Candidato(
        chiave=chiave,
        uuid=str(uuid),
        nome=f"{cognome} {scelto or nome}".strip(),
        nascita=nascita,
        comune=comune,
        perche=perche,
    )
