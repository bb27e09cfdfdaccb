"""I filtri del registro delle autorizzazioni."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from beneficiari.models import AutorizzazioneQuerySet
from enti.models import Ente
from privacy.gruppi import FINALITA_CONDIVISE
from registro.comune.moduli import CampoScelta, FiltriForm


class FiltriAutorizzazioniForm(FiltriForm):
    """In vigore o finite, di quale ente, per quale finalità. Un valore sconosciuto si ignora."""

    IN_VIGORE, FINITE = "in-vigore", "finite"

    stato = forms.ChoiceField(
        required=False,
        choices=[("", "Tutte"), (IN_VIGORE, "In vigore"), (FINITE, "Finite o revocate")],
    )
    ente = CampoScelta(
        Ente.objects.none(),
        label="Date o ricevute da",
        required=False,
        to_field_name="slug",
        empty_label="Tutti gli enti",
    )
    finalita = forms.ChoiceField(
        label="Finalità",
        required=False,
        choices=[("", "Tutte"), *((voce.value, voce.label) for voce in FINALITA_CONDIVISE)],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ente"].queryset = Ente.objects.attivi().della_rete().per_denominazione()

    def applica(self, autorizzazioni: AutorizzazioneQuerySet) -> AutorizzazioneQuerySet:
        """Restringe ai filtri in uso."""
        scelti = self.in_uso
        if scelti.get("stato") == self.IN_VIGORE:
            autorizzazioni = autorizzazioni.in_vigore()
        elif scelti.get("stato") == self.FINITE:
            finite = Q(revocata_il__isnull=False) | Q(al__lt=timezone.localdate())
            autorizzazioni = autorizzazioni.filter(finite)
        if ente := scelti.get("ente"):
            autorizzazioni = autorizzazioni.filter(Q(ente=ente) | Q(destinatario=ente))
        if finalita := scelti.get("finalita"):
            autorizzazioni = autorizzazioni.filter(finalita=finalita)
        return autorizzazioni
