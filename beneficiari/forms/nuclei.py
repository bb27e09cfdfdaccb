"""Comporre il nucleo di una persona."""

from django import forms

from beneficiari.models import Componente
from registro.comune.moduli import CampoGiorno
from registro.comune.tassonomie import scelte


class NucleoForm(forms.Form):
    """Un nucleo nuovo, con il ruolo della persona da cui si comincia."""

    ruolo = forms.ChoiceField(
        label="Che ruolo ha questa persona", choices=Componente.Ruolo.choices
    )
    tipologia = forms.ChoiceField(
        label="Tipologia familiare",
        choices=lambda: [("", "Non indicata"), *scelte("tipologie_familiari")],
        required=False,
    )


class ComponenteForm(forms.Form):
    """Il ruolo di chi fa parte di un nucleo, e se convive."""

    ruolo = forms.ChoiceField(label="Ruolo nel nucleo", choices=Componente.Ruolo.choices)
    convivente = forms.BooleanField(label="Vive nella stessa casa", required=False)


class NuovoComponenteForm(ComponenteForm):
    """Chi entra in un nucleo: una persona dell'ente, cercata per nome."""

    persona = forms.UUIDField(
        error_messages={
            "required": "Cerca la persona e scegli chi è, oppure inseriscila nuova.",
            "invalid": "Cerca la persona e scegli chi è.",
        },
        widget=forms.HiddenInput,
    )
    dal = CampoGiorno(
        label="Ne fa parte dal",
        required=False,
        help_text="Se lasci vuoto, da oggi.",
    )

    field_order = ("persona", "ruolo", "convivente", "dal")


class UscitaForm(forms.Form):
    """Fino a quando una persona ha fatto parte di un nucleo."""

    al = CampoGiorno(
        label="Ne ha fatto parte fino al",
        required=False,
        help_text="Se lasci vuoto, fino a oggi. Resta scritto che ne ha fatto parte.",
    )

    segna_facoltativi = False
