"""Il nucleo di una persona."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from beneficiari.azioni import nuclei as azioni
from beneficiari.forms.elenco import LETTERE_PER_CERCARE, ordina
from beneficiari.forms.nuclei import ComponenteForm, NucleoForm, NuovoComponenteForm, UscitaForm
from beneficiari.models import Beneficiario, Componente, Nucleo
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede
from registro.comune.tassonomie import scelte


TROVATE_AL_MASSIMO = 10


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def nucleo(request, uuid):
    persona = persona_o_404(request, uuid)
    sue = Componente.objects.filter(ente=request.attore.ente, beneficiario__in=persona.chiavi)
    tutti = Componente.objects.select_related("beneficiario").order_by("-al", "dal", "pk")
    nuclei = Nucleo.objects.filter(
        ente=request.attore.ente, pk__in=sue.values("nucleo")
    ).prefetch_related(Prefetch("componenti", tutti))
    dati = {
        "nuclei": nuclei.order_by("-creato_il", "-pk"),
        "chiavi": persona.chiavi,
        "tipologie": dict(scelte("tipologie_familiari")),
        **cornice_della_persona(request, persona, linguetta="nucleo"),
    }
    return render(request, "beneficiari/nuclei/nucleo.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def nuovo(request, uuid):
    persona = persona_o_404(request, uuid)
    form = NucleoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.crea_nucleo(persona=persona, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, "Nucleo creato: adesso aggiungi chi ne fa parte.")
            return redirect("beneficiari:nucleo", persona.uuid)
    dati = {"form": form, **cornice_della_persona(request, persona, linguetta="nucleo")}
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/nuclei/nuovo.html", dati, status=stato)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def componente_nuovo(request, uuid):
    """Cercare una persona dell'ente e farla entrare nel nucleo."""
    scelto = _nucleo_o_404(request, uuid)
    if request.method != "POST":
        form = NuovoComponenteForm(initial={"convivente": True})
        indicata = _indicata(request, request.GET.get("persona", ""))
        return _scegli(request, scelto, form, [indicata] if indicata else None)
    if request.POST.get("gesto") == "cerca":
        form = NuovoComponenteForm(initial=request.POST.dict())
        return _scegli(request, scelto, form, _cercate(request, scelto))
    form = NuovoComponenteForm(request.POST)
    persona = _indicata(request, request.POST.get("persona", ""))
    if form.is_valid() and persona is None:
        form.add_error("persona", "Questa persona non è fra quelle del tuo ente.")
    if form.is_valid() and persona:
        dati = {**form.cleaned_data, "persona": persona}
        try:
            entrato = azioni.aggiungi_componente(nucleo=scelto, da=request.attore, **dati)
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, "Persona aggiunta al nucleo.")
            return redirect("beneficiari:nucleo", entrato.beneficiario.uuid)
    return _scegli(request, scelto, form, [persona] if persona else None, stato=422)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def componente(request, uuid):
    """Correggere il ruolo di chi fa parte di un nucleo."""
    scelto = _componente_o_404(request, uuid)
    iniziali = {"ruolo": scelto.ruolo, "convivente": scelto.convivente}
    form = ComponenteForm(request.POST if request.method == "POST" else None, initial=iniziali)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.cambia_componente(componente=scelto, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, "Salvato.")
            return redirect("beneficiari:nucleo", scelto.beneficiario.uuid)
    return _di_un_componente(request, scelto, form, "beneficiari/nuclei/componente.html")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def componente_esce(request, uuid):
    """Dire che una persona non fa più parte di un nucleo."""
    scelto = _componente_o_404(request, uuid)
    form = UscitaForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.esci_dal_nucleo(
                componente=scelto, al=form.cleaned_data["al"], da=request.attore
            )
        except ValidationError as errore:
            form.add_error("al", errore.messages)
        else:
            messages.success(request, "Non ne fa più parte; resta scritto fino a quando.")
            return redirect("beneficiari:nucleo", scelto.beneficiario.uuid)
    return _di_un_componente(request, scelto, form, "beneficiari/nuclei/esce.html")


def _di_un_componente(request: HttpRequest, scelto: Componente, form, modello) -> HttpResponse:
    cornice = cornice_della_persona(request, scelto.beneficiario, linguetta="nucleo")
    dati = {"form": form, "componente": scelto, **cornice}
    return render(request, modello, dati, status=422 if form.is_bound else 200)


def _scegli(
    request: HttpRequest, scelto: Nucleo, form, trovate: list | None, *, stato: int = 200
) -> HttpResponse:
    membri = Componente.objects.filter(nucleo=scelto, ente=request.attore.ente, al=None)
    dati = {
        "nucleo": scelto,
        "form": form,
        "trovate": trovate,
        "testo": request.POST.get("testo", ""),
        "scelta": request.POST.get("persona") or request.GET.get("persona", ""),
        "membri": membri.select_related("beneficiario").order_by("dal", "pk"),
    }
    parte = "_trovate" if request.htmx and stato == 200 else "aggiungi"
    return render(request, f"beneficiari/nuclei/{parte}.html", dati, status=stato)


def _cercate(request: HttpRequest, scelto: Nucleo) -> list[Beneficiario]:
    """Chi si chiama così e non fa già parte del nucleo."""
    testo = request.POST.get("testo", "").strip()[:100]
    if len(testo) < LETTERE_PER_CERCARE:
        return []
    persone = Beneficiario.objects.di(request.attore.ente).presenti().filter(anonimo=False)
    gia = Componente.objects.filter(ente=request.attore.ente, nucleo=scelto, al=None)
    persone = persone.exclude(pk__in=gia.values("beneficiario"))
    return list(ordina(persone.che_si_chiamano(testo), "nome")[:TROVATE_AL_MASSIMO])


def _indicata(request: HttpRequest, uuid: str) -> Beneficiario | None:
    """La persona dell'ente con quell'identificativo, o None."""
    try:
        chiave = UUID(uuid)
    except ValueError:
        return None
    return Beneficiario.objects.di(request.attore.ente).presenti().filter(uuid=chiave).first()


def _nucleo_o_404(request: HttpRequest, uuid: UUID) -> Nucleo:
    scelto = Nucleo.objects.filter(ente=request.attore.ente, uuid=uuid).first()
    if scelto is None:
        raise Http404
    return scelto


def _componente_o_404(request: HttpRequest, uuid: UUID) -> Componente:
    dell_ente = Componente.objects.filter(ente=request.attore.ente, uuid=uuid)
    scelto = dell_ente.select_related("beneficiario", "nucleo").first()
    if scelto is None:
        raise Http404
    return scelto
