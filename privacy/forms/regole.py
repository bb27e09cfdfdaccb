"""Scrivere e chiudere basi giuridiche e accordi."""

from django import forms
from django.utils import timezone

from enti.models import Ente
from privacy.gruppi import FINALITA_CONDIVISE, Finalita, Gruppo
from registro.comune.moduli import CampoGiorno, CampoScelta, CampoScelte


LETTERE_ART6 = [(lettera, f"art. 6.1.{lettera}") for lettera in "abcdef"]
LETTERE_ART9 = [("", "non serve"), *((lettera, f"art. 9.2.{lettera}") for lettera in "abcdefghij")]


class BaseForm(forms.Form):
    """La base di un gruppo di dati per una finalità, con tutti e due gli articoli."""

    finalita = forms.ChoiceField(
        label="Finalità",
        choices=Finalita.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli per quale finalità."},
    )
    gruppo = forms.ChoiceField(
        label="Gruppo di dati",
        choices=Gruppo.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli quali dati."},
    )
    lettera_art6 = forms.ChoiceField(label="Lettera dell'art. 6 GDPR", choices=LETTERE_ART6)
    lettera_art9 = forms.ChoiceField(
        label="Lettera dell'art. 9 GDPR",
        required=False,
        choices=LETTERE_ART9,
        help_text="Obbligatoria per salute, tutele e note, che sono dati particolari.",
    )
    fonte = forms.CharField(
        label="Norma nazionale",
        max_length=300,
        help_text="Per esempio: L. 328/2000, art. 22.",
        error_messages={"required": "Scrivi la norma nazionale."},
    )
    serve_consenso = forms.BooleanField(
        label="Per condividere con un altro ente serve comunque il consenso della persona",
        required=False,
        initial=True,
    )
    dal = CampoGiorno(label="Dal", initial=timezone.localdate)


class AccordoForm(forms.Form):
    """Un accordo di contitolarità fra enti della rete."""

    titolo = forms.CharField(
        max_length=200,
        help_text="Se c'è già un accordo con questo titolo, questa è la sua versione nuova.",
        error_messages={"required": "Scrivi il titolo dell'accordo."},
    )
    finalita = forms.MultipleChoiceField(
        label="Per quali finalità",
        choices=[(voce.value, voce.label) for voce in FINALITA_CONDIVISE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Scegli almeno una finalità."},
    )
    parti = CampoScelte(
        Ente.objects.none(),
        label="Enti che lo stringono",
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Scegli gli enti che stringono l'accordo."},
    )
    contenuto = forms.CharField(
        label="Contenuto essenziale",
        widget=forms.Textarea,
        help_text=(
            "Chi fa che cosa e come le persone fanno valere i loro diritti: lo può leggere"
            " chiunque (art. 26.2 GDPR). Non scrivere nomi di persone."
        ),
        error_messages={"required": "Scrivi il contenuto essenziale dell'accordo."},
    )
    risponde = CampoScelta(
        Ente.objects.none(),
        label="Ente che risponde alle persone",
        to_field_name="slug",
        empty_label="Scegli un ente",
        error_messages={"required": "Scegli l'ente a cui le persone si rivolgono."},
    )
    contatto = forms.EmailField(
        label="Contatto per le persone",
        error_messages={
            "required": "Scrivi l'indirizzo a cui le persone possono scrivere.",
            "invalid": "Questo indirizzo non è completo: per esempio privacy@ente.it.",
        },
    )
    dal = CampoGiorno(label="Dal", initial=timezone.localdate)
    al = CampoGiorno(label="Al", required=False, help_text="Vuoto, se non ha una fine.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        enti = Ente.objects.attivi().della_rete().per_denominazione()
        self.fields["parti"].queryset = self.fields["risponde"].queryset = enti


class ChiusuraForm(forms.Form):
    """Da quando una regola non vale più."""

    al = CampoGiorno(
        label="Ultimo giorno",
        initial=timezone.localdate,
        help_text="Oggi: ciò che ci poggia finisce subito. Un giorno futuro: finisce quel giorno.",
    )
