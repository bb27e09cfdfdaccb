"""Due persone sulla stessa anagrafica: che cosa ha cambiato l'una, che cosa l'altra."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from beneficiari.forms.anagrafica import AnagraficaForm, valori_scritti
from beneficiari.models import Beneficiario


SALVATO, MIO = "salvato", "mio"


@dataclass(frozen=True, slots=True)
class Scontro:
    """Un campo che hanno cambiato in due, con i due testi da leggere."""

    nome: str
    etichetta: str
    salvato: str
    mio: str


def scontri(form: AnagraficaForm, attuale: Beneficiario) -> list[Scontro]:
    """I campi che chi scrive ha cambiato e che intanto un altro ha cambiato in modo diverso."""
    adesso = valori_scritti(attuale)
    trovati = []
    for nome in form.changed_data:
        letto = form.data.get(form[nome].html_initial_name, "")
        mio = form.data.get(nome, "")
        if nome in adesso and adesso[nome] not in (letto, mio):
            campo = form.fields[nome]
            voci = (_in_parole(campo, adesso[nome]), _in_parole(campo, mio))
            trovati.append(Scontro(nome, form[nome].label, *voci))
    return trovati


def insieme(form: AnagraficaForm, attuale: Beneficiario) -> dict[str, str]:
    """Ciò che il modulo direbbe tenendo insieme i due: i campi cambiati da chi scrive come li ha
    scritti, gli altri come sono adesso nel database."""
    adesso = valori_scritti(attuale)
    scritti = {nome: form.data.get(nome, "") for nome in form.changed_data if nome in adesso}
    return adesso | scritti


def con_le_scelte(dati: QueryDict) -> QueryDict:
    """I dati di un modulo dopo che, campo per campo, si è scelto quale testo tenere."""
    scelti = dati.copy()
    for chiave, valore in dati.items():
        nome = chiave.removeprefix("tieni-")
        if nome != chiave and valore == SALVATO:
            scelti[nome] = dati.get(f"initial-{nome}", "")
    return scelti


def _in_parole(campo: forms.Field, valore: str) -> str:
    if isinstance(campo, forms.ChoiceField):
        return str(dict(campo.choices).get(valore, valore))
    return valore or "vuoto"
