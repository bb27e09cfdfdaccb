"""I gesti su un gruppo: il suo calendario, chi ne fa parte, in quale sottogruppo."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from beneficiari.azioni.casi import apri_caso
from beneficiari.models import Beneficiario, Componente, PresaInCarico
from beneficiari.templatetags.persone import eta
from enti.permessi import Attore, Permesso
from prestazioni.models import GruppoPresenze, MembroDiGruppo
from registro.comune.vincoli import frasi_del_database


SENZA_CANALE = (
    "Qualcuno non è ancora seguito per questa azione: scegli come è arrivato, e la presa in carico"
    " si apre insieme."
)
MEMBRI_E_AZIONE = "Nel gruppo ci sono già persone, seguite per un'altra azione: per cambiarla apri un gruppo nuovo."


@dataclass(frozen=True)
class Fascia:
    """Un sottogruppo per età: dagli anni `da` agli anni `a` compiuti, estremi compresi."""

    da: int
    a: int

    @property
    def nome(self) -> str:
        """«6-8 anni», oppure «6 anni»."""
        return f"{self.da} anni" if self.da == self.a else f"{self.da}-{self.a} anni"


@dataclass(frozen=True)
class Aggiunte:
    """Quante persone sono entrate nel gruppo, e per quante si è aperta la presa in carico."""

    entrate: int
    aperte: int


def crea_gruppo(*, da: Attore, **campi) -> GruppoPresenze:
    """Apre un gruppo dell'ente; `campi` sono quelli di `GruppoPresenze`.

    Solleva ValidationError con la frase del vincolo che lo rifiuta.
    """
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    with frasi_del_database():
        return GruppoPresenze.objects.create(ente=da.ente, **campi)


def cambia_gruppo(*, gruppo: GruppoPresenze, da: Attore, **campi) -> GruppoPresenze:
    """Riscrive il gruppo; i fogli già fatti restano com'erano.

    Solleva ValidationError, anche se si cambia l'azione a chi ha già dei membri.
    """
    _del_proprio_ente(gruppo, da)
    azione = campi.get("azione", gruppo.azione)
    if azione.pk != gruppo.azione_id and gruppo.membri.filter(ente=da.ente).exists():
        raise ValidationError({"azione": MEMBRI_E_AZIONE})
    for nome, valore in campi.items():
        setattr(gruppo, nome, valore)
    with frasi_del_database():
        gruppo.save(update_fields=list(campi))
    return gruppo


def salta_incontro(*, gruppo: GruppoPresenze, giorno: date, da: Attore) -> None:
    """Dice che quel giorno il gruppo non si è ritrovato, o non si ritroverà."""
    if giorno not in gruppo.salta:
        in_piu = [voce for voce in gruppo.in_piu if voce != giorno]
        cambia_gruppo(gruppo=gruppo, da=da, salta=sorted([*gruppo.salta, giorno]), in_piu=in_piu)


@transaction.atomic
def aggiungi_membri(
    *,
    gruppo: GruppoPresenze,
    persone: Sequence[Beneficiario],
    dal: date,
    da: Attore,
    parte: str = "",
    canale: str = "",
) -> Aggiunte:
    """Fa entrare le persone nel gruppo, ciascuna dentro una sua presa in carico per l'azione.

    A chi non ne ha una aperta la si apre, con quel `canale`, dal primo giorno nel gruppo. Solleva
    ValidationError se il canale serve e manca, o se qualcuno nel gruppo c'è già.
    """
    _del_proprio_ente(gruppo, da)
    if any(persona.ente_id != da.ente.pk for persona in persone):
        raise PermissionDenied("In un gruppo entrano le persone del proprio ente.")
    prese = prese_aperte(gruppo, [persona.pk for persona in persone])
    da_aprire = [persona for persona in persone if persona.pk not in prese]
    if da_aprire and not canale:
        raise ValidationError({"canale": SENZA_CANALE})
    for persona in da_aprire:
        prese[persona.pk] = _apri(persona, gruppo, dal, canale, da)
    with frasi_del_database():
        MembroDiGruppo.objects.bulk_create(
            MembroDiGruppo(
                ente=da.ente,
                gruppo_presenze=gruppo,
                presa=prese[persona.pk],
                # Dopo un'unione la presa può essere della riga assorbita: chi c'era è di quella.
                beneficiario_id=prese[persona.pk].beneficiario_id or persona.pk,
                parte=parte,
                dal=dal,
            )
            for persona in persone
        )
    return Aggiunte(len(persone), len(da_aprire))


def prese_aperte(gruppo: GruppoPresenze, persone: Sequence[int]) -> dict[int, PresaInCarico]:
    """Per chiave di persona, la presa in carico aperta per l'azione del gruppo: la sua, quella di
    una riga che un'unione le ha dato, o quella del nucleo di cui oggi fa parte."""
    aperte = PresaInCarico.objects.filter(ente=gruppo.ente_id, azione=gruppo.azione_id).aperte()
    sue = aperte.filter(
        Q(beneficiario__in=persone) | Q(beneficiario__unito_a__in=persone)
    ).select_related("beneficiario")
    dentro = Componente.objects.filter(ente=gruppo.ente_id, al=None, beneficiario__in=persone)
    coppie = list(dentro.per_calcolo().values_list("beneficiario", "nucleo"))
    dei_nuclei = aperte.filter(nucleo__in={nucleo for _, nucleo in coppie}) if coppie else ()
    per_nucleo = {presa.nucleo_id: presa for presa in dei_nuclei}
    trovate = {chi: per_nucleo[nucleo] for chi, nucleo in coppie if nucleo in per_nucleo}
    return trovate | {p.beneficiario.unito_a_id or p.beneficiario_id: p for p in sue}


