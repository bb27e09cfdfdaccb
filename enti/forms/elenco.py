"""I filtri e l'ordine dell'elenco degli enti."""

from django import forms
from django.db.models import F

from enti.models import Ente, EnteQuerySet, Nodo
from registro.comune.moduli import CampoScelta, FiltriForm
from registro.comune.ricerca import FormaNormale


# Ciò che l'indirizzo può chiedere e la colonna che ordina; col meno davanti, al contrario.
ORDINAMENTI = {
    "nome": FormaNormale("denominazione"),
    "ruolo": "ruolo",
    "natura": "natura",
    "nodo": "nodo__parte",
}


class FiltriEntiForm(FiltriForm):
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
    nodo = CampoScelta(
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
