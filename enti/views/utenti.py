"""Gli utenti di un ente: chi c'è, con che ruolo, da quando; cambiare, chiudere, riaprire."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from enti.azioni import ripristini, utenti as azioni
from enti.forms.utenti import ORDINAMENTI, ChiusuraForm, FiltriUtentiForm, RuoloForm, ordina
from enti.models import Appartenenza, AppartenenzaQuerySet, Invito
from enti.permessi import Permesso, richiede
from registro.comune.elenchi import colonne_ordinabili
from registro.comune.esportazioni import Tabella, risposta_csv, risposta_xlsx


UTENTI_PER_PAGINA = 25
COLONNE = (("nome", "Utente"), ("ente", "Ente"), ("ruolo", "Ruolo"), ("dal", "Dal"), ("al", "Al"))


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.UTENTI_GESTIRE)
def elenco(request):
    filtri = FiltriUtentiForm(request.GET, da=request.attore)
    chiave = request.GET.get("ordine", "nome")
    attuale = chiave if chiave.removeprefix("-") in ORDINAMENTI else "nome"
    di_rete = request.attore.cura_la_rete
    colonne = [voce for voce in COLONNE if di_rete or voce[0] != "ente"]
    inviti = Invito.objects.gestibili_da(request.attore).in_attesa()
    if ente := filtri.in_uso.get("ente"):
        inviti = inviti.filter(ente=ente)
    pagina = Paginator(_richiesti(request, filtri), UTENTI_PER_PAGINA).get_page(
        request.GET.get("pagina")
    )
    dati = {
        "filtri": filtri,
        "pagina": pagina,
        "senza_fattore": ripristini.in_attesa_per([voce.utente for voce in pagina]),
        "colonne": colonne_ordinabili(colonne, attuale),
        "ordine": chiave,
        "inviti": inviti,
        "di_rete": di_rete,
        "usciti": filtri.in_uso.get("mostra") == filtri.USCITI,
        "puo_dare": request.attore.ruoli_che_puo_dare,
        "puo_account": request.attore.puo(Permesso.ACCOUNT_GESTIRE),
    }
    modello = "enti/utenti/_tabella.html" if request.htmx else "enti/utenti/elenco.html"
    return render(request, modello, dati)


@require_safe
@richiede(Permesso.UTENTI_GESTIRE)
def elenco_csv(request):
    return risposta_csv("utenti", _tabella(_richiesti(request)))


@require_safe
@richiede(Permesso.UTENTI_GESTIRE)
def elenco_xlsx(request):
    return risposta_xlsx("utenti", [_tabella(_richiesti(request))])


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.UTENTI_GESTIRE)
def ruolo(request, uuid):
    appartenenza = appartenenza_gestibile(request, uuid)
    scritti = request.POST if request.method == "POST" else None
    form = RuoloForm(scritti, appartenenza=appartenenza, da=request.attore)
    if request.method == "POST" and form.is_valid():
        scelto, nodo = form.cleaned_data["ruolo"], form.cleaned_data.get("nodo")
        try:
            azioni.cambia_ruolo(
                appartenenza=appartenenza, ruolo=scelto, nodo=nodo, da=request.attore
            )
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, "Ruolo cambiato: vale da adesso.")
            return redirect("enti:utenti")
    return _pagina(request, "enti/utenti/ruolo.html", appartenenza, form)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.UTENTI_GESTIRE)
def chiudi(request, uuid):
    appartenenza = appartenenza_gestibile(request, uuid)
    form = ChiusuraForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.chiudi_appartenenza(
                appartenenza=appartenenza, fine=form.fine, da=request.attore
            )
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, _chiusa(form))
            return redirect("enti:utenti")
    return _pagina(request, "enti/utenti/chiudi.html", appartenenza, form)


@require_POST
@richiede(Permesso.UTENTI_GESTIRE)
def riapri(request, uuid):
    appartenenza = appartenenza_gestibile(request, uuid)
    try:
        azioni.riapri_appartenenza(appartenenza=appartenenza, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Appartenenza riaperta da oggi, con il ruolo di prima.")
    return redirect("enti:utenti")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.ACCOUNT_GESTIRE)
def account(request, uuid):
    appartenenza = appartenenza_gestibile(request, uuid)
    utente = appartenenza.utente
    errori = []
    if request.method == "POST":
        gesto = azioni.chiudi_account if utente.is_active else azioni.riapri_account
        try:
            gesto(utente=utente, da=request.attore)
        except ValidationError as errore:
            errori = errore.messages
        else:
            messages.success(
                request, "Account riaperto." if utente.is_active else "Account chiuso."
            )
            return redirect("enti:utenti")
    dati = {"appartenenza": appartenenza, "errori": errori}
    return render(request, "enti/utenti/account.html", dati, status=422 if errori else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.UTENTI_GESTIRE)
def fattore(request, uuid):
    """Azzera il secondo fattore di chi l'ha perso, e mostra una volta il codice da dirgli a voce."""
    appartenenza = appartenenza_gestibile(request, uuid)
    dati = {"appartenenza": appartenenza, "puo": ripristini.puo_azzerare(appartenenza.utente)}
    if request.method == "POST":
        try:
            dati["codice"] = ripristini.azzera_fattore(
                utente=appartenenza.utente, da=request.attore
            )
        except ValidationError as errore:
            dati["errori"] = errore.messages
    stato = 422 if dati.get("errori") else 200
    return render(request, "enti/utenti/fattore.html", dati, status=stato)


def appartenenza_gestibile(request: HttpRequest, uuid: UUID) -> Appartenenza:
    """L'appartenenza, se è di quelle che chi chiede può curare; altrimenti 404."""
    gestibili = Appartenenza.objects.gestibili_da(request.attore).select_related("ente__nodo")
    ruoli = request.attore.ruoli_che_puo_dare
    return get_object_or_404(gestibili.filter(ruolo__in=ruoli), uuid=uuid)


def _pagina(request: HttpRequest, modello: str, appartenenza: Appartenenza, form) -> HttpResponse:
    dati = {"appartenenza": appartenenza, "form": form}
    return render(request, modello, dati, status=422 if form.is_bound else 200)


def _chiusa(form: ChiusuraForm) -> str:
    if form.fine is None:
        return "Appartenenza chiusa. Le pagine che aveva aperte si coprono entro un minuto."
    return f"L'appartenenza finisce con il {form.fine:%d/%m/%Y}."


def _richiesti(
    request: HttpRequest, filtri: FiltriUtentiForm | None = None
) -> AppartenenzaQuerySet:
    filtri = filtri or FiltriUtentiForm(request.GET, da=request.attore)
    gestibili = filtri.applica(Appartenenza.objects.gestibili_da(request.attore)).con_eccezioni()
    return ordina(gestibili, request.GET.get("ordine", "nome"))


def _tabella(appartenenze: AppartenenzaQuerySet) -> Tabella:
    intestazioni = (
        *("Cognome", "Nome", "Posta elettronica", "Ente", "Ruolo", "Nodo coordinato"),
        *("Dal", "Al", "Account"),
    )
    return Tabella("Utenti", intestazioni, [_riga(voce) for voce in appartenenze])


def _riga(voce: Appartenenza) -> tuple:
    return (
        voce.utente.cognome,
        voce.utente.nome,
        voce.utente.email,
        voce.ente.denominazione,
        voce.get_ruolo_display(),
        voce.nodo.denominazione if voce.nodo else "",
        voce.inizio,
        voce.fine,
        "attivo" if voce.utente.is_active else "chiuso",
    )
