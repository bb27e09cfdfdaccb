"""Due enti con dentro tutto ciò che una pagina può aprire, e le persone che provano ad aprirlo.

Ogni testo porta il suo contrassegno: «E0…» è del proprio ente, «E1…» dell'altro. «E1P9…» è la
persona che l'altro ente condivide: di lei si possono vedere solo i gruppi autorizzati.
"""

import datetime
import re
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from beneficiari import models
from beneficiari.sguardi import apri_emergenza
from conservazione.caricamento import carica_durate
from conservazione.models import RegolaConservazione, Scadenza
from enti.models import Ente
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from prestazioni.importo import deposito
from prestazioni.models import GruppoPresenze, Importazione, Prestazione
from privacy.gruppi import GRUPPI_D_EMERGENZA
from privacy.letture import Raccolta, _raccolta, annota, registra_letture
from privacy.models import Violazione
from tests.conftest import RegistroClient
from tests.fabbriche import AppartenenzaFactory, EnteFactory, UtenteFactory, attore
from tests.fabbriche_diritti import AvvisoFactory, LimitazioneFactory, RichiestaFactory
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    AzioneFactory,
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    CondizioneRilevataFactory,
    ConsensoFactory,
    IdentificativoFactory,
    InformativaFactory,
    NotaFactory,
    NucleoFactory,
    ObiettivoFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    ValutazioneFactory,
    accordo_fra,
    come,
)
from tests.fabbriche_prestazioni import (
    AppuntamentoFactory,
    AttivitaIndirettaFactory,
    EsitoFactory,
    FoglioOreFactory,
    GruppoPresenzeFactory,
    MembroDiGruppoFactory,
    NotaDiPrestazioneFactory,
    PartecipazioneFactory,
    PianoRientroFactory,
    PraticaCasaFactory,
    RataFactory,
    ServizioFactory,
    TirocinioFactory,
)
from tests.fughe.mondo import leggi_in_emergenza


CONTRASSEGNO = re.compile(r"E\dP\dF\d")
# Della persona condivisa si vedono nome e recapiti, e nient'altro.
CONDIVISI = {"E1P9F1", "E1P9F2", "E1P9F5"}
GRUPPI_CONDIVISI = ["anagrafica", "contatti", "prestazioni"]


@dataclass
class Scena:
    proprio: Ente
    altro: Ente
    # chi prova: nome → client già entrato
    prove: dict[str, RegistroClient] = field(default_factory=dict)
    utenti: dict[str, Attore] = field(default_factory=dict)
    # nome dell'oggetto → uuid, nel proprio ente e nell'altro
    nostri: dict[str, UUID] = field(default_factory=dict)
    loro: dict[str, UUID] = field(default_factory=dict)
    documenti: dict[str, UUID] = field(default_factory=dict)
    # chi prova → l'accesso d'emergenza che ha aperto
    emergenze: dict[str, UUID] = field(default_factory=dict)

    def nostro(self, oggetto: str, chi: str) -> UUID | None:
        di_ciascuno = {"documento": self.documenti, "accesso_d_emergenza": self.emergenze}
        return di_ciascuno.get(oggetto, {}).get(chi) or self.nostri.get(oggetto)


def allestisci() -> Scena:
    segno = _raccolta.set(Raccolta("allestimento", "lavoro"))
    try:
        scena = Scena(
            EnteFactory(denominazione="Ente nostro"), EnteFactory(denominazione="Ente altro")
        )
        accordo = accordo_fra(scena.proprio, scena.altro)
        scena.nostri = _oggetti(scena.proprio, scena.altro, accordo, 0)
        scena.loro = _oggetti(scena.altro, EnteFactory(), None, 1)
        _condivisa(scena, accordo)
        scena.nostri["accordo"] = accordo.uuid
        BaseGiuridicaFactory()
        for gruppo in GRUPPI_D_EMERGENZA:
            BaseGiuridicaFactory(finalita="emergenza", gruppo=gruppo, serve_consenso=False)
        _chi_prova(scena)
        return scena
    finally:
        _raccolta.reset(segno)


