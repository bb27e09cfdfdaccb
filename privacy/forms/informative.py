"""Pubblicare un'informativa."""

from django import forms

from privacy.gruppi import FINALITA_CONDIVISE, Gruppo
from privacy.models import LINGUE


class InformativaForm(forms.Form):
    """Il testo, e ciò su cui dopo averlo letto si può dire sì o no."""

    titolo = forms.CharField(
        max_length=200, error_messages={"required": "Scrivi il titolo dell'informativa."}
    )
    lingua = forms.ChoiceField(choices=list(LINGUE.items()))
    testo = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=(
            "Parole semplici: chi siete, perché usate i dati, a chi li date, per quanto tempo, come"
            " si ritira il consenso, a chi scrivere. Una volta pubblicato non si corregge: si"
            " pubblica una versione nuova."
        ),
        error_messages={"required": "Scrivi il testo dell'informativa."},
    )
    finalita = forms.MultipleChoiceField(
        label="Finalità di cui parla",
        choices=[(voce.value, voce.label) for voce in FINALITA_CONDIVISE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Scegli almeno una finalità."},
    )
    gruppi = forms.MultipleChoiceField(
        label="Dati di cui parla",
        choices=Gruppo.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Scegli almeno un gruppo di dati."},
    )
    ritira_le_altre = forms.BooleanField(
        label="Ritira le versioni ancora in uso in questa lingua",
        required=False,
        initial=True,
        help_text="I consensi già dati restano validi, con la versione che la persona ha letto.",
    )
