"""I moduli di «Importa»: il foglio da caricare, le colonne, le scelte, ciò che resta da sciogliere."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.boundfield import BoundField

from assi.models import Servizio
from beneficiari.forms.casi import CampoAzione, CampoOperatore, chi_lavora_qui
from beneficiari.models import PresaInCarico
from enti.models import Ente
from prestazioni.importo.apertura import Proposta
from prestazioni.importo.campi import CAMPI
from prestazioni.importo.tipi import NUOVA, Dubbio, Scelte, ServizioIgnoto
from prestazioni.models import Importazione, ImportazioneQuerySet
from registro.comune.fogli.colonne import SICURA
from registro.comune.moduli import CampoScelta, FiltriForm


Tipo = Importazione.Tipo
TROPPO_GRANDE_O_MANCA = (
    "Scegli un file, di 10 MB al massimo: uno più grande non arriva. Togli immagini e fogli che non"
    " servono, oppure dividilo in più file."
)
ESEMPI_MOSTRATI = 3
# La risposta «lasciala fuori» su una persona in dubbio.
SALTA = "salta"


class CaricaFoglioForm(forms.Form):
    """Che cosa contiene il foglio, e il file. `uuid` riconosce lo stesso invio arrivato due volte."""

    uuid = forms.UUIDField(
        required=False,
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"invalid": "La pagina non è più intera: ricaricala e riprova."},
    )
    tipo = forms.ChoiceField(
        label="Che cosa contiene il foglio",
        choices=Tipo,
        widget=forms.RadioSelect,
        initial=Tipo.PRESTAZIONI,
        error_messages={"required": "Di' che cosa contiene il foglio."},
    )
    file = forms.FileField(
        label="Il foglio",
        help_text="XLSX o CSV, fino a 10 MB e 60.000 righe.",
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": TROPPO_GRANDE_O_MANCA, "missing": TROPPO_GRANDE_O_MANCA},
    )


class FiltriImportazioniForm(FiltriForm):
    """I filtri del registro delle importazioni."""

    tipo = forms.ChoiceField(
        label="Che cosa", required=False, choices=[("", "Tutto"), *Tipo.choices]
    )
    stato = forms.ChoiceField(
        label="Com'è andata",
        required=False,
        choices=[("", "In ogni stato"), *Importazione.Stato.choices],
    )

    def applica(self, righe: ImportazioneQuerySet) -> ImportazioneQuerySet:
        """Restringe ai filtri in uso."""
        return righe.filter(**self.in_uso)


class LetturaForm(forms.Form):
    """Quale foglio del file, e in che riga stanno i nomi delle colonne."""

    foglio = forms.ChoiceField(label="Foglio")
    riga = forms.IntegerField(label="Riga con i nomi delle colonne", min_value=1, max_value=60_000)

    def __init__(self, *args, fogli: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["foglio"].choices = [(nome, nome) for nome in fogli]
        if len(fogli) == 1:
            self.fields["foglio"].widget = forms.HiddenInput()


class ColonneForm(forms.Form):
    """Che cosa dice ogni colonna: un campo per colonna, `colonna-<lettera>`."""

    segna_facoltativi = False

    def __init__(self, *args, proposta: Proposta, tipo: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposta = proposta
        scelte = [("", "Non si usa"), *((voce.nome, voce.etichetta) for voce in CAMPI[tipo])]
        for posto, intestazione in zip(proposta.posti, proposta.intestazioni, strict=True):
            self.fields[_nome(posto)] = forms.ChoiceField(
                label=f"Che cosa dice la colonna {intestazione or posto}",
                choices=scelte,
                required=False,
                initial=proposta.colonne.get(posto, ""),
            )

    @property
    def colonne(self) -> dict[str, str]:
        """Lettera → campo, di tutte le colonne; «» quelle che non si usano."""
        return {posto: self.cleaned_data[_nome(posto)] for posto in self.proposta.posti}

    def clean(self):
        dati = super().clean()
        prima: dict[str, str] = {}
        for posto, intestazione in zip(
            self.proposta.posti, self.proposta.intestazioni, strict=True
        ):
            campo = dati.get(_nome(posto))
            if campo and campo in prima:
                self.add_error(
                    _nome(posto), f"La colonna «{prima[campo]}» dice già questo: scegline una."
                )
            elif campo:
                prima[campo] = intestazione or posto
        return dati

    def righe(self) -> Iterator[dict[str, Any]]:
        """Ogni colonna: `posto`, `intestazione`, `esempi`, il `campo` da scegliere, e se è da
        `controllare` perché il nome somiglia soltanto."""
        for numero, posto in enumerate(self.proposta.posti):
            valori = (riga[numero] for riga in self.proposta.esempi)
            yield {
                "posto": posto,
                "intestazione": self.proposta.intestazioni[numero],
                "esempi": list(dict.fromkeys(filter(None, valori)))[:ESEMPI_MOSTRATI],
                "campo": self[_nome(posto)],
                "controllare": self.proposta.fiducia.get(posto, SICURA) < SICURA,
            }


class ScelteForm(forms.Form):
    """Ciò che vale per tutte le righe che non lo dicono da sé."""

    segna_facoltativi = False
    PER_TIPO = {
        Tipo.PERSONE: (),
        Tipo.CASI: ("azione", "canale", "operatore", "nuove_persone", "nomi_unici"),
        Tipo.PRESTAZIONI: ("azione", "servizio", "operatore", "unita", "nomi_unici"),
        Tipo.ESITI: ("azione", "nomi_unici"),
    }

    azione = CampoAzione(
        label="Azione",
        required=False,
        help_text="Se la riga non la dice. Senza, vale quella per cui la persona è seguita.",
    )
    servizio = CampoScelta(
        Servizio.objects.none(),
        label="Servizio",
        required=False,
        to_field_name="uuid",
        empty_label="Lo dice ogni riga",
        help_text="Se la riga non lo dice.",
    )
    canale = forms.ChoiceField(
        label="Come è arrivata",
        required=False,
        choices=[("", "Lo dice ogni riga"), *PresaInCarico.Canale.choices],
        help_text="Se la riga non lo dice.",
    )
    operatore = CampoOperatore(
        label="Operatore",
        required=False,
        empty_label="Chi importa",
        help_text="Se la riga non lo dice.",
    )
    unita = forms.ChoiceField(
        label="Un numero solo nella durata, come 90 o 1,5",
        required=False,
        choices=[
            ("", "Chiedilo se non è chiaro"),
            ("minuti", "Sono minuti"),
            ("ore", "Sono ore"),
            ("centesimi", "Sono ore in centesimi: 1,30 è un'ora e 18 minuti"),
            ("sessantesimi", "Sono ore e minuti: 1,30 è un'ora e mezza"),
            ("giorni", "Sono le ore di Excel: 0,0625 è un'ora e mezza"),
        ],
        help_text="«1h30», «90'» e «1:30» si capiscono comunque.",
    )
    nuove_persone = forms.BooleanField(
        label="Crea le persone che mancano",
        required=False,
        help_text="Solo se la riga ne dice cognome, nome e data di nascita.",
    )
    nomi_unici = forms.BooleanField(
        label="Se il nome è di una persona sola dell'ente, è lei",
        required=False,
        help_text="Altrimenti, senza codice né data di nascita, si chiede ogni volta.",
    )

    def __init__(self, *args, tipo: str, ente: Ente, scelte: Scelte, **kwargs):
        super().__init__(*args, initial=_iniziali(scelte, ente), **kwargs)
        self.ente = ente
        for nome in set(self.fields) - set(self.PER_TIPO[tipo]):
            del self.fields[nome]
        if "azione" in self.fields:
            self.fields["azione"].per(ente)
            _, *azioni = self.fields["azione"].choices
            self.fields["azione"].choices = [("", "La dice ogni riga"), *azioni]
        if "servizio" in self.fields:
            self.fields["servizio"].queryset = Servizio.objects.di(ente).per_elenco()
        if "operatore" in self.fields:
            self.fields["operatore"].queryset = chi_lavora_qui(ente)

    def opzioni(self) -> dict[str, Any]:
        """I campi di `Scelte` che questo modulo decide."""
        dati = dict(self.cleaned_data)
        if "azione" in dati:
            dati["azione"] = dati["azione"].slug if dati["azione"] else ""
        if "servizio" in dati:
            dati["servizio"] = str(dati["servizio"].uuid) if dati["servizio"] else ""
        if "operatore" in dati:
            dati["operatore"] = dati["operatore"].pk if dati["operatore"] else None
        return dati


class ChiMancaForm(forms.Form):
    """In quale presa in carico entra chi nasce da un foglio di prestazioni, e come è arrivato."""

    segna_facoltativi = False

    azione = CampoAzione(
        label="Per quale azione si apre la presa in carico",
        required=False,
        help_text="Se la riga non la dice.",
    )
    canale = forms.ChoiceField(
        label="Come sono arrivate",
        choices=[("", "Scegli"), *PresaInCarico.Canale.choices],
        error_messages={"required": "Scegli come sono arrivate: vale per tutte."},
    )

    def __init__(self, *args, tipo: str, ente: Ente, scelte: Scelte, **kwargs):
        iniziali = {"azione": scelte.azione, "canale": scelte.canale}
        super().__init__(*args, initial=iniziali, **kwargs)
        # In un foglio di prese in carico lo dice ogni riga.
        if tipo == Tipo.CASI:
            self.fields.clear()
            return
        self.fields["azione"].per(ente)
        _, *azioni = self.fields["azione"].choices
        self.fields["azione"].choices = [("", "La dice ogni riga"), *azioni]

    def opzioni(self) -> dict[str, Any]:
        """I campi di `Scelte` che fanno nascere le persone che mancano."""
        dati: dict[str, Any] = {"nuove_persone": True}
        if self.fields:
            azione = self.cleaned_data["azione"]
            dati |= {
                "azione": azione.slug if azione else "",
                "canale": self.cleaned_data["canale"],
            }
        return dati


class ScioglimentiForm(forms.Form):
    """Le risposte ai dubbi di una pagina: chi è una persona, quale servizio è un nome.

    I campi si chiamano col posto che il dubbio ha nell'esame, mai con ciò che c'è scritto.
    """

    segna_facoltativi = False

    def __init__(
        self,
        *args,
        dubbi: Sequence[tuple[int, Dubbio]],
        ignoti: Sequence[tuple[int, ServizioIgnoto]],
        servizi: Sequence[Servizio],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.dubbi, self.ignoti = dubbi, ignoti
        for numero, ignoto in ignoti:
            self.fields[f"servizio-{numero}"] = forms.ChoiceField(
                label=f"«{ignoto.scritto}»", choices=_servizi(ignoto, servizi), required=False
            )
        for numero, dubbio in dubbi:
            self.fields[f"persona-{numero}"] = forms.ChoiceField(
                label=dubbio.scritta or "La persona con questo codice",
                choices=_persone(dubbio),
                required=False,
                widget=forms.RadioSelect,
            )

    def campi_persone(self) -> Iterator[tuple[Dubbio, BoundField]]:
        for numero, dubbio in self.dubbi:
            yield dubbio, self[f"persona-{numero}"]

    def campi_servizi(self) -> Iterator[tuple[ServizioIgnoto, BoundField]]:
        for numero, ignoto in self.ignoti:
            yield ignoto, self[f"servizio-{numero}"]

    @property
    def persone(self) -> dict[str, str]:
        """Chiave del dubbio → risposta, di quelli a cui si è risposto."""
        risposte = ((d.chiave, self._risposta(n)) for n, d in self.dubbi)
        return {chiave: risposta for chiave, risposta in risposte if risposta not in ("", SALTA)}

    @property
    def righe_saltate(self) -> list[int]:
        """Le righe delle persone che si lasciano fuori."""
        return [
            riga
            for numero, dubbio in self.dubbi
            for riga in dubbio.righe
            if self._risposta(numero) == SALTA
        ]

    def _risposta(self, numero: int) -> str:
        return self.cleaned_data.get(f"persona-{numero}", "")

    @property
    def servizi(self) -> dict[str, str]:
        """Nome scritto nel foglio → uuid del servizio scelto."""
        risposte = ((i.scritto, self.cleaned_data.get(f"servizio-{n}")) for n, i in self.ignoti)
        return {scritto: uuid for scritto, uuid in risposte if uuid}


def _nome(posto: str) -> str:
    return f"colonna-{posto}"


def _iniziali(scelte: Scelte, ente: Ente) -> dict[str, Any]:
    operatore = scelte.operatore and chi_lavora_qui(ente).filter(utente=scelte.operatore).first()
    return {
        "azione": scelte.azione,
        "servizio": scelte.servizio or None,
        "canale": scelte.canale,
        "operatore": operatore.uuid if operatore else None,
        "unita": scelte.unita,
        "nuove_persone": scelte.nuove_persone,
        "nomi_unici": scelte.nomi_unici,
    }


def _servizi(ignoto: ServizioIgnoto, servizi: Sequence[Servizio]) -> list:
    vicini = {uuid for uuid, _ in ignoto.vicini}
    altri = [(str(s.uuid), s.nome) for s in servizi if str(s.uuid) not in vicini]
    gruppi = (("Somigliano", list(ignoto.vicini)), ("Gli altri servizi dell'ente", altri))
    return [("", "Scegli il servizio"), *((titolo, voci) for titolo, voci in gruppi if voci)]


def _persone(dubbio: Dubbio) -> list[tuple[str, str]]:
    scelte = [(candidato.uuid, candidato.nome) for candidato in dubbio.candidati]
    if dubbio.puo_essere_nuova:
        scelte.append((NUOVA, "È una persona nuova"))
    quali = "la riga" if len(dubbio.righe) == 1 else f"le {len(dubbio.righe)} righe"
    return [*scelte, (SALTA, f"Salta {quali}")]
