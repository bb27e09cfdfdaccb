"""Lo stesso modulo mandato due volte: se la riga c'è già, deve dire ciò che si sta rimandando."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model


Riga = TypeVar("Riga", bound=Model)

NON_E_COSI = (
    "Il primo salvataggio era riuscito, e la risposta si era persa: ciò che hai cambiato dopo non è"
    " stato scritto. Ritrovala nell'elenco e cambiala da lì."
)


def esigi_uguale(riga: Riga, detto: Mapping[str, Any]) -> Riga:
    """La `riga` già scritta, se i suoi campi hanno i valori in `detto`.

    Solleva ValidationError, col codice `gia-salvata`, se ne ha altri: si perderebbero in silenzio.
    """
    if any(getattr(riga, nome) != valore for nome, valore in detto.items()):
        raise ValidationError(NON_E_COSI, code="gia-salvata")
    return riga
