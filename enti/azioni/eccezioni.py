"""Dare e ritirare un permesso in più: un gesto, a un utente, per un ente o per un nodo."""

from datetime import date

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction

from enti.eventi import annota_evento
from enti.models import (
    CodiceEvento,
    Eccezione,
    Ente,
    Nodo,
    PermessoSuEnte,
    PermessoSuNodo,
    Utente,
)
from enti.permessi import Attore, Permesso


@transaction.atomic
def dai_permesso(
    *,
    utente: Utente,
    su: Ente | Nodo,
    permesso: Permesso,
    motivo: str,
    al: date | None = None,
    da: Attore,
) -> Eccezione:
    """Dà `permesso` a `utente` quando agisce per l'ente `su`, o per gli enti del nodo `su`.

    Apre un gesto: le righe restano quelle che le policy mostrano al suo ruolo. Solleva
    PermissionDenied, ValidationError con le frasi dei vincoli, Permission.DoesNotExist se il
    permesso non è fra quelli che si possono dare.
    """
    da.esigi(Permesso.ACCOUNT_GESTIRE)
    if utente.pk == da.utente.pk:
        raise ValidationError("Un permesso in più te lo dà un'altra persona.")
    modello = PermessoSuEnte if isinstance(su, Ente) else PermessoSuNodo
    eccezione = modello(
        user=utente,
        content_object=su,
        permission=Permission.objects.get(
            content_type__app_label="enti",
            content_type__model=su._meta.model_name,
            codename=permesso.value,
        ),
        motivo=motivo,
        al=al,
        dato_da=da.utente,
    )
    eccezione.full_clean()
    eccezione.save()
    _annota(CodiceEvento.PERMESSO_DATO, eccezione, da)
    return eccezione


@transaction.atomic
def ritira_permesso(*, eccezione: Eccezione, da: Attore) -> None:
    """Da adesso l'eccezione non vale più. Solleva PermissionDenied."""
    da.esigi(Permesso.ACCOUNT_GESTIRE)
    _annota(CodiceEvento.PERMESSO_RITIRATO, eccezione, da)
    eccezione.delete()


def _annota(codice: CodiceEvento, eccezione: Eccezione, da: Attore) -> None:
    su_ente = isinstance(eccezione, PermessoSuEnte)
    annota_evento(
        codice,
        da=da,
        su_utente=eccezione.user,
        permesso=eccezione.permission.codename,
        **{"su_ente" if su_ente else "su_nodo": eccezione.content_object.pk},
    )
