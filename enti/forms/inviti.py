"""Invitare, e accettare un invito con un account nuovo."""

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.utils.html import format_html

from enti.models import Ente, Nodo, Utente
from enti.permessi import Attore, Ruolo
from registro.comune.moduli import CampoScelta
from registro.comune.password import minimo_di_segni


TUTTA_LA_RETE = "Tutta la rete"


class InvitoForm(forms.Form):
    """A chi, e con che ruolo. Chi amministra sceglie anche l'ente, e il nodo di chi coordina."""

    email = forms.EmailField(
        label="Posta elettronica",
        help_text="Quella di lavoro, di una persona sola: gli account non si dividono.",
        error_messages={
            "required": "Scrivi l'indirizzo a cui mandare l'invito.",
            "invalid": "Questo indirizzo non è completo: per esempio nome@ente.it.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    ente = CampoScelta(
        Ente.objects.none(),
        to_field_name="slug",
        empty_label="Scegli un ente",
        widget=forms.Select(attrs={"data-cerca": ""}),
        error_messages={"required": "Scegli l'ente per cui lavorerà."},
    )
    ruolo = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": "Scegli un ruolo."}
    )
    nodo = CampoScelta(
        Nodo.objects.none(),
        label="Nodo coordinato",
        required=False,
        to_field_name="slug",
        empty_label=TUTTA_LA_RETE,
        help_text="Serve solo per chi coordina.",
    )

    def __init__(self, *args, da: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        prepara_ruoli(self, da)
        if da.cura_la_rete:
            self.fields["ente"].queryset = Ente.objects.attivi().per_denominazione()
        else:
            del self.fields["ente"]

    def clean(self) -> dict:
        return solo_a_chi_coordina(self, super().clean())


class NuovoAccountForm(SetPasswordMixin, forms.Form):
    """Chi è, e la password, due volte."""

    nome = forms.CharField(
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Scrivi il tuo nome."},
    )
    cognome = forms.CharField(
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Scrivi il tuo cognome."},
    )
    password1, password2 = SetPasswordMixin.create_password_fields()

    def __init__(self, *args, email: str, ente: Ente, **kwargs):
        super().__init__(*args, **kwargs)
        self._email, self._ente = email, ente
        prepara_password(self)

    def clean(self) -> dict:
        self.validate_passwords()
        dati = super().clean()
        utente = Utente(
            email=self._email, nome=dati.get("nome", ""), cognome=dati.get("cognome", "")
        )
        utente.parole_del_contesto = (self._ente.denominazione, self._ente.sigla)
        self.validate_password_for_user(utente, "password1")
        return dati


def prepara_password(form: forms.Form, utente: Utente | None = None) -> None:
    """Mette le parole nostre ai due campi di una password che `utente` sceglie."""
    prima, seconda = form.fields["password1"], form.fields["password2"]
    prima.label, seconda.label = "Password", "La stessa password, di nuovo"
    prima.help_text = format_html(
        "Almeno {} segni. Una frase che ricordi solo tu va benissimo.", minimo_di_segni(utente)
    )
    seconda.help_text = ""
    prima.error_messages["required"] = "Scegli una password."
    seconda.error_messages["required"] = "Scrivi di nuovo la password."


def prepara_ruoli(form: forms.Form, da: Attore) -> None:
    """Mette nel modulo i ruoli che `da` può dare, e il nodo solo se può fare un coordinatore."""
    form.fields["ruolo"].choices = [
        (r, Ruolo(r).label.capitalize()) for r in da.ruoli_che_puo_dare
    ]
    if Ruolo.COORDINATORE in da.ruoli_che_puo_dare:
        form.fields["nodo"].queryset = Nodo.objects.order_by("parte", "slug")
    else:
        del form.fields["nodo"]


def solo_a_chi_coordina(form: forms.Form, dati: dict) -> dict:
    """Segna l'errore di chi dà un nodo a un ruolo che non ne ha."""
    if dati.get("nodo") and dati.get("ruolo") not in (None, Ruolo.COORDINATORE):
        form.add_error("nodo", "Solo un coordinatore ha un nodo: togli il nodo o cambia ruolo.")
    return dati
