"""Rinviare una scadenza."""

from django import forms

from registro.comune.moduli import CampoGiorno


class RinvioForm(forms.Form):
    """Fino a quando i dati servono ancora, e perché."""

    al = CampoGiorno(label="Tieni i dati fino al", help_text="Al più un anno da oggi.")
    motivo = forms.CharField(
        label="Perché servono ancora",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "Almeno 20 caratteri. Per esempio: causa in corso fino all'udienza. Non ripetere il nome"
            " della persona."
        ),
        error_messages={"required": "Scrivi perché i dati servono ancora."},
    )
