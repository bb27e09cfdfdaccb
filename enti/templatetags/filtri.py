"""La riga dei filtri salvati, da mettere in ogni elenco."""

from django import template
from django.http import HttpRequest
from django.urls import reverse

from enti.models import FiltroSalvato
from registro.comune.filtri import da_salvare


register = template.Library()


@register.inclusion_tag("enti/filtri/_riga.html", takes_context=True)
def filtri_salvati(context, pagina: str) -> dict:
    """{% filtri_salvati "beneficiari:elenco" %}: i propri filtri, e come salvare quelli in uso.

    Va dentro il frammento che HTMX sostituisce: così segue i filtri dell'indirizzo.
    """
    request = context["request"]
    # L'elenco di una persona ha il suo indirizzo; una ricerca torna all'elenco da cui parte.
    qui = request.resolver_match.view_name == pagina
    indirizzo = request.path if qui else reverse(pagina)
    riga = riga_dei_filtri(request, pagina, da_salvare(pagina, request.GET), indirizzo)
    return riga | {"csrf_token": context.get("csrf_token")}


def riga_dei_filtri(request: HttpRequest, pagina: str, query: str, indirizzo: str) -> dict:
    """Ciò che serve alla riga: i filtri tenuti, quelli tolti da poco, quello in uso.

    `indirizzo`: dell'elenco a cui portano.
    """
    filtri = list(FiltroSalvato.objects.di(request.attore).della_pagina(pagina))
    tenuti = [filtro for filtro in filtri if filtro.tolto_il is None]
    return {
        "pagina": pagina,
        "indirizzo": indirizzo,
        "query": query,
        "tenuti": tenuti,
        "tolti": [filtro for filtro in filtri if filtro.rimettibile],
        "in_uso": next((filtro for filtro in tenuti if filtro.query == query), None),
    }
