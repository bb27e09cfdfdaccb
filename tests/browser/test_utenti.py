"""Chi lascia un ente con una pagina aperta: entro un minuto la pagina si copre da sola."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import ostacoli, scorre_di_lato
from tests.browser.ingresso import entra, passa_i_due_passi


pytestmark = pytest.mark.browser

REFERENTE = "federica.testa@coompany.example"
OPERATORE = "omar.haddad@coompany.example"
NOME = "Omar Haddad"
# Un giro di domande della pagina aperta, e un soffio: meno del minuto promesso.
UN_GIRO = 46_000


@pytest.fixture
def referente(navigatore, dimostrazione) -> Page:
    """Chi cura gli utenti dello stesso ente, con il suo navigatore."""
    contesto = navigatore.new_context(base_url=dimostrazione, locale="it-IT")
    contesto.set_default_timeout(20_000)
    scheda = contesto.new_page()
    entra(scheda, REFERENTE)
    yield scheda
    contesto.close()


def test_chi_esce_non_vede_piu_la_pagina_che_aveva_aperta(pagina: Page, referente: Page):
    pagina.clock.install()
    entra(pagina, OPERATORE)
    pagina.goto("/schede/")
    pagina.clock.run_for(UN_GIRO)
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Le nostre schede")

    referente.goto("/utenti/")
    referente.get_by_role("link", name=f"Chiudi l'appartenenza di {NOME}").click()
    referente.get_by_role("button", name="Chiudi l'appartenenza").click()
    pagina.clock.run_for(UN_GIRO)

    expect(pagina.get_by_role("heading", level=1)).to_have_text(
        "Non hai più accesso a questo ente"
    )
    expect(pagina.locator("body")).not_to_contain_text("Coompany")
    expect(pagina.locator("body > *")).to_have_count(1)
    assert ostacoli(pagina) == []
    assert not scorre_di_lato(pagina)

    pagina.get_by_role("link", name="Vai all’accesso").click()
    expect(pagina.locator("main")).to_contain_text("la sessione è stata chiusa")
    referente.goto("/utenti/?mostra=usciti")
    referente.get_by_role("button", name=f"Riapri per {NOME}").click()
    entra(pagina, OPERATORE)


def test_uscire_in_un_altra_scheda_copre_la_pagina_e_rientrare_la_scopre(pagina: Page):
    pagina.clock.install()
    entra(pagina, OPERATORE)
    pagina.goto("/enti/")
    campo = pagina.locator("main input[type=search]")
    if not campo.is_visible():
        # Al telefono i filtri stanno chiusi.
        pagina.locator("main summary", has_text="Filtri").click()
    campo.fill("parole a metà")
    altra = pagina.context.new_page()
    altra.goto("/enti/")
    altra.locator("details.menu-utente summary").click()
    altra.get_by_role("button", name="Esci").click()
    pagina.clock.run_for(UN_GIRO)
    expect(pagina.get_by_role("heading", level=1)).to_have_text("La sessione è finita")

    entra(altra, OPERATORE)
    pagina.clock.run_for(UN_GIRO)

    expect(pagina.get_by_role("heading", level=1)).to_have_text("Enti")
    expect(campo).to_have_value("parole a metà")


def test_le_pagine_degli_utenti_stanno_a_ogni_larghezza(pagina: Page):
    entra(pagina, REFERENTE)
    for indirizzo in ("/utenti/", "/utenti/invita/", "/ruoli/"):
        pagina.goto(indirizzo)
        assert ostacoli(pagina) == [], indirizzo
        assert not scorre_di_lato(pagina), indirizzo


def test_l_ente_si_sceglie_dalla_tastiera(pagina: Page):
    pagina.goto("/accedi/")
    passa_i_due_passi(pagina, "anna.moro@la-strada.example")
    scelta = pagina.get_by_role("button", name="Lavora per questo ente").last
    scelta.focus()
    pagina.keyboard.press("Enter")

    expect(pagina.get_by_role("heading", level=1)).to_have_text(re.compile("^(Oggi|Registra)$"))
    expect(pagina.locator(".per-conto strong:visible")).to_have_count(1)
    assert not scorre_di_lato(pagina)