def _persona(ente: Ente, segno: str, **campi):
    return BeneficiarioFactory(ente=ente, cognome=f"{segno}F1", nome="Prova", **campi)


def _oggetti(ente: Ente, destinatario: Ente, accordo, quale: int) -> dict[str, UUID]:
    """Un oggetto di ogni genere nell'ente; rende nome → uuid."""
    segno = f"E{quale}P0"
    persona = _persona(ente, segno)
    di_lei = {"beneficiario": persona}
    nucleo = NucleoFactory(ente=ente)
    operatore = attore(Ruolo.OPERATORE, ente=ente).utente
    presa = PresaInCaricoFactory(
        **di_lei, azione=AzioneFactory(), operatore=operatore, motivazione=f"{segno}F5"
    )
    assorbita, tenuta = (_persona(ente, f"E{quale}P{n}") for n in (1, 2))
    informativa = InformativaFactory(ente=ente)
    consenso = ConsensoFactory(**di_lei, informativa=informativa)
    autorizzazione = AutorizzazioneFactory(
        **di_lei,
        destinatario=destinatario,
        consenso=consenso,
        finalita="invio",
        **({"accordo": accordo} if accordo else {}),
    )
    with come_sistema(ente) as sistema:
        models.Beneficiario.objects.filter(pk=assorbita.pk).update(unito_a=tenuta)
        unione = models.Unione.objects.create(
            ente=ente, tenuta=tenuta, assorbita=assorbita, fatta_da=sistema.utente
        )
        passaggio = models.Passaggio.objects.create(
            ente=ente,
            beneficiario=persona,
            presa=presa,
            destinatario=destinatario,
            autorizzazione=autorizzazione,
            motivo=f"{segno}F5",
            proposto_da=sistema.utente,
        )
    righe = {
        "persona": persona,
        "anonima": BeneficiarioFactory(ente=ente, anonima=True),
        "presa": presa,
        "obiettivo": ObiettivoFactory(**di_lei, presa=presa, testo=f"{segno}F5"),
        "bisogno": BisognoRilevatoFactory(**di_lei),
        "valutazione": ValutazioneFactory(**di_lei, presa=presa, giudizio=f"{segno}F7"),
        "condizione": CondizioneRilevataFactory(**di_lei),
        "nota": NotaFactory(**di_lei, testo=f"{segno}F9"),
        "recapito": RecapitoFactory(**di_lei, valore=f"{segno}F2"),
        "identificativo": IdentificativoFactory(**di_lei, tipo="stp", codice=f"{segno}F3"),
        "nucleo": nucleo,
        "componente": ComponenteFactory(**di_lei, nucleo=nucleo),
        "consenso": consenso,
        "autorizzazione": autorizzazione,
        "passaggio": passaggio,
        "unione": unione,
        "informativa": informativa,
        "violazione": _violazione(persona),
        "servizio": ServizioFactory(ente=ente),
        "gruppo": _gruppo(presa),
        "prestazione": _prestazione(presa, segno),
        **_ottenuti(presa, segno),
        **_ore_e_impegni(presa, segno),
        **_diritti(persona, segno, destinatario),
        "scadenza": _in_scadenza(ente, f"E{quale}P4"),
    }
    return {nome: riga.uuid for nome, riga in righe.items()}


def _in_scadenza(ente: Ente, segno: str) -> models.Beneficiario:
    """Una persona alla fine del suo tempo: la pagina del rinvio porta il suo numero."""
    persona = _persona(ente, segno)
    carica_durate()
    oggi = timezone.localdate()
    with come_sistema(ente):
        Scadenza.objects.create(
            ente=ente,
            beneficiario=persona,
            regola=RegolaConservazione.objects.get(codice="persone-ferme"),
            evento_il=oggi,
            termine=oggi,
            avvisata_il=oggi,
            scade_il=oggi + datetime.timedelta(30),
        )
    return persona


