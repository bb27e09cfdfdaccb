"""Importa: caricare un foglio, seguire ciò che se ne fa, tornare indietro."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from enti.middleware import non_e_attivita
from enti.permessi import Permesso, richiede
from prestazioni.azioni import importazioni as azioni
from prestazioni.forms.importa import CaricaFoglioForm, FiltriImportazioniForm
from prestazioni.models import Importazione
from prestazioni.views.importa_modelli import fogli_del_modello
from registro.comune.esportazioni import risposta_xlsx
from registro.comune.fogli.guardia import MASSIMO_BYTE
from registro.comune.pagine import pagina_per_chiave


Stato = Importazione.Stato
# Dove va chi apre la sua importazione, finché c'è qualcosa da decidere.
PROSSIMA_PAGINA = {
    Stato.DA_ABBINARE: "prestazioni:importa_colonne",
    Stato.ESAMINATA: "prestazioni:importa_anteprima",
}
PASSI = {
    Stato.IN_ESAME: "esame",
    Stato.IN_CARICAMENTO: "fine",
    Stato.CARICATA: "fine",
}
PER_PAGINA = 20
# Dopo quanto silenzio di un lavoro lo si dice a chi aspetta.
SILENZIO = timedelta(minutes=2)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@richiede(Permesso.IMPORTARE)
def importa(request):
    """Il foglio da caricare, e le importazioni fatte finora."""
    form = CaricaFoglioForm()
    if request.method == "POST":
        form = CaricaFoglioForm(request.POST, request.FILES)
        nuova = _ricevi(request, form)
        if nuova:
            return redirect("prestazioni:importa_colonne", nuova.uuid)
    filtri = FiltriImportazioniForm(request.GET)
    tutte = Importazione.objects.di(request.attore.ente)
    pagina = pagina_per_chiave(
        filtri.applica(tutte).select_related("utente"),
        fra=tutte,
        chiesta=request.GET.get("pagina", ""),
        quante=PER_PAGINA,
    )
    dati = {
        "form": form,
        "filtri": filtri,
        "pagina": pagina,
        "tipi": Importazione.Tipo.choices,
        "massimo": MASSIMO_BYTE,
    }
    modello = "_registro" if request.htmx else "importa"
    stato = 422 if form.is_bound else 200
    return render(request, f"prestazioni/importa/{modello}.html", dati, status=stato)


@require_safe
@richiede(Permesso.IMPORTARE)
def modello(request, slug):
    """Un foglio da riempire, con le colonne giuste e due righe inventate."""
    if slug not in Importazione.Tipo.values:
        raise Http404
    return risposta_xlsx(f"modello-{slug}", fogli_del_modello(slug, request.attore))


@non_e_attivita
@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.IMPORTARE)
def importazione(request, uuid):
    """A che punto è, com'è finita. Chi l'ha caricata e ha qualcosa da decidere va dove si decide."""
    trovata = _dell_ente_o_404(request, uuid)
    in_corso = trovata.stato in Importazione.STATI_IN_CORSO
    if request.htmx and not in_corso:
        return HttpResponseClientRedirect(request.path)
    if prossima := PROSSIMA_PAGINA.get(trovata.stato) if _e_mia(request, trovata) else None:
        return redirect(prossima, trovata.uuid)
    in_coda = in_corso and _aspetta_un_altra(trovata)
    dati = {
        "importazione": trovata,
        "mia": _e_mia(request, trovata),
        "in_corso": in_corso,
        "altra_in_corso": in_coda,
        "ferma": in_corso and not in_coda and _tace(trovata),
        "passo": PASSI.get(trovata.stato, ""),
        "nate": trovata.quante_persone_nate() if trovata.stato == Stato.CARICATA else 0,
    }
    modello = "_stato" if request.htmx else "importazione"
    return render(request, f"prestazioni/importa/{modello}.html", dati)


@require_POST
@richiede(Permesso.IMPORTARE)
def carica(request, uuid):
    mia = mia_o_404(request, uuid)
    return _fai(request, mia, lambda: azioni.carica(importazione=mia, da=request.attore))


@require_POST
@richiede(Permesso.IMPORTARE)
def riprova(request, uuid):
    """Ricomincia dall'esame, con le scelte già fatte."""
    mia = mia_o_404(request, uuid)
    scelte = azioni.scelte_di(mia)
    return _fai(
        request, mia, lambda: azioni.esamina(importazione=mia, scelte=scelte, da=request.attore)
    )


