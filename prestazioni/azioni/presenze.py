"""Il foglio delle presenze di un incontro: chi c'era, un salvataggio solo."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from beneficiari.models import Beneficiario, Componente, PresaInCarico
from beneficiari.templatetags.persone import anno_di_nascita
from enti.models import Utente
from enti.permessi import Attore
from prestazioni.azioni.bozze import butta_bozza
from prestazioni.azioni.prestazioni import CAMBIATA, Fatto, Presente, correggi, registra
from prestazioni.calendario import membri_in_ordine
from prestazioni.models import Affiancamento, GruppoPresenze, Partecipazione, Prestazione
from registro.comune.templatetags.testo import data_estesa
from registro.db.lucchetto import uno_alla_volta_per


NON_PIU_NEL_GRUPPO = "Non più nel gruppo"
FUORI = "La sua presa in carico era {come}: {rimedio}"
# Il foglio era arrivato e la risposta no: chi l'ha mandato ha cambiato altro e lo rimanda.
GIA_ARRIVATO = (
    "Il primo salvataggio di questo foglio era riuscito, e la risposta si era persa: ciò che hai"
    " cambiato dopo non è ancora scritto. Qui è ancora tutto segnato: ricontrolla e salva di nuovo."
)
FUORI_DAL_NUCLEO = "È seguita con il suo nucleo, e quel giorno non ne faceva parte."


@dataclass(frozen=True)
class RigaDiPresenza:
    """Una persona sul foglio. `ostacolo` dice perché quel giorno non si può segnare; «» se si può.

    `presa` è quella che quel giorno era aperta, oppure, se non ce n'era una, l'ultima che c'è.
    """

    beneficiario: Beneficiario
    presa: PresaInCarico
    parte: str = ""
    presente: bool = False
    ostacolo: str = ""

    @property
    def chiave(self) -> str:
        return str(self.beneficiario.uuid)

    @property
    def nome(self) -> str:
        return self.beneficiario.come_si_chiama

    @property
    def anno(self) -> str:
        return anno_di_nascita(self.beneficiario)


def righe_del_foglio(
    gruppo: GruppoPresenze, giorno: date, foglio: Prestazione | None
) -> list[RigaDiPresenza]:
    """Chi si può segnare quel giorno: i membri di allora, e chi sul foglio c'è già.

    Leggerle lascia traccia, una per persona.
    """
    membri = list(membri_in_ordine(gruppo).al_giorno(giorno))
    gia = _gia_segnati(foglio)
    aperte = _prese_di_ricambio(gruppo, [m for m in membri if not _copre(m.presa, giorno)], giorno)
    nei_nuclei = _nei_nuclei([m for m in membri if m.presa.nucleo_id], giorno)
    righe = []
    for membro in membri:
        chi = membro.beneficiario_id
        presente = chi in gia
        presa = gia.pop(chi).presa if presente else aperte.get(chi, membro.presa)
        ostacolo = "" if presente else _ostacolo(presa, giorno)
        if presa.nucleo_id and not presente and (chi, presa.nucleo_id) not in nei_nuclei:
            ostacolo = ostacolo or FUORI_DAL_NUCLEO
        righe.append(RigaDiPresenza(membro.beneficiario, presa, membro.parte, presente, ostacolo))
    usciti = [
        RigaDiPresenza(riga.beneficiario, riga.presa, NON_PIU_NEL_GRUPPO, presente=True)
        for riga in gia.values()
    ]
    return [*righe, *usciti]


@transaction.atomic
def salva_presenze(
    fatto: Fatto,
    *,
    uuid: UUID,
    foglio: Prestazione | None,
    versione: int | None,
    presenti: Sequence[RigaDiPresenza],
    da: Attore,
    affiancano: Sequence[Utente] = (),
    pagina: str,
) -> Prestazione:
    """Scrive il foglio `uuid`, o corregge quello che c'è toccando solo ciò che è diverso.

    Un foglio nuovo mandato due volte è uno solo: la seconda volta `versione` è None e non si
    scrive nulla; se nel frattempo dice altro solleva ValidationError di codice `gia_arrivato`, o
    `cambiata` se qualcuno l'ha già corretto. Butta la bozza di `pagina`. Solleva ValidationError,
    PermissionDenied.
    """
    ostacoli = [f"{riga.nome}: {riga.ostacolo}" for riga in presenti if riga.ostacolo]
    if ostacoli:
        raise ValidationError(ostacoli, code="presa_chiusa")
    chi = [Presente(riga.presa, riga.beneficiario) for riga in presenti]
    # Due tocchi insieme: il secondo aspetta, e trova il foglio del primo.
    uno_alla_volta_per(str(uuid), da.ente.pk)
    foglio = foglio or Prestazione.objects.di(da.ente).filter(uuid=uuid).first()
    if foglio is not None and versione is None:
        _esigi_lo_stesso(foglio, fatto, chi, affiancano)
    elif foglio is not None:
        fatto = replace(fatto, quantita=foglio.quantita, valore=foglio.valore)
        correggi(
            foglio, fatto, presenti=chi, versione=versione, da=da, affiancano=list(affiancano)
        )
    else:
        foglio = registra(fatto, uuid=uuid, presenti=chi, da=da, affiancano=list(affiancano))
    butta_bozza(pagina=pagina, da=da)
    return foglio


def _esigi_lo_stesso(
    foglio: Prestazione, fatto: Fatto, presenti: Sequence[Presente], affiancano: Sequence[Utente]
) -> None:
    """Che il foglio già scritto dica ciò che si sta rimandando: altrimenti si perderebbe in silenzio."""
    nomi = ("ora", "minuti", "luogo", "oggetto", "senza_nome", "operatore")
    scritti = Partecipazione.objects.filter(prestazione=foglio, ente=foglio.ente_id)
    accanto = Affiancamento.objects.filter(prestazione=foglio, ente=foglio.ente_id)
    uguale = (
        all(getattr(foglio, nome) == getattr(fatto, nome) for nome in nomi)
        and set(scritti.per_calcolo().values_list("presa", "beneficiario"))
        == {(voce.presa.pk, voce.beneficiario.pk) for voce in presenti}
        and set(accanto.values_list("utente", flat=True)) == {utente.pk for utente in affiancano}
    )
    if uguale:
        return
    if foglio.versione > 1:
        raise ValidationError(CAMBIATA, code="cambiata")
    raise ValidationError(GIA_ARRIVATO, code="gia_arrivato")


def _gia_segnati(foglio: Prestazione | None) -> dict[int, Partecipazione]:
    if foglio is None:
        return {}
    righe = Partecipazione.objects.filter(prestazione=foglio, ente=foglio.ente_id)
    righe = righe.exclude(beneficiario=None).select_related("beneficiario", "presa")
    return {riga.beneficiario_id: riga for riga in righe.order_by("beneficiario__nome_cercato")}


def _prese_di_ricambio(gruppo: GruppoPresenze, membri: list, giorno: date) -> dict:
    """Chi ha chiuso la presa con cui era entrato può averne un'altra per la stessa azione."""
    if not membri:
        return {}
    prese = PresaInCarico.objects.filter(
        Q(chiusa_il=None) | Q(chiusa_il__gte=giorno),
        ente=gruppo.ente_id,
        azione=gruppo.azione_id,
        aperta_il__lte=giorno,
        beneficiario__in=[membro.beneficiario_id for membro in membri],
    )
    return {presa.beneficiario_id: presa for presa in prese}


def _nei_nuclei(membri: list, giorno: date) -> set[tuple[int, int]]:
    """Le coppie (persona, nucleo) di chi quel giorno ne faceva parte."""
    if not membri:
        return set()
    dentro = Componente.objects.filter(
        Q(al=None) | Q(al__gte=giorno),
        ente=membri[0].ente_id,
        dal__lte=giorno,
        beneficiario__in=[membro.beneficiario_id for membro in membri],
    )
    return set(dentro.per_calcolo().values_list("beneficiario", "nucleo"))


def _copre(presa: PresaInCarico, giorno: date) -> bool:
    return presa.aperta_il <= giorno <= (presa.chiusa_il or giorno)


def _ostacolo(presa: PresaInCarico, giorno: date) -> str:
    if giorno < presa.aperta_il:
        come = f"aperta solo dal {data_estesa(presa.aperta_il)}"
        return FUORI.format(come=come, rimedio="correggi la data di apertura.")
    if presa.chiusa_il and giorno > presa.chiusa_il:
        come = f"chiusa il {data_estesa(presa.chiusa_il)}"
        return FUORI.format(come=come, rimedio="riaprila.")
    return ""
