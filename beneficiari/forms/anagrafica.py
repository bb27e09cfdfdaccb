"""Scrivere l'anagrafica di una persona: nuova, o da correggere anche in due."""

import re
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari.azioni.codici import CodiceScritto
from beneficiari.azioni.persone import controlla_nascita
from beneficiari.codici import CodiceErrato
from beneficiari.models import Beneficiario, Identificativo
from registro.comune.tassonomie import comuni, paesi


_GIORNO = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_STIMATA = "stimata"
ANNO_PIU_LONTANO = 1900


class Nascita(NamedTuple):
    """Una data di nascita; `solo_anno` se si è scritto soltanto l'anno."""

    giorno: date
    solo_anno: bool


class NascitaField(forms.CharField):
    """Una data, o un anno soltanto.

    Di chi si sa solo l'anno si salva il 31 dicembre: nel dubbio si presume la minore età
    (art. 19-bis D.Lgs. 142/2015).
    """

    def clean(self, value: Any) -> Nascita | None:
        testo = super().clean(value).strip()
        if not testo:
            return None
        nascita = self._leggi(testo)
        controlla_nascita(nascita.giorno)
        if nascita.giorno.year < ANNO_PIU_LONTANO:
            raise ValidationError("La data di nascita è precedente al 1900: ricontrollala.")
        return nascita

    def _leggi(self, testo: str) -> Nascita:
        if testo.isdecimal() and len(testo) == 4:
            return Nascita(ultimo_giorno(int(testo)), solo_anno=True)
        if trovata := _GIORNO.fullmatch(testo):
            giorno, mese, anno = map(int, trovata.groups())
        elif trovata := _ISO.fullmatch(testo):
            anno, mese, giorno = map(int, trovata.groups())
        else:
            raise ValidationError(
                "Scrivi la data come 17/05/1985; se sai solo l'anno, l'anno con quattro cifre."
            )
        try:
            return Nascita(date(anno, mese, giorno), solo_anno=False)
        except ValueError:
            raise ValidationError(
                f"Il giorno {giorno}/{mese}/{anno} non esiste: ricontrolla giorno e mese."
            ) from None


def ultimo_giorno(anno: int) -> date:
    """Il 31 dicembre di quell'anno; oggi, se l'anno è questo. Solleva ValidationError."""
    oggi = timezone.localdate()
    if anno < ANNO_PIU_LONTANO:
        raise ValidationError("La data di nascita è precedente al 1900: ricontrollala.")
    return oggi if anno == oggi.year else date(anno, 12, 31)


def scelte_di_paesi() -> list[tuple[str, str]]:
    """Gli stati per una tendina, dopo «non indicata»."""
    return [("", "Non indicata"), *((paese.iso2, paese.nome) for paese in paesi())]


