"""Le violazioni di dati: l'orologio, le decisioni, chi è colpito.

Le persone colpite le dice il registro degli accessi. Il nome lo legge solo chi risponde dei dati
dell'ente che le segue, ed è una lettura come le altre; il garante e chi amministra leggono numeri.
"""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiari.documenti.violazioni import (
    TroppeLettere,
    lettere_alle_persone,
    notifica_al_garante,
)
from beneficiari.models import Beneficiario
from enti.permessi import Permesso, richiede
from privacy.azioni import violazioni as azioni
from privacy.forms.violazioni import AggiornaViolazioneForm, NuovaViolazioneForm
from privacy.gruppi import Uscita
from privacy.letture import esce_come
from privacy.models import Colpita, Violazione, numero_nel_registro
from registro.comune.caratteri import RisorsaMancanteError


PER_PAGINA = 25


@require_safe
@richiede(Permesso.VIOLAZIONI_VEDERE)
def elenco(request: HttpRequest) -> HttpResponse:
    # Il garante e chi amministra leggono quelle di ogni ente: di quali lo decide la policy.
    violazioni = Violazione.objects.per_elenco()
    dati = {"pagina": Paginator(violazioni, PER_PAGINA).get_page(request.GET.get("pagina"))}
    return render(request, "beneficiari/violazioni/elenco.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.VIOLAZIONI_GESTIRE)
def nuova(request: HttpRequest) -> HttpResponse:
    form = NuovaViolazioneForm(
        request.POST if request.method == "POST" else None, da=request.attore
    )
    if form.is_bound and form.is_valid():
        try:
            aperta = azioni.apri_violazione(violazione=form.save(commit=False), da=request.attore)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Violazione scritta: l'orologio delle 72 ore corre.")
            return redirect("beneficiari:violazione", aperta.uuid)
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/violazioni/nuova.html", {"form": form}, status=stato)


@require_safe
@richiede(Permesso.VIOLAZIONI_VEDERE)
def violazione(request: HttpRequest, uuid: UUID) -> HttpResponse:
    voce = _violazione_o_404(uuid)
    colpite = voce.colpite()
    pagina = Paginator(colpite, PER_PAGINA).get_page(request.GET.get("pagina"))
    propria = request.attore.risponde_dei_dati and voce.ente_id == request.attore.ente.pk
    nomi = _persone(voce, pagina.object_list) if propria else {}
    dati = {
        "violazione": voce,
        "propria": propria,
        "pagina": pagina,
        "righe": [
            (
                una,
                nomi.get(una.beneficiario),
                numero_nel_registro(una.beneficiario, ente=voce.ente_id),
            )
            for una in pagina.object_list
        ],
    }
    return render(request, "beneficiari/violazioni/violazione.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.VIOLAZIONI_GESTIRE)
def aggiorna(request: HttpRequest, uuid: UUID) -> HttpResponse:
    voce = _aperta_o_404(request, uuid)
    form = AggiornaViolazioneForm(
        request.POST if request.method == "POST" else None, instance=voce, da=request.attore
    )
    if form.is_bound and form.is_valid():
        try:
            azioni.aggiorna_violazione(violazione=voce, campi=form.changed_data, da=request.attore)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Violazione aggiornata.")
            return redirect("beneficiari:violazione", voce.uuid)
    stato = 422 if form.is_bound else 200
    dati = {"form": form, "violazione": voce}
    return render(request, "beneficiari/violazioni/aggiorna.html", dati, status=stato)


@require_POST
@richiede(Permesso.VIOLAZIONI_GESTIRE)
def chiudi(request: HttpRequest, uuid: UUID) -> HttpResponse:
    voce = _aperta_o_404(request, uuid)
    try:
        azioni.chiudi_violazione(violazione=voce, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Violazione chiusa: da qui non cambia più.")
    return redirect("beneficiari:violazione", uuid)


@require_safe
@richiede(Permesso.VIOLAZIONI_VEDERE)
def notifica(request: HttpRequest, uuid: UUID) -> HttpResponse:
    voce = _violazione_o_404(uuid)
    try:
        contenuto = notifica_al_garante(voce)
    except RisorsaMancanteError as errore:
        messages.error(request, str(errore))
        return redirect("beneficiari:violazione", uuid)
    return _pdf(contenuto, "notifica-al-garante.pdf")


@require_POST
@richiede(Permesso.VIOLAZIONI_GESTIRE)
def lettere(request: HttpRequest, uuid: UUID) -> HttpResponse:
    voce = _violazione_o_404(uuid)
    if voce.ente_id != request.attore.ente.pk:
        raise Http404
    colpite = {una.beneficiario: una for una in voce.colpite()}
    esce_come(Uscita.PDF)
    persone = _persone(voce, list(colpite.values()))
    try:
        contenuto = lettere_alle_persone(
            voce, [(persona, colpite[chiave]) for chiave, persona in persone.items()]
        )
    except (TroppeLettere, RisorsaMancanteError) as errore:
        messages.error(request, str(errore))
        return redirect("beneficiari:violazione", uuid)
    return _pdf(contenuto, "lettere.pdf")


def _violazione_o_404(uuid: UUID) -> Violazione:
    try:
        return Violazione.objects.select_related("ente", "per_ente", "chi").get(uuid=uuid)
    except Violazione.DoesNotExist:
        raise Http404 from None


def _aperta_o_404(request: HttpRequest, uuid: UUID) -> Violazione:
    """Una violazione del proprio ente che si può ancora scrivere."""
    voce = _violazione_o_404(uuid)
    if voce.ente_id != request.attore.ente.pk or voce.chiusa_il is not None:
        raise Http404
    return voce


def _persone(violazione: Violazione, colpite: list[Colpita]) -> dict[int, Beneficiario]:
    """Chiave → persona, delle colpite che ci sono ancora: chi è stato dimenticato resta un numero."""
    righe = Beneficiario.objects.di(violazione.ente).per_nome()
    return {
        persona.pk: persona
        for persona in righe.filter(pk__in=[una.beneficiario for una in colpite])
    }


def _pdf(contenuto: bytes, nome: str) -> HttpResponse:
    intestazioni = {"Content-Disposition": f'attachment; filename="{nome}"'}
    return HttpResponse(contenuto, content_type="application/pdf", headers=intestazioni)
