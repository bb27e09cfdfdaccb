"""I passaggi fra enti: proporli, leggerli, rispondere.

Chi riceve legge i dati dell'altro ente solo dentro `finalita="invio"`: è il database a mostrare i
gruppi che l'autorizzazione apre, e nient'altro.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiari.azioni import passaggi as azioni
from beneficiari.forms.passaggi import AccettaForm, ProponiForm, RifiutoForm
from beneficiari.models import (
    Autorizzazione,
    Beneficiario,
    BisognoRilevato,
    Obiettivo,
    Passaggio,
    PresaInCarico,
    Recapito,
)
from beneficiari.models.passaggi import PassaggioQuerySet
from beneficiari.views.casi import cornice_del_caso, presa_in_mano_o_403
from enti.permessi import Permesso, richiede
from privacy.gruppi import Finalita, Gruppo, Livello
from registro.db.contesto import contesto


PER_PAGINA = 25
DELLA_PERSONA = (
    *("cognome", "nome", "nome_scelto", "data_nascita", "nascita_stimata", "genere", "comune"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.CONDIVISIONI_GESTIRE)
def proponi(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    form = ProponiForm(
        request.POST if request.method == "POST" else None, autorizzazioni=_per_inviare(presa)
    )
    if form.is_bound and form.is_valid():
        try:
            azioni.proponi_passaggio(
                presa=presa,
                autorizzazione=form.autorizzazione,
                motivo=form.cleaned_data["motivo"],
                da=request.attore,
            )
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Passaggio proposto: ora lo legge l'altro ente.")
            return redirect("beneficiari:caso", presa.uuid)
    dati = cornice_del_caso(request, presa) | {"form": form}
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/casi/proponi.html", dati, status=stato)


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def elenco(request):
    """Quelli proposti all'ente o, con `?lista=mandati`, quelli che ha proposto lui."""
    mandati = request.GET.get("lista") == "mandati"
    if mandati:
        pagina, righe = _pagina(request, Passaggio.objects.mandati_da(request.attore.ente))
    else:
        with _per_invio(request):
            pagina, righe = _pagina(request, Passaggio.objects.ricevuti_da(request.attore.ente))
    dati = {"mandati": mandati, "pagina": pagina, "righe": righe}
    return render(request, "beneficiari/casi/passaggi.html", dati)


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def passaggio(request, uuid):
    scelto = _passaggio_o_404(request, uuid)
    if scelto.ente_id == request.attore.ente.pk:
        return redirect("beneficiari:caso", scelto.presa.uuid)
    dati = {"passaggio": scelto, "visto": _visto(request, scelto), "form": RifiutoForm()}
    return render(request, "beneficiari/casi/passaggio.html", dati)


