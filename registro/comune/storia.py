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
    traccia = pghistory.track(
        pghistory.InsertEvent("nata"),
        pghistory.UpdateEvent("cambiata"),
        pghistory.DeleteEvent("tolta"),
        model_name=f"Storia{modello.__name__}",
        context_id_field=None,
        meta={
            "verbose_name": f"storia: {modello._meta.verbose_name}",
            "verbose_name_plural": f"storia: {modello._meta.verbose_name_plural}",
        },
    )
    return traccia(modello)
