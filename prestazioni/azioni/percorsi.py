"""Ciò che hanno in comune esiti, tirocini, piani e pratiche: chi li scrive, e gli esiti che nascono.

Li scrive chi segue la presa in carico o chi risponde dei dati dell'ente: prendere in mano la presa
li ferma tutti gli altri, e mette in fila due che scrivono insieme.
"""

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from assi.models import TipoDiEsito
from beneficiari.azioni.casi import in_mano
from beneficiari.models import PresaInCarico
from enti.permessi import Attore, Permesso
from prestazioni.models import Esito, PianoRientro, PraticaCasa, Rata, Tirocinio
from registro.comune.templatetags.testo import data_estesa


Percorso = TypeVar("Percorso", Esito, Tirocinio, PianoRientro, PraticaCasa)
Riga = TypeVar("Riga", Esito, Tirocinio, PianoRientro, PraticaCasa, Rata)

SPARITO = "Nel frattempo qualcuno l'ha tolto: torna agli esiti della presa in carico."
GIA_APERTO = "C'è già, uguale: torna agli esiti della presa in carico e aprilo da lì."
SENZA_TIPO = (
    "Nel vocabolario della rete manca l'esito {codice}: non è stato salvato nulla. Avvisa chi"
    " gestisce il Registro."
)

PRIMA_DELLA_PRESA = (
    "La presa in carico è aperta dal {aperta_il}: ciò che è successo prima non è un suo esito. Scrivi"
    " un giorno da allora in poi, oppure correggi quando è stata aperta."
)


def presa_da_scrivere(presa: PresaInCarico, da: Attore) -> PresaInCarico:
    """La presa in carico bloccata, anche chiusa: gli esiti arrivano anche dopo.

    Solleva PermissionDenied a chi non la segue e non risponde dei dati.
    """
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    return in_mano(presa, da)


def una_volta_sola(modello: type[Percorso], presa: PresaInCarico, **campi: Any) -> None:
    """Ferma chi manda due volte lo stesso modulo: la presa in carico è già in mano a chi scrive.

    Solleva ValidationError se la presa in carico ha già una riga con quei `campi`.
    """
    if modello.objects.della_presa(presa).filter(**campi).exists():
        raise ValidationError(GIA_APERTO, code="gia_aperto")


def com_e_ora(riga: Percorso, da: Attore) -> Percorso:
    """La riga riletta, con la sua presa in carico in mano.

    Solleva PermissionDenied, o ValidationError se intanto qualcuno l'ha tolta.
    """
    presa = presa_da_scrivere(riga.presa, da)
    attuale = type(riga).objects.di(da.ente).filter(pk=riga.pk).first()
    if attuale is None:
        raise ValidationError(SPARITO, code="sparito")
    attuale.presa = presa
    return attuale


def scrivi(riga: Riga, campi: dict[str, Any]) -> Riga:
    """Salva i `campi` che cambiano davvero: la storia non si riempie di righe uguali."""
    cambiati = [nome for nome, valore in campi.items() if getattr(riga, nome) != valore]
    for nome in cambiati:
        setattr(riga, nome, campi[nome])
    if cambiati:
        riga.save(update_fields=cambiati)
    return riga


def fa_nascere(
    codice: str, *, presa: PresaInCarico, giorno: date, da: Attore, **campi: Any
) -> Esito | None:
    """L'esito `codice` di un percorso, se è successo dentro la presa in carico.

    Ciò che c'era già prima che si aprisse non è un suo risultato: si rende None. Solleva
    ValidationError se la rete non ha quel tipo di esito.
    """
    if giorno < presa.aperta_il:
        return None
    tipo = TipoDiEsito.objects.filter(codice=codice).first()
    if tipo is None:
        raise ValidationError(SENZA_TIPO.format(codice=codice), code="senza_tipo")
    return Esito.objects.create(
        ente=da.ente,
        presa=presa,
        beneficiario_id=presa.beneficiario_id,
        tipo=tipo,
        giorno=giorno,
        registrato_da=da.utente,
        **campi,
    )


def esigi_dentro(presa: PresaInCarico, giorno: date, campo: str) -> None:
    """Ferma, sul `campo` del modulo, chi dice com'è finito un percorso prima che la presa in carico
    cominciasse: l'esito che promette non nascerebbe. Solleva ValidationError."""
    if giorno < presa.aperta_il:
        frase = PRIMA_DELLA_PRESA.format(aperta_il=data_estesa(presa.aperta_il))
        raise ValidationError({campo: frase})


def togli_i_nati(*codici: str, da: Attore, **percorso: Any) -> None:
    """Toglie gli esiti di quei tipi nati da un percorso, che si sta correggendo."""
    Esito.objects.di(da.ente).filter(tipo__codice__in=codici, **percorso).delete()
