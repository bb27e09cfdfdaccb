"""Le bozze di «Registra»: quali si offrono a chi apre la pagina, e come si dicono in breve."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from enti.permessi import Attore, Permesso, richiede
from prestazioni.azioni.bozze import bozza_di, bozze_di, butta_bozza, tieni_bozza
from prestazioni.forms.chi import nuova_in_corso, persone_scelte, scelte_scritte
from prestazioni.models import Bozza, Prestazione
from prestazioni.views.comune import NOMI_IN_BREVE, uuid_o_404


# Una bozza per modulo: quella di un altro non si copre e non si butta.
PAGINE = "registra:"
OFFERTE_AL_MASSIMO = 5


@dataclass(frozen=True, slots=True)
class Offerta:
    """Una bozza da riprendere: l'uuid del suo modulo, di quando è, che cosa e con chi.

    `persone` sono i primi nomi, `altre` quante non si nominano.
    """

    modulo: UUID
    quando: datetime
    servizio: str
    persone: tuple[str, ...]
    altre: int


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def bozza(request):
    """Conserva ciò che è scritto fin qui nel modulo `uuid`; con `gesto` «lascia», lo butta."""
    if request.POST.get("gesto") == "lascia":
        butta_bozza(pagina=f"{PAGINE}{request.POST.get('uuid', '')}", da=request.attore)
        return HttpResponse() if request.htmx else redirect("prestazioni:registra")
    if _c_e_qualcosa(request.POST):
        scritto = request.POST.copy()
        for nome in ("csrfmiddlewaretoken", "gesto", "testo"):
            scritto.pop(nome, None)
        pagina = f"{PAGINE}{uuid_o_404(scritto.get('uuid', ''))}"
        tieni_bozza(pagina=pagina, contenuto=scritto.urlencode(), da=request.attore)
    return HttpResponse(status=204)


def bozza_chiesta(attore: Attore, chiesto: QueryDict) -> Bozza | None:
    """La propria bozza che l'indirizzo chiede di riprendere; None se non c'è più."""
    return bozza_di(f"{PAGINE}{chiesto['bozza']}", da=attore) if "bozza" in chiesto else None


def bozze_da_offrire(attore: Attore, servizi) -> list[Offerta]:
    """Le bozze che non sono già diventate una riga, l'ultima scritta prima; al massimo cinque.

    `servizi` sono quelli dell'ente: ne viene il nome di ciò che si stava registrando.
    """
    bozze = {UUID(voce.pagina.removeprefix(PAGINE)): voce for voce in bozze_di(PAGINE, da=attore)}
    if not bozze:
        return []
    righe = Prestazione.objects.di(attore.ente).filter(uuid__in=list(bozze))
    gia = set(righe.values_list("uuid", flat=True))
    restano = [(modulo, voce) for modulo, voce in bozze.items() if modulo not in gia]
    scritte = [(m, v, QueryDict(v.contenuto)) for m, v in restano[:OFFERTE_AL_MASSIMO]]
    tutte = {chiave: "" for _, _, scritto in scritte for chiave in scelte_scritte(scritto)}
    nomi = {str(voce.uuid): voce.come_si_chiama for voce in persone_scelte(attore, tutte)}
    dei_servizi = {str(voce.uuid): voce.nome for voce in servizi}
    return [
        _offerta(modulo, voce.aggiornata_il, scritto, nomi, dei_servizi)
        for modulo, voce, scritto in scritte
    ]


def _offerta(
    modulo: UUID,
    quando: datetime,
    scritto: QueryDict,
    nomi: dict[str, str],
    dei_servizi: dict[str, str],
) -> Offerta:
    persone = [nomi[chiave] for chiave in scelte_scritte(scritto) if chiave in nomi]
    if nuova_in_corso(scritto):
        persone.append("una persona nuova")
    return Offerta(
        modulo,
        quando,
        dei_servizi.get(scritto.get("servizio", ""), ""),
        tuple(persone[:NOMI_IN_BREVE]),
        len(persone[NOMI_IN_BREVE:]),
    )


def _c_e_qualcosa(scritto: QueryDict) -> bool:
    """Se c'è qualcosa che dispiacerebbe perdere: giorno e modo ci sono già da soli."""
    detti = ("servizio", "nota", "oggetto", "luogo", "quantita", "senza_nome")
    return (
        bool(scritto.getlist("persona"))
        or any(scritto.get(nome, "").strip() for nome in detti)
        or nuova_in_corso(scritto)
    )
