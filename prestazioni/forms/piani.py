"""I moduli di un piano di rientro: aprirlo, dividerlo in rate, cambiarne una, dire com'è finito."""

from decimal import Decimal

from django import forms

from prestazioni.codici import PIANO_INTERROTTO, PIANO_RISPETTATO
from prestazioni.forms.percorsi import CampoEuro
from prestazioni.models import PianoRientro, Rata
from registro.comune.moduli import CampoGiorno


MAGGIORE_DI_ZERO = "Scrivi un importo maggiore di zero."


def _scelte(scelte) -> list:
    return [("", "Scegli"), *scelte]


class PianoForm(forms.Form):
    """Il debito, con chi, perché, e quando si è firmato."""

    creditore = forms.ChoiceField(
        label="Con chi è il debito",
        choices=_scelte(PianoRientro.Creditore.choices),
        error_messages={"required": "Scegli con chi è il debito."},
    )
    debito = CampoEuro(
        label="Debito all'inizio, in euro",
        error_messages={"required": "Scrivi quant'è il debito."},
    )
    causa = forms.ChoiceField(
        label="Da che cosa nasce",
        choices=_scelte(PianoRientro.Causa.choices),
        error_messages={"required": "Scegli da che cosa nasce il debito."},
    )
    incolpevole = forms.ChoiceField(
        label="Morosità incolpevole",
        choices=_scelte(PianoRientro.Incolpevole.choices),
        error_messages={"required": "Scegli; se non è deciso, «in verifica»."},
    )
    canone = CampoEuro(label="Canone al mese, in euro", required=False, max_digits=8)
    firmato_il = CampoGiorno(
        label="Firmato il",
        required=False,
        help_text="Quando è firmato si registra l'esito «sottoscritto».",
    )

    def clean_debito(self) -> Decimal:
        return _maggiore_di_zero(self.cleaned_data["debito"])

    @staticmethod
    def iniziali(piano: PianoRientro) -> dict:
        """Ciò che il modulo mostra di `piano`."""
        return {nome: getattr(piano, nome) for nome in PianoForm.base_fields}


class RateForm(forms.Form):
    """Quante rate mensili, da quando; l'importo se non sono tutte uguali all'ultima."""

    quante = forms.IntegerField(
        label="Quante rate",
        min_value=1,
        max_value=240,
        error_messages={"required": "Scrivi quante rate sono."},
    )
    dal = CampoGiorno(
        label="La prima scade il", help_text="Le altre lo stesso giorno dei mesi dopo."
    )
    importo = CampoEuro(
        label="Euro a rata",
        required=False,
        max_digits=8,
        help_text="Vuoto: il debito si divide in parti uguali. L'ultima rata prende il resto.",
    )

    def clean_importo(self) -> Decimal | None:
        importo = self.cleaned_data["importo"]
        return None if importo is None else _maggiore_di_zero(importo)


class RataForm(forms.Form):
    scade_il = CampoGiorno(label="Scade il")
    importo = CampoEuro(label="Importo, in euro", max_digits=8)
    pagata_il = CampoGiorno(label="Pagata il", required=False, help_text="Vuoto: da pagare.")
    controllata_il = CampoGiorno(
        label="Controllata il",
        required=False,
        help_text="Quando si è chiesto al creditore se è pagata.",
    )

    def clean_importo(self) -> Decimal:
        return _maggiore_di_zero(self.cleaned_data["importo"])

    @staticmethod
    def iniziali(rata: Rata) -> dict:
        """Ciò che il modulo mostra di `rata`."""
        return {nome: getattr(rata, nome) for nome in RataForm.base_fields}


class FinePianoForm(forms.Form):
    """Com'è finito; si propone ciò che dicono le rate, e chi dice altro scrive perché."""

    giorno = CampoGiorno(label="Finito il")
    esito = forms.ChoiceField(
        label="Com'è finito",
        widget=forms.RadioSelect,
        choices=[(PIANO_RISPETTATO, "Rispettato"), (PIANO_INTERROTTO, "Interrotto")],
        error_messages={"required": "Scegli com'è finito."},
    )
    motivo = forms.CharField(
        label="Perché",
        max_length=300,
        required=False,
        help_text="Serve se si è interrotto, o se è finito diversamente da come dicono le rate."
        " Senza diagnosi.",
    )


def _maggiore_di_zero(importo: Decimal) -> Decimal:
    if importo <= 0:
        raise forms.ValidationError(MAGGIORE_DI_ZERO)
    return importo
