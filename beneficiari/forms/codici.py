"""Scrivere e chiudere i codici di una persona."""

from django import forms
from django.core.exceptions import ValidationError

from beneficiari.azioni.codici import CodiceScritto
from beneficiari.codici import CodiceErrato
from beneficiari.models import Identificativo
from registro.comune.moduli import CampoGiorno
from registro.comune.tassonomie import scelte


class CodiceForm(forms.Form):
    """Un codice con il suo tipo, oppure il motivo per cui la persona non ne ha."""

    tipo = forms.ChoiceField(choices=Identificativo.Tipo.choices, label="Che codice è")
    codice = forms.CharField(
        max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    dal = CampoGiorno(
        label="Vale dal",
        required=False,
        help_text="Se non lo sai lascia vuoto: vale da oggi.",
    )
    motivo = forms.ChoiceField(
        label="Se non ha un codice, perché",
        choices=lambda: [("", "Scegli il motivo"), *scelte("cf_assenza_motivo")],
        required=False,
    )

    segna_facoltativi = False

    def clean(self) -> dict:
        dati = super().clean()
        tipo = dati.get("tipo")
        if tipo == Identificativo.Tipo.NESSUNO:
            self._senza_codice(dati)
        elif tipo and not dati.get("codice", "").strip():
            self.add_error("codice", "Scrivi il codice, oppure il motivo per cui manca.")
        elif tipo:
            try:
                dati["scritto"] = CodiceScritto.da_testo(tipo, dati["codice"])
            except CodiceErrato as errore:
                self.add_error("codice", errore.frase)
        return dati

    def _senza_codice(self, dati: dict) -> None:
        if dati.get("codice", "").strip():
            self.add_error(
                "codice", "Hai scelto «nessun codice»: togli il codice o cambia il tipo."
            )
        if not dati.get("motivo"):
            self.add_error("motivo", "Scegli perché la persona non ha un codice.")


class ChiudiCodiceForm(forms.Form):
    """Fino a quando è valso un codice."""

    al = CampoGiorno(
        label="È valso fino al",
        required=False,
        help_text="Se lasci vuoto, fino a oggi.",
    )

    segna_facoltativi = False

    def __init__(self, *args, identificativo: Identificativo, **kwargs):
        super().__init__(*args, **kwargs)
        self.identificativo = identificativo

    def clean_al(self):
        al, dal = self.cleaned_data["al"], self.identificativo.dal
        if al and dal and al < dal:
            raise ValidationError("La fine non può precedere l'inizio.")
        return al
