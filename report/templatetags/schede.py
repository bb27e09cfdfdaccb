"""Le parole di una scheda: stati, scadenze, quantità con la loro unità."""

from decimal import Decimal

from django import forms, template

from enti.models import Ente
from registro.comune.templatetags.testo import SPAZIO_FISSO, approssimato, numero
from report.agenda import Impegno
from report.azioni.righe import RigaCambiata
from report.controlli import PERCENTO
from report.fascicolo import Fascicolo, Riga, chiave
from report.models import Conteggio, RigaDiScheda, Scheda, Uscita, VoceTestuale
from report.unita import accordata


register = template.Library()

NON_DETTO = "non detto"
_TONI = {
    Scheda.Stato.DA_APRIRE: "neutro",
    Scheda.Stato.IN_COMPILAZIONE: "info",
    Scheda.Stato.INVIATA: "warning",
    Scheda.Stato.RIMANDATA: "danger",
    Scheda.Stato.ACCETTATA_DAL_NODO: "success",
    Scheda.Stato.ACCETTATA: "success",
    Scheda.Stato.CONGELATA: "neutro",
}
_STATI_AL_PLURALE = {
    Scheda.Stato.INVIATA: "inviate",
    Scheda.Stato.RIMANDATA: "rimandate",
    Scheda.Stato.ACCETTATA_DAL_NODO: "accettate dal nodo",
    Scheda.Stato.ACCETTATA: "accettate",
    Scheda.Stato.CONGELATA: "congelate",
}


@register.filter
def stato_accordato(stato: str, quante: int) -> str:
    """Il nome di uno stato per tante schede: «inviata» per una, «inviate» per due."""
    stato = Scheda.Stato(stato)
    return stato.label if quante == 1 else _STATI_AL_PLURALE.get(stato, stato.label)


@register.filter
def tono_stato(stato: str) -> str:
    """Il tono del distintivo di uno stato."""
    return _TONI[Scheda.Stato(stato)]


@register.filter
def impegno(scheda: Scheda) -> Impegno:
    """La scheda col tempo che le resta: {{ scheda|impegno }} ha `scadenza` e `in_ritardo`."""
    return Impegno.di(scheda)


@register.filter
def quantita(riga: Conteggio | Uscita) -> str:
    """«circa 270 individui», «da 2 a 6 mesi», «20%», «non detto»: mai un numero senza unità."""
    minimo, massimo = getattr(riga, "minimo", None), getattr(riga, "massimo", None)
    precisione = getattr(riga, "approssimazione", "")
    if riga.valore is not None:
        detto, ultimo = approssimato(riga.valore, precisione), riga.valore
    elif minimo is not None and massimo is not None:
        detto, ultimo = f"da {numero(minimo)} a {numero(massimo)}", massimo
    elif minimo is not None:
        detto, ultimo = f"da {numero(minimo)}", minimo
    elif massimo is not None:
        detto, ultimo = f"fino a {numero(massimo)}", massimo
    else:
        return NON_DETTO
    return _con_unita(detto, riga.unita, ultimo)


@register.filter
def dal_registro(riga: Conteggio) -> str:
    """Il valore che il registro ha calcolato, con l'unità."""
    return _con_unita(numero(riga.valore_calcolato), riga.unita, riga.valore_calcolato)


@register.filter
def scarto(riga: Conteggio) -> Decimal | None:
    """Quanto il valore dichiarato supera quello del registro; None se uno dei due manca."""
    if riga.valore is None or riga.valore_calcolato is None:
        return None
    return riga.valore - riga.valore_calcolato


@register.filter(name="chiave")
def chiave_della_riga(riga: Riga) -> str:
    """Il segnaposto della riga in pagina."""
    return chiave(riga)


@register.filter
def enti_di_voce(voce: VoceTestuale, fascicolo: Fascicolo) -> list[Ente]:
    """Gli enti che una frase nomina, fra quelli che il registro conosce."""
    citati = fascicolo.enti_citati
    return [citati[slug] for slug in voce.enti_nominati if slug in citati]


@register.filter
def nomi_dei_canali(riga: Conteggio, fascicolo: Fascicolo) -> list[str]:
    """I programmi per cui è passato un risultato; la sigla se il registro non li conosce."""
    return [str(fascicolo.programmi.get(slug, slug)) for slug in riga.canali]


@register.filter
def campi_discordi(cambiata: RigaCambiata, modulo: forms.BaseForm) -> list[dict[str, str]]:
    """Dove le due scritture della stessa riga differiscono: etichetta, `attuale`, `proposto`."""
    attuale = cambiata.attuale
    return [
        {
            "etichetta": modulo.fields[nome].label if nome in modulo.fields else "Risposta",
            "attuale": _in_parole(attuale, nome, getattr(attuale, nome)),
            "proposto": _in_parole(attuale, nome, proposto),
        }
        for nome, proposto in cambiata.proposti.items()
        if getattr(attuale, nome) != proposto
    ]


def _in_parole(riga: RigaDiScheda, nome: str, valore) -> str:
    """Il valore di un campo come lo si legge; ciò che manca si dice."""
    if valore is None or valore == "" or valore == []:
        return "vuoto"
    if isinstance(valore, bool):
        return "sì" if valore else "no"
    if isinstance(valore, int | Decimal):
        return numero(valore)
    if isinstance(valore, list):
        return ", ".join(valore)
    etichette = dict(riga._meta.get_field(nome).flatchoices)
    return str(etichette.get(valore, valore))


def _con_unita(detto: str, unita: str, ultimo) -> str:
    if unita == PERCENTO:
        return f"{detto}%"
    return f"{detto}{SPAZIO_FISSO}{accordata(unita, ultimo)}".strip()
