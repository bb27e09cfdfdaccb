"""I pezzi di interfaccia: `{% componente %}`, `{% icona %}` e ciò che serve ai loro modelli."""

from collections.abc import Iterator

from django import template
from django.core.paginator import Page
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


register = template.Library()


@register.simple_block_tag(takes_context=True)
def componente(context, content, nome: str, **proprieta) -> SafeString:
    """{% componente "avviso" tono="warning" %}…{% endcomponente %}: un pezzo di interfaccia.

    Il file sta in `templates/componenti/` e riceve solo le proprietà scritte, più `contenuto`
    (il corpo, già reso): come un `{% include … only %}`. Le proprietà di ognuno sono elencate in
    testa al suo file. Un componente senza corpo si può anche includere:
    `{% include "componenti/distintivo.html" with testo="Bozza" only %}`.
    """
    # Il corpo è già stato reso (e protetto) dalla pagina che lo scrive.
    dati = {**proprieta, "contenuto": SafeString(content.strip())}
    modello = context.template.engine.get_template(f"componenti/{nome}.html")
    return modello.render(context.new(dati))


@register.simple_tag
def icona(nome: str, classe: str = "", titolo: str = "") -> SafeString:
    """{% icona "it-search" "icon-sm" %}: un'icona di Bootstrap Italia.

    Decorativa, cioè taciuta a chi ascolta la pagina, se non si dà un `titolo`. Il nome va
    scritto per intero: la costruzione tiene solo le icone che trova nominate.
    """
    indirizzo = static("registro/icone.svg")
    if titolo:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            classe,
            titolo,
            indirizzo,
            nome,
        )
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        classe,
        indirizzo,
        nome,
    )


@register.simple_tag
def numeri_di_pagina(pagina: Page) -> Iterator[int | str]:
    """I numeri da mostrare sotto un elenco: i vicini, il primo, l'ultimo e «…» al posto degli altri."""
    return pagina.paginator.get_elided_page_range(pagina.number, on_each_side=1, on_ends=1)
