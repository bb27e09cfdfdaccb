"""Il modulo di «Registra»: che cosa si è fatto, quando, quanto, come, e gli appunti."""

from datetime import date, timedelta
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from assi.models import Azione, Servizio
from beneficiari.forms.casi import chi_lavora_qui
from beneficiari.models import PresaInCarico
from enti.permessi import Attore
from prestazioni.azioni.registra import UGUALE
from prestazioni.forms.campi import (
    CampoAzioneDellEnte,
    CampoColleghi,
    CampoServizio,
    minuti_in_parole,
    minuti_scritti,
    quantita_scritta,
)
from prestazioni.models import PRIMO_GIORNO, Modo, Prestazione
from prestazioni.models.proposte import UNITA_DI_TEMPO, Ultime
from registro.comune.fogli.forme import FormaNonCapita, decimale
from registro.comune.moduli import CampoGiorno


DURATE = (15, 30, 45, 60, 90)
ALTRO = "altro"
ERA_CHIUSA = "partecipazione_prima_della_chiusura"
# Il campo a cui appartiene la frase con cui il database, o chi scrive la riga, rifiuta.
CAMPO_DEL_VINCOLO = {
    UGUALE: "persona",
    "prestazione_non_futura": "quando",
    "prestazione_giorno_verosimile": "quando",
    "prestazione_servizio_in_uso": "servizio",
    "prestazione_durata": "durata",
    "prestazione_quantita": "quantita",
    "prestazione_senza_nome": "senza_nome",
    "prestazione_valore": "valore",
    "mese_firmato": "quando",
    "partecipazione_dopo_l_apertura": "quando",
    ERA_CHIUSA: "quando",
    "affiancamento_di_un_altro": "affiancano",
    "presa_una_aperta_per_persona": "azione_nuova",
}


