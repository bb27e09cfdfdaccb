"""Il codice e il motivo di un accesso d'emergenza."""

from django import forms

from beneficiari.azioni.codici import CodiceScritto
from beneficiari.azioni.emergenze import MOTIVO_MINIMO
from beneficiari.codici import CodiceErrato
from beneficiari.models import Identificativo


class EmergenzaForm(forms.Form):
    """Un codice esatto, per intero, e perché serve adesso."""

    tipo = forms.ChoiceField(
        label="Che codice è",
        choices=[voce for voce in Identificativo.Tipo.choices if voce[0] != "nessuno"],
    )
    codice = forms.CharField(
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text="Per intero, com'è sul documento: con un pezzo o con il nome non si cerca.",
        error_messages={"required": "Scrivi il codice della persona."},
    )
    motivo = forms.CharField(
        label="Perché ti servono adesso",
        min_length=MOTIVO_MINIMO,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            f"Almeno {MOTIVO_MINIMO} caratteri. Lo leggono il garante, chi risponde dei dati nel tuo"
            " ente e in quello che segue la persona, e la persona stessa se lo chiede. Non scrivere"
            " il suo nome."
        ),
        error_messages={
            "required": "Scrivi perché ti servono adesso.",
            "min_length": "Scrivi in almeno %(limit_value)d caratteri perché ti servono adesso:"
            " finora ce ne sono %(show_value)d.",
        },
    )

    def clean(self) -> dict:
        dati = super().clean()
        if dati.get("tipo") and dati.get("codice"):
            try:
                dati["scritto"] = CodiceScritto.da_testo(dati["tipo"], dati["codice"])
            except CodiceErrato as errore:
                self.add_error("codice", errore.frase)
        return dati
