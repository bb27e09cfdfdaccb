"""Ciò che serve alle prove delle fughe: un database a parte e i vocabolari della rete."""

import os

import pytest

from privacy.letture import Raccolta, _raccolta
from tests.fabbriche import IndicatoreFactory, ente_del_coordinamento
from tests.fabbriche_persone import (
    AzioneFactory,
    BisognoFactory,
    CondizioneFactory,
    TipoDiChiusuraFactory,
)
from tests.fughe.a_parte import copia_del_database


# `make fughe` la dice; senza, le prove fanno la parte breve.
LUNGA = os.environ.get("FUGHE") == "lunga"


@pytest.fixture(scope="module")
def a_parte(django_db_setup, django_db_blocker):
    """Un database a parte per le prove di questo file; rende una connessione di superutente."""
    with django_db_blocker.unblock(), copia_del_database() as padrone:
        yield padrone


@pytest.fixture(scope="module")
def vocabolari(a_parte) -> dict:
    """Le righe di rete che ogni mondo usa: azioni, bisogni, condizioni, indicatori, esiti."""
    return prepara_i_vocabolari()


def prepara_i_vocabolari() -> dict:
    segno = _raccolta.set(Raccolta("preparazione", "lavoro"))
    try:
        ente_del_coordinamento()
        return {
            "azioni": [AzioneFactory() for _ in range(3)],
            "bisogno": BisognoFactory(),
            "altro_bisogno": BisognoFactory(),
            "condizione": CondizioneFactory(),
            "indicatore": IndicatoreFactory(),
            "esito": TipoDiChiusuraFactory(),
        }
    finally:
        _raccolta.reset(segno)
