"""Valutare una persona sugli indicatori dell'asse di una presa in carico."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.views.decorators.http import require_http_methods

from beneficiari.azioni import valutazioni as azioni
from beneficiari.azioni.rilevazioni import RigaCambiata
from beneficiari.forms.rilevazioni import presa_in_parole
from beneficiari.forms.valutazioni import ValutazioneForm, ValutazioniForm
from beneficiari.models import Beneficiario, PresaInCarico, Valutazione
from beneficiari.views.comune import persona_o_404, vede_i_sensibili
from beneficiari.views.rilevazioni import (
    RICHIUSI,
    pagina_di_modulo,
    persona_della_riga,
    riga_o_404,
    torna,
)
from enti.permessi import Permesso, richiede


CAMBIATA = (
    "Mentre scrivevi, un'altra persona ha corretto questa valutazione. Qui sotto c'è il tuo"
    " giudizio; se vale il tuo, salva di nuovo."
)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def valuta(request, uuid):
    """`presa` sceglie la presa in carico; senza, è quella aperta per ultima."""
    persona = persona_o_404(request, uuid)
    prese = _prese(persona)
    presa = _scelta(request, prese)
    if presa is None:
        return pagina_di_modulo(request, persona, "senza_presa.html")
    form = ValutazioniForm(
        request.POST if request.method == "POST" else None,
        presa=presa,
        gia_valutata=_gia_valutata(persona, presa),
    )
    if request.method == "POST" and form.is_valid():
        try:
            scritte = _registra(request, persona, presa, form)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            quante = len(scritte)
            messages.success(
                request,
                "Una valutazione salvata." if quante == 1 else f"{quante} valutazioni salvate.",
            )
            return torna(persona, "valutazioni")
    scelte = [(str(voce.uuid), presa_in_parole(voce)) for voce in prese]
    return pagina_di_modulo(request, persona, "valuta.html", form=form, presa=presa, prese=scelte)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def valutazione(request, uuid):
    """Corregge una valutazione."""
    riga = riga_o_404(request, Valutazione.objects.per_serie(), uuid)
    persona = persona_della_riga(riga)
    form = ValutazioneForm(request.POST if request.method == "POST" else None, valutazione=riga)
    cambiata = None
    if request.method == "POST" and form.is_valid():
        try:
            azioni.correggi_valutazione(
                valutazione=riga,
                momento=form.cleaned_data["momento"],
                valutata_il=form.cleaned_data["valutata_il"],
                giudizio=form.giudizio,
                vista=request.POST.get("vista"),
                da=request.attore,
            )
        except RigaCambiata as errore:
            cambiata = errore.attuale
            form.add_error(None, CAMBIATA)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Valutazione corretta: com'era resta nella storia.")
            return torna(persona, "valutazioni")
    dati = {"form": form, "riga": riga, "cambiata": cambiata}
    dati["vista"] = (cambiata or riga).impronta
    return pagina_di_modulo(request, persona, "valutazione.html", **dati)


def _prese(persona: Beneficiario) -> list[PresaInCarico]:
    """Le prese in carico della persona: prima le aperte, poi l'ultima chiusa."""
    return list(PresaInCarico.objects.della_persona(persona).per_elenco().per_apertura())


def _scelta(request: HttpRequest, prese: list[PresaInCarico]) -> PresaInCarico | None:
    """Quella chiesta, o la prima; None se la persona non ne ha. Solleva Http404 se non è sua."""
    chiesta = request.POST.get("presa") or request.GET.get("presa")
    if not chiesta:
        return prese[0] if prese else None
    trovata = next((presa for presa in prese if str(presa.uuid) == chiesta), None)
    if trovata is None:
        raise Http404("La persona non ha questa presa in carico.")
    return trovata


def _gia_valutata(persona: Beneficiario, presa: PresaInCarico) -> bool:
    sue = Valutazione.objects.di(persona.ente, persona.chiavi)
    return sue.filter(presa=presa).exists()


def _registra(
    request: HttpRequest, persona: Beneficiario, presa: PresaInCarico, form: ValutazioniForm
) -> list[Valutazione]:
    if not vede_i_sensibili(request.attore, persona):
        raise ValidationError(RICHIUSI)
    return azioni.registra_valutazioni(
        persona=persona,
        presa=presa,
        momento=form.cleaned_data["momento"],
        valutata_il=form.cleaned_data["valutata_il"],
        giudizi=form.giudizi(),
        da=request.attore,
    )
