"""Chi fa parte di un gruppo: cercare e far entrare, dividere, spostare, far uscire."""

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beneficiari.models import Beneficiario
from enti.permessi import Permesso, richiede
from prestazioni.azioni import gruppi as azioni
from prestazioni.calendario import giorni_tenuti, membri_in_ordine
from prestazioni.forms.gruppi import (
    AggiungiMembriForm,
    CercaMembriForm,
    FasceForm,
    SpostaForm,
    TogliForm,
    sottogruppi,
)
from prestazioni.models import GruppoPresenze, MembroDiGruppo
from prestazioni.views.gruppi import gruppo_o_404
from registro.comune.templatetags.testo import conta, data_estesa


TROVATE_AL_MASSIMO = 300
NESSUNO_SEGNATO = "Segna almeno una persona nell'elenco."


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def persone(request, uuid):
    """Chi c'è nel gruppo, con i gesti che valgono per più persone insieme."""
    gruppo = gruppo_o_404(request, uuid)
    moduli = {
        "sposta": SpostaForm(auto_id="sposta_%s"),
        "togli": TogliForm(auto_id="togli_%s", initial={"al": timezone.localdate()}),
        "eta": FasceForm(auto_id="eta_%s"),
    }
    if request.method == "POST":
        gesto = request.POST.get("gesto", "")
        if gesto not in moduli:
            return redirect("prestazioni:gruppo_persone", gruppo.uuid)
        form = type(moduli[gesto])(request.POST, auto_id=f"{gesto}_%s")
        moduli[gesto] = form
        frase = _compi(request, gruppo, gesto, form)
        if frase:
            messages.success(request, frase)
            return redirect("prestazioni:gruppo_persone", gruppo.uuid)
    return _elenco(request, gruppo, moduli)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def aggiungi(request, uuid):
    """Cercare più persone dell'ente e farle entrare insieme."""
    gruppo = gruppo_o_404(request, uuid)
    cerca = CercaMembriForm()
    entra = AggiungiMembriForm(initial={"dal": _primo_giorno(gruppo)})
    if request.method != "POST":
        return _scegli(request, gruppo, cerca, entra, None)
    cerca = CercaMembriForm(request.POST)
    segnate = _segnate(request, gruppo)
    if request.POST.get("gesto") == "cerca":
        entra = AggiungiMembriForm(initial=request.POST.dict())
        trovate = _cercate(request, gruppo, cerca, segnate) if cerca.is_valid() else None
        return _scegli(request, gruppo, cerca, entra, trovate, segnate)
    entra = AggiungiMembriForm(request.POST)
    if entra.is_valid() and not segnate:
        entra.add_error(None, NESSUNO_SEGNATO)
    if entra.is_valid():
        try:
            fatte = azioni.aggiungi_membri(
                gruppo=gruppo, persone=segnate, da=request.attore, **entra.cleaned_data
            )
        except ValidationError as errore:
            entra.add_error(None, errore)
        else:
            messages.success(request, _quante(fatte))
            return redirect("prestazioni:gruppo_persone", gruppo.uuid)
    cerca = CercaMembriForm(initial=request.POST.dict())
    return _scegli(request, gruppo, cerca, entra, [], segnate)


def _compi(request: HttpRequest, gruppo: GruppoPresenze, gesto: str, form) -> str:
    """Compie il gesto e rende la frase che lo dice; «» se non si può, con gli errori nel modulo."""
    segnate = request.POST.getlist("persone")
    if form.is_valid() and gesto != "eta" and not _uuid_veri(segnate):
        form.add_error(None, NESSUNO_SEGNATO)
    if not form.is_valid():
        return ""
    dati = form.cleaned_data
    chi = {"gruppo": gruppo, "da": request.attore}
    try:
        if gesto == "eta":
            return _divisi(azioni.dividi_per_eta(fasce=dati["fasce"], **chi))
        persone = _uuid_veri(segnate)
        if gesto == "sposta":
            quanti = azioni.sposta_membri(persone=persone, parte=dati["parte"], **chi)
            dove = f"in «{dati['parte']}»" if dati["parte"] else "senza sottogruppo"
            return f"{conta(quanti, 'persona', 'persone')} {dove}."
        quanti = azioni.togli_membri(persone=persone, al=dati["al"], **chi)
    except ValidationError as errore:
        form.add_error(None, errore)
        return ""
    fino = data_estesa(dati["al"])
    return f"{conta(quanti, 'persona', 'persone')} nel gruppo fino al {fino}: le presenze restano."


