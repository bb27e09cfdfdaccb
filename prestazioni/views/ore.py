"""«Ore»: il proprio mese, e le attività senza persone davanti."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from enti.permessi import Permesso, richiede
from prestazioni.azioni import ore as azioni
from prestazioni.forms.ore import IndirettaForm, iniziali_dell_attivita, iniziali_nuova
from prestazioni.models import PRIMO_GIORNO, AttivitaIndiretta
from prestazioni.sguardi.ore import (
    fine_del_mese,
    fogli_del_mese,
    primo_del_mese,
    senza_durata,
)
from registro.comune.mesi import fra_mesi


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def mie(request):
    """Il proprio mese (`?mese=2026-11`) e, in cima, un'attività da scrivere.

    `?ripeti=` l'uuid di una riga da rifare oggi.
    """
    if request.method == "POST":
        form = IndirettaForm(request.POST, ente=request.attore.ente)
        if form.is_valid():
            try:
                attivita = azioni.registra_indiretta(
                    uuid=form.cleaned_data["uuid"], da=request.attore, **form.campi()
                )
            except ValidationError as errore:
                form.rifiutato(errore)
            else:
                messages.success(request, "Registrata. Se è un errore, toglila dall'elenco.")
                return redirect(_del_mese(attivita.giorno))
        return _mostra(request, form, stato=422)
    form = IndirettaForm(initial=_iniziali(request), ente=request.attore.ente)
    return _mostra(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def indiretta(request, uuid):
    """Correggere un'attività."""
    attivita = _attivita_o_404(request, uuid)
    if not azioni.puo_cambiare_indiretta(request.attore, attivita):
        raise PermissionDenied(azioni.NON_TUA)
    form = IndirettaForm(
        request.POST if request.method == "POST" else None,
        initial=iniziali_dell_attivita(attivita),
        ente=request.attore.ente,
    )
    if form.is_bound and form.is_valid():
        try:
            azioni.correggi_indiretta(attivita=attivita, da=request.attore, **form.campi())
        except ValidationError as errore:
            form.rifiutato(errore)
        else:
            messages.success(request, "Corretta. Com'era prima resta nella storia.")
            return redirect(_del_mese(attivita.giorno))
    stato = 422 if form.is_bound else 200
    dati = {"form": form, "attivita": attivita}
    return render(request, "prestazioni/ore/indiretta.html", dati, status=stato)


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def indiretta_togli(request, uuid):
    attivita = _attivita_o_404(request, uuid)
    try:
        azioni.togli_indiretta(attivita=attivita, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Tolta: non conta più. Nella storia resta scritto.")
    return redirect(_del_mese(attivita.giorno))


def mese_o_404(anno: int, mese: int) -> date:
    """Il primo giorno di quel mese. Solleva Http404 se non esiste o non è credibile."""
    try:
        primo = date(anno, mese, 1)
    except ValueError:
        raise Http404 from None
    if not PRIMO_GIORNO <= primo <= timezone.localdate():
        raise Http404
    return primo


def vicini(mese: date, indirizzo: Callable[[date], str]) -> list[dict]:
    """Il mese prima e quello dopo, se è già cominciato, con l'indirizzo di ciascuno."""
    tutti = [(fra_mesi(mese, -1), True), (fra_mesi(mese, 1), False)]
    return [
        {"mese": vicino, "indietro": indietro, "url": indirizzo(vicino)}
        for vicino, indietro in tutti
        if PRIMO_GIORNO <= vicino <= timezone.localdate()
    ]


def _mostra(request: HttpRequest, form: IndirettaForm, *, stato: int = 200):
    attore, mese = request.attore, _mese_chiesto(request)
    (foglio,) = fogli_del_mese(attore.ente, mese, operatore=attore.utente)
    mie_righe = AttivitaIndiretta.objects.di(attore.ente).di_chi_opera(attore.utente)
    dati = {
        "form": form,
        "mese": mese,
        "vicini": vicini(mese, _del_mese),
        "foglio": foglio,
        "attivita": mie_righe.fra(mese, fine_del_mese(mese)).per_elenco(),
        "senza_durata": senza_durata(attore.ente, mese, attore.utente),
    }
    return render(request, "prestazioni/ore/mie.html", dati, status=stato)


def _iniziali(request: HttpRequest) -> dict:
    if "ripeti" not in request.GET:
        return iniziali_nuova()
    try:
        uuid = UUID(request.GET["ripeti"])
    except ValueError:
        raise Http404 from None
    com_era = iniziali_dell_attivita(_attivita_o_404(request, uuid))
    return com_era | {"uuid": uuid4(), "giorno": timezone.localdate()}


def _mese_chiesto(request: HttpRequest) -> date:
    """Il mese dell'indirizzo; senza, o se non si capisce, quello in corso."""
    anno, _, mese = request.GET.get("mese", "").partition("-")
    if not (anno.isdecimal() and mese.isdecimal()):
        return primo_del_mese(timezone.localdate())
    return mese_o_404(int(anno), int(mese))


def _attivita_o_404(request: HttpRequest, uuid: UUID) -> AttivitaIndiretta:
    dell_ente = AttivitaIndiretta.objects.di(request.attore.ente).select_related("azione")
    return get_object_or_404(dell_ente, uuid=uuid)


def _del_mese(giorno: date) -> str:
    return f"{reverse('prestazioni:ore')}?mese={giorno:%Y-%m}"
