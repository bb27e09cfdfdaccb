"""Le parole del rapporto: esiti, giudizi, mesi, nomi di ciò che nel contenuto è una sigla."""

from collections.abc import Mapping

from django import template
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registro.comune.grafici import colore_nodo
from registro.comune.templatetags.testo import approssimato
from report.contenuto import CifraContenuto, GiudizioContenuto
from report.grafici import SEGNI
from report.models import Cifra, Conteggio, Giudizio, Misuratore


register = template.Library()

_SPIEGAZIONI = {
    Cifra.Esito.ESATTO: "Le schede danno lo stesso numero che era stampato.",
    Cifra.Esito.ESATTO_AMBIGUO: (
        "Il numero stampato si ritrova, ma non in un modo solo: conta quale regola si sceglie."
    ),
    Cifra.Esito.DERIVATO: "Il numero non era stampato: si ricava da altri che lo erano.",
    Cifra.Esito.COMPATIBILE: (
        "Le schede danno un minimo che non contraddice il numero di confronto, ma non lo prova."
    ),
}

_PERCHE_MANCA = {
    Misuratore.Motivo.IMMAGINE_PERSA: "Il voto era un'immagine, ed è andato perduto.",
    Misuratore.Motivo.ETICHETTA_ASSENTE: "La scheda non pone la domanda.",
    Misuratore.Motivo.SOLO_TESTO: "La scheda risponde solo a parole.",
}


@register.filter
def spiegazione(cifra: CifraContenuto) -> str:
    """Che rapporto c'è fra la cifra calcolata e quella stampata, in una frase."""
    if cifra.esito != Cifra.Esito.NON_RICALCOLABILE:
        return _SPIEGAZIONI[cifra.esito]
    if cifra.addendi:
        return "Le schede danno un altro numero: quello di confronto non si rifà."
    if cifra.pubblicato is None:
        return "Il numero non si legge nella stampa e le schede non bastano a rifarlo."
    return "Il numero è riportato com'era stampato: le schede non bastano a rifarlo."


@register.filter
def riportata(cifra: CifraContenuto) -> bool:
    """Vero se il numero è quello della stampa e nessuna scheda lo compone."""
    return cifra.esito == Cifra.Esito.NON_RICALCOLABILE and not cifra.addendi


@register.filter
def dalle_schede(cifra: CifraContenuto) -> str:
    """Ciò che danno le schede, da mettere accanto allo stampato; un numero riportato non è loro."""
    if cifra.valore is None or riportata(cifra):
        return "non si ricalcola"
    return approssimato(cifra.valore, cifra.approssimazione)


@register.filter
def giudizio_in_parole(giudizio: GiudizioContenuto) -> str:
    """Il giudizio come lo ha dato la scheda: voto, parola o il motivo per cui manca."""
    if giudizio.giudizio:
        parola = Giudizio.Parola(giudizio.giudizio).label
        if giudizio.in_alcuni_casi:
            return f"{parola}, in alcuni casi {Giudizio.Parola(giudizio.in_alcuni_casi).label}"
        return parola
    if giudizio.valore is not None:
        return f"{giudizio.valore} su {giudizio.scala}"
    return Giudizio.Stato(giudizio.stato).label


@register.filter
def nome_in(sigla: str | None, nomi: Mapping[str, str]) -> str:
    """{{ scheda.nodo|nome_in:nomi }}: il nome di una sigla, o la sigla se non se ne sa altro."""
    return nomi.get(sigla, sigla or "")


@register.filter
def cifre_di(usati: Mapping[str, list[CifraContenuto]], conteggio: str) -> list[CifraContenuto]:
    """{% for cifra in usati|cifre_di:conteggio.slug %}: le cifre in cui entra un conteggio."""
    return usati.get(conteggio, [])


@register.filter
def perche_manca(motivo: str) -> str:
    """Perché un misuratore non ha il voto, in una frase."""
    return _PERCHE_MANCA.get(motivo, motivo)


@register.filter
def vista_output(gruppo: str) -> str:
    """Il titolo di una vista dei prodotti contati."""
    return Conteggio.Gruppo(gruppo).label.capitalize()


@register.simple_tag
def segno_di_nodo(posto: int, slug: str) -> SafeString:
    """{% segno_di_nodo forloop.counter0 nodo.slug %}: il segno e il colore del nodo sulla mappa.

    `posto`: quale nodo è, da zero, nell'ordine dell'edizione.
    """
    segni = tuple(SEGNI.values())
    return format_html(
        '<span class="segno-nodo" style="color: {}" aria-hidden="true">{}</span>',
        colore_nodo(slug),
        segni[posto % len(segni)],
    )


@register.filter
def mese(giorno: str | None) -> str:
    """«2020-03» o «2020-03-15» in parole: «marzo 2020», «15 marzo 2020»; None → «non indicato»."""
    if not giorno:
        return "non indicato"
    anno, numero, *resto = giorno.split("-")
    # In Django i mesi italiani hanno la maiuscola, in italiano no.
    parole = f"{MONTHS[int(numero)].lower()} {anno}"
    return f"{int(resto[0])} {parole}" if resto else parole
