"""Il modulo di ciò che in una prestazione è di ognuno: quanto c'è stato, l'appunto riservato."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.crypto import salted_hmac

from prestazioni.azioni.ognuno import PIU_DELLA_PRESTAZIONE, Ognuno
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

    I campi si chiamano con gli uuid di chi c'era, mai con un nome né con un numero di riga, che
    conta le righe di tutta la rete. `miei` sono gli appunti di chi corregge: quelli degli altri non
    cambiano il modulo, così non dice se ce ne sono.
    """

    segna_facoltativi = False

    def __init__(
        self,
        *args,
        presenze: Sequence[Partecipazione],
        colleghi: Sequence[Affiancamento],
        miei: Sequence[NotaDiPrestazione],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.persone = {voce.pk: nome_della_presenza(voce) for voce in presenze}
        self.colleghi = {voce.utente_id: nome_del_collega(voce) for voce in colleghi}
        for voce in presenze:
            chi = voce.beneficiario.come_si_chiama if voce.beneficiario else "Il nucleo"
            self.fields[self.persone[voce.pk]] = _quanto(chi, voce.minuti)
        for voce in colleghi:
            nome = voce.utente.nome_completo
            self.fields[self.colleghi[voce.utente_id]] = _quanto(nome, voce.minuti)
        self.appunti = self._appunti(presenze, {nota.beneficiario_id: nota for nota in miei})

    def _appunti(
        self, presenze: Sequence[Partecipazione], miei: Mapping[int, NotaDiPrestazione]
    ) -> dict[int, str]:
        nominate = {v.beneficiario_id: v.beneficiario for v in presenze if v.beneficiario}
        campi = {}
        for chiave, persona in nominate.items():
            nota = miei.get(chiave)
            campi[chiave] = f"appunto-{persona.uuid}"
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

    def entro(self, minuti: int | None, *, tolti: Collection[int]) -> bool:
        """Se nessun collega c'è stato più della prestazione, che dura `minuti` (None se non si sa);
        altrimenti lo dice nel suo campo. `tolti`: gli utenti che non affiancano più. Ha senso dopo
        `is_valid()`.
        """
        for chiave, nome in self.colleghi.items():
            troppo = minuti and (self.cleaned_data[nome] or 0) > minuti
            if troppo and chiave not in tolti:
                self.add_error(nome, PIU_DELLA_PRESTAZIONE)
        return not self.errors

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


def nome_della_presenza(voce: Partecipazione) -> str:
    """Il nome del campo con la durata di una presenza; `presa` e `beneficiario` già letti."""
    chi = f"-{voce.beneficiario.uuid}" if voce.beneficiario else ""
    return f"persona-{voce.presa.uuid}{chi}"


def nome_del_collega(voce: Affiancamento) -> str:
    """Il nome del campo con la durata di un collega. Chi accede non ha un uuid, e può non essere più
    dell'ente: un'impronta è la stessa finché la pagina è aperta, e non dice il suo numero.
    """
    di_chi = f"{voce.prestazione_id}:{voce.utente_id}"
    return (
        f"collega-{salted_hmac('prestazioni.ognuno', di_chi, algorithm='sha256').hexdigest()[:32]}"
    )


def _quanto(chi: str, minuti: int | None) -> CampoQuanto:
    return CampoQuanto(label=chi, initial=minuti_in_parole(minuti) if minuti else "")
