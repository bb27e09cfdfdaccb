"""I filtri di «Chi ha letto» e della storia di una persona."""

from django import forms

from enti.models import Ente
from privacy.forms.registro import FiltriLettureForm
from privacy.gruppi import Gruppo
from privacy.models import RegistroAccessiQuerySet


class FiltriAccessiForm(FiltriLettureForm):
    """Restringono le letture di una persona. Fra gli enti si sceglie chi ha letto davvero."""

    gruppo = forms.ChoiceField(
        label="Che cosa", required=False, choices=[("", "Tutti i dati"), *Gruppo.choices]
    )

    def __init__(self, *args, letture: RegistroAccessiQuerySet, **kwargs):
        enti = Ente.objects.filter(pk__in=letture.order_by().values("ente"))
        super().__init__(*args, enti=enti.per_denominazione(), **kwargs)

    def applica(self, letture: RegistroAccessiQuerySet) -> RegistroAccessiQuerySet:
        letture = super().applica(letture)
        gruppo = self.in_uso.get("gruppo")
        return letture.filter(gruppi__contains=[gruppo]) if gruppo else letture


class FiltriStoriaForm(forms.Form):
    """Quale gruppo di dati si guarda; senza, tutti."""

    gruppo = forms.ChoiceField(
        label="Che cosa", required=False, choices=[("", "Tutti i dati"), *Gruppo.choices]
    )

    @property
    def scelto(self) -> str:
        """Il gruppo scelto; vuoto se nessuno o se non esiste."""
        self.is_valid()
        return self.cleaned_data.get("gruppo", "")
