"""I moduli di un gruppo: com'è, chi ne fa parte, come si divide."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from assi.models import Servizio
from beneficiari.forms.casi import CampoAzione, CampoOperatore, chi_lavora_qui
from beneficiari.forms.elenco import LETTERE_PER_CERCARE
from beneficiari.models import PresaInCarico
from enti.permessi import Attore
from prestazioni.azioni.gruppi import Fascia
from prestazioni.models import MINUTI_AL_GIORNO, Giorno, GruppoPresenze, Modo
from registro.comune.moduli import CampoGiorno, CampoScelta


DURATA = {
    "min_value": "La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
    "max_value": "La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
    "invalid": "Scrivi i minuti con un numero intero, per esempio 90.",
}
ORA_SBAGLIATA = "Scrivi l'ora come 15:30."
FORME_DI_DATA = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d-%m-%y", "%d.%m.%Y", "%Y-%m-%d")
GIORNI_AL_MASSIMO = 200
ETA_MASSIMA = 120
PRIMO_ANNO = 1900


class CampoGiorni(forms.CharField):
    """Più giorni in una riga, separati da virgole: «24/12/2026, 31/12/2026». Rende le date."""

    def to_python(self, value) -> list[date]:
        testo = super().to_python(value)
        pezzi = [pezzo for pezzo in re.split(r"[,;\s]+", testo) if pezzo]
        if len(pezzi) > GIORNI_AL_MASSIMO:
            raise ValidationError(f"Al massimo {GIORNI_AL_MASSIMO} giorni.")
        return sorted({_giorno(pezzo) for pezzo in pezzi})

    def prepare_value(self, value) -> str:
        if isinstance(value, list):
            return ", ".join(f"{giorno:%d/%m/%Y}" for giorno in value)
        return value or ""


def _giorno(testo: str) -> date:
    try:
        return forms.DateField(input_formats=FORME_DI_DATA).clean(testo)
    except ValidationError:
        raise ValidationError(f"«{testo}» non è una data: scrivila come 24/12/2026.") from None


class CampoFasce(forms.CharField):
    """Le età dei sottogruppi: «6-8, 9-11, 12-14». Rende le Fasce, che non si toccano."""

    def to_python(self, value) -> list[Fascia]:
        testo = super().to_python(value)
        fasce = sorted(
            (_fascia(pezzo) for pezzo in re.split(r"[,;]", testo) if pezzo.strip()),
            key=lambda fascia: fascia.da,
        )
        for prima, dopo in pairwise(fasce):
            if dopo.da <= prima.a:
                raise ValidationError(
                    f"Le età di «{prima.nome}» e «{dopo.nome}» si toccano: chi sta in entrambe?"
                )
        return fasce


def _fascia(pezzo: str) -> Fascia:
    numeri = re.fullmatch(r"\s*(\d{1,3})\s*(?:[-–]|\ba\b)?\s*(\d{1,3})?\s*(?:anni)?\s*", pezzo)
    if not numeri:
        raise ValidationError(f"«{pezzo.strip()}» non è una fascia di età: scrivila come 6-8.")
    da, a = int(numeri[1]), int(numeri[2] or numeri[1])
    if not da <= a <= ETA_MASSIMA:
        raise ValidationError(f"«{pezzo.strip()}»: la prima età non può superare la seconda.")
    return Fascia(da, a)


class GruppoForm(forms.Form):
    """Un gruppo nuovo, o com'è cambiato: che cosa fa, quando si ritrova."""

    nome = forms.CharField(
        label="Nome del gruppo",
        max_length=120,
        error_messages={"required": "Scrivi come si chiama il gruppo."},
        help_text="Per esempio «Centro estivo 2026» o «Laboratorio del lunedì». Senza nomi di persone.",
    )
    servizio = CampoScelta(
        Servizio.objects.none(),
        label="Servizio",
        to_field_name="uuid",
        empty_label="Scegli",
        error_messages={"required": "Scegli il servizio che il gruppo offre."},
    )
    azione = CampoAzione(
        label="Azione",
        error_messages={"required": "Scegli per quale azione si tiene."},
        help_text="Chi entra nel gruppo ha una presa in carico per questa azione.",
    )
    operatore = CampoOperatore(label="Chi lo tiene", empty_label=None)
    modo = forms.ChoiceField(label="Come", choices=Modo.choices, initial=Modo.PRESENZA)
    luogo = forms.CharField(label="Dove", max_length=100, required=False)
    dal = CampoGiorno(label="Comincia il")
    al = CampoGiorno(
        label="Finisce il", required=False, help_text="Se non si sa ancora, lascialo vuoto."
    )
    giorni = forms.TypedMultipleChoiceField(
        label="Giorni della settimana",
        choices=Giorno.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Da qui il Registro sa quali fogli aspettarsi, e dice quali mancano.",
    )
    ora = forms.TimeField(
        label="A che ora",
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": ORA_SBAGLIATA},
    )
    minuti = forms.IntegerField(
        label="Durata in minuti",
        required=False,
        min_value=1,
        max_value=MINUTI_AL_GIORNO,
        error_messages=DURATA,
        help_text="Vale per tutti gli incontri; nel singolo foglio si può cambiare.",
    )
    salta = CampoGiorni(
        label="Giorni in cui non si tiene",
        required=False,
        help_text="Feste e chiusure, separate da virgole: 24/12/2026, 31/12/2026.",
    )
    in_piu = CampoGiorni(
        label="Incontri in più",
        required=False,
        help_text="Giorni fuori dalla settimana solita, separati da virgole.",
    )

    def __init__(self, *args, attore: Attore, gruppo: GruppoPresenze | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        in_uso = Servizio.objects.di(attore.ente).in_uso(timezone.localdate())
        if gruppo:
            suo = Servizio.objects.di(attore.ente).filter(pk=gruppo.servizio_id)
            in_uso = in_uso | suo
        self.fields["servizio"].queryset = in_uso.per_elenco()
        self.fields["azione"].per(attore.ente)
        qui = chi_lavora_qui(attore.ente)
        self.fields["operatore"].queryset = qui
        suoi = {voce.utente_id: voce.uuid for voce in qui}
        di_prima = suoi.get(gruppo.operatore_id) if gruppo else None
        self.fields["operatore"].initial = di_prima or suoi.get(attore.utente.pk)

    def clean(self) -> dict:
        dati = super().clean()
        dal, al = dati.get("dal"), dati.get("al")
        if dal and al and al < dal:
            self.add_error("al", "Il gruppo non può finire prima di cominciare.")
        return dati

    @staticmethod
    def iniziali(gruppo: GruppoPresenze) -> dict:
        """I valori con cui si apre il modulo di un gruppo che c'è già."""
        nomi = ("nome", "modo", "luogo", "dal", "al", "giorni", "ora", "minuti", "salta", "in_piu")
        valori = {nome: getattr(gruppo, nome) for nome in nomi}
        return valori | {"servizio": gruppo.servizio.uuid, "azione": gruppo.azione.slug}


class ChiudiGruppoForm(forms.Form):
    """L'ultimo giorno di un gruppo."""

    al = CampoGiorno(
        label="Ultimo giorno",
        help_text="I fogli già fatti restano. Si può riaprire togliendo la data.",
    )


class CercaMembriForm(forms.Form):
    """Fra chi cercare le persone da far entrare: per nome, per età, fra chi è già seguito."""

    SEGUITI, TUTTI = "seguiti", "tutti"

    fra = forms.ChoiceField(
        label="Fra chi cercare",
        choices=[(SEGUITI, "Chi è già seguito per questa azione"), (TUTTI, "Tutte le persone")],
        initial=SEGUITI,
        widget=forms.RadioSelect,
    )
    testo = forms.CharField(
        label="Nome o cognome",
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    nati_dal = forms.IntegerField(
        label="Nati dal", required=False, min_value=PRIMO_ANNO, max_value=2200
    )
    nati_al = forms.IntegerField(
        label="fino al", required=False, min_value=PRIMO_ANNO, max_value=2200
    )
    minori = forms.BooleanField(label="Solo chi ha meno di 18 anni", required=False)

    segna_facoltativi = False

    def clean(self) -> dict:
        dati = super().clean()
        indizi = len(dati.get("testo", "")) >= LETTERE_PER_CERCARE or dati.get("minori")
        indizi = indizi or dati.get("nati_dal") or dati.get("nati_al")
        if dati.get("fra") == self.TUTTI and not indizi:
            self.add_error(
                "testo",
                "Per cercare fra tutte scrivi almeno due lettere del nome, o un anno di nascita.",
            )
        dal, al = dati.get("nati_dal"), dati.get("nati_al")
        if dal and al and al < dal:
            self.add_error("nati_al", "Il secondo anno non può precedere il primo.")
        return dati

    def applica(self, persone, gruppo: GruppoPresenze):
        """Le persone che rispondono a ciò che si è scritto; ha senso solo dopo `is_valid()`."""
        dati = self.cleaned_data
        if dati["fra"] == self.SEGUITI:
            persone = persone.filter(_seguiti(gruppo))
        if dati["nati_dal"]:
            persone = persone.filter(data_nascita__year__gte=dati["nati_dal"])
        if dati["nati_al"]:
            persone = persone.filter(data_nascita__year__lte=dati["nati_al"])
        if dati["minori"]:
            oggi = timezone.localdate()
            persone = persone.filter(data_nascita__gt=_diciotto_anni_prima(oggi))
        return persone.che_si_chiamano(dati["testo"]) if dati["testo"] else persone


def _seguiti(gruppo: GruppoPresenze) -> Q:
    aperte = PresaInCarico.objects.filter(ente=gruppo.ente_id, azione=gruppo.azione_id).aperte()
    proprie = aperte.exclude(beneficiario=None).values("beneficiario")
    del_nucleo = aperte.exclude(nucleo=None).values("nucleo")
    nel_nucleo = Q(nuclei__nucleo__in=del_nucleo, nuclei__al=None)
    return Q(pk__in=proprie) | Q(assorbite__in=proprie) | nel_nucleo


def _diciotto_anni_prima(giorno: date) -> date:
    # Chi è nato il 29 febbraio li compie il 1º marzo.
    try:
        return giorno.replace(year=giorno.year - 18)
    except ValueError:
        return giorno.replace(year=giorno.year - 18, day=28)


class AggiungiMembriForm(forms.Form):
    """Da quando e in quale sottogruppo entrano le persone scelte."""

    dal = CampoGiorno(label="Nel gruppo dal")
    parte = forms.CharField(
        label="Sottogruppo",
        max_length=40,
        required=False,
        help_text="Per esempio «Rossi» o «6-8 anni». Si può dare anche dopo, a tutti insieme.",
    )
    canale = forms.ChoiceField(
        label="Come è arrivato chi non è ancora seguito",
        choices=[("", "Scegli"), *PresaInCarico.Canale.choices],
        required=False,
        help_text="Serve solo se fra gli scelti c'è chi non ha una presa in carico per questa azione:"
        " si apre insieme.",
    )


class SpostaForm(forms.Form):
    """In quale sottogruppo mettere le persone segnate."""

    parte = forms.CharField(
        label="Sottogruppo",
        max_length=40,
        required=False,
        help_text="Vuoto: fuori da ogni sottogruppo.",
    )

    segna_facoltativi = False


class TogliForm(forms.Form):
    """Fino a quando le persone segnate sono state nel gruppo."""

    al = CampoGiorno(
        label="Nel gruppo fino al", help_text="Le presenze fino a quel giorno restano."
    )


class FasceForm(forms.Form):
    """Le età con cui dividere il gruppo."""

    fasce = CampoFasce(
        label="Età dei sottogruppi",
        max_length=200,
        help_text="Separate da virgole: 6-8, 9-11, 12-14. Conta l'età nel giorno in cui il gruppo"
        " comincia.",
        error_messages={"required": "Scrivi almeno una fascia, per esempio 6-8."},
    )


def sottogruppi(righe: Iterable) -> Sequence[str]:
    """I sottogruppi che ci sono già, in ordine: servono a suggerirli."""
    return sorted({riga.parte for riga in righe if riga.parte})
