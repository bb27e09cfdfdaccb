"""Ciò che serve alle prove delle fughe: un database a parte e i vocabolari della rete."""

import logging
import os

import pytest
from django.core import mail
from django.db import transaction

from privacy.letture import Raccolta, _raccolta
from tests.fabbriche import IndicatoreFactory, ente_del_coordinamento
from tests.fabbriche_persone import (
    AzioneFactory,
    BisognoFactory,
    CondizioneFactory,
    TipoDiChiusuraFactory,
)
from tests.fabbriche_prestazioni import TipoDiEsitoFactory, VoceNomenclaturaFactory
from tests.fughe.a_parte import copia_del_database, righe_senza_contesto
from tests.fughe.mondo import PUBBLICHE_NELLA_RETE, tabelle_isolate
from tests.fughe.scena import allestisci
from tests.fughe.uscite import cio_che_esce, niente_di_estraneo


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


@pytest.fixture(scope="module")
def scena(a_parte):
    return allestisci()


@pytest.fixture(scope="module")
def protette(a_parte) -> list[str]:
    return sorted(set(tabelle_isolate()) - PUBBLICHE_NELLA_RETE)


@pytest.fixture
def chiedi(scena, protette, caplog):
    """Fa una richiesta, controlla ciò che vale sempre, e disfa ciò che ha scritto."""
    caplog.set_level(logging.DEBUG)

    def _chiedi(chi: str, metodo: str, indirizzo: str):
        mail.outbox.clear()
        caplog.clear()
        with transaction.atomic():
            risposta = getattr(scena.prove[chi], metodo)(indirizzo)
            transaction.set_rollback(True)
        assert risposta.status_code < 500, (chi, metodo, indirizzo, risposta.status_code)
        niente_di_estraneo(chi, indirizzo, cio_che_esce(risposta, caplog))
        assert not any(righe_senza_contesto(protette).values())
        return risposta

    return _chiedi


def prepara_i_vocabolari() -> dict:
    segno = _raccolta.set(Raccolta("preparazione", "lavoro"))
    try:
        ente_del_coordinamento()
        return {
            "azioni": [AzioneFactory() for _ in range(3)],
            "bisogno": BisognoFactory(),
            "altro_bisogno": BisognoFactory(),
            # Una di quelle che si leggono in emergenza.
            "condizione": CondizioneFactory(codice="GRAV", famiglia="salute"),
            "indicatore": IndicatoreFactory(),
            "esito": TipoDiChiusuraFactory(),
            "voce": VoceNomenclaturaFactory(),
            "tipo_di_esito": TipoDiEsitoFactory(),
        }
    finally:
        _raccolta.reset(segno)
