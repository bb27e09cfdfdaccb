"""La lista delle condizioni: una riga ciascuna, «non rilevata» finché nessuno risponde."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from django import forms
from django.utils import timezone

from assi.models import Condizione
from beneficiari.models import CondizioneRilevata
from beneficiari.models.rilevazioni import risposta_in_parole


class CondizioniForm(forms.Form):
    """Una scelta per condizione e, nascosta, la risposta che c'era quando la pagina è stata fatta.

    `attuali`: per chiave di condizione, la riga che vale. Una condizione chiusa nel vocabolario si
    mostra solo se ha già una risposta.
    """

    segna_facoltativi = False

    def __init__(self, *args, attuali: Mapping[int, CondizioneRilevata], **kwargs):
        super().__init__(*args, **kwargs)
        in_uso = list(Condizione.objects.in_uso(timezone.localdate()))
        chiuse = [riga.condizione for riga in attuali.values() if riga.condizione not in in_uso]
        self.voci: list[Condizione] = [*in_uso, *chiuse]
        for voce in self.voci:
            riga = attuali.get(voce.pk)
            tolta = riga is None or riga.valore == CondizioneRilevata.NON_RILEVATA
            self._aggiungi_campi(voce, "" if tolta else riga.valore)

    def _aggiungi_campi(self, voce: Condizione, risposta: str) -> None:
        # Una risposta data con un vocabolario vecchio resta leggibile e si può lasciare com'è.
        valori = list(dict.fromkeys([*voce.valori, *([risposta] if risposta else [])]))
        self.fields[f"risposta-{voce.codice}"] = forms.ChoiceField(
            label=voce.nome,
            choices=[("", "non rilevata"), *((v, risposta_in_parole(v)) for v in valori)],
            widget=forms.RadioSelect,
            required=False,
            initial=risposta,
            # Delle altre il riferimento è la sigla di una statistica: a chi chiede non serve.
            help_text=voce.riferimento if voce.famiglia == Condizione.Famiglia.SALUTE else "",
        )
        self.fields[f"vista-{voce.codice}"] = forms.CharField(
            required=False, initial=risposta, widget=forms.HiddenInput
        )

    def famiglie(self) -> Iterator[tuple[str, list[dict]]]:
        """In pagina: per ogni famiglia le sue righe."""
        ordine = list(Condizione.Famiglia)
        voci = sorted(self.voci, key=lambda voce: ordine.index(voce.famiglia))
        for famiglia, sue in groupby(voci, key=lambda voce: voce.get_famiglia_display()):
            yield famiglia, [self._riga(voce) for voce in sue]

    def _riga(self, voce: Condizione) -> dict:
        return {
            "voce": voce,
            "campo": self[f"risposta-{voce.codice}"],
            "vista": self[f"vista-{voce.codice}"],
        }

    @property
    def risposte(self) -> dict[Condizione, str]:
        """Le risposte scelte, vuote se «non rilevata»; dopo `is_valid()`."""
        return {voce: self.cleaned_data[f"risposta-{voce.codice}"] for voce in self.voci}

    @property
    def viste(self) -> dict[Condizione, str]:
        """Le risposte che chi scrive aveva davanti; dopo `is_valid()`."""
        return {voce: self.cleaned_data[f"vista-{voce.codice}"] for voce in self.voci}
