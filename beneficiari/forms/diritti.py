"""I moduli delle richieste di una persona sui propri dati: raccoglierle, rispondere, togliere."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari.models import Beneficiario, Limitazione, RichiestaInteressato
from beneficiari.models.diritti import GIORNI_DI_PROROGA
from registro.comune.moduli import CampoGiorno, FiltriForm


Tipo = RichiestaInteressato.Tipo
Campo = RichiestaInteressato.Campo
Presenta = RichiestaInteressato.Presenta
# Che cosa vuol dire ciascuna, con le parole che si usano allo sportello.
IN_PAROLE = {
    Tipo.ACCESSO: "Sapere quali dati abbiamo, a chi li diamo, chi li ha letti; e averne copia",
    Tipo.PORTABILITA: "Una copia in un file, da portare a un altro servizio",
    Tipo.RETTIFICA: "Correggere un dato sbagliato o aggiungere ciò che manca",
    Tipo.LIMITAZIONE: "Fermare l'uso dei dati senza cancellarli",
    Tipo.OPPOSIZIONE: "Dire di no a un uso dei dati",
    Tipo.CANCELLAZIONE: "Cancellare i dati",
}
# Campo → quando serve: gli altri, finché non si sceglie, la pagina non li mostra.
SOLO_CON = {
    "campo": f"tipo={Tipo.RETTIFICA}",
    "valore_proposto": f"tipo={Tipo.RETTIFICA}",
    "finalita": f"tipo={Tipo.OPPOSIZIONE}",
    "nome_rappresentante": f"presentata_da={Presenta.RAPPRESENTANTE}",
}
# Il campo a cui appartiene la frase di un vincolo del database.
CAMPO_DEL_VINCOLO = {
    "richiesta_uguale_una_alla_volta": "tipo",
    "richiesta_di_rettifica_dice_che_cosa": "valore_proposto",
    "richiesta_di_opposizione_dice_a_che_cosa": "finalita",
    "richiesta_di_altri_col_nome": "nome_rappresentante",
    "richiesta_non_futura": "chiesta_il",
}
OBBLIGATORI = {
    "canale": "Scegli come l'ha chiesto.",
    "presentata_da": "Scegli chi la presenta.",
    "identita": "Scegli come sai chi è.",
}


class RichiestaForm(forms.ModelForm):
    """Ciò che si scrive allo sportello. I campi in più servono solo a correzioni e opposizioni."""

    tipo = forms.ChoiceField(
        label="Che cosa chiede",
        choices=[(tipo.value, parole) for tipo, parole in IN_PAROLE.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli che cosa chiede la persona."},
    )
    chiesta_il = CampoGiorno(
        label="Quando l'ha chiesto",
        initial=timezone.localdate,
        help_text="Il mese per rispondere comincia quel giorno.",
    )
    presso_tutti = forms.BooleanField(
        label="Vale per tutti gli enti che trattano i suoi dati",
        required=False,
        initial=True,
        help_text="Arriva subito a chi altro li tratta, se c'è. Chi altro li tratti qui non si vede.",
    )

    class Meta:
        model = RichiestaInteressato
        fields = (
            *("tipo", "campo", "valore_proposto", "finalita", "che_cosa", "chiesta_il", "canale"),
            *("presentata_da", "nome_rappresentante", "identita", "nota_identita", "presso_tutti"),
        )
        widgets = {
            "che_cosa": forms.Textarea({"rows": 3}),
            "canale": forms.RadioSelect,
            "presentata_da": forms.RadioSelect,
            "identita": forms.RadioSelect,
        }
        labels = {
            "campo": "Quale dato è sbagliato",
            "valore_proposto": "Come va scritto",
            "finalita": "A quale uso si oppone",
            "canale": "Come l'ha chiesto",
            "identita": "Come sai chi è",
        }
        help_texts = {
            "campo": "Solo per una correzione.",
            "valore_proposto": "Solo per una correzione. Una data come 31/12/1990.",
            "finalita": "Solo per un'opposizione.",
            "che_cosa": "Senza diagnosi. Se vale per tutti, lo leggono tutti quelli a cui arriva.",
            "nome_rappresentante": "Nome e titolo: genitore, tutore, avvocato. Se vale per tutti, lo leggono anche gli altri.",
            "nota_identita": "Per esempio «carta d'identità»; mai il numero. Resta al tuo ente.",
        }

    def __init__(self, *args, persona: Beneficiario | None, **kwargs):
        super().__init__(*args, **kwargs)
        for nome, manca in OBBLIGATORI.items():
            campo = self.fields[nome]
            campo.choices = [(valore, parole) for valore, parole in campo.choices if valore]
            campo.error_messages["required"] = manca
        for nome, quando in SOLO_CON.items():
            self.fields[nome].widget.attrs["data-solo-con"] = quando
        for nome in ("campo", "finalita"):
            self.fields[nome].choices = [("", "Scegli"), *self.fields[nome].choices[1:]]
        if persona is None:
            # Chi la conosce solo da una condivisione porta la richiesta a chi tiene i dati.
            del self.fields["presso_tutti"]
        if persona is None or not persona.anonimo:
            self._togli_identita(RichiestaInteressato.Identita.CODICE)

    def clean(self) -> dict:
        """Di ciò che non serve al tipo scelto non resta niente; ciò che serve c'è."""
        dati = super().clean()
        tipo = dati.get("tipo")
        if tipo != Tipo.RETTIFICA:
            dati["campo"] = dati["valore_proposto"] = ""
        elif not dati.get("campo"):
            self.add_error("campo", "Di' quale dato è sbagliato.")
        elif dati["campo"] != Campo.ALTRO and not dati.get("valore_proposto"):
            self.add_error("valore_proposto", "Scrivi come va corretto.")
        elif dati["campo"] == Campo.ALTRO and not dati.get("che_cosa"):
            self.add_error("che_cosa", "Scrivi che cosa va corretto, e come.")
        if tipo != Tipo.OPPOSIZIONE:
            dati["finalita"] = ""
        elif not dati.get("finalita"):
            self.add_error("finalita", "Di' a quale uso si oppone.")
        if dati.get("presentata_da") == Presenta.PERSONA:
            dati["nome_rappresentante"] = ""
        return dati

    def rifiutata_dal_database(self, errore: ValidationError) -> None:
        """Mette la frase del database accanto al campo di cui parla."""
        self.add_error(CAMPO_DEL_VINCOLO.get(getattr(errore, "code", "")), errore)

    def _post_clean(self) -> None:
        # I vincoli li dice il database, con ciò che qui non si sa: persona, ente, scadenza.
        pass

    def _togli_identita(self, valore: str) -> None:
        scelte = self.fields["identita"].choices
        self.fields["identita"].choices = [voce for voce in scelte if voce[0] != valore]


