"""Ciò che una riga non deve poter dire né spostare, nemmeno saltando il programma."""

import datetime
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from enti.permessi import Ruolo
from prestazioni.azioni.prestazioni import Fatto, annulla, correggi
from prestazioni.models import (
    Affiancamento,
    AttivitaIndiretta,
    Esito,
    FoglioOre,
    Importazione,
    Partecipazione,
    Prestazione,
    RigaImportata,
)
from privacy.letture import registra_letture
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, PresaInCaricoFactory, come
from tests.fabbriche_prestazioni import (
    AttivitaIndirettaFactory,
    EsitoFactory,
    FoglioOreFactory,
    NotaDiPrestazioneFactory,
    PartecipazioneFactory,
    PrestazioneFactory,
)


pytestmark = pytest.mark.django_db

AGOSTO, SETTEMBRE = datetime.date(2026, 8, 5), datetime.date(2026, 9, 5)


@contextmanager
def rifiutata(frase: str):
    with pytest.raises(DatabaseError, match=frase), transaction.atomic():
        yield


@pytest.fixture
def operatore():
    return attore()


@pytest.fixture
def collega(operatore):
    return attore(ente=operatore.ente)


@pytest.fixture
def referente(operatore):
    return attore(Ruolo.REFERENTE, ente=operatore.ente)


def _importazione(di) -> Importazione:
    return Importazione.objects.create(
        ente=di.ente, utente=di.utente, tipo=Importazione.Tipo.PERSONE, impronta="0" * 64
    )


def test_annullando_non_si_tolgono_le_persone_di_un_altro_ente(referente):
    altrove = BeneficiarioFactory()

    with come(referente), rifiutata("è dell'ente che l'ha importata"):
        RigaImportata.objects.create(
            ente=referente.ente,
            importazione=_importazione(referente),
            tabella="beneficiari_beneficiario",
            chiave=altrove.pk,
        )


def test_una_riga_importata_la_scrive_solo_chi_risponde_dei_dati(operatore):
    persona = BeneficiarioFactory(ente=operatore.ente)

    with come(operatore), rifiutata("row-level security"):
        RigaImportata.objects.create(
            ente=operatore.ente,
            importazione=_importazione(operatore),
            tabella="beneficiari_beneficiario",
            chiave=persona.pk,
        )


@pytest.mark.parametrize("giorno", [AGOSTO, SETTEMBRE])
def test_scrivendo_in_un_altro_ente_il_rifiuto_non_dice_quali_mesi_ha_firmato(operatore, giorno):
    altrove = attore()
    FoglioOreFactory(ente=altrove.ente, operatore=altrove.utente, mese=AGOSTO.replace(day=1))
    sua = PrestazioneFactory(ente=altrove.ente, operatore=altrove.utente, giorno=SETTEMBRE)

    with come(operatore), rifiutata("row-level security"):
        Prestazione.objects.create(
            ente=altrove.ente,
            servizio_id=sua.servizio_id,
            azione_id=sua.azione_id,
            operatore=altrove.utente,
            giorno=giorno,
            registrata_da=operatore.utente,
        )


def test_affiancare_la_prestazione_di_un_altro_ente_e_come_una_che_non_c_e(operatore):
    altrove = attore()
    sua = PrestazioneFactory(ente=altrove.ente, operatore=altrove.utente)

    for chiave in (sua.pk, 987_654):
        for chi in (operatore.utente, altrove.utente):
            with come(operatore), rifiutata("La prestazione non c'è più"):
                Affiancamento.objects.create(
                    ente=operatore.ente, prestazione_id=chiave, utente=chi
                )


def test_un_esito_in_una_presa_di_un_altro_ente_non_dice_di_chi_e(operatore):
    presa = PresaInCaricoFactory()
    tipo = EsitoFactory().tipo

    with come(operatore), rifiutata("La presa in carico non c'è"):
        Esito.objects.create(
            ente=operatore.ente,
            presa=presa,
            tipo=tipo,
            giorno=AGOSTO,
            registrato_da=operatore.utente,
        )


@pytest.fixture
def affiancata(operatore, collega, referente):
    """Una prestazione di `operatore` con `collega`, che ad agosto ha il mese firmato."""
    riga = PrestazioneFactory(ente=operatore.ente, operatore=operatore.utente, giorno=AGOSTO)
    with come(operatore):
        Affiancamento.objects.create(ente=operatore.ente, prestazione=riga, utente=collega.utente)
    FoglioOreFactory(ente=operatore.ente, operatore=collega.utente, mese=AGOSTO.replace(day=1))
    return riga


