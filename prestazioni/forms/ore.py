"""I moduli delle ore: l'attività senza persone davanti, la rettifica, i mesi da firmare."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assi.models import Azione
from enti.models import Ente
from prestazioni.forms.campi import CampoAzioneDellEnte, minuti_in_parole, minuti_scritti
from prestazioni.models import AttivitaIndiretta, Rettifica
from registro.comune.fogli.forme import FormaNonCapita, durata
from registro.comune.moduli import CampoGiorno


SENZA_AZIONE = "Nessuna in particolare"
# Il campo a cui appartiene la frase con cui il database rifiuta.
CAMPO_DEL_VINCOLO = {
    "indiretta_non_futura": "giorno",
    "indiretta_giorno_verosimile": "giorno",
    "indiretta_durata": "durata",
    "mese_firmato": "giorno",
    "rettifica_di_qualcosa": "durata",
    "rettifica_con_motivo": "motivo",
}
PIU, MENO = "piu", "meno"


class _DiOreForm(forms.Form):
    """Sa a quale campo appartiene una frase del database, e offre le azioni dell'ente."""

    def __init__(self, *args, ente: Ente, **kwargs):
        super().__init__(*args, **kwargs)
        azioni = Azione.objects.di(ente).order_by("titolo", "pk")
        self.fields["azione"].per(list(azioni), vuota=SENZA_AZIONE)

    def rifiutato(self, errore: ValidationError) -> None:
        """Mette la frase accanto al campo di cui parla."""
        self.add_error(CAMPO_DEL_VINCOLO.get(getattr(errore, "code", "")), errore.messages)


class IndirettaForm(_DiOreForm):
    """Una riga: che cosa, per quale azione, in che giorno, quanto."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    tipo = forms.ChoiceField(
        label="Che cosa",
        choices=[(voce.value, voce.label.capitalize()) for voce in AttivitaIndiretta.Tipo],
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli che cosa hai fatto."},
    )
    azione = CampoAzioneDellEnte(label="Per quale azione", required=False)
    giorno = CampoGiorno(label="Giorno")
    durata = forms.CharField(
        label="Quanto",
        max_length=20,
        help_text="Come viene: 1h30, 90', 1,5.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Scrivi quanto è durata."},
    )
    descrizione = forms.CharField(
        label="Descrizione",
        required=False,
        max_length=200,
        help_text="In due parole, senza nomi di persone: la legge tutto l'ente.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_durata(self) -> int:
        return minuti_scritti(self.cleaned_data["durata"])

    def campi(self) -> dict:
        """I valori per `registra_indiretta` e `correggi_indiretta`, senza l'uuid."""
        dati = self.cleaned_data
        return {
            "minuti": dati["durata"],
            **{nome: dati[nome] for nome in ("tipo", "azione", "giorno", "descrizione")},
        }


class RettificaForm(_DiOreForm):
    """Quanto in più o in meno, per quale azione, perché."""

    verso = forms.ChoiceField(
        label="Si aggiunge o si toglie",
        choices=[(PIU, "Ore in più"), (MENO, "Ore in meno")],
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli se aggiungere o togliere."},
    )
    durata = forms.CharField(
        label="Quanto",
        max_length=20,
        help_text="Come viene: 1h30, 90', 1,5.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Scrivi di quanto."},
    )
    azione = CampoAzioneDellEnte(label="Per quale azione", required=False)
    motivo = forms.CharField(
        label="Perché",
        min_length=10,
        max_length=300,
        help_text="Senza nomi di persone: esce nel foglio per chi finanzia.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": Rettifica._meta.constraints[1].violation_error_message,
            "min_length": Rettifica._meta.constraints[1].violation_error_message,
        },
    )

    def clean_durata(self) -> int:
        # Può passare le ventiquattr'ore: è di un mese, non di un giorno.
        scritto = self.cleaned_data["durata"].strip()
        if scritto.isdecimal():
            raise ValidationError(
                f"«{scritto}» sono ore o minuti? Scrivi {scritto}h o {scritto}'."
            )
        try:
            return durata(scritto, unita="ore")
        except FormaNonCapita as errore:
            raise ValidationError(errore.frase) from None

    def clean(self) -> dict:
        dati = super().clean()
        if dati.get("durata") is not None and dati.get("verso"):
            dati["minuti"] = -dati["durata"] if dati["verso"] == MENO else dati["durata"]
        return dati

    def campi(self) -> dict:
        """I valori per `rettifica`."""
        dati = self.cleaned_data
        return {nome: dati[nome] for nome in ("azione", "minuti", "motivo")}


class MesiForm(forms.Form):
    """Quali mesi si firmano: ogni voce è un mese di un operatore."""

    mesi = forms.MultipleChoiceField(
        label="Mesi da firmare",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Scegli almeno un mese.",
            "invalid_choice": "Uno dei mesi scelti intanto è stato firmato: scegli di nuovo.",
        },
    )


def iniziali_nuova() -> dict:
    """Un'attività da scrivere: oggi, con un identificativo nuovo."""
    return {"uuid": uuid4(), "giorno": timezone.localdate()}


def iniziali_dell_attivita(attivita: AttivitaIndiretta) -> dict:
    """Un'attività già scritta, com'è nel modulo."""
    return {
        "uuid": attivita.uuid,
        "tipo": attivita.tipo,
        "azione": attivita.azione.slug if attivita.azione else "",
        "giorno": attivita.giorno,
        "durata": minuti_in_parole(attivita.minuti),
        "descrizione": attivita.descrizione,
    }
