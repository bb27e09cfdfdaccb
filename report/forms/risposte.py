"""I moduli delle domande che il modello pone una volta: giudizi, misuratori, sì e no, legami."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assi.models import Azione
from enti.models import Ente
from registro.comune.moduli import CampoScelte
from report.azioni import righe as azioni
from report.fascicolo import Fascicolo
from report.forms.campi import ELENCO_ENTI, NomeField, SiNoField
from report.forms.righe import RigaForm
from report.modello_scheda import Domanda
from report.models import (
    AttivitaDiScheda,
    CollaborazionePubblica,
    Giudizio,
    Legame,
    Misuratore,
    Prosecuzione,
)


class GiudizioForm(RigaForm):
    """Il giudizio su un indicatore in una scelta sola: un voto, una parola, o perché manca."""

    in_piu = ("in_alcuni_casi", "note")
    togliere = False

    class Meta:
        model = Giudizio
        fields = ("in_alcuni_casi", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scala = self.domanda.scala or self.instance.scala
        self.fields["risposta"] = forms.ChoiceField(
            label=str(self.instance.indicatore),
            choices=[
                ("", "Nessuna risposta"),
                ("A parole", [(f"parola {p}", e) for p, e in Giudizio.Parola.choices]),
                ("Con un voto", [(f"voto {v}", f"{v} su {scala}") for v in range(1, scala + 1)]),
                (
                    "Senza giudizio",
                    [(f"stato {s}", Giudizio.Stato(s).label) for s in _STATI_SENZA_GIUDIZIO],
                ),
            ],
            initial=self._risposta_attuale(),
            required=False,
        )
        self.order_fields(["risposta"])

    def _risposta_attuale(self) -> str:
        giudizio = self.instance
        if giudizio.valore is not None:
            return f"voto {giudizio.valore}"
        if giudizio.parola:
            return f"parola {giudizio.parola}"
        muto = giudizio.stato == Giudizio.Stato.NON_PERVENUTO
        return "" if muto else f"stato {giudizio.stato}"

    def dati(self) -> dict[str, Any]:
        genere, _, risposta = self.cleaned_data["risposta"].partition(" ")
        espresso = genere in ("voto", "parola")
        return {
            "valore": int(risposta) if genere == "voto" else None,
            "parola": risposta if genere == "parola" else "",
            "stato": Giudizio.Stato.ESPRESSO
            if espresso
            else risposta or Giudizio.Stato.NON_PERVENUTO,
            "in_alcuni_casi": self.cleaned_data["in_alcuni_casi"] if espresso else "",
            "note": self.cleaned_data["note"],
        }

    def _post_clean(self):
        # Lo stato si ricava dalla risposta: lo controlla l'azione, che ha tutti i campi.
        pass

    def salva(self, versione, da):
        return azioni.salva_giudizio(
            giudizio=self.instance, versione=versione, da=da, **self.dati()
        )


_STATI_SENZA_GIUDIZIO = (Giudizio.Stato.NON_ESPRIMIBILE, Giudizio.Stato.NON_PERTINENTE)


def segna_senza_risposta(modulo: RigaForm, *nomi: str) -> None:
    """Una riga mai scritta non mostra nessuna scelta: «non so» è una risposta, il silenzio no."""
    for nome in nomi:
        if modulo.instance.pk is None:
            modulo.initial[nome] = _NESSUNA_SCELTA
        elif modulo.initial.get(nome) is None:
            modulo.initial[nome] = ""


# Un valore che non è fra le scelte, e quindi non ne segna nessuna.
_NESSUNA_SCELTA = "-"


class MisuratoreForm(RigaForm):
    """Un voto da zero al massimo della scala, e le parole che lo spiegano."""

    in_piu = ("testo",)
    togliere = False

    class Meta:
        model = Misuratore
        fields = ("valore", "testo")
        labels = {"testo": "A parole"}
        widgets = {"testo": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scala = self.domanda.scala or self.instance.scala
        asse = self.instance.asse
        self.fields["valore"] = forms.TypedChoiceField(
            label=f"Voto per l'asse {asse}" if asse else "Voto",
            choices=[*((str(v), str(v)) for v in range(scala + 1)), ("", "Non so")],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )
        self.order_fields(["valore", "testo"])
        segna_senza_risposta(self, "valore")

    def salva(self, versione, da):
        return azioni.salva_misuratore(
            misuratore=self.instance, versione=versione, da=da, **self.dati()
        )


class CollaborazioneForm(RigaForm):
    togliere = False
    attivata = SiNoField(label="Collaborazione attivata")

    class Meta:
        model = CollaborazionePubblica
        fields = ("attivata", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        segna_senza_risposta(self, "attivata")


class AttivitaForm(RigaForm):
    togliere = False
    elementi_innovativi = SiNoField(label="Con elementi nuovi")

    class Meta:
        model = AttivitaDiScheda
        fields = ("tipo", "elementi_innovativi", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tipo"] = forms.ChoiceField(
            label=f"Asse {self.instance.asse}",
            choices=[*AttivitaDiScheda.Tipo.choices, ("", "Non si può dire")],
            required=False,
            widget=forms.RadioSelect,
        )
        self.order_fields(self._meta.fields)
        segna_senza_risposta(self, "tipo", "elementi_innovativi")


class ProsecuzioneForm(RigaForm):
    togliere = False
    necessaria = SiNoField()

    class Meta:
        model = Prosecuzione
        fields = ("necessaria", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        asse = self.instance.asse
        self.fields["necessaria"].label = f"Asse {asse}" if asse else "È necessario proseguire"
        segna_senza_risposta(self, "necessaria")


class LegameForm(RigaForm):
    """Un legame già dichiarato: si dice se è formalizzato, o lo si toglie."""

    class Meta:
        model = Legame
        fields = ("formalizzato", "note")
        labels = {"formalizzato": "Con un protocollo o un accordo scritto"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.domanda.codice != Legame.Momento.PUBBLICO:
            del self.fields["formalizzato"]

    def salva(self, versione, da):
        return azioni.salva_legame(legame=self.instance, versione=versione, da=da, **self.dati())


class LegameNuovoForm(RigaForm):
    """Un legame da dichiarare: con un ente o, per chi c'era già, con tutta la rete."""

    in_piu = ()
    verso = NomeField(Ente, ELENCO_ENTI, label="Con quale ente")

    class Meta:
        model = Legame
        fields = ("verso", "tutta_la_rete", "eccetto", "formalizzato")
        labels = {
            "tutta_la_rete": "Con tutta la rete del progetto",
            "eccetto": "È l'eccezione: con questo ente no",
            "formalizzato": "Con un protocollo o un accordo scritto",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        gia_tutta = any(riga.tutta_la_rete for riga in self.fascicolo.righe_di(self.domanda))
        di_prima = self.domanda.codice == Legame.Momento.PREESISTENTE
        if not di_prima or gia_tutta:
            del self.fields["tutta_la_rete"]
        if not gia_tutta:
            del self.fields["eccetto"]
        if self.domanda.codice != Legame.Momento.PUBBLICO:
            del self.fields["formalizzato"]

    def clean(self):
        dati = super().clean()
        if dati.get("tutta_la_rete"):
            dati["verso"] = None
        elif not dati.get("verso") and "verso" not in self.errors:
            raise ValidationError({"verso": "Scrivi il nome di un ente."})
        return dati

    def _post_clean(self):
        # Il momento e la scheda li mette l'azione, che poi controlla tutta la riga.
        pass

    def aggiungi(self, da):
        return azioni.aggiungi_legame(
            scheda=self.fascicolo.scheda, momento=self.domanda.codice, da=da, **self.dati()
        )


class AzioniForm(forms.Form):
    """Di quali attività rende conto la scheda, fra quelle dei suoi dichiaranti."""

    chiave = "azioni"
    togliere = False
    cambia_forma = False
    campi_in_piu = ()

    azioni = CampoScelte(
        Azione.objects.none(),
        label="Attività svolte",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, domanda: Domanda, fascicolo: Fascicolo, **kwargs):
        scelte = [riga.azione_id for riga in fascicolo.azioni]
        super().__init__(*args, initial={"azioni": scelte}, **kwargs)
        self.domanda, self.fascicolo = domanda, fascicolo
        dichiaranti = [riga.dichiarante_id for riga in fascicolo.dichiaranti]
        possibili = Azione.objects.filter(
            progetto=fascicolo.scheda.campagna.progetto_id, enti__in=dichiaranti
        )
        self.fields["azioni"].queryset = (
            (possibili | Azione.objects.filter(pk__in=scelte)).distinct().per_inizio()
        )

    @property
    def campi_in_vista(self) -> list[forms.BoundField]:
        return [self["azioni"]]

    def dati(self) -> dict[str, Any]:
        return self.cleaned_data

    def salva(self, versione, da):
        return azioni.salva_azioni(scheda=self.fascicolo.scheda, da=da, **self.cleaned_data)
