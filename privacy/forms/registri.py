"""I filtri degli eventi di sicurezza, e la nota che chiude una segnalazione."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from enti.models import CodiceEvento, EventoDiSicurezzaQuerySet
from privacy.forms.registro import GIORNI
from registro.comune.moduli import CampoGiorno, FiltriForm


class FiltriEventiForm(FiltriForm):
    """Il periodo (ultimi 30 giorni se si tace) e che cosa è successo."""

    dal = CampoGiorno(label="Dal", required=False)
    al = CampoGiorno(label="Al", required=False)
    codice = forms.ChoiceField(
        label="Che cosa", required=False, choices=[("", "Ogni evento"), *CodiceEvento.choices]
    )

    @property
    def periodo(self) -> tuple[date, date | None]:
        """Il primo e l'ultimo giorno che si guardano; None: fino a oggi."""
        scelti = self.in_uso
        fine = scelti.get("al")
        inizio = (fine or timezone.localdate()) - timedelta(days=GIORNI)
        return scelti.get("dal") or inizio, fine

    def applica(self, eventi: EventoDiSicurezzaQuerySet) -> EventoDiSicurezzaQuerySet:
        """Restringe `eventi` ai filtri scelti."""
        eventi = eventi.nei_giorni(*self.periodo)
        codice = self.in_uso.get("codice")
        return eventi.filter(codice=codice) if codice else eventi


class ChiudiSegnalazioneForm(forms.Form):
    """Che cosa si è trovato."""

    nota = forms.CharField(
        label="Che cosa hai trovato",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Che cosa ha detto chi ha letto, e che cosa si è deciso. Senza nomi di persone aiutate.",
        error_messages={"required": "Scrivi che cosa hai trovato: poi la segnalazione si chiude."},
    )
