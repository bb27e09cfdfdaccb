"""Il foglio delle presenze di un incontro."""

import uuid
from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from beneficiari.forms.casi import CampoOperatore, chi_lavora_qui
from enti.models import Appartenenza
from enti.permessi import Attore
from prestazioni.azioni.presenze import RigaDiPresenza
from prestazioni.azioni.prestazioni import NESSUNO, Fatto
from prestazioni.forms.gruppi import DURATA, ORA_SBAGLIATA
from prestazioni.models import MINUTI_AL_GIORNO, GruppoPresenze, Prestazione
from registro.comune.moduli import CampoGiorno, CampoScelte, FiltriForm


SENZA_NOME = "Le persone senza nome vanno da 1 a 5.000; se non ce n'erano, lascia vuoto."
NON_SUL_FOGLIO = (
    "Una persona segnata non è più nel gruppo quel giorno. Le altre sono ancora segnate: ricontrolla"
    " e salva."
)
DATE_SUL_FOGLIO = 12
GIORNI_DI_UN_PERIODO = 731


class CampoColleghi(CampoScelte):
    """Chi altro c'era: si scelgono appartenenze, e il modulo rende gli utenti."""

    def label_from_instance(self, obj: Appartenenza) -> str:
        return obj.utente.nome_completo

    def clean(self, value) -> list:
        return [scelta.utente for scelta in super().clean(value)]


class PresenzeForm(forms.Form):
    """Chi c'era e quando; `uuid` lo fa la pagina, così un foglio mandato due volte è uno solo."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    versione = forms.IntegerField(required=False, widget=forms.HiddenInput)
    presenti = forms.MultipleChoiceField(
        label="Presenti", required=False, error_messages={"invalid_choice": NON_SUL_FOGLIO}
    )
    senza_nome = forms.IntegerField(
        label="Persone senza nome",
        required=False,
        min_value=0,
        max_value=5000,
        error_messages={
            "min_value": SENZA_NOME,
            "max_value": SENZA_NOME,
            "invalid": "Scrivi quante persone con un numero intero.",
        },
        help_text="Chi c'era e non è nell'elenco: contalo soltanto.",
    )
    ora = forms.TimeField(
        label="A che ora",
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": ORA_SBAGLIATA},
    )
    minuti = forms.IntegerField(
        label="Durata in minuti",
        required=False,
        min_value=1,
        max_value=MINUTI_AL_GIORNO,
        error_messages=DURATA,
    )
    luogo = forms.CharField(label="Dove", max_length=100, required=False)
    oggetto = forms.CharField(
        label="Che cosa si è fatto",
        max_length=200,
        required=False,
        help_text="In poche parole, senza nomi di persone.",
    )
    operatore = CampoOperatore(label="Chi l'ha tenuto", empty_label=None)
    affiancano = CampoColleghi(
        Appartenenza.objects.none(),
        label="Chi altro c'era dell'ente",
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    segna_facoltativi = False

    def __init__(self, *args, attore: Attore, righe: Sequence[RigaDiPresenza], **kwargs):
        super().__init__(*args, **kwargs)
        self.righe = {riga.chiave: riga for riga in righe}
        self.fields["presenti"].choices = [(chiave, "") for chiave in self.righe]
        qui = chi_lavora_qui(attore.ente)
        self.fields["operatore"].queryset = self.fields["affiancano"].queryset = qui

    def clean_senza_nome(self) -> int | None:
        """Nessuno senza nome si scrive vuoto o zero: nel database è sempre vuoto."""
        return self.cleaned_data["senza_nome"] or None

    def clean(self) -> dict:
        dati = super().clean()
        operatore = dati.get("operatore")
        dati["affiancano"] = [u for u in dati.get("affiancano", []) if u != operatore]
        if not self.errors and not dati["presenti"] and not dati["senza_nome"]:
            raise ValidationError(NESSUNO, code="nessuno")
        return dati

    @property
    def segnate(self) -> list[RigaDiPresenza]:
        """Le righe segnate; ha senso solo dopo `is_valid()`."""
        return [self.righe[chiave] for chiave in self.cleaned_data["presenti"]]

    def fatto(self, gruppo: GruppoPresenze, giorno: date, foglio: Prestazione | None) -> Fatto:
        """Ciò che si è fatto; servizio, azione e modo di un foglio che c'è già non cambiano."""
        come = foglio or gruppo
        nomi = ("ora", "minuti", "luogo", "oggetto", "senza_nome", "operatore")
        return Fatto(
            servizio=come.servizio,
            azione=come.azione,
            modo=come.modo,
            giorno=giorno,
            gruppo=gruppo,
            **{nome: self.cleaned_data[nome] for nome in nomi},
        )


