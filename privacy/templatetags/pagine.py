"""Le pagine e i lavori del registro degli accessi, detti in parole."""

from functools import cache
from pathlib import Path

import yaml
from django import template
from django.conf import settings


register = template.Library()
FILE = Path(settings.CARTELLA_BASE) / "dati" / "privacy" / "pagine.yaml"
# Il nome di una pagina che non c'è più, in una riga di anni fa.
NON_SI_SA = "Una pagina che il Registro non ha più"


@cache
def frasi() -> dict[str, str]:
    """Nome della pagina, o del lavoro → che cosa si stava facendo, da `dati/privacy/pagine.yaml`."""
    voci = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {nome: frase for frase, nomi in voci.items() for nome in nomi}


@register.filter
def in_parole(pagina: str) -> str:
    """Che cosa stava facendo chi ha letto da `pagina`; una frase anche per chi non c'è più."""
    return frasi().get(pagina, NON_SI_SA)
