"""Il nome di chi è dimenticato se ne va dai testi liberi che restano, e nient'altro cambia."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiari.azioni.codici import CodiceScritto
from beneficiari.azioni.emergenze import apri_emergenza
from beneficiari.models import AccessoDEmergenza, AvvisoDEmergenza, Beneficiario
from beneficiari.sguardi import in_emergenza
from conservazione.azioni.oblio import dimentica
from conservazione.models import VerbaleOblio
from enti.permessi import Attore, Ruolo
from prestazioni.models import AttivitaIndiretta, GruppoPresenze
from privacy.gruppi import GRUPPI_D_EMERGENZA, Finalita
from privacy.letture import registra_letture
from privacy.models import Violazione
from tests.fabbriche import attore
from tests.fabbriche_diritti import RichiestaFactory
from tests.fabbriche_persone import (
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    IdentificativoFactory,
    PresaInCaricoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    AttivitaIndirettaFactory,
    GruppoPresenzeFactory,
    MembroDiGruppoFactory,
)


pytestmark = pytest.mark.django_db
CF, ALTRO_CF = "RSSMRA80A01A182N", "VRDLGU75B02A479O"
TOLTO = "[cancellato con i dati della persona]"
# Un nome inventato fatto di parole che stanno in ogni motivo e in ogni verbale.
INVENTATO = {
    "cognome": "che per con una non pericolo ospedale stanza",
    "nome": "di in la il arriva rosa persona",
    "nome_scelto": "foglio perso sede svenuta",
}
SVENUTA = "È svenuta in sede, con pericolo: arriva l'ospedale per la persona."


def _dimentica(persona: Beneficiario, da: Attore) -> dict:
    with come(da):
        dimentica(persona, motivo="richiesta accolta", da=da)
        return VerbaleOblio.objects.order_by("-pk").first().conti.get("ritoccate", {})


def _violazione(referente: Attore, testo: str, **campi) -> Violazione:
    with come(referente):
        return Violazione.objects.create(
            ente=referente.ente,
            scoperta_il=timezone.now(),
            natura="riservatezza",
            descrizione=testo,
            aperta_da=referente.utente,
            **campi,
        )


def _chiusa(referente: Attore, testo: str) -> Violazione:
    return _violazione(
        referente,
        testo,
        misure=testo,
        garante="no",
        garante_motivo=testo,
        persone="no",
        persone_motivo=testo,
        chiusa_il=timezone.now(),
    )


def _descrizione(violazione: Violazione, da: Attore) -> str:
    with come(da):
        return Violazione.objects.get(pk=violazione.pk).descrizione


@pytest.fixture
def basi(db):
    for gruppo in GRUPPI_D_EMERGENZA:
        BaseGiuridicaFactory(finalita=Finalita.EMERGENZA, gruppo=gruppo)


def _accesso(da: Attore, motivo: str, codice: str = CF) -> AccessoDEmergenza:
    with come(da), registra_letture("prova"):
        uuid = apri_emergenza(codice=CodiceScritto("cf", codice, codice), motivo=motivo, da=da)
        accesso = AccessoDEmergenza.objects.get(uuid=uuid)
        in_emergenza(accesso)
    return accesso


def _motivo(accesso: AccessoDEmergenza, da: Attore) -> str:
    with come(da):
        return AccessoDEmergenza.objects.get(pk=accesso.pk).motivo


# L'attacco ----------------------------------------------------------------------------------


def test_con_un_nome_inventato_non_si_riscrive_niente_che_parli_d_altro(client, referente, basi):
    """Chi risponde dei dati inserisce una persona, ne accoglie la richiesta, e i testi restano quelli."""
    altro = attore(Ruolo.REFERENTE)
    altrove, qui = _accesso(altro, SVENUTA), _accesso(referente, SVENUTA)
    sua, altrui = _chiusa(referente, SVENUTA), _chiusa(altro, SVENUTA)
    # Le due parole vicine, ma in un altro ente.
    vicine = _chiusa(altro, f"{INVENTATO['cognome']} {INVENTATO['nome']}")

    client.entra(referente).post(reverse("beneficiari:nuova"), {"viste": "", **INVENTATO})
    with come(referente):
        persona = Beneficiario.objects.get()
    richiesta = RichiestaFactory(beneficiario=persona, tipo="cancellazione")
    accolta = reverse("beneficiari:richiesta_accogli", args=[richiesta.uuid])
    assert client.post(accolta, {"risposta": "Fatto.", "certo": "on"}).status_code == 302

    with come(referente):
        assert not Beneficiario.objects.exists()
        assert VerbaleOblio.objects.get().righe_ritoccate == 0
    assert (_motivo(qui, referente), _motivo(altrove, altro)) == (SVENUTA, SVENUTA)
    assert _descrizione(sua, referente) == _descrizione(altrui, altro) == SVENUTA
    assert "pericolo" in _descrizione(vicine, altro)


@pytest.mark.parametrize(
    "testo",
    [
        "la rosa nella stanza, e la parete bianca",
        "Rosa Bianchi e Anna Bianca",
        "Bianca non c'era: c'era Rosa",
        "Rosalba Bianca e Rosa Biancamano",
        "Rosa, Bianca e Anna",
    ],
)
def test_le_due_parole_lontane_o_dentro_altre_restano(referente, testo):
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Bianca", nome="Rosa")
    violazione = _violazione(referente, testo)

    assert _dimentica(persona, referente) == {}

    assert _descrizione(violazione, referente) == testo


# Come lo si può trovare scritto ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("cognome", "nome", "scritto"),
    [
        ("Bianca", "Rosa", "Bianca Rosa"),
        ("Bianca", "Rosa", "ROSA  BIANCA"),
        ("Bianca", "Rosa", "bianca, rosa"),
        ("De Luca", "Maria Rosa", "maria rosa de luca"),
        ("D'Amè", "Niccolò", "D’Ame' Niccolo"),
        ("D’ Amè", "Niccolo'", "NICCOLÒ D'AMÈ"),
        ("Nin\u0303o", "Jose\u0301", "José Niño"),
        ("Anna-Conti", "Lea", "Lea Anna Conti"),
        ("Hu", "Li", "Li Hu"),
        ("Re", "Bo", "Re Bo"),
        ("Иванова", "Анна", "АННА ИВАНОВА"),
        ("Hu", "", "Hu"),
        ("", "Rosa", "ROSA"),
    ],
)
def test_il_nome_intero_se_ne_va_nei_due_versi_comunque_sia_scritto(
    referente, cognome, nome, scritto
):
    persona = BeneficiarioFactory(ente=referente.ente, cognome=cognome, nome=nome, nome_scelto="")
    violazione = _violazione(referente, f"È stato perso il foglio di {scritto}, ieri.")

    assert _dimentica(persona, referente) == {
        "privacy_storiaviolazione": 1,
        "privacy_violazione": 1,
    }

    dopo = _descrizione(violazione, referente).replace("]'", "]")
    assert dopo == "È stato perso il foglio di [cancellato], ieri."


def test_chi_ha_un_nome_solo_si_cerca_con_l_iniziale_maiuscola(referente):
    """Se no una persona chiamata «che» riscriverebbe ogni frase."""
    persona = BeneficiarioFactory(ente=referente.ente, cognome="che", nome="", nome_scelto="")
    violazione = _violazione(referente, "Un foglio che era in sede.")

    _dimentica(persona, referente)

    assert _descrizione(violazione, referente) == "Un foglio che era in sede."


def test_conta_anche_com_era_scritta_e_il_nome_scelto(referente):
    persona = BeneficiarioFactory(
        ente=referente.ente, cognome="Bianca", nome="Marco", nome_scelto="Sara"
    )
    with come(referente):
        persona.cognome = "Neri"
        persona.save(update_fields=["cognome", "nome_cercato"])
    violazione = _violazione(referente, "Sara Neri, già Bianca Marco")

    _dimentica(persona, referente)

    assert _descrizione(violazione, referente) == "[cancellato], già [cancellato]"


def test_nei_gruppi_in_cui_e_stata_basta_una_parola_negli_altri_no(referente):
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Della Valle", nome="Li")
    gruppi = [
        GruppoPresenzeFactory(ente=referente.ente, nome=nome)
        for nome in ("Amici di Valle, della valle", "Li in Valle")
    ]
    presa = PresaInCaricoFactory(beneficiario=persona, azione=gruppi[0].azione)
    MembroDiGruppoFactory(presa=presa, gruppo_presenze=gruppi[0])

    _dimentica(persona, referente)

    with come(referente):
        suo, altro = GruppoPresenze.objects.order_by("pk")
    assert suo.nome == f"Amici di [cancellato], [cancellato] {suo.pk}"
    assert altro.nome == "Li in Valle"


# Le emergenze -------------------------------------------------------------------------------


def test_del_motivo_di_un_emergenza_non_resta_niente_e_si_lascia_dimenticare(referente, basi):
    """Un motivo con quasi soltanto il nome diventerebbe più corto di quanto il database accetta."""
    persona = BeneficiarioFactory(
        ente=referente.ente, cognome="Wickramasinghe", nome="Chandrasekhara"
    )
    corto = "Chandrasekhara Wickramasinghe"
    IdentificativoFactory(beneficiario=persona, codice=CF)
    altro = attore(Ruolo.OPERATORE)
    letta = _accesso(altro, "È svenuta davanti allo sportello.")
    non_letta = _accesso(altro, corto, ALTRO_CF)
    collega = attore(Ruolo.OPERATORE, ente=referente.ente)
    del_suo_ente = _accesso(collega, corto, ALTRO_CF)

    ritoccate = _dimentica(persona, referente)

    assert ritoccate == {"beneficiari_accessodemergenza": 2}
    assert (_motivo(letta, altro), _motivo(del_suo_ente, collega)) == (TOLTO, TOLTO)
    # Di un altro ente, e non l'ha letta: non è una riga che chi dimentica possa toccare.
    assert _motivo(non_letta, altro) == corto


def test_un_avviso_su_un_altra_che_la_nomina_perde_il_motivo(referente, basi):
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Bianca", nome="Rosa")
    altra = BeneficiarioFactory(ente=referente.ente)
    IdentificativoFactory(beneficiario=altra, codice=CF)
    motivo = "Litiga con Rosa Bianca, è in pericolo."
    _accesso(attore(Ruolo.OPERATORE), motivo)
    _accesso(attore(Ruolo.OPERATORE), "È svenuta davanti allo sportello.")

    ritoccate = _dimentica(persona, referente)

    with come(referente):
        motivi = list(AvvisoDEmergenza.objects.order_by("pk").values_list("motivo", flat=True))
    assert motivi == [TOLTO, "È svenuta davanti allo sportello."]
    assert ritoccate == {"beneficiari_avvisodemergenza": 1}


# Il verbale ---------------------------------------------------------------------------------


def test_il_verbale_dice_quante_righe_ha_ritoccato_e_non_le_conta_fra_le_tolte(client, referente):
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Bianca", nome="Rosa")
    for giorno in (1, 2):
        AttivitaIndirettaFactory(
            ente=referente.ente,
            descrizione="Riunione su Rosa Bianca",
            giorno=datetime.date(2026, 3, giorno),
        )
    AttivitaIndirettaFactory(ente=referente.ente, descrizione="Riunione")

    ritoccate = _dimentica(persona, referente)

    assert ritoccate == {
        "prestazioni_attivitaindiretta": 2,
        "prestazioni_storiaattivitaindiretta": 2,
    }
    with come(referente):
        verbale = VerbaleOblio.objects.get()
        testi = set(AttivitaIndiretta.objects.values_list("descrizione", flat=True))
    assert testi == {"Riunione su [cancellato]", "Riunione"}
    tolte = {voce: quante for voce, quante in verbale.conti.items() if voce != "ritoccate"}
    assert (verbale.righe_tolte, verbale.righe_ritoccate) == (sum(tolte.values()), 4)
    pagina = client.entra(referente).get(reverse("conservazione:notti"))
    assert "più 4 senza il suo nome" in " ".join(pagina.content.decode().split())


def test_chi_non_ha_un_nome_non_tocca_nessun_testo(referente):
    persona = BeneficiarioFactory(ente=referente.ente, anonima=True)
    violazione = _violazione(referente, "Un foglio perso.")

    assert _dimentica(persona, referente) == {}

    assert _descrizione(violazione, referente) == "Un foglio perso."