class AnagraficaForm(forms.Form):
    """I campi dell'anagrafica: i primi sei bastano, gli altri si aprono se servono.

    Correggendo, ogni campo porta anche il valore che chi scrive aveva davanti: così si sa che
    cosa ha cambiato lui e che cosa un altro.
    """

    PRIMI = ("cognome", "nome", "nascita", "cittadinanza", "comune", "codice_fiscale")
    cognome = forms.CharField(max_length=100, required=False)
    nome = forms.CharField(max_length=100, required=False)
    nascita = NascitaField(
        label="Data o anno di nascita",
        required=False,
        max_length=10,
        help_text="Come 17/05/1985. Se si sa solo l'anno, basta l'anno: resta segnato come circa.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    cittadinanza = forms.ChoiceField(
        choices=scelte_di_paesi, required=False, widget=forms.Select(attrs={"data-cerca": ""})
    )
    comune = forms.CharField(
        label="Comune dove vive",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"list": "comuni", "autocomplete": "off"}),
    )
    nome_scelto = forms.CharField(
        label="Nome con cui vuole essere chiamata",
        max_length=100,
        required=False,
        help_text="Se è diverso da quello dei documenti: è quello che si vede nelle pagine.",
    )
    precisione = forms.ChoiceField(
        label="La data di nascita è",
        required=False,
        choices=[("", "quella dei documenti"), (_STIMATA, "una stima")],
    )
    genere = forms.ChoiceField(
        required=False, choices=[("", "Non indicato"), *Beneficiario.Genere.choices]
    )
    altra_cittadinanza = forms.ChoiceField(
        choices=scelte_di_paesi, required=False, widget=forms.Select(attrs={"data-cerca": ""})
    )
    lingue = forms.CharField(
        label="Lingue che parla",
        max_length=200,
        required=False,
        help_text="Separate da una virgola: italiano, arabo.",
    )

    segna_facoltativi = False

    def __init__(self, *args, persona: Beneficiario | None = None, **kwargs):
        if persona:
            kwargs.setdefault("initial", valori_scritti(persona))
        super().__init__(*args, **kwargs)
        # Il modulo ne scrive due; chi ne ha di più non le perde.
        self.oltre_la_seconda = persona.cittadinanze[2:] if persona else []
        for campo in self.fields.values():
            campo.show_hidden_initial = persona is not None
            campo.widget.attrs.setdefault("autocomplete", "off")

    def clean_comune(self) -> str:
        scritto = self.cleaned_data["comune"].strip()
        noti = {comune.nome.lower(): comune.nome for comune in comuni()}
        return noti.get(scritto.lower(), scritto)

    def clean_lingue(self) -> list[str]:
        lingue = [voce.strip().lower() for voce in self.cleaned_data["lingue"].split(",")]
        if any(len(lingua) > 40 for lingua in lingue):
            raise ValidationError("Separa le lingue con una virgola: una è troppo lunga.")
        return list(dict.fromkeys(filter(None, lingue)))

    def clean(self) -> dict:
        dati = super().clean()
        if not any(dati.get(campo) for campo in ("cognome", "nome", "nome_scelto")):
            self.add_error("cognome", "Scrivi almeno il cognome, il nome o il nome scelto.")
        if dati.get("precisione") == _STIMATA and "nascita" in dati and not dati["nascita"]:
            self.add_error("nascita", "Per dire che la data è stimata, scrivi la data o l'anno.")
        return dati

    @property
    def primi(self) -> list:
        """I campi sempre in vista."""
        return [self[nome] for nome in self.PRIMI if nome in self.fields]

    @property
    def altri(self) -> list:
        """I campi che si aprono se servono."""
        return [campo for campo in self.visible_fields() if campo.name not in self.PRIMI]

    @property
    def altri_in_uso(self) -> bool:
        """Vero se fra gli altri campi c'è già qualcosa, o un errore: allora stanno aperti."""
        return any(campo.value() or campo.errors for campo in self.altri)

    def campi(self) -> dict:
        """I valori per `inserisci_persona` e `modifica_persona`. Il form è già valido."""
        dati = self.cleaned_data
        nascita = dati["nascita"]
        scelte = [dati["cittadinanza"], dati["altra_cittadinanza"], *self.oltre_la_seconda]
        return {
            **{
                nome: dati[nome]
                for nome in ("cognome", "nome", "nome_scelto", "genere", "lingue", "comune")
            },
            "data_nascita": nascita.giorno if nascita else None,
            "nascita_stimata": bool(
                nascita and (nascita.solo_anno or dati["precisione"] == _STIMATA)
            ),
            "cittadinanze": list(dict.fromkeys(filter(None, scelte))),
        }


class NuovaPersonaForm(AnagraficaForm):
    """Una persona nuova: in più il codice fiscale e il telefono, e le simili già guardate."""

    codice_fiscale = forms.CharField(
        max_length=30,
        required=False,
        help_text="Se c'è. Gli altri codici si aggiungono dopo, nella pagina della persona.",
    )
    telefono = forms.CharField(max_length=40, required=False)
    viste = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_codice_fiscale(self) -> CodiceScritto | None:
        testo = self.cleaned_data["codice_fiscale"]
        if not testo.strip():
            return None
        try:
            return CodiceScritto.da_testo(Identificativo.Tipo.CF, testo)
        except CodiceErrato as errore:
            raise ValidationError(errore.frase) from None

    @property
    def uuid_viste(self) -> set[str]:
        """Gli identificativi delle persone simili che chi scrive ha già avuto davanti."""
        return set(self.data.get("viste", "").split())


def valori_scritti(persona: Beneficiario) -> dict[str, str]:
    """L'anagrafica come la si scriverebbe nei campi, un testo per ognuno."""
    cittadinanze = [*persona.cittadinanze, "", ""]
    return {
        **{nome: getattr(persona, nome) for nome in ("cognome", "nome", "nome_scelto", "genere")},
        "comune": persona.comune,
        "nascita": _nascita_scritta(persona),
        "precisione": _STIMATA if persona.nascita_stimata else "",
        "cittadinanza": cittadinanze[0],
        "altra_cittadinanza": cittadinanze[1],
        "lingue": ", ".join(persona.lingue),
    }


def _nascita_scritta(persona: Beneficiario) -> str:
    giorno = persona.data_nascita
    if giorno is None:
        return ""
    if persona.nascita_stimata and (giorno.month, giorno.day) == (12, 31):
        return str(giorno.year)
    return f"{giorno:%d/%m/%Y}"