def iniziali_del_foglio(
    gruppo: GruppoPresenze, foglio: Prestazione | None, attore: Attore
) -> dict:
    """I valori con cui si apre un foglio: i suoi, o quelli soliti del gruppo."""
    chi = {voce.utente_id: voce.uuid for voce in chi_lavora_qui(attore.ente)}
    if foglio is None:
        operatore = chi.get(gruppo.operatore_id) or chi.get(attore.utente.pk)
        nomi = ("ora", "minuti", "luogo")
        return {nome: getattr(gruppo, nome) for nome in nomi} | {
            "uuid": uuid.uuid4(),
            "operatore": operatore,
        }
    affiancano = foglio.affiancamenti.filter(ente=attore.ente)
    nomi = ("uuid", "versione", "ora", "minuti", "luogo", "oggetto", "senza_nome")
    return {nome: getattr(foglio, nome) for nome in nomi} | {
        "operatore": chi.get(foglio.operatore_id),
        "affiancano": [chi.get(utente) for utente in affiancano.values_list("utente", flat=True)],
    }


def contenuto_della_bozza(scritti: QueryDict) -> str:
    """Ciò che si è scritto finora, da tenere come bozza. Le persone in fondo, una chiave corta
    ciascuna: in una bozza ce ne stanno più di cinquecento."""
    tenuti = QueryDict(mutable=True)
    for nome in PresenzeForm.base_fields:
        tenuti.setlist(nome, scritti.getlist(nome))
    presenti = tenuti.pop("presenti")
    tenuti["presenti"] = "-".join(chiave.replace("-", "") for chiave in presenti)
    return tenuti.urlencode()


def iniziali_della_bozza(contenuto: str) -> dict:
    """I valori scritti nella bozza di un foglio; `presenti` sono le chiavi delle righe."""
    scritti = QueryDict(contenuto)
    valori = {nome: scritti.get(nome) for nome in scritti}
    presenti = [_chiave(corta) for corta in scritti.get("presenti", "").split("-") if corta]
    return valori | {"presenti": presenti, "affiancano": scritti.getlist("affiancano")}


def _chiave(corta: str) -> str:
    """La chiave di una riga, dalla sua forma corta; una tronca resta com'è e non trova nessuno."""
    try:
        return str(uuid.UUID(corta))
    except ValueError:
        return corta


class PeriodoForm(FiltriForm):
    """Da quando a quando; ciò che manca o non torna lascia il periodo del gruppo."""

    dal = CampoGiorno(label="Dal", required=False)
    al = CampoGiorno(label="Al", required=False)

    segna_facoltativi = False

    def periodo(self, gruppo: GruppoPresenze, oggi: date) -> tuple[date, date]:
        """Il primo e l'ultimo giorno da guardare, estremi compresi."""
        scelti = self.in_uso
        dal = scelti.get("dal") or gruppo.dal
        al = scelti.get("al") or min(gruppo.al or oggi, oggi)
        return dal, max(dal, min(al, date.fromordinal(dal.toordinal() + GIORNI_DI_UN_PERIODO)))


class FoglioForm(FiltriForm):
    """Che cosa stampare: da quale giorno, per quanti incontri, di quale sottogruppo."""

    dal = CampoGiorno(label="Dal", required=False)
    quante = forms.IntegerField(
        label="Quanti incontri", required=False, min_value=1, max_value=DATE_SUL_FOGLIO
    )
    parte = forms.ChoiceField(label="Sottogruppo", required=False)

    segna_facoltativi = False

    def __init__(self, *args, parti: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parte"].choices = [("", "Tutti"), *((parte, parte) for parte in parti)]
