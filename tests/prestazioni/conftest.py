"""Chi opera, una persona che segue e un suo servizio: dove un file di prove non dice altro."""

import pytest

from prestazioni.azioni import importazioni
from prestazioni.tasks import lavora_importazione
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, PresaInCaricoFactory
from tests.fabbriche_prestazioni import ServizioFactory
from tests.prestazioni.registrare import UN_ANNO_FA


@pytest.fixture
def chi():
    return attore()


@pytest.fixture
def presa(chi):
    return PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=chi.ente),
        operatore=chi.utente,
        aperta_il=UN_ANNO_FA,
    )


@pytest.fixture
def servizio(chi):
    return ServizioFactory(ente=chi.ente, nome="Sportello")


@pytest.fixture
def entrato(client, chi):
    return client.entra(chi)


@pytest.fixture
def subito(monkeypatch):
    """I lavori si fanno appena chiesti, come se il lavoratore fosse lì."""
    monkeypatch.setattr(
        importazioni, "metti_in_coda", lambda **quale: lavora_importazione.apply(kwargs=quale)
    )
