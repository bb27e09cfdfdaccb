"""Inviti e appartenenze già scritti, per le prove che cominciano dopo."""

import datetime

from enti.models import Appartenenza, Invito, impronta_del_gettone
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from tests.fabbriche import AppartenenzaFactory, EnteFactory, UtenteFactory


GETTONE = "un-gettone-di-prova"
EMAIL = "nuova@rete.example"


def invito(gettone: str = GETTONE, **campi) -> Invito:
    """Un invito in attesa; l'ente e chi ha invitato sono nuovi, se taciuti."""
    ente = campi.pop("ente", None) or EnteFactory()
    campi = {"email": EMAIL, "ruolo": Ruolo.OPERATORE, "invitato_da": None} | campi
    campi["invitato_da"] = campi["invitato_da"] or UtenteFactory()
    with come_sistema(ente):
        return Invito.objects.create(ente=ente, impronta=impronta_del_gettone(gettone), **campi)


def riletto(riga):
    """La riga com'è adesso nel database."""
    with come_sistema():
        return type(riga).objects.get(pk=riga.pk)


def collega(ente, ruolo: str = Ruolo.OPERATORE, **campi) -> Appartenenza:
    """L'appartenenza di un utente nuovo a `ente`."""
    return AppartenenzaFactory(ente=ente, ruolo=ruolo, **campi)


def di(attore: Attore) -> Appartenenza:
    """L'appartenenza con cui `attore` agisce."""
    with come_sistema():
        return Appartenenza.objects.in_corso().get(utente=attore.utente, ente=attore.ente)


def come(attore: Attore):
    """Il contesto in cui `attore` parla al database."""
    return contesto(utente=attore.utente.pk, ente=attore.ente.pk)


def tutte_di(utente) -> list[Appartenenza]:
    with come_sistema():
        return list(Appartenenza.objects.filter(utente=utente).order_by("inizio", "pk"))


IERI_DI_ANNI_FA = datetime.date(2020, 6, 30)
