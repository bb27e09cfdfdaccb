"""Ciò che ogni pagina di una persona fa per prima cosa."""

from uuid import UUID

from django.http import Http404, HttpRequest

from beneficiari.models import Affidamento, Beneficiario
from enti.permessi import RUOLO_DI_SISTEMA, Attore, Ruolo


def persona_o_404(request: HttpRequest, uuid: UUID) -> Beneficiario:
    """La persona del proprio ente. Solleva Http404 se non c'è o è di un altro: non si distingue."""
    try:
        return Beneficiario.objects.di(request.attore.ente).get(uuid=uuid)
    except Beneficiario.DoesNotExist:
        raise Http404 from None


def vede_i_sensibili(attore: Attore, persona: Beneficiario) -> bool:
    """Se i gruppi sensibili della persona sono aperti a chi agisce. Lo decide la policy: qui lo si
    chiede per dirlo nella pagina, invece di mostrare un vuoto che sembra «non ce ne sono»."""
    if attore.ruolo in (Ruolo.REFERENTE, RUOLO_DI_SISTEMA):
        return True
    return Affidamento.objects.di(attore.utente, persona).in_corso().exists()


def cornice_della_persona(request: HttpRequest, persona: Beneficiario, *, linguetta: str) -> dict:
    """Il contesto di `beneficiari/persona/_cornice.html`: persona, linguetta attiva, aperture."""
    return {
        "persona": persona,
        "linguetta": linguetta,
        "sensibili_aperti": vede_i_sensibili(request.attore, persona),
    }
