"""Le intestazioni di ogni risposta."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from registro.comune.middleware import IntestazioniMiddleware


def _risposta(prepara=HttpResponse, entrato=False, **intestazioni):
    richiesta = RequestFactory().get("/", **intestazioni)
    if entrato:
        richiesta.COOKIES[settings.SESSION_COOKIE_NAME] = "una-sessione"
    risposta = IntestazioniMiddleware(lambda _: prepara())(richiesta)
    return richiesta, risposta


def test_ogni_richiesta_ha_un_numero_suo_e_lo_dice():
    prima, risposta = _risposta()
    seconda, _ = _risposta()

    assert risposta["X-Request-Id"] == prima.id_richiesta
    assert len(prima.id_richiesta) == 12
    assert prima.id_richiesta != seconda.id_richiesta


def test_il_numero_mandato_da_chi_chiama_non_si_usa():
    _, risposta = _risposta(headers={"X-Request-Id": "testo-scelto-da-altri"})

    assert risposta["X-Request-Id"] != "testo-scelto-da-altri"


def test_le_capacita_del_navigatore_sono_chiuse():
    _, risposta = _risposta()

    voci = risposta["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(voci)
    assert all(voce.endswith("=()") for voce in voci)


def test_di_chi_e_entrato_nessuno_tiene_una_copia():
    _, risposta = _risposta(entrato=True)

    assert risposta["Cache-Control"] == "no-store, private"


def test_vale_anche_per_la_risposta_che_apre_la_sessione():
    def con_sessione():
        risposta = HttpResponse()
        risposta.set_cookie(settings.SESSION_COOKIE_NAME, "nuova")
        return risposta

    _, risposta = _risposta(con_sessione)

    assert risposta["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("entrato", [True, False])
def test_un_file_pubblico_resta_conservabile(entrato):
    def pubblico():
        return HttpResponse(headers={"Cache-Control": "public, max-age=3600"})

    _, risposta = _risposta(pubblico, entrato=entrato)

    assert risposta["Cache-Control"] == "public, max-age=3600"


def test_una_risposta_privata_con_scadenza_si_chiude_del_tutto():
    def breve():
        return HttpResponse(headers={"Cache-Control": "private, max-age=60"})

    _, risposta = _risposta(breve, entrato=True)

    assert risposta["Cache-Control"] == "no-store, private"


def test_chi_non_ha_una_sessione_non_riceve_divieti():
    _, risposta = _risposta()

    assert "Cache-Control" not in risposta
