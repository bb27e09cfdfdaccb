"""Rispondere a una richiesta di una persona sui propri dati: lo fa chi risponde dei dati."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiari.azioni import diritti, richieste
from beneficiari.azioni.documenti import richiedi_copia
from beneficiari.forms.diritti import (
    ProrogaForm,
    RifiutoDiRichiestaForm,
    RispostaForm,
    TogliLimitazioneForm,
)
from beneficiari.models import AvvisoAlDestinatario, Limitazione, RichiestaInteressato
from beneficiari.scadenze import richieste_della_rete
from beneficiari.views.comune import cornice_della_persona
from beneficiari.views.richieste import richiesta_o_404, scritto
from enti.permessi import Permesso, richiede


Tipo = RichiestaInteressato.Tipo
FATTO = {
    Tipo.ACCESSO: "Richiesta accolta.",
    Tipo.PORTABILITA: "Richiesta accolta.",
    Tipo.RETTIFICA: "Dato corretto: il valore di prima resta nella storia. Chi lo aveva ricevuto è avvisato.",
    Tipo.LIMITAZIONE: "I dati sono limitati: si leggono, non si usano e non si condividono. Chi li aveva ricevuti è avvisato.",
    Tipo.OPPOSIZIONE: "Opposizione accolta: per quell'uso i dati non si condividono più.",
    Tipo.CANCELLAZIONE: "Dati cancellati. Chi li aveva ricevuti è avvisato.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.DIRITTI_RISPONDERE)
def accogli(request: HttpRequest, uuid: UUID) -> HttpResponse:
    scelta = _da_rispondere(request, uuid)
    form = RispostaForm(scritto(request), richiesta=scelta)
    if form.is_bound and form.is_valid():
        try:
            diritti.accogli(richiesta=scelta, da=request.attore, **form.come)
        except ValidationError as errore:
            _di_dove_parla(form, errore)
        else:
            messages.success(request, FATTO[scelta.tipo])
            return redirect("beneficiari:richiesta", scelta.uuid)
    return _pagina(request, "accogli", scelta, form)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.DIRITTI_RISPONDERE)
def rifiuta(request: HttpRequest, uuid: UUID) -> HttpResponse:
    scelta = _da_rispondere(request, uuid)
    form = RifiutoDiRichiestaForm(scritto(request))
    if form.is_bound and form.is_valid():
        try:
            richieste.rifiuta(richiesta=scelta, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            _di_dove_parla(form, errore)
        else:
            messages.success(
                request, "Richiesta rifiutata. Stampa la risposta: dice a chi si può rivolgere."
            )
            return redirect("beneficiari:richiesta", scelta.uuid)
    return _pagina(request, "rifiuta", scelta, form)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.DIRITTI_RISPONDERE)
def proroga(request: HttpRequest, uuid: UUID) -> HttpResponse:
    scelta = _da_rispondere(request, uuid)
    form = ProrogaForm(scritto(request))
    if form.is_bound and form.is_valid():
        try:
            presa = richieste.proroga(richiesta=scelta, da=request.attore, **form.cleaned_data)
        except ValidationError as errore:
            _di_dove_parla(form, errore)
        else:
            messages.success(
                request, f"Si risponde entro il {presa.scade_il:%d/%m/%Y}: dillo alla persona."
            )
            return redirect("beneficiari:richiesta", scelta.uuid)
    return _pagina(request, "proroga", scelta, form)


@require_POST
@richiede(Permesso.DIRITTI_RISPONDERE)
def copia(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Prepara il file con tutti i dati della persona: PDF da leggere e JSON da portare via."""
    scelta = richiesta_o_404(request, uuid)
    if scelta.beneficiario is None:
        raise Http404
    documento = richiedi_copia(persona=scelta.beneficiario, da=request.attore)
    return redirect("beneficiari:documento", documento.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.DIRITTI_RISPONDERE)
def togli_limitazione(request: HttpRequest, uuid: UUID) -> HttpResponse:
    dell_ente = Limitazione.objects.filter(ente=request.attore.ente)
    limitazione = get_object_or_404(
        dell_ente.select_related("beneficiario__unito_a", "richiesta"), uuid=uuid
    )
    persona = limitazione.beneficiario.unito_a or limitazione.beneficiario
    form = TogliLimitazioneForm(scritto(request))
    if form.is_bound and form.is_valid():
        try:
            diritti.togli_limitazione(
                limitazione=limitazione, da=request.attore, **form.cleaned_data
            )
        except ValidationError as errore:
            _di_dove_parla(form, errore)
        else:
            messages.success(
                request, "Limitazione tolta: i dati si usano di nuovo, le condivisioni ripartono."
            )
            return redirect("beneficiari:diritti", persona.uuid)
    return render(
        request,
        "beneficiari/diritti/togli.html",
        cornice_della_persona(request, persona, linguetta="diritti")
        | {"form": form, "limitazione": limitazione},
        status=422 if form.is_bound else 200,
    )


@require_safe
@richiede(Permesso.DIRITTI_RACCOGLIERE)
def avvisi(request: HttpRequest) -> HttpResponse:
    """Ciò che altri enti dicono dei dati che ci hanno dato: corretti, limitati, cancellati."""
    ricevuti = AvvisoAlDestinatario.objects.ricevuti_da(request.attore.ente).per_elenco()
    return render(request, "beneficiari/diritti/avvisi.html", {"avvisi": ricevuti[:200]})


@require_POST
@richiede(Permesso.DIRITTI_RACCOGLIERE)
def avviso_letto(request: HttpRequest, uuid: UUID) -> HttpResponse:
    ricevuti = AvvisoAlDestinatario.objects.ricevuti_da(request.attore.ente)
    try:
        diritti.prendi_atto(avviso=get_object_or_404(ricevuti, uuid=uuid), da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Segnato: il tuo ente ne ha preso atto.")
    return redirect("beneficiari:avvisi")


@require_safe
@richiede(Permesso.DIRITTI_VIGILARE)
def della_rete(request: HttpRequest) -> HttpResponse:
    """Per il garante: quali enti hanno richieste aperte o in ritardo; mai di chi."""
    return render(request, "beneficiari/diritti/della_rete.html", {"voci": richieste_della_rete()})


def _da_rispondere(request: HttpRequest, uuid: UUID) -> RichiestaInteressato:
    """La richiesta dell'ente sui dati che tiene lui: alle altre risponde chi li tiene."""
    scelta = richiesta_o_404(request, uuid)
    if scelta.beneficiario is None:
        raise Http404
    return scelta


def _pagina(
    request: HttpRequest, modello: str, scelta: RichiestaInteressato, form: Form
) -> HttpResponse:
    """Il modulo della risposta, o dove si legge quella già data."""
    if not scelta.aperta and not form.is_bound:
        return redirect("beneficiari:richiesta", scelta.uuid)
    return render(
        request,
        f"beneficiari/diritti/{modello}.html",
        {"richiesta": scelta, "form": form},
        status=422 if form.is_bound else 200,
    )


def _di_dove_parla(form: Form, errore: ValidationError) -> None:
    """L'errore accanto ai campi che nomina, se il modulo li ha; altrimenti in cima."""
    if hasattr(errore, "error_dict"):
        for campo, voci in errore.error_dict.items():
            form.add_error(campo if campo in form.fields else None, voci)
    else:
        form.add_error(None, errore)
