"""Pubblicare e ritirare le informative dell'ente. Un testo pubblicato non si corregge più."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from enti.permessi import Attore, Permesso
from privacy.models import Informativa
from registro.comune.vincoli import frasi_del_database


GIA_RITIRATA = "Questa versione è già stata ritirata."


@transaction.atomic
def pubblica_informativa(
    *,
    titolo: str,
    lingua: str,
    testo: str,
    finalita: Collection[str],
    gruppi: Collection[str],
    ritira_le_altre: bool,
    da: Attore,
) -> Informativa:
    """Pubblica una versione nuova per l'ente di chi agisce, con la sua impronta SHA-256.

    `ritira_le_altre`: quelle ancora in uso nella stessa lingua. I consensi già dati restano, con
    la versione che la persona ha letto. Solleva PermissionDenied, o ValidationError.
    """
    da.esigi(Permesso.INFORMATIVE_GESTIRE)
    della_lingua = Informativa.objects.filter(ente=da.ente, lingua=lingua)
    ultima = della_lingua.aggregate(ultima=Max("versione"))["ultima"] or 0
    with frasi_del_database():
        if ritira_le_altre:
            della_lingua.in_uso().update(ritirata_il=timezone.localdate())
        return Informativa.objects.create(
            ente=da.ente,
            versione=ultima + 1,
            lingua=lingua,
            titolo=titolo,
            testo=testo,
            finalita=list(finalita),
            gruppi=list(gruppi),
        )


def ritira_informativa(*, informativa: Informativa, da: Attore) -> None:
    """Da adesso non si raccolgono più consensi su questa versione; quelli dati restano.

    Solleva PermissionDenied, o ValidationError se è già ritirata.
    """
    da.esigi(Permesso.INFORMATIVE_GESTIRE)
    in_uso = Informativa.objects.filter(pk=informativa.pk, ritirata_il=None)
    if not in_uso.update(ritirata_il=timezone.localdate()):
        raise ValidationError(GIA_RITIRATA)
