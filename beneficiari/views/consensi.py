"""Consensi e condivisioni di una persona: raccogliere, revocare, condividere, smettere."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiari.azioni import consensi as azioni
from beneficiari.forms.consensi import ConsensoForm
from beneficiari.models import Autorizzazione, Beneficiario, Consenso, diciottesimo
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.models import Ente
from enti.permessi import Permesso, richiede
from privacy.models import Informativa
from registro.comune.templatetags.testo import data_estesa


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def consensi(request, uuid):
    persona = persona_o_404(request, uuid)
    chiavi = persona.chiavi
    suoi = Consenso.objects.filter(ente=request.attore.ente, beneficiario__in=chiavi).per_elenco()
    date = Autorizzazione.objects.date_da(request.attore.ente).filter(beneficiario__in=chiavi)
    condivisioni = list(date.per_elenco().select_related("consenso", "accordo"))
    dati = cornice_della_persona(request, persona, linguetta="consensi") | {
        "consensi": _con_destinatari(suoi, persona),
        "in_corso": [voce for voce in condivisioni if not voce.finita],
        "finite": [voce for voce in condivisioni if voce.finita],
    }
    return render(request, "beneficiari/consensi/pagina.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.CONSENSI_RACCOGLIERE)
def nuovo(request, uuid):
    persona = persona_o_404(request, uuid)
    in_uso = list(Informativa.objects.in_uso().filter(ente=request.attore.ente))
    informativa = _scelta(request, in_uso)
    form = informativa and _modulo(request, informativa, persona)
    if form and request.method == "POST" and form.is_valid():
        try:
            consenso = azioni.raccogli_consenso(
                persona=persona,
                informativa=informativa,
                esito=request.POST["esito"],
                **form.campi,
                da=request.attore,
            )
        except ValidationError as errore:
            form.rifiutato_dal_database(errore)
        else:
            messages.success(request, _raccolto(consenso, persona))
            return redirect("beneficiari:consensi", persona.uuid)
    dati = cornice_della_persona(request, persona, linguetta="consensi") | {
        "informativa": informativa,
        "in_uso": in_uso,
        "form": form,
        "diciottesimo": diciottesimo(persona),
    }
    stato = 422 if form and form.is_bound else 200
    return render(request, "beneficiari/consensi/nuovo.html", dati, status=stato)


@require_POST
@richiede(Permesso.CONSENSI_RACCOGLIERE)
def revoca(request, uuid):
    consenso = get_object_or_404(
        Consenso.objects.filter(ente=request.attore.ente).select_related("beneficiario__unito_a"),
        uuid=uuid,
        esito=Consenso.Esito.PRESTATO,
    )
    try:
        finite = azioni.revoca_consenso(consenso=consenso, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, _revocato(finite))
    return redirect("beneficiari:consensi", pagina_di(consenso.beneficiario))


def pagina_di(persona: Beneficiario) -> UUID:
    """L'uuid della pagina di una riga: la sua, o quella della persona a cui è stata unita."""
    return (persona.unito_a or persona).uuid


def _scelta(request: HttpRequest, in_uso: list[Informativa]) -> Informativa | None:
    """La versione chiesta nell'indirizzo, o la più recente; None se non ce n'è nessuna in uso."""
    chiesta = request.GET.get("informativa")
    if chiesta is None:
        return in_uso[0] if in_uso else None
    trovata = next((voce for voce in in_uso if str(voce.uuid) == chiesta), None)
    if trovata is None:
        raise Http404
    return trovata


def _modulo(request: HttpRequest, informativa: Informativa, persona: Beneficiario) -> ConsensoForm:
    if request.method != "POST":
        return ConsensoForm(informativa=informativa, persona=persona)
    esito = request.POST.get("esito")
    if esito not in Consenso.Esito.values:
        raise Http404
    return ConsensoForm(request.POST, informativa=informativa, persona=persona, esito=esito)


def _con_destinatari(consensi, persona: Beneficiario) -> list[dict]:
    """I consensi con lo stato di oggi e i nomi degli enti a cui si rivolgono."""
    letti = list(consensi)
    chiavi = {ente for consenso in letti for ente in consenso.destinatari}
    nomi = dict(Ente.objects.filter(pk__in=chiavi).values_list("pk", "denominazione"))
    return [
        {
            "consenso": consenso,
            "stato": consenso.stato(persona),
            "enti": sorted(nomi[ente] for ente in consenso.destinatari if ente in nomi),
        }
        for consenso in letti
    ]


def _raccolto(consenso: Consenso, persona: Beneficiario) -> str:
    if consenso.esito == Consenso.Esito.RIFIUTATO:
        return "Rifiuto scritto. Non cambia niente di ciò che l'ente fa per la persona."
    fine = consenso.valido_fino_al
    compie = diciottesimo(persona)
    if fine and compie and consenso.dato_il < compie and fine < compie:
        return f"Consenso scritto. Vale fino al {data_estesa(fine)}: a 18 anni si chiede a lei."
    return "Consenso scritto. Si può revocare da questa pagina in ogni momento."


def _revocato(finite: list[Autorizzazione]) -> str:
    if not finite:
        return "Consenso revocato. Non c'erano condivisioni che ci poggiassero."
    # Con un ente ci possono essere più condivisioni per lo stesso scopo: si dice una volta sola.
    voci = "; ".join(
        dict.fromkeys(
            f"{voce.destinatario.denominazione} ({voce.get_finalita_display()})" for voce in finite
        )
    )
    return f"Consenso revocato. Da adesso non vede più niente di questa persona: {voci}."
