"""I servizi che l'ente offre: l'elenco, aggiungerne, cambiarne il nome, chiuderli."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from assi.models import Asse, Azione, Servizio, VoceNomenclatura
from enti.models import Ente
from enti.permessi import Permesso, richiede
from prestazioni.azioni import servizi as azioni
from prestazioni.forms.servizi import CercaVoceForm, ChiusuraForm, ServizioForm
from registro.comune.tassonomie import voci


# Quante voci si propongono a chi non ha ancora nessun servizio.
PIU_COMUNI = 8


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def elenco(request):
    oggi = timezone.localdate()
    suoi = Servizio.objects.di(request.attore.ente).per_elenco()
    suoi = suoi.annotate(usato=Count("prestazioni"), ultima=Max("prestazioni__giorno"))
    in_uso, chiusi = [], []
    for servizio in suoi:
        (chiusi if servizio.al and servizio.al < oggi else in_uso).append(servizio)
    dati = {
        "in_uso": in_uso,
        "chiusi": chiusi,
        "gestisce": request.attore.puo(Permesso.SERVIZI_GESTIRE),
        "proposte": [] if in_uso else _piu_comuni(request.attore.ente),
    }
    return render(request, "prestazioni/servizi/elenco.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@richiede(Permesso.SERVIZI_GESTIRE)
def nuovo(request):
    """Prima si sceglie la voce della nomenclatura (`?voce=`), poi le si dà un nome."""
    codice = request.GET.get("voce", "")
    if not codice:
        return _scegli(request)
    voce = get_object_or_404(_da_scegliere(), codice=codice)
    form = ServizioForm(
        request.POST if request.method == "POST" else None, initial={"nome": voce.nome[:120]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            servizio = azioni.offri(voce=voce, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, f"«{servizio.nome}» è fra i servizi del tuo ente.")
            return redirect("prestazioni:servizi")
    stato = 422 if form.is_bound else 200
    dati = {"form": form, "voce": voce}
    return render(request, "prestazioni/servizi/servizio.html", dati, status=stato)


@require_POST
@richiede(Permesso.SERVIZI_GESTIRE)
def piu_comuni(request):
    """Aggiunge in un colpo le voci spuntate fra quelle proposte."""
    scelte = request.POST.getlist("voce")
    proposte = [voce for voce in _piu_comuni(request.attore.ente) if voce.codice in scelte]
    try:
        nati = azioni.offri_insieme(voci=proposte, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        if nati:
            messages.success(request, "Servizi aggiunti: dai a ciascuno il nome che usate voi.")
        else:
            messages.info(request, "Non ne hai spuntato nessuno: non è cambiato nulla.")
    return redirect("prestazioni:servizi")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.SERVIZI_GESTIRE)
def servizio(request, uuid):
    """Cambiare nome, altri nomi, bassa soglia e data d'inizio."""
    suo = _suo_o_404(request, uuid)
    iniziali = {nome: getattr(suo, nome) for nome in ("nome", "sinonimi", "bassa_soglia", "dal")}
    form = ServizioForm(request.POST if request.method == "POST" else None, initial=iniziali)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.cambia(servizio=suo, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Salvato.")
            return redirect("prestazioni:servizi")
    stato = 422 if form.is_bound else 200
    dati = {"form": form, "voce": suo.voce, "servizio": _suo_o_404(request, uuid)}
    return render(request, "prestazioni/servizi/servizio.html", dati, status=stato)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.SERVIZI_GESTIRE)
def chiudi(request, uuid):
    suo = _suo_o_404(request, uuid)
    form = ChiusuraForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.chiudi(servizio=suo, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            form.add_error("al", errore.messages)
        else:
            messages.success(request, f"«{suo.nome}» è chiuso: lo ritrovi in fondo all'elenco.")
            return redirect("prestazioni:servizi")
    stato = 422 if form.is_bound else 200
    dati = {"form": form, "servizio": suo}
    return render(request, "prestazioni/servizi/chiudi.html", dati, status=stato)


@require_POST
@richiede(Permesso.SERVIZI_GESTIRE)
def riapri(request, uuid):
    suo = _suo_o_404(request, uuid)
    try:
        azioni.riapri(servizio=suo, da=request.attore)
    except ValidationError as errore:
        messages.error(
            request,
            " ".join([*errore.messages, "È rimasto chiuso: cambia prima uno dei due nomi."]),
        )
    else:
        messages.success(request, f"«{suo.nome}» si può di nuovo registrare.")
    return redirect("prestazioni:servizi")


def _suo_o_404(request: HttpRequest, uuid: UUID) -> Servizio:
    suoi = Servizio.objects.di(request.attore.ente).per_elenco()
    return get_object_or_404(suoi, uuid=uuid)


def _da_scegliere():
    return VoceNomenclatura.objects.per_le_persone().in_uso(timezone.localdate()).per_elenco()


def _scegli(request: HttpRequest):
    """Le voci per macroarea e asse, tutte o quelle con le parole cercate."""
    form = CercaVoceForm(request.GET)
    cercato = form.cleaned_data["cerca"] if form.is_valid() else ""
    trovate = list(_da_scegliere().cercate(cercato))
    in_uso = Servizio.objects.di(request.attore.ente).filter(al=None)
    macroaree = {voce.codice: voce.nome for voce in voci("macroaree")}
    ordinate = sorted(trovate, key=lambda v: (v.macroarea, v.asse.ordine if v.asse else 0))
    per_macroarea = [
        (macroaree.get(lettera, lettera), _per_asse(gruppo))
        for lettera, gruppo in groupby(ordinate, key=lambda v: v.macroarea)
    ]
    dati = {
        "form": form,
        "cercato": cercato,
        "quante": len(trovate),
        "per_macroarea": per_macroarea,
        "gia": set(in_uso.values_list("voce_id", flat=True)),
    }
    modello = "_voci.html" if request.htmx else "scegli.html"
    return render(request, f"prestazioni/servizi/{modello}", dati)


def _per_asse(voci_di_macroarea) -> list[tuple[Asse | None, list[VoceNomenclatura]]]:
    return [
        (asse, list(gruppo)) for asse, gruppo in groupby(voci_di_macroarea, key=lambda v: v.asse)
    ]


def _piu_comuni(ente: Ente) -> list[VoceNomenclatura]:
    """Che cosa proporre a chi comincia: le voci degli assi in cui lavora, o di tutti."""
    assi = Asse.objects.filter(azioni__in=Azione.objects.di(ente)).distinct()
    return _da_scegliere().piu_comuni(assi or Asse.objects.all(), PIU_COMUNI)
