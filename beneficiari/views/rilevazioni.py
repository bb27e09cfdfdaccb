"""Bisogni, valutazioni, salute e tutele, note di una persona: la pagina che li mostra insieme."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assi.models import Condizione
from beneficiari.azioni.condizioni import attuali
from beneficiari.forms.note import NotaForm
from beneficiari.models import (
    Beneficiario,
    BisognoRilevato,
    CondizioneRilevata,
    Nota,
    Valutazione,
)
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede
from privacy.letture import DatoDiPersona


NOTE_PER_PAGINA = 20
ANNULLABILE = "bisogno_annullabile"
RICHIUSI = (
    "Intanto i dati sensibili di questa persona si sono richiusi: non è stato salvato nulla, e ciò"
    " che hai scritto è ancora qui. Riaprili dicendo perché, poi salva di nuovo."
)


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def rilevazioni(request, uuid):
    persona = persona_o_404(request, uuid)
    dati = cornice_della_persona(request, persona, linguetta="rilevazioni")
    if dati["sensibili_aperti"]:
        dati |= _contenuto(request, persona)
    return render(request, "beneficiari/rilevazioni/rilevazioni.html", dati)


def pagina_di_modulo(
    request: HttpRequest, persona: Beneficiario, modello: str, **dati
) -> HttpResponse:
    """Una pagina con un modulo su dati sensibili: 422 se ciò che si è inviato non è andato.

    Chi li ha chiusi torna alla pagina che dice come aprirli; se si sono richiusi mentre scriveva,
    il modulo resta com'è.
    """
    cornice = cornice_della_persona(request, persona, linguetta="rilevazioni")
    if not cornice["sensibili_aperti"] and request.method != "POST":
        return redirect("beneficiari:rilevazioni", persona.uuid)
    stato = 422 if request.method == "POST" else 200
    return render(request, f"beneficiari/rilevazioni/{modello}", cornice | dati, status=stato)


def riga_o_404(request: HttpRequest, righe: QuerySet, uuid: UUID) -> DatoDiPersona:
    """La riga del proprio ente, se chi chiede la può vedere. Solleva Http404 se no."""
    riga = righe.di(request.attore.ente).filter(uuid=uuid).first()
    if riga is None:
        raise Http404
    return riga


def persona_della_riga(riga: DatoDiPersona) -> Beneficiario:
    """La persona di cui si apre la pagina: quella che tiene, se la sua riga è stata unita."""
    persone = Beneficiario.objects.filter(ente=riga.ente_id).select_related("unito_a")
    persona = persone.get(pk=riga.beneficiario_id)
    return persona.unito_a or persona


def torna(persona: Beneficiario, ancora: str) -> HttpResponse:
    """Alla pagina delle rilevazioni, dov'è ciò che si è appena scritto."""
    risposta = redirect("beneficiari:rilevazioni", persona.uuid)
    risposta["Location"] += f"#{ancora}"
    return risposta


def _contenuto(request: HttpRequest, persona: Beneficiario) -> dict:
    ente, chiavi = request.attore.ente, persona.chiavi
    bisogni = list(BisognoRilevato.objects.di(ente, chiavi).per_elenco())
    condizioni = attuali(CondizioneRilevata.objects.di(ente, chiavi).per_elenco()).values()
    note = Nota.objects.di(ente, chiavi).dalla_piu_recente()
    # Chi ha appena cambiato un bisogno senza JavaScript lo ritrova qui, con «Annulla».
    annullabile, era = request.session.pop(ANNULLABILE, ("", ""))
    return {
        "bisogni": [riga for riga in bisogni if not riga.chiuso_il],
        "bisogni_chiusi": [riga for riga in bisogni if riga.chiuso_il],
        "annullabile": annullabile,
        "era": era,
        "serie": list(serie_di(Valutazione.objects.di(ente, chiavi).per_serie())),
        "condizioni": _per_famiglia(condizioni),
        "note": Paginator(note, NOTE_PER_PAGINA).get_page(request.GET.get("pagina")),
        "form_nota": NotaForm(),
    }


def serie_di(valutazioni: Iterable[Valutazione]) -> Iterator[dict]:
    """Per ogni presa in carico, le serie dei suoi indicatori.

    `passi` sono le valutazioni in ordine di momento e di giorno; `da` e `a` il primo e l'ultimo
    valore, quando ce ne sono due. Chi non si è espresso non entra nel confronto.
    """
    momenti = list(Valutazione.Momento)
    for presa, sue in groupby(valutazioni, key=lambda voce: voce.presa):
        indicatori = []
        for indicatore, voci in groupby(sue, key=lambda voce: voce.indicatore):
            passi = sorted(voci, key=lambda v: (momenti.index(v.momento), v.valutata_il, v.pk))
            valori = [passo.valore for passo in passi if passo.valore is not None]
            estremi = (valori[0], valori[-1]) if len(valori) > 1 else (None, None)
            indicatori.append({"indicatore": indicatore, "passi": passi, "estremi": estremi})
        yield {"presa": presa, "indicatori": indicatori}


def _per_famiglia(righe: Iterable[CondizioneRilevata]) -> list[tuple[str, list]]:
    """Le condizioni con una risposta, per famiglia."""
    ordine = list(Condizione.Famiglia)
    date = [riga for riga in righe if riga.valore != CondizioneRilevata.NON_RILEVATA]
    date.sort(key=lambda riga: (ordine.index(riga.condizione.famiglia), riga.condizione.ordine))
    return [
        (famiglia, list(sue))
        for famiglia, sue in groupby(date, key=lambda r: r.condizione.get_famiglia_display())
    ]
