"""Ciò che le pagine di esiti, tirocini, piani e pratiche hanno in comune: trovare la riga, un modulo
e il gesto che ne segue."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from beneficiari.models import PresaInCarico
from beneficiari.views.casi import cornice_del_caso, presa_in_mano_o_403, presa_o_404
from prestazioni.models import Esito, PianoRientro, PraticaCasa, Tirocinio


Percorso = TypeVar("Percorso", Esito, Tirocinio, PianoRientro, PraticaCasa)
# Come si chiama la pagina di ciascuno, e nei suoi modelli di pagina la riga stessa.
# Il campo a cui appartiene la frase con cui il database rifiuta: il primo che il modulo ha.
CAMPI_DEL_VINCOLO = {
    "tirocinio_date_in_ordine": ("fine", "fine_prevista"),
    "tirocinio_con_ospitante": ("ospitante",),
    "tirocinio_assunzione_dopo_inizio": ("assunzione_il",),
    "tirocinio_ore_settimana": ("ore_settimana",),
    "piano_con_debito": ("debito",),
    "rata_con_importo": ("importo",),
    "pratica_date_in_ordine": ("giorno", "aperta_il"),
    "passo_una_volta": ("giorno",),
    "esito_importo": ("importo",),
    "esito_mesi": ("mesi",),
}
NEL_FUTURO = ("_non_futuro", "_non_futura")
NOMI = {Tirocinio: "tirocinio", PianoRientro: "piano", PraticaCasa: "pratica"}


def percorso_o_404(request: HttpRequest, modello: type[Percorso], uuid: UUID) -> Percorso:
    """La riga del proprio ente, con la sua presa in carico. Solleva Http404."""
    riga = _riga(request, modello, uuid)
    riga.presa = presa_o_404(request, riga.presa.uuid)
    return riga


def percorso_in_mano_o_403(request: HttpRequest, modello: type[Percorso], uuid: UUID) -> Percorso:
    """Quella che chi chiede può cambiare. Solleva Http404, o PermissionDenied se non la segue."""
    riga = _riga(request, modello, uuid)
    riga.presa = presa_in_mano_o_403(request, riga.presa.uuid)
    return riga


def scritti(request: HttpRequest):
    """Ciò che si è inviato, o None se la pagina si sta solo aprendo."""
    return request.POST if request.method == "POST" else None


def modulo(
    request: HttpRequest,
    presa: PresaInCarico,
    form: forms.Form,
    fai: Callable[[dict], tuple[str, str]],
    *,
    titolo: str,
    torna: str,
    bottone: str = "Salva",
    modello: str = "prestazioni/esiti/modulo.html",
    **altro,
) -> HttpResponse:
    """La pagina di un modulo: `fai` compie il gesto e rende la frase e dove andare.

    Rifiutato, si rivede il modulo col perché. `torna`: l'indirizzo di chi lascia com'è.
    """
    if form.is_bound and form.is_valid():
        try:
            frase, dove = fai(dict(form.cleaned_data))
        except ValidationError as errore:
            form.add_error(_campo_di(form, errore), errore)
        else:
            messages.success(request, frase)
            return redirect(dove)
    dati = cornice_del_caso(request, presa) | {
        "form": form,
        "titolo_modulo": titolo,
        "bottone": bottone,
        "torna": torna,
        **altro,
    }
    return render(request, modello, dati, status=422 if form.is_bound else 200)


def _campo_di(form: forms.Form, errore: ValidationError) -> str | None:
    """Il campo a cui l'errore si riferisce; None se è di tutto il modulo.

    Di una data nel futuro il database non dice quale: è la prima, fra quelle scritte.
    """
    vincolo = getattr(errore, "code", None) or ""
    campi = CAMPI_DEL_VINCOLO.get(vincolo, ())
    if vincolo.endswith(NEL_FUTURO):
        oggi = timezone.localdate()
        campi = [n for n, v in form.cleaned_data.items() if isinstance(v, date) and v > oggi]
    return next((campo for campo in campi if campo in form.fields), None)


def modulo_del_percorso(
    request: HttpRequest,
    percorso: Tirocinio | PianoRientro | PraticaCasa,
    form: forms.Form,
    fai: Callable[[dict], str],
    **come,
) -> HttpResponse:
    """Il modulo di un gesto su un percorso: `fai` rende la frase, e si torna alla sua pagina."""
    pagina = pagina_di(percorso)

    def fai_e_torna(campi: dict) -> tuple[str, str]:
        return fai(campi), pagina

    come |= {"torna": pagina, NOMI[type(percorso)]: percorso}
    return modulo(request, percorso.presa, form, fai_e_torna, **come)


def pagina_di(percorso: Tirocinio | PianoRientro | PraticaCasa) -> str:
    """L'indirizzo della pagina di un tirocinio, di un piano o di una pratica."""
    return reverse(f"prestazioni:{NOMI[type(percorso)]}", args=[percorso.uuid])


def gesto(
    request: HttpRequest, fai: Callable[[], object], *, frase: str, dove: str
) -> HttpResponse:
    """Un gesto senza modulo: si fa e si torna; rifiutato, si torna con il perché."""
    try:
        fai()
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, frase)
    return redirect(dove)


def _riga(request: HttpRequest, modello: type[Percorso], uuid: UUID) -> Percorso:
    righe = modello.objects.di(request.attore.ente).select_related("presa")
    try:
        return righe.get(uuid=uuid)
    except modello.DoesNotExist:
        raise Http404 from None
