"""La lista dei bisogni da rilevare; stato e chiusura di un bisogno; filtri del conteggio."""

from collections.abc import Iterator
from itertools import groupby

from django import forms
from django.utils import timezone

from assi.models import Asse, Bisogno
from beneficiari.azioni.bisogni import NuovoBisogno
from beneficiari.forms.rilevazioni import CampoPresa
from beneficiari.models import BisognoRilevato
from beneficiari.models.casi import PresaInCaricoQuerySet
from registro.comune.moduli import CampoGiorno


Stato, Gravita = BisognoRilevato.Stato, BisognoRilevato.Gravita


class BisogniForm(forms.Form):
    """La lista per asse: si sceglie la gravità dei soli bisogni che ci sono.

    `prese`: le prese in carico aperte della persona; `aperti`: le chiavi dei bisogni già aperti,
    che si leggono e non si scelgono.
    """

    segna_facoltativi = False

    rilevato_il = CampoGiorno(label="Rilevati il", initial=timezone.localdate)

    def __init__(self, *args, prese: PresaInCaricoQuerySet, aperti: set[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.voci = list(Bisogno.objects.in_uso(timezone.localdate()).select_related("asse"))
        self.aperti = aperti
        if prese:
            self.fields["presa"] = CampoPresa(
                label="Durante quale presa in carico",
                queryset=prese,
                to_field_name="uuid",
                required=False,
                empty_label="nessuna",
                initial=prese[0].uuid,
            )
        for voce in self.voci:
            if voce.pk not in aperti:
                self._aggiungi_campi(voce)

    def _aggiungi_campi(self, voce: Bisogno) -> None:
        # I valori stanno nell'ordine in cui servono: di solito non c'è, altrimenti quanto è grave.
        self.fields[f"gravita-{voce.codice}"] = forms.TypedChoiceField(
            label=voce.nome,
            choices=[("", "non rilevato"), *Gravita.choices],
            coerce=int,
            empty_value=None,
            required=False,
        )
        self.fields[f"novita-{voce.codice}"] = forms.ChoiceField(
            label=f"Novità di «{voce.nome}»",
            choices=BisognoRilevato.Novita.choices,
            initial=BisognoRilevato.Novita.NUOVO,
            required=False,
        )

    def assi(self) -> Iterator[tuple[Asse | None, list[dict]]]:
        """La lista in pagina: per ogni asse le sue righe, con i due campi o «già aperto»."""
        in_ordine = sorted(self.voci, key=_posto_dell_asse)
        for asse, voci in groupby(in_ordine, key=lambda voce: voce.asse):
            yield asse, [self._riga(voce) for voce in voci]

    def _riga(self, voce: Bisogno) -> dict:
        aperto = voce.pk in self.aperti
        campi = dict.fromkeys(("gravita", "novita"))
        if not aperto:
            campi = {nome: self[f"{nome}-{voce.codice}"] for nome in campi}
        return {"voce": voce, "aperto": aperto, **campi}

    @property
    def scelti(self) -> list[NuovoBisogno]:
        """I bisogni con una gravità; ha senso solo dopo `is_valid()`."""
        dati = self.cleaned_data
        return [
            NuovoBisogno(
                voce,
                dati[f"gravita-{voce.codice}"],
                dati[f"novita-{voce.codice}"] or BisognoRilevato.Novita.NUOVO,
            )
            for voce in self.voci
            if dati.get(f"gravita-{voce.codice}") is not None
        ]


def _posto_dell_asse(voce: Bisogno) -> tuple[int, int]:
    return (voce.asse.ordine, voce.asse_id) if voce.asse else (32_767, 0)


class BisognoForm(forms.Form):
    """Gravità, novità e stato di un bisogno aperto."""

    gravita = forms.TypedChoiceField(label="Gravità", choices=Gravita, coerce=int)
    novita = forms.ChoiceField(label="Novità", choices=BisognoRilevato.Novita)
    stato = forms.ChoiceField(label="Stato", choices=Stato)

    def __init__(self, *args, bisogno: BisognoRilevato, **kwargs):
        iniziali = {nome: getattr(bisogno, nome) for nome in self.base_fields}
        super().__init__(*args, initial=iniziali, auto_id=f"id-{bisogno.uuid}-%s", **kwargs)


class ChiusuraBisognoForm(forms.Form):
    """Come e quando un bisogno si chiude."""

    NON_SERVE = "non-serve"

    stato = forms.ChoiceField(
        label="Com'è finito",
        choices=[
            (Stato.COPERTO, "coperto"),
            (Stato.PARZIALE, "coperto in parte"),
            (Stato.SENZA_RISPOSTA, "senza risposta nella rete"),
            (NON_SERVE, "non serve più, o era segnato per sbaglio"),
        ],
        error_messages={"required": "Scegli com'è finito."},
    )
    chiuso_il = CampoGiorno(label="Chiuso il", initial=timezone.localdate)

    def __init__(self, *args, bisogno: BisognoRilevato, **kwargs):
        super().__init__(*args, auto_id=f"id-{bisogno.uuid}-chiudi-%s", **kwargs)
        scelte = dict(self.fields["stato"].choices)
        if bisogno.stato in scelte:
            self.fields["stato"].initial = bisogno.stato

    @property
    def stato_finale(self) -> str:
        """Lo stato scelto; vuoto per «non serve più». Ha senso solo dopo `is_valid()`."""
        scelto = self.cleaned_data["stato"]
        return "" if scelto == self.NON_SERVE else scelto
