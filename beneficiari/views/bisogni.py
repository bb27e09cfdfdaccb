"""I bisogni di una persona: rilevarne più d'uno insieme, dirne lo stato, chiuderli, riaprirli."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from beneficiari.azioni import bisogni as azioni
from beneficiari.azioni.rilevazioni import RigaCambiata
from beneficiari.forms.bisogni import BisogniForm, BisognoForm, ChiusuraBisognoForm
from beneficiari.models import Beneficiario, BisognoRilevato, PresaInCarico
from beneficiari.views.comune import persona_o_404, vede_i_sensibili
from beneficiari.views.rilevazioni import (
    ANNULLABILE,
    RICHIUSI,
    pagina_di_modulo,
    persona_della_riga,
    riga_o_404,
    torna,
)
from enti.permessi import Permesso, richiede
from registro.comune.tassonomie import voci


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def aggiungi(request, uuid):
    persona = persona_o_404(request, uuid)
    form = _lista(request, persona)
    if request.method == "POST" and form.is_valid():
        try:
            aperti = _aggiungi(request, persona, form)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            quanti = len(aperti)
            messages.success(
                request, "Un bisogno aggiunto." if quanti == 1 else f"{quanti} bisogni aggiunti."
            )
            return torna(persona, "bisogni")
    ancore = [voce for voce in voci("gravita") if voce.nota]
    return pagina_di_modulo(request, persona, "aggiungi_bisogni.html", form=form, ancore=ancore)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@richiede(Permesso.PERSONE_SCRIVERE)
def bisogno(request, uuid):
    """Il modulo di un bisogno; «gesto» dice che cosa farne."""
    riga = riga_o_404(request, BisognoRilevato.objects.per_elenco(), uuid)
    if request.method != "POST":
        # Con HTMX «Lascia com'è» rimette la riga al posto del modulo.
        lascia = request.htmx and request.GET.get("lascia")
        return _riga(request, riga) if lascia else _modulo(request, riga)
    gesto = request.POST.get("gesto", "salva")
    if gesto not in GESTI:
        raise Http404("Gesto sconosciuto.")
    return GESTI[gesto](request, riga)


def _lista(request: HttpRequest, persona: Beneficiario) -> BisogniForm:
    righe = BisognoRilevato.objects.di(request.attore.ente, persona.chiavi).aperti()
    prese = PresaInCarico.objects.della_persona(persona).aperte()
    return BisogniForm(
        request.POST if request.method == "POST" else None,
        aperti=set(righe.per_calcolo().values_list("bisogno_id", flat=True)),
        prese=prese.per_elenco().per_apertura(),
    )


def _aggiungi(request: HttpRequest, persona: Beneficiario, form: BisogniForm) -> list:
    if not vede_i_sensibili(request.attore, persona):
        raise ValidationError(RICHIUSI)
    return azioni.aggiungi_bisogni(
        persona=persona,
        bisogni=form.scelti,
        rilevato_il=form.cleaned_data["rilevato_il"],
        presa=form.cleaned_data.get("presa"),
        da=request.attore,
    )


def _salva(request: HttpRequest, riga: BisognoRilevato) -> HttpResponse:
    form = BisognoForm(request.POST, bisogno=riga)
    if not form.is_valid():
        return _modulo(request, riga, form=form)
    scrivi = partial(azioni.aggiorna_bisogno, **form.cleaned_data)
    return _tenta(request, riga, scrivi, form=form)


def _chiudi(request: HttpRequest, riga: BisognoRilevato) -> HttpResponse:
    form = ChiusuraBisognoForm(request.POST, bisogno=riga)
    if not form.is_valid():
        return _modulo(request, riga, chiusura=form)
    scrivi = partial(
        azioni.chiudi_bisogno,
        chiuso_il=form.cleaned_data["chiuso_il"],
        stato=form.stato_finale,
    )
    return _tenta(request, riga, scrivi, chiusura=form)


def _riapri(request: HttpRequest, riga: BisognoRilevato) -> HttpResponse:
    return _tenta(request, riga, azioni.riapri_bisogno)


def _annulla(request: HttpRequest, riga: BisognoRilevato) -> HttpResponse:
    rimetti = partial(azioni.rimetti_bisogno, era=request.POST.get("era", ""))
    return _tenta(request, riga, rimetti, annullabile=False)


GESTI = {"salva": _salva, "chiudi": _chiudi, "riapri": _riapri, "annulla": _annulla}


def _tenta(
    request: HttpRequest, riga: BisognoRilevato, scrivi, *, annullabile: bool = True, **moduli
) -> HttpResponse:
    era = riga.impronta
    try:
        scritta = scrivi(bisogno=riga, visto=request.POST.get("visto"), da=request.attore)
    except RigaCambiata as cambiata:
        return _modulo(request, riga, cambiata=cambiata.attuale, **moduli)
    except ValidationError as errore:
        return _modulo(request, riga, errore=errore, **moduli)
    if not annullabile or era == scritta.impronta:
        era = ""
    if request.htmx:
        return _riga(request, _riletta(riga), era=era, scritta=True)
    frase = "Salvato." if annullabile else "Annullato: il bisogno è di nuovo com'era."
    messages.success(request, frase)
    if era:
        request.session[ANNULLABILE] = [str(riga.uuid), era]
    return torna(persona_della_riga(riga), f"bisogno-{riga.uuid}")


def _riletta(riga: BisognoRilevato) -> BisognoRilevato:
    return BisognoRilevato.objects.per_elenco().get(pk=riga.pk)


def _riga(request: HttpRequest, riga: BisognoRilevato, **dati) -> HttpResponse:
    dati = {"riga": riga, "era": "", **dati}
    return render(request, "beneficiari/rilevazioni/_bisogno.html", dati)


def _modulo(
    request: HttpRequest,
    riga: BisognoRilevato,
    *,
    form: BisognoForm | None = None,
    chiusura: ChiusuraBisognoForm | None = None,
    cambiata: BisognoRilevato | None = None,
    errore: ValidationError | None = None,
) -> HttpResponse:
    """Il modulo del bisogno: al posto della riga con HTMX, in una pagina sua senza."""
    scritto = form or chiusura
    if errore and scritto and not riga.chiuso_il and _e_suo(errore, scritto):
        scritto.add_error(None, errore)
        errore = None
    dati = {
        "riga": riga,
        "visto": (cambiata or riga).impronta,
        "cambiata": cambiata,
        "frasi": errore.messages if errore else [],
        "form": form or BisognoForm(bisogno=riga),
        "chiusura": chiusura or ChiusuraBisognoForm(bisogno=riga),
    }
    if not request.htmx:
        return pagina_di_modulo(request, persona_della_riga(riga), "bisogno.html", **dati)
    stato = 422 if request.method == "POST" else 200
    modello = "beneficiari/rilevazioni/_bisogno_modulo.html"
    return render(request, modello, dati, status=stato)


def _e_suo(errore: ValidationError, form) -> bool:
    """Se il modulo può dire ogni frase: parla di un suo campo, o di nessuno."""
    return set(getattr(errore, "error_dict", ())) <= set(form.fields)
