"""I moduli dell'agenda: un appuntamento, e ciò che manca per registrarlo."""

from datetime import datetime
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assi.models import Azione, Servizio
from beneficiari.models import PresaInCarico
from enti.permessi import Attore
from prestazioni.azioni.agenda import Impegno
from prestazioni.forms.campi import (
    CampoAzioneDellEnte,
    CampoServizio,
    minuti_in_parole,
    minuti_scritti,
)
from prestazioni.models import Appuntamento, Modo
from prestazioni.models.proposte import Candidata
from registro.comune.moduli import CampoGiorno


AIUTO_DURATA = "Come viene: 1h30, 90', 1,5."
NON_SEGUITA = "La persona non ha una presa in carico aperta per questa azione."
CAMPO_DEL_VINCOLO = {"appuntamento_durata": "durata", "riservato": "luogo"}


class CampoServizioInElenco(CampoServizio):
    """Un servizio scelto da una tendina, anche nessuno."""

    widget = forms.Select

    def per(self, servizi: list[Servizio]) -> None:
        super().per(servizi)
        voci = ((str(servizio.uuid), servizio.nome) for servizio in servizi)
        self.widget.choices = [("", "Non ancora detto"), *voci]


class AppuntamentoForm(forms.Form):
    """Tutto tranne la persona, che si sceglie fra le pastiglie. `persona` serve a dirne gli errori."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    persona = forms.Field(label="Con chi", required=False)
    giorno = CampoGiorno(label="Giorno")
    ora = forms.TimeField(
        label="Ora",
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={
            "required": "Scrivi a che ora.",
            "invalid": "Scrivi l'ora come 14:30.",
        },
    )
    durata = forms.CharField(
        label="Quanto dura",
        required=False,
        max_length=20,
        help_text=AIUTO_DURATA,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    modo = forms.ChoiceField(
        label="Come",
        choices=[(voce.value, voce.label.capitalize()) for voce in Modo],
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli in che modo."},
    )
    luogo = forms.CharField(
        label="Dove",
        required=False,
        max_length=100,
        help_text="Un indirizzo riservato qui non si scrive. Se è a casa e l'indirizzo è nella scheda della persona, lascia vuoto.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    servizio = CampoServizioInElenco(
        label="Che cosa farete",
        required=False,
        help_text="Con il servizio e la durata, dopo basta un tocco per registrare.",
    )
    azione = CampoAzioneDellEnte(label="Per quale azione", required=False)
    oggetto = forms.CharField(
        label="Appunto breve",
        required=False,
        max_length=200,
        help_text="Senza nomi.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, da: Attore, servizi: list[Servizio], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["servizio"].per(servizi)
        azioni = Azione.objects.di(da.ente).order_by("titolo", "pk")
        self.fields["azione"].per(list(azioni), vuota="Quella per cui è seguita")

    def clean_durata(self) -> int | None:
        scritta = self.cleaned_data["durata"].strip()
        return minuti_scritti(scritta) if scritta else None

    def clean(self) -> dict:
        dati = super().clean()
        if dati.get("giorno") and dati.get("ora"):
            quando = datetime.combine(dati["giorno"], dati["ora"])
            dati["quando"] = timezone.make_aware(quando)
        return dati

    def impegno(self, scelta: Candidata | None) -> Impegno | None:
        """L'appuntamento con la persona scelta; None, con l'errore segnato, se l'azione indicata
        non è fra quelle per cui è seguita. Il modulo è già valido."""
        dati = self.cleaned_data
        persona, presa = (
            (scelta.persona, _presa(scelta, dati["azione"])) if scelta else (None, None)
        )
        if persona and dati["azione"] and presa is None:
            self.add_error("azione", NON_SEGUITA)
            return None
        return Impegno(
            beneficiario=persona,
            presa=presa,
            minuti=dati["durata"],
            **{n: dati[n] for n in ("quando", "servizio", "modo", "luogo", "oggetto")},
        )

    def rifiutato(self, errore: ValidationError) -> None:
        """Mette la frase accanto al campo di cui parla."""
        if hasattr(errore, "error_dict"):
            self.add_error(None, errore)
        else:
            self.add_error(CAMPO_DEL_VINCOLO.get(getattr(errore, "code", "")), errore.messages)


class FattoForm(forms.Form):
    """Che cosa si è fatto e quanto è durato, se l'appuntamento non lo diceva."""

    servizio = CampoServizioInElenco(label="Che cosa hai fatto")
    durata = forms.CharField(
        label="Quanto è durato",
        required=False,
        max_length=20,
        help_text=f"{AIUTO_DURATA} Se non si sa, lascia vuoto: non entra nelle ore.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, servizi: list[Servizio], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["servizio"].per(servizi)

    clean_durata = AppuntamentoForm.clean_durata


def iniziali_nuovo(giorno) -> dict:
    """Un appuntamento da fissare per `giorno`."""
    return {"uuid": uuid4(), "giorno": giorno, "modo": Modo.PRESENZA, "durata": "1h"}


def iniziali_dell_appuntamento(appuntamento: Appuntamento) -> dict:
    """Un appuntamento già scritto, com'è nel modulo."""
    quando = timezone.localtime(appuntamento.quando)
    return {
        "uuid": appuntamento.uuid,
        "giorno": quando.date(),
        "ora": quando.time(),
        "durata": minuti_in_parole(appuntamento.minuti) if appuntamento.minuti else "",
        "servizio": str(appuntamento.servizio.uuid) if appuntamento.servizio else "",
        "azione": appuntamento.presa.azione.slug if appuntamento.presa else "",
        **{nome: getattr(appuntamento, nome) for nome in ("modo", "luogo", "oggetto")},
    }


def _presa(scelta: Candidata, azione: Azione | None) -> PresaInCarico | None:
    if azione is None:
        return scelta.presa
    return next((p for p in scelta.prese if p.aperta and p.azione_id == azione.pk), None)
