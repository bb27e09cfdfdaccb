"""Valutare gli indicatori di un asse, e correggere una valutazione."""

from collections.abc import Sequence

from django import forms
from django.utils import timezone

from assi.models import Indicatore
from beneficiari.azioni.valutazioni import Giudizio
from beneficiari.models import PresaInCarico, Valutazione
from registro.comune.moduli import CampoGiorno
from registro.comune.tassonomie import voci


A_PAROLE, NON_ESPRIMIBILE = "parole", "non-esprimibile"
DUE_COSE = "Hai scelto un valore e scritto anche un giudizio: tieni una cosa sola."


def scelte_del_giudizio(vuota: str) -> list[tuple[str, str]]:
    """Da 1 a 10, ciascuno con la sua parola; poi «a parole» e «non esprimibile»."""
    scala = [
        (voce.codice, f"{voce.codice} · {voce.nome}")
        for voce in voci("scala_1_10")
        if voce.codice.isdecimal()
    ]
    return [
        ("", vuota),
        *scala,
        (A_PAROLE, "a parole"),
        (NON_ESPRIMIBILE, "non esprimibile"),
    ]


def _campi_del_giudizio(indicatore: Indicatore, vuota: str) -> dict[str, forms.Field]:
    """I due campi di un indicatore: quanto, e il giudizio scritto."""
    return {
        f"quanto-{indicatore.pk}": forms.ChoiceField(
            label=indicatore.testo, choices=scelte_del_giudizio(vuota), required=False
        ),
        f"parole-{indicatore.pk}": forms.CharField(
            label="Giudizio a parole",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        ),
    }


class _ConGiudizi(forms.Form):
    """Un modulo con uno o più indicatori da giudicare."""

    segna_facoltativi = False
    vuota = "non valutato adesso"

    momento = forms.ChoiceField(label="Momento", choices=Valutazione.Momento)
    valutata_il = CampoGiorno(label="Valutata il", initial=timezone.localdate)

    def __init__(self, *args, indicatori: Sequence[Indicatore], **kwargs):
        super().__init__(*args, **kwargs)
        self.indicatori = indicatori
        for indicatore in indicatori:
            self.fields |= _campi_del_giudizio(indicatore, self.vuota)

    def righe(self) -> list[dict]:
        """In pagina: ogni indicatore coi suoi due campi."""
        return [
            {"quanto": self[f"quanto-{voce.pk}"], "parole": self[f"parole-{voce.pk}"]}
            for voce in self.indicatori
        ]

    def clean(self) -> dict:
        dati = super().clean()
        for indicatore in self.indicatori:
            quanto = dati.get(f"quanto-{indicatore.pk}", "")
            parole = dati.get(f"parole-{indicatore.pk}", "").strip()
            if parole and quanto not in ("", A_PAROLE):
                self.add_error(f"quanto-{indicatore.pk}", DUE_COSE)
            elif quanto == A_PAROLE and not parole:
                self.add_error(f"parole-{indicatore.pk}", "Scrivi il giudizio.")
        return dati

    def giudizi(self) -> dict[Indicatore, Giudizio]:
        """I giudizi dati; chi ha scritto senza scegliere ha giudicato a parole. Dopo `is_valid()`."""
        dati = {}
        for indicatore in self.indicatori:
            quanto = self.cleaned_data[f"quanto-{indicatore.pk}"]
            parole = self.cleaned_data[f"parole-{indicatore.pk}"].strip()
            if quanto == NON_ESPRIMIBILE:
                dati[indicatore] = Giudizio(non_esprimibile=True)
            elif quanto and quanto != A_PAROLE:
                dati[indicatore] = Giudizio(valore=int(quanto))
            elif parole:
                dati[indicatore] = Giudizio(parole=parole)
        return dati


class ValutazioniForm(_ConGiudizi):
    """Gli indicatori dell'asse di una presa in carico, tutti insieme."""

    def __init__(self, *args, presa: PresaInCarico, gia_valutata: bool, **kwargs):
        momento = Valutazione.Momento.IN_ITINERE if gia_valutata else Valutazione.Momento.INGRESSO
        indicatori = list(presa.azione.asse.indicatori.order_by("ordine", "pk"))
        super().__init__(*args, indicatori=indicatori, initial={"momento": momento}, **kwargs)

    def clean(self) -> dict:
        dati = super().clean()
        if not self.errors and not self.giudizi():
            raise forms.ValidationError("Valuta almeno un indicatore.")
        return dati


class ValutazioneForm(_ConGiudizi):
    """Una valutazione da correggere."""

    vuota = "scegli"

    def __init__(self, *args, valutazione: Valutazione, **kwargs):
        indicatore = valutazione.indicatore
        if valutazione.non_esprimibile:
            quanto = NON_ESPRIMIBILE
        else:
            quanto = A_PAROLE if valutazione.valore is None else str(valutazione.valore)
        iniziali = {
            "momento": valutazione.momento,
            "valutata_il": valutazione.valutata_il,
            f"quanto-{indicatore.pk}": quanto,
            f"parole-{indicatore.pk}": valutazione.giudizio,
        }
        super().__init__(*args, indicatori=[indicatore], initial=iniziali, **kwargs)

    @property
    def giudizio(self) -> Giudizio:
        """Il giudizio scritto, vuoto se non ce n'è; ha senso solo dopo `is_valid()`."""
        return next(iter(self.giudizi().values()), Giudizio())
