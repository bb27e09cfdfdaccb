"""Le pagine di errore: dicono che cosa è successo, che cosa è rimasto, che cosa fare."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import RequestFactory

from registro.comune import viste_errore


ERRORI = [
    (viste_errore.richiesta_errata, 400, "Non abbiamo capito la richiesta"),
    (viste_errore.vietato, 403, "Il tuo ruolo non permette questa azione"),
    (viste_errore.non_trovato, 404, "Questa pagina non c'è"),
    (viste_errore.guasto, 500, "Qualcosa non ha funzionato"),
    (viste_errore.csrf_scaduto, 403, "La pagina era aperta da troppo tempo"),
]


@pytest.fixture
def richiesta():
    richiesta = RequestFactory().get("/segreto/42/")
    richiesta.id_richiesta = "0a1b2c3d4e5f"
    return richiesta


# Senza la fixture `db` una sola interrogazione farebbe fallire la prova: le pagine non ne fanno.
@pytest.mark.parametrize(("vista", "stato", "titolo"), ERRORI)
def test_ogni_errore_dice_che_cosa_e_successo_che_cosa_e_rimasto_che_cosa_fare(
    richiesta, vista, stato, titolo
):
    risposta = vista(richiesta)
    pagina = BeautifulSoup(risposta.content, "html.parser")

    assert risposta.status_code == stato
    assert pagina.html["lang"] == "it"
    assert pagina.h1.get_text(strip=True) == titolo
    assert [voce.get_text() for voce in pagina.select("dt")] == [
        "Che cosa è successo",
        "Che cosa è rimasto",
        "Che cosa puoi fare",
    ]
    assert all(voce.get_text(strip=True) for voce in pagina.select("dd"))
    assert "0a1b2c3d4e5f" in pagina.get_text()


@pytest.mark.parametrize(("vista", "stato", "titolo"), ERRORI)
def test_nessun_errore_ripete_l_indirizzo_chiesto(richiesta, vista, stato, titolo):
    assert "segreto" not in vista(richiesta).content.decode()


def test_una_pagina_scaduta_dice_a_htmx_di_rinnovare_il_modulo(richiesta):
    assert viste_errore.csrf_scaduto(richiesta)["X-Modulo-Scaduto"] == "1"
    assert "X-Modulo-Scaduto" not in viste_errore.vietato(richiesta)


def test_il_guasto_si_dice_anche_se_mancano_i_file_statici_e_il_numero(monkeypatch):
    def manca(percorso):
        raise ValueError(percorso)

    monkeypatch.setattr(staticfiles_storage, "url", manca)
    risposta = viste_errore.guasto(RequestFactory().get("/"))
    pagina = BeautifulSoup(risposta.content, "html.parser")

    assert risposta.status_code == 500
    assert pagina.h1.get_text(strip=True) == "Qualcosa non ha funzionato"
    assert pagina.select("link, img, .richiesta") == []
