"""Il motore di Django per PostgreSQL, che dice al database il contesto a ogni transazione."""

from django.db.backends.postgresql import base

from registro.db.contesto import NESSUNO, contesto_corrente


class DatabaseWrapper(base.DatabaseWrapper):
    """Come quello di Django; il contesto è la prima istruzione di ogni transazione esterna."""

    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        # Senza contesto non c'è nulla da dire: il valore è già vuoto, e vuoto vale «nessuna riga».
        if not autocommit and contesto_corrente() != NESSUNO:
            self.applica_contesto()

    def applica_contesto(self) -> None:
        """Scrive il contesto del processo nella transazione aperta su questa connessione."""
        utente, ente = contesto_corrente()
        with self.wrap_database_errors, self.connection.cursor() as cursore:
            cursore.execute(
                "SELECT set_config('registro.utente', %s, true),"
                " set_config('registro.ente', %s, true)",
                (str(utente or ""), str(ente or "")),
            )
