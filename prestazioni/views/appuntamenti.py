"""Un appuntamento: fissarlo, spostarlo, dire com'è andato."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from beneficiari.codici import CodiceErrato
from beneficiari.forms.elenco import LETTERE_PER_CERCARE
from beneficiari.models import Beneficiario
from beneficiari.models.ricerche import con_questo_codice, sembra_un_codice
from enti.permessi import Attore, Permesso, richiede
from prestazioni.azioni import agenda as azioni
from prestazioni.forms.agenda import (
    AppuntamentoForm,
    FattoForm,
    iniziali_dell_appuntamento,
    iniziali_nuovo,
)
from prestazioni.forms.chi import persone_scelte, scelte_scritte
from prestazioni.models import Appuntamento
from prestazioni.models.proposte import (
    Candidata,
    candidate,
    persone_recenti,
    servizi_per_uso,
    ultime_di,
)


CERCA, CHIUDI = "cerca", "chiudi"
TROVATE_AL_MASSIMO = 8
Stato = Appuntamento.Stato
DETTO = {
    Stato.FATTO: "Chiuso come fatto, senza registrare una prestazione.",
    Stato.MANCATO: "Segnato: non si è presentata.",
    Stato.ANNULLATO: "Annullato.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def nuovo(request):
    """Fissare un appuntamento. Nell'indirizzo: `persona` il suo uuid, `giorno` quando."""
    giorno = request.GET.get("giorno") or timezone.localdate()
    return _modulo(request, None, iniziali_nuovo(giorno))


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def appuntamento(request, uuid):
    """Spostarlo, o cambiarne le altre cose, finché è previsto; dopo, guardarlo."""
    suo = _mio_o_404(request, uuid)
    return _modulo(request, suo, iniziali_dell_appuntamento(suo))


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def fatto(request, uuid):
    """Un tocco lo registra; se manca qualcosa lo chiede. Con `gesto` «chiudi» lo chiude e basta."""
    suo = _mio_o_404(request, uuid)
    if request.POST.get("gesto") == CHIUDI:
        return _segna(request, suo, Stato.FATTO)
    com_e = iniziali_dell_appuntamento(suo)
    form = FattoForm(
        # Il solo tocco su «Fatto» non porta il modulo: basta ciò che l'appuntamento dice già.
        request.POST if "servizio" in request.POST else None,
        initial={nome: com_e[nome] for nome in ("servizio", "durata")},
        servizi=servizi_per_uso(request.attore, timezone.localdate(suo.quando)),
    )
    if request.method == "POST" and _si_registra(suo, form) and _registrato(request, suo, form):
        messages.success(request, "Registrato. Se è un errore, rimettilo fra i previsti.")
        return redirect(_alla_giornata(suo))
    stato = 422 if form.is_bound else 200
    dati = {"form": form, "appuntamento": suo}
    return render(request, "prestazioni/agenda/fatto.html", dati, status=stato)


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def mancato(request, uuid):
    return _segna(request, _mio_o_404(request, uuid), Stato.MANCATO)


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def annulla(request, uuid):
    return _segna(request, _mio_o_404(request, uuid), Stato.ANNULLATO)


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def rimetti(request, uuid):
    """Torna fra i previsti: ciò che ne era nato si annulla."""
    suo = _mio_o_404(request, uuid)
    try:
        azioni.rimetti(suo, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join([*errore.messages, "L'appuntamento è rimasto com'era."]))
    else:
        messages.success(request, "È di nuovo fra i previsti.")
    return redirect(_alla_giornata(suo))


def _segna(request: HttpRequest, suo: Appuntamento, come: str) -> HttpResponse:
    try:
        azioni.chiudi(suo, come=come, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, f"{DETTO[come]} Se è un errore, rimettilo fra i previsti.")
    return redirect(_alla_giornata(suo))


def _si_registra(suo: Appuntamento, form: FattoForm) -> bool:
    """Se c'è tutto: il modulo mandato è valido, o l'appuntamento basta a se stesso."""
    if form.is_bound:
        return form.is_valid()
    return suo.persona is None or bool(suo.servizio and suo.minuti)


def _registrato(request: HttpRequest, suo: Appuntamento, form: FattoForm) -> bool:
    """Registra l'appuntamento; se una regola rifiuta lo dice, e rende falso."""
    dati = form.cleaned_data if form.is_bound else {}
    try:
        azioni.fatto(
            suo, da=request.attore, servizio=dati.get("servizio"), minuti=dati.get("durata")
        )
    except ValidationError as errore:
        if form.is_bound:
            form.add_error(None, errore.messages)
        else:
            messages.error(request, " ".join(errore.messages))
        return False
    return True


