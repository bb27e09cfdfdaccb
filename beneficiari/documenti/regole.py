"""Chi può avere un documento: si chiede quando si prepara e di nuovo a ogni consegna."""

from django.db.models import Q

from beneficiari.models import (
    Affidamento,
    Autorizzazione,
    Beneficiario,
    DocumentoDiPersona,
)
from enti.permessi import Attore, Permesso
from privacy.gruppi import GRUPPI_SENSIBILI, Livello


Tipo = DocumentoDiPersona.Tipo
PERMESSO_DEL_TIPO = {
    Tipo.CONSENSO: Permesso.CONSENSI_RACCOGLIERE,
    Tipo.SCHEDA: Permesso.PERSONE_VEDERE,
    Tipo.COPIA: Permesso.DIRITTI_RISPONDERE,
    Tipo.CONDIVISA: Permesso.PERSONE_VEDERE,
    Tipo.ELENCO: Permesso.PERSONE_ESPORTARE,
    Tipo.ELENCO_CSV: Permesso.PERSONE_ESPORTARE,
}
NON_PIU_PERMESSO = "Ciò che il documento doveva contenere non è più visibile a chi l'ha chiesto: non è stato fatto."


def esigi_documento(attore: Attore, tipo: str) -> None:
    """Solleva PermissionDenied se il ruolo non permette quel tipo di documento."""
    attore.esigi(PERMESSO_DEL_TIPO[tipo])


def ancora_permesso(documento: DocumentoDiPersona, attore: Attore) -> bool:
    """Se chi l'ha chiesto vede ancora tutto ciò che il documento contiene.

    Guarda il ruolo di adesso, la persona, i gruppi sensibili, le autorizzazioni su cui poggia.
    """
    return (
        (documento.utente_id, documento.ente_id) == (attore.utente.pk, attore.ente.pk)
        and attore.puo(PERMESSO_DEL_TIPO[documento.tipo])
        and _persona_visibile(documento, attore)
        and condivisioni_in_vigore(documento)
    )


def condivisioni_in_vigore(documento: DocumentoDiPersona) -> bool:
    """Se valgono ancora tutte le autorizzazioni di altri enti che il documento usa."""
    servono = {*documento.poggia_su, documento.condivisione} - {None}
    ricevute = Autorizzazione.objects.ricevute_da(documento.ente).in_vigore()
    valide = ricevute.filter(uuid__in=servono, livello=Livello.COMPLETO)
    return valide.count() == len(servono)


def sensibili_aperti(attore: Attore, chiavi: list[int]) -> bool:
    """Se `attore` vede i gruppi sensibili di tutte le righe `chiavi` di una persona del suo ente."""
    if attore.risponde_dei_dati:
        return True
    aperti = Affidamento.objects.filter(
        ente=attore.ente, utente=attore.utente, beneficiario__in=chiavi
    ).in_corso()
    return set(aperti.values_list("beneficiario", flat=True)) >= set(chiavi)


def _persona_visibile(documento: DocumentoDiPersona, attore: Attore) -> bool:
    if documento.beneficiario_id is None:
        return True
    visibili = Beneficiario.objects.di(attore.ente).filter(pk=documento.beneficiario_id)
    if not visibili.exists():
        return False
    if GRUPPI_SENSIBILI.isdisjoint(documento.gruppi):
        return True
    # Solo le chiavi: qui si controlla e non si mostra, anche dove nessuno registra letture.
    righe = Beneficiario.objects.di(attore.ente).per_calcolo()
    tutte = righe.filter(Q(pk=documento.beneficiario_id) | Q(unito_a=documento.beneficiario_id))
    return sensibili_aperti(attore, list(tutte.values_list("pk", flat=True)))
