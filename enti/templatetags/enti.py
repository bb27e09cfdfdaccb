"""Ciò che una pagina chiede di chi la legge."""

from django import template

from enti.models import Appartenenza
from enti.permessi import ECCEZIONI_POSSIBILI, Attore, Permesso


register = template.Library()


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
