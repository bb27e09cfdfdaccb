"""Raccogliere un consenso (o un rifiuto) e revocarlo. Un rifiuto non ferma nessun servizio."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from beneficiari.models import Autorizzazione, Beneficiario, Consenso, RevocaConsenso
from enti.models import Ente
from enti.permessi import Attore, Permesso
from privacy.models import Informativa
from registro.comune.vincoli import frasi_del_database


def raccogli_consenso(
    *,
    persona: Beneficiario,
    informativa: Informativa,
    esito: str,
    finalita: Collection[str],
    gruppi: Collection[str],
    destinatari: Collection[Ente] = (),
    tutta_la_rete: bool = False,
    canale: str,
    testimone: str = "",
    firmatario: str = Consenso.Firmatario.PERSONA,
    nome_firmatario: str = "",
    titolo_firmatario: str = "",
    dato_il: date,
    valido_fino_al: date | None = None,
    da: Attore,
) -> Consenso:
    """Scrive ciò che la persona ha detto davanti a una versione dell'informativa.

    Di un minorenne il database accorcia la scadenza al giorno prima dei diciotto anni: il Consenso
    reso la porta. Solleva PermissionDenied, o ValidationError con la frase del database, il cui
    `code` è il nome del vincolo.
    """
    da.esigi(Permesso.CONSENSI_RACCOGLIERE)
    with frasi_del_database():
        consenso = Consenso.objects.create(
            ente=da.ente,
            beneficiario=persona,
            informativa=informativa,
            esito=esito,
            finalita=list(finalita),
            gruppi=list(gruppi),
            destinatari=[ente.pk for ente in destinatari],
            tutta_la_rete=tutta_la_rete,
            canale=canale,
            testimone=testimone,
            firmatario=firmatario,
            nome_firmatario=nome_firmatario,
            titolo_firmatario=titolo_firmatario,
            dato_il=dato_il,
            valido_fino_al=valido_fino_al,
            raccolto_da=da.utente,
        )
        consenso.refresh_from_db(fields=["beneficiario", "ente", "valido_fino_al"])
    return consenso


@transaction.atomic
def revoca_consenso(*, consenso: Consenso, da: Attore) -> list[Autorizzazione]:
    """Revoca un consenso, senza chiedere perché; rende le condivisioni che ha fatto finire.

    Vale dalla prossima interrogazione di chiunque. Solleva PermissionDenied, o ValidationError se
    era già revocato.
    """
    da.esigi(Permesso.CONSENSI_RACCOGLIERE)
    rette = list(
        Autorizzazione.objects.filter(consenso=consenso, revocata_il=None)
        .in_vigore_o_futura()
        .per_elenco()
    )
    with frasi_del_database():
        RevocaConsenso.objects.create(
            ente_id=consenso.ente_id,
            beneficiario_id=consenso.beneficiario_id,
            consenso=consenso,
            raccolta_da=da.utente,
        )
    return rette
