"""Ciò che i moduli delle righe di una scheda hanno in comune, le frasi e le uscite."""

from typing import Any, ClassVar

from django import forms

from enti.models import Ente
from enti.permessi import Attore
from report.azioni import righe as azioni
from report.fascicolo import Fascicolo, chiave
from report.forms.campi import ELENCO_ENTI, NomeField, NumeroField, SceltaDaElenco, SigleField
from report.modello_scheda import Domanda
from report.models import RigaDiScheda, Uscita, VoceTestuale


TITOLI_NUOVA = {
    "voci": "Aggiungi una frase",
    "canali": "Aggiungi un canale",
    "conteggi": "Aggiungi un conteggio",
    "numeri": "Aggiungi un numero",
    "output": "Aggiungi un risultato",
    "legami": "Aggiungi un ente",
}


class RigaForm(forms.ModelForm):
    """Ciò che ogni riga ha: la domanda a cui risponde, i campi in vista e quelli in più.

    `togliere`: se la riga si può togliere, o c'è sempre perché la chiede il modello.
    """

    in_piu: ClassVar[tuple[str, ...]] = ("note",)
    togliere: ClassVar[bool] = True
    # In una scheda quasi tutto può restare «non detto»: dirlo a ogni campo sarebbe rumore.
    segna_facoltativi: ClassVar[bool] = False

    def __init__(self, *args, domanda: Domanda, fascicolo: Fascicolo, **kwargs):
        super().__init__(*args, **kwargs)
        self.domanda, self.fascicolo = domanda, fascicolo
        if "note" in self.fields:
            self.fields["note"].label = "Nota per chi legge"
            self.fields["note"].widget.attrs["rows"] = 2

    @property
    def chiave(self) -> str:
        return chiave(self.instance)

    @property
    def campi_in_vista(self) -> list[forms.BoundField]:
        a_parte = (*self.in_piu, "motivo_differenza")
        return [self[nome] for nome in self.fields if nome not in a_parte]

    @property
    def campi_in_piu(self) -> list[forms.BoundField]:
        return [self[nome] for nome in self.fields if nome in self.in_piu]

    @property
    def in_piu_errati(self) -> bool:
        """Se fra i campi in più ce n'è uno da correggere: allora si mostrano aperti."""
        return any(nome in self.errors for nome in self.in_piu)

    @property
    def in_piu_in_breve(self) -> list[str]:
        """Ciò che i campi in più dicono già, da leggere anche quando sono chiusi."""
        detti = [(nome, getattr(self.instance, nome, None)) for nome in self.in_piu]
        return [
            f"{self.fields[nome].label.lower()} {valore}"
            for nome, valore in detti
            if nome in self.fields and valore and not isinstance(valore, list)
        ]

    @property
    def cambia_forma(self) -> bool:
        """Se ciò che si è scritto cambia i campi stessi: la riga va mostrata di nuovo."""
        return False

    @property
    def titolo_nuova(self) -> str:
        """Che cosa si aggiunge, per il bottone che apre il modulo."""
        return TITOLI_NUOVA.get(self.domanda.tipo, "Aggiungi una riga")

    def dati(self) -> dict[str, Any]:
        """I campi da scrivere, come li vogliono le azioni."""
        return {nome: self.cleaned_data[nome] for nome in self.fields}

    def salva(self, versione: int, da: Attore) -> RigaDiScheda:
        return azioni.salva_risposta(
            risposta=self.instance, versione=versione, da=da, **self.dati()
        )


class VoceForm(RigaForm):
    in_piu = ("asse", "enti_nominati", "altro_ente", "note")

    class Meta:
        model = VoceTestuale
        fields = ("canale", "testo", "asse", "enti_nominati", "note")
        labels = {"testo": "Testo", "canale": "Canale"}
        widgets = {"testo": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"testo": {"required": "Scrivi il testo, oppure togli la riga."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.domanda.tipo == "canali":
            self.fields["canale"].required = True
        else:
            del self.fields["canale"]
        if len(self.fascicolo.assi) > 1 or self.instance.asse_id:
            self.fields["asse"] = scelta_di_asse(self.fascicolo, "Riguarda")
        else:
            del self.fields["asse"]
        nomi = {
            slug: str(self.fascicolo.enti_citati.get(slug, slug))
            for slug in self.instance.enti_nominati
        }
        if nomi:
            self.fields["enti_nominati"] = SigleField(nomi, label="Enti nominati")
        else:
            del self.fields["enti_nominati"]
        self.fields["altro_ente"] = NomeField(Ente, ELENCO_ENTI, label="Nomina un ente")
        self.order_fields(["canale", "testo", *self.in_piu])

    @property
    def in_piu_in_breve(self) -> list[str]:
        citati = self.fascicolo.enti_citati
        enti = [str(citati.get(slug, slug)) for slug in self.instance.enti_nominati]
        return [*super().in_piu_in_breve, *(f"nomina {ente}" for ente in enti)]

    @property
    def cambia_forma(self) -> bool:
        return bool({"enti_nominati", "altro_ente"} & set(self.changed_data))

    def dati(self) -> dict[str, Any]:
        dati = super().dati()
        nominati = list(dati.get("enti_nominati", []))
        altro = dati.pop("altro_ente")
        if altro and altro.slug not in nominati:
            nominati.append(altro.slug)
        return {**dati, "enti_nominati": nominati}

    def salva(self, versione, da):
        return azioni.salva_voce(voce=self.instance, versione=versione, da=da, **self.dati())

    def aggiungi(self, da):
        return azioni.aggiungi_voce(
            scheda=self.fascicolo.scheda, sezione=self.domanda.codice, da=da, **self.dati()
        )


class UscitaForm(RigaForm):
    in_piu = ("note",)
    valore = NumeroField(label="Quanti")

    class Meta:
        model = Uscita
        fields = ("cosa", "valore", "unita", "fase", "motivo", "note")
        labels = {"cosa": "Chi ha lasciato"}
        widgets = {"motivo": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unita"] = forms.ChoiceField(
            label="Unità", choices=[(unita, unita) for unita in self.domanda.unita]
        )

    def salva(self, versione, da):
        return azioni.salva_uscita(uscita=self.instance, versione=versione, da=da, **self.dati())

    def aggiungi(self, da):
        return azioni.aggiungi_uscita(scheda=self.fascicolo.scheda, da=da, **self.dati())


def scelta_di_asse(fascicolo: Fascicolo, etichetta: str) -> SceltaDaElenco:
    """Uno degli assi della scheda, o nessuno in particolare."""
    return SceltaDaElenco(fascicolo.assi, label=etichetta, vuoto="Tutta la scheda")
