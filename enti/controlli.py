"""Controlli sui codici di un'organizzazione (python-stdnum)."""

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as CodiceErrato
from stdnum.it import codicefiscale, iva


def partita_iva(valore: str) -> None:
    """Solleva ValidationError se `valore` non è una partita IVA con la cifra di controllo giusta."""
    try:
        iva.validate(valore)
    except CodiceErrato as errore:
        raise ValidationError(
            "La partita IVA ha 11 cifre e l'ultima controlla le altre: ricontrollala.",
            code="partita_iva",
        ) from errore


def codice_fiscale_di_ente(valore: str) -> None:
    """Solleva ValidationError se `valore` non è un codice fiscale valido.

    Un'organizzazione ha di solito 11 cifre come la partita IVA; un'impresa individuale ha il
    codice di 16 caratteri del titolare.
    """
    try:
        codicefiscale.validate(valore)
    except CodiceErrato as errore:
        raise ValidationError(
            "Il codice fiscale non torna con il suo carattere di controllo: ricontrollalo.",
            code="codice_fiscale",
        ) from errore
