"""Le ore nel browser: il mese si guarda, si firma, si ferma, si rettifica, si porta fuori."""

import re
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.axe import pulita
from tests.browser.ingresso import entra


pytestmark = pytest.mark.browser

# Un ente in cui nessun'altra prova scrive: un mese firmato non si scrive più.
REFERENTE = "stefano.carbone@azimut.example"
MOTIVO = "Due riunioni di équipe contate una volta sola."


def firma_l_ultimo(pagina: Page) -> tuple[str, str, str]:
    """Firma l'ultimo foglio dell'elenco; rende l'operatore, l'anno e il mese."""
    pagina.goto("/ore/firma/")
    pulita(pagina)
    pagina.get_by_role("button", name="Guarda che cosa si ferma").click()
    expect(pagina.locator(".riepilogo-errori")).to_contain_text("Scegli almeno un mese")
    pulita(pagina)
    ultimo = pagina.locator("main input[name=mesi]").last
    anno, mese = ultimo.get_attribute("value").split(":")[0].split("-")
    operatore = pagina.locator("main .scelta").last.inner_text().split(",")[0].strip()
    ultimo.check(force=True)
    pagina.get_by_role("button", name="Guarda che cosa si ferma").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Che cosa si ferma")
    expect(pagina.locator("main tbody tr")).to_contain_text(operatore)
    pulita(pagina)
    pagina.get_by_role("button", name="Firma 1 foglio").click()
    expect(pagina.locator("#messaggi")).to_contain_text("Un foglio firmato")
    return operatore, anno, mese


def rettifica(pagina: Page) -> None:
    pagina.get_by_role("link", name="Scrivi una rettifica").click()
    pulita(pagina)
    pagina.get_by_label("Perché").fill("Breve")
    pagina.get_by_role("button", name="Scrivi la rettifica").click()
    expect(pagina.locator(".riepilogo-errori")).to_contain_text("Scegli se aggiungere o togliere")
    expect(pagina.get_by_label("Perché")).to_have_value("Breve")
    pulita(pagina)
    pagina.get_by_label("Ore in più").check(force=True)
    pagina.get_by_label("Quanto").fill("1h30")
    pagina.get_by_label("Perché").fill(MOTIVO)
    pagina.get_by_role("button", name="Scrivi la rettifica").click()
    expect(pagina.locator("#messaggi")).to_contain_text("Rettifica scritta")


def scaricato(pagina: Page, nome: str) -> bytes:
    with pagina.expect_download() as arrivo:
        pagina.get_by_role("link", name=nome, exact=True).click()
    return arrivo.value.path().read_bytes()


def una_riga_ferma(pagina: Page, anno: str, mese: str, operatore: str) -> None:
    """Una prestazione di quel mese si legge e non si corregge, nemmeno chi risponde dell'ente."""
    pagina.goto(f"/prestazioni/?di_chi=ente&dal={anno}-{mese}-01&al={anno}-{mese}-28")
    scelta = pagina.get_by_label("Operatore")
    voce = scelta.locator("option", has_text=operatore.split()[-1])
    with pagina.expect_response(lambda risposta: "operatore=" in risposta.url):
        scelta.select_option(voce.get_attribute("value"))
    expect(pagina).to_have_url(re.compile("operatore="))
    pagina.locator("#tabella-prestazioni tbody th a").first.click()
    expect(pagina.locator("main .alert")).to_contain_text("Mese firmato")
    expect(pagina.get_by_role("link", name="Ripeti")).to_be_visible()
    expect(pagina.get_by_role("link", name="Correggi")).to_have_count(0)
    pulita(pagina)


def test_il_mese_si_firma_resta_fermo_e_si_rettifica(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto("/ore/")
    pulita(pagina)
    pagina.get_by_role("link", name="Le ore di tutti").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Le ore di tutti")
    pulita(pagina)

    operatore, anno, mese = firma_l_ultimo(pagina)
    expect(pagina).to_have_url(re.compile(f"/ore/{anno}/{int(mese)}/$"))
    riga = pagina.locator("main tbody tr", has_text=operatore).first
    expect(riga).to_contain_text("Firmato")
    pulita(pagina)
    riga.get_by_role("link").click()
    expect(pagina.locator("main")).to_contain_text("le righe non cambiano più")
    expect(pagina.get_by_role("region", name="Giorno per giorno")).to_be_visible()
    pulita(pagina)
    del_foglio = pagina.url
    rettifica(pagina)
    pulita(pagina)
    fogli = openpyxl.load_workbook(BytesIO(scaricato(pagina, "Excel")), read_only=True)
    pdf = PdfReader(BytesIO(scaricato(pagina, "PDF da firmare")))
    pagina.goto(del_foglio)
    expect(pagina.get_by_role("region", name="Rettifiche")).to_contain_text(MOTIVO)
    una_riga_ferma(pagina, anno, mese, operatore)

    assert MOTIVO in [cella for riga in fogli["Rettifiche"].values for cella in riga]
    testo = " ".join(" ".join(foglio.extract_text() for foglio in pdf.pages).split())
    assert MOTIVO in testo
    assert f"Operatore {operatore}" in testo
