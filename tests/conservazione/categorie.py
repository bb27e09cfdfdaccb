"""Righe che provano che cosa è successo, e la notte che un giorno le toglie."""

import datetime
from uuid import uuid4

import time_machine
from django.utils import timezone

from beneficiari.azioni.codici import CodiceScritto
from beneficiari.azioni.emergenze import apri_emergenza, prendi_visione
from beneficiari.models import AccessoDEmergenza, AvvisoDEmergenza
from beneficiari.sguardi import in_emergenza
from conservazione.caricamento import carica_durate
from conservazione.models import Corsa, RegolaConservazione
from conservazione.notte import applica_a
from enti.models import Ente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import GRUPPI_D_EMERGENZA, Finalita
from privacy.letture import registra_letture
from privacy.models import BaseGiuridica, Segnalazione, Violazione
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_persone import (
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    IdentificativoFactory,
    come,
)


MOTIVO = "È svenuta davanti allo sportello, arriva il 118."


def emergenza(referente) -> Ente:
    """Un operatore dell'ente di `referente` legge una persona di un altro ente, che si rende."""
    with come_sistema(referente.ente):
        scritte = {base.gruppo for base in BaseGiuridica.objects.filter(finalita="emergenza")}
    for gruppo in set(GRUPPI_D_EMERGENZA) - scritte:
        BaseGiuridicaFactory(finalita=Finalita.EMERGENZA, gruppo=gruppo)
    # In un database che resta fra una prova e l'altra, nessun altro ha questo codice.
    codice = uuid4().hex[:16].upper()
    persona = BeneficiarioFactory(ente=EnteFactory())
    IdentificativoFactory(beneficiario=persona, codice=codice)
    chi = attore(Ruolo.OPERATORE, ente=referente.ente)
    with come(chi), registra_letture("prova"):
        uuid = apri_emergenza(codice=CodiceScritto("cf", codice, codice), motivo=MOTIVO, da=chi)
        assert len(in_emergenza(AccessoDEmergenza.objects.get(uuid=uuid))) == 1
    return persona.ente


def vista(ente: Ente) -> None:
    """Chi risponde dei dati di `ente` prende visione dei suoi avvisi."""
    risponde = attore(Ruolo.REFERENTE, ente=ente)
    with come(risponde):
        for avviso in AvvisoDEmergenza.objects.da_vedere():
            prendi_visione(avviso=avviso, da=risponde)


def segnalazione(referente) -> None:
    """Chiusa adesso."""
    with come_sistema(referente.ente):
        Segnalazione.objects.create(
            regola="notte",
            ente=referente.ente,
            utente=referente.utente,
            giorno=timezone.localdate(),
            quando=timezone.now(),
            quante=4,
            chiusa_il=timezone.now(),
            chiusa_da=referente.utente,
            nota="era di turno",
        )


def violazione(referente) -> None:
    """Chiusa adesso."""
    with come(referente):
        Violazione.objects.create(
            ente=referente.ente,
            scoperta_il=timezone.now(),
            natura="riservatezza",
            descrizione="un foglio perso",
            misure="ritrovato",
            garante="no",
            garante_motivo="nessun rischio",
            persone="no",
            persone_motivo="nessun rischio",
            aperta_da=referente.utente,
            chiusa_il=timezone.now(),
        )


def notte(ente: Ente, giorno: datetime.date, **altre) -> dict[str, Corsa]:
    """Le corse di `ente` la notte di `giorno`, per codice della regola."""
    adesso = datetime.datetime.combine(giorno, datetime.time(11), tzinfo=datetime.UTC)
    with time_machine.travel(adesso, tick=False):
        return {corsa.regola.codice: corsa for corsa in applica_a(ente, **altre)}


def righe(modelli) -> int:
    """Quante righe, in ogni ente."""
    quante = 0
    for modello in modelli:
        di_un_ente = any(campo.name == "ente" for campo in modello._meta.fields)
        for ente in Ente.objects.all() if di_un_ente else [None]:
            with come_sistema(ente or Ente.objects.first()):
                quante += modello.objects.filter(**({"ente": ente} if ente else {})).count()
    return quante


def accendi() -> None:
    """La tabella delle durate, con ogni regola accesa."""
    carica_durate()
    with come_sistema(EnteFactory()):
        RegolaConservazione.objects.che_si_eseguono().update(accesa=True, da_confermare=False)
