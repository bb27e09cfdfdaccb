"""Ciò che serve ai modelli di stampa oltre a numeri, date e parole dei dati: periodi e colori."""

from django import template

from registro.comune.grafici import colore_asse as tinta_asse, colore_nodo as tinta_nodo
from registro.comune.templatetags.testo import NON_INDICATO
from report.contenuto import AzioneContenuto
from report.templatetags.rapporto import mese
from report.unita import accordata


register = template.Library()


@register.filter
def periodo(azione: AzioneContenuto) -> str:
    """Quando si è svolta un'azione: «da settembre 2019 a marzo 2021», «dal 3 agosto 2020…»."""
    if azione.inizio and azione.inizio == azione.fine:
        return mese(azione.inizio)
    limiti = []
    if azione.inizio:
        limiti.append(_con_articolo("da", azione.inizio))
    if azione.fine:
        limiti.append(_con_articolo("a" if azione.inizio else "fino a", azione.fine))
    return " ".join(limiti) or "periodo non indicato"


def _con_articolo(preposizione: str, momento: str) -> str:
    # «da marzo», ma «dal 3 marzo»: il giorno, se c'è, vuole l'articolo.
    articolo = "l" if momento.count("-") == 2 else ""
    return f"{preposizione}{articolo} {mese(momento)}"


@register.filter
def di_unita(unita: str, quanti) -> str:
    """{{ voce.unita|di_unita:voce.valore }}: l'unità accordata col numero, «1 nucleo»."""
    return "%" if unita == "percento" else accordata(unita, quanti)


@register.filter
def colore_asse(slug: str | None) -> str:
    """Il colore di un asse, per `style="--asse: …"`."""
    return tinta_asse(slug)


@register.filter
def colore_nodo(slug: str | None) -> str:
    """Il colore di un nodo, per `style="--nodo: …"`."""
    return tinta_nodo(slug)


@register.filter
def si_o_no(valore: bool | None) -> str:
    """«sì», «no» oppure, se la fonte tace, «non indicato»."""
    return NON_INDICATO if valore is None else "sì" if valore else "no"
