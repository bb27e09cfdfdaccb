"""I cruscotti nel browser: periodo e filtri nell'indirizzo, disegni con la loro tavola, nessun nome."""

import csv
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import pulita
from tests.browser.ingresso import entra


pytestmark = pytest.mark.browser

REFERENTE = "stefano.carbone@azimut.example"
COORDINATORE = "marco.bosio@quadrante.example"
# I disegni si chiedono uno per uno, dopo i numeri: il primo fra tutti avvia chi disegna.
ATTESA = 60_000
VUOTO = "?dal=2001-01-01&al=2001-02-01"


def disegnato(pagina: Page) -> None:
    """Ogni tavola ha il suo disegno, e ogni disegno gli stessi dati in una tavola."""
    sezioni = pagina.locator(".cruscotto-tavola")
    expect(sezioni.first).to_be_visible()
    quante = len(sezioni.all())
    disegni = pagina.locator(".cruscotto-tavola .disegno-cornice svg")
    expect(disegni).to_have_count(quante, timeout=ATTESA)
    expect(pagina.locator(".cruscotto-tavola figure.disegno table")).to_have_count(quante)


def cambia(pagina: Page, campo: str, valore: str, nell_indirizzo: str) -> None:
    """Cambia un filtro e aspetta che la pagina l'abbia seguito."""
    scelta = pagina.get_by_label(campo, exact=True)
    if not scelta.is_visible():
        pagina.locator("details.filtri > summary").click()
    scelta.select_option(valore)
    expect(pagina).to_have_url(re.compile(nell_indirizzo))


def apri_una_definizione(pagina: Page) -> None:
    cifra = pagina.locator(".cifra").first
    cifra.locator("summary", has_text="Come si conta").first.click()
    expect(cifra.locator("dl.definizione").first).to_be_visible()
    expect(cifra).to_contain_text("Che cosa resta fuori")


def foglio(pagina: Page) -> list[list[str]]:
    """Le righe del CSV della prima tavola, aperta come farebbe chi legge."""
    prima = pagina.locator(".cruscotto-tavola").first
    prima.locator("summary", has_text="Gli stessi dati in tabella").click()
    expect(prima.locator("table")).to_be_visible()
    with pagina.expect_download() as arrivo:
        prima.get_by_role("link", name=re.compile("^CSV")).click()
    grezzo = arrivo.value.path().read_bytes()
    assert grezzo.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(grezzo.decode("utf-8-sig").splitlines(), delimiter=";"))


def test_il_cruscotto_dell_ente(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto("/cruscotto/")
    disegnato(pagina)
    pulita(pagina)
    cambia(pagina, "Periodo", "tutto", "periodo=tutto")
    expect(pagina.locator("#cruscotto .elenco-conto")).to_contain_text("Da sempre")
    cambia(pagina, "Nei disegni", "ore", "misura=ore")
    pagina.reload()
    expect(pagina.get_by_label("Periodo", exact=True)).to_have_value("tutto")
    disegnato(pagina)
    apri_una_definizione(pagina)
    pulita(pagina)

    righe = foglio(pagina)
    pulita(pagina)
    pagina.goto(f"/cruscotto/{VUOTO}")
    expect(pagina.locator("#cruscotto")).to_contain_text("non c'è ancora niente da contare")
    pulita(pagina)

    assert righe[0][0] == "Mese"
    assert any(riga[:1] == ["Periodo"] and "da sempre" in riga[1].lower() for riga in righe)


def test_dal_cruscotto_si_arriva_alle_righe_contate(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto("/cruscotto/?periodo=trimestre")
    conto = pagina.locator("#cruscotto .elenco-conto").inner_text()
    quante = re.search(r"[\d.]+(?=\s+prestazion)", conto)[0]

    pagina.get_by_role("link", name="Le prestazioni contate qui, una per una").click()

    expect(pagina.locator("#tabella-prestazioni .elenco-conto")).to_contain_text(
        re.compile(rf"^\s*{re.escape(quante)}\s")
    )


def test_il_cruscotto_della_rete_non_dice_nessun_nome(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto("/persone/")
    nomi = pagina.locator("main tbody th a").all_inner_texts()
    assert nomi
    pagina.context.clear_cookies()
    entra(pagina, COORDINATORE)
    pagina.goto("/cruscotto/rete/")
    disegnato(pagina)
    pulita(pagina)
    cambia(pagina, "Periodo", "tutto", "periodo=tutto")
    cambia(pagina, "Ente", "azimut", "ente=azimut")
    expect(pagina.locator("#cruscotto .elenco-conto")).to_contain_text("Da sempre")
    pagina.reload()
    expect(pagina.get_by_label("Ente", exact=True)).to_have_value("azimut")
    disegnato(pagina)
    apri_una_definizione(pagina)
    pulita(pagina)

    testo = pagina.locator("main").inner_text() + str(foglio(pagina))
    pagina.goto(f"/cruscotto/rete/{VUOTO}")
    expect(pagina.locator("#cruscotto")).to_contain_text("non c'è ancora niente da contare")
    pulita(pagina)

    assert [nome for nome in nomi if nome in testo] == []
    pagina.goto("/prestazioni/")
    expect(pagina.locator("#tabella-prestazioni")).to_have_count(0)
