"""Il modulo di ciò che in una prestazione è di ognuno: quanto c'è stato, l'appunto riservato."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from prestazioni.azioni.ognuno import Ognuno
from prestazioni.forms.campi import minuti_in_parole, minuti_scritti
from prestazioni.models import Affiancamento, NotaDiPrestazione, Partecipazione


class CampoQuanto(forms.CharField):
    """Una durata scritta a mano, in minuti; vuota (None) vale quanto la prestazione."""

    def __init__(self, **kwargs):
        scatola = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "tutto"})
        super().__init__(required=False, max_length=20, widget=scatola, **kwargs)

    def clean(self, value):
        scritto = super().clean(value).strip()
        return minuti_scritti(scritto) if scritto else None


class OgnunoForm(forms.Form):
    """Un campo per la durata di ogni persona e di ogni collega, uno per l'appunto su ogni persona.

    I campi si chiamano con la chiave della riga, mai con un nome. `miei` sono gli appunti di chi
    corregge; le persone `di_altri`, che hanno già quello di un collega, non hanno campo.
    """

    segna_facoltativi = False

    def __init__(
        self,
        *args,
        presenze: Sequence[Partecipazione],
        colleghi: Sequence[Affiancamento],
        miei: Sequence[NotaDiPrestazione],
        di_altri: Collection[int],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.persone = {voce.pk: f"persona-{voce.pk}" for voce in presenze}
        self.colleghi = {voce.utente_id: f"collega-{voce.utente_id}" for voce in colleghi}
        for voce in presenze:
            chi = voce.beneficiario.come_si_chiama if voce.beneficiario else "Il nucleo"
            self.fields[self.persone[voce.pk]] = _quanto(chi, voce.minuti)
        for voce in colleghi:
            nome = voce.utente.nome_completo
            self.fields[self.colleghi[voce.utente_id]] = _quanto(nome, voce.minuti)
        self.appunti = self._appunti(
            presenze, {nota.beneficiario_id: nota for nota in miei}, di_altri
        )

    def _appunti(
        self,
        presenze: Sequence[Partecipazione],
        miei: Mapping[int, NotaDiPrestazione],
        di_altri: Collection[int],
    ) -> dict[int, str]:
        nominate = {v.beneficiario_id: v.beneficiario for v in presenze if v.beneficiario}
        campi = {}
        for chiave, persona in nominate.items():
            if chiave in di_altri:
                continue
            nota = miei.get(chiave)
            campi[chiave] = f"appunto-{chiave}"
            self.fields[campi[chiave]] = forms.CharField(
                label=f"Appunto riservato su {persona.come_si_chiama}",
                required=False,
                max_length=4000,
                initial=nota.testo if nota else "",
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Lo legge chi segue la persona, il referente e tu. Vuoto, si toglie.",
            )
        return campi

    def campi_delle_durate(self) -> Iterator[BoundField]:
        for nome in (*self.persone.values(), *self.colleghi.values()):
            yield self[nome]

    def campi_degli_appunti(self) -> Iterator[BoundField]:
        for nome in self.appunti.values():
            yield self[nome]

    @property
    def durate_in_uso(self) -> bool:
        return any(campo.value() or campo.errors for campo in self.campi_delle_durate())

    def ognuno(self) -> Ognuno:
        """Ciò che si è scritto di ciascuno; ciò che la pagina non ha mandato resta com'è.

        Ha senso dopo `is_valid()`.
        """
        return Ognuno(
            persone=self._mandati(self.persone),
            colleghi=self._mandati(self.colleghi),
            appunti=self._mandati(self.appunti),
        )

    def _mandati(self, campi: Mapping[int, str]) -> dict[int, Any]:
        return {
            chiave: self.cleaned_data[nome] for chiave, nome in campi.items() if nome in self.data
        }


def _quanto(chi: str, minuti: int | None) -> CampoQuanto:
    return CampoQuanto(label=chi, initial=minuti_in_parole(minuti) if minuti else "")
