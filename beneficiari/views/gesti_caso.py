"""Affidare, chiudere e riaprire una presa in carico; i suoi obiettivi."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beneficiari.azioni import casi as azioni, obiettivi as azioni_obiettivi
from beneficiari.forms.casi import AffidaForm, ChiudiForm, RiapriForm
from beneficiari.forms.obiettivi import ObiettivoForm, RevisioneForm
from beneficiari.models import BisognoRilevato, Obiettivo, PresaInCarico
from beneficiari.views.casi import cornice_del_caso, presa_in_mano_o_403
from enti.permessi import Permesso, richiede


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def affida(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    form = AffidaForm(_scritti(request), presa=presa)

    def fai(campi: dict) -> str:
        azioni.affida_caso(presa=presa, da=request.attore, **campi)
        return f"Presa in carico affidata a {campi['operatore'].nome_completo}."

    return _gesto(request, presa, form, fai, "beneficiari/casi/affida.html")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def chiudi(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    iniziali = {"chiusa_il": timezone.localdate(), "prosecuzione": presa.prosecuzione}
    form = ChiudiForm(_scritti(request), initial=iniziali)

    def fai(campi: dict) -> str:
        azioni.chiudi_caso(presa=presa, da=request.attore, **campi)
        return "Presa in carico chiusa. Si può riaprire, dicendo perché."

    dati = {"bisogni": _bisogni_aperti(presa)}
    return _gesto(request, presa, form, fai, "beneficiari/casi/chiudi.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def riapri(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    form = RiapriForm(_scritti(request))

    def fai(campi: dict) -> str:
        azioni.riapri_caso(presa=presa, da=request.attore, **campi)
        return "Presa in carico riaperta."

    return _gesto(request, presa, form, fai, "beneficiari/casi/riapri.html")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def obiettivo_nuovo(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    form = ObiettivoForm(_scritti(request), presa=presa)

    def fai(campi: dict) -> str:
        azioni_obiettivi.aggiungi_obiettivo(presa=presa, da=request.attore, **campi)
        return "Obiettivo aggiunto."

    return _gesto(request, presa, form, fai, "beneficiari/casi/obiettivo.html")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def obiettivo(request, uuid):
    scelto = _obiettivo_o_404(request, uuid)
    presa = presa_in_mano_o_403(request, scelto.presa.uuid)
    form = RevisioneForm(_scritti(request), initial=RevisioneForm.iniziali(scelto))

    def fai(campi: dict) -> str:
        azioni_obiettivi.rivedi_obiettivo(obiettivo=scelto, da=request.attore, **campi)
        return "Obiettivo aggiornato."

    modello = "beneficiari/casi/obiettivo.html"
    return _gesto(request, presa, form, fai, modello, {"obiettivo": scelto})


def _obiettivo_o_404(request: HttpRequest, uuid: UUID) -> Obiettivo:
    propri = Obiettivo.objects.filter(ente=request.attore.ente)
    try:
        return propri.select_related("presa", "indicatore").get(uuid=uuid)
    except Obiettivo.DoesNotExist:
        raise Http404 from None


def _gesto(
    request: HttpRequest,
    presa: PresaInCarico,
    form: forms.Form,
    fai: Callable[[dict], str],
    modello: str,
    altro: dict | None = None,
) -> HttpResponse:
    """Un modulo, un gesto, la frase di com'è andato; rifiutato, la pagina col modulo e il perché."""
    if form.is_bound and form.is_valid():
        try:
            frase = fai(dict(form.cleaned_data))
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, frase)
            return redirect("beneficiari:caso", presa.uuid)
    dati = cornice_del_caso(request, presa) | {"form": form} | (altro or {})
    return render(request, modello, dati, status=422 if form.is_bound else 200)


def _scritti(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _bisogni_aperti(presa: PresaInCarico) -> list[BisognoRilevato]:
    """I bisogni ancora aperti della persona, o di chi fa parte del nucleo."""
    if presa.beneficiario is not None:
        chiavi = presa.beneficiario.chiavi
    else:
        chiavi = [voce.beneficiario_id for voce in presa.nucleo.di_adesso]
    aperti = BisognoRilevato.objects.filter(ente=presa.ente_id, beneficiario_id__in=chiavi)
    return list(aperti.aperti().per_elenco())
