"""I moduli degli obiettivi di una presa in carico."""

from django import forms

from assi.models import Indicatore
from beneficiari.models import Obiettivo, PresaInCarico
from registro.comune.moduli import CampoGiorno, CampoScelta


class ObiettivoForm(forms.Form):
    testo = forms.CharField(
        label="Obiettivo",
        max_length=300,
        help_text="Un risultato che si può riconoscere quando arriva. Senza diagnosi.",
        error_messages={"required": "Scrivi l'obiettivo."},
    )
    entro_il = CampoGiorno(label="Entro il", required=False)
    indicatore = CampoScelta(
        Indicatore.objects.none(),
        label="Indicatore",
        required=False,
        to_field_name="slug",
        empty_label="Nessuno",
        help_text="Se l'obiettivo si misura con una valutazione.",
    )

    def __init__(self, *args, presa: PresaInCarico, **kwargs):
        super().__init__(*args, **kwargs)
        indicatori = Indicatore.objects.filter(asse=presa.azione.asse_id)
        self.fields["indicatore"].queryset = indicatori.order_by("ordine", "pk")


class RevisioneForm(forms.Form):
    """Com'è diventato l'obiettivo, e perché."""

    stato = forms.ChoiceField(
        label="A che punto è", widget=forms.RadioSelect, choices=Obiettivo.Stato.choices
    )
    testo = forms.CharField(
        label="Obiettivo", max_length=300, error_messages={"required": "Scrivi l'obiettivo."}
    )
    entro_il = CampoGiorno(label="Entro il", required=False)
    motivo = forms.CharField(
        label="Perché cambia",
        max_length=300,
        help_text="Com'era prima resta scritto accanto al motivo. Senza diagnosi.",
        error_messages={"required": "Scrivi perché l'obiettivo cambia."},
    )

    @staticmethod
    def iniziali(obiettivo: Obiettivo) -> dict:
        """Ciò che il modulo mostra di `obiettivo`."""
        return {
            "stato": obiettivo.stato,
            "testo": obiettivo.testo,
            "entro_il": obiettivo.entro_il,
        }
