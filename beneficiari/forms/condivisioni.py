"""Condividere una persona: con chi, quanto, perché, fino a quando."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari.forms.consensi import enti_con_accordo
from beneficiari.models import Beneficiario, Consenso
from enti.models import Ente
from privacy.gruppi import FINALITA_CONDIVISE, Gruppo, Livello
from registro.comune.moduli import CampoGiorno, CampoScelta
from registro.comune.templatetags.testo import data_breve


CAMPO_DEL_VINCOLO = {
    "autorizzazione_gruppi_del_livello": "gruppi",
    "autorizzazione_di_chi_li_vede": "gruppi",
    "autorizzazione_date_in_ordine": "al",
    "autorizzazione_nell_accordo": "al",
    "autorizzazione_nel_consenso": "al",
    "autorizzazione_con_accordo": "finalita",
}
SEI_MESI = timedelta(days=182)


def _fra_sei_mesi():
    return timezone.localdate() + SEI_MESI


class CondivisioneForm(forms.Form):
    """Se regge lo dice il database: qui si controlla solo che ci sia tutto."""

    DA_SE = "da-se"

    destinatario = CampoScelta(
        Ente.objects.none(),
        label="Con quale ente",
        to_field_name="slug",
        empty_label="Scegli un ente",
        help_text="Quelli con cui c'è un accordo di contitolarità in vigore.",
        error_messages={"required": "Scegli l'ente con cui condividere."},
    )
    finalita = forms.ChoiceField(
        label="Per che cosa",
        choices=[(voce.value, voce.label) for voce in FINALITA_CONDIVISE],
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli per quale finalità."},
    )
    livello = forms.ChoiceField(
        label="Quanto vedrà",
        choices=Livello.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli quanto vedrà."},
    )
    gruppi = forms.MultipleChoiceField(
        label="Quali dati",
        choices=Gruppo.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "Per «solo che è seguita» non servono. Una sintesi riassume prese in carico e bisogni."
            " Per intero comprende sempre l'anagrafica."
        ),
    )
    dal = CampoGiorno(label="Dal", initial=timezone.localdate)
    al = CampoGiorno(label="Al", initial=_fra_sei_mesi)
    poggia_su = forms.ChoiceField(
        label="Su che cosa poggia",
        help_text="Di solito lo trova il Registro: la base di legge, se basta, o il consenso.",
    )

    segna_facoltativi = False

    def __init__(self, *args, persona: Beneficiario, ente: Ente, **kwargs):
        super().__init__(*args, **kwargs)
        validi = Consenso.objects.filter(ente=ente, beneficiario=persona).validi()
        self._consensi = {str(voce.uuid): voce for voce in validi.order_by("-dato_il", "-pk")}
        self.fields["destinatario"].queryset = enti_con_accordo(ente)
        self.fields["poggia_su"].choices = [
            (self.DA_SE, "Lo trova il Registro"),
            *((uuid, _in_parole(voce)) for uuid, voce in self._consensi.items()),
        ]

    @property
    def campi(self) -> dict:
        """Ciò che chiede `concedi`; ha senso solo dopo `is_valid()`."""
        scritti = dict(self.cleaned_data)
        scritti["consenso"] = self._consensi.get(scritti.pop("poggia_su"))
        return scritti

    @property
    def nascosti(self) -> list[tuple[str, str]]:
        """I valori scritti, per ripeterli nella pagina che chiede conferma."""
        return [(nome, valore) for nome in self.fields for valore in self.data.getlist(nome)]

    def rifiutata_dal_database(self, errore: ValidationError) -> None:
        """Mette la frase del database accanto al campo di cui parla."""
        self.add_error(CAMPO_DEL_VINCOLO.get(getattr(errore, "code", "")), errore)


def _in_parole(consenso: Consenso) -> str:
    fine = (
        f"fino al {data_breve(consenso.valido_fino_al)}"
        if consenso.valido_fino_al
        else "finché non lo revoca"
    )
    return f"Consenso del {data_breve(consenso.dato_il)}, {fine}"
