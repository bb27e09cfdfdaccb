"""Guardare una segnalazione e chiuderla dicendo che cosa si è trovato."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from enti.eventi import annota_evento
from enti.models import CodiceEvento
from enti.permessi import Attore, Permesso
from privacy.models import Segnalazione


GIA_CHIUSA = "Questa segnalazione è già chiusa: la nota di chi l'ha chiusa non si cambia."


@transaction.atomic
def segna_vista(*, segnalazione: Segnalazione, da: Attore) -> None:
    """La prima volta che la si apre. Solleva PermissionDenied."""
    da.esigi(Permesso.REGISTRI_CURARE)
    if segnalazione.vista_il is None:
        segnalazione.vista_il = timezone.now()
        segnalazione.save(update_fields=["vista_il"])


@transaction.atomic
def chiudi_segnalazione(*, segnalazione: Segnalazione, nota: str, da: Attore) -> None:
    """La chiude con ciò che si è trovato. Solleva PermissionDenied, o ValidationError se la nota
    manca o la segnalazione è già chiusa."""
    da.esigi(Permesso.REGISTRI_CURARE)
    ferma = Segnalazione.objects.select_for_update(of=("self",)).get(pk=segnalazione.pk)
    if ferma.chiusa_il:
        raise ValidationError(GIA_CHIUSA)
    ferma.nota, ferma.chiusa_il, ferma.chiusa_da = nota.strip(), timezone.now(), da.utente
    ferma.full_clean(validate_unique=False)
    ferma.save(update_fields=["nota", "chiusa_il", "chiusa_da"])
    annota_evento(CodiceEvento.ANOMALIA_CHIUSA, da=da, segnalazione=ferma.pk)
