"""I campi che esiti, tirocini, piani e pratiche hanno in comune: euro, e presso chi."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from enti.models import Ente
from registro.comune.fogli.forme import FormaNonCapita, decimale
from registro.comune.moduli import CampoScelta


CENTESIMO = Decimal("0.01")


class CampoEuro(forms.DecimalField):
    """Un importo come lo si scrive: «1.200», «1.200,50», «€ 300»; il modulo rende gli euro."""

    widget = forms.TextInput

    def __init__(self, **opzioni: Any) -> None:
        opzioni.setdefault("max_digits", 10)
        super().__init__(decimal_places=2, min_value=Decimal(0), **opzioni)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or isinstance(value, Decimal):
            return super().to_python(value)
        try:
            return decimale(str(value).replace("€", "").replace("euro", "").strip())
        except FormaNonCapita as errore:
            raise ValidationError(errore.frase) from None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        intero = value == value.to_integral_value()
        return f"{value:.0f}" if intero else f"{value:.2f}".replace(".", ",")


class CampoOspitante(CampoScelta):
    """Un ente della rete, da scrivere per cercarlo; il modulo rende l'Ente o None."""

    widget = forms.Select(attrs={"data-cerca": ""})

    def __init__(self, **opzioni: Any) -> None:
        super().__init__(
            Ente.objects.attivi().per_denominazione(),
            to_field_name="slug",
            empty_label="Nessuno",
            required=False,
            **opzioni,
        )


class PressoQualcuno(forms.Form):
    """Presso chi: un ente della rete, oppure un nome scritto."""

    ospitante = CampoOspitante(
        label="Presso un ente della rete", help_text="Comincia a scriverne il nome."
    )
    nome_ospitante = forms.CharField(
        label="Oppure presso",
        max_length=200,
        required=False,
        help_text="Il nome dell'impresa o del servizio, se non è nella rete.",
    )

    def clean(self) -> dict:
        dati = super().clean()
        if dati.get("ospitante") and dati.get("nome_ospitante"):
            frase = "Scegli l'ente della rete oppure scrivi un nome: non tutti e due."
            self.add_error("nome_ospitante", frase)
        return dati
