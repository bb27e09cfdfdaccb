"""Una nota su una persona."""

from django import forms

from beneficiari.azioni.note import LUNGHEZZA_MASSIMA
from beneficiari.models import Nota


class NotaForm(forms.Form):
    """Il testo; di una nota già scritta anche la versione che chi scrive ha davanti."""

    testo = forms.CharField(
        label="Nota",
        max_length=LUNGHEZZA_MASSIMA,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            "La legge chi segue la persona e chi risponde dei dati dell'ente. È cifrata, e non esce"
            " in nessun elenco né esportazione."
        ),
        error_messages={"required": "Scrivi la nota."},
    )
    versione = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, nota: Nota | None = None, **kwargs):
        iniziali = {"testo": nota.testo, "versione": nota.versione} if nota else None
        super().__init__(*args, initial=iniziali, **kwargs)
