"""Fin quando vale una sessione, per quale ente agisce ogni richiesta, e se ha dato il secondo fattore.

Ciò che serve a deciderlo sta nella sessione e nelle righe che si leggono comunque: nessuno dei tre
passaggi interroga il database per conto suo.
"""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac

from enti.models import Appartenenza
from enti.models.appartenenze import AppartenenzaQuerySet
from enti.permessi import Attore, Ruolo
from registro.db.contesto import contesto, passa_all_ente


CHIAVE_SESSIONE = "ente"
# La sessione nuova di chi si è visto chiudere quella di prima: la pagina aperta lo chiede.
CHIAVE_FINITA = "appartenenza_finita"
USCITA = (
    "Non fai più parte dell'ente per cui lavoravi: la sessione è stata chiusa. Ciò che avevi"
    " salvato è rimasto all'ente. Accedi di nuovo se lavori anche per un altro."
)

# Che cosa ricorda la sessione di chi è entrato: quando, l'ultima cosa fatta (in secondi), con quale
# secondo fattore, quando ha dato per ultimo la password.
ENTRATO, VISTO, FATTORE, CONFERMATO = "entrato_il", "visto_il", "fattore", "confermato_il"
# Entrato col codice di chi gli ha azzerato il fattore: può solo metterne uno nuovo.
DA_RISCRIVERE = "fattore_da_riscrivere"
FERMA, INTERA, AVVISO = 30 * 60, 10 * 60 * 60, 25 * 60
# L'ultima cosa fatta si scrive al più ogni tanto: la sessione è una riga del database.
OGNI = 30
PROROGA = timedelta(days=7)


def segna_ingresso(sender, request, user, **altro) -> None:
    """Riceve `user_logged_in`: da quando si contano la durata intera e quella da fermi."""
    adesso = int(time.time())
    request.session.update({ENTRATO: adesso, VISTO: adesso, CONFERMATO: adesso})


def resta(sessione: SessionBase) -> int:
    """Quanti secondi vale ancora la sessione di chi è entrato, se non fa niente; 0 se è finita."""
    adesso = int(time.time())
    fine = min(sessione.get(ENTRATO, 0) + INTERA, sessione.get(VISTO, 0) + FERMA)
    return max(fine - adesso, 0)


def fine_della_proroga(appartenenze: list[Appartenenza], primo_accesso: datetime | None):
    """Fino a quando si lavora senza secondo fattore; None se non si può già più.

    Solo chi è operatore e nient'altro ha sette giorni, dal suo primo accesso. Gli altri ruoli vedono o
    decidono di più: per loro non c'è proroga.
    """
    if not all(voce.ruolo == Ruolo.OPERATORE for voce in appartenenze):
        return None
    fine = (primo_accesso or timezone.now()) + PROROGA
    return fine if fine > timezone.now() else None


def senza_secondo_fattore(vista: Callable) -> Callable:
    """Apre la vista anche a chi deve ancora attivare il secondo fattore: attivarlo, e uscire."""
    vista.senza_secondo_fattore = True
    return vista


def non_e_attivita(vista: Callable) -> Callable:
    """Per le domande che la pagina fa da sola: non allungano la sessione di chi è lontano."""
    vista.non_e_attivita = True
    return vista


class DurataSessioneMiddleware:
    """Chiude la sessione ferma da 30 minuti, o aperta da 10 ore, prima che qualcuno la usi."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if SESSION_KEY in request.session and not resta(request.session):
            request.session.flush()
        return self.get_response(request)

    def process_view(self, request, vista, argomenti, nominati):
        """Segna che c'è qualcuno, se a chiedere non è la pagina da sola."""
        if SESSION_KEY not in request.session or getattr(vista, "non_e_attivita", False):
            return
        adesso = int(time.time())
        if adesso - request.session.get(VISTO, 0) >= OGNI:
            request.session[VISTO] = adesso