def sposta_membri(
    *, gruppo: GruppoPresenze, persone: Sequence[str], parte: str, da: Attore
) -> int:
    """Mette le persone (per uuid) nel sottogruppo `parte`; rende quante erano nel gruppo."""
    _del_proprio_ente(gruppo, da)
    return _di_adesso(gruppo, persone).update(parte=parte.strip())


def togli_membri(*, gruppo: GruppoPresenze, persone: Sequence[str], al: date, da: Attore) -> int:
    """Dice fino a quando le persone (per uuid) sono state nel gruppo; resta scritto che c'erano.

    Solleva ValidationError se qualcuna è entrata dopo quel giorno.
    """
    _del_proprio_ente(gruppo, da)
    with frasi_del_database():
        return _di_adesso(gruppo, persone).update(al=al)


@transaction.atomic
def dividi_per_eta(*, gruppo: GruppoPresenze, fasce: Sequence[Fascia], da: Attore) -> Counter[str]:
    """Mette ciascuno nel sottogruppo della sua età, nel giorno in cui il gruppo comincia.

    Rende quanti sono in ogni fascia; sotto «», chi non ha data di nascita o sta fuori da tutte e
    resta dov'era.
    """
    _del_proprio_ente(gruppo, da)
    membri = MembroDiGruppo.objects.filter(gruppo_presenze=gruppo, ente=da.ente, al=None)
    chiavi: dict[str, list[int]] = {fascia.nome: [] for fascia in fasce}
    esito: Counter[str] = Counter(dict.fromkeys(chiavi, 0))
    for pk, nascita in membri.per_calcolo().values_list("pk", "beneficiario__data_nascita"):
        nome = _fascia(nascita, fasce, gruppo.dal)
        esito[nome] += 1
        if nome:
            chiavi[nome].append(pk)
    for nome, quali in chiavi.items():
        membri.filter(pk__in=quali).update(parte=nome)
    return esito


def _fascia(nascita: date | None, fasce: Sequence[Fascia], giorno: date) -> str:
    if nascita is None:
        return ""
    anni = eta(nascita, giorno)
    return next((fascia.nome for fascia in fasce if fascia.da <= anni <= fascia.a), "")


def _apri(
    persona: Beneficiario, gruppo: GruppoPresenze, dal: date, canale: str, da: Attore
) -> PresaInCarico:
    dal = min(dal, timezone.localdate())
    return apri_caso(per=persona, azione=gruppo.azione, canale=canale, aperta_il=dal, da=da)


def _di_adesso(gruppo: GruppoPresenze, persone: Sequence[str]):
    return MembroDiGruppo.objects.filter(
        gruppo_presenze=gruppo, ente=gruppo.ente_id, al=None, beneficiario__uuid__in=persone
    )


def _del_proprio_ente(gruppo: GruppoPresenze, da: Attore) -> None:
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    if gruppo.ente_id != da.ente.pk:
        raise PermissionDenied("Si cambiano i gruppi del proprio ente.")
