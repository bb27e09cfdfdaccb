"""Unire due righe che sono la stessa persona, disfare, dire che sono due persone diverse."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari.models import Beneficiario, NonDoppione, Unione
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


def unisci(*, tenuta: Beneficiario, assorbita: Beneficiario, da: Attore) -> Unione:
    """Dice che le due righe sono la stessa persona. Non sposta niente: la riga assorbita indica
    quella tenuta, e annullare toglie quel segno.

    Solleva ValidationError se hanno codici fiscali validi e diversi, o se una è già unita.
    """
    da.esigi(Permesso.PERSONE_UNIRE)
    if tenuta.anonimo != assorbita.anonimo:
        raise ValidationError(
            "Un accesso anonimo non si unisce a una persona conosciuta: perderebbe l'anonimato."
        )
    with frasi_del_database():
        _ferma(tenuta, assorbita)
        unione = Unione.objects.create(
            ente=da.ente, tenuta=tenuta, assorbita=assorbita, fatta_da=da.utente
        )
        assorbita.unito_a = tenuta
        assorbita.save(update_fields=["unito_a"])
    tenuta.__dict__.pop("chiavi", None)
    return unione


def annulla_unione(*, unione: Unione, da: Attore) -> Unione:
    """Torna a due persone, ognuna con ciò che era suo. Solleva ValidationError se è già annullata."""
    da.esigi(Permesso.PERSONE_UNIRE)
    if unione.annullata_il is not None:
        raise ValidationError("Questa unione è già stata annullata.")
    unione.annullata_il, unione.annullata_da = timezone.now(), da.utente
    with frasi_del_database():
        unione.save(update_fields=["annullata_il", "annullata_da"])
        Beneficiario.objects.di(da.ente).filter(pk=unione.assorbita_id).update(unito_a=None)
    unione.tenuta.__dict__.pop("chiavi", None)
    return unione


def sono_diverse(*, una: Beneficiario, altra: Beneficiario, da: Attore) -> NonDoppione:
    """Segna che qualcuno le ha guardate e sono due persone: non si ripropongono più."""
    da.esigi(Permesso.PERSONE_UNIRE)
    prima, seconda = sorted((una, altra), key=lambda persona: persona.pk)
    with frasi_del_database():
        return NonDoppione.objects.create(
            ente=da.ente, una=prima, altra=seconda, detto_da=da.utente
        )


def _ferma(*persone: Beneficiario) -> None:
    """Blocca le righe, sempre nello stesso ordine: due che uniscono insieme si mettono in fila."""
    righe = Beneficiario.objects.filter(pk__in=[persona.pk for persona in persone])
    list(righe.per_calcolo().order_by("pk").select_for_update(no_key=True).values_list("pk"))
