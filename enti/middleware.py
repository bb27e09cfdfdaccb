"""Decide per quale ente agisce ogni richiesta, e la chiude nel suo contesto."""

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.utils.crypto import salted_hmac

from enti.models import Appartenenza
from enti.permessi import Attore
from registro.db.contesto import contesto


CHIAVE_SESSIONE = "ente"
# La sessione nuova di chi si è visto chiudere quella di prima: la pagina aperta lo chiede.
CHIAVE_FINITA = "appartenenza_finita"
USCITA = (
    "Non fai più parte dell'ente per cui lavoravi: la sessione è stata chiusa. Ciò che avevi"
    " salvato è rimasto all'ente. Accedi di nuovo se lavori anche per un altro."
)


def segno_di_presenza(attore: Attore) -> str:
    """Un segno uguale finché la stessa persona agisce per lo stesso ente, e che non dice chi è."""
    return salted_hmac("enti.presenza", f"{attore.utente.pk}:{attore.ente.pk}").hexdigest()[:32]


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
            request.appartenenze = list(
                Appartenenza.objects.filter(utente=request.user)
                .in_corso()
                .con_ente()
                .con_eccezioni()
            )
            scelta = self._scelta(request)
            if scelta is not None:
                request.attore = Attore.secondo(scelta, request.user)
                with contesto(utente=request.user.pk, ente=scelta.ente_id):
                    return self._rispondi(request)
            if CHIAVE_SESSIONE not in request.session:
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
