"""I doppioni dentro l'ente: proporli, guardarli accanto, unirli, disfare."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from beneficiari.azioni import unioni as azioni
from beneficiari.models import Beneficiario, Identificativo, PresaInCarico, Unione
from beneficiari.models.doppioni import coppie_simili, leggi_coppie
from beneficiari.models.ricerche import prese_delle_persone
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede


COPPIE_PER_PAGINA = 20
UNIONI_PER_PAGINA = 20


@dataclass(frozen=True, slots=True)
class Colonna:
    """Una delle due persone a confronto, con ciò che serve a riconoscerla."""

    persona: Beneficiario
    codici: list[Identificativo]
    prese: list[PresaInCarico]


@require_safe
@richiede(Permesso.PERSONE_UNIRE)
def elenco(request):
    """Le coppie da guardare, e le unioni già fatte."""
    ente = request.attore.ente
    pagina = Paginator(coppie_simili(ente), COPPIE_PER_PAGINA).get_page(request.GET.get("pagina"))
    fatte = Unione.objects.filter(ente=ente, annullata_il=None)
    dati = {
        "pagina": pagina,
        "coppie": leggi_coppie(ente, pagina),
        "unioni": fatte.select_related("tenuta", "assorbita", "fatta_da").order_by("-fatta_il")[
            :UNIONI_PER_PAGINA
        ],
    }
    return render(request, "beneficiari/doppioni/elenco.html", dati)


@require_safe
@richiede(Permesso.PERSONE_UNIRE)
def della_persona(request, uuid):
    """Chi le somiglia, una accanto all'altra. `con` nell'indirizzo dice quale guardare per prima."""
    persona = persona_o_404(request, uuid)
    ente = request.attore.ente
    coppie = leggi_coppie(ente, coppie_simili(ente, persona))
    altre = [
        (coppia.altra if coppia.una == persona else coppia.una, coppia.motivo) for coppia in coppie
    ]
    prima = request.GET.get("con", "")
    altre.sort(key=lambda voce: str(voce[0].uuid) != prima)
    colonne = _colonne(request, [persona, *(altra for altra, _ in altre)])
    dati = {
        "sua": colonne[persona.pk],
        "altre": [(colonne[altra.pk], motivo) for altra, motivo in altre],
        **cornice_della_persona(request, persona, linguetta=""),
    }
    return render(request, "beneficiari/doppioni/persona.html", dati)


@require_POST
@richiede(Permesso.PERSONE_UNIRE)
def unisci(request, uuid):
    """Tiene questa persona e le unisce quella del campo `altra`."""
    tenuta, assorbita = persona_o_404(request, uuid), _altra(request)
    if assorbita is None:
        return _manca(request, tenuta)
    try:
        azioni.unisci(tenuta=tenuta, assorbita=assorbita, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
        return redirect("beneficiari:doppioni_persona", tenuta.uuid)
    messages.success(
        request, "Unite: adesso sono una persona sola. Se è un errore, l'unione si annulla da qui."
    )
    return redirect("beneficiari:persona", tenuta.uuid)


@require_POST
@richiede(Permesso.PERSONE_UNIRE)
def diverse(request, uuid):
    """Dice che questa persona e quella del campo `altra` sono due persone."""
    una, altra = persona_o_404(request, uuid), _altra(request)
    if altra is None:
        return _manca(request, una)
    try:
        azioni.sono_diverse(una=una, altra=altra, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Segnato: sono due persone diverse. Non si ripropongono più.")
    return redirect("beneficiari:doppioni")


@require_POST
@richiede(Permesso.PERSONE_UNIRE)
def annulla(request, uuid):
    dell_ente = Unione.objects.filter(ente=request.attore.ente)
    unione = dell_ente.select_related("tenuta", "assorbita").filter(uuid=uuid).first()
    if unione is None:
        raise Http404
    try:
        azioni.annulla_unione(unione=unione, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(request, "Unione annullata: sono di nuovo due persone.")
    return redirect("beneficiari:doppioni")


def _colonne(request: HttpRequest, persone: list[Beneficiario]) -> dict[int, Colonna]:
    ente = request.attore.ente
    prese = prese_delle_persone(persone, ente)
    chiavi = [persona.pk for persona in persone]
    codici: dict[int, list[Identificativo]] = {chiave: [] for chiave in chiavi}
    for codice in Identificativo.objects.filter(ente=ente, beneficiario__in=chiavi, al=None):
        codici[codice.beneficiario_id].append(codice)
    return {
        persona.pk: Colonna(persona, codici[persona.pk], prese.get(persona.pk, []))
        for persona in persone
    }


def _altra(request: HttpRequest) -> Beneficiario | None:
    dell_ente = Beneficiario.objects.di(request.attore.ente)
    try:
        return dell_ente.filter(uuid=request.POST.get("altra")).first()
    except ValidationError:
        return None


def _manca(request: HttpRequest, persona: Beneficiario):
    messages.error(
        request, "Non si capisce con chi confrontarla: scegli una delle persone simili."
    )
    return redirect("beneficiari:doppioni_persona", persona.uuid)
