"""Chiedere il PDF di un'edizione."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from enti.permessi import Attore, Permesso
from report.models import DocumentoRapporto, Rapporto
from report.tasks import metti_in_coda


@transaction.atomic
def richiedi_pdf(*, rapporto: Rapporto, da: Attore, rifai: bool = False) -> DocumentoRapporto:
    """Rende il PDF dell'edizione: quello pronto, quello in preparazione, o una richiesta nuova.

    Un PDF pronto vale finché l'edizione dice le stesse cose; con `rifai` se ne prepara comunque
    un altro. Il lavoro parte solo se la transazione si conferma; se la coda è ferma la richiesta
    resta nella tabella e parte quando la coda torna. Solleva PermissionDenied.
    """
    da.esigi(Permesso.RAPPORTO_PREPARARE)
    if rapporto.ente_id != da.ente.pk:
        raise PermissionDenied("Il PDF lo prepara l'ente che pubblica l'edizione.")
    if not rifai and (pronto := DocumentoRapporto.objects.valido_per(rapporto)):
        return pronto
    documento = _in_corso(rapporto) or _nuovo(rapporto, da)
    if documento is None:
        # Fra la domanda e la risposta l'ha chiesto qualcun altro: il vincolo ne ammette uno.
        return DocumentoRapporto.objects.in_corso().get(rapporto=rapporto)
    return documento


def _in_corso(rapporto: Rapporto) -> DocumentoRapporto | None:
    return DocumentoRapporto.objects.in_corso().filter(rapporto=rapporto).first()


def _nuovo(rapporto: Rapporto, da: Attore) -> DocumentoRapporto | None:
    documento = DocumentoRapporto(
        ente=rapporto.ente,
        rapporto=rapporto,
        richiesto_da=da.utente,
        impronta_contenuto=rapporto.impronta,
    )
    try:
        with transaction.atomic():
            documento.save()
    except IntegrityError:
        return None
    transaction.on_commit(
        partial(metti_in_coda, documento_id=documento.pk, ente_id=documento.ente_id)
    )
    return documento
