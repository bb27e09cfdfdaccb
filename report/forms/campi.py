"""I campi che le righe di una scheda hanno in comune."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from assi.models import Programma
from enti.models import Ente
from registro.comune.ricerca import forma_normale
from registro.comune.templatetags.testo import numero


# Gli elenchi di suggerimenti che la pagina di una sezione tiene per i campi in cui si scrive un nome.
ELENCO_ENTI = "enti-noti"
ELENCO_PROGRAMMI = "programmi-noti"


class NumeroField(forms.DecimalField):
    """Un numero scritto all'italiana: «1.333», «12,5». Vuoto vuol dire «non detto»."""

    default_error_messages = {
        "invalid": "Scrivi solo il numero, per esempio 50 o 12,5. «Circa» si sceglie accanto.",
        "min_value": "Un conteggio non può essere negativo.",
    }

    def __init__(self, **kwargs):
        super().__init__(
            required=False,
            min_value=0,
            max_digits=12,
            decimal_places=2,
            localize=True,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )

    def prepare_value(self, value):
        return numero(value) if isinstance(value, int | float | Decimal) else value


class SceltaDaElenco(forms.TypedChoiceField):
    """Una cosa fra quelle già lette (un asse, un'altra riga): nessuna interrogazione per modulo."""

    def __init__(self, oggetti: Iterable, *, etichetta: Callable = str, vuoto: str, **kwargs):
        self.per_chiave = {str(oggetto.pk): oggetto for oggetto in oggetti}
        scelte = [(pk, etichetta(oggetto)) for pk, oggetto in self.per_chiave.items()]
        super().__init__(
            choices=[("", vuoto), *scelte],
            coerce=self.per_chiave.get,
            empty_value=None,
            required=False,
            **kwargs,
        )


class SiNoField(forms.TypedChoiceField):
    """Sì, no, o «non detto», che non è un no."""

    SCELTE = (("si", "Sì"), ("no", "No"), ("", "Non si può dire"))

    def __init__(self, **kwargs):
        super().__init__(
            choices=self.SCELTE,
            coerce={"si": True, "no": False}.get,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value):
        return {True: "si", False: "no", None: ""}.get(value, value)


class NomeField(forms.CharField):
    """Il nome di un ente (o di un programma) come lo si conosce: si riconosce da sigle e grafie."""

    def __init__(self, modello: type[Ente] | type[Programma], elenco: str, **kwargs):
        self.modello = modello
        super().__init__(
            required=kwargs.pop("required", False),
            max_length=200,
            widget=forms.TextInput(attrs={"list": elenco, "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value):
        scritto = forma_normale(super().clean(value))
        if not scritto:
            return None
        for trovato in self.modello.objects.order_by("pk"):
            grafie = (
                trovato.slug,
                trovato.denominazione,
                getattr(trovato, "sigla", ""),
                *trovato.altre_grafie,
            )
            if scritto in map(forma_normale, grafie):
                return trovato
        raise ValidationError(
            "Questo nome non è fra quelli noti alla rete: scegline uno dall'elenco. Se manca, "
            "scrivilo a parole e avvisa il coordinamento, che può aggiungerlo.",
            code="sconosciuto",
        )


class SigleField(forms.MultipleChoiceField):
    """Le cose già nominate da una riga, per sigla: si tolgono levando la spunta."""

    def __init__(self, nomi: dict[str, str], **kwargs):
        super().__init__(
            choices=list(nomi.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )
