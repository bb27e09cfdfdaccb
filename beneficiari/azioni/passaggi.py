"""Passare una presa in carico a un altro ente: proporre, ritirare, rifiutare, accettare.

Chi accetta apre righe sue, niente si copia da sé; la presa in carico di chi ha proposto la chiude
il database, nella stessa transazione.
"""

from django.core.exceptions import ValidationError

from assi.models import Azione
from beneficiari.azioni.casi import apri_caso, in_mano
from beneficiari.models import Autorizzazione, Beneficiario, Passaggio, PresaInCarico
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


GIA_RISPOSTO = "Questo passaggio ha già avuto una risposta, oppure è stato ritirato."
DI_UN_NUCLEO = (
    "Una presa in carico di un nucleo non si passa intera: apri quella di ciascuna persona, e passa"
    " quelle."
)
SENZA_MOTIVO = "Scrivi perché: lo legge l'altro ente."


def proponi_passaggio(
    *, presa: PresaInCarico, autorizzazione: Autorizzazione, motivo: str, da: Attore
) -> Passaggio:
    """Propone la presa in carico all'ente che l'autorizzazione fa vedere la persona.

    Solleva PermissionDenied, o ValidationError se l'autorizzazione non basta, è chiusa, è di un
    nucleo o è già proposta a qualcuno.
    """
    if presa.beneficiario_id is None:
        raise ValidationError(DI_UN_NUCLEO)
    if not motivo.strip():
        raise ValidationError({"motivo": SENZA_MOTIVO})
    with frasi_del_database():
        attuale = in_mano(presa, da)
        return Passaggio.objects.create(
            ente=attuale.ente,
            presa=attuale,
            beneficiario_id=attuale.beneficiario_id,
            destinatario=autorizzazione.destinatario,
            autorizzazione=autorizzazione,
            motivo=motivo.strip(),
            proposto_da=da.utente,
        )


def ritira_passaggio(*, passaggio: Passaggio, da: Attore) -> Passaggio:
    """L'ente che l'ha proposto ci ripensa. Solleva PermissionDenied o ValidationError."""
    with frasi_del_database():
        in_mano(passaggio.presa, da)
        return _rispondi(passaggio, Passaggio.Stato.RITIRATO, "")


def rifiuta_passaggio(*, passaggio: Passaggio, risposta: str, da: Attore) -> Passaggio:
    """L'ente che lo riceve dice di no, e perché. Solleva PermissionDenied o ValidationError."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    if not risposta.strip():
        raise ValidationError({"risposta": SENZA_MOTIVO})
    with frasi_del_database():
        return _rispondi(passaggio, Passaggio.Stato.RIFIUTATO, risposta.strip())


def accetta_passaggio(
    *,
    passaggio: Passaggio,
    persona: Beneficiario,
    azione: Azione,
    da: Attore,
    **caso,
) -> PresaInCarico:
    """Apre una presa in carico di chi riceve per `persona` e chiude quella di chi ha proposto.

    `persona` è una riga dell'ente che riceve; se non è ancora scritta (`pk` nullo) la si scrive.
    `caso`: operatore, motivazione, aperta_il, come in `apri_caso`.
    Solleva PermissionDenied, o ValidationError se l'autorizzazione è caduta o c'è già una risposta.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    with frasi_del_database():
        if persona.pk is None:
            persona.ente, persona.inserito_da = da.ente, da.utente
            persona.save()
        nuova = apri_caso(
            per=persona,
            azione=azione,
            canale=PresaInCarico.Canale.RETE_PROGETTO,
            ente_inviante=passaggio.ente,
            da=da,
            **caso,
        )
        _rispondi(passaggio, Passaggio.Stato.ACCETTATO, "")
        return nuova


def _rispondi(passaggio: Passaggio, stato: str, risposta: str) -> Passaggio:
    """Chi e quando lo scrive il database."""
    righe = Passaggio.objects.da_rispondere().select_for_update(of=("self",))
    attuale = righe.filter(pk=passaggio.pk).first()
    if attuale is None:
        raise ValidationError(GIA_RISPOSTO)
    attuale.stato, attuale.risposta = stato, risposta
    attuale.save(update_fields=["stato", "risposta"])
    return attuale
