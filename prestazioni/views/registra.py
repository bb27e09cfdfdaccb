"""«Registra»: chi, che cosa, quando, quanto. La pagina con cui comincia chi lavora con le persone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from assi.models import Servizio
from beneficiari.codici import CodiceErrato
from beneficiari.forms.elenco import LETTERE_PER_CERCARE, ordina
from beneficiari.models import Beneficiario, PresaInCarico
from beneficiari.models.ricerche import con_questo_codice, sembra_un_codice
from enti.permessi import Attore, Permesso, richiede
from prestazioni.azioni.bozze import butta_bozza
from prestazioni.azioni.registra import (
    GIA_SALVATA,
    NON_E_COSI,
    UGUALE,
    Registrazione,
    registra_tutto,
)
from prestazioni.forms.chi import (
    PERSONE_IN_UNA_VOLTA,
    Nuova,
    apertura_scritta,
    controlla_chi,
    nuova_in_corso,
    persone_scelte,
    scelte_di,
    scelte_scritte,
    unica_chiusa,
)
from prestazioni.forms.registra import (
    ERA_CHIUSA,
    RegistraForm,
    iniziali_dalla_bozza,
    iniziali_dalla_riga,
    iniziali_dalle_ultime,
)
from prestazioni.models import Prestazione
from prestazioni.models.proposte import (
    Candidata,
    Ultime,
    candidate,
    chi_c_era,
    con_nucleo,
    del_nucleo,
    persone_recenti,
    servizi_per_uso,
    ultime_di,
)
from prestazioni.views.bozze import PAGINE, Offerta, bozza_chiesta, bozze_da_offrire
from prestazioni.views.comune import in_parole, prestazione_o_404, righe_in_breve, uuid_o_404
from registro.comune.tassonomie import comuni


SERVIZI_IN_VISTA = 5
TROVATE_AL_MASSIMO = 8
CERCA, NUCLEO = "cerca", "nucleo:"
LO_STESSO = "lo-stesso"


@dataclass
class Banco:
    """Ciò che la pagina ha davanti: il modulo, le persone, i servizi, la persona nuova."""

    form: RegistraForm
    servizi: list[Servizio]
    ultime: Ultime
    candidate: list[Candidata] = field(default_factory=list)
    trovate: list[Candidata] | None = None
    testo: str = ""
    nuova: Nuova | None = None
    bozze: Sequence[Offerta] = ()
    uguale: bool = False
    gia: Prestazione | None = None
    frase: str = ""
    chiusa: PresaInCarico | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def registra(request):
    """La pagina; con POST salva, oppure (senza JavaScript) cerca una persona o aggiunge un nucleo.

    Nell'indirizzo: `ripeti` l'uuid di una riga da rifare, `persona` l'uuid di chi c'era, `bozza`
    l'uuid del modulo che si stava scrivendo, `nuova` per il riquadro della persona nuova.
    """
    if request.method != "POST":
        return _mostra(request, _banco_nuovo(request))
    gesto = request.POST.get("gesto", "")
    if gesto == CERCA or gesto.startswith(NUCLEO):
        return _mostra(request, _banco_com_era(request, gesto))
    return _salva(request)


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def persone(request):
    """Chi si chiama così, o vive con chi è scelto: le pastiglie da aggiungere alle altre."""
    ultime = ultime_di(request.attore)
    trovate, frase = _trovate(request, request.POST.get("gesto", CERCA), ultime)
    dati = {"trovate": trovate, "frase": frase, "testo": request.POST.get("testo", "")}
    return render(request, "prestazioni/registra/_trovate.html", dati)


@require_safe
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def nuova(request):
    """Il riquadro della persona nuova."""
    dati = {"nuova": Nuova.letta(request.attore, None), "comuni": comuni()}
    return render(request, "prestazioni/registra/_nuova.html", dati)


def _banco_nuovo(request: HttpRequest) -> Banco:
    attore, chiesto = request.attore, request.GET
    ultime, servizi = ultime_di(attore), servizi_per_uso(attore, timezone.localdate())
    iniziali, scelte = iniziali_dalle_ultime(ultime), {}
    persona_nuova, offerte = None, []
    if "ripeti" in chiesto:
        riga = prestazione_o_404(request, uuid_o_404(chiesto["ripeti"]))
        iniziali |= iniziali_dalla_riga(riga)
        scelte = _scelte_della_riga(riga)
    elif ripresa := bozza_chiesta(attore, chiesto):
        scritto = QueryDict(ripresa.contenuto)
        iniziali |= iniziali_dalla_bozza(scritto)
        scelte = scelte_scritte(scritto)
        persona_nuova = _nuova_ripresa(attore, scritto)
    elif "persona" in chiesto:
        scelte = scelte_scritte(chiesto)
    else:
        # Si offre soltanto a chi apre la pagina senza chiedere altro.
        offerte = bozze_da_offrire(attore, servizi)
    if "nuova" in chiesto and persona_nuova is None:
        persona_nuova = Nuova.letta(attore, None)
    form = RegistraForm(initial=iniziali, da=attore, servizi=servizi)
    banco = Banco(form, servizi, ultime, nuova=persona_nuova, bozze=offerte)
    banco.candidate = _candidate(request, banco, scelte)
    return banco


def _scelte_della_riga(riga: Prestazione) -> dict[str, str]:
    presenti = chi_c_era([riga])[riga.pk]
    return {str(voce.beneficiario.uuid): "" for voce in presenti if voce.beneficiario}


def _nuova_ripresa(attore: Attore, scritto: QueryDict) -> Nuova | None:
    return Nuova.ripresa(attore, scritto) if nuova_in_corso(scritto) else None


def _banco_com_era(request: HttpRequest, gesto: str) -> Banco:
    """La pagina con tutto ciò che era scritto, e chi si è cercato."""
    attore, scritto = request.attore, request.POST
    ultime, servizi = ultime_di(attore), servizi_per_uso(attore, timezone.localdate())
    form = RegistraForm(initial=iniziali_dalla_bozza(scritto), da=attore, servizi=servizi)
    banco = Banco(form, servizi, ultime, testo=scritto.get("testo", ""))
    banco.nuova = _nuova_ripresa(attore, scritto)
    banco.trovate, banco.frase = _trovate(request, gesto, ultime)
    banco.candidate = _candidate(request, banco, scelte_scritte(scritto))
    return banco


def _salva(request: HttpRequest) -> HttpResponse:
    attore, scritto = request.attore, request.POST
    ultime, servizi = ultime_di(attore), servizi_per_uso(attore, timezone.localdate())
    form = RegistraForm(scritto, da=attore, servizi=servizi)
    # Se la riga c'è già, la risposta si era persa: a chi rimanda lo stesso non si chiede altro.
    banco = Banco(form, servizi, ultime, gia=_gia_salvata(attore, scritto))
    scelte = scelte_scritte(scritto)
    scelti = _fra_le_scelte(attore, ultime, scelte)
    valido = form.is_valid()
    if nuova_in_corso(scritto):
        banco.nuova = Nuova.letta(attore, scritto)
        valido = not _nuova_da_fermare(banco, attore, scelti) and valido
    chi_va = banco.gia or controlla_chi(
        form, scelte, scelti, nuova=banco.nuova, al_massimo=PERSONE_IN_UNA_VOLTA
    )
    if valido and chi_va:
        try:
            prestazione = registra_tutto(
                _da_registrare(banco, scelti),
                uuid=form.cleaned_data["uuid"],
                da=attore,
                anche_se_uguale=scritto.get("gesto") == LO_STESSO,
            )
        except ValidationError as errore:
            _rifiutata(banco, attore, errore, scelti)
        else:
            return _salvata(request, prestazione)
    banco.candidate = _candidate(request, banco, scelte)
    return _mostra(request, banco, stato=422)


def _nuova_da_fermare(banco: Banco, attore: Attore, scelti: list[Candidata]) -> bool:
    """Se la persona nuova non si può ancora scrivere. Chi ne sceglie una simile la lascia."""
    if not banco.nuova.valida():
        return True
    if banco.gia:
        # La persona nuova è nata con la riga: non è una che le somiglia.
        banco.nuova.viste |= set(_scelte_della_riga(banco.gia))
    da_guardare = banco.nuova.guarda_le_simili(attore)
    simili = {voce.pk for voce in banco.nuova.simili}
    if simili & {voce.persona.pk for voce in scelti}:
        banco.nuova = None
        return False
    return da_guardare


def _da_registrare(banco: Banco, scelti: list[Candidata]) -> Registrazione:
    dati = banco.form.cleaned_data
    return Registrazione(
        fatto=banco.form.fatto(),
        scelte=scelte_di(scelti),
        nuova=banco.nuova.da_scrivere() if banco.nuova else None,
        apertura=apertura_scritta(banco.form),
        azione=dati["azione"],
        azione_di_prima=banco.ultime.azione_di(dati["servizio"]),
        affiancano=dati["affiancano"],
        nota=dati["nota"],
    )


def _rifiutata(
    banco: Banco, attore: Attore, errore: ValidationError, scelti: list[Candidata]
) -> None:
    if getattr(errore, "code", "") == GIA_SALVATA:
        banco.gia = _gia_salvata(attore, banco.form.data)
        return
    banco.uguale = getattr(errore, "code", "") == UGUALE
    if getattr(errore, "code", "") == ERA_CHIUSA:
        banco.chiusa = unica_chiusa(scelti, banco.form.cleaned_data["giorno_fatto"])
    if banco.nuova and banco.nuova.rifiutato(errore):
        return
    banco.form.rifiutato(errore)


def _salvata(request: HttpRequest, prestazione: Prestazione) -> HttpResponse:
    butta_bozza(pagina=f"{PAGINE}{prestazione.uuid}", da=request.attore)
    frase = f"Registrata: {in_parole(prestazione)}."
    if not request.htmx:
        messages.success(request, frase)
        return redirect("prestazioni:registra")
    request.GET = QueryDict()
    risposta = _mostra(request, _banco_nuovo(request))
    annulla = reverse("prestazioni:annulla", args=[prestazione.uuid])
    detto = {"testo": frase, "annulla": annulla}
    return trigger_client_event(risposta, "registrata", detto, after="settle")


def _candidate(request: HttpRequest, banco: Banco, scelte: dict[str, str]) -> list[Candidata]:
    """Prima chi è scelto, poi le recenti."""
    scelti = persone_scelte(request.attore, scelte)
    recenti = persone_recenti(request.attore, banco.ultime)
    tutte = list({persona.pk: persona for persona in (*scelti, *recenti)}.values())
    return candidate(request.attore, tutte, scelte=scelte, azione=_azione_di(banco.ultime))


def _fra_le_scelte(attore: Attore, ultime: Ultime, scelte: dict[str, str]) -> list[Candidata]:
    persone = persone_scelte(attore, scelte)
    return candidate(attore, persone, scelte=scelte, azione=_azione_di(ultime))


def _azione_di(ultime: Ultime) -> int | None:
    return ultime.ultima.azione_id if ultime.ultima else None


def _trovate(request: HttpRequest, gesto: str, ultime: Ultime) -> tuple[list[Candidata], str]:
    """Chi si è cercato, e la frase da dire se non c'è nessuno o ce n'è troppi."""
    attore = request.attore
    if gesto.startswith(NUCLEO):
        di_chi = persone_scelte(attore, {str(uuid_o_404(gesto.removeprefix(NUCLEO))): ""})
        lette = [voce for persona in di_chi for voce in del_nucleo(attore.ente, persona)]
        scelte = {str(voce.uuid): "" for voce in lette}
        return candidate(attore, lette, scelte=scelte, azione=_azione_di(ultime)), ""
    testo = request.POST.get("testo", "").strip()[:100]
    if len(testo) < LETTERE_PER_CERCARE:
        return [], f"Scrivi almeno {LETTERE_PER_CERCARE} lettere." if testo else ""
    try:
        lette = list(con_nucleo(_che_si_chiamano(attore, testo))[: TROVATE_AL_MASSIMO + 1])
    except CodiceErrato as errore:
        return [], errore.frase
    frase = "" if lette else "Nessuna persona del tuo ente si chiama così."
    if len(lette) > TROVATE_AL_MASSIMO:
        frase = "Ce ne sono altre: scrivi qualche lettera in più."
    prime = lette[:TROVATE_AL_MASSIMO]
    return candidate(attore, prime, azione=_azione_di(ultime)), frase


def _che_si_chiamano(attore: Attore, testo: str):
    if sembra_un_codice(testo):
        return con_questo_codice(attore.ente, testo)
    return ordina(Beneficiario.objects.di(attore.ente).presenti().che_si_chiamano(testo), "nome")


def _mostra(request: HttpRequest, banco: Banco, *, stato: int = 200) -> HttpResponse:
    scelto = str(banco.form["servizio"].value() or "")
    in_vista = [voce for voce in banco.servizi if str(voce.uuid) == scelto]
    in_vista += [voce for voce in banco.servizi[:SERVIZI_IN_VISTA] if voce not in in_vista]
    dati = {
        "banco": banco,
        "non_e_cosi": NON_E_COSI,
        "form": banco.form,
        "nuova": banco.nuova,
        "comuni": comuni() if banco.nuova else (),
        "servizio_scelto": scelto,
        "servizi_in_vista": in_vista,
        "altri_servizi": [voce for voce in banco.servizi if voce not in in_vista],
        "righe": righe_di_oggi(request.attore, banco.ultime),
    }
    modello = "_registra" if request.htmx else "registra"
    return render(request, f"prestazioni/registra/{modello}.html", dati, status=stato)


def righe_di_oggi(attore: Attore, ultime: Ultime) -> list[dict]:
    """Le righe di oggi di chi agisce, da mostrare sotto il modulo."""
    return righe_in_breve(attore, ultime.di_oggi, ultime.presenze)


def _gia_salvata(attore: Attore, scritto: QueryDict) -> Prestazione | None:
    """La riga che questo modulo ha già scritto, se l'ha scritta."""
    try:
        uuid = UUID(scritto.get("uuid", ""))
    except ValueError:
        return None
    return Prestazione.objects.di(attore.ente).filter(uuid=uuid).per_elenco().first()
