"""La galleria dei componenti in un browser vero: accessibile a ogni larghezza, viva da tastiera."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import ostacoli, scorre_di_lato


pytestmark = pytest.mark.browser

PAGINE = ["/galleria/?errori", "/aiuto/", "/accessibilita/", "/privacy/"]


@pytest.mark.parametrize("percorso", PAGINE)
def test_ogni_pagina_e_senza_ostacoli_e_sta_anche_in_320_punti(pagina: Page, percorso):
    pagina.goto(percorso)

    assert ostacoli(pagina) == []
    assert not scorre_di_lato(pagina)
    pagina.set_viewport_size({"width": 320, "height": 640})
    assert not scorre_di_lato(pagina)


def test_il_primo_tasto_tab_offre_di_saltare_al_contenuto(pagina: Page):
    pagina.goto("/galleria/")
    pagina.keyboard.press("Tab")

    expect(pagina.get_by_role("link", name="Vai al contenuto")).to_be_focused()


def test_il_riepilogo_degli_errori_prende_il_fuoco_e_porta_al_campo(pagina: Page):
    pagina.goto("/galleria/?errori")
    riepilogo = pagina.locator(".riepilogo-errori")
    expect(riepilogo).to_be_focused()

    riepilogo.get_by_role("link", name="Persone seguite").click()

    expect(pagina.get_by_label("Persone seguite")).to_be_focused()


def test_la_barra_porta_alla_ricerca_finche_non_la_si_spegne(pagina: Page):
    pagina.goto("/galleria/")
    pagina.keyboard.press("/")
    expect(pagina.get_by_label("Cerca", exact=True)).to_be_focused()

    pagina.goto("/aiuto/")
    pagina.get_by_label("Usa il tasto / per andare alla ricerca").uncheck()
    pagina.goto("/galleria/")
    pagina.keyboard.press("/")
    expect(pagina.get_by_label("Cerca", exact=True)).not_to_be_focused()


def test_una_tendina_lunga_si_cerca_scrivendo(pagina: Page):
    pagina.goto("/galleria/")
    campo = pagina.get_by_role("combobox", name="Ente")
    campo.click()
    campo.press_sequentially("numero 12")
    expect(pagina.get_by_role("option", name="Ente di prova numero 12")).to_be_visible()
    assert ostacoli(pagina) == []

    campo.press("ArrowDown")
    campo.press("Enter")

    expect(campo).to_have_value("Ente di prova numero 12")
    expect(pagina.locator("select[name=filtri-ente]")).to_have_value("12")


def test_un_lavoro_va_avanti_da_solo_e_alla_fine_lo_dice(pagina: Page):
    pagina.goto("/galleria/")

    expect(pagina.locator("#avanza-a")).to_have_class(
        re.compile("avanzamento-riuscito"), timeout=15_000
    )
    expect(pagina.locator("#annunci")).to_have_text("Il PDF è pronto")


def test_in_stampa_tutto_e_aperto(pagina: Page):
    pagina.goto("/galleria/")
    chiuso = pagina.locator("details.dettaglio", has_text="Perché circa")

    pagina.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(chiuso).to_have_attribute("open", "")
    pagina.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(chiuso).not_to_have_attribute("open", "")
