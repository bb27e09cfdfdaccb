"""Un database a parte in cui si sigilla davvero, e in cui si possono manomettere i registri."""

import os
import secrets

import pytest

from registro.comune.chiavi import Chiave
from tests.fughe.a_parte import copia_del_database


# I registri come appena nati. I numeri di transazione vanno avanti: il primo lotto comincia da zero.
DA_CAPO = """
    TRUNCATE privacy_registroaccessi, enti_eventodisicurezza, privacy_sigillo,
        privacy_testatafirmata, privacy_verificadisigilli, privacy_mesearchiviato,
        privacy_segnalazione;
    DELETE FROM privacy_epoca WHERE id > 1;
    DELETE FROM enti_appartenenza;
    ALTER TABLE privacy_registroaccessi ALTER epoca SET DEFAULT 1;
    ALTER TABLE enti_eventodisicurezza ALTER epoca SET DEFAULT 1;
"""


@pytest.fixture(scope="module")
def database_dei_registri(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), copia_del_database() as padrone:
        yield padrone


@pytest.fixture
def registri(database_dei_registri, settings, tmp_path):
    """I registri di una rete vuota; rende una connessione di superutente, per manometterli."""
    padrone = database_dei_registri
    settings.CHIAVE_DI_FIRMA = Chiave(secrets.token_bytes(32))
    settings.MEDIA_ROOT = tmp_path
    server = os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"].rsplit("/", 1)[0]
    # Come registro_sigillo: i privilegi sono i suoi, la password no.
    settings.DATABASE_URL_SIGILLO = (
        f"{server}/{padrone.info.dbname}?options=-c%20role%3Dregistro_sigillo"
    )
    padrone.execute(DA_CAPO)
    return padrone
