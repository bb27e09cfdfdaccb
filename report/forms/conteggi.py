"""I moduli dei numeri di una scheda: beneficiari, numeri di contorno, risultati."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assi.models import Programma
from enti.models import Ente
from report.azioni import righe as azioni
from report.forms.campi import (
    ELENCO_ENTI,
    ELENCO_PROGRAMMI,
    NomeField,
    NumeroField,
    SceltaDaElenco,
    SigleField,
)
from report.forms.righe import RigaForm, scelta_di_asse
from report.models import Conteggio


class ConteggioForm(RigaForm):
    """Un conteggio di beneficiari: il valore, l'unità e di che cosa è parte."""

    in_piu = ("asse", "parte_di", "ripartizione", "composizione_di", "note")
    valore = NumeroField(label="Valore")

    class Meta:
        model = Conteggio
        fields = (
            *("cosa", "valore", "unita", "approssimazione", "motivo_differenza"),
            *("asse", "parte_di", "ripartizione", "composizione_di", "note"),
        )
        labels = {
            "cosa": "Che cosa si conta",
            "motivo_differenza": "Perché è diverso dal registro",
            "ripartizione": "Diviso per",
        }
        help_texts = {
            "ripartizione": "Per esempio «sede»: le voci con la stessa parola fanno il totale."
        }
        widgets = {"motivo_differenza": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"cosa": {"required": "Scrivi che cosa si conta."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._prepara_unita()
        self._prepara_legami()
        self.fields["approssimazione"] = forms.ChoiceField(
            label="Precisione",
            choices=[("", "Esatto"), *Conteggio.Approssimazione.choices],
            required=False,
        )
        if self.instance.valore_calcolato is None:
            del self.fields["motivo_differenza"]
        self.order_fields(self._meta.fields)

    @property
    def motivo(self) -> forms.BoundField | None:
        """Il perché della differenza dal registro, dove il registro ha un valore."""
        return self["motivo_differenza"] if "motivo_differenza" in self.fields else None

    def _prepara_unita(self):
        unita = dict.fromkeys([*self.domanda.unita, self.instance.unita])
        unita.pop("", None)
        if self.domanda.unita:
            self.fields["unita"] = forms.ChoiceField(
                label="Unità",
                choices=[("", "Scegli"), *((nome, nome) for nome in unita)],
                required=self.domanda.tipo == "conteggi",
                error_messages={"required": "Scegli l'unità: senza, il numero non si somma."},
            )

    def _prepara_legami(self):
        altri = [
            riga for riga in self.fascicolo.righe_di(self.domanda) if riga.pk != self.instance.pk
        ]
        self.fields["asse"] = scelta_di_asse(self.fascicolo, "Asse")
        self.fields["parte_di"] = SceltaDaElenco(altri, label="È parte di", vuoto="Niente")
        nuclei = [riga for riga in altri if riga.unita == Conteggio.Unita.NUCLEI]
        if "composizione_di" not in self.fields:
            return
        if nuclei:
            self.fields["composizione_di"] = SceltaDaElenco(
                nuclei, label="Sono le persone di", vuoto="Nessun nucleo contato qui"
            )
        else:
            del self.fields["composizione_di"]

    def clean_valore(self):
        valore = self.cleaned_data["valore"]
        if self.domanda.tipo == "conteggi" and valore is not None and valore % 1:
            raise ValidationError(
                "Persone, nuclei, aziende ed enti si contano interi: togli la virgola."
            )
        return valore

    def salva(self, versione, da):
        return azioni.salva_conteggio(
            conteggio=self.instance, versione=versione, da=da, **self.dati()
        )

    def aggiungi(self, da):
        return azioni.aggiungi_conteggio(
            scheda=self.fascicolo.scheda, sezione=self.domanda.codice, da=da, **self.dati()
        )


class NumeroForm(ConteggioForm):
    """Un numero di contorno: un valore, oppure un minimo e un massimo."""

    in_piu = ("parte_di", "note")
    minimo = NumeroField(label="Da")
    massimo = NumeroField(label="A")

    class Meta(ConteggioForm.Meta):
        fields = (
            *("cosa", "valore", "minimo", "massimo", "unita", "approssimazione"),
            *("motivo_differenza", "parte_di", "note"),
        )
        help_texts = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unita"].widget.attrs["placeholder"] = "giorni, anni…"

    def _prepara_legami(self):
        beneficiari = [
            riga
            for riga in self.fascicolo.conteggi
            if riga.sezione == Conteggio.Sezione.BENEFICIARI
        ]
        self.fields["parte_di"] = SceltaDaElenco(
            beneficiari, label="In percentuale di", vuoto="Non è una percentuale"
        )


class OutputForm(ConteggioForm):
    """Un prodotto contato, in una delle viste: totale, per azienda, per canale, in percentuale."""

    in_piu = ("asse", "parte_di", "presso", "canali", "altro_canale", "note")

    class Meta(ConteggioForm.Meta):
        fields = (
            *("tipo", "valore", "unita", "approssimazione", "gruppo", "motivo_differenza"),
            *("asse", "parte_di", "canali", "note"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        tipi = {tipo.codice: tipo.etichetta for tipo in self.domanda.tipi}
        if self.instance.tipo:
            tipi.setdefault(self.instance.tipo, self.instance.cosa)
        self.etichette = tipi
        self.fields["tipo"] = forms.ChoiceField(
            label="Risultato",
            choices=[("", "Scegli"), *tipi.items()],
            error_messages={"required": "Scegli il risultato che state contando."},
        )
        self.fields["gruppo"] = forms.ChoiceField(label="Vista", choices=Conteggio.Gruppo.choices)
        self.fields["parte_di"].label = "In percentuale di"
        self.fields["presso"] = NomeField(Ente, ELENCO_ENTI, label="Presso")
        self.initial["presso"] = self.instance.presso and self.instance.presso.denominazione
        self.fields["altro_canale"] = NomeField(
            Programma, ELENCO_PROGRAMMI, label="Con la misura o il programma"
        )
        if self.instance.canali:
            nomi = {
                slug: str(self.fascicolo.programmi.get(slug, slug))
                for slug in self.instance.canali
            }
            self.fields["canali"] = SigleField(nomi, label="Misure o programmi")
        else:
            del self.fields["canali"]
        self.order_fields([*self._meta.fields[:6], *self.in_piu])

    def _prepara_legami(self):
        super()._prepara_legami()
        basi = [riga for riga in self.fascicolo.conteggi if riga.pk != self.instance.pk]
        self.fields["parte_di"] = SceltaDaElenco(
            [riga for riga in basi if riga.sezione != Conteggio.Sezione.ALTRI_NUMERI],
            vuoto="Non è una percentuale",
        )

    @property
    def cambia_forma(self) -> bool:
        return bool({"canali", "altro_canale"} & set(self.changed_data))

    def dati(self) -> dict[str, Any]:
        dati = super().dati()
        canali = list(dati.get("canali", []))
        altro = dati.pop("altro_canale")
        if altro and altro.slug not in canali:
            canali.append(altro.slug)
        cosa = self.etichette[dati["tipo"]]
        presso = dati["presso"]
        return {**dati, "canali": canali, "cosa": f"{cosa}, {presso}"[:200] if presso else cosa}
