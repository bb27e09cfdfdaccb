"""Le richieste delle persone sui propri dati: raccoglierle, vederle, stamparne la ricevuta."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.azioni import richieste as azioni
from beneficiari.forms.diritti import FiltriRichiesteForm, RichiestaForm
from beneficiari.models import (
    AvvisoAlDestinatario,
    DocumentoDiPersona,
    Limitazione,
    RichiestaInteressato,
)
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from beneficiari.views.condivise import ricevuta_o_404
from enti.permessi import Permesso, richiede
from privacy.models import AccordoContitolarita


PER_PAGINA = 25
RACCOLTA = (
    "Richiesta raccolta: si risponde entro il {scadenza}. Dai alla persona la ricevuta. {inoltro}"
)
INOLTRATA = "È stata inoltrata a chi altro tratta i dati, se c'è."


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.DIRITTI_RACCOGLIERE)
def elenco(request: HttpRequest) -> HttpResponse:
    """Quelle dell'ente che chi guarda può leggere, con quanti giorni restano."""
    tutte = RichiestaInteressato.objects.di(request.attore.ente)
    nostre = tutte.sui_propri_dati()
    filtri = FiltriRichiesteForm(request.GET)
    pagina = Paginator(filtri.applica(tutte).per_elenco(), PER_PAGINA)
    avvisi = AvvisoAlDestinatario.objects.ricevuti_da(request.attore.ente)
    modello = "_tabella.html" if request.htmx else "elenco.html"
    return render(
        request,
        f"beneficiari/diritti/{modello}",
        {
            "filtri": filtri,
            "pagina": pagina.get_page(request.GET.get("pagina")),
            "in_scadenza": nostre.in_scadenza().count(),
            "scadute": nostre.scadute().count(),
            "avvisi": avvisi.da_leggere().count(),
        },
    )


@require_safe
@richiede(Permesso.DIRITTI_RACCOGLIERE)
def della_persona(request: HttpRequest, uuid: UUID) -> HttpResponse:
    persona = persona_o_404(request, uuid)
    richieste = RichiestaInteressato.objects.della_persona(persona).per_elenco()
    limitazioni = Limitazione.objects.della_persona(persona).select_related("decisa_da")
    return render(
        request,
        "beneficiari/diritti/della_persona.html",
        cornice_della_persona(request, persona, linguetta="diritti")
        | {"richieste": richieste, "limitazioni": limitazioni.order_by("-dal", "-pk")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.DIRITTI_RACCOGLIERE)
def nuova(request: HttpRequest, uuid: UUID) -> HttpResponse:
    persona = persona_o_404(request, uuid)
    form = RichiestaForm(scritto(request), persona=persona)
    if form.is_bound and form.is_valid():
        try:
            richiesta = azioni.presenta_richiesta(
                persona=persona, da=request.attore, **form.cleaned_data
            )
        except ValidationError as errore:
            form.rifiutata_dal_database(errore)
        else:
            return _raccolta(request, richiesta)
    dati = cornice_della_persona(request, persona, linguetta="diritti") | {"form": form}
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/diritti/nuova.html", dati, status=stato)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.DIRITTI_RACCOGLIERE)
def nuova_su_condivisa(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """La richiesta di una persona che si conosce solo perché un altro ente la condivide."""
    condivisione = ricevuta_o_404(request, uuid)
    form = RichiestaForm(scritto(request), persona=None)
    if form.is_bound and form.is_valid():
        try:
            richiesta = azioni.presenta_su_condivisa(
                condivisione=condivisione, da=request.attore, **form.cleaned_data
            )
        except ValidationError as errore:
            form.rifiutata_dal_database(errore)
        else:
            return _raccolta(request, richiesta)
    dati = {"form": form, "autorizzazione": condivisione}
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/diritti/nuova_condivisa.html", dati, status=stato)


@require_safe
@richiede(Permesso.DIRITTI_RACCOGLIERE)
def richiesta(request: HttpRequest, uuid: UUID) -> HttpResponse:
    scelta = richiesta_o_404(request, uuid)
    avvisi = AvvisoAlDestinatario.objects.filter(richiesta=scelta).per_elenco()
    copie = DocumentoDiPersona.objects.di(request.attore.utente, request.attore.ente)
    copie = copie.filter(tipo=DocumentoDiPersona.Tipo.COPIA, beneficiario=scelta.beneficiario_id)
    return render(
        request,
        "beneficiari/diritti/richiesta.html",
        {
            "richiesta": scelta,
            "avvisi": avvisi,
            "copie": copie[:5] if scelta.beneficiario_id else (),
            "limitazione": Limitazione.objects.filter(richiesta=scelta).in_corso().first(),
        },
    )


@require_safe
@richiede(Permesso.DIRITTI_RACCOGLIERE)
def ricevuta(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Il foglio che si dà alla persona: che cosa ha chiesto, entro quando le si risponde."""
    scelta = richiesta_o_404(request, uuid)
    accordi = AccordoContitolarita.objects.in_vigore().filter(parti__ente=request.attore.ente)
    return render(
        request,
        "beneficiari/diritti/ricevuta.html",
        {"richiesta": scelta, "accordi": accordi.distinct()},
    )


@require_POST
@richiede(Permesso.DIRITTI_RISPONDERE)
def ritira(request: HttpRequest, uuid: UUID) -> HttpResponse:
    scelta = richiesta_o_404(request, uuid)
    try:
        azioni.ritira(richiesta=scelta, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Richiesta ritirata: resta scritta, e non aspetta risposta.")
    return redirect("beneficiari:richiesta", scelta.uuid)


def richiesta_o_404(request: HttpRequest, uuid: UUID) -> RichiestaInteressato:
    """La richiesta del proprio ente, se chi agisce la può leggere. Solleva Http404."""
    sue = RichiestaInteressato.objects.di(request.attore.ente).per_elenco()
    try:
        return sue.get(uuid=uuid)
    except RichiestaInteressato.DoesNotExist:
        raise Http404 from None


def scritto(request: HttpRequest) -> QueryDict | None:
    """Ciò che il modulo porta, anche se è vuoto; None se non è stato mandato."""
    return request.POST if request.method == "POST" else None


def _raccolta(request: HttpRequest, richiesta: RichiestaInteressato) -> HttpResponse:
    inoltro = INOLTRATA if richiesta.presso_tutti else ""
    testo = RACCOLTA.format(scadenza=f"{richiesta.scade_il:%d/%m/%Y}", inoltro=inoltro)
    messages.success(request, testo.strip())
    return redirect("beneficiari:richiesta", richiesta.uuid)
