"""Ciò che c'è in un foglio caricato: le colonne, i dubbi, le righe. Lo vede solo chi l'ha caricato."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assi.models import Servizio
from enti.permessi import Permesso, richiede
from prestazioni.azioni import importazioni as azioni
from prestazioni.forms.importa import (
    ChiMancaForm,
    ColonneForm,
    LetturaForm,
    ScelteForm,
    ScioglimentiForm,
)
from prestazioni.importo.apertura import Proposta
from prestazioni.importo.campi import DI_CHI, DOPPIONI_CARICABILI
from prestazioni.importo.stati import StatoRiga
from prestazioni.importo.tipi import Esame
from prestazioni.models import Importazione
from prestazioni.views.importa import mia_o_404
from prestazioni.views.importa_esame import (
    di_chi_manca,
    di_tutte_le_righe,
    numeri_delle_righe,
    righe_mostrate,
)
from privacy.gruppi import Uscita
from privacy.letture import esce_come
from registro.comune.esportazioni import risposta_xlsx


Stato = Importazione.Stato
RIGHE_PER_PAGINA = 50
DUBBI_PER_PAGINA = 10
# Nessun foglio ha righe con più cifre; Python si rifiuta di leggere un numero di migliaia.
CIFRE_DI_UNA_RIGA = 9
DOPPIE = (StatoRiga.DOPPIA, StatoRiga.IN_PARTE)
SUI_DOPPIONI = {
    "salta": {"doppioni": "salta"},
    "carica": {"doppioni": "carica"},
    "salta_in_parte": {"in_parte": "salta"},
    "carica_in_parte": {"in_parte": "carica"},
    "rimetti": {
        "doppioni": "rifiuta",
        "in_parte": "rifiuta",
        "righe_saltate": [],
        "righe_confermate": [],
    },
}
# Ciò che si fa delle sole righe scelte: il campo di `Scelte` che ne tiene i numeri.
SULLE_RIGHE = {"salta_scelte": "righe_saltate", "carica_scelte": "righe_confermate"}
NESSUNA_SCELTA = (
    "Non hai scelto nessuna riga e non è cambiato niente: segna quelle che vuoi, poi riprova."
)
SENZA_SCELTA = (
    "La risposta non è arrivata e non è cambiato niente: scegli che cosa fare delle righe doppie."
)
NIENTE_SCELTO = "Non hai scelto niente: rispondi almeno a una domanda, oppure torna alle righe."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@richiede(Permesso.IMPORTARE)
def colonne(request, uuid):
    """Che cosa dice ogni colonna. `rileggi` prova un altro foglio o un'altra intestazione."""
    mia = mia_o_404(request, uuid)
    if mia.stato not in azioni.SI_ABBINA:
        return redirect("prestazioni:importazione", mia.uuid)
    try:
        proposta, avviso = _proposta(request, mia)
    except ValidationError as errore:
        return _senza_foglio(request, mia, errore)
    form, scelte = _moduli(request, mia, proposta)
    if form.is_bound and form.is_valid() and scelte.is_valid():
        try:
            _esamina(request, mia, form, scelte)
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            return redirect("prestazioni:importazione", mia.uuid)
    lettura = {"foglio": proposta.foglio, "riga": proposta.riga_intestazione}
    dati = {
        "importazione": mia,
        "passo": "colonne",
        "proposta": proposta,
        "avviso": avviso,
        "lettura": LetturaForm(fogli=proposta.fogli, initial=lettura),
        "form": form,
        "scelte": scelte,
    }
    guasto = form.is_bound or bool(avviso)
    return render(request, "prestazioni/importa/colonne.html", dati, status=422 if guasto else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@richiede(Permesso.IMPORTARE)
def dubbi(request, uuid):
    """Chi è una persona scritta nel foglio, quale servizio è un nome che non si riconosce."""
    mia = mia_o_404(request, uuid)
    esame = _esame(request, mia)
    if esame is None:
        return _dove_va(request, mia)
    pagina, form = _domande(request, mia, esame)
    if request.method == "POST" and form.is_valid():
        try:
            _sciogli(request, mia, form)
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            return redirect("prestazioni:importazione", mia.uuid)
    dati = {
        "importazione": mia,
        "passo": "righe",
        "esame": esame,
        "pagina": pagina,
        "form": form,
    }
    return render(
        request, "prestazioni/importa/dubbi.html", dati, status=422 if form.is_bound else 200
    )


@require_safe
@never_cache
@richiede(Permesso.IMPORTARE)
def anteprima(request, uuid):
    """Le righe del foglio, ognuna col suo problema in parole, e che cosa manca per caricarle."""
    mia = mia_o_404(request, uuid)
    esame = _esame(request, mia)
    if esame is None:
        return _dove_va(request, mia)
    return _mostra_righe(request, mia, esame)


@require_POST
@never_cache
@richiede(Permesso.IMPORTARE)
def chi_manca(request, uuid):
    """Le persone scritte nel foglio che l'ente non ha: si creano, o no; poi si riesamina."""
    mia = mia_o_404(request, uuid)
    esame = _esame(request, mia)
    if esame is None:
        return _dove_va(request, mia)
    form = _chi_manca(request, mia, request.POST) if "crea" in request.POST else None
    if form and not form.is_valid():
        return _mostra_righe(request, mia, esame, form)
    try:
        if form:
            azioni.decidi(importazione=mia, da=request.attore, **form.opzioni())
        else:
            azioni.non_creare(importazione=mia, da=request.attore)
    except ValidationError as errore:
        return _non_riparte(request, mia, errore)
    return redirect("prestazioni:importazione", mia.uuid)


def _mostra_righe(
    request: HttpRequest,
    mia: Importazione,
    esame: Esame,
    form: ChiMancaForm | None = None,
) -> HttpResponse:
    """La pagina delle righe; `form` è il modulo di chi manca, se è tornato indietro con un errore."""
    solo = request.GET.get("solo", "")
    numeri = numeri_delle_righe(esame, solo)
    pagina = Paginator(numeri, RIGHE_PER_PAGINA).get_page(
        _pagina_della_riga(numeri, request.GET.get("riga", "")) or request.GET.get("pagina")
    )
    try:
        lette = azioni.leggi_righe(importazione=mia, numeri=list(pagina), da=request.attore)
    except ValidationError as errore:
        return _senza_foglio(request, mia, errore)
    righe = list(righe_mostrate(esame, lette))
    si_caricano = mia.tipo in DOPPIONI_CARICABILI
    dati = {
        "importazione": mia,
        "passo": "righe",
        "esame": esame,
        "solo": solo,
        "pagina": pagina,
        "righe": righe,
        "si_sceglie": si_caricano and any(riga.stato in DOPPIE for riga in righe),
        "si_caricano": si_caricano,
        **di_tutte_le_righe(esame, azioni.scelte_di(mia)),
        **di_chi_manca(esame, azioni.scelte_di(mia)),
        "form": form or _chi_manca(request, mia),
    }
    stato = 422 if form else 200
    return render(request, "prestazioni/importa/anteprima.html", dati, status=stato)


@require_POST
@richiede(Permesso.IMPORTARE)
def doppioni(request, uuid):
    """Le righe che ci sono già, tutte o in parte: si saltano, si caricano lo stesso, o si rimettono,
    tutte insieme o solo quelle scelte; poi si riesamina."""
    mia = mia_o_404(request, uuid)
    gesto = request.POST.get("doppioni", "")
    scelta = SUI_DOPPIONI.get(gesto)
    if gesto in SULLE_RIGHE:
        scelta = _sulle_righe(request, mia, SULLE_RIGHE[gesto])
    if not scelta:
        messages.error(request, NESSUNA_SCELTA if gesto in SULLE_RIGHE else SENZA_SCELTA)
        return redirect("prestazioni:importazione", mia.uuid)
    try:
        azioni.decidi(importazione=mia, da=request.attore, **scelta)
    except ValidationError as errore:
        return _non_riparte(request, mia, errore)
    return redirect("prestazioni:importazione", mia.uuid)


@require_safe
@never_cache
@richiede(Permesso.IMPORTARE)
def rifiutate(request, uuid):
    """Le righe rifiutate com'erano, col motivo nell'ultima colonna."""
    mia = mia_o_404(request, uuid)
    esce_come(Uscita.FOGLIO)
    try:
        tabella = azioni.righe_rifiutate(importazione=mia, da=request.attore)
    except ValidationError as errore:
        return _senza_foglio(request, mia, errore)
    return risposta_xlsx("righe-rifiutate", [tabella])


def _proposta(request: HttpRequest, importazione: Importazione) -> tuple[Proposta, str]:
    """Ciò che si è capito del foglio, nella lettura chiesta; se quella non va, la prima e il perché.

    Solleva ValidationError se il foglio non si può leggere in nessun modo.
    """
    chiesto = request.POST.get("foglio", "")
    foglio, riga = chiesto or None, request.POST.get("riga", "")
    # Cambiando foglio la riga di prima non vale più: si cerca da capo.
    altro_foglio = "rileggi" in request.POST and chiesto != request.POST.get("letto", "")
    numero = None if altro_foglio else _numero_scritto(riga)
    try:
        chiesta = azioni.proponi(
            importazione=importazione,
            da=request.attore,
            foglio=foglio,
            riga_intestazione=numero,
        )
    except ValidationError as errore:
        if errore.code == "scaduto" or (foglio is None and numero is None):
            raise
        return azioni.proponi(importazione=importazione, da=request.attore), errore.messages[0]
    return chiesta, ""


def _moduli(
    request: HttpRequest, importazione: Importazione, proposta: Proposta
) -> tuple[ColonneForm, ScelteForm]:
    """Le colonne e le scelte, riempite con ciò che si è mandato; rileggere non manda niente."""
    mandato = request.method == "POST" and "rileggi" not in request.POST
    inviato = request.POST if mandato else None
    scelte = azioni.scelte_di(importazione)
    return (
        ColonneForm(inviato, proposta=proposta, tipo=importazione.tipo),
        ScelteForm(inviato, tipo=importazione.tipo, ente=request.attore.ente, scelte=scelte),
    )


def _esamina(
    request: HttpRequest, importazione: Importazione, form: ColonneForm, scelte: ScelteForm
) -> None:
    fatte = azioni.scelte_di(importazione)
    if fatte.foglio and fatte.foglio != form.proposta.foglio:
        # Risposte e righe saltate erano di un altro foglio.
        fatte = fatte.con(persone={}, righe_saltate=[], righe_confermate=[])
    elif _di_chi(fatte.colonne) != _di_chi(form.colonne):
        # Una risposta è su chi sta in quella cella: da un'altra colonna ci starebbe un altro.
        fatte = fatte.con(persone={})
    opzioni = scelte.opzioni()
    if opzioni.get("nuove_persone") is False:
        fatte = fatte.senza_nuove()
    fatte = fatte.con(
        foglio=form.proposta.foglio,
        riga_intestazione=form.proposta.riga_intestazione,
        colonne=form.colonne,
        **opzioni,
    )
    azioni.esamina(importazione=importazione, scelte=fatte, da=request.attore)


def _di_chi(colonne: Mapping[str, str]) -> dict[str, str]:
    return {lettera: campo for lettera, campo in colonne.items() if campo in DI_CHI}


def _domande(
    request: HttpRequest, importazione: Importazione, esame: Esame
) -> tuple[Page, ScioglimentiForm]:
    """Una pagina di dubbi e il suo modulo; i servizi si chiedono tutti nella prima."""
    pagina = Paginator(list(enumerate(esame.dubbi)), DUBBI_PER_PAGINA).get_page(
        request.GET.get("pagina")
    )
    azioni.mostra_dubbi(importazione=importazione, dubbi=[d for _, d in pagina], da=request.attore)
    form = ScioglimentiForm(
        request.POST if request.method == "POST" else None,
        dubbi=list(pagina),
        ignoti=list(enumerate(esame.servizi_ignoti)) if pagina.number == 1 else [],
        servizi=Servizio.objects.di(request.attore.ente).filter(al=None).per_elenco(),
    )
    return pagina, form


def _sciogli(request: HttpRequest, importazione: Importazione, form: ScioglimentiForm) -> None:
    if not form.persone and not form.servizi and not form.righe_saltate:
        raise ValidationError(NIENTE_SCELTO)
    gia = azioni.scelte_di(importazione).righe_saltate
    azioni.decidi(
        importazione=importazione,
        da=request.attore,
        persone=form.persone,
        servizi=form.servizi,
        righe_saltate=sorted({*gia, *form.righe_saltate}),
    )


def _chi_manca(request: HttpRequest, importazione: Importazione, inviato=None) -> ChiMancaForm:
    return ChiMancaForm(
        inviato,
        tipo=importazione.tipo,
        ente=request.attore.ente,
        scelte=azioni.scelte_di(importazione),
    )


def _sulle_righe(
    request: HttpRequest, importazione: Importazione, campo: str
) -> dict[str, list[int]]:
    """Le righe doppie segnate nella pagina, aggiunte a quelle che `campo` ha già; vuoto se nessuna."""
    esame = _esame(request, importazione)
    doppie = {doppione.riga for doppione in esame.doppioni} if esame else set()
    segnate = {_numero_scritto(testo) for testo in request.POST.getlist("riga")}
    if not segnate & doppie:
        return {}
    gia = getattr(azioni.scelte_di(importazione), campo)
    return {campo: sorted({*gia, *(segnate & doppie)})}


def _esame(request: HttpRequest, importazione: Importazione) -> Esame | None:
    """L'esame da mostrare; None se l'importazione è altrove, o il file non c'è più."""
    if importazione.stato != Stato.ESAMINATA:
        return None
    return azioni.leggi_esame(importazione=importazione, da=request.attore)


def _dove_va(request: HttpRequest, importazione: Importazione) -> HttpResponse:
    if importazione.stato != Stato.ESAMINATA:
        return redirect("prestazioni:importazione", importazione.uuid)
    return _senza_foglio(request, importazione, ValidationError(azioni.SCADUTO, code="scaduto"))


def _senza_foglio(
    request: HttpRequest, importazione: Importazione, errore: ValidationError
) -> HttpResponse:
    """La pagina di un foglio che non si può più guardare: perché, e che cosa fare."""
    dati = {"importazione": importazione, "frasi": errore.messages}
    return render(request, "prestazioni/importa/senza_foglio.html", dati, status=409)


def _non_riparte(
    request: HttpRequest, importazione: Importazione, errore: ValidationError
) -> HttpResponse:
    """L'esame non si può rifare adesso: il foglio c'è ancora, e lo si dice dov'era."""
    messages.error(request, " ".join(errore.messages))
    return redirect("prestazioni:importazione", importazione.uuid)


def _pagina_della_riga(numeri: list[int], chiesta: str) -> int | None:
    """La pagina in cui sta la riga `chiesta`, o la prima dopo di lei; None se non si chiede."""
    riga = _numero_scritto(chiesta)
    if riga is None:
        return None
    prima = sum(numero < riga for numero in numeri)
    return min(prima, max(0, len(numeri) - 1)) // RIGHE_PER_PAGINA + 1


def _numero_scritto(testo: str) -> int | None:
    """Il numero di riga scritto in un indirizzo o in un modulo; None se non è di un foglio."""
    buono = testo.isdecimal() and testo.isascii() and len(testo) <= CIFRE_DI_UNA_RIGA
    return int(testo) if buono else None
