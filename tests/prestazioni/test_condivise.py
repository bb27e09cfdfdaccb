"""Ciò che un altro ente vede di ciò che si è fatto con una persona che gli è condivisa."""

import pytest
from django.urls import reverse

from beneficiari.models import Autorizzazione
from privacy.models import RegistroAccessi
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    PresaInCaricoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    EsitoFactory,
    NotaDiPrestazioneFactory,
    PartecipazioneFactory,
    TipoDiEsitoFactory,
)


pytestmark = pytest.mark.django_db


@pytest.fixture
def altro():
    return attore()


@pytest.fixture
def presenza():
    return PartecipazioneFactory(presa=PresaInCaricoFactory(beneficiario=BeneficiarioFactory()))


def _condivide(presenza, altro, *gruppi, livello="completo") -> Autorizzazione:
    return AutorizzazioneFactory(
        beneficiario=presenza.beneficiario,
        destinatario=altro.ente,
        gruppi=list(gruppi),
        livello=livello,
        finalita="presa-in-carico",
    )


def _pagina(autorizzazione) -> str:
    return reverse("prestazioni:della_condivisa", args=[autorizzazione.uuid])


def test_con_il_gruppo_prestazioni_si_leggono_prestazioni_ed_esiti_e_resta_scritto(
    client, presenza, altro
):
    NotaDiPrestazioneFactory(
        prestazione=presenza.prestazione,
        beneficiario=presenza.beneficiario,
        testo="Riservatissimo",
    )
    EsitoFactory(presa=presenza.presa, tipo=TipoDiEsitoFactory(nome="Casa trovata"))
    data = _condivide(presenza, altro, "anagrafica", "prestazioni")
    client.entra(altro)

    testo = client.get(_pagina(data)).content.decode()

    assert presenza.voce.nome in testo
    assert "Casa trovata" in testo
    assert "Riservatissimo" not in testo
    with come(attore("referente", ente=presenza.ente)):
        letta = RegistroAccessi.objects.get(pagina="prestazioni:della_condivisa")
    assert letta.finalita == "presa-in-carico"
    assert set(letta.gruppi) == {"anagrafica", "prestazioni"}


@pytest.mark.parametrize(
    ("gruppi", "livello"),
    [(("anagrafica", "contatti"), "completo"), (("prestazioni",), "sintesi"), ((), "esistenza")],
)
def test_senza_quel_gruppo_per_intero_la_pagina_non_c_e(client, presenza, altro, gruppi, livello):
    client.entra(altro)

    assert (
        client.get(_pagina(_condivide(presenza, altro, *gruppi, livello=livello))).status_code
        == 404
    )


def test_revocata_non_c_e_piu(client, presenza, altro):
    data = _condivide(presenza, altro, "anagrafica", "prestazioni")
    client.entra(altro)
    assert client.get(_pagina(data)).status_code == 200

    with come(attore("referente", ente=presenza.ente)):
        Autorizzazione.objects.filter(pk=data.pk).update(
            revocata_il="2026-01-01T10:00:00Z", motivo_revoca="prova"
        )

    assert client.get(_pagina(data)).status_code == 404
