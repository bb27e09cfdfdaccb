"""Aprire una sessione, tenere solo la propria, vedere quelle aperte e chiuderle.

Una sessione vale finché il segno che porta torna con la password e l'`epoca` del suo utente, che Django
ricontrolla a ogni richiesta: cambiare l'epoca le chiude tutte, ovunque siano, dalla richiesta dopo.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, login, update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from enti.eventi import annota_evento
from enti.middleware import CHIAVE_FINITA, CONFERMATO, DA_RISCRIVERE, FATTORE, VISTO, resta
from enti.models import CodiceEvento, Utente
from registro.comune.provenienza import INDIRIZZO_IGNOTO, indirizzo_di_provenienza
from registro.db.contesto import contesto


_PORTA = "django.contrib.auth.backends.ModelBackend"
_SEGNI_DEL_NAVIGATORE = 200


@dataclass(frozen=True, slots=True)
class SessioneAperta:
    """Una sessione che vale ancora: che navigatore, da che indirizzo, da quando, l'ultima cosa fatta."""

    uuid: str
    navigatore: str
    indirizzo: str
    dal: datetime
    vista: datetime
    questa: bool


def apri_sessione(request, utente: Utente, *, fattore: str | None) -> None:
    """Fa entrare `utente` con una chiave nuova; `fattore` è quello che ha dato, None se non ne ha.

    Va chiamata solo dopo aver controllato password e secondo passo.
    """
    with contesto(utente=utente.pk):
        login(request, utente, _PORTA)
        request.session.pop(CHIAVE_FINITA, None)
        if fattore:
            request.session[FATTORE] = fattore
        if utente.primo_accesso is None:
            utente.primo_accesso = timezone.now()
            utente.save(update_fields=["primo_accesso"])
        request.session.save()
        _annota(request, utente)


def tieni_solo_questa(request) -> None:
    """Chiude tutte le sessioni della persona tranne questa, che prende una chiave nuova."""
    utente = request.user
    prima = request.session.session_key
    utente.epoca = Utente.objects.select_for_update().get(pk=utente.pk).epoca + 1
    utente.save(update_fields=["epoca"])
    update_session_auth_hash(request, utente)
    request.session.save()
    UserSession.objects.filter(user=utente).exclude(session_key=prima).delete()
    nuova = request.session.session_key
    if not UserSession.objects.filter(session_key=prima).update(session_key=nuova):
        _annota(request, utente)


def segna_fattore(request, fattore: str) -> None:
    """Scrive nella sessione che il secondo fattore c'è, e chiude le altre."""
    request.session[FATTORE] = fattore
    request.session.pop(DA_RISCRIVERE, None)
    tieni_solo_questa(request)


def segna_conferma(request) -> None:
    """Scrive che la persona ha appena ridato la password."""
    request.session[CONFERMATO] = int(time.time())


def chiudi_le_sessioni(utente: Utente) -> None:
    """Chiude tutte le sessioni di `utente` dalla loro prossima richiesta."""
    Utente.objects.filter(pk=utente.pk).update(epoca=F("epoca") + 1)


@transaction.atomic
def sessioni_aperte(request) -> list[SessioneAperta]:
    """Le sessioni che valgono ancora della persona che chiede, la sua per prima; toglie le finite."""
    segno = request.user.get_session_auth_hash()
    aperte = []
    for riga in UserSession.objects.filter(user=request.user).order_by("-created_at"):
        dati = _magazzino(riga.session_key).load()
        if not constant_time_compare(dati.get(HASH_SESSION_KEY, ""), segno) or not resta(dati):
            riga.end()
            continue
        aperte.append(
            SessioneAperta(
                uuid=riga.data["uuid"],
                navigatore=riga.user_agent,
                indirizzo=riga.ip,
                dal=riga.created_at,
                vista=datetime.fromtimestamp(dati[VISTO], UTC),
                questa=riga.session_key == request.session.session_key,
            )
        )
    return sorted(aperte, key=lambda voce: (not voce.questa, -voce.vista.timestamp()))


@transaction.atomic
def chiudi_sessione(*, utente: Utente, chiave: uuid.UUID) -> None:
    """Chiude una sessione di `utente`. Solleva UserSession.DoesNotExist se non è sua."""
    UserSession.objects.get(user=utente, data__uuid=str(chiave)).end()
    annota_evento(CodiceEvento.SESSIONE_CHIUSA, utente=utente)


def dimentica(request) -> None:
    """Toglie dall'elenco la sessione da cui si sta uscendo."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()


def _annota(request, utente: Utente) -> None:
    UserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": utente,
            "ip": indirizzo_di_provenienza(request) or INDIRIZZO_IGNOTO,
            "user_agent": request.META.get("HTTP_USER_AGENT", "")[:_SEGNI_DEL_NAVIGATORE],
            "data": {"uuid": str(uuid.uuid4())},
        },
    )


def _magazzino(chiave: str):
    return import_module(settings.SESSION_ENGINE).SessionStore(chiave)
