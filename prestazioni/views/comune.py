"""Ciò che le pagine delle prestazioni fanno allo stesso modo: trovare una riga, dirla in breve."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import Http404, HttpRequest

from enti.permessi import Attore
from prestazioni.azioni.prestazioni import puo_cambiare
from prestazioni.models import Partecipazione, Prestazione
from prestazioni.models.proposte import Presenza, primi_presenti
from prestazioni.templatetags.prestazioni import durata_in_parole


NOMI_IN_BREVE = 3


def uuid_o_404(testo: str) -> UUID:
    """L'uuid scritto in un indirizzo o in un modulo. Solleva Http404 se non lo è."""
    try:
        return UUID(testo)
    except ValueError:
        raise Http404 from None


def prestazione_o_404(request: HttpRequest, uuid: UUID) -> Prestazione:
    """La prestazione del proprio ente. Solleva Http404 se non c'è o è di un altro."""
    righe = Prestazione.objects.di(request.attore.ente).per_elenco()
    trovata = righe.filter(uuid=uuid).first()
    if trovata is None:
        raise Http404
    return trovata


def righe_in_breve(
    attore: Attore, righe: Sequence[Prestazione], presenze: Mapping[int, Sequence[Presenza]]
) -> list[dict]:
    """Le righe di un elenco coi pochi nomi che mostrano: di un incontro di cento se ne leggono tre.

    `presenze`: quelle delle righe, da `presenze_di()`. Di ogni riga rende `riga`, `persone` (i
    primi nomi), `altre` quante non si nominano, `mia` se chi agisce la può cambiare.
    """
    presenti = primi_presenti({riga.pk: presenze[riga.pk] for riga in righe}, NOMI_IN_BREVE)
    return [
        {
            "riga": riga,
            "persone": [nome_di(voce) for voce in presenti[riga.pk].primi],
            "altre": presenti[riga.pk].altre,
            "mia": puo_cambiare(attore, riga),
        }
        for riga in righe
    ]


def nome_di(chi: Partecipazione) -> str:
    """Come si chiama chi c'era; «il nucleo», se non si è detto chi."""
    return chi.beneficiario.come_si_chiama if chi.beneficiario else "il nucleo"


def in_parole(riga: Prestazione) -> str:
    """Che cosa, senza chi: si può dire anche in un avviso, che non deve portare nomi."""
    return f"{riga.servizio.nome}, {durata_in_parole(riga.minuti)}"
