"""Ciò che una pagina chiede di chi la legge."""

from django import template

from enti.permessi import Attore, Permesso


register = template.Library()


@register.filter
def puo(attore: Attore | None, permesso: str) -> bool:
    """{% if attore|puo:"rapporto_preparare" %}: vero se il suo ruolo lo consente.

    Serve a non mostrare un bottone che risponderebbe di no: a decidere è sempre la vista. Solleva
    ValueError se il permesso non esiste.
    """
    return attore is not None and attore.puo(Permesso(permesso))
