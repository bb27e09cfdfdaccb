"""Come si scrivono i campi dei moduli: ciò che i modelli di Django fanno voce per voce, in una volta.

I nostri `django/forms/widgets/input.html` e `django/forms/widgets/select.html` prendono il posto di
quelli di Django e scrivono le stesse cose: un modello dentro l'altro per ogni attributo e per ogni
scelta costava, a una pagina piena di campi, più del resto del modulo (misurato).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


register = template.Library()


@register.filter
def attributi(valori: Mapping[str, object]) -> SafeString:
    """Gli attributi di un campo: ` id="id_nome" required`. Vero è il nome solo, falso niente."""
    scritti = []
    for nome, valore in valori.items():
        if valore is True:
            scritti.append(f" {conditional_escape(nome)}")
        elif valore is not False:
            scritti.append(f' {conditional_escape(nome)}="{conditional_escape(valore)}"')
    return SafeString("".join(scritti))


@register.filter
def casella(campo: Mapping[str, Any]) -> SafeString:
    """Un `<input>`: `campo` è il `widget` di Django, o una delle sue scelte (`type`, `name`, …)."""
    scritto = (
        f'type="{conditional_escape(campo["type"])}" name="{conditional_escape(campo["name"])}"'
    )
    if campo["value"] is not None:
        scritto += f' value="{conditional_escape(campo["value"])}"'
    return SafeString(f"<input {scritto}{attributi(campo['attrs'])}>")


@register.filter
def scelte(gruppi: Iterable[tuple[str | None, list[dict], int]]) -> SafeString:
    """Le scelte di un menu (`optgroups` di Django), ognuna nella sua riga e nel suo gruppo."""
    scritte = []
    for nome, voci, _ in gruppi:
        if nome:
            scritte.append(f'<optgroup label="{conditional_escape(nome)}">')
        scritte += map(_scelta, voci)
        if nome:
            scritte.append("</optgroup>")
    return SafeString("\n  ".join(["", *scritte]))


def _scelta(voce: dict) -> str:
    valore, titolo = conditional_escape(voce["value"]), conditional_escape(localize(voce["label"]))
    return f'<option value="{valore}"{attributi(voce["attrs"])}>{titolo}</option>'
