"""I moduli di una pratica per la casa: aprirla, segnarne un passo, dire che cosa se n'è ottenuto."""

from django import forms

from assi.models import TipoDiEsito
from prestazioni.codici import CON_IMPORTO, ESITI_DI_PRATICA, PASSI_DI_PRATICA
from prestazioni.forms.percorsi import CampoEuro
from prestazioni.models import PassoDiPratica, PraticaCasa
from registro.comune.moduli import CampoGiorno


class ModificaPraticaForm(forms.Form):
    presso = forms.CharField(
        label="Presso", max_length=120, required=False, help_text="Il comune, l'ATC, il tribunale."
    )
    aperta_il = CampoGiorno(label="Aperta il")

    @staticmethod
    def iniziali(pratica: PraticaCasa) -> dict:
        """Ciò che il modulo mostra di `pratica`."""
        return {"presso": pratica.presso, "aperta_il": pratica.aperta_il}


class PraticaForm(ModificaPraticaForm):
    tipo = forms.ChoiceField(
        label="Che pratica è",
        choices=[("", "Scegli"), *PraticaCasa.Tipo.choices],
        error_messages={"required": "Scegli che pratica è."},
    )

    field_order = ("tipo", "presso", "aperta_il")


class PassoForm(forms.Form):
    passo = forms.ChoiceField(
        label="Passo", error_messages={"required": "Scegli quale passo si è fatto."}
    )
    giorno = CampoGiorno(label="Quando")
    note = forms.CharField(
        label="Note", max_length=300, required=False, help_text="Senza diagnosi né nomi."
    )

    def __init__(self, *args, pratica: PraticaCasa, **kwargs):
        super().__init__(*args, **kwargs)
        suoi = PASSI_DI_PRATICA[pratica.tipo]
        scelte = [(passo, PassoDiPratica.Passo(passo).label) for passo in suoi]
        self.fields["passo"].choices = [("", "Scegli"), *scelte]


class EsitoDiPraticaForm(forms.Form):
    """Che cosa se n'è ottenuto, e se la pratica finisce."""

    esito = forms.ChoiceField(label="Che cosa si è ottenuto", required=False)
    giorno = CampoGiorno(label="Quando")
    importo = CampoEuro(label="Euro ottenuti", required=False)
    prova = forms.CharField(
        label="Con che cosa si prova",
        max_length=200,
        required=False,
        help_text="L'atto, l'assegnazione, il provvedimento.",
    )
    finisce = forms.BooleanField(label="La pratica finisce qui", required=False, initial=True)

    def __init__(self, *args, pratica: PraticaCasa, **kwargs):
        super().__init__(*args, **kwargs)
        codici = ESITI_DI_PRATICA[pratica.tipo]
        tipi = TipoDiEsito.objects.filter(codice__in=codici).in_ordine()
        nomi = [(tipo.codice, tipo.nome) for tipo in tipi]
        self.fields["esito"].choices = [("", "Niente: solo la pratica che finisce"), *nomi]
        if not CON_IMPORTO.intersection(codici):
            del self.fields["importo"]
