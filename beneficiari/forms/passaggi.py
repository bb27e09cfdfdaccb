"""I moduli del passaggio a un altro ente: proporre, rifiutare, accettare."""

from collections.abc import Sequence

from django import forms

from beneficiari.forms.casi import (
    SENZA_DIAGNOSI,
    CampoAzione,
    CampoOperatore,
    chi_lavora_qui,
)
from beneficiari.models import Autorizzazione, Beneficiario
from enti.permessi import Attore
from registro.comune.moduli import CampoGiorno


class ProponiForm(forms.Form):
    """A chi si passa, fra gli enti che un'autorizzazione fa vedere la persona."""

    a = forms.ChoiceField(
        label="A quale ente",
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli a quale ente."},
    )
    motivo = forms.CharField(
        label="Perché si passa",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lo legge l'altro ente. Senza diagnosi.",
        error_messages={"required": "Scrivi perché: lo legge l'altro ente."},
    )

    def __init__(self, *args, autorizzazioni: Sequence[Autorizzazione], **kwargs):
        super().__init__(*args, **kwargs)
        self._per_uuid = {str(voce.uuid): voce for voce in autorizzazioni}
        self.fields["a"].choices = [
            (chiave, f"{voce.destinatario.denominazione}, che la vede fino al {voce.al:%d/%m/%Y}")
            for chiave, voce in self._per_uuid.items()
        ]
        if len(self._per_uuid) == 1:
            self.fields["a"].initial = next(iter(self._per_uuid))

    @property
    def autorizzazione(self) -> Autorizzazione:
        """Quella dell'ente scelto; ha senso solo dopo `is_valid()`."""
        return self._per_uuid[self.cleaned_data["a"]]


class RifiutoForm(forms.Form):
    risposta = forms.CharField(
        label="Perché no",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lo legge chi ha proposto il passaggio.",
        error_messages={"required": "Scrivi perché: chi l'ha proposto deve saperlo."},
    )


class AccettaForm(forms.ModelForm):
    """La persona e la presa in carico che nascono nell'ente che accetta.

    È precompilato con ciò che l'altro ente fa vedere: si corregge, e solo ciò che si conferma si
    salva. Se nell'ente c'è già chi si chiama così, si dice se è la stessa persona.
    """

    NUOVA = "nuova"

    gia_qui = forms.ChoiceField(
        label="La conoscete già?", required=False, widget=forms.RadioSelect
    )
    azione = CampoAzione(
        label="Azione", error_messages={"required": "Scegli per quale azione la segui."}
    )
    operatore = CampoOperatore(label="La segue", empty_label=None)
    aperta_il = CampoGiorno(label="Aperta il")
    motivazione = forms.CharField(
        label="Perché la seguiamo",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=SENZA_DIAGNOSI,
    )

    class Meta:
        model = Beneficiario
        fields = (
            *("cognome", "nome", "nome_scelto", "data_nascita", "nascita_stimata"),
            *("genere", "comune"),
        )
        widgets = {"data_nascita": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, attore: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        self._attore = attore
        self.fields["azione"].per(attore.ente)
        self.fields["operatore"].queryset = chi_lavora_qui(attore.ente)
        scritto = f"{self.data.get('cognome', '')} {self.data.get('nome', '')}"
        self._simili = self._come(scritto) if self.is_bound and scritto.strip() else {}
        if self._simili:
            self.fields["gia_qui"].choices = [
                *((chiave, f"Sì, è {_per_riconoscere(p)}") for chiave, p in self._simili.items()),
                (self.NUOVA, "No, è una persona nuova"),
            ]
        else:
            del self.fields["gia_qui"]

    def _come(self, nome: str) -> dict[str, Beneficiario]:
        trovati = Beneficiario.objects.di(self._attore.ente).presenti().che_si_chiamano(nome)
        return {str(persona.uuid): persona for persona in trovati.per_nome()[:10]}

    def clean_gia_qui(self) -> str:
        scelto = self.cleaned_data["gia_qui"]
        if not scelto:
            raise forms.ValidationError(
                "Nel vostro ente c'è già chi si chiama così: di' se è la stessa persona."
            )
        return scelto

    def persona(self) -> Beneficiario:
        """La riga dell'ente che accetta: una sua, se la conosceva già, o una ancora da scrivere."""
        return self._simili.get(self.cleaned_data.get("gia_qui", ""), self.instance)

    @property
    def della_persona(self) -> list[forms.BoundField]:
        return [self[nome] for nome in ("gia_qui", *self._meta.fields) if nome in self.fields]

    @property
    def del_caso(self) -> list[forms.BoundField]:
        return [self[nome] for nome in ("azione", "operatore", "aperta_il", "motivazione")]


def _per_riconoscere(persona: Beneficiario) -> str:
    nascita = persona.data_nascita.year if persona.data_nascita else "anno non indicato"
    return f"{persona.come_si_chiama}, {nascita}, {persona.comune or 'comune non indicato'}"
