"""Le persone che nascono da un foglio, col loro codice, e l'elenco di ciò che è nato."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from beneficiari.models import Identificativo
from prestazioni.importo.banco import Banco
from prestazioni.importo.persone import Persone, Scritta
from registro.comune.cifratura import etichetta_di_rete
from registro.comune.ricerca import forma_normale


_TABELLE = """
DROP TABLE IF EXISTS pg_temp.importo_nuova;
CREATE TEMP TABLE importo_nuova (
    chi integer, uuid uuid, cognome text, nome text, cercato text, nascita date, stimata boolean,
    genere text, cittadinanze text[], comune text, tipo text, codice uuid, valore bytea,
    indice bytea, esatto bytea, etichetta bytea
) ON COMMIT DROP;
"""
_COPIA = """COPY importo_nuova (chi, uuid, cognome, nome, cercato, nascita, stimata, genere,
    cittadinanze, comune, tipo, codice, valore, indice, esatto, etichetta) FROM STDIN"""
_DA_SCRIVERE = "SELECT chi FROM importo_chi WHERE nuova AND persona IS NULL ORDER BY chi"
_SCRIVI = """
INSERT INTO beneficiari_beneficiario (uuid, ente_id, cognome, nome, nome_scelto, nome_cercato,
    data_nascita, nascita_stimata, genere, cittadinanze, lingue, comune, anonimo, codice_anonimo,
    inserito_il, inserito_da_id, versione)
SELECT uuid, %(ente)s, cognome, nome, '', cercato, nascita, stimata, genere, cittadinanze, '{}',
    comune, false, '', now(), %(utente)s, 1
FROM importo_nuova ORDER BY chi
"""
_SONO = """
UPDATE importo_chi c SET persona = b.id
FROM importo_nuova n JOIN beneficiari_beneficiario b ON b.uuid = n.uuid AND b.ente_id = %(ente)s
WHERE n.chi = c.chi
"""
_SCRIVI_I_CODICI = """
INSERT INTO beneficiari_identificativo (uuid, ente_id, beneficiario_id, tipo, valore_cifrato,
    indice, indice_esatto, motivo_assenza, dal)
SELECT n.codice, %(ente)s, c.persona, n.tipo, n.valore, n.indice, n.esatto, '', %(oggi)s
FROM importo_nuova n JOIN importo_chi c USING (chi) WHERE n.codice IS NOT NULL
"""
_ETICHETTE = """
SELECT count(registro_etichetta(c.persona, n.etichetta))
FROM importo_nuova n JOIN importo_chi c USING (chi) WHERE n.etichetta IS NOT NULL
"""
_NATE = """
INSERT INTO prestazioni_rigaimportata (ente_id, importazione_id, tabella, chiave)
SELECT %(ente)s, %(importazione)s, 'beneficiari_beneficiario', c.persona
FROM importo_nuova n JOIN importo_chi c USING (chi)
UNION ALL
SELECT %(ente)s, %(importazione)s, 'beneficiari_identificativo', i.id
FROM importo_nuova n JOIN beneficiari_identificativo i
  ON i.uuid = n.codice AND i.ente_id = %(ente)s
"""
Altro = Mapping[int, tuple[str, Sequence[str], str]]


def scrivi(banco: Banco, persone: Persone, importazione: int, altro: Altro | None = None) -> int:
    """Scrive le persone nuove e ne segna la chiave su `importo_chi`; rende quante.

    `altro`: per numero di persona, genere, cittadinanze e comune.
    """
    nuove = [chi for (chi,) in banco.leggi(_DA_SCRIVERE)]
    if not nuove:
        return 0
    banco.crea(_TABELLE)
    ente = banco.valori["ente"]
    banco.copia(_COPIA, _righe(nuove, persone, ente, altro or {}))
    scritte = banco.esegui(_SCRIVI)
    banco.esegui(_SONO)
    banco.esegui(_SCRIVI_I_CODICI)
    banco.leggi(_ETICHETTE)
    banco.esegui(_NATE, importazione=importazione)
    return scritte


def _righe(nuove: Sequence[int], persone: Persone, ente: int, altro: Altro) -> Iterator[tuple]:
    for chi in nuove:
        scritta = persone.scritte[chi]
        genere, cittadinanze, comune = altro.get(chi, ("", (), ""))
        cercato = forma_normale(f"{scritta.cognome} {scritta.nome} ")
        yield (
            *(chi, uuid4(), scritta.cognome, scritta.nome, cercato, scritta.nascita),
            *(scritta.stimata, genere, list(cittadinanze), comune, *_codice(scritta, ente)),
        )


def _codice(scritta: Scritta, ente: int) -> tuple[Any, ...]:
    """Tipo, uuid, valore cifrato, i due indici, etichetta di rete; None se non ha codice."""
    if scritta.codice is None:
        return (None,) * 6
    codice = scritta.codice
    uuid: UUID = uuid4()
    riga = Identificativo(uuid=uuid, ente_id=ente, tipo=codice.tipo)
    riga.scrivi_valore(codice.valore, normale=codice.normale)
    cf = codice.tipo == Identificativo.Tipo.CF
    etichetta = etichetta_di_rete(codice.normale) if cf else None
    return (codice.tipo, uuid, riga.valore_cifrato, riga.indice, riga.indice_esatto, etichetta)