def test_spostare_il_giorno_non_toglie_le_ore_al_mese_firmato_di_chi_affianca(
    affiancata, operatore
):
    fatto = Fatto(
        servizio=affiancata.servizio,
        azione=affiancata.azione,
        giorno=SETTEMBRE,
        minuti=30,
        senza_nome=2,
    )

    with (
        come(operatore),
        registra_letture("prova"),
        pytest.raises(ValidationError, match="firmato"),
    ):
        correggi(affiancata, fatto, presenti=[], versione=1, da=operatore)

    with come(operatore):
        assert Prestazione.objects.get(pk=affiancata.pk).giorno == AGOSTO
        assert Affiancamento.objects.filter(prestazione=affiancata).exists()


@pytest.mark.parametrize("campi", [{"minuti": 300}, {"giorno": SETTEMBRE}])
def test_durata_e_giorno_si_fermano_con_il_mese_di_chi_affianca(affiancata, operatore, campi):
    with come(operatore), rifiutata("già firmato"):
        Prestazione.objects.filter(pk=affiancata.pk).update(**campi)


def test_un_affiancamento_non_passa_a_un_altro_operatore(affiancata, operatore, referente):
    with come(operatore), rifiutata("non cambia"):
        Affiancamento.objects.update(utente=referente.utente)


def test_un_foglio_ore_e_firmato_adesso(collega, referente):
    ieri = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

    with come(referente):
        foglio = FoglioOre.objects.create(
            ente=referente.ente,
            operatore=collega.utente,
            mese=AGOSTO.replace(day=1),
            firmato_da=referente.utente,
            firmato_il=ieri,
        )
        foglio.refresh_from_db()

    assert foglio.firmato_il.year > 2020


def test_chi_c_era_alla_prestazione_di_un_collega_non_lo_cambia_un_altro(operatore, collega):
    presa = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente), operatore=collega.utente
    )
    riga = PartecipazioneFactory(presa=presa, prestazione__operatore=collega.utente)
    sue = Partecipazione.objects.filter(pk=riga.pk)

    with come(operatore):
        assert sue.update(minuti=5) == 0
        assert sue._raw_delete(using="default") == 0
    with come(collega):
        assert sue.update(minuti=5) == 1


def test_chi_ha_scritto_una_riga_resta(operatore, collega, referente):
    presa = PresaInCaricoFactory(beneficiario=BeneficiarioFactory(ente=operatore.ente))
    partecipazione = PartecipazioneFactory(presa=presa)
    esito = EsitoFactory(presa=presa)
    indiretta = AttivitaIndirettaFactory(ente=operatore.ente, operatore=operatore.utente)

    with come(referente):
        with rifiutata("non cambia"):
            Partecipazione.objects.filter(pk=partecipazione.pk).update(
                registrata_da=referente.utente
            )
        with rifiutata("non cambia"):
            Esito.objects.filter(pk=esito.pk).update(registrato_da=referente.utente)
    with come(operatore), rifiutata("non cambia"):
        AttivitaIndiretta.objects.filter(pk=indiretta.pk).update(registrata_da=collega.utente)


def test_l_applicazione_non_aggancia_a_una_tabella_sua_un_trigger_della_guardia(operatore):
    with come(operatore), connection.cursor() as cursore:
        cursore.execute("CREATE TEMP TABLE mia (LIKE beneficiari_presaincarico) ON COMMIT DROP")
        with rifiutata("permission denied"):
            cursore.execute(
                "CREATE TRIGGER mio AFTER INSERT ON mia FOR EACH ROW"
                " EXECUTE FUNCTION regola_affida()"
            )


def test_con_l_appunto_di_un_altro_la_annulla_il_referente(operatore, referente):
    presa = PresaInCaricoFactory(beneficiario=BeneficiarioFactory(ente=operatore.ente))
    riga = PartecipazioneFactory(presa=presa, prestazione__operatore=operatore.utente).prestazione
    NotaDiPrestazioneFactory(prestazione=riga, beneficiario=presa.beneficiario)

    with come(operatore), registra_letture("prova"):
        with pytest.raises(ValidationError, match="scritto un appunto"):
            annulla(riga, da=operatore)
        assert Prestazione.objects.filter(pk=riga.pk).exists()
    with come(referente), registra_letture("prova"):
        annulla(riga, da=referente)
        assert not Prestazione.objects.filter(pk=riga.pk).exists()
