"""Scrivere le ore senza persone davanti, firmare i mesi, rettificarli."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assi.models import Azione
from enti.models import Utente
from enti.permessi import Attore, Permesso
from prestazioni.azioni.ripetute import esigi_uguale
from prestazioni.models import AttivitaIndiretta, FoglioOre, Rettifica
from registro.comune.vincoli import frasi_del_database
from registro.db.lucchetto import uno_alla_volta_per


NON_TUA = "Questa attività è di un altro operatore: la cambia lui, o il referente."

GIA_RETTIFICATO = (
    "Questa rettifica è già scritta, e conta già nel totale. Se ne serve un'altra di altrettanto,"
    " scrivi nel perché che cosa ha di diverso."
)


@dataclass(frozen=True)
class MeseScelto:
    """Il mese (il suo primo giorno) di un operatore."""

    mese: date
    operatore: Utente


@transaction.atomic
def registra_indiretta(
    *,
    uuid: UUID,
    tipo: str,
    azione: Azione | None,
    giorno: date,
    minuti: int,
    descrizione: str,
    da: Attore,
) -> AttivitaIndiretta:
    """Scrive l'attività `uuid`; se c'è già uguale, rende quella e non scrive nulla.

    Solleva ValidationError con la frase della regola che la rifiuta (mese firmato, futuro), o se
    quella che c'è già dice altro.
    """
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    detto = {
        "tipo": tipo,
        "azione": azione,
        "giorno": giorno,
        "minuti": minuti,
        "descrizione": descrizione,
    }
    gia = AttivitaIndiretta.objects.di(da.ente).filter(uuid=uuid).first()
    if gia is not None:
        return esigi_uguale(gia, detto)
    with frasi_del_database():
        return AttivitaIndiretta.objects.create(
            uuid=uuid, ente=da.ente, operatore=da.utente, registrata_da=da.utente, **detto
        )


def correggi_indiretta(*, attivita: AttivitaIndiretta, da: Attore, **campi) -> None:
    """Riscrive i `campi` dell'attività. Solleva ValidationError se una regola rifiuta,
    PermissionDenied a chi non l'ha fatta né ne risponde."""
    _esigi_mia(attivita, da)
    for nome, valore in campi.items():
        setattr(attivita, nome, valore)
    with frasi_del_database():
        attivita.save(update_fields=list(campi))


def togli_indiretta(*, attivita: AttivitaIndiretta, da: Attore) -> None:
    """Toglie l'attività; la storia la conserva. Solleva ValidationError se il mese è firmato."""
    _esigi_mia(attivita, da)
    with frasi_del_database():
        attivita.delete()


@transaction.atomic
def firma_mesi(*, scelti: Sequence[MeseScelto], da: Attore) -> int:
    """Firma i mesi: le righe di quegli operatori si fermano. Rende quanti ne ha firmati adesso.

    Quelli già firmati restano com'erano. Solleva ValidationError se uno non è ancora finito:
    allora non se ne firma nessuno.
    """
    da.esigi(Permesso.ORE_FIRMARE)
    firmati = set(FoglioOre.objects.di(da.ente).values_list("operatore", "mese"))
    nuovi = 0
    for scelto in scelti:
        if (scelto.operatore.pk, scelto.mese) in firmati:
            continue
        with frasi_del_database():
            FoglioOre.objects.create(
                ente=da.ente, operatore=scelto.operatore, mese=scelto.mese, firmato_da=da.utente
            )
        nuovi += 1
    return nuovi


@transaction.atomic
def rettifica(
    *, foglio: FoglioOre, azione: Azione | None, minuti: int, motivo: str, da: Attore
) -> Rettifica:
    """Aggiunge (o toglie, se `minuti` è negativo) ore a un mese firmato, dicendo perché.

    Solleva ValidationError con la frase del vincolo che rifiuta, o se ce n'è già una uguale: una
    rettifica non si toglie più, e due tocchi non ne fanno due.
    """
    da.esigi(Permesso.ORE_FIRMARE)
    if foglio.ente_id != da.ente.pk:
        raise PermissionDenied("Si rettificano i fogli del proprio ente.")
    uno_alla_volta_per("rettifiche", foglio.pk)
    detta = {"foglio": foglio, "azione": azione, "minuti": minuti, "motivo": motivo}
    if Rettifica.objects.filter(ente=da.ente, **detta).exists():
        raise ValidationError(GIA_RETTIFICATO, code="gia_rettificato")
    with frasi_del_database():
        return Rettifica.objects.create(ente=da.ente, da=da.utente, **detta)


def puo_cambiare_indiretta(attore: Attore, attivita: AttivitaIndiretta) -> bool:
    """Se `attore` l'ha fatta o scritta, o risponde dei dati: lo decide la policy, qui si chiede."""
    miei = (attivita.operatore_id, attivita.registrata_da_id)
    return attore.risponde_dei_dati or attore.utente.pk in miei


def _esigi_mia(attivita: AttivitaIndiretta, da: Attore) -> None:
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    if attivita.ente_id != da.ente.pk or not puo_cambiare_indiretta(da, attivita):
        raise PermissionDenied(NON_TUA)
