"""I moduli attorno alla scheda: i filtri dell'elenco, l'invio, il rimando."""

from collections.abc import Sequence

from django import forms
from django.db.models import F

from assi.models import Asse
from enti.models import Nodo
from enti.permessi import Attore
from registro.comune.moduli import CampoScelta, FiltriForm
from report.controlli import Avviso, Gravita
from report.models import Campagna, Scheda, SchedaQuerySet


# Ciò che l'indirizzo può chiedere e le colonne che ordinano; col meno davanti, al contrario.
ORDINAMENTI = {
    "scheda": ("titolo",),
    "ente": ("ente__denominazione",),
    "nodo": ("nodo__parte", "titolo"),
    "stato": ("stato", "titolo"),
    "scadenza": ("campagna__scade_il", "titolo"),
    "movimento": ("modificata_il",),
}


def ordina(schede: SchedaQuerySet, chiave: str) -> SchedaQuerySet:
    """Ordina per una chiave di ORDINAMENTI; se non la si conosce, la campagna più recente prima."""
    colonne = ORDINAMENTI.get(chiave.removeprefix("-"))
    if colonne is None:
        recenti = F("campagna__apre_il").desc(nulls_last=True)
        return schede.order_by(recenti, "-campagna__pk", "numero", "titolo", "pk")
    segno = "-" if chiave.startswith("-") else ""
    return schede.order_by(*(f"{segno}{colonna}" for colonna in colonne), "pk")


class FiltriSchedeForm(FiltriForm):
    """I filtri dell'elenco: leggono l'indirizzo e restringono un queryset già visibile.

    Un valore che non esiste si ignora: un indirizzo vecchio mostra l'elenco, non un errore.
    """

    DA_SOLLECITARE = "da-sollecitare"
    DA_VALUTARE = "da-valutare"

    campagna = CampoScelta(
        Campagna.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label="Tutte le campagne",
    )
    stato = forms.ChoiceField(label="Stato", required=False)
    nodo = CampoScelta(
        Nodo.objects.none(), required=False, to_field_name="slug", empty_label="Tutti i nodi"
    )
    asse = CampoScelta(
        Asse.objects.none(), required=False, to_field_name="slug", empty_label="Tutti gli assi"
    )

    def __init__(self, *args, attore: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campagna"].queryset = Campagna.objects.recenti()
        self.fields["asse"].queryset = Asse.objects.in_ordine()
        self.fields["nodo"].queryset = Nodo.objects.order_by("parte", "slug")
        if not attore.di_rete:
            del self.fields["nodo"]
        self.fields["stato"].choices = [
            ("", "Tutti gli stati"),
            (self.DA_SOLLECITARE, "ancora da inviare"),
            (self.DA_VALUTARE, "da accettare o rimandare"),
            *Scheda.Stato.choices,
        ]

    def applica(self, schede: SchedaQuerySet) -> SchedaQuerySet:
        scelti = self.in_uso
        match scelti.get("stato"):
            case None:
                pass
            case self.DA_SOLLECITARE:
                schede = schede.aperte()
            case self.DA_VALUTARE:
                schede = schede.da_valutare()
            case stato:
                schede = schede.filter(stato=stato)
        if asse := scelti.get("asse"):
            schede = schede.filter(assi__asse=asse).distinct()
        esatti = {nome: scelti[nome] for nome in ("campagna", "nodo") if nome in scelti}
        return schede.filter(**esatti)


class InvioForm(forms.Form):
    """Il motivo per cui si invia lo stesso, uno per ogni avviso che non blocca."""

    def __init__(self, *args, avvisi: Sequence[Avviso], precedenti: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.per_campo: dict[str, Avviso] = {}
        for numero, avviso in enumerate(a for a in avvisi if a.gravita == Gravita.AVVERTE):
            nome = f"motivo-{numero}"
            self.per_campo[nome] = avviso
            self.fields[nome] = forms.CharField(
                label="Perché va bene così",
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=precedenti.get(avviso.codice, ""),
                error_messages={"required": f"Correggi, oppure scrivi il motivo. {avviso.frase}"},
            )

    @property
    def voci(self) -> list[tuple[Avviso, forms.BoundField]]:
        """Ogni avviso col campo in cui se ne scrive il motivo."""
        return [(avviso, self[nome]) for nome, avviso in self.per_campo.items()]

    def motivi(self) -> dict[str, str]:
        """I motivi scritti, per codice di avviso."""
        return {avviso.codice: self.cleaned_data[nome] for nome, avviso in self.per_campo.items()}


class RimandoForm(forms.Form):
    testo = forms.CharField(
        label="Che cosa va rivisto",
        help_text="Lo legge l'ente, con il tuo nome. Di' in quale sezione, e che cosa fare.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Scrivi che cosa va rivisto: senza, l'ente non sa che fare."},
    )
