"""Scrivere una violazione e decidere chi avvisare."""

from django import forms
from django.utils import timezone

from enti.models import Appartenenza, Ente, Utente
from enti.permessi import Attore
from privacy.models import RegistroAccessi, Violazione


class CampoMomento(forms.DateTimeField):
    """Un giorno e un'ora, ora italiana."""

    default_error_messages = {
        "required": "Scrivi il giorno e l'ora.",
        "invalid": "Giorno e ora non tornano: ricontrollali.",
    }

    def __init__(self, **opzioni):
        formato = "%Y-%m-%dT%H:%M"
        opzioni.setdefault(
            "widget", forms.DateTimeInput({"type": "datetime-local"}, format=formato)
        )
        super().__init__(input_formats=[formato, "%Y-%m-%dT%H:%M:%S"], **opzioni)


class _ViolazioneForm(forms.ModelForm):
    """Ciò che si sa, e chi leggeva: da lì il registro dice chi è colpito."""

    dal = CampoMomento(label="Letture dal", required=False)
    al = CampoMomento(
        label="Letture fino al",
        required=False,
        help_text="Con il periodo e chi leggeva, il Registro calcola le persone colpite.",
    )

    def __init__(self, *args, da: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        ente = da.ente
        # Senza la scelta vuota: che cosa è successo va detto.
        self.fields["natura"].choices = Violazione.Natura.choices
        self.fields["chi"].queryset = Utente.objects.filter(
            pk__in=Appartenenza.objects.filter(ente=ente).values("utente")
        ).order_by("cognome", "nome", "pk")
        letture = RegistroAccessi.objects.filter(ente_titolare=ente)
        self.fields["per_ente"].queryset = Ente.objects.filter(
            pk__in=letture.order_by().values("ente")
        ).per_denominazione()
        self.fields["chi"].empty_label = "Nessuno in particolare"
        self.fields["per_ente"].empty_label = "Nessuno in particolare"

    def clean(self) -> dict:
        dati = super().clean()
        if (dati.get("chi") or dati.get("per_ente")) and not dati.get("dal"):
            self.add_error("dal", "Scrivi da quando a quando leggeva.")
        return dati

    class Meta:
        model = Violazione
        fields = ("natura", "descrizione", "chi", "per_ente", "dal", "al")
        labels = {"chi": "Account del tuo ente coinvolto", "per_ente": "Ente che ha letto"}
        widgets = {"natura": forms.RadioSelect}
        help_texts = {
            "descrizione": "Che cosa è successo, come ve ne siete accorti. Senza nomi di persone"
            " aiutate: la leggono anche il garante e chi amministra la rete.",
        }


class NuovaViolazioneForm(_ViolazioneForm):
    """Una violazione appena scoperta."""

    scoperta_il = CampoMomento(
        label="Quando l'avete scoperta",
        initial=timezone.localtime,
        help_text="Da qui partono le 72 ore. Non si corregge più.",
    )
    field_order = ("scoperta_il", "natura", "descrizione", "chi", "per_ente", "dal", "al")

    class Meta(_ViolazioneForm.Meta):
        fields = ("scoperta_il", *_ViolazioneForm.Meta.fields)


class AggiornaViolazioneForm(_ViolazioneForm):
    """Ciò che si è capito e fatto, e le due decisioni con il loro perché."""

    garante_il = CampoMomento(label="Notificata al Garante il", required=False)
    persone_il = CampoMomento(label="Persone avvisate il", required=False)

    def clean(self) -> dict:
        dati = super().clean()
        for che_cosa in ("garante", "persone"):
            decisa = dati.get(che_cosa) not in (None, Violazione.Decisione.DA_DECIDERE)
            if decisa and not dati.get(f"{che_cosa}_motivo"):
                self.add_error(f"{che_cosa}_motivo", "Scrivi perché sì, o perché no.")
        return dati

    class Meta(_ViolazioneForm.Meta):
        fields = (
            *_ViolazioneForm.Meta.fields,
            *("conseguenze", "misure", "garante", "garante_motivo", "garante_il"),
            *("garante_ritardo", "persone", "persone_motivo", "persone_il"),
        )
        labels = {
            **_ViolazioneForm.Meta.labels,
            "garante": "Si notifica al Garante per la protezione dei dati?",
            "garante_motivo": "Perché sì, o perché no",
            "garante_ritardo": "Se oltre le 72 ore, perché",
            "persone": "Si avvisano le persone?",
            "persone_motivo": "Perché avvisarle, o perché no",
        }
        widgets = {
            **_ViolazioneForm.Meta.widgets,
            "garante": forms.RadioSelect,
            "persone": forms.RadioSelect,
        }
        help_texts = {
            **_ViolazioneForm.Meta.help_texts,
            "garante": "No solo se è improbabile che ci sia un rischio per le persone (art. 33).",
            "persone": "Sì se il rischio per loro è alto (art. 34).",
        }
