"""Chi c'era: le persone scelte, la presa in carico di ognuna, e chi si scrive adesso."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from beneficiari.forms.anagrafica import AnagraficaForm
from beneficiari.forms.consensi import ConsensoForm
from beneficiari.models import Beneficiario, Consenso, PresaInCarico
from beneficiari.models.doppioni import simili
from enti.permessi import Attore
from prestazioni.azioni.prestazioni import NESSUNO
from prestazioni.azioni.registra import Apertura, PersonaNuova, Scelta
from prestazioni.forms.registra import RegistraForm
from prestazioni.models.proposte import Candidata, con_nucleo
from privacy.models import Informativa


PERSONE_IN_UNA_VOLTA = 60
TROPPE = (
    f"Si registrano al massimo {PERSONE_IN_UNA_VOLTA} persone in una volta: per gruppi più grandi"
    " usa Gruppi e presenze."
)
PREFISSO_PRESA = "presa-"
GIA_SCRITTA = "Forse c'è già: guarda se è una di queste. Se non lo è, registra ancora."


def scelte_scritte(scritto: QueryDict) -> dict[str, str]:
    """Per uuid di ogni persona scelta, l'uuid della presa indicata (vuoto se non c'è)."""
    scelte = {}
    for uuid in scritto.getlist("persona"):
        if chiave := _uuid(uuid):
            scelte[chiave] = scritto.get(f"{PREFISSO_PRESA}{uuid}", "")
    return scelte


def persone_scelte(attore: Attore, scelte: Mapping[str, str]) -> list[Beneficiario]:
    """Le persone dell'ente fra quelle scelte; chi non è dell'ente non c'è."""
    presenti = con_nucleo(Beneficiario.objects.di(attore.ente).presenti())
    return list(presenti.filter(uuid__in=list(scelte)).per_nome()) if scelte else []


def scelte_di(candidate: list[Candidata]) -> list[Scelta]:
    return [Scelta(voce.persona, voce.presa) for voce in candidate if voce.scelta]


def unica_chiusa(candidate: list[Candidata], giorno: date) -> PresaInCarico | None:
    """La presa in carico scelta che quel giorno era già chiusa; None se non è una sola."""
    prese = [voce.presa for voce in candidate if voce.scelta and voce.presa]
    chiuse = {presa for presa in prese if presa.chiusa_il and presa.chiusa_il < giorno}
    return chiuse.pop() if len(chiuse) == 1 else None


def _uuid(testo: str) -> str:
    try:
        return str(UUID(testo))
    except ValueError:
        return ""


class PersonaInBreveForm(AnagraficaForm):
    """Il minimo di una persona nuova: il resto si scrive dopo, nella sua pagina."""

    TENUTI = ("cognome", "nome", "nascita", "comune")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="nuova", **kwargs)
        for nome in set(self.fields) - set(self.TENUTI):
            del self.fields[nome]

    def campi(self) -> dict:
        """I valori per `inserisci_persona`. Il modulo è già valido."""
        dati = self.cleaned_data
        nascita = dati["nascita"]
        return {
            **{nome: dati[nome] for nome in ("cognome", "nome", "comune")},
            "data_nascita": nascita.giorno if nascita else None,
            "nascita_stimata": bool(nascita and nascita.solo_anno),
        }


class EsitoForm(forms.Form):
    """Che cosa dice del consenso la persona nuova."""

    DOPO = ""

    esito = forms.ChoiceField(
        label="Consenso a condividere i suoi dati con la rete",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (DOPO, "Lo chiedo un'altra volta"),
            (Consenso.Esito.PRESTATO, "Dice di sì"),
            (Consenso.Esito.RIFIUTATO, "Dice di no"),
        ],
        initial=DOPO,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="nuova", **kwargs)


