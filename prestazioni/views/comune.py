"""Ciò che le pagine delle prestazioni fanno allo stesso modo: trovare una riga, dirla in breve."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest

from enti.permessi import Attore
from prestazioni.azioni.prestazioni import puo_cambiare
from prestazioni.models import Partecipazione, Prestazione
from prestazioni.templatetags.prestazioni import durata_in_parole


NOMI_IN_BREVE = 3


def prestazione_o_404(request: HttpRequest, uuid: UUID) -> Prestazione:
    """La prestazione del proprio ente. Solleva Http404 se non c'è o è di un altro."""
    righe = Prestazione.objects.di(request.attore.ente).per_elenco()
    trovata = righe.filter(uuid=uuid).first()
    if trovata is None:
        raise Http404
    return trovata


def riga_in_breve(
    attore: Attore, riga: Prestazione, partecipazioni: Sequence[Partecipazione]
) -> dict:
    """Una riga per un elenco: `riga`, `persone` (i primi nomi), `altre` quante non si nominano,
    `mia` se chi agisce la può cambiare."""
    nomi = [
        voce.beneficiario.come_si_chiama if voce.beneficiario else "il nucleo"
        for voce in partecipazioni
    ]
    return {
        "riga": riga,
        "persone": nomi[:NOMI_IN_BREVE],
        "altre": max(0, len(nomi) - NOMI_IN_BREVE),
        "mia": puo_cambiare(attore, riga),
    }


def in_parole(riga: Prestazione) -> str:
    """Che cosa, senza chi: si può dire anche in un avviso, che non deve portare nomi."""
    return f"{riga.servizio.nome}, {durata_in_parole(riga.minuti)}"
