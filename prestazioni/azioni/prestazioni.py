"""Registrare una prestazione, correggerla, annullarla."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, time
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from assi.models import Azione, Servizio
from beneficiari.models import Beneficiario, PresaInCarico
from enti.models import Utente
from enti.permessi import Attore, Permesso
from prestazioni.models import (
    Affiancamento,
    GruppoPresenze,
    Modo,
    NotaDiPrestazione,
    Partecipazione,
    Prestazione,
)
from registro.comune.vincoli import frasi_del_database


NESSUNO = "Scegli almeno una persona, oppure scrivi quante persone senza nome c'erano."
NON_TUA = "Questa prestazione è di un altro operatore: la cambia lui, o il referente."
CON_UN_APPUNTO = "Un'altra persona ci ha scritto un appunto: la annulla il referente."
CAMBIATA = "Qualcuno ha cambiato questa prestazione mentre la correggevi: rileggila e riprova."


@dataclass(frozen=True)
class Presente:
    """Chi c'era: la presa in carico, e la persona se non c'era il nucleo intero.

    `minuti` vuoto vale quanto la prestazione.
    """

    presa: PresaInCarico
    beneficiario: Beneficiario | None
    minuti: int | None = None


@dataclass(frozen=True)
class Fatto:
    """Che cosa si è fatto. I nomi sono quelli dei campi di `Prestazione`."""

    servizio: Servizio
    azione: Azione
    giorno: date
    ora: time | None = None
    minuti: int | None = None
    modo: str = Modo.PRESENZA
    luogo: str = ""
    quantita: Decimal | None = None
    valore: Decimal | None = None
    senza_nome: int | None = None
    oggetto: str = ""
    gruppo: GruppoPresenze | None = None
    operatore: Utente | None = None

    def campi(self, da: Attore) -> dict:
        """I valori dei campi della riga; chi non dice l'operatore è l'operatore."""
        valori = {campo.name: getattr(self, campo.name) for campo in fields(self)}
        return valori | {"operatore": self.operatore or da.utente}


@transaction.atomic
def registra(
    fatto: Fatto,
    *,
    uuid: UUID,
    presenti: Sequence[Presente],
    da: Attore,
    affiancano: Sequence[Utente] = (),
    nota: str = "",
    origine: str = Prestazione.Origine.WEB,
) -> Prestazione:
    """Registra la prestazione `uuid`; se c'è già, rende quella e non scrive nulla.

    `nota` è l'appunto riservato, uno per ciascun presente con un nome. Solleva ValidationError con
    la frase della regola che la rifiuta.
    """
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    gia = Prestazione.objects.di(da.ente).filter(uuid=uuid).first()
    if gia is not None:
        return gia
    if not presenti and not fatto.senza_nome:
        raise ValidationError(NESSUNO, code="nessuno")
    with frasi_del_database():
        prestazione = Prestazione.objects.create(
            uuid=uuid, ente=da.ente, origine=origine, registrata_da=da.utente, **fatto.campi(da)
        )
        _aggiungi(prestazione, presenti, da)
        _affianca(prestazione, affiancano)
        _annota(prestazione, presenti, nota, da)
    return prestazione


@transaction.atomic
def correggi(
    prestazione: Prestazione,
    fatto: Fatto,
    *,
    presenti: Sequence[Presente],
    versione: int,
    da: Attore,
    affiancano: Sequence[Utente] = (),
) -> None:
    """Riscrive la prestazione com'è in `fatto`, con esattamente quei presenti.

    Solleva ValidationError se nel frattempo è cambiata o una regola la rifiuta, PermissionDenied a
    chi non l'ha fatta né ne risponde.
    """
    _esigi_mia(prestazione, da)
    if not presenti and not fatto.senza_nome:
        raise ValidationError(NESSUNO, code="nessuno")
    campi = fatto.campi(da) | {"operatore": fatto.operatore or prestazione.operatore}
    with frasi_del_database():
        sua = Prestazione.objects.di(da.ente).filter(pk=prestazione.pk, versione=versione)
        if not sua.update(**campi, versione=F("versione") + 1):
            raise ValidationError(CAMBIATA, code="cambiata")
        restano = _togli_gli_assenti(prestazione, presenti)
        nuovi = [p for p in presenti if _chiave(p.presa.pk, p.beneficiario) not in restano]
        _aggiungi(prestazione, nuovi, da)
        _riaffianca(prestazione, affiancano)


@transaction.atomic
def annulla(prestazione: Prestazione, *, da: Attore) -> None:
    """Toglie la prestazione con ciò che le appartiene; la storia la conserva.

    Solleva ValidationError se il mese è firmato o se ci resta l'appunto di un altro, PermissionDenied
    a chi non può.
    """
    _esigi_mia(prestazione, da)
    with frasi_del_database():
        Prestazione.objects.di(da.ente).filter(pk=prestazione.pk).delete()
    _esigi_che_non_resti_niente()


def puo_cambiare(attore: Attore, prestazione: Prestazione) -> bool:
    """Se `attore` l'ha fatta o registrata, o risponde dei dati. Lo decide la policy: qui si chiede
    per mostrare i bottoni che servono."""
    miei = (prestazione.operatore_id, prestazione.registrata_da_id)
    return attore.risponde_dei_dati or attore.utente.pk in miei


def _esigi_mia(prestazione: Prestazione, da: Attore) -> None:
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    if not puo_cambiare(da, prestazione):
        raise PermissionDenied(NON_TUA)


def _esigi_che_non_resti_niente() -> None:
    """L'appunto di un altro non si vede e non si cancella: lo dicono solo le chiavi esterne, che
    altrimenti si guarderebbero alla fine della richiesta."""
    try:
        with transaction.atomic():
            connection.check_constraints()
    except IntegrityError:
        raise ValidationError(CON_UN_APPUNTO, code="appunto_di_altri") from None


def _chiave(presa: int, beneficiario: Beneficiario | None) -> tuple[int, int | None]:
    return (presa, beneficiario.pk if beneficiario else None)


def _aggiungi(prestazione: Prestazione, presenti: Sequence[Presente], da: Attore) -> None:
    # Giorno, azione e voce li ricopia il database: qui si mettono perché la riga sia intera.
    Partecipazione.objects.bulk_create(
        Partecipazione(
            ente=da.ente,
            prestazione=prestazione,
            presa=presente.presa,
            beneficiario=presente.beneficiario,
            minuti=presente.minuti,
            giorno=prestazione.giorno,
            azione_id=prestazione.azione_id,
            voce_id=prestazione.servizio.voce_id,
            registrata_da=da.utente,
        )
        for presente in presenti
    )


def _togli_gli_assenti(prestazione: Prestazione, presenti: Sequence[Presente]) -> set:
    """Toglie chi non c'è più; rende le chiavi di chi resta."""
    attesi = {_chiave(p.presa.pk, p.beneficiario) for p in presenti}
    scritte = Partecipazione.objects.filter(prestazione=prestazione, ente=prestazione.ente_id)
    chiavi = scritte.per_calcolo().values_list("pk", "presa_id", "beneficiario_id")
    tolte = [pk for pk, presa, chi in chiavi if (presa, chi) not in attesi]
    restano = {(presa, chi) for pk, presa, chi in chiavi if pk not in tolte}
    Partecipazione.objects.filter(pk__in=tolte, ente=prestazione.ente_id).delete()
    return restano


def _affianca(prestazione: Prestazione, affiancano: Sequence[Utente]) -> None:
    Affiancamento.objects.bulk_create(
        Affiancamento(ente=prestazione.ente, prestazione=prestazione, utente=utente)
        for utente in affiancano
    )


def _riaffianca(prestazione: Prestazione, affiancano: Sequence[Utente]) -> None:
    """Restano i colleghi che c'erano, con le loro ore; escono ed entrano gli altri."""
    scritti = Affiancamento.objects.filter(prestazione=prestazione, ente=prestazione.ente_id)
    scritti.exclude(utente__in=affiancano).delete()
    restano = set(scritti.values_list("utente", flat=True))
    _affianca(prestazione, [utente for utente in affiancano if utente.pk not in restano])


def _annota(prestazione: Prestazione, presenti: Sequence[Presente], nota: str, da: Attore) -> None:
    if not nota.strip():
        return
    for persona in {p.beneficiario for p in presenti if p.beneficiario is not None}:
        riga = NotaDiPrestazione(
            ente=da.ente, prestazione=prestazione, beneficiario=persona, scritta_da=da.utente
        )
        riga.testo = nota.strip()
        riga.save()
