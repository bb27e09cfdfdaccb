"""Accesso e scelta dell'ente."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from enti.models import Appartenenza


class AccessoForm(AuthenticationForm):
    """Posta elettronica e password. La risposta a un errore è la stessa per ogni causa: un account
    che non c'è, chiuso o con un'altra password non si distinguono, nemmeno dal tempo."""

    error_messages = {
        "invalid_login": (
            "La posta elettronica o la password non sono giuste. Ricontrollale: nella password"
            " maiuscole e minuscole contano. Se non la ricordi, chiedine una nuova qui sotto."
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        posta = self.fields["username"]
        posta.label = "Posta elettronica"
        posta.error_messages["required"] = "Scrivi la tua posta elettronica."
        posta.widget = forms.EmailInput(
            attrs={"autocomplete": "username", "maxlength": posta.max_length}
        )
        self.fields["password"].error_messages["required"] = "Scrivi la password."
        # Il riquadro degli errori prende il fuoco da sé: due `autofocus` se lo contenderebbero.
        for campo in self.fields.values():
            campo.widget.attrs.pop("autofocus", None)

    def get_invalid_login_error(self) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages["invalid_login"], code="invalid_login")


class SceltaEnteForm(forms.Form):
    """L'ente per cui agire, fra quelli a cui si appartiene oggi."""

    ente = forms.ChoiceField(
        error_messages={
            "required": "Scegli l'ente per cui vuoi lavorare.",
            "invalid_choice": "Non fai più parte di quell'ente: scegline un altro.",
        }
    )

    def __init__(self, *args, appartenenze: list[Appartenenza], **kwargs):
        super().__init__(*args, **kwargs)
        self._per_uuid = {str(voce.ente.uuid): voce for voce in appartenenze}
        self.fields["ente"].choices = [
            (uuid, voce.ente.denominazione) for uuid, voce in self._per_uuid.items()
        ]

    @property
    def appartenenza(self) -> Appartenenza:
        """L'appartenenza scelta; ha senso solo dopo `is_valid()`."""
        return self._per_uuid[self.cleaned_data["ente"]]
