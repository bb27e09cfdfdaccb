"""Il motore di Django per PostgreSQL, che dice al database il contesto a ogni transazione."""

import json

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql import base

from registro.db.contesto import NESSUNO, contesto_corrente


# Il primo ruolo, fra quelli che l'utente è o può diventare, per cui le policy non valgono: un
# superutente, chi le salta, chi possiede le tabelle.
_CHI_SUPERA_IL_CONFINE = """
    SELECT r.rolname FROM pg_roles r
    WHERE pg_has_role(current_user, r.oid, 'MEMBER') AND (
        r.rolsuper OR r.rolbypassrls
        OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relrowsecurity)
    )
    LIMIT 1
"""


class DatabaseWrapper(base.DatabaseWrapper):
    """Come quello di Django; il contesto è la prima istruzione di ogni transazione esterna."""

    # Gli accessi già controllati: basta una volta per processo.
    _controllati: set[tuple[str, str]] = set()

    def init_connection_state(self) -> None:
        super().init_connection_state()
        accesso = (self.settings_dict["USER"], self.settings_dict["NAME"])
        if self.alias == DEFAULT_DB_ALIAS and accesso not in self._controllati:
            self._rifiuta_chi_supera_il_confine()
            self._controllati.add(accesso)

    def _rifiuta_chi_supera_il_confine(self) -> None:
        """Pagine e lavori non partono con un ruolo che vedrebbe le righe di tutti gli enti."""
        with self.wrap_database_errors, self.connection.cursor() as cursore:
            trovato = cursore.execute(_CHI_SUPERA_IL_CONFINE).fetchone()
        if trovato:
            # Una connessione rimasta aperta servirebbe la richiesta dopo senza altri controlli.
            self.close()
            raise ImproperlyConfigured(
                f"DATABASE_URL entra come «{trovato[0]}», per cui il confine fra enti non vale: il"
                " Registro non parte. Deve essere registro_app, come dice docs/esercizio.md."
            )

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
