"""Quale foglio si stampa per una persona."""

from django import forms

from enti.models import Ente
from privacy.models import Informativa
from registro.comune.moduli import CampoScelta


class ModuloDiConsensoForm(forms.Form):
    """La versione dell'informativa su cui si chiede il consenso."""

    informativa = CampoScelta(
        Informativa.objects.none(),
        label="Informativa",
        to_field_name="uuid",
        empty_label=None,
        error_messages={
            "invalid_choice": "Questa informativa non è più in uso: scegline una dell'elenco.",
            "required": "Scegli l'informativa.",
        },
    )

    def __init__(self, *args, ente: Ente, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["informativa"].queryset = Informativa.objects.filter(ente=ente).in_uso()
        self.fields["informativa"].label_from_instance = lambda voce: f"{voce} ({voce.lingua})"
