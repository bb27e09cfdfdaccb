"""I moduli di una presa in carico: aprire, cambiare, affidare, chiudere, riaprire; i filtri."""

import datetime
from collections.abc import Iterable, Sequence

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from assi.models import Azione, TipoDiChiusura
from beneficiari.azioni.casi import PresaCambiata
from beneficiari.models import Beneficiario, Nucleo, PresaInCarico
from enti.models import Appartenenza, Ente
from enti.permessi import Attore
from registro.comune.moduli import CampoGiorno, CampoScelta


SENZA_DIAGNOSI = (
    "In parole semplici, senza diagnosi: ciò che serve e perché, non di che malattia si tratta."
)
PERSONA = "persona"


def chi_lavora_qui(ente: Ente) -> QuerySet[Appartenenza]:
    """Le appartenenze di chi può seguire una persona dell'ente, per cognome."""
    qui = Appartenenza.objects.in_corso().che_lavorano_per(ente)
    return qui.select_related("utente").per_nome()


class CampoOperatore(CampoScelta):
    """Chi segue: si sceglie un'appartenenza, e il modulo rende il suo utente."""

    def __init__(self, **altro) -> None:
        super().__init__(Appartenenza.objects.none(), to_field_name="uuid", **altro)

    def label_from_instance(self, obj: Appartenenza) -> str:
        return obj.utente.nome_completo

    def clean(self, value):
        scelta = super().clean(value)
        return scelta.utente if scelta else None


class CampoAzione(forms.ChoiceField):
    """Un'azione, con quelle dell'ente per prime; il modulo rende l'Azione."""

    def per(self, ente: Ente) -> None:
        """Propone le azioni dell'ente e, sotto, le altre della rete."""
        proprie = list(Azione.objects.di(ente).order_by("titolo", "pk"))
        sue = {azione.pk for azione in proprie}
        altre = [a for a in Azione.objects.order_by("titolo", "pk") if a.pk not in sue]
        self.azioni = {azione.slug: azione for azione in (*proprie, *altre)}
        gruppi = (("Azioni dell'ente", proprie), ("Altre azioni della rete", altre))
        self.choices = [("", "Scegli"), *_gruppi(gruppi, "slug", "titolo")]

    def clean(self, value):
        return self.azioni.get(super().clean(value))


class CampoEnte(forms.ChoiceField):
    """Un ente, con quelli pubblici per primi; il modulo rende l'Ente o None."""

    def prepara(self, senza: Ente) -> None:
        enti = [e for e in Ente.objects.attivi().per_denominazione() if e.pk != senza.pk]
        pubblici = [ente for ente in enti if ente.natura == Ente.Natura.PUBBLICO]
        altri = [ente for ente in enti if ente.natura != Ente.Natura.PUBBLICO]
        self.enti = {ente.slug: ente for ente in enti}
        gruppi = (("Enti pubblici", pubblici), ("Altri enti", altri))
        self.choices = [("", "Nessuno"), *_gruppi(gruppi, "slug", "denominazione")]

    def clean(self, value):
        return self.enti.get(super().clean(value))


def _gruppi(gruppi: Iterable[tuple[str, Sequence]], chiave: str, nome: str) -> list:
    return [
        (titolo, [(getattr(voce, chiave), getattr(voce, nome)) for voce in voci])
        for titolo, voci in gruppi
        if voci
    ]


