"""Il confine sulle persone, provato dal database: chi vede quale gruppo, e quando smette."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from beneficiari import models
from beneficiari.models import Affidamento, Autorizzazione, Beneficiario, Nota, Recapito
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import GRUPPI_SENSIBILI, Gruppo
from privacy.models import AccordoContitolarita, BaseGiuridica
from tests.fabbriche import EnteFactory, attore, ente_del_coordinamento
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    CondizioneRilevataFactory,
    IdentificativoFactory,
    NotaFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    RevocaConsensoFactory,
    ValutazioneFactory,
    accordo_fra,
    come,
)


pytestmark = pytest.mark.django_db

MODELLO_DEL_GRUPPO = {
    Gruppo.ANAGRAFICA: models.Beneficiario,
    Gruppo.CONTATTI: models.Recapito,
    Gruppo.IDENTIFICATIVI: models.Identificativo,
    Gruppo.NUCLEO: models.Componente,
    Gruppo.PRESTAZIONI: models.PresaInCarico,
    Gruppo.BISOGNI: models.BisognoRilevato,
    Gruppo.VALUTAZIONI: models.Valutazione,
    Gruppo.SALUTE: models.CondizioneRilevata,
    Gruppo.NOTE: models.Nota,
}
FABBRICHE = (
    RecapitoFactory,
    IdentificativoFactory,
    ComponenteFactory,
    BisognoRilevatoFactory,
    ValutazioneFactory,
    CondizioneRilevataFactory,
    NotaFactory,
)


@pytest.fixture
def persona(db):
    """Una persona con una riga per ogni gruppo di dati."""
    beneficiario = BeneficiarioFactory()
    for fabbrica in FABBRICHE:
        fabbrica(beneficiario=beneficiario)
    return beneficiario


def _visti(persona) -> set[str]:
    """I gruppi di cui il contesto corrente vede almeno una riga di `persona`."""
    return {
        gruppo.value
        for gruppo, modello in MODELLO_DEL_GRUPPO.items()
        if modello.objects.filter(**{modello.colonna_persona: persona.pk}).exists()
    }


TUTTI = {gruppo.value for gruppo in Gruppo}
SENSIBILI = {gruppo.value for gruppo in GRUPPI_SENSIBILI}


def test_il_referente_vede_tutto_delle_persone_del_suo_ente(persona):
    with come(attore(Ruolo.REFERENTE, ente=persona.ente)):
        assert _visti(persona) == TUTTI


def test_l_operatore_vede_i_gruppi_sensibili_solo_di_chi_segue(persona):
    chi = attore(Ruolo.OPERATORE, ente=persona.ente)
    with come(chi):
        assert _visti(persona) == TUTTI - SENSIBILI

    presa = PresaInCaricoFactory(beneficiario=persona, operatore=chi.utente)
    with come(chi):
        assert _visti(persona) == TUTTI

    with come_sistema(persona.ente):
        presa.operatore = attore(ente=persona.ente).utente
        presa.save()
    with come(chi):
        assert _visti(persona) == TUTTI - SENSIBILI


def test_l_operatore_apre_i_gruppi_sensibili_dicendo_perche(persona):
    chi = attore(Ruolo.OPERATORE, ente=persona.ente)
    fra_un_ora = timezone.now() + datetime.timedelta(hours=1)
    with come(chi):
        Affidamento.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            utente=chi.utente,
            tipo="aperto",
            motivo="Sostituisco la collega in ferie.",
            al=fra_un_ora,
        )
        assert _visti(persona) == TUTTI


@pytest.mark.parametrize("campi", [{"tipo": "assegnato"}, {"ore": 25}, {"motivo": "breve"}])
def test_un_operatore_non_si_affida_una_persona_da_solo(persona, campi):
    chi = attore(Ruolo.OPERATORE, ente=persona.ente)
    al = timezone.now() + datetime.timedelta(hours=campi.get("ore", 1))
    with come(chi), pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        Affidamento.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            utente=chi.utente,
            tipo=campi.get("tipo", "aperto"),
            motivo=campi.get("motivo", "Un motivo lungo abbastanza."),
            al=al,
        )


@pytest.mark.parametrize(
    "ruolo", [Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE, Ruolo.INVIANTE, Ruolo.GARANTE]
)
def test_chi_non_lavora_con_le_persone_non_ne_vede_nessuna(persona, ruolo):
    with come(attore(ruolo, ente=persona.ente)):
        assert _visti(persona) == set()


def test_un_altro_ente_non_vede_niente(persona):
    with come(attore(Ruolo.REFERENTE), finalita="presa-in-carico"):
        assert _visti(persona) == set()


@pytest.mark.parametrize("gruppo", [gruppo for gruppo in Gruppo if gruppo != Gruppo.ANAGRAFICA])
def test_un_autorizzazione_apre_solo_i_suoi_gruppi(persona, gruppo):
    altro = attore(Ruolo.OPERATORE)
    AutorizzazioneFactory(
        beneficiario=persona, destinatario=altro.ente, gruppi=["anagrafica", gruppo.value]
    )
    with come(altro, finalita="presa-in-carico"):
        assert _visti(persona) == {"anagrafica", gruppo.value}


@pytest.mark.parametrize("finalita", [None, "invio", "valutazione", "assistenza"])
def test_un_autorizzazione_vale_solo_per_la_sua_finalita(persona, finalita):
    altro = attore(Ruolo.OPERATORE)
    AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)
    with come(altro, finalita=finalita):
        assert _visti(persona) == set()


@pytest.mark.parametrize(
    ("livello", "gruppi"), [("esistenza", []), ("sintesi", ["prestazioni", "bisogni"])]
)
def test_esistenza_e_sintesi_non_aprono_righe(persona, livello, gruppi):
    altro = attore(Ruolo.OPERATORE)
    AutorizzazioneFactory(
        beneficiario=persona, destinatario=altro.ente, livello=livello, gruppi=gruppi
    )
    with come(altro, finalita="presa-in-carico"):
        assert _visti(persona) == set()


def test_la_revoca_del_consenso_vale_dalla_prossima_interrogazione(persona):
    altro = attore(Ruolo.OPERATORE)
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)
    with come(altro, finalita="presa-in-carico"):
        assert _visti(persona) == TUTTI

    RevocaConsensoFactory(consenso=concessa.consenso)

    with come(altro, finalita="presa-in-carico"):
        assert _visti(persona) == set()
    with come_sistema(persona.ente):
        concessa.refresh_from_db()
    assert concessa.motivo_revoca == "consenso revocato"


def test_la_fine_dell_accordo_chiude_le_autorizzazioni(persona):
    altro = attore(Ruolo.OPERATORE)
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)

    with come_sistema(ente_del_coordinamento()):
        AccordoContitolarita.objects.filter(pk=concessa.accordo_id).update(al=timezone.localdate())

    with come(altro, finalita="presa-in-carico"):
        assert _visti(persona) == set()


def test_una_fine_futura_dell_accordo_accorcia_le_autorizzazioni(persona):
    altro = attore(Ruolo.OPERATORE)
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)
    fra_un_mese = timezone.localdate() + datetime.timedelta(30)

    with come_sistema(ente_del_coordinamento()):
        AccordoContitolarita.objects.filter(pk=concessa.accordo_id).update(al=fra_un_mese)
    with come_sistema(persona.ente):
        concessa.refresh_from_db()

    assert concessa.al == fra_un_mese
    with come(altro, finalita="presa-in-carico"):
        assert _visti(persona) == TUTTI


def test_un_autorizzazione_di_legge_cade_con_la_sua_base(persona):
    altro = attore(Ruolo.OPERATORE)
    base = BaseGiuridicaFactory()
    AutorizzazioneFactory(
        beneficiario=persona,
        destinatario=altro.ente,
        gruppi=["anagrafica"],
        fondamento="legge",
        consenso=None,
    )
    with come(altro, finalita="presa-in-carico"):
        assert _visti(persona) == {"anagrafica"}

    with come_sistema(ente_del_coordinamento()):
        BaseGiuridica.objects.filter(pk=base.pk).update(al=timezone.localdate())

    with come(altro, finalita="presa-in-carico"):
        assert _visti(persona) == set()


def test_chiudere_una_base_che_chiede_il_consenso_non_tocca_quelle_di_legge(persona):
    altro = attore(Ruolo.OPERATORE)
    oggi = timezone.localdate()
    chiesta = BaseGiuridicaFactory(serve_consenso=True, al=oggi + datetime.timedelta(60))
    BaseGiuridicaFactory()
    AutorizzazioneFactory(
        beneficiario=persona,
        destinatario=altro.ente,
        gruppi=["anagrafica"],
        fondamento="legge",
        consenso=None,
    )

    with come_sistema(ente_del_coordinamento()):
        BaseGiuridica.objects.filter(pk=chiesta.pk).update(al=oggi)

    with come(altro, finalita="presa-in-carico"):
        assert _visti(persona) == {"anagrafica"}


def test_senza_base_di_legge_non_si_condivide(persona):
    with pytest.raises(IntegrityError, match="serve il consenso"):
        AutorizzazioneFactory(
            beneficiario=persona, gruppi=["anagrafica"], fondamento="legge", consenso=None
        )


def test_senza_accordo_non_si_condivide(persona):
    uno, altro = EnteFactory(), EnteFactory()
    with pytest.raises(IntegrityError, match="accordo di contitolarità"):
        AutorizzazioneFactory(
            beneficiario=persona, destinatario=uno, accordo=accordo_fra(persona.ente, altro)
        )


def test_chi_riceve_legge_e_non_scrive(persona):
    altro = attore(Ruolo.REFERENTE)
    AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)
    with come(altro, finalita="presa-in-carico"):
        cambiate = Beneficiario.objects.filter(pk=persona.pk).update(cognome="Cambiata")
        with pytest.raises(ProgrammingError), transaction.atomic():
            Nota.objects.create(
                ente=persona.ente,
                beneficiario=persona,
                testo_cifrato=b"x",
                scritta_da=altro.utente,
            )
    assert cambiate == 0


def test_un_recapito_riservato_lo_vede_solo_chi_lo_custodisce(persona):
    custode, collega = (attore(Ruolo.REFERENTE, ente=persona.ente) for _ in range(2))
    with come(custode):
        Recapito.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            tipo="indirizzo",
            valore="Casa segreta",
            riservato=True,
            custode=custode.utente,
        )
    altro = attore(Ruolo.REFERENTE)
    AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)

    viste = []
    for chi in (custode, collega, altro):
        with come(chi, finalita="presa-in-carico"):
            viste.append(Recapito.objects.filter(riservato=True).count())
    assert viste == [1, 0, 0]


def test_un_consenso_non_si_modifica_e_non_si_cancella(persona):
    consenso = AutorizzazioneFactory(beneficiario=persona).consenso
    for gesto in (
        "UPDATE beneficiari_consenso SET esito = 'rifiutato'",
        "DELETE FROM beneficiari_consenso",
    ):
        with (
            come(attore(Ruolo.REFERENTE, ente=persona.ente)),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursore,
        ):
            cursore.execute(gesto)
    assert consenso.esito == "prestato"


def test_un_autorizzazione_si_puo_solo_revocare(persona):
    concessa = AutorizzazioneFactory(beneficiario=persona)
    chi = attore(Ruolo.REFERENTE, ente=persona.ente)
    with come(chi), pytest.raises(ProgrammingError), transaction.atomic():
        Autorizzazione.objects.filter(pk=concessa.pk).update(livello="completo", gruppi=["note"])
    with come(chi):
        revocate = Autorizzazione.objects.filter(pk=concessa.pk).update(
            revocata_il=timezone.now(), revocata_da=chi.utente
        )
        riaperte = Autorizzazione.objects.filter(pk=concessa.pk).update(revocata_il=None)
    assert (revocate, riaperte) == (1, 0)


def test_una_riga_non_si_aggancia_alla_persona_di_un_altro_ente(persona):
    altro = attore(Ruolo.REFERENTE)
    with come(altro), connection.cursor() as cursore:
        cursore.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            Recapito.objects.create(
                ente=altro.ente, beneficiario_id=persona.pk, tipo="telefono", valore="1"
            )
        cursore.execute("SET CONSTRAINTS ALL DEFERRED")


def test_una_connessione_senza_contesto_non_vede_persone(persona, connessione_nuda):
    for modello in (*MODELLO_DEL_GRUPPO.values(), models.Consenso, models.Autorizzazione):
        trovate = connessione_nuda.execute(
            f"SELECT count(*) FROM {modello._meta.db_table}"  # noqa: S608 - nomi nostri
        ).fetchone()
        assert trovate == (0,)
