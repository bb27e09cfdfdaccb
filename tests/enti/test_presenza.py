"""Chi lascia un ente perde la sessione, e la pagina aperta se ne accorge."""

import pytest
from django.urls import reverse

from enti.middleware import segno_di_presenza
from enti.permessi import Attore, Ruolo
from tests.conftest import RegistroClient
from tests.enti.inviti_di_prova import collega, di
from tests.fabbriche import AppartenenzaFactory, attore
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

CASA = reverse("report:casa")
ACCEDI = reverse("enti:accedi")
PRESENZA = reverse("enti:presenza")
# Sessione, utente, appartenenze con le eccezioni.
LETTURE_DI_PRESENZA = 3


@pytest.fixture
def chi(client):
    """Un operatore entrato nel client, e il referente che lo cura in un altro navigatore."""
    referente = attore(Ruolo.REFERENTE)
    operatore = attore(ente=referente.ente)
    client.entra(operatore)
    return operatore, RegistroClient().entra(referente)


def _presenza(client, attore_) -> int:
    return client.get(PRESENZA, {"segno": segno_di_presenza(attore_)}).status_code


def _chiudi(navigatore, attore_) -> None:
    navigatore.post(reverse("enti:utente_chiudi", args=[di(attore_).uuid]), {"quando": "adesso"})


def test_chiudere_l_appartenenza_chiude_la_sessione_subito(client, chi):
    operatore, referente = chi
    assert client.get(CASA).status_code == 200

    _chiudi(referente, operatore)
    risposta = client.get(CASA)

    assert risposta.url == f"{ACCEDI}?next=/"
    assert "_auth_user_id" not in client.session
    assert "la sessione è stata chiusa" in client.get(ACCEDI).content.decode()


def test_la_pagina_aperta_lo_sa_dalla_presenza(client, chi):
    operatore, referente = chi

    prima = _presenza(client, operatore)
    _chiudi(referente, operatore)

    assert (prima, _presenza(client, operatore)) == (204, 410)


def test_anche_se_un_altra_pagina_lo_ha_saputo_prima(client, chi):
    operatore, referente = chi
    _chiudi(referente, operatore)
    client.get(CASA)

    assert _presenza(client, operatore) == 410


def test_chiudere_l_account_chiude_la_sessione(client, chi):
    operatore, _ = chi
    capo = RegistroClient().entra(attore(Ruolo.AMMINISTRATORE))

    capo.post(reverse("enti:utente_account", args=[di(operatore).uuid]))

    assert client.get(CASA).status_code == 302
    assert _presenza(client, operatore) == 410


def test_chi_amministra_non_chiude_il_proprio_account(client):
    capo = attore(Ruolo.AMMINISTRATORE)
    client.entra(capo)

    risposta = client.post(reverse("enti:utente_account", args=[di(capo).uuid]))

    assert risposta.status_code == 422
    assert client.get(CASA).status_code == 200


def test_chi_lavora_anche_altrove_non_cambia_ente_di_nascosto(client, chi):
    operatore, referente = chi
    altrove = AppartenenzaFactory(utente=operatore.utente)
    _chiudi(referente, operatore)

    assert client.get(CASA).url.startswith(ACCEDI)
    client.entra(Attore(altrove.utente, altrove.ente, altrove.ruolo))
    assert client.get(CASA).context["attore"].ente == altrove.ente


def test_chi_non_ha_scelto_resta_sul_primo_ente_anche_quando_finisce(client, chi):
    operatore, referente = chi
    collegata = AppartenenzaFactory(utente=operatore.utente, ente__denominazione="Zeta")
    client.force_login(operatore.utente)
    assert client.get(CASA).context["attore"].ente == operatore.ente

    _chiudi(referente, operatore)

    assert client.get(CASA).url.startswith(ACCEDI)
    assert collegata.ente != operatore.ente


def test_a_sessione_scaduta_la_presenza_dice_401(client):
    assert client.get(PRESENZA).status_code == 401


def test_un_altra_persona_o_un_altro_ente_e_un_conflitto(client, chi):
    operatore, _ = chi
    altro = attore()

    assert _presenza(client, altro) == 409
    assert client.get(PRESENZA).status_code == 409
    assert _presenza(client, operatore) == 204


def test_la_presenza_non_scrive_e_legge_poco(client, chi):
    operatore, _ = chi
    client.get(CASA)

    with al_massimo(LETTURE_DI_PRESENZA) as fatte:
        assert _presenza(client, operatore) == 204

    assert all(voce.startswith("SELECT") for voce in fatte)


def test_il_segno_non_dice_chi_e(client, chi):
    operatore, _ = chi
    collega(operatore.ente)

    testo = client.get(CASA).content.decode()

    assert f"segno={segno_di_presenza(operatore)}" in testo
    assert len(segno_di_presenza(operatore)) == 32