def _modulo(request: HttpRequest, suo: Appuntamento | None, iniziali: dict) -> HttpResponse:
    attore = request.attore
    cerca = _si_cerca(request)
    servizi = servizi_per_uso(attore, timezone.localdate())
    if suo and suo.servizio and suo.servizio not in servizi:
        servizi = [suo.servizio, *servizi]
    scritto = request.POST if request.method == "POST" and not cerca else None
    if cerca:
        iniziali = request.POST.dict()
    form = AppuntamentoForm(scritto, initial=iniziali, da=attore, servizi=servizi)
    trovate, frase = _trovate(attore, request.POST.get("testo", "")) if cerca else ([], "")
    scelta, pastiglie = _pastiglie(request, suo, trovate)
    if form.is_bound and form.is_valid():
        fissato = _salva(request, form, suo, scelta)
        if fissato is not None:
            return redirect(_alla_giornata(fissato))
    dati = {
        "form": form,
        "appuntamento": suo,
        "scelta": scelta,
        "pastiglie": pastiglie,
        "frase": frase,
    }
    stato = 422 if form.is_bound else 200
    return render(request, "prestazioni/agenda/appuntamento.html", dati, status=stato)


def _si_cerca(request: HttpRequest) -> bool:
    """Se si è chiesto di cercare una persona, col bottone o premendo Invio dopo il nome."""
    scritto = request.POST
    a_meta = bool(scritto.get("testo", "").strip()) and not scritto.get("persona")
    return scritto.get("gesto") == CERCA or a_meta


def _salva(
    request: HttpRequest,
    form: AppuntamentoForm,
    suo: Appuntamento | None,
    scelta: Candidata | None,
) -> Appuntamento | None:
    """L'appuntamento scritto; None, con gli errori nel modulo, se non si è potuto."""
    impegno = form.impegno(scelta)
    if impegno is None:
        return None
    try:
        if suo is None:
            fissato = azioni.fissa(impegno, uuid=form.cleaned_data["uuid"], da=request.attore)
        else:
            azioni.sposta(suo, impegno, da=request.attore)
            fissato = suo
            fissato.quando = impegno.quando
    except ValidationError as errore:
        form.rifiutato(errore)
        return None
    messages.success(request, "In agenda." if suo is None else "Cambiato.")
    return fissato


def _pastiglie(
    request: HttpRequest, suo: Appuntamento | None, trovate: list[Beneficiario]
) -> tuple[Candidata | None, list[Candidata]]:
    """Chi è scelto, e tutte le persone da mostrare: la scelta, le trovate, le recenti."""
    attore, ultime = request.attore, ultime_di(request.attore)
    scelte = scelte_scritte(request.POST if request.method == "POST" else request.GET)
    if suo and suo.persona and request.method != "POST":
        scelte = {str(suo.persona.uuid): ""}
    scelte = dict(list(scelte.items())[:1])
    persone = [*persone_scelte(attore, scelte), *trovate, *persone_recenti(attore, ultime)]
    uniche = list({persona.pk: persona for persona in persone}.values())
    azione = ultime.ultima.azione_id if ultime.ultima else None
    voci = candidate(attore, uniche, scelte=scelte, azione=azione)
    return next((voce for voce in voci if voce.scelta), None), voci


def _trovate(attore: Attore, testo: str) -> tuple[list[Beneficiario], str]:
    """Chi si chiama così fra le persone dell'ente, e la frase da dire se non c'è o ce n'è troppe."""
    testo = testo.strip()[:100]
    if len(testo) < LETTERE_PER_CERCARE:
        return [], f"Scrivi almeno {LETTERE_PER_CERCARE} lettere."
    try:
        if sembra_un_codice(testo):
            trovati = con_questo_codice(attore.ente, testo)
        else:
            trovati = Beneficiario.objects.di(attore.ente).presenti().che_si_chiamano(testo)
            trovati = trovati.per_nome()
        lette = list(trovati[: TROVATE_AL_MASSIMO + 1])
    except CodiceErrato as errore:
        return [], errore.frase
    if len(lette) > TROVATE_AL_MASSIMO:
        return lette[:TROVATE_AL_MASSIMO], "Ce ne sono altre: scrivi qualche lettera in più."
    return lette, "" if lette else "Nessuna persona del tuo ente si chiama così."


def _mio_o_404(request: HttpRequest, uuid: UUID) -> Appuntamento:
    """Il proprio appuntamento, o quello di un collega per chi risponde dei dati."""
    dell_ente = Appuntamento.objects.filter(ente=request.attore.ente)
    di_chi = dell_ente.filter(uuid=uuid).per_calcolo().values_list("operatore", flat=True)
    if not di_chi:
        raise Http404
    # Si guarda prima di chi è: leggerlo lascerebbe traccia di ciò che non si mostra.
    if di_chi[0] != request.attore.utente.pk and not request.attore.risponde_dei_dati:
        raise PermissionDenied(azioni.NON_TUO)
    return get_object_or_404(dell_ente.per_elenco(), uuid=uuid)


def _alla_giornata(suo: Appuntamento) -> str:
    giorno = timezone.localdate(suo.quando)
    return f"{reverse('prestazioni:agenda')}?giorno={giorno:%Y-%m-%d}#giorno-{giorno:%Y-%m-%d}"