@require_POST
@richiede(Permesso.CONDIVISIONI_GESTIRE)
def ritira(request, uuid):
    scelto = _passaggio_o_404(request, uuid)
    if scelto.ente_id != request.attore.ente.pk:
        raise Http404
    try:
        azioni.ritira_passaggio(passaggio=scelto, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Passaggio ritirato: l'altro ente non può più accettarlo.")
    return redirect("beneficiari:caso", scelto.presa.uuid)


@require_http_methods(["POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def rifiuta(request, uuid):
    scelto = _ricevuto_o_404(request, uuid)
    form = RifiutoForm(request.POST)
    if form.is_valid():
        try:
            azioni.rifiuta_passaggio(passaggio=scelto, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Passaggio rifiutato: chi l'ha proposto legge perché.")
            return redirect("beneficiari:passaggi")
    dati = {"passaggio": scelto, "visto": _visto(request, scelto), "form": form}
    return render(request, "beneficiari/casi/passaggio.html", dati, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def accetta(request, uuid):
    scelto = _ricevuto_o_404(request, uuid)
    if scelto.stato != Passaggio.Stato.PROPOSTO:
        return redirect("beneficiari:passaggio", scelto.uuid)
    visto = _visto(request, scelto)
    form = AccettaForm(
        request.POST if request.method == "POST" else None,
        attore=request.attore,
        initial=_iniziali(request, visto),
    )
    if form.is_bound and form.is_valid():
        try:
            nuova = _accetta(request, scelto, form)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Passaggio accettato: la presa in carico è vostra.")
            return redirect("beneficiari:caso", nuova.uuid)
    dati = {"passaggio": scelto, "visto": visto, "form": form}
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/casi/accetta.html", dati, status=stato)


def _accetta(request: HttpRequest, scelto: Passaggio, form: AccettaForm) -> PresaInCarico:
    campi = form.cleaned_data
    return azioni.accetta_passaggio(
        passaggio=scelto,
        persona=form.persona(),
        da=request.attore,
        **{nome: campi[nome] for nome in ("azione", "operatore", "aperta_il", "motivazione")},
    )


def _pagina(
    request: HttpRequest, passaggi: PassaggioQuerySet
) -> tuple[Page, list[tuple[Passaggio, Beneficiario | None]]]:
    """La pagina chiesta, e ogni passaggio con la persona, se il contesto la lascia vedere."""
    paginatore = Paginator(passaggi.per_elenco(), PER_PAGINA)
    pagina = paginatore.get_page(request.GET.get("pagina"))
    mostrati = list(pagina)
    persone = _visibili(mostrati)
    return pagina, [(voce, persone.get(voce.beneficiario_id)) for voce in mostrati]


@contextmanager
def _per_invio(request: HttpRequest) -> Iterator[None]:
    """Il contesto in cui si vede ciò che altri enti hanno condiviso per l'invio."""
    attore = request.attore
    with contesto(utente=attore.utente.pk, ente=attore.ente.pk, finalita=Finalita.INVIO):
        yield


def _passaggio_o_404(request: HttpRequest, uuid: UUID) -> Passaggio:
    """Un passaggio proposto o ricevuto dal proprio ente. Solleva Http404."""
    with _per_invio(request):
        try:
            return Passaggio.objects.per_elenco().get(uuid=uuid)
        except Passaggio.DoesNotExist:
            raise Http404 from None


def _ricevuto_o_404(request: HttpRequest, uuid: UUID) -> Passaggio:
    scelto = _passaggio_o_404(request, uuid)
    if scelto.destinatario_id != request.attore.ente.pk:
        raise Http404
    return scelto


def _visibili(passaggi: list[Passaggio]) -> dict[int, Beneficiario]:
    """Le persone dei passaggi che il contesto lascia vedere, per chiave."""
    persone = Beneficiario.objects.filter(
        pk__in={voce.beneficiario_id for voce in passaggi},
        ente__in={voce.ente_id for voce in passaggi},
    )
    return {persona.pk: persona for persona in persone}


def _visto(request: HttpRequest, scelto: Passaggio) -> dict:
    """Ciò che chi ha proposto fa vedere: per ogni gruppo aperto le sue righe, già lette."""
    della_persona = {"beneficiario": scelto.beneficiario_id, "ente": scelto.ente_id}
    gruppi = scelto.autorizzazione.gruppi
    with _per_invio(request):
        visto = {
            "persona": _visibili([scelto]).get(scelto.beneficiario_id),
            "presa": PresaInCarico.objects.per_elenco().filter(pk=scelto.presa_id).first(),
            "obiettivi": list(
                Obiettivo.objects.filter(presa=scelto.presa_id, ente=scelto.ente_id)
            ),
        }
        if Gruppo.CONTATTI in gruppi:
            visto["recapiti"] = list(Recapito.objects.filter(**della_persona))
        if Gruppo.BISOGNI in gruppi:
            aperti = BisognoRilevato.objects.filter(**della_persona).aperti()
            visto["bisogni"] = list(aperti.per_elenco())
    visto["gruppi"] = [Gruppo(gruppo).label for gruppo in gruppi]
    return visto


def _iniziali(request: HttpRequest, visto: dict) -> dict:
    """Ciò che il modulo propone: dall'altro ente solo ciò che lascia vedere."""
    suo = request.attore.ente.appartenenze.in_corso().filter(utente=request.attore.utente).first()
    iniziali = {"aperta_il": timezone.localdate(), "operatore": suo.uuid if suo else None}
    if visto["persona"] is not None:
        iniziali |= {nome: getattr(visto["persona"], nome) for nome in DELLA_PERSONA}
    if visto["presa"] is not None:
        iniziali["azione"] = visto["presa"].azione.slug
        iniziali["motivazione"] = visto["presa"].motivazione
    return iniziali


def _per_inviare(presa: PresaInCarico) -> list[Autorizzazione]:
    """Le autorizzazioni in vigore che bastano a passare questa presa in carico, per ente."""
    date = Autorizzazione.objects.date_da(presa.ente).in_vigore()
    bastanti = date.filter(
        beneficiario=presa.beneficiario_id, livello=Livello.COMPLETO, finalita=Finalita.INVIO
    )
    return list(bastanti.select_related("destinatario").order_by("destinatario", "-al"))