def _diritti(persona, segno: str, altro: Ente) -> dict:
    """Ciò che la persona ha chiesto; una limitazione di un'altra, o le pagine non scriverebbero;
    un avviso che un altro ente ha mandato a questo."""
    limitata = _persona(persona.ente, f"{segno[:-1]}3")
    arrivato = RichiestaFactory(beneficiario=BeneficiarioFactory(ente=altro), che_cosa="Avviso")
    return {
        "richiesta": RichiestaFactory(beneficiario=persona, che_cosa=f"{segno}F5"),
        "limitazione": LimitazioneFactory(beneficiario=limitata),
        "avviso": AvvisoFactory(richiesta=arrivato, destinatario=persona.ente),
    }


def _violazione(persona) -> Violazione:
    """Una violazione dell'ente della persona: un suo operatore l'ha letta senza motivo."""
    with come_sistema(persona.ente) as sistema:
        prima = timezone.now()
        with registra_letture("prova"):
            annota(persona.pk, persona.ente_id, "anagrafica")
        return Violazione.objects.create(
            ente=persona.ente,
            scoperta_il=prima,
            natura="riservatezza",
            descrizione="Un account usato da chi non doveva.",
            chi=sistema.utente,
            dal=prima - datetime.timedelta(hours=1),
            al=prima + datetime.timedelta(hours=1),
            aperta_da=sistema.utente,
        )


def _ore_e_impegni(presa, segno: str) -> dict:
    """Le ore e gli impegni di un altro operatore, il foglio di un mese firmato, chi lavora lì."""
    di_lei = {"presa": presa, "beneficiario": presa.beneficiario, "ente": presa.ente}
    return {
        "appuntamento": AppuntamentoFactory(**di_lei, luogo=f"{segno}F5"),
        "indiretta": AttivitaIndirettaFactory(ente=presa.ente),
        "foglio_ore": FoglioOreFactory(ente=presa.ente),
        "appartenenza": AppartenenzaFactory(ente=presa.ente),
    }


def _ottenuti(presa, segno: str) -> dict:
    """Un esito e i percorsi che ne producono, della presa in carico."""
    piano = PianoRientroFactory(presa=presa)
    RataFactory(piano=piano)
    return {
        "esito": EsitoFactory(presa=presa, prova=f"{segno}F5"),
        "tirocinio": TirocinioFactory(presa=presa, nome_ospitante=f"{segno}F5"),
        "piano": piano,
        "pratica": PraticaCasaFactory(presa=presa, presso=f"{segno}F5"),
    }


def _prestazione(presa, segno: str) -> Prestazione:
    """Una prestazione resa da altri alla persona della presa in carico, con il suo appunto."""
    prestazione = PartecipazioneFactory(presa=presa).prestazione
    NotaDiPrestazioneFactory(
        prestazione=prestazione, beneficiario=presa.beneficiario, testo=f"{segno}F9"
    )
    return prestazione


def _gruppo(presa) -> GruppoPresenze:
    """Un gruppo con dentro la persona della presa in carico."""
    gruppo = GruppoPresenzeFactory(ente=presa.ente, azione=presa.azione)
    MembroDiGruppoFactory(presa=presa, gruppo_presenze=gruppo)
    return gruppo


def _condivisa(scena: Scena, accordo) -> None:
    """Una persona dell'altro ente aperta al nostro: anagrafica, contatti e prestazioni."""
    persona = _persona(scena.altro, "E1P9")
    di_lei = {"beneficiario": persona}
    RecapitoFactory(**di_lei, valore="E1P9F2")
    IdentificativoFactory(**di_lei, tipo="stp", codice="E1P9F3")
    NotaFactory(**di_lei, testo="E1P9F9")
    presa = PresaInCaricoFactory(
        **di_lei, motivazione="E1P9F5", operatore=attore(ente=scena.altro).utente
    )
    ValutazioneFactory(**di_lei, presa=presa, giudizio="E1P9F7")
    consenso = ConsensoFactory(**di_lei, gruppi=GRUPPI_CONDIVISI)
    autorizzazione = AutorizzazioneFactory(
        **di_lei,
        destinatario=scena.proprio,
        consenso=consenso,
        gruppi=GRUPPI_CONDIVISI,
        finalita="invio",
        accordo=accordo,
    )
    with come_sistema(scena.altro) as sistema:
        arrivo = models.Passaggio.objects.create(
            ente=scena.altro,
            beneficiario=persona,
            presa=presa,
            destinatario=scena.proprio,
            autorizzazione=autorizzazione,
            motivo="E1P9F5",
            proposto_da=sistema.utente,
        )
    scena.nostri |= {"ricevuta": autorizzazione.uuid, "arrivo": arrivo.uuid}
    # Quella che il nostro ente ha dato all'altro: per noi non è ricevuta.
    scena.loro |= {"ricevuta": scena.loro["autorizzazione"], "arrivo": scena.loro["passaggio"]}