def _divisi(esito: Counter[str]) -> str:
    fuori = esito.pop("", 0)
    frase = "Divisi per età: " + ", ".join(f"{n} in «{nome}»" for nome, n in esito.items()) + "."
    if fuori:
        frase += f" {conta(fuori, 'persona resta', 'persone restano')} dov'era: senza data di nascita o fuori dalle fasce."
    return frase


def _quante(fatte: azioni.Aggiunte) -> str:
    frase = conta(fatte.entrate, "persona è entrata", "persone sono entrate") + " nel gruppo"
    if not fatte.aperte:
        return f"{frase}."
    return f"{frase}; {conta(fatte.aperte, 'presa in carico aperta', 'prese in carico aperte')}."


def _elenco(request: HttpRequest, gruppo: GruppoPresenze, moduli: dict) -> HttpResponse:
    righe = list(membri_in_ordine(gruppo))
    attuali = [riga for riga in righe if riga.al is None]
    dati = {
        "gruppo": gruppo,
        "linguetta": "persone",
        "membri": attuali,
        "usciti": [riga for riga in righe if riga.al is not None],
        "parti": sottogruppi(attuali),
        "segnate": set(request.POST.getlist("persone")),
        "errato": next((form for form in moduli.values() if form.errors), None),
        **moduli,
    }
    stato = 422 if request.method == "POST" else 200
    return render(request, "prestazioni/gruppi/persone.html", dati, status=stato)


def _scegli(
    request: HttpRequest, gruppo: GruppoPresenze, cerca, entra, trovate, segnate=()
) -> HttpResponse:
    dati = {
        "gruppo": gruppo,
        "linguetta": "persone",
        "cerca": cerca,
        "entra": entra,
        "trovate": trovate,
        "segnate": segnate,
        "seguite": set(azioni.prese_aperte(gruppo, [p.pk for p in [*segnate, *(trovate or ())]])),
        "altre": bool(trovate) and len(trovate) >= TROVATE_AL_MASSIMO,
        "massimo": TROVATE_AL_MASSIMO,
        "parti": sottogruppi(membri_in_ordine(gruppo).filter(al=None).exclude(parte="")),
    }
    sbagliato = cerca.errors or entra.errors
    parte = "_trovate" if request.htmx and not sbagliato else "aggiungi"
    return render(
        request, f"prestazioni/gruppi/{parte}.html", dati, status=422 if sbagliato else 200
    )


def _cercate(request: HttpRequest, gruppo: GruppoPresenze, cerca, segnate) -> list[Beneficiario]:
    gia = MembroDiGruppo.objects.filter(gruppo_presenze=gruppo, ente=gruppo.ente_id, al=None)
    libere = Beneficiario.objects.di(request.attore.ente).presenti()
    libere = libere.exclude(pk__in=gia.values("beneficiario"))
    libere = libere.exclude(pk__in=[persona.pk for persona in segnate])
    return list(cerca.applica(libere, gruppo).distinct().per_nome()[:TROVATE_AL_MASSIMO])


def _segnate(request: HttpRequest, gruppo: GruppoPresenze) -> list[Beneficiario]:
    """Le persone dell'ente già segnate, anche in una ricerca di prima."""
    chiavi = _uuid_veri(request.POST.getlist("persone"))
    proprie = Beneficiario.objects.di(request.attore.ente).presenti()
    return list(proprie.filter(uuid__in=chiavi).per_nome()) if chiavi else []


def _uuid_veri(testi: list[str]) -> list[UUID]:
    chiavi = []
    for testo in testi:
        try:
            chiavi.append(UUID(testo))
        except ValueError:
            continue
    return chiavi


def _primo_giorno(gruppo: GruppoPresenze):
    """Finché non c'è nessun foglio si entra dal primo giorno; poi da oggi, salvo dire altro."""
    oggi = timezone.localdate()
    cominciato = bool(giorni_tenuti([gruppo])[gruppo.pk])
    return max(oggi, gruppo.dal) if cominciato else gruppo.dal
