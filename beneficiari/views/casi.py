"""Le prese in carico: quelle di una persona, la pagina di una, aprirla e cambiarla."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beneficiari.azioni import casi as azioni
from beneficiari.forms.casi import ApriCasoForm, ModificaCasoForm, SceltaForm
from beneficiari.models import Beneficiario, Nucleo, Obiettivo, Passaggio, PresaInCarico
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from beneficiari.views.cronologia import cronologia
from enti.permessi import Attore, Permesso, richiede


CORNICE_PERSONA = "beneficiari/persona/_cornice.html"
CORNICE_NUCLEO = "beneficiari/casi/_cornice_nucleo.html"


def presa_o_404(request: HttpRequest, uuid: UUID) -> PresaInCarico:
    """La presa in carico del proprio ente, con la persona o il nucleo. Solleva Http404."""
    proprie = PresaInCarico.objects.di(request.attore.ente).per_elenco().con_chi()
    try:
        return proprie.select_related("ente").get(uuid=uuid)
    except PresaInCarico.DoesNotExist:
        raise Http404 from None


def presa_in_mano_o_403(request: HttpRequest, uuid: UUID) -> PresaInCarico:
    """Quella che chi chiede può cambiare. Solleva Http404, o PermissionDenied se non la segue."""
    presa = presa_o_404(request, uuid)
    if not puo_cambiare(request.attore, presa):
        raise PermissionDenied(azioni.NON_TUA)
    return presa


def puo_cambiare(attore: Attore, presa: PresaInCarico) -> bool:
    """Se è chi la segue o chi risponde dei dati dell'ente. Lo decide la policy: qui lo si chiede
    per mostrare i bottoni che servono a qualcosa."""
    return attore.risponde_dei_dati or presa.operatore_id == attore.utente.pk


def cornice_del_caso(request: HttpRequest, presa: PresaInCarico) -> dict:
    """Il contesto di ogni pagina di una presa in carico: di una persona, o di un nucleo."""
    mia = puo_cambiare(request.attore, presa)
    dati = {"presa": presa, "mia": mia, "oggi": timezone.localdate()}
    if presa.beneficiario is not None:
        # Dopo un'unione la persona è quella tenuta, anche se il caso è della riga assorbita.
        persona = presa.beneficiario.unito_a or presa.beneficiario
        cornice = cornice_della_persona(request, persona, linguetta="casi")
        return dati | cornice | {"cornice": CORNICE_PERSONA}
    # Di un nucleo chi segue vede tutti; chi non segue apre una persona alla volta.
    return dati | {"cornice": CORNICE_NUCLEO, "sensibili_aperti": mia and presa.aperta}


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def della_persona(request, uuid):
    persona = persona_o_404(request, uuid)
    prese = PresaInCarico.objects.della_persona(persona).per_elenco().con_chi().per_apertura()
    dati = cornice_della_persona(request, persona, linguetta="casi")
    dati |= {"aperte": [], "chiuse": []}
    for presa in prese:
        dati["aperte" if presa.aperta else "chiuse"].append(presa)
    return render(request, "beneficiari/casi/della_persona.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def nuovo(request, uuid):
    persona = persona_o_404(request, uuid)
    nuclei = {str(nucleo.uuid): nucleo for nucleo in Nucleo.objects.di_adesso(persona)}
    scritti = request.POST if request.method == "POST" else None
    iniziali = _proposte(request.attore, persona)
    form = ApriCasoForm(scritti, attore=request.attore, nuclei=nuclei, initial=iniziali)
    dati = cornice_della_persona(request, persona, linguetta="casi") | {"form": form}
    if form.is_bound and form.is_valid():
        per = form.scelto(persona)
        try:
            presa = azioni.apri_caso(per=per, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            form.add_error(None, errore)
            if getattr(errore, "code", "") in azioni.GIA_APERTA:
                dati["aperta"] = _gia_aperta(per, form.cleaned_data["azione"])
        else:
            messages.success(request, "Presa in carico aperta.")
            return redirect("beneficiari:caso", presa.uuid)
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/casi/nuovo.html", dati, status=stato)


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def caso(request, uuid):
    presa = presa_o_404(request, uuid)
    dati = cornice_del_caso(request, presa)
    suoi = Obiettivo.objects.filter(presa=presa, ente=presa.ente_id).select_related("indicatore")
    passaggi = list(Passaggio.objects.mandati_da(presa.ente).filter(presa=presa).per_elenco())
    dati |= {
        "obiettivi": suoi.order_by("pk"),
        "eventi": cronologia(presa, passaggi, sensibili=dati["sensibili_aperti"]),
        "in_attesa": next((p for p in passaggi if p.stato == Passaggio.Stato.PROPOSTO), None),
    }
    return render(request, "beneficiari/casi/caso.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def modifica(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    scritti = request.POST if request.method == "POST" else None
    form = ModificaCasoForm(
        scritti, attore=request.attore, initial=ModificaCasoForm.iniziali(presa)
    )
    if form.is_bound and form.is_valid():
        try:
            return _salva(request, presa, form)
        except ValidationError as errore:
            form.add_error(None, errore)
    return _pagina_di_modifica(request, presa, form)


def _salva(request: HttpRequest, presa: PresaInCarico, form: ModificaCasoForm) -> HttpResponse:
    """Salva ciò che è scritto; se due hanno scritto insieme mostra i due testi, e non scrive."""
    campi = dict(form.cleaned_data)
    versione = campi.pop("versione")
    try:
        azioni.cambia_caso(presa=presa, versione=versione, da=request.attore, **campi)
    except azioni.PresaCambiata as cambiata:
        scelta = _scelta(request, cambiata)
        if not scelta.is_valid():
            return _pagina_di_modifica(request, presa, form, scelta)
        decisi = scelta.decisi()
        try:
            azioni.cambia_caso(presa=presa, versione=_sopra(request), da=request.attore, **decisi)
        except azioni.PresaCambiata as ancora:
            # Un terzo ha scritto nel frattempo: si sceglie di nuovo, con davanti il suo testo.
            return _pagina_di_modifica(request, presa, form, SceltaForm(None, cambiata=ancora))
    messages.success(request, "Presa in carico salvata.")
    return redirect("beneficiari:caso", presa.uuid)


def _scelta(request: HttpRequest, cambiata: azioni.PresaCambiata) -> SceltaForm:
    """La scelta già fatta davanti ai due testi; da fare, se i testi sono appena comparsi o il
    salvato è cambiato un'altra volta."""
    fatta = _sopra(request) == cambiata.attuale.versione
    return SceltaForm(request.POST if fatta else None, cambiata=cambiata)


