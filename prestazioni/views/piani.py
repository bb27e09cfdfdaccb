"""La pagina di un piano di rientro: le rate, quanto è rispettato, com'è finito."""

from django.http import Http404, HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiari.views.casi import cornice_del_caso, presa_in_mano_o_403
from enti.permessi import Permesso, richiede
from prestazioni.azioni import piani as azioni
from prestazioni.forms.piani import FinePianoForm, PianoForm, RataForm, RateForm
from prestazioni.models import Esito, PianoRientro, Rata
from prestazioni.sguardi.piani import rispetto
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
def nuovo(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    form = PianoForm(scritti(request))

    def fai(campi: dict) -> tuple[str, str]:
        aperto = azioni.apri_piano(presa=presa, da=request.attore, **campi)
        return "Piano aperto: ora dividi il debito in rate.", pagina_di(aperto)

    return modulo(
        request,
        presa,
        form,
        fai,
        titolo="Nuovo piano di rientro",
        bottone="Apri il piano",
        torna=reverse("prestazioni:esiti_caso", args=[presa.uuid]),
    )


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def piano(request, uuid):
    letto = percorso_o_404(request, PianoRientro, uuid)
    rate = _rate(letto)
    oggi = timezone.localdate()
    dati = cornice_del_caso(request, letto.presa)
    dati |= {
        "piano": letto,
        "rate": rate,
        # Quelle pagate oggi restano in vista: chi ha sbagliato tocco torna indietro.
        "aperte": [rata for rata in rate if rata.pagata_il in (None, oggi)],
        "pagate": [rata for rata in rate if rata.pagata_il not in (None, oggi)],
        "conti": rispetto(rate, letto.concluso_il or letto.interrotto_il or oggi),
        "senza_aperte": all(rata.pagata_il not in (None, oggi) for rata in rate),
        "somma": sum(rata.importo for rata in rate),
        "in_corso": not (letto.concluso_il or letto.interrotto_il),
        "esiti": Esito.objects.di(letto.ente).filter(piano=letto).per_elenco().dagli_ultimi(),
    }
    return render(request, "prestazioni/esiti/piano.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def modifica(request, uuid):
    scelto = percorso_in_mano_o_403(request, PianoRientro, uuid)
    form = PianoForm(scritti(request), initial=PianoForm.iniziali(scelto))

    def fai(campi: dict) -> str:
        azioni.cambia_piano(piano=scelto, da=request.attore, **campi)
        return "Piano salvato."

    return modulo_del_percorso(request, scelto, form, fai, titolo="Modifica il piano")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def rate_nuove(request, uuid):
    scelto = percorso_in_mano_o_403(request, PianoRientro, uuid)
    form = RateForm(scritti(request))
    pagate = Rata.objects.filter(piano=scelto, ente=scelto.ente_id).exclude(pagata_il=None).count()

    def fai(campi: dict) -> str:
        azioni.scrivi_rate(piano=scelto, da=request.attore, **campi)
        return "Rate scritte: ognuna si può ancora cambiare."

    return modulo_del_percorso(
        request,
        scelto,
        form,
        fai,
        titolo="Dividi il debito in rate",
        bottone="Scrivi le rate",
        modello="prestazioni/esiti/rate_nuove.html",
        pagate=pagate,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def rata(request, uuid, numero):
    scelta = _rata_in_mano_o_403(request, uuid, numero)
    form = RataForm(scritti(request), initial=RataForm.iniziali(scelta))

    def fai(campi: dict) -> str:
        azioni.cambia_rata(rata=scelta, da=request.attore, **campi)
        return f"Rata {numero} salvata."

    return modulo_del_percorso(request, scelta.piano, form, fai, titolo=f"Rata {numero}")


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def rata_paga(request, uuid, numero):
    scelta = _rata_in_mano_o_403(request, uuid, numero)
    return gesto(
        request,
        lambda: azioni.paga_rata(rata=scelta, da=request.attore),
        frase=f"Rata {numero} pagata oggi. Se non è così, dal piano si torna indietro.",
        dove=_dopo_il_gesto(request, scelta),
    )


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def rata_da_pagare(request, uuid, numero):
    scelta = _rata_in_mano_o_403(request, uuid, numero)
    return gesto(
        request,
        lambda: azioni.togli_pagamento(rata=scelta, da=request.attore),
        frase=f"La rata {numero} è di nuovo da pagare.",
        dove=_dopo_il_gesto(request, scelta),
    )


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def rata_controlla(request, uuid, numero):
    scelta = _rata_in_mano_o_403(request, uuid, numero)
    return gesto(
        request,
        lambda: azioni.controlla_rata(rata=scelta, da=request.attore),
        frase=f"Rata {numero} controllata oggi.",
        dove=_dopo_il_gesto(request, scelta),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def fine(request, uuid):
    scelto = percorso_in_mano_o_403(request, PianoRientro, uuid)
    oggi = timezone.localdate()
    rate = _rate(scelto)
    iniziali = {"giorno": oggi, "esito": rispetto(rate, oggi).esito}
    form = FinePianoForm(scritti(request), initial=iniziali)

    def fai(campi: dict) -> str:
        azioni.finisci_piano(piano=scelto, da=request.attore, **campi)
        return "Piano finito: l'esito è fra quelli della presa in carico."

    scritto = form.cleaned_data.get("giorno") if form.is_bound and form.is_valid() else None
    return modulo_del_percorso(
        request,
        scelto,
        form,
        fai,
        titolo="Com'è finito il piano",
        bottone="Finisci il piano",
        modello="prestazioni/esiti/fine_piano.html",
        conti=rispetto(rate, scritto or oggi),
    )


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def riapri(request, uuid):
    scelto = percorso_in_mano_o_403(request, PianoRientro, uuid)
    return gesto(
        request,
        lambda: azioni.riapri_piano(piano=scelto, da=request.attore),
        frase="Il piano è di nuovo in corso.",
        dove=pagina_di(scelto),
    )


def _rate(piano: PianoRientro) -> list[Rata]:
    rate = Rata.objects.filter(piano=piano, ente=piano.ente_id)
    return list(rate.order_by("scade_il", "numero"))


def _rata_in_mano_o_403(request: HttpRequest, uuid, numero: int) -> Rata:
    """La rata `numero` di un piano che chi chiede può cambiare. Solleva Http404 o PermissionDenied."""
    scelto = percorso_in_mano_o_403(request, PianoRientro, uuid)
    scelta = Rata.objects.filter(piano=scelto, ente=scelto.ente_id, numero=numero).first()
    if scelta is None:
        raise Http404
    scelta.piano = scelto
    return scelta


def _dopo_il_gesto(request: HttpRequest, rata: Rata) -> str:
    """Di nuovo dov'era chi ha toccato: l'elenco delle scadenze, o il piano."""
    if request.POST.get("da") == "scadenze":
        return reverse("prestazioni:scadenze")
    return pagina_di(rata.piano)
