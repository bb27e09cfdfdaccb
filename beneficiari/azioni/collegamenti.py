"""Decidere se righe di enti diversi sono la stessa persona."""

from uuid import UUID

from django.core.exceptions import ValidationError

from beneficiari import collegamenti
from enti.permessi import Attore, Permesso


def decidi_legame(*, legame: UUID, stato: str, perche: str, da: Attore) -> None:
    """Conferma, annulla o rimette in attesa un legame.

    Solleva PermissionDenied a chi non ne ha il permesso, ValidationError se il legame non c'è, o
    se la riga è intanto legata a un'altra persona.
    """
    da.esigi(Permesso.COLLEGAMENTI_DECIDERE)
    if stato != "proposto" and not perche.strip():
        raise ValidationError("Scrivi in base a che cosa hai deciso.", code="perche")
    if not collegamenti.decidi(legame, stato, perche.strip()):
        raise ValidationError(
            "Non è cambiato nulla: il legame non c'è più, è già così, o la riga è intanto legata a"
            " un'altra persona. Ricarica la pagina.",
            code="legame",
        )
