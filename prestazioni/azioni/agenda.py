"""Fissare un appuntamento, spostarlo, dire com'è andato; e rimetterlo com'era."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assi.models import Servizio
from beneficiari.models import Beneficiario, PresaInCarico, Recapito
from enti.permessi import Attore, Permesso
from prestazioni.azioni.prestazioni import Fatto, annulla, registra
from prestazioni.azioni.registra import Scelta, presenti_di
from prestazioni.azioni.ripetute import esigi_uguale
from prestazioni.models import Appuntamento, Modo
from registro.comune.ricerca import forma_normale
from registro.comune.vincoli import frasi_del_database


Stato = Appuntamento.Stato

NON_TUO = "Questo appuntamento è di un altro operatore: lo cambia lui, o il referente."
RISERVATO = "Questo indirizzo è riservato e in agenda non si scrive: scrivi dove vi incontrate."
GIA_CHIUSO = (
    "Di questo appuntamento si è già detto com'è andato: rimettilo fra i previsti, poi cambialo."
)
SENZA_SERVIZIO = "Di' che cosa hai fatto: l'appuntamento non porta un servizio."
SENZA_PRESA = "senza_presa"
NON_SEGUITA = (
    "La persona non ha una presa in carico aperta: registra da «Registra», che la apre insieme,"
    " oppure chiudi soltanto l'appuntamento."
)


@dataclass(frozen=True)
class Impegno:
    """Un appuntamento da scrivere. I nomi sono quelli dei campi di `Appuntamento`."""

    quando: datetime
    beneficiario: Beneficiario | None = None
    presa: PresaInCarico | None = None
    servizio: Servizio | None = None
    minuti: int | None = None
    modo: str = Modo.PRESENZA
    luogo: str = ""
    oggetto: str = ""

    def campi(self) -> dict:
        return {nome: getattr(self, nome) for nome in self.__dataclass_fields__}


@transaction.atomic
def fissa(impegno: Impegno, *, uuid: UUID, da: Attore) -> Appuntamento:
    """Scrive l'appuntamento `uuid` nell'agenda di chi agisce; se c'è già uguale, rende quello.

    Solleva ValidationError se il luogo è un indirizzo riservato, un vincolo rifiuta o quello che
    c'è già dice altro.
    """
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    gia = Appuntamento.objects.di_chi_opera(da.utente, da.ente).filter(uuid=uuid).first()
    if gia is not None:
        return esigi_uguale(gia, impegno.campi())
    _esigi_non_riservato(impegno, da)
    with frasi_del_database():
        return Appuntamento.objects.create(
            uuid=uuid, ente=da.ente, operatore=da.utente, **impegno.campi()
        )


@transaction.atomic
def sposta(appuntamento: Appuntamento, impegno: Impegno, *, da: Attore) -> None:
    """Riscrive un appuntamento ancora previsto: quando, con chi, dove, che cosa.

    Solleva ValidationError se intanto si è detto com'è andato, o un vincolo rifiuta.
    """
    attuale = _in_mano(appuntamento, da)
    _esigi_previsto(attuale)
    _esigi_non_riservato(impegno, da)
    for nome, valore in impegno.campi().items():
        setattr(attuale, nome, valore)
    with frasi_del_database():
        attuale.save(update_fields=list(impegno.campi()))


@transaction.atomic
def fatto(
    appuntamento: Appuntamento,
    *,
    da: Attore,
    servizio: Servizio | None = None,
    minuti: int | None = None,
) -> Appuntamento:
    """Dice che c'è stato; se era con una persona ne registra la prestazione, nello stesso giorno.

    `servizio` e `minuti`, se taciuti, sono quelli dell'appuntamento. Due tocchi sono uno solo.
    Solleva ValidationError se manca il servizio, se la persona non è seguita (codice
    `senza_presa`), o con la frase della regola che rifiuta la prestazione.
    """
    attuale = _in_mano(appuntamento, da)
    if attuale.stato == Stato.FATTO:
        return attuale
    _esigi_previsto(attuale)
    if attuale.beneficiario is not None:
        attuale.prestazione = _registra(
            attuale, servizio or attuale.servizio, minuti or attuale.minuti, da
        )
    return _segna(attuale, Stato.FATTO)


@transaction.atomic
def chiudi(appuntamento: Appuntamento, *, come: str, da: Attore) -> Appuntamento:
    """Dice com'è andato senza registrare niente. `come`: fatto, mancato o annullato."""
    attuale = _in_mano(appuntamento, da)
    if attuale.stato == come:
        return attuale
    _esigi_previsto(attuale)
    return _segna(attuale, come)


