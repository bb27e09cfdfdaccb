"""I due passi per entrare, comuni alla pagina di accesso e al rientro sul posto."""

import time
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from enti.azioni import fattori, ripristini
from enti.azioni.freno import fermo, nota_errore
from enti.azioni.sessioni import apri_sessione
from enti.forms.fattori import CodiceDettoForm, SecondoPassoForm
from enti.middleware import CHIAVE_FINITA, DA_RISCRIVERE
from enti.models import Appartenenza, Utente
from registro.db.contesto import contesto


# Chi ha dato la password giusta e non ancora il secondo passo: la sua sessione non è di nessuno.
IN_ATTESA = "secondo_passo"
TEMPO = 10 * 60
CODICE_NON_VALE = (
    "Il codice non è giusto, è già stato usato o è appena cambiato. Scrivi quello che l'app mostra"
    " adesso, o un altro dei codici di riserva."
)
CODICE_DETTO_NON_VALE = (
    "Il codice non è giusto, o è scaduto: vale un giorno. Fattelo ridire, o chiedi che te ne diano un"
    " altro."
)
_CIFRE_DELL_APP = 6


@dataclass(frozen=True, slots=True)
class Attesa:
    """Chi è a metà dell'ingresso, che cosa gli si chiede, dove voleva andare."""

    utente: Utente
    prossima: str
    da_riscrivere: bool
    passkey: bool

    def modulo(self, scritti=None) -> forms.Form:
        """Il modulo del secondo passo: un codice dell'app o di riserva, o quello detto a voce."""
        return CodiceDettoForm(scritti) if self.da_riscrivere else SecondoPassoForm(scritti)


def primo_passo(request: HttpRequest, utente: Utente, prossima: str = "") -> bool:
    """Dopo la password giusta: vero se è dentro, falso se gli si chiede il secondo passo."""
    with contesto(utente=utente.pk):
        serve = fattori.ha_un_fattore(utente) or ripristini.da_riscrivere(utente)
    if not serve:
        apri_sessione(request, utente, fattore=None)
        return True
    request.session.pop(CHIAVE_FINITA, None)
    request.session.cycle_key()
    request.session[IN_ATTESA] = {
        "utente": utente.pk,
        "segno": utente.get_session_auth_hash(),
        "quando": int(time.time()),
        "prossima": prossima,
    }
    return False


def chi_aspetta(request: HttpRequest) -> Attesa | None:
    """Chi ha dato la password da poco, in questa sessione; None se nessuno, o se è cambiata intanto."""
    dati = request.session.get(IN_ATTESA)
    if not dati or dati["quando"] + TEMPO < time.time():
        return None
    utente = Utente.objects.filter(pk=dati["utente"], is_active=True).first()
    if utente is None or not constant_time_compare(utente.get_session_auth_hash(), dati["segno"]):
        return None
    with contesto(utente=utente.pk):
        return Attesa(
            utente=utente,
            prossima=dati["prossima"],
            da_riscrivere=ripristini.da_riscrivere(utente) is not None,
            passkey=bool(fattori.fattori_di(utente).passkey),
        )


def opzioni_passkey(attesa: Attesa) -> dict | None:
    """La sfida per le passkey di chi aspetta; None se non ne ha."""
    if not attesa.passkey or attesa.da_riscrivere:
        return None
    with contesto(utente=attesa.utente.pk):
        return fattori.chiedi_passkey(attesa.utente)


def secondo_passo(request: HttpRequest, attesa: Attesa, form: forms.Form) -> bool:
    """Vero se è dentro. Se no l'errore è nel modulo, e contato; chi sbaglia troppo si ferma."""
    if not form.is_valid() or fermo(request, attesa.utente.email):
        return False
    with contesto(utente=attesa.utente.pk):
        fattore = _verifica(attesa, form.cleaned_data)
    if fattore is None:
        nota_errore(request, attesa.utente)
        form.add_error("codice", CODICE_DETTO_NON_VALE if attesa.da_riscrivere else _errore(form))
        return False
    del request.session[IN_ATTESA]
    apri_sessione(request, attesa.utente, fattore=fattore or None)
    if attesa.da_riscrivere:
        request.session[DA_RISCRIVERE] = True
    return True


def appartenenze_di(utente: Utente) -> list[Appartenenza]:
    """Gli enti fra cui può scegliere chi sta entrando: la richiesta è cominciata senza utente."""
    with contesto(utente=utente.pk):
        sue = Appartenenza.objects.filter(utente=utente).in_corso()
        return list(sue.con_ente().con_eccezioni())


def _verifica(attesa: Attesa, dati: dict) -> str | None:
    """Il fattore con cui è passato («» col codice detto a voce); None se non è passato."""
    codice = dati.get("codice", "")
    if attesa.da_riscrivere:
        return "" if ripristini.da_riscrivere(attesa.utente).apre_con(codice) else None
    if dati["credenziale"]:
        giusta = fattori.verifica_passkey(utente=attesa.utente, credenziale=dati["credenziale"])
        return fattori.PASSKEY if giusta else None
    if sum(segno.isdigit() for segno in codice) == _CIFRE_DELL_APP:
        giusto = fattori.verifica_app(utente=attesa.utente, codice=codice)
        return fattori.APP if giusto else None
    giusto = fattori.verifica_riserva(utente=attesa.utente, codice=codice)
    return fattori.RISERVA if giusto else None


def _errore(form: forms.Form) -> str:
    return fattori.PASSKEY_NON_VALE if form.cleaned_data["credenziale"] else CODICE_NON_VALE
