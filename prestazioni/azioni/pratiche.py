"""Le pratiche per la casa: aprirle, segnarne i passi con la data, dire che cosa se n'è ottenuto."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from beneficiari.models import PresaInCarico
from enti.permessi import Attore
from prestazioni.azioni.percorsi import (
    com_e_ora,
    esigi_dentro,
    fa_nascere,
    presa_da_scrivere,
    scrivi,
    una_volta_sola,
)
from prestazioni.codici import CON_IMPORTO, ESITI_DI_PRATICA
from prestazioni.models import PassoDiPratica, PraticaCasa
from registro.comune.vincoli import frasi_del_database


CHIUSA = "La pratica è chiusa: per aggiungere altro riaprila."
APERTA = "La pratica è già aperta."
SENZA_FINE = "Scegli che cosa si è ottenuto, oppure segna che la pratica finisce qui."
NON_SUO = "Questo esito non è di una pratica così."
PRIMA = "La pratica non era ancora aperta: si è aperta il {giorno:%d/%m/%Y}."


def apri_pratica(*, presa: PresaInCarico, da: Attore, **campi) -> PraticaCasa:
    """Apre una pratica per la casa. Solleva PermissionDenied o ValidationError."""
    with frasi_del_database():
        attuale = presa_da_scrivere(presa, da)
        una_volta_sola(PraticaCasa, attuale, **campi)
        return PraticaCasa.objects.create(
            ente=attuale.ente,
            presa=attuale,
            beneficiario_id=attuale.beneficiario_id,
            registrato_da=da.utente,
            **campi,
        )


def cambia_pratica(*, pratica: PraticaCasa, da: Attore, **campi) -> PraticaCasa:
    """Corregge ciò che si è scritto aprendola."""
    with frasi_del_database():
        return scrivi(com_e_ora(pratica, da), campi)


def aggiungi_passo(
    *, pratica: PraticaCasa, passo: str, giorno: date, da: Attore, note: str = ""
) -> PassoDiPratica:
    """Segna un passo con la sua data. Solleva ValidationError se la pratica è chiusa."""
    with frasi_del_database():
        attuale = com_e_ora(pratica, da)
        if attuale.chiusa_il is not None:
            raise ValidationError(CHIUSA)
        return PassoDiPratica.objects.create(
            ente=da.ente,
            pratica=attuale,
            beneficiario_id=attuale.beneficiario_id,
            passo=passo,
            giorno=giorno,
            note=note,
        )


def togli_passo(*, pratica: PraticaCasa, passo: str, giorno: date, da: Attore) -> None:
    """Toglie un passo scritto per sbaglio; se non c'è già più, va bene lo stesso."""
    with frasi_del_database():
        attuale = com_e_ora(pratica, da)
        suoi = PassoDiPratica.objects.filter(pratica=attuale, ente=da.ente)
        suoi.filter(passo=passo, giorno=giorno).delete()


def scrivi_esito(
    *,
    pratica: PraticaCasa,
    giorno: date,
    da: Attore,
    esito: str = "",
    finisce: bool = False,
    prova: str = "",
    importo: Decimal | None = None,
) -> PraticaCasa:
    """Dice che cosa si è ottenuto (`esito`, uno dei codici di una pratica così) e se la pratica
    `finisce`; uno sfratto rinviato, per esempio, continua.

    Solleva PermissionDenied o ValidationError.
    """
    with frasi_del_database():
        attuale = com_e_ora(pratica, da)
        _si_puo_scrivere(attuale, giorno, esito, finisce)
        if esito:
            esigi_dentro(attuale.presa, giorno, "giorno")
        nuovi = {"chiusa_il": giorno} if finisce else {}
        if importo is not None:
            nuovi["importo"] = importo
        scrivi(attuale, nuovi)
        if esito:
            quanto = importo if esito in CON_IMPORTO else None
            come = {"prova": prova, "importo": quanto, "pratica": attuale}
            fa_nascere(esito, presa=attuale.presa, giorno=giorno, da=da, **come)
    return attuale


def riapri_pratica(*, pratica: PraticaCasa, da: Attore) -> PraticaCasa:
    """Torna aperta; gli esiti che ne sono nati restano, e si correggono uno per uno."""
    with frasi_del_database():
        attuale = com_e_ora(pratica, da)
        if attuale.chiusa_il is None:
            raise ValidationError(APERTA)
        return scrivi(attuale, {"chiusa_il": None})


def _si_puo_scrivere(pratica: PraticaCasa, giorno: date, esito: str, finisce: bool) -> None:
    if pratica.chiusa_il is not None:
        raise ValidationError(CHIUSA)
    if not esito and not finisce:
        raise ValidationError(SENZA_FINE)
    if esito and esito not in ESITI_DI_PRATICA[pratica.tipo]:
        raise ValidationError({"esito": NON_SUO})
    if giorno < pratica.aperta_il:
        raise ValidationError({"giorno": PRIMA.format(giorno=pratica.aperta_il)})
