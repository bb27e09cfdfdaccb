"""Le frasi con cui il database rifiuta una riga, portate a chi sta davanti alla pagina."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction


@contextmanager
def frasi_del_database() -> Iterator[None]:
    """Trasforma il rifiuto di un vincolo in ValidationError con la sua frase.

    Vale per i vincoli dei modelli e per le regole tenute da trigger, che portano la frase con sé.
    Ciò che è scritto qui dentro viene annullato tutto; un rifiuto senza frase resta un guasto.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as errore:
        frase = frase_di(errore)
        if frase is None:
            raise
        raise ValidationError(frase, code=vincolo_di(errore)) from None


def frase_di(errore: IntegrityError) -> str | None:
    """La frase del vincolo che ha rifiutato; None se non è un vincolo nostro."""
    nome = vincolo_di(errore)
    for modello in apps.get_models():
        for vincolo in modello._meta.constraints:
            if vincolo.name == nome:
                return vincolo.violation_error_message
    diagnosi = errore.__cause__.diag if isinstance(errore.__cause__, psycopg.Error) else None
    # Una regola tenuta da un trigger nomina il vincolo ma non una tabella: la frase è il messaggio.
    if diagnosi and diagnosi.sqlstate == "23514" and not diagnosi.table_name:
        return diagnosi.message_primary
    return None


def vincolo_di(errore: IntegrityError) -> str:
    """Il nome del vincolo che ha rifiutato; vuoto se non si sa."""
    causa = errore.__cause__
    return (causa.diag.constraint_name if isinstance(causa, psycopg.Error) else "") or ""
