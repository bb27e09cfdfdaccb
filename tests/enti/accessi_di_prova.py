"""Persone che accedono nelle prove: con la password, col codice dell'app, coi codici di riserva."""

from enti.azioni import fattori
from enti.models import Utente
from enti.permessi import Attore, Ruolo
from registro.db.contesto import contesto
from tests.fabbriche import AppartenenzaFactory, UtenteFactory


PASSWORD = "una-password-di-prova"


def persona(ruolo: str = Ruolo.OPERATORE, **campi) -> Attore:
    """Un utente con la password delle prove e un ruolo in un ente (`ente=`, nuovo se taciuto)."""
    ente = {"ente": campi.pop("ente")} if "ente" in campi else {}
    utente = UtenteFactory(password=PASSWORD, **campi)
    voce = AppartenenzaFactory(utente=utente, ruolo=ruolo, **ente)
    return Attore(utente, voce.ente, voce.ruolo)


def con_l_app(utente: Utente) -> str:
    """Lega un'app all'utente e ne rende il segreto."""
    segreto = fattori.nuovo_segreto()
    with contesto(utente=utente.pk):
        fattori.lega_app(utente=utente, segreto=segreto)
    return segreto


def con_la_riserva(utente: Utente) -> list[str]:
    """Dà all'utente dieci codici di riserva e li rende."""
    with contesto(utente=utente.pk):
        return fattori.rifai_codici(utente=utente)