class RispostaForm(forms.Form):
    """Accogliere: che cosa si dice alla persona e, dove serve, che cosa si scrive."""

    risposta = forms.CharField(
        label="Che cosa rispondete alla persona",
        max_length=3000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Parole semplici: la legge o la sente dire. Resta nella richiesta.",
        error_messages={"required": "Scrivi che cosa rispondete alla persona."},
    )

    def __init__(self, *args, richiesta: RichiestaInteressato, **kwargs):
        super().__init__(*args, **kwargs)
        if richiesta.tipo == Tipo.RETTIFICA and richiesta.campo != Campo.ALTRO:
            self.fields["valore"] = _campo_del_valore(richiesta)
        if richiesta.tipo == Tipo.LIMITAZIONE:
            self.fields["motivo"] = forms.ChoiceField(
                label="Perché si limita",
                choices=Limitazione.Motivo.choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Scegli perché."},
            )
        if richiesta.tipo == Tipo.CANCELLAZIONE:
            self.fields["certo"] = forms.BooleanField(
                label="Ho capito che non si torna indietro",
                error_messages={"required": "Conferma: ciò che si cancella non si recupera."},
            )

    @property
    def come(self) -> dict:
        """Gli argomenti di `accogli`, oltre alla richiesta; ha senso dopo `is_valid()`."""
        return {nome: valore for nome, valore in self.cleaned_data.items() if nome != "certo"}


class RifiutoDiRichiestaForm(forms.Form):
    motivo = forms.ChoiceField(
        label="Perché",
        choices=RichiestaInteressato.Rifiuto.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli il motivo della legge."},
    )
    risposta = forms.CharField(
        label="Come lo dite alla persona",
        max_length=3000,
        widget=forms.Textarea({"rows": 4}),
        help_text="Parole semplici: perché no, e che cosa può fare.",
        error_messages={"required": "Scrivi perché: la persona ha diritto di saperlo."},
    )


class ProrogaForm(forms.Form):
    motivo = forms.CharField(
        label="Perché serve altro tempo",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=(
            f"Si hanno altri {GIORNI_DI_PROROGA.days} giorni, una volta sola, se la richiesta è"
            " complessa o le richieste sono molte. Alla persona va detto entro il primo mese."
        ),
        error_messages={"required": "Scrivi perché: alla persona va detto."},
    )


class TogliLimitazioneForm(forms.Form):
    avvisata_il = CampoGiorno(
        label="Quando l'avete detto alla persona",
        initial=timezone.localdate,
        help_text="Si dice prima di togliere la limitazione, a voce o per scritto.",
    )
    perche = forms.CharField(
        label="Perché si toglie",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Scrivi perché si toglie."},
    )


class FiltriRichiesteForm(FiltriForm):
    """Quali richieste guardare."""

    APERTE, CHIUSE = "aperte", "chiuse"

    stato = forms.ChoiceField(
        label="Stato",
        choices=[("", "Tutte"), (APERTE, "Da rispondere"), (CHIUSE, "Chiuse")],
        required=False,
    )
    tipo = forms.ChoiceField(
        label="Che cosa chiede", choices=[("", "Tutto"), *Tipo.choices], required=False
    )

    def applica(self, richieste):
        scelti = self.in_uso
        if "tipo" in scelti:
            richieste = richieste.filter(tipo=scelti["tipo"])
        if scelti.get("stato") == self.APERTE:
            return richieste.aperte()
        return richieste.exclude(stato="aperta") if "stato" in scelti else richieste


def _campo_del_valore(richiesta: RichiestaInteressato) -> forms.Field:
    """Il campo del modello che si corregge, con ciò che la persona ha proposto."""
    modello = Beneficiario._meta.get_field(richiesta.campo)
    opzioni = {
        "label": f"Come si scrive: {richiesta.get_campo_display()}",
        "initial": richiesta.valore_proposto,
        "help_text": "Ciò che c'è ora resta nella storia della persona.",
    }
    if richiesta.campo == Campo.DATA_NASCITA:
        giorno = CampoGiorno(**opzioni)
        giorno.initial = _giorno(richiesta.valore_proposto)
        return giorno
    return forms.CharField(max_length=modello.max_length, required=False, **opzioni)


def _giorno(testo: str):
    """La data proposta, se si capisce; altrimenti None, e la si scrive."""
    try:
        return forms.DateField(input_formats=["%d/%m/%Y", "%Y-%m-%d"]).clean(testo)
    except ValidationError:
        return None
