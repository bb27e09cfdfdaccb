"""La scheda di una persona che un altro ente ha condiviso, stampata da chi l'ha ricevuta."""

from beneficiari.documenti.composto import Composto, pagina
from beneficiari.documenti.righe import prospetti_di
from beneficiari.models import Autorizzazione, Beneficiario, DocumentoDiPersona
from enti.permessi import Attore
from privacy.gruppi import Gruppo, Livello
from registro.db.contesto import contesto


TITOLO = "Scheda condivisa"


def scheda_condivisa(documento: DocumentoDiPersona, attore: Attore) -> Composto:
    """I gruppi che le autorizzazioni in vigore aprono, per la finalità di quella che si stampa.

    Solleva Autorizzazione.DoesNotExist o Beneficiario.DoesNotExist se non valgono più.
    """
    ricevute = Autorizzazione.objects.ricevute_da(attore.ente).in_vigore()
    ricevute = ricevute.filter(livello=Livello.COMPLETO)
    concessa = ricevute.select_related("ente", "accordo").get(uuid=documento.condivisione)
    # Per la stessa finalità le policy le sommano: il foglio poggia su tutte.
    tutte = list(
        ricevute.filter(
            beneficiario=concessa.beneficiario_id,
            ente=concessa.ente_id,
            finalita=concessa.finalita,
        )
    )
    gruppi = {gruppo for voce in tutte for gruppo in voce.gruppi}
    with contesto(utente=attore.utente.pk, ente=attore.ente.pk, finalita=concessa.finalita):
        persona = Beneficiario.objects.get(pk=concessa.beneficiario_id, ente=concessa.ente_id)
        html = pagina(
            "condivisa",
            documento,
            TITOLO,
            persona=persona,
            concessa=concessa,
            gruppi=[gruppo.label for gruppo in Gruppo if gruppo in gruppi],
            prospetti=prospetti_di([persona.pk], ente=concessa.ente_id, gruppi=gruppi),
        )
    return Composto(TITOLO, html=html, poggia_su=tuple(voce.uuid for voce in tutte))
