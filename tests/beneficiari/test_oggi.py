"""La prima pagina dice che cosa c'è da fare con le persone: numeri, mai nomi."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiari.oggi import da_fare_oggi
from enti.permessi import Ruolo
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    ObiettivoFactory,
    PresaInCaricoFactory,
    come,
)


pytestmark = pytest.mark.django_db


@pytest.fixture
def chi(db):
    return attore(Ruolo.OPERATORE)


def test_si_conta_cio_che_si_segue_e_cio_che_scade(chi):
    persona = BeneficiarioFactory(ente=chi.ente)
    presa = PresaInCaricoFactory(beneficiario=persona, operatore=chi.utente)
    oggi = timezone.localdate()
    for giorni in (-1, 1):
        ObiettivoFactory(
            beneficiario=persona, presa=presa, entro_il=oggi + datetime.timedelta(giorni)
        )
    # Di una collega, chiusa, di un altro ente: non si contano.
    PresaInCaricoFactory(beneficiario=BeneficiarioFactory(ente=chi.ente))
    PresaInCaricoFactory()
    for giorni in (10, 60):
        AutorizzazioneFactory(beneficiario=persona, al=oggi + datetime.timedelta(giorni))

    with come(chi):
        conti = da_fare_oggi(chi)

    assert (conti.seguite, conti.obiettivi_scaduti) == (1, 1)
    assert (conti.passaggi, conti.condivisioni_in_scadenza) == (0, 1)


def test_la_prima_pagina_lo_dice_senza_nomi(chi, client):
    persona = BeneficiarioFactory(ente=chi.ente)
    PresaInCaricoFactory(beneficiario=persona, operatore=chi.utente)

    pagina = client.entra(chi).get(reverse("report:casa")).content.decode()

    assert "1 presa in carico aperta che segui" in pagina
    assert persona.cognome not in pagina


def test_chi_non_lavora_con_le_persone_non_ha_i_loro_numeri(client):
    client.entra(attore(Ruolo.GARANTE))

    assert "Con le persone" not in client.get(reverse("report:casa")).content.decode()
