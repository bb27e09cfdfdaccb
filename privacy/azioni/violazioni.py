"""Scrivere una violazione, decidere chi avvisare, chiuderla."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from enti.eventi import annota_evento
from enti.models import CodiceEvento
from enti.permessi import Attore, Permesso
from privacy.models import Violazione
from registro.comune.vincoli import frasi_del_database


def apri_violazione(*, violazione: Violazione, da: Attore) -> Violazione:
    """Scrive una violazione dei dati dell'ente di `da`: da `scoperta_il` partono le 72 ore.

    Solleva PermissionDenied, o ValidationError con la frase del vincolo.
    """
    da.esigi(Permesso.VIOLAZIONI_GESTIRE)
    violazione.ente, violazione.aperta_da = da.ente, da.utente
    violazione.aperta_il = timezone.now()
    with frasi_del_database():
        violazione.save(force_insert=True)
    annota_evento(CodiceEvento.VIOLAZIONE_SEGNATA, da=da, violazione=violazione.pk)
    return violazione


def aggiorna_violazione(*, violazione: Violazione, campi: list[str], da: Attore) -> None:
    """Scrive ciò che di una violazione aperta è cambiato: `campi` sono quelli da scrivere.

    Solleva PermissionDenied, o ValidationError con la frase del vincolo (decisione senza motivo,
    notifica in ritardo senza spiegazione).
    """
    _esigi(violazione, da)
    da_notificare = Violazione.objects.filter(pk=violazione.pk, garante_il=None).exists()
    with frasi_del_database():
        violazione.save(update_fields=campi)
    if da_notificare and "garante_il" in campi and violazione.garante_il:
        annota_evento(CodiceEvento.VIOLAZIONE_NOTIFICATA, da=da, violazione=violazione.pk)


def chiudi_violazione(*, violazione: Violazione, da: Attore) -> None:
    """Chiude una violazione: da qui non cambia più. Solleva ValidationError se manca qualcosa."""
    _esigi(violazione, da)
    violazione.chiusa_il = timezone.now()
    with frasi_del_database():
        violazione.save(update_fields=["chiusa_il"])
    annota_evento(CodiceEvento.VIOLAZIONE_CHIUSA, da=da, violazione=violazione.pk)


def _esigi(violazione: Violazione, da: Attore) -> None:
    da.esigi(Permesso.VIOLAZIONI_GESTIRE)
    if violazione.ente_id != da.ente.pk:
        raise PermissionDenied("Una violazione la scrive l'ente di cui sono i dati.")
