"""Ciò che ogni pagina di una persona fa per prima cosa."""

from math import ceil
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from beneficiari.documenti.regole import sensibili_aperti
from beneficiari.models import Affidamento, Beneficiario, Limitazione
from enti.permessi import Attore


def persona_o_404(request: HttpRequest, uuid: UUID) -> Beneficiario:
    """La persona del proprio ente. Solleva Http404 se non c'è o è di un altro: non si distingue."""
    try:
        return Beneficiario.objects.di(request.attore.ente).get(uuid=uuid)
    except Beneficiario.DoesNotExist:
        raise Http404 from None


def vede_i_sensibili(attore: Attore, persona: Beneficiario) -> bool:
    """Se i gruppi sensibili della persona sono aperti a chi agisce. Lo decide la policy: qui lo si
    chiede per dirlo nella pagina, invece di mostrare un vuoto che sembra «non ce ne sono».

    Dopo un'unione servono tutte le righe: vederne una sola mostrerebbe metà per l'intero.
    """
    return sensibili_aperti(attore, persona.chiavi)


def cornice_della_persona(request: HttpRequest, persona: Beneficiario, *, linguetta: str) -> dict:
    """Il contesto di `beneficiari/persona/_cornice.html`: persona, linguetta attiva, aperture.

    `apertura` è l'Affidamento «aperto con un motivo» da cui dipende ciò che si vede, o None;
    `limitata` la Limitazione in corso, o None.
    """
    dati = {
        "persona": persona,
        "linguetta": linguetta,
        "sensibili_aperti": True,
        "apertura": None,
    }
    chiavi = persona.chiavi
    in_corso = Limitazione.objects.filter(beneficiario__in=chiavi, ente=persona.ente_id)
    dati["limitata"] = in_corso.in_corso().first()
    if request.attore.risponde_dei_dati:
        return dati
    in_corso = _in_corso(request.attore, chiavi)
    dati["sensibili_aperti"] = {voce.beneficiario_id for voce in in_corso} >= set(chiavi)
    aperti = [voce for voce in in_corso if voce.tipo == Affidamento.Tipo.APERTO]
    if aperti:
        apertura = dati["apertura"] = min(aperti, key=lambda voce: voce.al)
        dati["minuti_di_apertura"] = ceil((apertura.al - timezone.now()).total_seconds() / 60)
    return dati


def _in_corso(attore: Attore, chiavi: list[int]) -> list[Affidamento]:
    affidamenti = Affidamento.objects.filter(ente=attore.ente, utente=attore.utente)
    return list(affidamenti.filter(beneficiario__in=chiavi).in_corso())
