"""Come si scrivono in italiano numeri, quantità e date: gli stessi nelle pagine, nel PDF, nei file.

Regola di tutto il modulo: ciò che manca (None) si dice, non diventa mai zero; «circa», «oltre» e
«almeno» restano attaccati al numero.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import formats, timezone
from django.utils.numberformat import format as formato_numero


register = template.Library()

NON_INDICATO = "non indicato"
NON_ESPRESSO = "non espresso"
APPROSSIMAZIONI = ("circa", "almeno", "oltre")
# Un numero e la parola che lo accompagna non si separano a fine riga.
SPAZIO_FISSO = "\N{NO-BREAK SPACE}"
MENO = "\N{MINUS SIGN}"

Numero = int | float | Decimal


@register.filter
def numero(valore: Numero | None, decimali: int | None = None) -> str:
    """Scrive un numero all'italiana: 1333 → «1.333», 7.5 → «7,5», None → «non indicato».

    `decimali` fissa quante cifre dopo la virgola (7.5 con 2 → «7,50»), arrotondando per eccesso
    a metà; senza, si tengono fino a due decimali e si tolgono gli zeri in coda.

    Solleva TypeError se `valore` non è un numero: un nome sbagliato in un modello di pagina deve
    farsi vedere, non passare per un dato mancante.
    """
    if valore is None:
        return NON_INDICATO
    if isinstance(valore, bool) or not isinstance(valore, int | float | Decimal):
        raise TypeError(f"Atteso un numero, non {valore!r}.")
    posti = 2 if decimali is None else decimali
    # str(): il passaggio da float a Decimal non deve portarsi dietro le cifre binarie.
    esatto = Decimal(str(valore)).quantize(Decimal(1).scaleb(-posti), rounding=ROUND_HALF_UP)
    testo = formato_numero(
        abs(esatto), ",", decimal_pos=posti, grouping=3, thousand_sep=".", force_grouping=True
    )
    if decimali is None and "," in testo:
        testo = testo.rstrip("0").rstrip(",")
    return f"{MENO}{testo}" if esatto < 0 else testo


@register.filter
def in_cella(valore: Numero | str | None) -> str:
    """Una cella di una tabella che mescola numeri e testi: i numeri all'italiana, i testi come sono."""
    return valore if isinstance(valore, str) else numero(valore)


@register.filter
def con_segno(valore: Numero | None) -> str:
    """Scrive uno scarto: 3 → «+3», -2 → «−2», 0 → «0», None → «non indicato»."""
    testo = numero(valore)
    return f"+{testo}" if valore is not None and valore > 0 else testo


@register.filter
def approssimato(valore: Numero | None, approssimazione: str | None = None) -> str:
    """Un numero con la sua approssimazione: «circa 558», «almeno 159», «85», «non indicato».

    `approssimazione` è None, "" (nessuna), "circa", "almeno" (le cifre) o "oltre" (ciò che una
    scheda dichiara); ogni altra parola è un ValueError.
    """
    if approssimazione and approssimazione not in APPROSSIMAZIONI:
        raise ValueError(f"Approssimazione sconosciuta: {approssimazione!r}.")
    testo = numero(valore)
    if valore is None or not approssimazione:
        return testo
    return f"{approssimazione}{SPAZIO_FISSO}{testo}"


@register.filter
def voto(valore: Numero | None, massimo: int = 10) -> str:
    """Un giudizio in parole: 7.5 → «7,5 su 10», None → «non espresso»."""
    if valore is None:
        return NON_ESPRESSO
    return f"{numero(valore)}{SPAZIO_FISSO}su{SPAZIO_FISSO}{numero(massimo)}"


@register.simple_tag
def conta(
    quanti: Numero | None, singolare: str, plurale: str, nessuno: str = "", oltre: bool = False
) -> str:
    """{% conta n "scheda" "schede" "nessuna scheda" %}: «1 scheda», «1.333 schede», «nessuna scheda».

    Senza `nessuno`, zero si scrive «0 schede»; None diventa «schede: non indicato». Con `oltre`
    se ne sono contate solo fin lì: «più di 10.000 schede».
    """
    if quanti is None:
        return f"{plurale}: {NON_INDICATO}"
    if quanti == 0 and nessuno:
        return nessuno
    quante = f"{numero(quanti)}{SPAZIO_FISSO}{singolare if quanti == 1 else plurale}"
    return f"più di {quante}" if oltre else quante


@register.filter
def data_estesa(valore: date | datetime | None) -> str:
    """La data in parole: «5 marzo 2026», «1º marzo 2026», None → «non indicata»."""
    if valore is None:
        return "non indicata"
    giorno = _data_locale(valore)
    numero_del_giorno = "1º" if giorno.day == 1 else str(giorno.day)
    return f"{numero_del_giorno} {formats.date_format(giorno, 'F Y').lower()}"


@register.filter
def data_breve(valore: date | datetime | None) -> str:
    """La data in cifre, per le tabelle: «05/03/2026», None → «non indicata»."""
    return "non indicata" if valore is None else f"{_data_locale(valore):%d/%m/%Y}"


@register.filter
def data_e_ora(valore: datetime | None) -> str:
    """Giorno e ora dell'Italia: «5 marzo 2026, ore 10:32», None → «non indicata»."""
    if valore is None:
        return "non indicata"
    return f"{data_estesa(valore)}, ore {timezone.localtime(valore):%H:%M}"


def _data_locale(valore: date | datetime) -> date:
    # Un istante è salvato in UTC: a mezzanotte il giorno italiano è già un altro.
    if isinstance(valore, datetime):
        return timezone.localtime(valore).date()
    return valore
