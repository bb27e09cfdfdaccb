"""I file di queste prove, e l'elenco dei cancellati, in una cartella loro."""

import pytest

from enti.permessi import Ruolo
from tests.fabbriche import attore
from tests.fughe.conftest import a_parte  # noqa: F401


@pytest.fixture(autouse=True)
def altrove(settings, tmp_path):
    """La cartella dei dati di questa prova."""
    settings.MEDIA_ROOT = tmp_path / "documenti"
    settings.ELENCO_CANCELLATI = tmp_path / "fuori" / "cancellati.csv"
    return tmp_path


@pytest.fixture
def referente(db):
    return attore(Ruolo.REFERENTE)