class RegistraForm(forms.Form):
    """Tutto tranne le persone, che stanno in `forms/chi.py`. `persona` serve a dirne gli errori."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    versione = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    persona = forms.Field(label="Chi", required=False)
    azione_nuova = CampoAzioneDellEnte(label="Per quale azione", required=False)
    canale = forms.ChoiceField(
        label="Come è arrivata",
        required=False,
        choices=[("", "Scegli"), *PresaInCarico.Canale.choices],
    )
    senza_nome = forms.IntegerField(
        label="Persone senza nome",
        required=False,
        min_value=1,
        max_value=5000,
        help_text="Quante ce n'erano oltre a quelle segnate qui sopra.",
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"),
            "Le persone senza nome vanno da 1 a 5.000; se non ce n'erano, lascia vuoto.",
        ),
    )
    servizio = CampoServizio(label="Che cosa")
    quando = forms.CharField(
        label="Quando",
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli in che giorno."},
    )
    giorno = CampoGiorno(label="Quale giorno", required=False)
    durata = forms.CharField(label="Quanti minuti", required=False, widget=forms.RadioSelect)
    durata_scritta = forms.CharField(
        label="Quanto",
        required=False,
        max_length=20,
        help_text="Come viene: 1h30, 90', 1,5.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    modo = forms.ChoiceField(
        label="Come",
        choices=Modo.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli in che modo."},
    )
    quantita = forms.CharField(
        label="Quantità",
        required=False,
        max_length=40,
        help_text="Nell'unità del servizio. Se non si sa, lascia vuoto.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    nota = forms.CharField(
        label="Appunto riservato",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Lo legge chi segue queste persone, il referente e tu. Non esce dall'ente.",
    )
    ora = forms.TimeField(
        label="A che ora",
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Scrivi l'ora come 14:30."},
    )
    luogo = forms.CharField(label="Dove", required=False, max_length=100)
    oggetto = forms.CharField(
        label="Titolo dell'incontro",
        required=False,
        max_length=200,
        help_text="Senza nomi: lo legge tutto l'ente.",
    )
    affiancano = CampoColleghi(label="Con chi dei colleghi", required=False)
    valore = forms.CharField(
        label="Valore non monetario, in euro",
        required=False,
        max_length=20,
        help_text="Di ciò che si scambia senza denaro.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    azione = CampoAzioneDellEnte(label="A quale azione vanno le ore", required=False)

    ALTRI = ("ora", "luogo", "oggetto", "affiancano", "valore", "azione")
    segna_facoltativi = False

    def __init__(
        self, *args, da: Attore, servizi: list[Servizio], operatore: int | None = None, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.fields["servizio"].per(servizi)
        azioni = list(Azione.objects.di(da.ente).order_by("titolo", "pk"))
        self.fields["azione"].per(azioni, vuota="Quella della presa in carico")
        self.fields["azione_nuova"].per(azioni, vuota="Scegli")
        chi = operatore or da.utente.pk
        self.fields["affiancano"].per(chi_lavora_qui(da.ente).exclude(utente=chi))
        self.giorni = _scelte_di_giorno()
        self.fields["quando"].widget.choices = self.giorni
        self.fields["durata"].widget.choices = [
            *((str(minuti), str(minuti)) for minuti in DURATE),
            (ALTRO, "Altro"),
            ("", "Non detta"),
        ]
        if self.is_bound:
            self.data = _giorno_di_un_altro_giorno(self.data, self.giorni)

    def clean_valore(self):
        if not self.cleaned_data["valore"].strip():
            return None
        try:
            valore = decimale(self.cleaned_data["valore"])
        except FormaNonCapita as errore:
            raise ValidationError(errore.frase) from None
        if valore < 0:
            raise ValidationError("Il valore non può essere negativo.")
        return round(valore, 2)

    def clean(self) -> dict:
        dati = super().clean()
        dati["giorno_fatto"] = self._giorno(dati)
        dati["minuti"] = self._minuti(dati)
        if servizio := dati.get("servizio"):
            dati["quanto"] = self._quanto(servizio, dati)
            if dati.get("senza_nome") and not servizio.bassa_soglia:
                self.add_error(
                    "senza_nome",
                    f"«{servizio.nome}» si registra con i nomi: scegli le persone qui sopra.",
                )
        return dati

    def _giorno(self, dati: dict) -> date | None:
        quando = dati.get("quando")
        if not quando:
            return None
        campo = "giorno" if quando == ALTRO else "quando"
        giorno = dati.get("giorno") if quando == ALTRO else _data(quando)
        if giorno is None:
            if campo not in self.errors:
                self.add_error(campo, "Scrivi il giorno.")
        elif giorno > timezone.localdate():
            self.add_error(campo, "La data è nel futuro: si registra ciò che è già stato fatto.")
        elif giorno < PRIMO_GIORNO:
            self.add_error(campo, "La data è troppo lontana: controlla l'anno.")
        return giorno

    def _minuti(self, dati: dict) -> int | None:
        scelta, scritta = dati.get("durata", ""), dati.get("durata_scritta", "").strip()
        if scelta != ALTRO:
            return int(scelta) if scelta in map(str, DURATE) else None
        try:
            if scritta:
                return minuti_scritti(scritta)
            self.add_error("durata_scritta", "Scrivi quanto, oppure scegli «Non detta».")
        except ValidationError as errore:
            self.add_error("durata_scritta", errore)
        return None

    def _quanto(self, servizio: Servizio, dati: dict):
        scritta, unita = dati.get("quantita", "").strip(), servizio.voce.unita
        if not scritta:
            return None
        if unita.codice == UNITA_DI_TEMPO:
            self.add_error(
                "quantita",
                f"«{servizio.nome}» si conta in {unita.nome.lower()}: di' quanto è durato.",
            )
            return None
        try:
            return quantita_scritta(scritta, unita, nome=servizio.nome)
        except ValidationError as errore:
            self.add_error("quantita", errore)
            return None

    @property
    def altri(self) -> list:
        """I campi che si aprono se servono."""
        return [self[nome] for nome in self.ALTRI if nome in self.fields]

    @property
    def altri_in_uso(self) -> bool:
        return any(campo.value() or campo.errors for campo in self.altri)

    def fatto(self) -> dict:
        """I campi di `Fatto` tranne azione, gruppo e operatore. Ha senso dopo `is_valid()`."""
        dati = self.cleaned_data
        return {
            **{nome: dati[nome] for nome in ("servizio", "ora", "modo", "luogo", "valore")},
            **{nome: dati[nome] for nome in ("senza_nome", "oggetto", "minuti")},
            "giorno": dati["giorno_fatto"],
            "quantita": dati["quanto"],
        }

    def rifiutato(self, errore: ValidationError) -> None:
        """Mette le frasi del database accanto al campo di cui parlano."""
        if hasattr(errore, "error_dict"):
            for campo, frasi in errore.error_dict.items():
                self.add_error(campo if campo in self.fields else None, frasi)
            return
        self.add_error(CAMPO_DEL_VINCOLO.get(getattr(errore, "code", "") or ""), errore)


def iniziali_dalle_ultime(ultime: Ultime) -> dict:
    """Modo e durata dell'ultima riga; il giorno anche, se l'ultima è stata scritta oggi."""
    oggi, ultima = timezone.localdate(), ultime.ultima
    iniziali = {"uuid": uuid4(), "quando": oggi.isoformat(), "modo": Modo.PRESENZA, "durata": ""}
    if ultima is None:
        return iniziali
    dello_stesso_giorno = timezone.localdate(ultima.registrata_il) == oggi
    giorno = ultima.giorno if dello_stesso_giorno else oggi
    return iniziali | {"modo": ultima.modo} | del_giorno(giorno) | della_durata(ultima.minuti)


def iniziali_dalla_riga(riga: Prestazione) -> dict:
    """Ciò che il modulo mostra per rifare, o correggere, una riga già scritta."""
    return {
        "servizio": str(riga.servizio.uuid),
        "modo": riga.modo,
        "quantita": ""
        if riga.quantita is None
        else f"{riga.quantita.normalize():f}".replace(".", ","),
        "valore": "" if riga.valore is None else f"{riga.valore:f}".replace(".", ","),
        "senza_nome": riga.senza_nome,
        "ora": riga.ora,
        "luogo": riga.luogo,
        "oggetto": riga.oggetto,
        "azione": riga.azione.slug,
        **della_durata(riga.minuti),
    }


def iniziali_dalla_bozza(scritto: QueryDict) -> dict:
    """Ciò che era scritto, senza dire che cosa mancava: una bozza non è ancora sbagliata."""
    scritto = _giorno_di_un_altro_giorno(scritto, _scelte_di_giorno())
    valori = {nome: scritto.get(nome) for nome in RegistraForm.base_fields if nome in scritto}
    return valori | {"affiancano": scritto.getlist("affiancano")}


def del_giorno(giorno: date) -> dict:
    """I valori di «quando»: oggi e ieri sono pastiglie, gli altri si scrivono."""
    iso = giorno.isoformat()
    if iso in dict(_scelte_di_giorno()):
        return {"quando": iso, "giorno": ""}
    return {"quando": ALTRO, "giorno": iso}


def della_durata(minuti: int | None) -> dict:
    """I valori di «quanti minuti»."""
    if minuti is None or minuti in DURATE:
        return {"durata": str(minuti or ""), "durata_scritta": ""}
    return {"durata": ALTRO, "durata_scritta": minuti_in_parole(minuti)}


def _scelte_di_giorno() -> list[tuple[str, str]]:
    oggi = timezone.localdate()
    ieri = oggi - timedelta(1)
    return [
        (oggi.isoformat(), f"Oggi, {oggi:%d/%m}"),
        (ieri.isoformat(), f"Ieri, {ieri:%d/%m}"),
        (ALTRO, "Altro giorno"),
    ]


def _giorno_di_un_altro_giorno(scritto: QueryDict, giorni: list[tuple[str, str]]) -> QueryDict:
    """Una pagina aperta ieri diceva «oggi» di ieri: il giorno resta quello che si leggeva."""
    quando = scritto.get("quando", "")
    if not quando or quando in dict(giorni) or _data(quando) is None:
        return scritto
    copia = scritto.copy()
    copia["quando"], copia["giorno"] = ALTRO, quando
    return copia


def _data(testo: str) -> date | None:
    try:
        return date.fromisoformat(testo)
    except ValueError:
        return None
