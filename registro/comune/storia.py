"""La storia delle modifiche, scritta dal database: ogni riga nuova, cambiata o tolta lascia traccia.

La scrivono trigger, quindi vale anche per le modifiche in blocco e per l'SQL scritto a mano.
"""

import pghistory
from django.db import models


def con_storia(modello: type[models.Model]) -> type[models.Model]:
    """Decora un modello: accanto nasce `Storia<Modello>`, una riga per ogni modifica.

    Accanto ai valori ci sono chi e per quale ente (`pgh_context`, numeri), quando e quale gesto
    (`pgh_label`: nata, cambiata, tolta). La tabella va isolata come le altre, con una migrazione:
    le righe si aggiungono e non si toccano più.
    """
    return _traccia(
        modello,
        pghistory.InsertEvent("nata"),
        pghistory.UpdateEvent("cambiata"),
    )


def con_storia_dopo_la_nascita(modello: type[models.Model]) -> type[models.Model]:
    """Come `con_storia`, ma la nascita non si ripete: la dice la riga stessa.

    Per le tabelle che crescono di milioni di righe, dove ogni riga porta chi l'ha scritta e
    quando, e l'applicazione non può cambiare quelle colonne. A ogni modifica si conserva com'era
    (`era`), a ogni cancellazione l'ultima versione (`tolta`): com'è adesso lo dice la riga.
    """
    return _traccia(modello, pghistory.UpdateEvent("era", row="OLD"))


def _traccia(modello: type[models.Model], *eventi: pghistory.RowEvent) -> type[models.Model]:
    traccia = pghistory.track(
        *eventi,
        pghistory.DeleteEvent("tolta"),
        model_name=f"Storia{modello.__name__}",
        context_id_field=None,
        meta={
            "verbose_name": f"storia: {modello._meta.verbose_name}",
            "verbose_name_plural": f"storia: {modello._meta.verbose_name_plural}",
        },
    )
    return traccia(modello)