def _chi_prova(scena: Scena) -> None:
    for ruolo in Ruolo:
        chi = attore(ruolo, ente=scena.proprio)
        scena.utenti[ruolo.value] = chi
        scena.prove[ruolo.value] = _client().entra(chi)
        if ruolo in (Ruolo.OPERATORE, Ruolo.REFERENTE):
            scena.emergenze[ruolo.value] = _emergenza(chi, "E1P9F3")
            scena.documenti[ruolo.value] = _documento(
                scena.proprio, scena.nostri["persona"], chi.utente
            )
        if ruolo == Ruolo.REFERENTE:
            scena.nostri["importazione"] = _foglio(chi, "E0P0F1")
    loro = attore(Ruolo.REFERENTE, ente=scena.altro)
    scena.loro["importazione"] = _foglio(loro, "E1P0F1")
    scena.loro["accesso_d_emergenza"] = _emergenza(loro, "E0P0F3")
    for oggetti, ente in ((scena.nostri, scena.proprio), (scena.loro, scena.altro)):
        oggetti["avviso_d_emergenza"] = _ultimo_avviso(ente)
    scena.loro["documento"] = _documento(scena.altro, scena.loro["persona"], loro.utente)
    ieri = timezone.localdate() - datetime.timedelta(1)
    finita = AppartenenzaFactory(ente=scena.proprio, fine=ieri)
    finito = Attore(finita.utente, finita.ente, finita.ruolo)
    scena.prove["finito"] = _client().entra(finito)
    scena.prove["senza ente"] = _client()
    scena.prove["senza ente"].force_login(UtenteFactory())
    scena.prove["anonimo"] = _client()


def _emergenza(chi: Attore, codice: str) -> UUID:
    """Un accesso d'emergenza aperto da `chi`, che ha già letto la persona con quel codice."""
    with come(chi):
        indici = {
            ente: models.Identificativo.indice_di("stp", ente=ente, normale=codice)
            for ente in Ente.objects.values_list("pk", flat=True)
        }
        uuid = apri_emergenza(
            tipo="stp", motivo="È svenuta davanti allo sportello.", minuti=60, indici=indici
        )
    leggi_in_emergenza(chi.utente.pk, chi.ente.pk, uuid)
    return uuid


def _ultimo_avviso(ente: Ente) -> UUID:
    with come_sistema(ente):
        return models.AvvisoDEmergenza.objects.filter(ente=ente).latest("pk").uuid


def _documento(ente: Ente, persona: UUID, utente) -> UUID:
    with come_sistema(ente):
        return models.DocumentoDiPersona.objects.create(
            ente=ente,
            utente=utente,
            tipo="scheda",
            beneficiario=models.Beneficiario.objects.get(uuid=persona),
        ).uuid


def _foglio(chi: Attore, cognome: str) -> UUID:
    """Un foglio di prestazioni appena caricato, con dentro una persona."""
    with come(chi):
        importazione = Importazione.objects.create(
            ente=chi.ente, utente=chi.utente, tipo="prestazioni", estensione="csv"
        )
    deposito.metti(importazione, f"Cognome;Nome;Data\n{cognome};Prova;2/3/2026\n".encode())
    return importazione.uuid


def _client() -> RegistroClient:
    return RegistroClient(raise_request_exception=False)
