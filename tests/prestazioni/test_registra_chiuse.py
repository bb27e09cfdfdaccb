"""«Registra» per chi quel giorno non era più seguito: la pagina porta a riaprire."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.fabbriche_persone import (
    BeneficiarioFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
)
from tests.prestazioni.registrare import REGISTRA, UN_ANNO_FA, righe, scritto, zuppa


pytestmark = pytest.mark.django_db

IERI = timezone.localdate() - datetime.timedelta(1)


def _chiusa(chi):
    return PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=chi.ente),
        operatore=chi.utente,
        aperta_il=UN_ANNO_FA,
        chiusa_il=IERI,
        esito=TipoDiChiusuraFactory(),
    )


def _per(servizio, *prese) -> dict:
    scelte = {f"presa-{presa.beneficiario.uuid}": str(presa.uuid) for presa in prese}
    chi = [str(presa.beneficiario.uuid) for presa in prese]
    return scritto(servizio=servizio, persona=chi, **scelte)


def test_accanto_al_giorno_c_e_la_presa_in_carico_da_riaprire(entrato, chi, presa, servizio):
    chiusa = _chiusa(chi)
    caso = reverse("beneficiari:caso", args=[chiusa.uuid])

    for prese in ([chiusa], [presa, chiusa]):
        risposta = entrato.post(REGISTRA, _per(servizio, *prese))

        passo = zuppa(risposta).select_one(".passo-quando")
        assert risposta.status_code == 422
        assert "era già chiusa" in passo.select_one("#id_quando_error").text
        assert passo.select_one(f"a[href='{caso}']")
    assert entrato.get(caso).status_code == 200
    assert righe(chi) == []


def test_se_non_si_sa_quale_riaprire_non_se_ne_indica_una(entrato, chi, servizio):
    risposta = entrato.post(REGISTRA, _per(servizio, _chiusa(chi), _chiusa(chi)))

    passo = zuppa(risposta).select_one(".passo-quando")
    assert "era già chiusa" in passo.text
    assert not passo.select("a")