class CasoForm(forms.Form):
    """Ciò che si dice di una presa in carico, aprendola o cambiandola."""

    azione = CampoAzione(
        label="Azione",
        error_messages={"required": "Scegli per quale azione la segui."},
    )
    aperta_il = CampoGiorno(label="Aperta il")
    canale = forms.ChoiceField(
        label="Come è arrivata",
        choices=[("", "Scegli"), *PresaInCarico.Canale.choices],
        error_messages={"required": "Scegli come è arrivata."},
    )
    ente_inviante = CampoEnte(
        label="Ente che l'ha inviata", required=False, help_text="Se l'ha mandata qualcuno."
    )
    motivazione = forms.CharField(
        label="Perché la seguiamo",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=SENZA_DIAGNOSI,
    )

    def __init__(self, *args, attore: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["azione"].per(attore.ente)
        self.fields["ente_inviante"].prepara(senza=attore.ente)


class ApriCasoForm(CasoForm):
    """Una presa in carico nuova: per la persona o per uno dei suoi nuclei, e chi la segue."""

    per = forms.ChoiceField(
        label="Per chi", widget=forms.RadioSelect, initial=PERSONA, help_text=""
    )
    operatore = CampoOperatore(label="La segue", empty_label=None)

    field_order = ("per", "azione", "aperta_il", "operatore", "canale", "ente_inviante")

    def __init__(self, *args, attore: Attore, nuclei: dict[str, Nucleo], **kwargs):
        super().__init__(*args, attore=attore, **kwargs)
        self.nuclei = nuclei
        if nuclei:
            nomi = [(chiave, f"Il nucleo: {_chi(nucleo)}") for chiave, nucleo in nuclei.items()]
            self.fields["per"].choices = [(PERSONA, "Solo la persona"), *nomi]
        else:
            del self.fields["per"]
        self.fields["operatore"].queryset = chi_lavora_qui(attore.ente)

    def scelto(self, persona: Beneficiario) -> Beneficiario | Nucleo:
        """Per chi si apre; ha senso solo dopo `is_valid()`."""
        return self.nuclei.get(self.cleaned_data.pop("per", PERSONA), persona)


def _chi(nucleo: Nucleo) -> str:
    return ", ".join(voce.beneficiario.come_si_chiama for voce in nucleo.di_adesso)


class ModificaCasoForm(CasoForm):
    """Cambia una presa in carico; `versione` è quella che chi scrive ha davanti."""

    prosecuzione = forms.ChoiceField(
        label="Va proseguita",
        required=False,
        choices=[("", "Non si sa ancora"), *PresaInCarico.Prosecuzione.choices],
    )
    versione = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    @staticmethod
    def iniziali(presa: PresaInCarico) -> dict:
        """Ciò che il modulo mostra di `presa`."""
        return {
            "azione": presa.azione.slug,
            "aperta_il": presa.aperta_il,
            "canale": presa.canale,
            "ente_inviante": presa.ente_inviante.slug if presa.ente_inviante else "",
            "motivazione": presa.motivazione,
            "prosecuzione": presa.prosecuzione,
            "versione": presa.versione,
        }


class SceltaForm(forms.Form):
    """Due hanno scritto la stessa presa in carico: campo per campo si dice quale testo tenere."""

    MIO, SUO, ENTRAMBI = "mio", "salvato", "entrambi"
    A_PAROLE = ("motivazione",)
    PREFISSO = "scelta-"

    def __init__(self, *args, cambiata: PresaCambiata, **kwargs):
        super().__init__(*args, **kwargs)
        self.cambiata = cambiata
        for nome in cambiata.discordi:
            scelte = [(self.SUO, "Tieni quello salvato"), (self.MIO, "Tieni il mio")]
            if nome in self.A_PAROLE:
                scelte.append((self.ENTRAMBI, "Tienili tutti e due"))
            self.fields[f"{self.PREFISSO}{nome}"] = forms.ChoiceField(
                label=f"{ModificaCasoForm.base_fields[nome].label}: quale tieni?",
                widget=forms.RadioSelect,
                choices=scelte,
                error_messages={"required": "Scegli quale tenere."},
            )

    def voci(self) -> list[dict]:
        """Per ogni campo discorde: il nome, le due scritture in parole, il campo della scelta."""
        attuale, proposti = self.cambiata.attuale, self.cambiata.proposti
        return [
            {
                "nome": ModificaCasoForm.base_fields[nome].label,
                "campo": self[f"{self.PREFISSO}{nome}"],
                "salvato": _in_parole(nome, getattr(attuale, nome)),
                "mio": _in_parole(nome, proposti[nome]),
            }
            for nome in self.cambiata.discordi
        ]

    def decisi(self) -> dict:
        """I campi come si è scelto di salvarli; ha senso solo dopo `is_valid()`."""
        decisi = dict(self.cambiata.proposti)
        for nome in self.cambiata.discordi:
            suo, mio = getattr(self.cambiata.attuale, nome), decisi[nome]
            scelta = self.cleaned_data[f"{self.PREFISSO}{nome}"]
            unito = f"{suo}\n\n{mio}" if scelta == self.ENTRAMBI else mio
            decisi[nome] = suo if scelta == self.SUO else unito
        return decisi


def _in_parole(nome: str, valore) -> str:
    if valore in (None, ""):
        return "non indicato"
    if isinstance(valore, datetime.date):
        return f"{valore:%d/%m/%Y}"
    scelte = dict(PresaInCarico._meta.get_field(nome).flatchoices)
    return scelte.get(valore, str(valore))


class AffidaForm(forms.Form):
    operatore = CampoOperatore(
        label="La seguirà", error_messages={"required": "Scegli a chi affidarla."}
    )

    def __init__(self, *args, presa: PresaInCarico, **kwargs):
        super().__init__(*args, **kwargs)
        colleghi = chi_lavora_qui(presa.ente).exclude(utente=presa.operatore_id)
        self.fields["operatore"].queryset = colleghi


class ChiudiForm(forms.Form):
    """Com'è finita. Di un abbandono si dicono anche fase, motivo e chi ha lasciato."""

    chiusa_il = CampoGiorno(label="Chiusa il")
    esito = CampoScelta(
        TipoDiChiusura.objects.none(),
        label="Com'è finita",
        to_field_name="codice",
        empty_label="Scegli",
        error_messages={"required": "Scegli com'è finita."},
    )
    esito_in_parole = forms.CharField(
        label="In parole",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Che cosa è cambiato per la persona. Senza diagnosi.",
    )
    prosecuzione = forms.ChoiceField(
        label="Va proseguita?",
        widget=forms.RadioSelect,
        choices=PresaInCarico.Prosecuzione.choices,
        error_messages={"required": "Di' se qualcuno deve continuare a seguirla."},
    )
    fase_abbandono = forms.ChoiceField(
        label="Quando ha lasciato",
        required=False,
        choices=[("", "Non ha lasciato"), *PresaInCarico.FaseAbbandono.choices],
    )
    unita_abbandono = forms.ChoiceField(
        label="Chi ha lasciato",
        required=False,
        choices=[("", "Nessuno"), *PresaInCarico.UnitaAbbandono.choices],
    )
    motivo_abbandono = forms.CharField(
        label="Perché ha lasciato", required=False, max_length=300, help_text="Senza diagnosi."
    )
    ABBANDONO = ("fase_abbandono", "unita_abbandono", "motivo_abbandono")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["esito"].queryset = TipoDiChiusura.objects.in_uso(timezone.localdate())

    @property
    def di_sempre(self) -> list[forms.BoundField]:
        return [self[nome] for nome in self.fields if nome not in self.ABBANDONO]

    @property
    def di_chi_lascia(self) -> list[forms.BoundField]:
        return [self[nome] for nome in self.ABBANDONO]

    @property
    def esiti_di_abbandono(self) -> str:
        """I nomi degli esiti che sono un abbandono, per la frase che lo spiega."""
        esiti = self.fields["esito"].queryset
        return ", ".join(esito.nome.lower() for esito in esiti if esito.abbandono)


class RiapriForm(forms.Form):
    motivo = forms.CharField(
        label="Perché riapre",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Com'era finita resta scritto. Senza diagnosi.",
        error_messages={"required": "Scrivi perché la presa in carico riapre."},
    )
