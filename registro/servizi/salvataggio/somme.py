"""Contare e sommare le righe di ogni tabella: nel database, dentro una copia, dopo il ripristino.

La riga è sempre la stessa, quella che PostgreSQL scrive con COPY: così le tre somme si confrontano.
Una somma non dipende dall'ordine delle righe, e cambia se ne cambia, manca o si ripete una.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg import sql


_BYTE = 16
_MODULO = 1 << (8 * _BYTE)
# Una riga di COPY non comincia mai così: la barra dei dati è scritta doppia.
_FINE = b"\\.\n"
_COPIA = re.compile(rb'COPY ((?:"[^"]+"|[^".\s]+)\.(?:"[^"]+"|[^".\s]+)) \(.*\) FROM stdin;\n')
# Come si scrivono date, numeri e testi: uguale per chi salva e per chi confronta.
FORME = {
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "extra_float_digits": "3",
    "bytea_output": "hex",
    "client_encoding": "UTF8",
    # Un ruolo fermato dalle policy deve ricevere un errore, non zero righe.
    "row_security": "off",
    # I nomi si scrivono sempre con il loro schema.
    "search_path": "",
    # Chi aspetta una serratura ferma anche chi arriva dopo.
    "lock_timeout": "60s",
}
_TABELLE = """
    SELECT n.nspname, c.relname, format('%I.%I', n.nspname, c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 3
"""
SEQUENZE = """
    SELECT schemaname || '.' || sequencename, coalesce(last_value, 0) FROM pg_sequences
    ORDER BY 1"""


@dataclass
class Somma:
    """Quante righe ha una tabella, e la somma delle loro impronte."""

    righe: int = 0
    totale: int = 0

    def aggiungi(self, riga: bytes | memoryview) -> None:
        """Conta una riga com'è scritta da COPY, a capo compreso."""
        self.righe += 1
        impronta = hashlib.blake2b(riga, digest_size=_BYTE).digest()
        self.totale = (self.totale + int.from_bytes(impronta, "big")) % _MODULO

    def voce(self) -> dict[str, int | str]:
        """La forma che va nel manifesto."""
        return {"righe": self.righe, "somma": f"{self.totale:0{2 * _BYTE}x}"}


def imposta_le_forme(connessione: psycopg.Connection) -> None:
    """Fa scrivere i valori a questa sessione come vuole `FORME`."""
    for nome, valore in FORME.items():
        connessione.execute("SELECT set_config(%s, %s, false)", [nome, valore])


def somme_del_database(connessione: psycopg.Connection) -> dict[str, dict[str, int | str]]:
    """Per ogni tabella («schema.nome») le sue righe e la loro somma, nell'istantanea corrente.

    Solleva psycopg.Error se il ruolo della connessione non può leggere tutte le righe.
    """
    imposta_le_forme(connessione)
    esito = {}
    for schema, nome, intero in connessione.execute(_TABELLE).fetchall():
        somma = Somma()
        comando = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, nome))
        with connessione.cursor() as cursore, cursore.copy(comando) as righe:
            for riga in righe:
                somma.aggiungi(riga)
        esito[intero] = somma.voce()
    return esito


def somme_di_un_testo(righe: Iterable[bytes]) -> dict[str, dict[str, int | str]]:
    """Lo stesso, dal testo che `pg_restore --data-only` tira fuori da una copia."""
    esito: dict[str, Somma] = {}
    corrente: Somma | None = None
    for riga in righe:
        if corrente is not None:
            if riga == _FINE:
                corrente = None
            else:
                corrente.aggiungi(riga)
        elif trovato := _COPIA.fullmatch(riga):
            corrente = esito.setdefault(trovato[1].decode(), Somma())
    return {nome: somma.voce() for nome, somma in esito.items()}


def differenze(atteso: dict, trovato: dict) -> list[str]:
    """Una frase per ogni tabella che manca, avanza o non è uguale; vuota se è tutto uguale."""
    frasi = []
    for nome in sorted(atteso.keys() | trovato.keys()):
        prima, dopo = atteso.get(nome), trovato.get(nome)
        if prima == dopo:
            continue
        if prima is None or dopo is None:
            frasi.append(f"{nome}: {'manca' if dopo is None else 'non doveva esserci'}")
        elif prima["righe"] != dopo["righe"]:
            frasi.append(f"{nome}: {dopo['righe']} righe invece di {prima['righe']}")
        else:
            frasi.append(f"{nome}: le {prima['righe']} righe non hanno lo stesso contenuto")
    return frasi
