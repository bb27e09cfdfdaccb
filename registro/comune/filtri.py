"""Quali filtri di un elenco si possono salvare: le scelte, mai ciò che qualcuno ha scritto.

Un testo libero può essere il nome di una persona: si perde con la pagina. Ogni elenco dichiara
accanto alla sua vista con quale form filtra, e da lì si ricavano i nomi ammessi.
"""

from collections.abc import Callable

from django import forms
from django.http import QueryDict

from registro.comune.moduli import FiltriForm


ORDINE = "ordine"
_PAGINE: dict[str, frozenset[str]] = {}


def filtri_salvabili(pagina: str, form: type[FiltriForm]) -> Callable:
    """Decora la vista di un elenco: i filtri di `form` si possono salvare per `pagina`.

    `pagina`: il nome della vista («beneficiari:elenco»), senza argomenti. Restano fuori i campi
    di testo e quelli in `form.mai_salvati` (una scelta che nomina una persona).
    """
    scelte = {
        nome for nome, campo in form.base_fields.items() if not isinstance(campo, forms.CharField)
    }
    _PAGINE[pagina] = frozenset(scelte - set(form.mai_salvati)) | {ORDINE}
    return lambda vista: vista


def si_salvano(pagina: str) -> bool:
    """Vero se di `pagina` si possono salvare i filtri."""
    return pagina in _PAGINE


def da_salvare(pagina: str, indirizzo: QueryDict) -> str:
    """I filtri di un indirizzo che si possono salvare, sempre nello stesso ordine; "" se nessuno.

    Il solo ordinamento non è un filtro.
    """
    tenuti = QueryDict(mutable=True)
    for nome in sorted(_PAGINE.get(pagina, ())):
        if valori := [valore for valore in indirizzo.getlist(nome) if valore]:
            tenuti.setlist(nome, valori)
    return tenuti.urlencode() if set(tenuti) - {ORDINE} else ""