@transaction.atomic
def rimetti(appuntamento: Appuntamento, *, da: Attore) -> Appuntamento:
    """Torna fra i previsti; la prestazione che ne era nata si annulla.

    Solleva ValidationError se il mese di quella prestazione è firmato: allora non cambia niente.
    """
    attuale = _in_mano(appuntamento, da)
    nata, attuale.prestazione = attuale.prestazione, None
    _segna(attuale, Stato.PREVISTO)
    if nata is not None:
        annulla(nata, da=da)
    return attuale


def puo_cambiare_appuntamento(attore: Attore, appuntamento: Appuntamento) -> bool:
    """Se è suo, o risponde dei dati: lo decide la policy, qui si chiede."""
    return attore.risponde_dei_dati or appuntamento.operatore_id == attore.utente.pk


def _in_mano(appuntamento: Appuntamento, da: Attore) -> Appuntamento:
    """L'appuntamento riletto e bloccato: due tocchi insieme aspettano l'uno l'altro."""
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    bloccati = Appuntamento.objects.select_for_update(of=("self",)).filter(ente=da.ente)
    attuale = bloccati.filter(pk=appuntamento.pk).per_elenco().first()
    if attuale is None or not puo_cambiare_appuntamento(da, attuale):
        raise PermissionDenied(NON_TUO)
    return attuale


def _esigi_previsto(appuntamento: Appuntamento) -> None:
    if appuntamento.stato != Stato.PREVISTO:
        raise ValidationError(GIA_CHIUSO, code="gia_chiuso")


def _segna(appuntamento: Appuntamento, stato: str) -> Appuntamento:
    appuntamento.stato = stato
    with frasi_del_database():
        appuntamento.save(update_fields=["stato", "prestazione"])
    return appuntamento


def _registra(
    appuntamento: Appuntamento, servizio: Servizio | None, minuti: int | None, da: Attore
):
    if servizio is None:
        raise ValidationError({"servizio": SENZA_SERVIZIO})
    if appuntamento.presa is None:
        raise ValidationError(NON_SEGUITA, code=SENZA_PRESA)
    quando = timezone.localtime(appuntamento.quando)
    scelta = Scelta(appuntamento.persona, appuntamento.presa)
    presenti = presenti_di([scelta], apertura=None, giorno=quando.date(), da=da)
    che_cosa = Fatto(
        servizio=servizio,
        azione=appuntamento.presa.azione,
        giorno=quando.date(),
        ora=quando.time(),
        minuti=minuti,
        modo=appuntamento.modo,
        luogo=appuntamento.luogo,
        oggetto=appuntamento.oggetto,
        operatore=appuntamento.operatore,
    )
    # La prestazione porta l'identificativo dell'appuntamento: ne nasce una sola.
    return registra(che_cosa, uuid=appuntamento.uuid, presenti=presenti, da=da)


def _esigi_non_riservato(impegno: Impegno, da: Attore) -> None:
    """Chi custodisce un indirizzo riservato lo vede; in agenda, che leggono in tanti, non va."""
    luogo = forma_normale(impegno.luogo)
    if not luogo or impegno.beneficiario is None:
        return
    riservati = Recapito.objects.filter(
        ente=da.ente,
        beneficiario__in=impegno.beneficiario.chiavi,
        tipo=Recapito.Tipo.INDIRIZZO,
        riservato=True,
    )
    for valore in riservati.per_calcolo().values_list("valore", flat=True):
        scritto = forma_normale(valore)
        if scritto in luogo or luogo in scritto:
            raise ValidationError({"luogo": RISERVATO}, code="riservato")
