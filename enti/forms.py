"""Accesso, scelta dell'ente, filtri dell'elenco."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.db.models import F

from enti.models import Appartenenza, Ente, EnteQuerySet, Nodo
from registro.comune.ricerca import FormaNormale


# Ciò che l'indirizzo può chiedere e la colonna che ordina; col meno davanti, al contrario.
ORDINAMENTI = {
    "nome": FormaNormale("denominazione"),
    "ruolo": "ruolo",
    "natura": "natura",
    "nodo": "nodo__parte",
}


class AccessoForm(AuthenticationForm):
    """Posta elettronica e password. La risposta a un errore è la stessa per ogni causa: un account
    che non c'è, chiuso o con un'altra password non si distinguono, nemmeno dal tempo."""

    error_messages = {
        "invalid_login": (
            "La posta elettronica o la password non sono giuste. Ricontrollale: nella password"
            " maiuscole e minuscole contano. Se non ricordi la password, chiedi al referente del"
            " tuo ente."
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        posta = self.fields["username"]
        posta.label = "Posta elettronica"
        posta.error_messages["required"] = "Scrivi la tua posta elettronica."
        posta.widget = forms.EmailInput(
            attrs={"autocomplete": "username", "maxlength": posta.max_length}
        )
        self.fields["password"].error_messages["required"] = "Scrivi la password."
        # Il riquadro degli errori prende il fuoco da sé: due `autofocus` se lo contenderebbero.
        for campo in self.fields.values():
            campo.widget.attrs.pop("autofocus", None)

    def get_invalid_login_error(self) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages["invalid_login"], code="invalid_login")


class SceltaEnteForm(forms.Form):
    """L'ente per cui agire, fra quelli a cui si appartiene oggi."""

    ente = forms.ChoiceField(
        error_messages={
            "required": "Scegli l'ente per cui vuoi lavorare.",
            "invalid_choice": "Non fai più parte di quell'ente: scegline un altro.",
        }
    )

    def __init__(self, *args, appartenenze: list[Appartenenza], **kwargs):
        super().__init__(*args, **kwargs)
        self._per_uuid = {str(voce.ente.uuid): voce for voce in appartenenze}
        self.fields["ente"].choices = [
            (uuid, voce.ente.denominazione) for uuid, voce in self._per_uuid.items()
        ]

    @property
    def appartenenza(self) -> Appartenenza:
        """L'appartenenza scelta; ha senso solo dopo `is_valid()`."""
        return self._per_uuid[self.cleaned_data["ente"]]


class FiltriEntiForm(forms.Form):
    """I filtri dell'elenco: leggono l'indirizzo e restringono un queryset già visibile.

    Un valore che non esiste si ignora: un indirizzo vecchio mostra l'elenco, non un errore.
    """

    TUTTI = "tutti"

    testo = forms.CharField(
        label="Nome o comune",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    mostra = forms.ChoiceField(
        label="Mostra",
        required=False,
        choices=[("", "Solo la rete"), (TUTTI, "Anche chi le sta intorno")],
    )
    nodo = forms.ModelChoiceField(
        Nodo.objects.none(), required=False, to_field_name="slug", empty_label="Tutti i nodi"
    )
    asse = forms.ChoiceField(label="Asse", required=False)
    natura = forms.ChoiceField(
        label="Natura", required=False, choices=[("", "Tutte"), *Ente.Natura.choices]
    )
    ruolo = forms.ChoiceField(
        label="Ruolo nella rete",
        required=False,
        choices=[("", "Tutti"), *Ente.RuoloNellaRete.choices],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nodo"].queryset = Nodo.objects.order_by("parte", "slug")
        self.fields["asse"].choices = [
            ("", "Tutti gli assi"),
            *Ente.objects.assi_in_cui_lavorano(),
        ]

    @property
    def in_uso(self) -> dict:
        """I filtri che restringono davvero: nome del campo e valore."""
        self.is_valid()
        return {nome: valore for nome, valore in self.cleaned_data.items() if valore}

    def applica(self, enti: EnteQuerySet) -> EnteQuerySet:
        """Restringe `enti` ai filtri; se non si chiede altro, ai soli enti della rete.

        Chi sceglie un ruolo ha già detto chi cerca, anche fuori dalla rete del progetto.
        """
        scelti = self.in_uso
        if scelti.get("mostra") != self.TUTTI and "ruolo" not in scelti:
            enti = enti.della_rete()
        if testo := scelti.get("testo"):
            enti = enti.che_rispondono_a(testo)
        if asse := scelti.get("asse"):
            enti = enti.sull_asse(asse)
        esatti = {nome: scelti[nome] for nome in ("nodo", "natura", "ruolo") if nome in scelti}
        return enti.filter(**esatti)


def ordina(enti: EnteQuerySet, chiave: str) -> EnteQuerySet:
    """Ordina per una chiave di `ORDINAMENTI`, al contrario col meno davanti; altrimenti per nome."""
    nome = chiave.removeprefix("-")
    if nome not in ORDINAMENTI or nome == chiave == "nome":
        return enti.per_denominazione()
    campo = ORDINAMENTI[nome]
    campo = F(campo) if isinstance(campo, str) else campo
    verso = campo.desc(nulls_last=True) if chiave.startswith("-") else campo.asc(nulls_last=True)
    return enti.order_by(verso, FormaNormale("denominazione"), "pk")
