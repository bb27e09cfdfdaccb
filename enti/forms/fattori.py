"""Il codice del secondo passo, l'app e le passkey nuove, la password ridata."""

import json

from django import forms


_SCRIVI = "Scrivi il codice."
_CIFRE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class CampoCredenziale(forms.CharField):
    """Ciò che il navigatore rende dopo aver usato una passkey: un oggetto JSON, messo da uno script."""

    widget = forms.HiddenInput

    def to_python(self, value) -> dict:
        testo = super().to_python(value)
        if not testo:
            return {}
        try:
            letto = json.loads(testo)
        except ValueError as errore:
            raise forms.ValidationError("La passkey non si è letta: riprova.") from errore
        if not isinstance(letto, dict):
            raise forms.ValidationError("La passkey non si è letta: riprova.")
        return letto


class SecondoPassoForm(forms.Form):
    """Un codice (dell'app, o di riserva), oppure la risposta di una passkey."""

    codice = forms.CharField(
        label="Codice",
        required=False,
        max_length=40,
        help_text="Le sei cifre che l'app mostra adesso, oppure uno dei tuoi codici di riserva.",
        widget=forms.TextInput(attrs=_CIFRE | {"inputmode": "text"}),
    )
    credenziale = CampoCredenziale(required=False, max_length=20_000)
    segna_facoltativi = False

    def clean(self) -> dict:
        dati = super().clean()
        if not self.errors and not dati.get("codice") and not dati.get("credenziale"):
            self.add_error("codice", _SCRIVI)
        return dati


class CodiceDettoForm(forms.Form):
    """Il codice detto a voce da chi ha azzerato il secondo fattore."""

    codice = forms.CharField(
        label="Codice ricevuto a voce",
        max_length=40,
        help_text="Tre gruppi di quattro segni, per esempio ABCD-2345-EFGH.",
        error_messages={"required": _SCRIVI},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class AppNuovaForm(forms.Form):
    """Il primo codice dell'app, che dimostra di averla legata bene."""

    codice = forms.CharField(
        label="Codice che l'app mostra adesso",
        max_length=12,
        help_text="Sei cifre. Cambia ogni 30 secondi: se sta per cambiare, aspetta il prossimo.",
        error_messages={"required": _SCRIVI},
        widget=forms.TextInput(attrs=_CIFRE),
    )


class PasskeyNuovaForm(forms.Form):
    """La passkey appena creata, col nome per riconoscerla."""

    nome = forms.CharField(
        label="Come la chiami",
        max_length=60,
        help_text="Per riconoscerla: «Telefono», «Computer dello sportello», «Chiavetta blu».",
        error_messages={"required": "Dai un nome alla passkey."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credenziale = CampoCredenziale(
        max_length=20_000,
        error_messages={"required": "La passkey non è stata creata: premi di nuovo il bottone."},
    )


class ConfermaForm(forms.Form):
    """La propria password, di nuovo, prima di un gesto che conta."""

    password = forms.CharField(
        label="La tua password",
        strip=False,
        max_length=4096,
        error_messages={"required": "Scrivi la password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
