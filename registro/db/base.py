"""Il motore di Django per PostgreSQL, che dice al database il contesto a ogni transazione."""

import json

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
        """Scrive il contesto del processo nella transazione aperta su questa connessione.

        `pghistory.context_metadata` è ciò che la storia delle modifiche annota accanto a ogni
        riga: chi e per quale ente, come numeri; mai un nome.
        """
        utente, ente, finalita = contesto_corrente()
        chi = json.dumps({"utente": utente, "ente": ente}) if utente else ""
        with self.wrap_database_errors, self.connection.cursor() as cursore:
            cursore.execute(
                "SELECT set_config('registro.utente', %s, true),"
                " set_config('registro.ente', %s, true),"
                " set_config('registro.finalita', %s, true),"
                " set_config('pghistory.context_metadata', %s, true)",
                (str(utente or ""), str(ente or ""), finalita or "", chi),
            )
