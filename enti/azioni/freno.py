"""Chi sbaglia troppo si ferma, senza che nessuno possa chiudere fuori gli altri.

Si conta con axes, nel database: cinque errori della stessa persona dalla stessa rete fermano quella
persona, da quella rete, per un quarto d'ora; dietro lo stesso indirizzo gli altri entrano. Venti errori
in un'ora da dovunque lasciano una prova al minuto a chi arriva da una rete nuova, e una posta avvisa:
da una rete da cui è già entrata la persona entra come sempre. Valgono per la password, per il secondo
passo, per la conferma e per chi chiede una password nuova.
"""

from datetime import timedelta

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.db.models import Count, Max, Sum
from django.utils import timezone

from enti import tasks
from enti.eventi import annota_evento
from enti.models import CodiceEvento, Utente
from enti.sistema import come_sistema


TROPPI = 20
NELL_ULTIMA = timedelta(hours=1)
FRA_UNA_PROVA_E_L_ALTRA = timedelta(minutes=1)
RETE_NOTA_PER = timedelta(days=30)
# Chi chiede una password nuova si conta a parte: non deve fermare chi la sua la ricorda.
_DI_RIPRISTINO = "ripristino:"
RIPRISTINI_PER_INDIRIZZO = 5
RIPRISTINI_PER_RETE = 30


class FrenoHandler(AxesDatabaseHandler):
    """AXES_HANDLER: quello di axes, che guarda anche gli errori fatti da altre reti.

    Mette in `request.attesa` quanti secondi deve aspettare chi è fermo.
    """

    def is_locked(self, request, credentials=None) -> bool:
        if super().is_locked(request, credentials):
            request.attesa = int(settings.AXES_COOLOFF_TIME.total_seconds())
            return True
        chi = get_client_username(request, credentials)
        if chi and _troppo_spesso(chi, request.axes_ip_address):
            request.attesa = int(FRA_UNA_PROVA_E_L_ALTRA.total_seconds())
            return True
        return False

    def user_login_failed(self, sender, credentials, request=None, **altro) -> None:
        # A chi è già fermo non si controlla niente: non è un errore in più.
        era_fermo = request.axes_locked_out
        super().user_login_failed(sender, credentials, request, **altro)
        chi = get_client_username(request, credentials)
        if era_fermo or not chi or chi.startswith(_DI_RIPRISTINO):
            return
        utente = Utente.objects.filter(email=chi, is_active=True).first()
        if utente and request.axes_failures_since_start == settings.AXES_FAILURE_LIMIT:
            with come_sistema():
                annota_evento(CodiceEvento.ACCESSO_FRENATO, su_utente=utente)
        if utente and _recenti(chi)["quanti"] == TROPPI:
            tasks.sveglia(tasks.avvisa_dei_tentativi, utente_id=utente.pk)


def fermo(request, chi: str) -> bool:
    """Se a `chi` (la posta elettronica) da questa rete non si controlla niente, per ora."""
    if not settings.AXES_ENABLED:
        return False
    # Lo stesso segno che mette axes: la risposta diventa la pagina che dice quanto aspettare.
    request.axes_locked_out = not AxesProxyHandler.is_allowed(request, {"username": chi})
    return request.axes_locked_out


def nota_errore(request, utente: Utente) -> None:
    """Conta un errore di `utente` che non è passato dalla password: un codice, una passkey."""
    annota_evento(CodiceEvento.FATTORE_FALLITO, utente=utente)
    _conta(request, utente.email)


def conta_ripristino(request, email: str) -> bool:
    """Conta una richiesta di password nuova; falso se da questa rete, o per l'indirizzo, sono troppe."""
    if not settings.AXES_ENABLED:
        return True
    chi = f"{_DI_RIPRISTINO}{email.strip().lower()}"
    if fermo(request, chi):
        return False
    dalla_rete = AccessAttempt.objects.filter(
        username__startswith=_DI_RIPRISTINO, ip_address=request.axes_ip_address
    ).aggregate(quanti=Sum("failures_since_start"))
    if (dalla_rete["quanti"] or 0) >= RIPRISTINI_PER_RETE:
        request.axes_locked_out, request.attesa = True, 15 * 60
        return False
    # La richiesta che passa il segno è l'ultima buona: la pagina che ferma è per quella dopo.
    _conta(request, chi)
    request.axes_locked_out = False
    return _recenti(chi)["quanti"] <= RIPRISTINI_PER_INDIRIZZO


def _conta(request, chi: str) -> None:
    AxesProxyHandler.user_login_failed(__name__, {"username": chi}, request)


def _recenti(chi: str) -> dict:
    da = timezone.now() - NELL_ULTIMA
    errori = AccessFailureLog.objects.filter(username=chi, attempt_time__gt=da)
    return errori.order_by().aggregate(quanti=Count("pk"), ultimo=Max("attempt_time"))


def _troppo_spesso(chi: str, rete: str | None) -> bool:
    recenti = _recenti(chi)
    if recenti["quanti"] < TROPPI:
        return False
    if recenti["ultimo"] + FRA_UNA_PROVA_E_L_ALTRA < timezone.now():
        return False
    da = timezone.now() - RETE_NOTA_PER
    nota = AccessLog.objects.filter(username=chi, ip_address=rete, attempt_time__gt=da)
    return not nota.exists()
