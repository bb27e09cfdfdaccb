"""Gli esiti di una presa in carico: la pagina che li raccoglie, registrarne uno, correggerlo."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assi.models import TipoDiEsito
from beneficiari.models import PresaInCarico
from beneficiari.views.casi import cornice_del_caso, presa_in_mano_o_403, presa_o_404
from enti.permessi import Permesso, richiede
from prestazioni.azioni import esiti as azioni
from prestazioni.forms.esiti import EsitoForm, tipi_da_scegliere
from prestazioni.models import Esito, PianoRientro, PraticaCasa, Tirocinio
from prestazioni.views.percorsi import gesto, modulo, percorso_in_mano_o_403, scritti


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def del_caso(request, uuid):
    presa = presa_o_404(request, uuid)
    dati = cornice_del_caso(request, presa)
    dati |= {
        "esiti": Esito.objects.della_presa(presa).per_elenco().dagli_ultimi(),
        "tirocini": Tirocinio.objects.della_presa(presa)
        .select_related("ospitante", "programma")
        .order_by("-inizio", "-pk"),
        "piani": PianoRientro.objects.della_presa(presa).order_by("-registrato_il", "-pk"),
        "pratiche": PraticaCasa.objects.della_presa(presa).order_by("-aperta_il", "-pk"),
        "prima_la_casa": presa.azione.asse.slug == "housing",
    }
    return render(request, "prestazioni/esiti/caso.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def nuovo(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    tipo = TipoDiEsito.objects.in_uso(timezone.localdate())
    tipo = tipo.filter(codice=request.GET.get("tipo", "")).first()
    if tipo is None:
        return _scegli_il_tipo(request, presa)
    form = EsitoForm(scritti(request), tipo=tipo, initial={"giorno": timezone.localdate()})

    def fai(campi: dict) -> tuple[str, str]:
        azioni.registra_esito(presa=presa, tipo=tipo, da=request.attore, **campi)
        return f"Esito registrato: {tipo.nome}.", _del_caso(presa)

    return modulo(
        request,
        presa,
        form,
        fai,
        titolo=tipo.nome,
        bottone="Registra l'esito",
        torna=_del_caso(presa),
        tipo=tipo,
        modello="prestazioni/esiti/esito.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def esito(request, uuid):
    scelto = percorso_in_mano_o_403(request, Esito, uuid)
    presa = scelto.presa
    form = EsitoForm(scritti(request), tipo=scelto.tipo, initial=EsitoForm.iniziali(scelto))

    def fai(campi: dict) -> tuple[str, str]:
        azioni.correggi_esito(esito=scelto, da=request.attore, **campi)
        return "Esito corretto.", _del_caso(presa)

    return modulo(
        request,
        presa,
        form,
        fai,
        titolo=scelto.tipo.nome,
        torna=_del_caso(presa),
        tipo=scelto.tipo,
        esito=scelto,
        modello="prestazioni/esiti/esito.html",
    )


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def togli(request, uuid):
    scelto = percorso_in_mano_o_403(request, Esito, uuid)
    return gesto(
        request,
        lambda: azioni.togli_esito(esito=scelto, da=request.attore),
        frase="Esito tolto. La storia lo conserva.",
        dove=_del_caso(scelto.presa),
    )


def _scegli_il_tipo(request: HttpRequest, presa: PresaInCarico) -> HttpResponse:
    cercato = request.GET.get("cerca", "")[:100]
    dati = cornice_del_caso(request, presa)
    dati |= {"gruppi": tipi_da_scegliere(presa, cercato), "cercato": cercato}
    stato = 422 if request.method == "POST" else 200
    return render(request, "prestazioni/esiti/scegli_tipo.html", dati, status=stato)


def _del_caso(presa: PresaInCarico) -> str:
    return reverse("prestazioni:esiti_caso", args=[presa.uuid])
