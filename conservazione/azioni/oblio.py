"""Dimenticare una persona, con il permesso di farlo."""

from uuid import UUID

from beneficiari.models import Beneficiario
from conservazione import oblio
from enti.eventi import annota_evento
from enti.models import CodiceEvento
from enti.permessi import Attore, Permesso


def dimentica(
    persona: Beneficiario, *, motivo: str, richiesta: UUID | None = None, da: Attore
) -> oblio.Cancellata:
    """Cancella per sempre `persona`, nella transazione e nel contesto di chi chiama.

    `richiesta` è l'uuid della richiesta accolta: senza, `motivo` l'ha scritto qualcuno e non può
    nominare la persona. I numeri dell'ente e della rete restano quelli che
    erano. Solleva PermissionDenied, o ValidationError e allora non cambia niente.
    """
    da.esigi(Permesso.PERSONE_DIMENTICARE)
    pratica = str(richiesta) if richiesta else None
    annota_evento(CodiceEvento.CANCELLAZIONE, da=da, persona=persona.pk, pratica=pratica)
    return oblio.cancella(persona, motivo=motivo, richiesta=richiesta, a_mano=richiesta is None)
