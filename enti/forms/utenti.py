"""Filtri degli utenti; cambio di ruolo, chiusura, permesso in più."""

from django import forms
from django.db.models import F
from django.utils import timezone

from enti.forms.inviti import TUTTA_LA_RETE, prepara_ruoli, solo_a_chi_coordina
from enti.models import Appartenenza, AppartenenzaQuerySet, Ente, Nodo
from enti.permessi import ECCEZIONI_POSSIBILI, Attore, Permesso, Ruolo
from registro.comune.moduli import CampoGiorno, CampoScelta, FiltriForm
from registro.comune.ricerca import FormaNormale


ORDINAMENTI = {
    "nome": FormaNormale("utente__cognome"),
    "ente": FormaNormale("ente__denominazione"),
    "ruolo": "ruolo",
    "dal": "inizio",
    "al": "fine",
}


class FiltriUtentiForm(FiltriForm):
    """Restringono un elenco già limitato a chi si può curare. Nessun nome finisce nell'indirizzo."""

    USCITI = "usciti"

    ente = CampoScelta(
        Ente.objects.none(), required=False, to_field_name="slug", empty_label="Tutti gli enti"
    )
    ruolo = forms.ChoiceField(required=False, choices=[("", "Tutti"), *Ruolo.choices])
    mostra = forms.ChoiceField(
        required=False, choices=[("", "Chi c'è, o sta per arrivare"), (USCITI, "Chi è uscito")]
    )

    def __init__(self, *args, da: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        if da.cura_la_rete:
            self.fields["ente"].queryset = Ente.objects.attivi().per_denominazione()
        else:
            del self.fields["ente"]

    def applica(self, appartenenze: AppartenenzaQuerySet) -> AppartenenzaQuerySet:
        """Restringe ai filtri; se non si chiede altro, a chi c'è o sta per arrivare."""
        scelti = self.in_uso
        usciti = scelti.get("mostra") == self.USCITI
        appartenenze = appartenenze.finite() if usciti else appartenenze.non_finite()
        return appartenenze.filter(
            **{nome: scelti[nome] for nome in ("ente", "ruolo") if nome in scelti}
        )


def ordina(appartenenze: AppartenenzaQuerySet, chiave: str) -> AppartenenzaQuerySet:
    """Ordina per una chiave di `ORDINAMENTI`, al contrario col meno davanti; altrimenti per nome."""
    nome = chiave.removeprefix("-")
    if nome not in ORDINAMENTI or nome == chiave == "nome":
        return appartenenze.per_nome()
    campo = ORDINAMENTI[nome]
    campo = F(campo) if isinstance(campo, str) else campo
    verso = campo.desc(nulls_last=True) if chiave.startswith("-") else campo.asc(nulls_last=True)
    return appartenenze.order_by(verso, FormaNormale("utente__cognome"), "pk")


class RuoloForm(forms.Form):
    """Il ruolo nuovo di chi fa già parte dell'ente."""

    ruolo = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": "Scegli un ruolo."}
    )
    nodo = CampoScelta(
        Nodo.objects.none(),
        label="Nodo coordinato",
        required=False,
        to_field_name="slug",
        empty_label=TUTTA_LA_RETE,
        help_text="Serve solo per chi coordina.",
    )

    def __init__(self, *args, appartenenza: Appartenenza, da: Attore, **kwargs):
        nodo = appartenenza.nodo
        iniziali = {"ruolo": appartenenza.ruolo, "nodo": nodo.slug if nodo else None}
        super().__init__(*args, initial=iniziali, **kwargs)
        prepara_ruoli(self, da)

    def clean(self) -> dict:
        return solo_a_chi_coordina(self, super().clean())


class ChiusuraForm(forms.Form):
    """Quando finisce l'appartenenza: adesso, o alla fine di un giorno."""

    ADESSO, GIORNO = "adesso", "giorno"

    quando = forms.ChoiceField(
        label="Quando finisce",
        choices=[(ADESSO, "Adesso"), (GIORNO, "Alla fine di un giorno")],
        initial=ADESSO,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli quando finisce."},
    )
    giorno = CampoGiorno(
        label="Ultimo giorno",
        required=False,
        help_text="Serve solo se non finisce adesso.",
        error_messages={"invalid": "Questa data non esiste."},
    )

    def clean(self) -> dict:
        dati = super().clean()
        if dati.get("quando") == self.GIORNO and "giorno" not in self.errors:
            if dati.get("giorno") is None:
                self.add_error("giorno", "Scrivi l'ultimo giorno.")
            elif dati["giorno"] < timezone.localdate():
                self.add_error("giorno", "Il giorno è già passato: scegline uno da oggi in poi.")
        return dati

    @property
    def fine(self):
        """L'ultimo giorno scelto, o None per «adesso»; ha senso solo dopo `is_valid()`."""
        scelto = self.cleaned_data["quando"] == self.GIORNO
        return self.cleaned_data["giorno"] if scelto else None


class EccezioneForm(forms.Form):
    """Quale permesso in più, su che cosa, perché, fino a quando."""

    ENTE, NODO = "ente", "nodo"

    permesso = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=ECCEZIONI_POSSIBILI,
        error_messages={"required": "Scegli il permesso."},
    )
    ambito = forms.ChoiceField(
        label="Dove vale",
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli dove vale."},
    )
    motivo = forms.CharField(
        max_length=300,
        label="Perché",
        help_text="Resta scritto accanto al permesso.",
        error_messages={"required": "Scrivi perché serve."},
    )
    al = CampoGiorno(
        label="Fino al",
        required=False,
        help_text="Se non lo scrivi, vale finché non lo ritiri.",
        error_messages={"invalid": "Questa data non esiste."},
    )

    def __init__(self, *args, appartenenza: Appartenenza, **kwargs):
        super().__init__(*args, **kwargs)
        self._ente = appartenenza.ente
        ambiti = [(self.ENTE, f"Quando lavora per {self._ente.denominazione}")]
        if self._ente.nodo:
            ambiti.append((self.NODO, f"Per ogni ente del nodo {self._ente.nodo} di cui fa parte"))
        self.fields["ambito"].choices = ambiti

    def clean_permesso(self) -> Permesso:
        return Permesso(self.cleaned_data["permesso"])

    def clean_al(self):
        al = self.cleaned_data["al"]
        if al is not None and al < timezone.localdate():
            raise forms.ValidationError("Il giorno è già passato: scegline uno da oggi in poi.")
        return al

    @property
    def su(self) -> Ente | Nodo:
        """L'ente o il nodo scelto; ha senso solo dopo `is_valid()`."""
        return self._ente if self.cleaned_data["ambito"] == self.ENTE else self._ente.nodo
