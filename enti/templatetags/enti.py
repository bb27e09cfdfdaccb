"""Ciò che una pagina chiede di chi la legge, e come si dicono i suoi accessi."""

import json

from django import template

from enti.models import Appartenenza
from enti.permessi import ECCEZIONI_POSSIBILI, Attore, Permesso
from registro.comune.provenienza import INDIRIZZO_IGNOTO, rete_in_parole


register = template.Library()

# Nell'ordine in cui si cercano: Edge e Opera dicono di essere anche Chrome, e Chrome anche Safari.
_NAVIGATORI = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"))
_NAVIGATORI += (("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"))
_NAVIGATORI += (("Chrome", "Chrome"), ("Safari", "Safari"))
_SISTEMI = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "un telefono o tablet Android"))
_SISTEMI += (("Windows", "Windows"), ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))
_NON_SI_SA = "non si sa da quale rete"


@register.filter
def in_json(valore: object) -> str:
    """Un oggetto da mettere in un attributo `data-…`, che uno script rilegge."""
    return json.dumps(valore)


@register.filter
def dispositivo(navigatore: str) -> str:
    """Ciò che il navigatore dice di essere, in parole: «Firefox su Windows»."""
    nome = next((parole for segno, parole in _NAVIGATORI if segno in navigatore), "")
    sistema = next((parole for segno, parole in _SISTEMI if segno in navigatore), "")
    if nome and sistema:
        return f"{nome} su {sistema}"
    return nome or sistema or "Un navigatore che non si riconosce"


@register.filter
def rete(indirizzo: str) -> str:
    """La rete di un indirizzo, detta all'ingrosso: «rete 93.44.x.x»."""
    if indirizzo == INDIRIZZO_IGNOTO:
        return _NON_SI_SA
    parole = rete_in_parole(indirizzo)
    return parole if parole == "questa macchina" else f"rete {parole}"


@register.filter
def puo(attore: Attore | None, permesso: str) -> bool:
    """{% if attore|puo:"rapporto_preparare" %}: vero se il suo ruolo lo consente.

    Serve a non mostrare un bottone che risponderebbe di no: a decidere è sempre la vista. Solleva
    ValueError se il permesso non esiste.
    """
    return attore is not None and attore.puo(Permesso(permesso))


@register.filter
def in_piu(appartenenza: Appartenenza) -> list[str]:
    """I permessi in più di un'appartenenza letta `con_eccezioni()`, come si leggono in una frase."""
    dati = {*appartenenza.su_ente, *appartenenza.su_nodo}
    return [
        parole[0].lower() + parole[1:] for codice, parole in ECCEZIONI_POSSIBILI if codice in dati
    ]
