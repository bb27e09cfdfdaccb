"""Come si dicono in pagina l'età, la nascita e il nome di una persona."""

from datetime import date

from django import template
from django.utils import timezone

from beneficiari.models import Beneficiario
from registro.comune.tassonomie import paesi
from registro.comune.templatetags.testo import SPAZIO_FISSO, data_breve


register = template.Library()

MAGGIORE_ETA = 18


def eta(nascita: date, giorno: date | None = None) -> int:
    """Gli anni compiuti a `giorno` (oggi, se taciuto) da chi è nato il `nascita`."""
    giorno = giorno or timezone.localdate()
    return giorno.year - nascita.year - ((giorno.month, giorno.day) < (nascita.month, nascita.day))


@register.filter
def anno_di_nascita(persona: Beneficiario) -> str:
    """L'anno, che negli elenchi distingue gli omonimi: «1985», «circa 1985», «non indicato»."""
    if persona.data_nascita is None:
        return "non indicato"
    circa = f"circa{SPAZIO_FISSO}" if persona.nascita_stimata else ""
    return f"{circa}{persona.data_nascita.year}"


@register.filter
def nascita_per_esteso(persona: Beneficiario) -> str:
    """La data intera, per la sola pagina della persona: di una stimata si dice l'anno."""
    if persona.data_nascita is None or persona.nascita_stimata:
        return anno_di_nascita(persona)
    return data_breve(persona.data_nascita)


@register.filter
def quanti_anni(persona: Beneficiario) -> str:
    """«40 anni», «circa 40 anni»; vuoto se la nascita non è indicata."""
    if persona.data_nascita is None:
        return ""
    circa = f"circa{SPAZIO_FISSO}" if persona.nascita_stimata else ""
    anni = eta(persona.data_nascita)
    return f"{circa}{anni}{SPAZIO_FISSO}{'anno' if anni == 1 else 'anni'}"


@register.filter
def minorenne(persona: Beneficiario) -> bool:
    """Vero se ha meno di diciotto anni, anche quando la data è una stima."""
    return persona.data_nascita is not None and eta(persona.data_nascita) < MAGGIORE_ETA


@register.filter
def paesi_in_parole(codici: list[str]) -> str:
    """I nomi degli stati di una lista di codici: «Italia, Marocco»; vuota se non ce ne sono."""
    nomi = {paese.iso2: paese.nome for paese in paesi()}
    return ", ".join(nomi.get(codice, codice) for codice in codici)


@register.filter
def voce(voci: dict[str, str], codice: str) -> str:
    """Il nome di un codice fra le voci di una lista; il codice stesso se la lista non l'ha più."""
    return voci.get(codice, codice)
