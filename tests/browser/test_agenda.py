"""L'agenda nel browser: un giorno vuoto, un impegno sbagliato, poi fatto, poi rimesso com'era."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import pulita
from tests.browser.ingresso import entra


pytestmark = pytest.mark.browser

# Segue persone che nella dimostrazione aspettano da un po'.
OPERATORE = "fabio.pesce@idea.example"
# Ogni larghezza ha la sua ora: insieme non sono due volte la stessa cosa.
ORE = {1280: "00:05", 390: "00:20"}


def giorno_vuoto(pagina: Page) -> None:
    lontano = timezone.localdate() + datetime.timedelta(days=90)
    pagina.goto(f"/agenda/?vista=giorno&giorno={lontano}")
    expect(pagina.locator("main")).to_contain_text("Nessun appuntamento")
    pulita(pagina)
    pagina.get_by_role("link", name="Fissane uno").click()
    expect(pagina.get_by_label("Giorno")).to_have_value(str(lontano))


def sbaglia(pagina: Page) -> None:
    """Senza giorno né ora, con una durata che non si capisce: ciò che è scritto resta."""
    pagina.get_by_label("Giorno").fill("")
    pagina.get_by_label("Quanto dura").fill("domani")
    pagina.get_by_role("button", name="Metti in agenda").click()
    errori = pagina.locator(".riepilogo-errori")
    expect(errori).to_contain_text("Scrivi a che ora")
    expect(errori).to_contain_text("Quanto dura")
    expect(pagina.get_by_label("Quanto dura")).to_have_value("domani")
    pulita(pagina)


def fissa_oggi(pagina: Page, ora: str) -> str:
    """Un impegno di oggi con la prima persona proposta; rende come si chiama."""
    persona = pagina.locator("main input[name=persona][id^=persona-]:not([value=''])").first
    chi = pagina.locator(f"label[for={persona.get_attribute('id')}]").inner_text()
    persona.check(force=True)
    pagina.get_by_label("Giorno").fill(str(timezone.localdate()))
    pagina.get_by_label("Ora", exact=True).fill(ora)
    pagina.get_by_label("Quanto dura").fill("45'")
    pagina.get_by_label("In presenza").check(force=True)
    pagina.get_by_role("button", name="Metti in agenda").click()
    expect(pagina.locator("#messaggi")).to_contain_text("In agenda")
    return chi.split(",")[0].split("(")[0].strip()


def impegno(pagina: Page, chi: str, ora: str) -> Locator:
    """L'impegno nella sua giornata, non fra ciò che resta da registrare."""
    di_oggi = pagina.locator(f"#giorno-{timezone.localdate()} .impegno", has_text=chi)
    return di_oggi.filter(has_text=ora)


def registra(pagina: Page, chi: str, ora: str) -> None:
    """Un tocco su «Fatto»; manca il servizio, e la pagina lo chiede."""
    impegno(pagina, chi, ora).get_by_role("button", name="Fatto").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Com'è andata")
    pulita(pagina)
    pagina.get_by_role("button", name="Registra", exact=True).click()
    expect(pagina.locator(".riepilogo-errori")).to_be_visible()
    pulita(pagina)
    pagina.get_by_label("Che cosa").select_option(index=1)
    pagina.get_by_role("button", name="Registra", exact=True).click()
    expect(pagina.locator("#messaggi")).to_contain_text("Registrato")
    expect(impegno(pagina, chi, ora)).to_contain_text("Fatto")
    pulita(pagina)


def rimetti_e_annulla(pagina: Page, chi: str, ora: str) -> None:
    impegno(pagina, chi, ora).get_by_role("button", name="Rimetti fra i previsti").click()
    expect(pagina.locator("#messaggi")).to_contain_text("È di nuovo fra i previsti")
    impegno(pagina, chi, ora).get_by_role("button", name="Annulla").click()
    expect(pagina.locator("#messaggi")).to_contain_text("rimettilo fra i previsti")
    expect(impegno(pagina, chi, ora)).to_contain_text("Annullato")


def test_un_impegno_si_fissa_si_registra_e_si_rimette_com_era(pagina: Page):
    entra(pagina, OPERATORE)
    ora = ORE[pagina.viewport_size["width"]]
    pagina.goto("/agenda/")
    pulita(pagina)
    giorno_vuoto(pagina)
    sbaglia(pagina)
    chi = fissa_oggi(pagina, ora)
    expect(impegno(pagina, chi, ora)).to_be_visible()
    pulita(pagina)

    registra(pagina, chi, ora)
    impegno(pagina, chi, ora).get_by_role("link", name="Guarda").click()
    expect(pagina).to_have_url(re.compile(r"/prestazioni/[0-9a-f-]{36}/$"))
    expect(pagina.locator("main")).to_contain_text(chi)
    pulita(pagina)

    pagina.goto("/agenda/")
    rimetti_e_annulla(pagina, chi, ora)


def test_chi_non_si_vede_da_tempo_si_trova_e_gli_si_fissa_un_giorno(pagina: Page):
    entra(pagina, OPERATORE)
    pagina.goto("/agenda/")
    pagina.get_by_role("link", name="Chi non vedo da tempo").click()
    pulita(pagina)
    pagina.get_by_role("link", name="15 giorni").click()
    expect(pagina).to_have_url(re.compile("giorni=15"))
    prima = pagina.locator("main tbody tr").first
    chi = prima.locator("th").inner_text()
    pulita(pagina)
    prima.get_by_role("link", name=re.compile("^Appuntamento")).click()

    expect(pagina.get_by_role("radio", name=re.compile(re.escape(chi)))).to_be_checked()
    pulita(pagina)
