"""Il banco di lavoro: tabelle provvisorie dove il foglio si controlla prima di entrare.

Vivono quanto la transazione: se il lavoro si interrompe non resta niente.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from prestazioni.importo.tipi import Rifiuto


_RIFIUTI = """
DROP TABLE IF EXISTS pg_temp.importo_rifiuto;
CREATE TEMP TABLE importo_rifiuto (riga integer, colonna text, motivo text) ON COMMIT DROP;
"""


class Banco:
    """Un cursore con i valori che tutte le interrogazioni usano: l'ente, chi importa, le colonne."""

    def __init__(self, valori: Mapping[str, Any], rifiuti: Sequence[Rifiuto]) -> None:
        self.valori = dict(valori)
        self.cursore = connection.cursor()
        self.cursore.execute(_RIFIUTI)
        self.copia(
            "COPY importo_rifiuto (riga, colonna, motivo) FROM STDIN",
            ((r.riga, r.colonna, r.motivo) for r in rifiuti),
        )

    def crea(self, sql: str) -> None:
        """Esegue più istruzioni senza valori: le tabelle provvisorie e i loro indici."""
        self.cursore.execute(sql)

    def copia(self, comando: str, righe: Iterable[Sequence[Any]]) -> None:
        """Un COPY … FROM STDIN con queste righe."""
        with self.cursore.copy(comando) as copia:
            for riga in righe:
                copia.write_row(riga)

    def esegui(self, sql: str, **altri: Any) -> int:
        """Esegue un'istruzione coi valori del banco; rende quante righe ha toccato."""
        self.cursore.execute(sql, {**self.valori, **altri})
        return self.cursore.rowcount

    def leggi(self, sql: str, **altri: Any) -> list[tuple]:
        self.cursore.execute(sql, {**self.valori, **altri})
        return self.cursore.fetchall()

    def rifiuti(self) -> tuple[Rifiuto, ...]:
        """Tutti i motivi scritti finora, nell'ordine del foglio, ognuno una volta."""
        righe = self.leggi(
            "SELECT DISTINCT riga, colonna, motivo FROM importo_rifiuto ORDER BY 1, 2, 3"
        )
        return tuple(Rifiuto(*riga) for riga in righe)
