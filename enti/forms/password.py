"""La password dimenticata, e quella nuova."""

from django import forms
from django.contrib.auth.forms import SetPasswordMixin

from enti.forms.inviti import prepara_password
from enti.models import Utente


class PasswordDimenticataForm(forms.Form):
    """A quale indirizzo mandare il collegamento. La risposta è la stessa per ogni indirizzo."""

    email = forms.EmailField(
        label="Posta elettronica",
        help_text="Quella con cui accedi.",
        error_messages={
            "required": "Scrivi la tua posta elettronica.",
            "invalid": "Questo indirizzo non è completo: per esempio nome@ente.it.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class PasswordNuovaForm(SetPasswordMixin, forms.Form):
    """La password nuova, due volte."""

    password1, password2 = SetPasswordMixin.create_password_fields()

    def __init__(self, *args, utente: Utente, **kwargs):
        super().__init__(*args, **kwargs)
        self._utente = utente
        prepara_password(self, utente)

    def clean(self) -> dict:
        self.validate_passwords()
        dati = super().clean()
        self.validate_password_for_user(self._utente, "password1")
        return dati