@dataclass
class Nuova:
    """La persona che si scrive adesso, con il suo consenso: tre moduli letti insieme."""

    persona: PersonaInBreveForm
    esito: EsitoForm
    consenso: ConsensoForm | None
    informativa: Informativa | None
    simili: list[Beneficiario]
    viste: set[str]

    @classmethod
    def letta(cls, attore: Attore, scritto: QueryDict | None):
        """I moduli con ciò che è scritto; vuoti se non si è mandato niente."""
        informativa = Informativa.objects.in_uso().filter(ente=attore.ente).first()
        persona = PersonaInBreveForm(scritto)
        esito = EsitoForm(scritto)
        scelto = (scritto or {}).get("nuova-esito") or None
        consenso = informativa and ConsensoForm(
            scritto,
            prefix="consenso",
            informativa=informativa,
            persona=Beneficiario(data_nascita=_nascita(persona)),
            esito=scelto if scelto in Consenso.Esito.values else None,
        )
        viste = set((scritto or {}).get("nuova-viste", "").split())
        return cls(persona, esito, consenso, informativa, [], viste)

    @classmethod
    def ripresa(cls, attore: Attore, scritto: QueryDict):
        """I moduli com'erano scritti, consenso compreso, senza dire che cosa mancava."""
        nuova = cls.letta(attore, None)
        for modulo in filter(None, (nuova.persona, nuova.esito, nuova.consenso)):
            modulo.initial |= _com_era(modulo, scritto)
        return nuova

    @property
    def moduli(self) -> list[forms.Form]:
        """I moduli da far tornare: il consenso solo se la persona ha detto qualcosa."""
        detto = self.esito.is_valid() and self.esito.cleaned_data["esito"]
        return [self.persona, *([self.consenso] if detto and self.consenso else [])]

    def valida(self) -> bool:
        validi = [modulo.is_valid() for modulo in self.moduli]
        return all(validi)

    def guarda_le_simili(self, attore: Attore) -> bool:
        """Cerca chi le somiglia e non è ancora stato mostrato; rende se ce n'è."""
        campi = self.persona.campi()
        self.simili = list(
            simili(
                attore.ente,
                cognome=campi["cognome"],
                nome=campi["nome"],
                nascita=campi["data_nascita"],
                stimata=campi["nascita_stimata"],
            )
        )
        mai_viste = {str(voce.uuid) for voce in self.simili} - self.viste
        if mai_viste:
            self.persona.add_error(None, GIA_SCRITTA)
        return bool(mai_viste)

    def da_scrivere(self) -> PersonaNuova:
        """Per `registra_tutto`, dopo `valida()`."""
        consenso = {}
        if len(self.moduli) > 1:
            consenso = {
                "informativa": self.informativa,
                "esito": self.esito.cleaned_data["esito"],
                **self.consenso.campi,
            }
        return PersonaNuova(self.persona.campi(), consenso)

    def rifiutato(self, errore: ValidationError) -> bool:
        """Mette al suo posto un rifiuto che parla del consenso; rende se lo era."""
        if self.consenso and str(getattr(errore, "code", "") or "").startswith("consenso_"):
            self.consenso.rifiutato_dal_database(errore)
            return True
        return False


def _com_era(modulo: forms.Form, scritto: QueryDict) -> dict:
    """Per campo, ciò che era scritto; di un campo a più scelte, tutte."""
    return {
        nome: campo.widget.value_from_datadict(scritto, {}, modulo.add_prefix(nome))
        for nome, campo in modulo.fields.items()
        if modulo.add_prefix(nome) in scritto
    }


def _nascita(persona: PersonaInBreveForm):
    """La data scritta finora, se si capisce: dice se il consenso lo dà un genitore."""
    if not persona.is_bound:
        return None
    persona.is_valid()
    nascita = persona.cleaned_data.get("nascita")
    return nascita.giorno if nascita else None


def nuova_in_corso(scritto: QueryDict) -> bool:
    """Se c'è scritto qualcosa di una persona nuova: con il solo riquadro aperto non nasce nessuno."""
    return any(scritto.get(f"nuova-{nome}", "").strip() for nome in ("cognome", "nome", "nascita"))


def controlla_chi(
    form: RegistraForm,
    scelte: dict[str, str],
    scelti: list[Candidata],
    *,
    nuova: Nuova | None = None,
    altri: bool = False,
    al_massimo: int | None = None,
) -> bool:
    """Che ci sia qualcuno, e che di chi non è ancora seguito si dica come si comincia.

    `altri`: se c'è già qualcuno che qui non si sceglie. `al_massimo`: quante persone si accettano,
    la nuova compresa; None, tutte. Segna gli errori e rende se va bene.
    """
    dati = form.cleaned_data
    if al_massimo is not None and len(scelte) + (nuova is not None) > al_massimo:
        form.add_error("persona", TROPPE)
    if len(scelti) < len(scelte):
        form.add_error(
            "persona", "Una delle persone scelte non c'è più: scegli di nuovo chi c'era."
        )
    qualcuno = bool(scelti) or nuova is not None or altri
    if not qualcuno and not dati.get("senza_nome") and "senza_nome" not in form.errors:
        form.add_error("persona", NESSUNO)
    if not qualcuno and dati.get("nota", "").strip():
        form.add_error("nota", "L'appunto è su una persona: scegli di chi, oppure toglilo.")
    if nuova or any(voce.presa is None for voce in scelti):
        if not dati.get("azione_nuova"):
            form.add_error("azione_nuova", "Scegli per quale azione la segui.")
        if not dati.get("canale"):
            form.add_error("canale", "Scegli come è arrivata.")
    return not form.errors


def apertura_scritta(form: RegistraForm) -> Apertura | None:
    """Come aprire la presa in carico di chi non ne ha; None se non è detto."""
    dati = form.cleaned_data
    if dati["azione_nuova"] and dati["canale"]:
        return Apertura(dati["azione_nuova"], dati["canale"])
    return None
