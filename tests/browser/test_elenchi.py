"""Gli elenchi lunghi nel browser: filtri nell'indirizzo, ordine, pagine, filtri salvati, fogli, carta."""

import csv
import re
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import pulita
from tests.browser.ingresso import entra


pytestmark = pytest.mark.browser

REFERENTE = "stefano.carbone@azimut.example"
DELL_ENTE = "/prestazioni/?di_chi=ente"
NESSUNA = "modo=online&dal=2001-01-01&al=2001-01-02"
SENZA_NOMI = re.compile("nucleo|senza nome")
LARGHEZZA_A4 = 794


def scegli(pagina: Page, campo: str, valore: str, nell_indirizzo: str) -> None:
    """Un filtro, toccato come si tocca: al telefono prima si aprono."""
    scelta = pagina.get_by_label(campo, exact=True)
    if not scelta.is_visible():
        pagina.locator("details.filtri > summary").click()
    scelta.select_option(valore)
    expect(pagina).to_have_url(re.compile(nell_indirizzo))


def ordina(pagina: Page, colonna: str, chiave: str) -> None:
    """Ordina toccando l'intestazione; al telefono non c'è, e si va all'indirizzo."""
    intestazione = pagina.get_by_role("columnheader", name=colonna)
    if pagina.viewport_size["width"] > 390:
        intestazione.get_by_role("link").click()
        expect(pagina).to_have_url(re.compile(f"ordine={chiave}"))
        expect(intestazione).to_have_attribute("aria-sort", "ascending")
        return
    pagina.goto(f"{pagina.url}{'&' if '?' in pagina.url else '?'}ordine={chiave}")


def scaricato(pagina: Page, nome: str) -> bytes:
    with pagina.expect_download() as arrivo:
        pagina.get_by_role("link", name=nome, exact=True).click()
    return arrivo.value.path().read_bytes()


def stessi_fogli(pagina: Page, conto: str) -> None:
    """Il CSV e l'XLSX hanno le righe che la pagina conta, e le stesse intestazioni."""
    grezzo = scaricato(pagina, "CSV")
    assert grezzo.startswith(b"\xef\xbb\xbf")
    testo = list(csv.reader(grezzo.decode("utf-8-sig").splitlines(), delimiter=";"))
    libro = openpyxl.load_workbook(BytesIO(scaricato(pagina, "Excel")), read_only=True)
    righe = list(libro.active.values)
    assert str(len(testo) - 1) == conto
    assert len(righe) == len(testo)
    assert list(righe[0]) == testo[0]


def quante(pagina: Page) -> str:
    return re.search(r"[\d.]+", pagina.locator(".elenco-conto").inner_text())[0].replace(".", "")


def avanti_e_indietro(pagina: Page) -> None:
    prima = pagina.locator("main tbody th a").first.get_attribute("href")
    pagina.get_by_role("link", name="Successiva").click()
    expect(pagina).to_have_url(re.compile("pagina=dopo-"))
    expect(pagina.locator(f"main tbody th a[href='{prima}']")).to_have_count(0)
    pagina.get_by_role("link", name="Precedente").click()
    expect(pagina.locator("main tbody th a").first).to_have_attribute("href", prima)


def salva_e_ritrova(pagina: Page, elenco: str, nell_indirizzo: str) -> None:
    """I filtri in uso si salvano, si ritrovano con un tocco, si tolgono e si rimettono."""
    nome = f"Prova {pagina.viewport_size['width']}"
    salvati = pagina.locator("#filtri-salvati")
    salvati.locator("summary", has_text="Salva questi filtri").click()
    salvati.get_by_label("Come li chiami").fill(nome)
    pulita(pagina)
    salvati.get_by_role("button", name="Salva", exact=True).click()
    expect(salvati.get_by_role("link", name=nome)).to_have_attribute("aria-current", "page")
    pagina.goto(elenco)
    salvati.get_by_role("link", name=nome).click()
    expect(pagina).to_have_url(re.compile(nell_indirizzo))
    salvati.get_by_role("button", name=f"Togli «{nome}»").click()
    expect(salvati).to_contain_text(f"«{nome}» tolto")
    pulita(pagina)


def su_carta(pagina: Page) -> None:
    """Stampato restano le righe e che cosa si è chiesto; i comandi no."""
    misura = pagina.viewport_size
    pagina.set_viewport_size({"width": LARGHEZZA_A4, "height": misura["height"]})
    pagina.emulate_media(media="print")
    expect(pagina.locator(".solo-stampa").first).to_be_visible()
    expect(pagina.locator("main tbody tr").first).to_be_visible()
    for comando in ("details.filtri", "#filtri-salvati", "nav.paginazione", ".it-nav-wrapper"):
        expect(pagina.locator(comando).first).to_be_hidden()
    assert not pagina.evaluate("document.documentElement.scrollWidth > innerWidth")
    pagina.emulate_media(media="screen")
    pagina.set_viewport_size(misura)


def test_le_prestazioni_dell_ente(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto(DELL_ENTE)
    pulita(pagina)
    ordina(pagina, "Durata", "durata")
    avanti_e_indietro(pagina)
    su_carta(pagina)

    pagina.goto(DELL_ENTE)
    scegli(pagina, "Modo", "telefono", "modo=telefono")
    expect(pagina.locator("#tabella-prestazioni tbody")).not_to_contain_text("in presenza")
    stessi_fogli(pagina, quante(pagina))
    salva_e_ritrova(pagina, "/prestazioni/", "di_chi=ente&modo=telefono")

    pagina.goto(f"{DELL_ENTE}&{NESSUNA}")
    expect(pagina.locator("main")).to_contain_text("Nessuna prestazione con questi filtri")
    pulita(pagina)
    pagina.get_by_role("link", name="Mostra tutte quelle dell'ente").click()
    expect(pagina.locator("#tabella-prestazioni tbody tr").first).to_be_visible()
    pagina.goto(f"{DELL_ENTE}&dal=2026-03-31&al=2026-03-01")
    expect(pagina.locator(".errore-filtro")).to_contain_text("La fine viene prima dell'inizio")
    pulita(pagina)


def test_quelle_di_una_persona(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto(f"{DELL_ENTE}&modo=presenza")
    nominate = pagina.locator("#tabella-prestazioni tbody th a").filter(has_not_text=SENZA_NOMI)
    nominate.first.click()
    pagina.locator(".persona-voci a").first.click()
    pagina.get_by_label("Pagine della persona").get_by_role("link", name="Prestazioni").click()
    expect(pagina.locator("#prestazioni-persona tbody tr").first).to_be_visible()
    sua = pagina.url
    pulita(pagina)
    ordina(pagina, "Giorno", "giorno")
    su_carta(pagina)
    stessi_fogli(pagina, quante(pagina))
    pagina.goto(f"{sua}?modo=presenza")
    salva_e_ritrova(pagina, sua, "modo=presenza")
    pagina.goto(f"{sua}?{NESSUNA}")
    expect(pagina.locator("main")).to_contain_text("Nessuna prestazione con questi filtri")
    pulita(pagina)
    pagina.get_by_role("link", name="Mostra tutte le sue").click()
    expect(pagina).to_have_url(sua)