class SecondoFattoreMiddleware:
    """Sta dopo `EnteCorrenteMiddleware`: chi deve attivare il secondo fattore non fa altro.

    Chi l'ha dato all'ingresso l'ha scritto nella sessione; se i suoi fattori cambiano la sessione
    finisce, e con lei ciò che c'è scritto. Le pagine aperte a tutti restano aperte anche a lui.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, vista, argomenti, nominati):
        """Manda ad attivare il fattore chi non l'ha dato e non è più nella proroga."""
        if not request.user.is_authenticated or FATTORE in request.session or _in_proroga(request):
            return None
        # La cornice non mostra voci che riporterebbero qui.
        request.solo_attivazione = True
        aperta = not getattr(vista, "login_required", True)
        if aperta or getattr(vista, "senza_secondo_fattore", False):
            return None
        return redirect("enti:fattore_nuovo")


def _in_proroga(request) -> bool:
    if DA_RISCRIVERE in request.session:
        return False
    if not request.appartenenze:
        # Senza un ente non si apre niente: va alla pagina che dice perché.
        return True
    return fine_della_proroga(request.appartenenze, request.user.primo_accesso) is not None


def segno_di_presenza(attore: Attore) -> str:
    """Un segno uguale finché la stessa persona agisce per lo stesso ente, e che non dice chi è."""
    return salted_hmac("enti.presenza", f"{attore.utente.pk}:{attore.ente.pk}").hexdigest()[:32]


@lru_cache(maxsize=1)
def _che_valgono(giorno: date) -> AppartenenzaQuerySet:
    # Ogni richiesta fa questa domanda, e comporla costava più che averne la risposta: si compone una
    # volta al giorno. Chi la usa ne prende una copia, con `filter()`.
    return Appartenenza.objects.in_corso(giorno).con_ente().con_eccezioni(giorno)


class EnteCorrenteMiddleware:
    """Sta per ultimo: la transazione comprende la vista e la resa dei template pigri.

    Mette in `request.attore` chi agisce (None se non è entrato o non appartiene a nessun ente)
    e in `request.appartenenze` ciò fra cui può scegliere. Chi non appartiene più all'ente per cui
    agiva, comunque sia successo, perde la sessione alla prima richiesta.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.attore, request.appartenenze = None, []
        if not request.user.is_authenticated:
            return self.get_response(request)
        with contesto(utente=request.user.pk):
            di_oggi = _che_valgono(timezone.localdate())
            request.appartenenze = list(di_oggi.filter(utente=request.user))
            scelta = self._scelta(request)
            if scelta is not None:
                request.attore = Attore.secondo(scelta, request.user)
                passa_all_ente(scelta.ente_id)
            if scelta is not None or CHIAVE_SESSIONE not in request.session:
                return self._rispondi(request)
        self._chiudi_sessione(request)
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Una vista che si interrompe non lascia niente scritto a metà."""
        request.annulla_scritture = True

    def _rispondi(self, request):
        risposta = self.get_response(request)
        if getattr(request, "annulla_scritture", False):
            transaction.set_rollback(True)
        return risposta

    @staticmethod
    def _scelta(request) -> Appartenenza | None:
        """L'appartenenza scelta; la prima, se non se n'è scelta nessuna, e da lì in poi è quella.

        Se quella scelta è finita non se ne prende un'altra di nascosto: chi lavora deve sapere per
        conto di chi.
        """
        if CHIAVE_SESSIONE not in request.session and request.appartenenze:
            request.session[CHIAVE_SESSIONE] = request.appartenenze[0].ente_id
        scelto = request.session.get(CHIAVE_SESSIONE)
        return next((a for a in request.appartenenze if a.ente_id == scelto), None)

    @staticmethod
    def _chiudi_sessione(request) -> None:
        request.appartenenze = []
        logout(request)
        request.session[CHIAVE_FINITA] = True
        messages.warning(request, USCITA)
