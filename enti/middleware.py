"""Decide per quale ente agisce ogni richiesta, e la chiude nel suo contesto."""

from django.db import transaction

from enti.models import Appartenenza
from enti.permessi import Attore
from registro.db.contesto import contesto


CHIAVE_SESSIONE = "ente"


class EnteCorrenteMiddleware:
    """Sta per ultimo: la transazione comprende la vista e la resa dei template pigri.

    Mette in `request.attore` chi agisce (None se non è entrato o non appartiene a nessun ente)
    e in `request.appartenenze` ciò fra cui può scegliere.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.attore, request.appartenenze = None, []
        if not request.user.is_authenticated:
            return self.get_response(request)
        with contesto(utente=request.user.pk):
            request.appartenenze = list(
                Appartenenza.objects.filter(utente=request.user).in_corso().con_ente()
            )
            scelta = self._scelta(request)
            if scelta is None:
                return self._rispondi(request)
            request.attore = Attore(request.user, scelta.ente, scelta.ruolo, scelta.nodo)
            with contesto(utente=request.user.pk, ente=scelta.ente_id):
                return self._rispondi(request)

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
        """L'appartenenza scelta; la prima, se non se n'è scelta nessuna.

        Se quella scelta è finita non se ne prende un'altra di nascosto: chi lavora deve sapere per
        conto di chi, e la sceglie di nuovo.
        """
        scelto = request.session.get(CHIAVE_SESSIONE)
        if scelto is None:
            return request.appartenenze[0] if request.appartenenze else None
        return next((a for a in request.appartenenze if a.ente_id == scelto), None)
