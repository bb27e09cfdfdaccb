"""La pagina di una pratica per la casa: i passi con le loro date, che cosa se n'è ottenuto."""

from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiari.views.casi import cornice_del_caso, presa_in_mano_o_403
from enti.permessi import Permesso, richiede
from prestazioni.azioni import pratiche as azioni
from prestazioni.forms.pratiche import (
    EsitoDiPraticaForm,
    ModificaPraticaForm,
    PassoForm,
    PraticaForm,
)
from prestazioni.models import Esito, PassoDiPratica, PraticaCasa
from prestazioni.views.percorsi import (
    gesto,
    modulo,
    modulo_del_percorso,
    pagina_di,
    percorso_in_mano_o_403,
    percorso_o_404,
    scritti,
)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def nuova(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    form = PraticaForm(scritti(request), initial={"aperta_il": timezone.localdate()})

    def fai(campi: dict) -> tuple[str, str]:
        aperta = azioni.apri_pratica(presa=presa, da=request.attore, **campi)
        return "Pratica aperta.", pagina_di(aperta)

    return modulo(
        request,
        presa,
        form,
        fai,
        titolo="Nuova pratica per la casa",
        bottone="Apri la pratica",
        torna=reverse("prestazioni:esiti_caso", args=[presa.uuid]),
    )


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def pratica(request, uuid):
    letta = percorso_o_404(request, PraticaCasa, uuid)
    passi = PassoDiPratica.objects.filter(pratica=letta, ente=letta.ente_id)
    dati = cornice_del_caso(request, letta.presa)
    dati |= {
        "pratica": letta,
        "passi": passi.order_by("giorno", "pk"),
        "esiti": Esito.objects.di(letta.ente).filter(pratica=letta).per_elenco().dagli_ultimi(),
    }
    return render(request, "prestazioni/esiti/pratica.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def modifica(request, uuid):
    scelta = percorso_in_mano_o_403(request, PraticaCasa, uuid)
    form = ModificaPraticaForm(scritti(request), initial=ModificaPraticaForm.iniziali(scelta))

    def fai(campi: dict) -> str:
        azioni.cambia_pratica(pratica=scelta, da=request.attore, **campi)
        return "Pratica salvata."

    return modulo_del_percorso(request, scelta, form, fai, titolo="Modifica la pratica")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def passo_nuovo(request, uuid):
    scelta = percorso_in_mano_o_403(request, PraticaCasa, uuid)
    iniziali = {"giorno": timezone.localdate()}
    form = PassoForm(scritti(request), pratica=scelta, initial=iniziali)

    def fai(campi: dict) -> str:
        azioni.aggiungi_passo(pratica=scelta, da=request.attore, **campi)
        return "Passo aggiunto."

    return modulo_del_percorso(
        request, scelta, form, fai, titolo="Aggiungi un passo", bottone="Aggiungi"
    )


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def passo_togli(request, uuid, passo, giorno):
    scelta = percorso_in_mano_o_403(request, PraticaCasa, uuid)
    try:
        quando = date.fromisoformat(giorno)
    except ValueError:
        raise Http404 from None
    return gesto(
        request,
        lambda: azioni.togli_passo(pratica=scelta, passo=passo, giorno=quando, da=request.attore),
        frase="Passo tolto. La storia lo conserva.",
        dove=pagina_di(scelta),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def esito(request, uuid):
    scelta = percorso_in_mano_o_403(request, PraticaCasa, uuid)
    iniziali = {"giorno": timezone.localdate(), "importo": scelta.importo}
    form = EsitoDiPraticaForm(scritti(request), pratica=scelta, initial=iniziali)

    def fai(campi: dict) -> str:
        azioni.scrivi_esito(pratica=scelta, da=request.attore, **campi)
        return "Scritto com'è andata la pratica."

    return modulo_del_percorso(request, scelta, form, fai, titolo="Com'è andata la pratica")


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def riapri(request, uuid):
    scelta = percorso_in_mano_o_403(request, PraticaCasa, uuid)
    return gesto(
        request,
        lambda: azioni.riapri_pratica(pratica=scelta, da=request.attore),
        frase="La pratica è di nuovo aperta.",
        dove=pagina_di(scelta),
    )
