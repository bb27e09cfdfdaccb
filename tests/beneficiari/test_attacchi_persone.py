"""Chi lavora in un ente e prova a passare di lato: righe spostate, storie e letture inventate."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from beneficiari import models
from beneficiari.azioni.condivisioni import concedi
from beneficiari.models import Affidamento, Autorizzazione, Passaggio, PresaInCarico, Recapito
from enti.models import Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    CondizioneRilevataFactory,
    ConsensoFactory,
    IdentificativoFactory,
    NotaFactory,
    NucleoFactory,
    ObiettivoFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    ValutazioneFactory,
    accordo_fra,
    come,
)


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate
DI_UNA_PERSONA = (
    RecapitoFactory,
    IdentificativoFactory,
    ComponenteFactory,
    PresaInCaricoFactory,
    ObiettivoFactory,
    BisognoRilevatoFactory,
    ValutazioneFactory,
    CondizioneRilevataFactory,
    NotaFactory,
)


@pytest.fixture
def ente(db):
    return EnteFactory()


@pytest.fixture
def persona(ente):
    return BeneficiarioFactory(ente=ente)


@pytest.fixture
def referente(ente):
    return attore(Ruolo.REFERENTE, ente=ente)


@pytest.fixture
def operatore(ente):
    return attore(Ruolo.OPERATORE, ente=ente)


@pytest.mark.parametrize("fabbrica", DI_UNA_PERSONA, ids=lambda f: f._meta.model.__name__)
def test_una_riga_non_passa_da_una_persona_a_un_altra(persona, referente, fabbrica):
    riga = fabbrica(beneficiario=persona)
    altra = BeneficiarioFactory(ente=persona.ente)
    with (
        come(referente),
        pytest.raises(DatabaseError, match="non si sposta"),
        transaction.atomic(),
    ):
        type(riga).objects.filter(pk=riga.pk).update(beneficiario=altra)


def test_chi_segue_una_persona_non_fa_sua_quella_di_un_altro(persona, operatore):
    sua = PresaInCaricoFactory(beneficiario=persona, operatore=operatore.utente)
    altra = BeneficiarioFactory(ente=persona.ente)
    nota = NotaFactory(beneficiario=altra)
    with come(operatore):
        with pytest.raises(DatabaseError), transaction.atomic():
            PresaInCarico.objects.filter(pk=sua.pk).update(
                beneficiario=altra, operatore=operatore.utente
            )
        assert not models.Nota.objects.filter(pk=nota.pk).exists()


def test_un_nucleo_di_un_altro_ente_non_dice_chi_ne_fa_parte(operatore):
    altrove = ComponenteFactory()
    azione = PresaInCaricoFactory(beneficiario=BeneficiarioFactory(ente=operatore.ente)).azione
    with come(operatore), transaction.atomic():
        presa = PresaInCarico.objects.create(
            ente=operatore.ente,
            nucleo_id=altrove.nucleo_id,
            azione=azione,
            canale="passaparola",
            operatore=operatore.utente,
        )
        visti = Affidamento.objects.filter(beneficiario_id=altrove.beneficiario_id).count()
        transaction.set_rollback(True)
    assert presa.pk
    assert visti == 0


def test_la_storia_la_scrivono_solo_i_trigger(persona, referente):
    nota = NotaFactory(beneficiario=persona)
    with come(referente):
        vera = models.Nota.objects.get(pk=nota.pk)
        vera.testo = "Corretta."
        vera.save()
        with connection.cursor() as cursore:
            cursore.execute(
                "SELECT count(*) FROM beneficiari_storianota WHERE pgh_obj_id = %s", [nota.pk]
            )
            assert cursore.fetchone() == (2,)
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                cursore.execute(
                    "INSERT INTO beneficiari_storianota (SELECT (s).* FROM ("
                    " SELECT s FROM beneficiari_storianota s LIMIT 1) t)"
                )


def test_i_motivi_delle_aperture_li_legge_chi_le_ha_fatte_e_chi_risponde(
    persona, operatore, referente
):
    collega = attore(Ruolo.OPERATORE, ente=persona.ente)
    with come(operatore):
        Affidamento.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            utente=operatore.utente,
            tipo="aperto",
            motivo="Ha chiamato il pronto soccorso stanotte.",
            al=timezone.now() + datetime.timedelta(hours=1),
        )
    letti = []
    for chi in (operatore, collega, referente):
        with come(chi):
            letti.append(Affidamento.objects.filter(tipo="aperto").count())
    assert letti == [1, 0, 1]


def test_un_apertura_non_si_accorcia_a_prima_di_adesso(persona, operatore):
    with come(operatore):
        aperta = Affidamento.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            utente=operatore.utente,
            tipo="aperto",
            motivo="Sostituisco la collega in ferie.",
            al=timezone.now() + datetime.timedelta(hours=1),
        )
        ieri = timezone.now() - datetime.timedelta(days=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            Affidamento.objects.filter(pk=aperta.pk).update(al=ieri)


@pytest.mark.parametrize("livello", ["completo", "sintesi"])
def test_chi_non_vede_i_dati_sensibili_non_li_apre_a_un_altro_ente(persona, operatore, livello):
    altro = EnteFactory()
    consenso = ConsensoFactory(beneficiario=persona)
    accordo_fra(persona.ente, altro)
    gruppi = ["anagrafica", "note"] if livello == "completo" else ["bisogni"]
    condivisione = {
        "persona": persona,
        "destinatario": altro,
        "livello": livello,
        "gruppi": gruppi,
        "finalita": "presa-in-carico",
        "dal": OGGI(),
        "al": OGGI() + datetime.timedelta(30),
        "consenso": consenso,
        "da": operatore,
    }
    with come(operatore), pytest.raises(ValidationError, match="chi segue la persona"):
        concedi(**condivisione)

    PresaInCaricoFactory(beneficiario=persona, operatore=operatore.utente)
    with come(operatore):
        assert concedi(**condivisione).pk


def _proposto(persona, operatore) -> Passaggio:
    presa = PresaInCaricoFactory(beneficiario=persona, operatore=operatore.utente)
    concessa = AutorizzazioneFactory(
        beneficiario=persona, destinatario=EnteFactory(), finalita="invio"
    )
    return Passaggio(
        ente=persona.ente,
        presa=presa,
        beneficiario=persona,
        destinatario=concessa.destinatario,
        autorizzazione=concessa,
        motivo="Da voi c'è posto.",
        proposto_da=operatore.utente,
    )


def test_una_presa_in_carico_la_passa_solo_chi_la_segue(persona, operatore):
    passaggio = _proposto(persona, operatore)
    with (
        come(attore(Ruolo.OPERATORE, ente=persona.ente)),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        passaggio.save()
    with come(operatore):
        passaggio.save()
    assert passaggio.pk


def test_chi_propone_non_si_scrive_la_risposta_da_se(persona, operatore):
    passaggio = _proposto(persona, operatore)
    with come(operatore):
        passaggio.save()
        with pytest.raises(DatabaseError, match="accettando o rifiutando"), transaction.atomic():
            Passaggio.objects.filter(pk=passaggio.pk).update(
                risposta="Va bene", risposto_da=operatore.utente
            )


def test_un_recapito_riservato_non_si_prende_e_non_si_toglie(persona, operatore, referente):
    with come(referente):
        riservato = Recapito.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            tipo="indirizzo",
            valore="Via Nascosta 7",
            riservato=True,
            custode=referente.utente,
        )
    with come(operatore):
        sue = Recapito.objects.filter(pk=riservato.pk)
        assert sue.update(altro_custode=operatore.utente) == 0
        assert sue.update(riservato=False, custode=None) == 0
        assert sue.delete()[0] == 0


def test_un_autorizzazione_non_si_allunga_e_non_si_sposta(persona, referente):
    concessa = AutorizzazioneFactory(beneficiario=persona)
    for campi in ({"al": OGGI() + datetime.timedelta(900)}, {"destinatario": persona.ente}):
        with come(referente), pytest.raises(DatabaseError), transaction.atomic():
            Autorizzazione.objects.filter(pk=concessa.pk).update(**campi)
    with come_sistema(persona.ente):
        assert Autorizzazione.objects.filter(pk=concessa.pk, al=concessa.al).exists()


def test_un_nucleo_non_passa_a_un_altra_presa(persona, referente):
    presa = PresaInCaricoFactory(
        beneficiario=None, ente=persona.ente, nucleo=NucleoFactory(ente=persona.ente)
    )
    altro = NucleoFactory(ente=persona.ente)
    with (
        come(referente),
        pytest.raises(DatabaseError, match="non si sposta"),
        transaction.atomic(),
    ):
        PresaInCarico.objects.filter(pk=presa.pk).update(nucleo=altro)


def test_nessuno_diventa_l_attore_di_sistema(operatore):
    for chi, segno in ((Utente.objects.sistema(), False), (operatore.utente, True)):
        with (
            come(operatore),
            pytest.raises(DatabaseError, match="attore di sistema"),
            transaction.atomic(),
        ):
            Utente.objects.filter(pk=chi.pk).update(di_sistema=segno)
