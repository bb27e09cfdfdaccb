"""I filtri e gli ordinamenti dell'elenco delle prese in carico."""

import datetime

from django import forms
from django.db.models import F
from django.utils import timezone

from assi.models import Azione
from beneficiari.forms.casi import CampoOperatore, chi_lavora_qui
from beneficiari.models import PresaInCarico, PresaInCaricoQuerySet
from enti.permessi import Attore
from registro.comune.moduli import CampoScelta, FiltriForm


# Ciò che l'indirizzo può chiedere e le colonne che ordinano; col meno davanti, al contrario.
ORDINAMENTI = {
    "chi": ("beneficiario__nome_cercato",),
    "azione": ("azione__titolo",),
    "operatore": ("operatore__cognome", "operatore__nome"),
    "aperta": ("aperta_il",),
    "chiusa": ("chiusa_il",),
}


def ordina(prese: PresaInCaricoQuerySet, chiave: str) -> PresaInCaricoQuerySet:
    """Ordina per una chiave di ORDINAMENTI; se non la si conosce, prima le aperte più recenti."""
    colonne = ORDINAMENTI.get(chiave.removeprefix("-"))
    if colonne is None:
        return prese.per_apertura()
    giu = chiave.startswith("-")
    verso = [F(c).desc(nulls_last=True) if giu else F(c).asc(nulls_last=True) for c in colonne]
    return prese.order_by(*verso, "pk")


class FiltriCasiForm(FiltriForm):
    """I filtri dell'elenco. Nessun nome di persona finisce nell'indirizzo; ciò che non esiste si
    ignora: un indirizzo vecchio mostra l'elenco, non un errore."""

    TUTTE, CHIUSE = "tutte", "chiuse"
    ENTE = "ente"

    segue = forms.ChoiceField(
        label="Di chi", required=False, choices=[("", "Seguite da me"), (ENTE, "Tutte dell'ente")]
    )
    stato = forms.ChoiceField(
        required=False, choices=[("", "Aperte"), (CHIUSE, "Chiuse"), (TUTTE, "Aperte e chiuse")]
    )
    azione = CampoScelta(
        Azione.objects.none(), required=False, to_field_name="slug", empty_label="Tutte le azioni"
    )
    operatore = CampoOperatore(
        label="Chi la segue", required=False, empty_label="Chiunque dell'ente"
    )
    canale = forms.ChoiceField(
        label="Come è arrivata",
        required=False,
        choices=[("", "In ogni modo"), *PresaInCarico.Canale.choices],
    )
    prosecuzione = forms.ChoiceField(
        label="Va proseguita",
        required=False,
        choices=[("", "Tutte"), *PresaInCarico.Prosecuzione.choices],
    )
    da_piu_di = forms.TypedChoiceField(
        label="Aperte da più di",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Qualunque tempo"), (90, "3 mesi"), (180, "6 mesi"), (365, "1 anno")],
    )

    def __init__(self, *args, attore: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        self.attore = attore
        self.fields["azione"].queryset = PresaInCarico.objects.di(attore.ente).azioni()
        self.fields["operatore"].queryset = chi_lavora_qui(attore.ente)

    def applica(self, prese: PresaInCaricoQuerySet) -> PresaInCaricoQuerySet:
        """Restringe ai filtri; se non si chiede altro, alle aperte seguite da chi guarda."""
        scelti = self.in_uso
        if "operatore" in scelti:
            prese = prese.di_chi_segue(scelti["operatore"])
        elif "segue" not in scelti:
            prese = prese.di_chi_segue(self.attore.utente)
        match scelti.get("stato"):
            case self.CHIUSE:
                prese = prese.chiuse()
            case None:
                prese = prese.aperte()
        if giorni := scelti.get("da_piu_di"):
            inizio = timezone.localdate() - datetime.timedelta(days=giorni)
            prese = prese.aperte_prima_di(inizio)
        esatti = ("azione", "canale", "prosecuzione")
        return prese.filter(**{nome: scelti[nome] for nome in esatti if nome in scelti})
