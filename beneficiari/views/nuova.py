"""Inserire una persona, guardando prima se c'è già; o un accesso anonimo."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiari.azioni import persone as azioni
from beneficiari.azioni.codici import CodiceDiUnAltra, CodiceScritto
from beneficiari.forms.anagrafica import NuovaPersonaForm
from beneficiari.models import Beneficiario, Identificativo, Nucleo
from beneficiari.models.doppioni import simili
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede
from registro.comune.tassonomie import comuni


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def nuova(request):
    """Una persona nuova. Con `nucleo` nell'indirizzo, dopo si aggiunge a quel nucleo."""
    if request.method != "POST":
        return _modulo(request, NuovaPersonaForm())
    form = NuovaPersonaForm(request.POST)
    if not form.is_valid():
        return _modulo(request, form)
    gia_scritte = _simili(request, form)
    mai_viste = {str(voce.uuid) for voce in gia_scritte} - form.uuid_viste
    if mai_viste:
        # Senza JavaScript le simili si vedono qui per la prima volta: si chiede di guardarle.
        return _modulo(request, form, simili=gia_scritte, da_guardare=True)
    dati = form.cleaned_data
    try:
        persona = azioni.inserisci_persona(
            da=request.attore,
            codice=dati["codice_fiscale"],
            telefono=dati["telefono"].strip(),
            **form.campi(),
        )
    except CodiceDiUnAltra as errore:
        form.add_error("codice_fiscale", errore.messages)
        return _modulo(request, form, simili=[errore.persona])
    except ValidationError as errore:
        form.add_error(None, errore.messages)
        return _modulo(request, form, simili=gia_scritte)
    return _inserita(request, persona)


@require_POST
@richiede(Permesso.PERSONE_SCRIVERE)
def nuova_simili(request):
    """Chi c'è già e le somiglia, mentre si scrive: si guarda ciò che è scritto fin qui."""
    form = NuovaPersonaForm(request.POST)
    form.is_valid()
    return render(request, "beneficiari/nuova/_simili.html", {"simili": _simili(request, form)})


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def nuova_anonima(request):
    if request.method == "POST":
        persona = azioni.inserisci_anonimo(da=request.attore)
        return redirect("beneficiari:codice_anonimo", persona.uuid)
    return render(request, "beneficiari/nuova/anonima.html")


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def codice_anonimo(request, uuid):
    """Il codice da dare alla persona, in grande, da stampare."""
    persona = persona_o_404(request, uuid)
    if not persona.anonimo:
        return redirect("beneficiari:persona", persona.uuid)
    dati = cornice_della_persona(request, persona, linguetta="")
    return render(request, "beneficiari/nuova/codice.html", dati)


def _inserita(request: HttpRequest, persona: Beneficiario) -> HttpResponse:
    nucleo = _nucleo(request)
    if nucleo:
        messages.success(request, "Persona inserita: adesso dille che ruolo ha nel nucleo.")
        pagina = reverse("beneficiari:componente_nuovo", args=[nucleo.uuid])
        return redirect(f"{pagina}?persona={persona.uuid}")
    messages.success(request, "Persona inserita.")
    return redirect("beneficiari:persona", persona.uuid)


def _nucleo(request: HttpRequest) -> Nucleo | None:
    """Il nucleo a cui si sta aggiungendo qualcuno, se l'indirizzo lo dice ed è dell'ente."""
    try:
        return Nucleo.objects.filter(
            ente=request.attore.ente, uuid=request.GET.get("nucleo")
        ).first()
    except ValidationError:
        return None


def _modulo(request: HttpRequest, form: NuovaPersonaForm, **altro) -> HttpResponse:
    dati = {"form": form, "comuni": comuni(), "nucleo": _nucleo(request), **altro}
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/nuova/nuova.html", dati, status=stato)


def _simili(request: HttpRequest, form: NuovaPersonaForm) -> list[Beneficiario]:
    """Chi potrebbe già essere quella persona, con ciò che di valido è scritto finora."""
    dati = form.cleaned_data
    cognome, nome = dati.get("cognome", ""), dati.get("nome", "")
    nascita, codice = dati.get("nascita"), dati.get("codice_fiscale")
    if not codice and len(f"{cognome}{nome}".strip()) < 3:
        return []
    trovate = simili(
        request.attore.ente,
        cognome=cognome,
        nome=nome,
        nascita=nascita.giorno if nascita else None,
        stimata=bool(nascita and nascita.solo_anno),
        indici=_indici(request, codice),
    )
    return list(trovate)


def _indici(request: HttpRequest, codice: CodiceScritto | None) -> list[bytes]:
    if not codice:
        return []
    ente = request.attore.ente.pk
    return [Identificativo.indice_di(codice.tipo, ente=ente, normale=codice.normale)]