def _sopra(request: HttpRequest) -> int:
    """La versione che chi ha scelto aveva davanti; zero se non ha ancora scelto."""
    scritta = request.POST.get("sopra", "")
    return int(scritta) if scritta.isdecimal() and len(scritta) < 10 else 0


def _pagina_di_modifica(request, presa, form, scelta: SceltaForm | None = None) -> HttpResponse:
    dati = cornice_del_caso(request, presa) | {"form": form, "scelta": scelta}
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/casi/modifica.html", dati, status=stato)


def _proposte(attore: Attore, persona: Beneficiario) -> dict:
    """L'azione dell'ultima presa in carico, oggi, chi apre."""
    ultima = PresaInCarico.objects.della_persona(persona).order_by("-aperta_il", "-pk")
    ultima = ultima.select_related("azione").first()
    suo = attore.ente.appartenenze.in_corso().filter(utente=attore.utente).first()
    return {
        "azione": ultima.azione.slug if ultima else "",
        "aperta_il": timezone.localdate(),
        "operatore": suo.uuid if suo else None,
    }


def _gia_aperta(per: Beneficiario | Nucleo, azione) -> PresaInCarico | None:
    aperte = PresaInCarico.objects.filter(ente=per.ente_id, azione=azione).aperte()
    if isinstance(per, Nucleo):
        return aperte.filter(nucleo=per).first()
    return aperte.filter(beneficiario_id__in=per.chiavi).first()
