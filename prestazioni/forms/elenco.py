"""I filtri e gli ordinamenti dell'elenco delle prestazioni."""

from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from django import forms
from django.db.models import F

from assi.models import Asse, Azione, Servizio
from beneficiari.forms.casi import CampoOperatore, chi_lavora_qui
from beneficiari.models import Beneficiario
from enti.permessi import Attore
from prestazioni.forms.campi import azioni_e_assi
from prestazioni.models import EsitoQuerySet, Modo, Prestazione, PrestazioneQuerySet
from registro.comune.moduli import CampoGiorno, CampoScelta, FiltriForm


Righe = TypeVar("Righe", PrestazioneQuerySet, EsitoQuerySet)

# Ciò che l'indirizzo può chiedere e le colonne che ordinano; col meno davanti, al contrario.
ORDINAMENTI = {
    "giorno": ("giorno",),
    "servizio": ("servizio__nome",),
    "azione": ("azione__titolo",),
    "operatore": ("operatore__cognome", "operatore__nome"),
    "durata": ("minuti",),
}
# Di una persona si dice quanto è rimasta lei.
ORDINAMENTI_DELLA_PERSONA = {**ORDINAMENTI, "durata": ("suoi_minuti",)}
DATE_ROVESCIATE = "La fine viene prima dell'inizio: si guarda dal primo giorno all'ultimo."


def ordina(righe: Righe, chiave: str, ordinamenti: Mapping = ORDINAMENTI) -> Righe:
    """Ordina per una chiave di `ordinamenti`; se non la si conosce, l'ordine resta quello di prima."""
    colonne = ordinamenti.get(chiave.removeprefix("-"))
    if colonne is None:
        return righe
    if chiave.startswith("-"):
        return righe.order_by(*(F(c).desc(nulls_last=True) for c in colonne), "-pk")
    return righe.order_by(*(F(c).asc(nulls_last=True) for c in colonne), "pk")


class CampoPersona(forms.UUIDField):
    """Una persona dell'ente, come identificativo opaco; una che non c'è non restringe a nessuno."""

    widget = forms.HiddenInput


class FiltriPrestazioniForm(FiltriForm):
    """I filtri dell'elenco. Una persona è il suo identificativo, mai un nome, e non si salva;
    ciò che non esiste si ignora: un indirizzo vecchio mostra l'elenco, non un errore."""

    ENTE = "ente"
    SENZA_DURATA, SENZA_NOME, DI_GRUPPO, IMPORTATE = "durata", "senza-nome", "gruppo", "importate"

    mai_salvati = ("persona", "importazione")

    di_chi = forms.ChoiceField(
        label="Di chi", required=False, choices=[("", "Le mie"), (ENTE, "Tutte dell'ente")]
    )
    dal = CampoGiorno(label="Dal", required=False)
    al = CampoGiorno(label="Al", required=False)
    servizio = CampoScelta(
        Servizio.objects.none(),
        required=False,
        to_field_name="uuid",
        empty_label="Tutti i servizi",
    )
    asse = CampoScelta(
        Asse.objects.none(), required=False, to_field_name="slug", empty_label="Tutti gli assi"
    )
    azione = CampoScelta(
        Azione.objects.none(), required=False, to_field_name="slug", empty_label="Tutte le azioni"
    )
    operatore = CampoOperatore(label="Operatore", required=False, empty_label="Chiunque dell'ente")
    modo = forms.ChoiceField(
        label="Modo", required=False, choices=[("", "In ogni modo"), *Modo.choices]
    )
    solo = forms.ChoiceField(
        label="Solo",
        required=False,
        choices=[
            ("", "Tutte"),
            (SENZA_DURATA, "Senza durata"),
            (SENZA_NOME, "Con persone senza nome"),
            (DI_GRUPPO, "Incontri di gruppo"),
            (IMPORTATE, "Importate da un foglio"),
        ],
    )
    persona = CampoPersona(required=False)
    importazione = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, attore: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        self.attore = attore
        self.fields["servizio"].queryset = Servizio.objects.di(attore.ente).per_elenco()
        azioni_e_assi(self, attore.ente)
        self.fields["operatore"].queryset = chi_lavora_qui(attore.ente)

    def clean(self):
        dati = super().clean()
        if dati.get("dal") and dati.get("al") and dati["al"] < dati["dal"]:
            # Metà periodo direbbe altro da ciò che si è chiesto: non vale né un giorno né l'altro.
            self.add_error("al", DATE_ROVESCIATE)
            del dati["dal"]
        return dati

    def applica(self, righe: PrestazioneQuerySet) -> PrestazioneQuerySet:
        """Restringe ai filtri; se non si chiede altro, a quelle di chi guarda."""
        scelti = self.in_uso
        righe = self._di_chi(righe, scelti)
        if "operatore" in scelti:
            righe = righe.di_chi_opera(scelti["operatore"])
        esatti = {
            "servizio": "servizio",
            "azione": "azione",
            "modo": "modo",
            "asse": "azione__asse",
        }
        righe = righe.filter(**{esatti[n]: v for n, v in scelti.items() if n in esatti})
        if dal := scelti.get("dal"):
            righe = righe.filter(giorno__gte=dal)
        if al := scelti.get("al"):
            righe = righe.filter(giorno__lte=al)
        if importazione := scelti.get("importazione"):
            righe = righe.filter(importazione__uuid=importazione)
        return self._solo(righe, scelti.get("solo"))

    def _di_chi(self, righe: PrestazioneQuerySet, scelti: dict) -> PrestazioneQuerySet:
        if persona := scelti.get("persona"):
            return righe.con_qualcuno_di(self._chiavi(persona))
        if scelti.keys() & {"di_chi", "operatore"}:
            return righe
        return righe.di_chi_opera(self.attore.utente)

    def _solo(self, righe: PrestazioneQuerySet, quali: str | None) -> PrestazioneQuerySet:
        match quali:
            case self.SENZA_DURATA:
                return righe.filter(minuti=None)
            case self.SENZA_NOME:
                return righe.exclude(senza_nome=None)
            case self.DI_GRUPPO:
                return righe.exclude(gruppo=None)
            case self.IMPORTATE:
                return righe.exclude(importazione=None)
        return righe

    def _chiavi(self, persona: UUID) -> list[int]:
        """La persona e le righe unite alla sua."""
        dell_ente = Beneficiario.objects.di(self.attore.ente).per_calcolo()
        trovata = dell_ente.filter(uuid=persona)
        unite = dell_ente.filter(unito_a__in=trovata.values("pk"))
        return [*trovata.values_list("pk", flat=True), *unite.values_list("pk", flat=True)]


class FiltriDellaPersonaForm(FiltriPrestazioniForm):
    """Gli stessi filtri per una persona sola, che la pagina dice già.

    `persone`: la chiave della persona e quelle delle righe unite alla sua.
    """

    mai_salvati = ()

    di_chi = None
    persona = None
    importazione = None

    def __init__(self, *args, persone: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.persone = persone

    def _di_chi(self, righe: PrestazioneQuerySet, scelti: dict) -> PrestazioneQuerySet:
        return righe.con_qualcuno_di(self.persone)


def prestazioni_di(attore: Attore) -> PrestazioneQuerySet:
    """Le prestazioni dell'ente di `attore`, ancora senza filtri."""
    return Prestazione.objects.di(attore.ente)
