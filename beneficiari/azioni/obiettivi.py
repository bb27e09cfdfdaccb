"""Gli obiettivi di una presa in carico: si aggiungono, e se cambiano si dice perché."""

from datetime import date

from django.core.exceptions import ValidationError

from assi.models import Indicatore
from beneficiari.azioni.casi import CHIUSA, in_mano
from beneficiari.models import Obiettivo, PresaInCarico, RevisioneObiettivo
from enti.permessi import Attore
from registro.comune.vincoli import frasi_del_database


def aggiungi_obiettivo(
    *,
    presa: PresaInCarico,
    testo: str,
    da: Attore,
    indicatore: Indicatore | None = None,
    entro_il: date | None = None,
) -> Obiettivo:
    """Aggiunge un obiettivo a una presa in carico aperta.

    Solleva PermissionDenied, o ValidationError se è chiusa.
    """
    with frasi_del_database():
        attuale = _aperta(presa, da)
        return Obiettivo.objects.create(
            ente=attuale.ente,
            presa=attuale,
            beneficiario_id=attuale.beneficiario_id,
            testo=testo,
            indicatore=indicatore,
            entro_il=entro_il,
        )


def rivedi_obiettivo(*, obiettivo: Obiettivo, motivo: str, da: Attore, **campi) -> Obiettivo:
    """Cambia testo, data o stato di un obiettivo; com'era resta nella revisione, col motivo.

    Chi non cambia niente non lascia revisioni. Solleva PermissionDenied o ValidationError.
    """
    with frasi_del_database():
        _aperta(obiettivo.presa, da)
        attuale = Obiettivo.objects.select_for_update(of=("self",)).get(pk=obiettivo.pk)
        if all(getattr(attuale, nome) == valore for nome, valore in campi.items()):
            return attuale
        RevisioneObiettivo.objects.create(
            ente_id=attuale.ente_id,
            obiettivo=attuale,
            beneficiario_id=attuale.beneficiario_id,
            testo=attuale.testo,
            entro_il=attuale.entro_il,
            stato=attuale.stato,
            motivo=motivo.strip(),
            da=da.utente,
        )
        for nome, valore in campi.items():
            setattr(attuale, nome, valore)
        attuale.save(update_fields=list(campi))
        return attuale


def _aperta(presa: PresaInCarico, da: Attore) -> PresaInCarico:
    attuale = in_mano(presa, da)
    if not attuale.aperta:
        raise ValidationError(CHIUSA)
    return attuale