@require_POST
@richiede(Permesso.IMPORTARE)
def lascia(request, uuid):
    mia = mia_o_404(request, uuid)
    try:
        azioni.lascia(importazione=mia, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
        return redirect("prestazioni:importazione", mia.uuid)
    messages.success(request, "Foglio lasciato: il file è distrutto e non è stato scritto niente.")
    return redirect("prestazioni:importa")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.IMPORTARE)
def annulla(request, uuid):
    """Togliere ciò che un'importazione ha scritto: lo può fare anche chi non l'ha caricata."""
    trovata = _dell_ente_o_404(request, uuid)
    if request.method == "GET" and trovata.stato != Stato.CARICATA:
        return redirect("prestazioni:importazione", trovata.uuid)
    motivi = []
    if request.method == "POST":
        try:
            azioni.annulla(importazione=trovata, da=request.attore)
        except ValidationError as errore:
            motivi = errore.messages
        else:
            messages.success(
                request, "Importazione annullata: le righe che aveva scritto non ci sono più."
            )
            return redirect("prestazioni:importazione", trovata.uuid)
    nate = trovata.quante_persone_nate()
    dati = {"importazione": trovata, "motivi": motivi, "nate": nate}
    stato = 422 if motivi else 200
    return render(request, "prestazioni/importa/annulla.html", dati, status=stato)


def mia_o_404(request: HttpRequest, uuid: UUID) -> Importazione:
    """L'importazione caricata da chi chiede: le righe di un foglio le vede solo chi l'ha caricato.

    Solleva Http404 per quella di un altro, anche del proprio ente.
    """
    trovata = _dell_ente_o_404(request, uuid)
    if not _e_mia(request, trovata):
        raise Http404
    return trovata


def _dell_ente_o_404(request: HttpRequest, uuid: UUID) -> Importazione:
    righe = Importazione.objects.di(request.attore.ente).select_related("utente", "annullata_da")
    trovata = righe.filter(uuid=uuid).first()
    if trovata is None:
        raise Http404
    return trovata


def _e_mia(request: HttpRequest, importazione: Importazione) -> bool:
    return importazione.utente_id == request.attore.utente.pk


def _aspetta_un_altra(importazione: Importazione) -> bool:
    """Se un'altra dell'ente è partita prima: una alla volta, questa comincia quando finisce."""
    altre = Importazione.objects.di(importazione.ente).in_corso().exclude(pk=importazione.pk)
    return not importazione.avanzamento and altre.filter(avanzamento__gt=0).exists()


def _tace(importazione: Importazione) -> bool:
    """Se da un po' il lavoro non dà segni: forse il lavoratore è caduto, e ripartirà da sé."""
    return (
        Importazione.objects.filter(pk=importazione.pk)
        .ferme_da(timezone.now() - SILENZIO)
        .exists()
    )


def _ricevi(request: HttpRequest, form: CaricaFoglioForm) -> Importazione | None:
    """L'importazione nata dal foglio caricato; None se il foglio è rifiutato, e il modulo dice perché."""
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return azioni.ricevi(
            tipo=form.cleaned_data["tipo"],
            # Un byte oltre il massimo basta alla guardia per dire che è troppo.
            contenuto=file.read(MASSIMO_BYTE + 1),
            uuid=form.cleaned_data["uuid"],
            da=request.attore,
        )
    except ValidationError as errore:
        form.add_error("file", errore.messages)
    return None


def _fai(request: HttpRequest, importazione: Importazione, gesto) -> HttpResponse:
    try:
        gesto()
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    return redirect("prestazioni:importazione", importazione.uuid)
