"""Durate, quantità e pastiglie delle pagine delle prestazioni."""

from django import template
from django.forms.boundfield import BoundField

from prestazioni.models import Prestazione
from prestazioni.models.proposte import UNITA_DI_TEMPO
from registro.comune.templatetags.testo import SPAZIO_FISSO, numero


register = template.Library()

SENZA_DURATA = "durata non detta"


@register.filter
def durata_in_parole(minuti: int | None) -> str:
    """90 → «1 ora e 30», 45 → «45 minuti», None → «durata non detta»."""
    if minuti is None:
        return SENZA_DURATA
    ore, resto = divmod(minuti, 60)
    if not ore:
        return f"{resto}{SPAZIO_FISSO}{'minuto' if resto == 1 else 'minuti'}"
    intere = f"{ore}{SPAZIO_FISSO}{'ora' if ore == 1 else 'ore'}"
    return f"{intere} e{SPAZIO_FISSO}{resto:02}" if resto else intere


@register.filter
def quantita_in_parole(riga: Prestazione) -> str:
    """«12 pasti», «pasti: 1»; vuota se non è detta."""
    if riga.quantita is None:
        return ""
    unita = riga.servizio.voce.unita.nome.lower()
    # Le unità hanno solo il plurale.
    if riga.quantita == 1:
        return f"{unita}:{SPAZIO_FISSO}1"
    return f"{numero(riga.quantita)}{SPAZIO_FISSO}{unita}"


@register.filter
def unita_da_contare(servizio) -> str:
    """L'unità in cui si conta il servizio, oltre al tempo: «Pasti»; vuota se è il tempo stesso."""
    unita = servizio.voce.unita
    return "" if unita.codice == UNITA_DI_TEMPO else unita.nome


@register.filter
def scelto(campo: BoundField, valore: str) -> bool:
    """Vero se `valore` è quello scritto nel campo."""
    return str(campo.value() or "") == str(valore)
