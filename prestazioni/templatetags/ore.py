"""Le ore come si leggono in un foglio: «1 h 30 min», e in decimali."""

from datetime import date

from django import template
from django.utils import formats

from prestazioni.sguardi.ore import in_ore
from registro.comune.templatetags.testo import MENO, SPAZIO_FISSO, numero


register = template.Library()

NIENTE = "–"


@register.filter
def ore_e_minuti(minuti: int | None) -> str:
    """90 → «1 h 30 min», 60 → «1 h», -20 → «−20 min», 0 → «0 min», None → «–»."""
    if minuti is None:
        return NIENTE
    ore, resto = divmod(abs(minuti), 60)
    parti = [f"{numero(ore)}{SPAZIO_FISSO}h"] if ore else []
    if resto or not ore:
        parti.append(f"{resto}{SPAZIO_FISSO}min")
    testo = SPAZIO_FISSO.join(parti)
    return f"{MENO}{testo}" if minuti < 0 else testo


@register.filter
def ore_decimali(minuti: int | None) -> str:
    """90 → «1,50», None → «–»."""
    return NIENTE if minuti is None else numero(in_ore(minuti), 2)


@register.filter
def mese_in_parole(mese: date) -> str:
    """«novembre 2026»."""
    return formats.date_format(mese, "F Y").lower()


@register.filter
def giorno_in_breve(giorno: date) -> str:
    """«lun 23»."""
    return f"{formats.date_format(giorno, 'D').lower()} {giorno.day}"
