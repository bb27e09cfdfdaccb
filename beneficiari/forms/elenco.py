"""I filtri, l'ordine e la ricerca dell'elenco delle persone."""

from functools import cache

from django import forms
from django.db.models import F
from django.utils import timezone

from assi.models import Azione
from beneficiari.models import Beneficiario, PresaInCarico
from beneficiari.models.persone import BeneficiarioQuerySet
from beneficiari.models.ricerche import hanno
from enti.permessi import Attore
from registro.comune.moduli import CampoScelta, FiltriForm


MAGGIORE_ETA = 18
LETTERE_PER_CERCARE = 2

ORDINAMENTI = {
    "nome": ("nome_cercato", "codice_anonimo"),
    "nascita": ("data_nascita",),
    "comune": ("comune",),
}


class FiltriPersoneForm(FiltriForm):
    """I filtri che stanno nell'indirizzo: nessuno nomina una persona.

    Un valore che non esiste si ignora: un indirizzo vecchio mostra l'elenco, non un errore.
    """

    APERTE, CHIUSE, SENZA = "aperte", "chiuse", "senza"
    MIE, MINORI, ANONIME = "mie", "minori", "anonime"

    casi = forms.ChoiceField(
        label="Presa in carico",
        required=False,
        choices=[("", "Tutte"), (APERTE, "Aperta"), (CHIUSE, "Chiusa"), (SENZA, "Senza")],
    )
    seguite = forms.ChoiceField(
        label="Chi le segue", required=False, choices=[("", "Tutti"), (MIE, "Seguite da me")]
    )
    azione = CampoScelta(
        Azione.objects.none(),
        label="Azione",
        required=False,
        to_field_name="slug",
        empty_label="Tutte",
    )
    comune = forms.ChoiceField(label="Comune", required=False)
    mostra = forms.ChoiceField(
        label="Mostra",
        required=False,
        choices=[("", "Tutte"), (MINORI, "Minorenni"), (ANONIME, "Accessi anonimi")],
    )

    def __init__(self, *args, da: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        self.da = da
        self.fields["azione"].queryset = PresaInCarico.objects.di(da.ente).azioni()
        # Si chiedono quando servono, e una volta: chi cerca una persona i filtri non li vede.
        self.fields["comune"].choices = cache(self._comuni)

    def _comuni(self) -> list[tuple[str, str]]:
        comuni = Beneficiario.objects.di(self.da.ente).exclude(comune="").order_by("comune")
        nomi = comuni.per_calcolo().values_list("comune", flat=True).distinct()
        return [("", "Tutti"), *((nome, nome) for nome in nomi)]

    def applica(self, persone: BeneficiarioQuerySet) -> BeneficiarioQuerySet:
        """Restringe `persone`, che sono già quelle dell'ente, ai filtri."""
        scelti = self.in_uso
        persone = self._per_casi(persone, scelti)
        if comune := scelti.get("comune"):
            persone = persone.filter(comune=comune)
        if scelti.get("mostra") == self.MINORI:
            oggi = timezone.localdate()
            # Se oggi è il 29 febbraio, diciott'anni fa quel giorno non c'era.
            giorno = min(oggi.day, 28) if oggi.month == 2 else oggi.day
            persone = persone.filter(
                data_nascita__gt=oggi.replace(year=oggi.year - MAGGIORE_ETA, day=giorno)
            )
        if scelti.get("mostra") == self.ANONIME:
            persone = persone.filter(anonimo=True)
        return persone

    def _per_casi(self, persone: BeneficiarioQuerySet, scelti: dict) -> BeneficiarioQuerySet:
        prese = PresaInCarico.objects.di(self.da.ente)
        if scelti.get("seguite") == self.MIE:
            prese = prese.di_chi_segue(self.da.utente)
        if azione := scelti.get("azione"):
            prese = prese.filter(azione=azione)
        stato = scelti.get("casi")
        if stato == self.SENZA:
            return persone.exclude(hanno(prese))
        if stato == self.CHIUSE:
            return persone.filter(hanno(prese)).exclude(hanno(prese.aperte()))
        if stato == self.APERTE or "seguite" in scelti:
            return persone.filter(hanno(prese.aperte()))
        return persone.filter(hanno(prese)) if "azione" in scelti else persone


class RicercaForm(forms.Form):
    """La ricerca per nome o per codice. Sta in un POST: un nome non entra in un indirizzo."""

    testo = forms.CharField(
        label="Nome o codice",
        required=False,
        max_length=100,
        help_text="L'inizio del cognome o del nome, oppure un codice per intero.",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def clean_testo(self) -> str:
        testo = self.cleaned_data["testo"].strip()
        if 0 < len(testo) < LETTERE_PER_CERCARE:
            raise forms.ValidationError(f"Scrivi almeno {LETTERE_PER_CERCARE} lettere.")
        return testo


def ordina(persone: BeneficiarioQuerySet, chiave: str) -> BeneficiarioQuerySet:
    """Ordina per una chiave di `ORDINAMENTI`, al contrario col meno davanti; altrimenti per nome.

    Gli accessi anonimi, che un nome non ce l'hanno, stanno in fondo.
    """
    nome = chiave.removeprefix("-")
    campi = [F(campo) for campo in ORDINAMENTI.get(nome, ORDINAMENTI["nome"])]
    if nome in ORDINAMENTI and chiave.startswith("-"):
        ordine = [campo.desc(nulls_last=True) for campo in campi]
    else:
        ordine = [campo.asc(nulls_last=True) for campo in campi]
    return persone.order_by("anonimo", *ordine, "nome_cercato", "pk")
