"""L'aspetto di tutti i moduli: Bootstrap Italia senza una riga in più nei singoli form.

Django fa già la parte di chi ascolta la pagina (etichette legate, `aria-describedby` su aiuto ed
errori, `aria-invalid`, fieldset per i gruppi). Qui si aggiungono le classi e l'ordine dei pezzi.
"""

from collections.abc import Iterator
from datetime import date

from django import forms
from django.forms.boundfield import BoundField
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import TemplatesSetting

from registro.comune.templatetags.testo import data_breve


GRUPPI = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class CampoItalia(BoundField):
    """Un campo in pagina: sa di che forma è e se va detto facoltativo."""

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attributi = super().build_widget_attrs(attrs, widget)
        if widget.is_hidden:
            return attributi
        classi = [attributi.get("class") or widget.attrs.get("class", ""), _classe(widget)]
        if self.errors:
            classi.append("is-invalid")
        attributi["class"] = " ".join(filter(None, classi))
        return attributi

    @property
    def forma(self) -> str:
        """Quale cornice usa il modello: «gruppo», «casella» o «riga»."""
        if isinstance(self.field.widget, GRUPPI):
            return "gruppo"
        if isinstance(self.field.widget, forms.CheckboxInput):
            return "casella"
        return "riga"

    @property
    def facoltativo(self) -> bool:
        """Se scrivere «facoltativo» accanto all'etichetta.

        Solo dove si mescolano campi obbligatori e no: in un modulo di soli filtri sarebbe rumore.
        Tace anche il modulo che ha `segna_facoltativi = False`.
        """
        if self.field.required or self.forma == "casella":
            return False
        if not getattr(self.form, "segna_facoltativi", True):
            return False
        return any(campo.required for campo in self.form.fields.values())

    @property
    def ancora(self) -> str:
        """L'id a cui porta il riepilogo degli errori: il campo, o la prima scelta del gruppo."""
        return f"{self.auto_id}_0" if self.forma == "gruppo" else self.auto_id


class BootstrapItaliaRenderer(TemplatesSetting):
    """FORM_RENDERER del progetto: i modelli stanno in `templates/moduli/`."""

    form_template_name = "moduli/form.html"
    formset_template_name = "moduli/formset.html"
    field_template_name = "moduli/campo.html"
    bound_field_class = CampoItalia


def _classe(widget: forms.Widget) -> str:
    if isinstance(widget, (*GRUPPI, forms.CheckboxInput)):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class CampoGiorno(forms.DateField):
    """Un giorno, scelto dal calendario del navigatore o scritto; gli errori dicono come."""

    default_error_messages = {
        "required": "Scrivi il giorno.",
        "invalid": "Questa data non esiste: ricontrolla giorno, mese e anno.",
    }

    def __init__(self, **opzioni):
        opzioni.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**opzioni)


class _LetteInUnaVolta(ModelChoiceIterator):
    """Le scelte con una richiesta sola, tenute per tutto il modulo.

    Quello di Django le scorre con un cursore del server: per le poche righe di un menu sono più
    richieste invece di una.
    """

    def __iter__(self) -> Iterator[tuple]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for riga in self.queryset:
            yield self.choice(riga)


class CampoScelta(forms.ModelChoiceField):
    """Una riga fra quelle di `queryset`."""

    iterator = _LetteInUnaVolta


class CampoScelte(forms.ModelMultipleChoiceField):
    """Più righe fra quelle di `queryset`."""

    iterator = _LetteInUnaVolta


class FiltriForm(forms.Form):
    """I filtri di un elenco, che stanno nell'indirizzo. Chi eredita li applica.

    Un valore che non esiste si ignora: un indirizzo vecchio mostra l'elenco, non un errore.
    `mai_salvati`: i campi che, oltre ai testi, non entrano in un filtro salvato.
    """

    mai_salvati: tuple[str, ...] = ()
    # Chi filtra non salva: il riepilogo degli errori lo dice con altre parole.
    filtra = True

    @property
    def in_uso(self) -> dict:
        """I filtri che restringono davvero: nome del campo e valore."""
        self.is_valid()
        return {nome: valore for nome, valore in self.cleaned_data.items() if valore}

    @property
    def in_parole(self) -> list[str]:
        """I filtri che restringono, come si leggono su un foglio stampato: «Comune: Asti»."""
        return [
            f"{self[nome].label}: {_in_parole(self[nome], v)}" for nome, v in self.in_uso.items()
        ]


def _in_parole(campo: BoundField, valore: object) -> str:
    righe = getattr(campo.field, "queryset", None)
    if righe is not None and isinstance(valore, righe.model):
        # La riga scelta è già letta: percorrere le scelte le chiederebbe tutte un'altra volta.
        return str(campo.field.label_from_instance(valore))
    if isinstance(campo.field, forms.ChoiceField):
        # Ciò che si legge nella scelta, qualunque cosa il campo ne renda.
        scelte = (voce.data for voce in campo.subwidgets)
        return ", ".join(str(scelta["label"]) for scelta in scelte if scelta["selected"])
    if isinstance(campo.field, forms.BooleanField):
        return "sì"
    return data_breve(valore) if isinstance(valore, date) else str(valore)
