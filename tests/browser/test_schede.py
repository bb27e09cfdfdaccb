"""Compilare una scheda in due, nel browser: il salvataggio da sé, gli errori, il conflitto."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import ostacoli
from tests.browser.ingresso import entra
from tests.browser.test_percorso import REFERENTE


pytestmark = pytest.mark.browser

OPERATORE = "irene.villa@coala.example"
RIGHE = "li.riga:not(.riga-nuova, .riga-tolta)"


@pytest.fixture
def collega(navigatore, dimostrazione) -> Page:
    """Un'altra persona dello stesso ente, con il suo navigatore."""
    contesto = navigatore.new_context(base_url=dimostrazione, locale="it-IT")
    contesto.set_default_timeout(20_000)
    yield contesto.new_page()
    contesto.close()


def apri_sezione(pagina: Page, posta: str, codice: str) -> None:
    entra(pagina, posta)
    pagina.goto("/schede/")
    pagina.get_by_role("link", name="Continua a compilare").click()
    indirizzo = pagina.locator(f"a[href$='/compila/{codice}/']").first.get_attribute("href")
    pagina.goto(indirizzo)


def test_due_sulla_stessa_frase_vedono_entrambi_i_testi(pagina: Page, collega: Page):
    apri_sezione(pagina, REFERENTE, "criticita")
    apri_sezione(collega, OPERATORE, "criticita")
    mia = pagina.locator(RIGHE).first
    sua = collega.locator(RIGHE).first
    segno = pagina.viewport_size["width"]

    mia.locator("textarea").first.fill(f"Gli autobus, visti dal referente a {segno}.")
    expect(mia.locator("[data-stato-salvataggio]")).to_have_text(re.compile("Salvato alle"))
    sua.locator("textarea").first.fill(f"Gli autobus, visti dall'operatrice a {segno}.")
    expect(sua.locator(".conflitto")).to_contain_text("visti dal referente")
    assert ostacoli(collega) == []
    sua.get_by_role("button", name="Tienili tutti e due").click()

    unito = re.compile(f"dall'operatrice a {segno}.*dal referente a {segno}", re.S)
    expect(collega.locator(RIGHE).first.locator("textarea").first).to_have_value(unito)


def test_un_numero_sbagliato_si_segna_senza_ricaricare_la_riga(pagina: Page):
    apri_sezione(pagina, REFERENTE, "beneficiari")
    riga = pagina.locator(RIGHE).first
    valore = riga.get_by_label("Valore")
    giusto = valore.input_value()

    valore.fill("circa sessanta")
    expect(riga.get_by_role("alert")).to_contain_text("Scrivi solo il numero")
    expect(valore).to_have_attribute("aria-invalid", "true")
    expect(valore).to_have_value("circa sessanta")
    assert ostacoli(pagina) == []
    valore.fill(giusto)

    expect(riga.get_by_role("alert")).to_have_count(0)
    expect(valore).not_to_have_attribute("aria-invalid", "true")


def test_i_controlli_seguono_cio_che_si_scrive(pagina: Page):
    apri_sezione(pagina, REFERENTE, "output")
    riga = pagina.locator(RIGHE).first
    blocchi = pagina.locator("#controlli .avviso-blocca")
    valore = riga.get_by_label("Valore")

    valore.fill("11")
    expect(riga.get_by_label("Perché è diverso dal registro")).to_be_visible()
    expect(blocchi.first).to_contain_text("avete scritto 11")
    riga.get_by_role("button", name=re.compile("^Conferma")).click()

    expect(riga.locator(".calcolato-uguale")).to_be_visible()
    expect(pagina.locator("#controlli")).not_to_contain_text("avete scritto 11")
    assert ostacoli(pagina) == []


def test_una_riga_tolta_si_rimette_subito(pagina: Page):
    apri_sezione(pagina, REFERENTE, "bisogni_motivazioni")
    righe = pagina.locator(RIGHE)
    quante = righe.count()

    righe.last.locator(".riga-togli").click()
    rimetti = pagina.locator(".riga-tolta").get_by_role("button", name="Rimetti").first
    expect(rimetti).to_be_focused()
    rimetti.click()

    expect(pagina.locator("#messaggi")).to_contain_text("Riga rimessa al suo posto")
    expect(righe).to_have_count(quante)
