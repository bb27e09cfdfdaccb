"""Il percorso per cui il Registro esiste: entrare, leggere il rapporto, seguire una cifra, averne il PDF."""

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect
from pypdf import PdfReader

from tests.browser.axe import ostacoli, scorre_di_lato
from tests.browser.ingresso import entra


pytestmark = pytest.mark.browser

AMMINISTRATORE = "giulia.ferrero@quadrante.example"
REFERENTE = "paolo.rosso@coala.example"
# Il tempo di un PDF intero su una macchina carica.
ATTESA_DEL_PDF = 180_000


def senza_ostacoli(pagina: Page) -> None:
    assert ostacoli(pagina) == []
    assert not scorre_di_lato(pagina)


def test_dall_accesso_al_pdf(pagina: Page, tmp_path: Path):
    entra(pagina, AMMINISTRATORE)
    senza_ostacoli(pagina)

    pagina.goto("/rapporto/quadrante-alat/1/")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Rapporto di quadrante")
    senza_ostacoli(pagina)

    pagina.goto("/rapporto/quadrante-alat/1/cifre/individui-aree-interne/")
    expect(pagina.locator("main")).to_contain_text(re.compile(r"circa\s*558"))
    addendi = pagina.locator("#addendi tbody tr")
    expect(addendi).to_have_count(3)
    senza_ostacoli(pagina)

    addendi.first.get_by_role("link").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text(
        "Idea Agenzia per il Lavoro e Marcondiro"
    )
    senza_ostacoli(pagina)

    pagina.goto("/rapporto/quadrante-alat/1/#pdf")
    scarica = pagina.get_by_role("link", name="Scarica il PDF")
    if not scarica.count():
        pagina.get_by_role("button", name="Prepara il PDF").click()
    expect(scarica).to_be_visible(timeout=ATTESA_DEL_PDF)
    senza_ostacoli(pagina)
    with pagina.expect_download() as scaricato:
        scarica.click()
    file = tmp_path / "rapporto.pdf"
    scaricato.value.save_as(file)

    pagina.goto("/rapporto/quadrante-alat/1/#pdf")
    expect(pagina.locator("#pdf .codice")).to_have_text(
        hashlib.sha256(file.read_bytes()).hexdigest()
    )
    assert scaricato.value.suggested_filename == "rapporto-quadrante-alat-edizione-1.pdf"
    assert len(PdfReader(file).pages) > 20


def test_cio_che_il_referente_scrive_resta(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto("/schede/")
    senza_ostacoli(pagina)
    pagina.get_by_role("link", name="Continua a compilare").click()
    sezione = pagina.locator("a[href$='/compila/criticita/']").first.get_attribute("href")
    pagina.goto(sezione)
    senza_ostacoli(pagina)
    frase = f"Una frase scritta a {pagina.viewport_size['width']} punti."

    pagina.locator("textarea:visible").last.fill(frase)
    pagina.get_by_role("button", name="Aggiungi", exact=True).click()
    expect(pagina.get_by_text(frase).first).to_be_attached()
    pagina.reload()

    testi = [campo.input_value() for campo in pagina.locator("textarea").all()]
    assert testi.count(frase) == 1
    senza_ostacoli(pagina)


def test_chi_lascia_la_pagina_con_una_riga_da_aggiungere_viene_avvisato(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto("/schede/")
    pagina.get_by_role("link", name="Continua a compilare").click()
    sezione = pagina.locator("a[href$='/compila/criticita/']").first.get_attribute("href")
    pagina.goto(sezione)
    domande: list[str] = []

    def resta(domanda: Dialog) -> None:
        domande.append(domanda.type)
        domanda.dismiss()

    pagina.on("dialog", resta)
    scritto = pagina.locator(".riga-nuova textarea:visible").first
    scritto.fill("Non ancora aggiunta.")

    pagina.locator(".passi-avanti").click(no_wait_after=True)

    expect(scritto).to_have_value("Non ancora aggiunta.")
    assert pagina.url.endswith(sezione)
    assert domande == ["beforeunload"]


def test_le_altre_pagine_sono_senza_ostacoli(pagina: Page):
    entra(pagina, AMMINISTRATORE)

    for percorso in ("/enti/", "/enti/jokko/", "/rapporto/", "/schede/", "/scegli-ente/"):
        pagina.goto(percorso)
        senza_ostacoli(pagina)


def test_chi_sbaglia_password_legge_una_frase_e_ritrova_la_posta(pagina: Page):
    pagina.goto("/accedi/")
    senza_ostacoli(pagina)
    pagina.get_by_label("Posta elettronica").fill(REFERENTE)
    pagina.get_by_label("Password", exact=True).fill("sbagliata")
    pagina.locator("main button[type=submit]").click()

    expect(pagina.locator(".riepilogo-errori")).to_be_focused()
    expect(pagina.get_by_label("Posta elettronica")).to_have_value(REFERENTE)
    senza_ostacoli(pagina)
