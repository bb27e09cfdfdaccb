"""Il motivo con cui si aprono i dati sensibili di una persona."""

from django import forms

from beneficiari.azioni.aperture import MOTIVO_MINIMO


class AperturaForm(forms.Form):
    """Perché serve aprire i dati di una persona che segue un altro."""

    motivo = forms.CharField(
        label="Perché ti servono questi dati",
        min_length=MOTIVO_MINIMO,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Almeno {MOTIVO_MINIMO} caratteri. Lo leggono chi risponde dei dati e, se lo chiede, la persona.",
        error_messages={
            "required": "Scrivi perché ti servono questi dati.",
            "min_length": "Scrivi in almeno %(limit_value)d caratteri perché ti servono:"
            " finora ce ne sono %(show_value)d.",
        },
    )
