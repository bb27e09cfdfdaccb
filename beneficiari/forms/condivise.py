"""I filtri delle persone condivise con l'ente."""

from django import forms

from beneficiari.models import AutorizzazioneQuerySet
from enti.models import Ente
from privacy.gruppi import FINALITA_CONDIVISE, Livello
from registro.comune.moduli import CampoScelta, FiltriForm


class FiltriCondiviseForm(FiltriForm):
    """Chi condivide, perché, quanto. Un valore che non esiste si ignora."""

    ente = CampoScelta(
        Ente.objects.none(),
        label="Chi condivide",
        required=False,
        to_field_name="slug",
        empty_label="Tutti gli enti",
    )
    finalita = forms.ChoiceField(
        label="Per che cosa",
        required=False,
        choices=[("", "Tutto"), *((voce.value, voce.label) for voce in FINALITA_CONDIVISE)],
    )
    livello = forms.ChoiceField(
        label="Quanto si vede", required=False, choices=[("", "Tutto"), *Livello.choices]
    )

    def __init__(self, *args, ricevute: AutorizzazioneQuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        di_chi = Ente.objects.filter(pk__in=ricevute.values("ente"))
        self.fields["ente"].queryset = di_chi.per_denominazione()

    def applica(self, ricevute: AutorizzazioneQuerySet) -> AutorizzazioneQuerySet:
        """Restringe `ricevute` ai filtri in uso."""
        return ricevute.filter(**self.in_uso)
