"""Raccogliere un consenso: ciò che l'informativa permette di chiedere, e nient'altro."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from beneficiari.models import Beneficiario, Consenso, diciottesimo
from enti.models import Ente
from privacy.gruppi import Finalita, Gruppo
from privacy.models import AccordoContitolarita, Informativa, ParteDiAccordo
from registro.comune.moduli import CampoGiorno, CampoScelte


# Il campo a cui appartiene la frase di un vincolo del database.
CAMPO_DEL_VINCOLO = {
    "consenso_a_voce_con_testimone": "testimone",
    "consenso_di_altri_con_titolo": "titolo_firmatario",
    "consenso_di_un_minore": "firmatario",
    "consenso_date_in_ordine": "valido_fino_al",
    "consenso_su_informativa_in_uso": "dato_il",
    "consenso_non_futuro": "dato_il",
    "consenso_nell_informativa": "gruppi",
}


def enti_con_accordo(ente: Ente) -> QuerySet[Ente]:
    """Gli altri enti attivi con cui `ente` ha un accordo in vigore: solo con loro si condivide."""
    comuni = AccordoContitolarita.objects.in_vigore().filter(parti__ente=ente)
    parti = ParteDiAccordo.objects.filter(accordo__in=comuni).values("ente")
    return Ente.objects.attivi().filter(pk__in=parti).exclude(pk=ente.pk).per_denominazione()


class ConsensoForm(forms.Form):
    """Che cosa dice la persona, e come. Chi rifiuta può non scegliere niente: rifiuta tutto."""

    RETE, ALCUNI = "rete", "alcuni"

    finalita = forms.MultipleChoiceField(
        label="Per che cosa",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Solo ciò di cui parla l'informativa.",
    )
    gruppi = forms.MultipleChoiceField(
        label="Quali dati",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Senza «anagrafica» si può dire solo che è seguita, o dare una sintesi.",
    )
    a_chi = forms.ChoiceField(
        label="A quali enti",
        choices=[(RETE, "A tutti gli enti della rete"), (ALCUNI, "Solo a questi")],
        required=False,
        widget=forms.RadioSelect,
    )
    destinatari = CampoScelte(
        Ente.objects.none(),
        label="Enti",
        required=False,
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        help_text="Quelli con cui c'è un accordo di contitolarità in vigore.",
    )
    canale = forms.ChoiceField(
        label="Come lo ha detto",
        choices=Consenso.Canale.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli come la persona lo ha detto."},
    )
    testimone = forms.CharField(
        max_length=100, required=False, help_text="Serve se lo ha detto a voce: chi ha ascoltato."
    )
    firmatario = forms.ChoiceField(
        label="Chi lo ha detto",
        choices=Consenso.Firmatario.choices,
        initial=Consenso.Firmatario.PERSONA,
        widget=forms.RadioSelect,
    )
    nome_firmatario = forms.CharField(
        label="Nome di chi ha firmato", max_length=150, required=False
    )
    titolo_firmatario = forms.CharField(
        label="Documento che prova il suo ruolo",
        max_length=200,
        required=False,
        help_text="Per esempio: decreto di tutela, stato di famiglia. Serve se non è la persona.",
    )
    dato_il = CampoGiorno(label="Giorno", initial=timezone.localdate)
    valido_fino_al = CampoGiorno(
        label="Valido fino al", required=False, help_text="Vuoto: finché non lo revoca."
    )

    segna_facoltativi = False

    def __init__(
        self,
        *args,
        informativa: Informativa,
        persona: Beneficiario,
        esito: str | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self._informativa, self._esito = informativa, esito
        self.fields["finalita"].choices = _fra(Finalita, informativa.finalita)
        self.fields["gruppi"].choices = _fra(Gruppo, informativa.gruppi)
        self.fields["destinatari"].queryset = enti_con_accordo(informativa.ente)
        diventa_adulta = diciottesimo(persona)
        if diventa_adulta and diventa_adulta > timezone.localdate():
            self.fields["firmatario"].initial = Consenso.Firmatario.GENITORE

    def clean(self) -> dict:
        dati = super().clean()
        if self._esito == Consenso.Esito.RIFIUTATO:
            dati["finalita"] = dati.get("finalita") or list(self._informativa.finalita)
            dati["gruppi"] = dati.get("gruppi") or list(self._informativa.gruppi)
            return dati
        for campo, frase in (
            ("finalita", "Scegli almeno una finalità."),
            ("gruppi", "Scegli almeno un gruppo di dati."),
            ("a_chi", "Scegli a quali enti."),
        ):
            if campo not in self.errors and not dati.get(campo):
                self.add_error(campo, frase)
        if dati.get("a_chi") == self.ALCUNI and not dati.get("destinatari"):
            self.add_error("destinatari", "Scegli almeno un ente.")
        return dati

    @property
    def campi(self) -> dict:
        """Ciò che chiede `raccogli_consenso`; ha senso solo dopo `is_valid()`."""
        scritti = dict(self.cleaned_data)
        a_chi, scelti = scritti.pop("a_chi"), scritti.pop("destinatari")
        presta = self._esito == Consenso.Esito.PRESTATO
        scritti["tutta_la_rete"] = presta and a_chi == self.RETE
        scritti["destinatari"] = list(scelti) if presta and a_chi == self.ALCUNI else []
        return scritti

    def rifiutato_dal_database(self, errore: ValidationError) -> None:
        """Mette la frase del database accanto al campo di cui parla."""
        self.add_error(CAMPO_DEL_VINCOLO.get(getattr(errore, "code", "")), errore)


def _fra(scelte: type, ammesse: list[str]) -> list[tuple[str, str]]:
    return [(voce.value, voce.label) for voce in scelte if voce.value in ammesse]
