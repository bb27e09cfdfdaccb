"""Entrare, attivare il secondo fattore, rientrare sul posto, chiudere una sessione: con un browser vero."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from enti.azioni.fattori import codice_di_adesso
from report.management.commands.prepara_demo import PASSWORD
from tests.browser.axe import ostacoli, scorre_di_lato
from tests.browser.ingresso import PRIMA_PAGINA, passa_i_due_passi


pytestmark = pytest.mark.browser

# Questi due account della dimostrazione non hanno ancora un secondo fattore.
SENZA_FATTORE = "giovanna.porati@gapp.example"
IN_PROROGA = "michele.sardi@gapp.example"
LARGHEZZE = ((1280, 900), (390, 844), (320, 640))
# Un giro di domande della pagina aperta, e un soffio.
UN_GIRO = 46_000


@pytest.fixture
def contesto(navigatore, dimostrazione) -> BrowserContext:
    # Il nome e non il numero: a un indirizzo fatto di numeri il web non dà passkey.
    sito = dimostrazione.replace("127.0.0.1", "localhost")
    contesto = navigatore.new_context(base_url=sito, locale="it-IT")
    contesto.set_default_timeout(20_000)
    yield contesto
    contesto.close()


@pytest.fixture
def pagina(contesto) -> Page:
    scheda = contesto.new_page()
    errori: list[str] = []
    scheda.on("pageerror", lambda errore: errori.append(str(errore)))
    scheda.on(
        "console", lambda voce: errori.append(voce.text) if "Content Sec" in voce.text else 0
    )
    yield scheda
    assert errori == []


def _senza_ostacoli(pagina: Page) -> None:
    for larga, alta in LARGHEZZE:
        pagina.set_viewport_size({"width": larga, "height": alta})
        assert ostacoli(pagina) == [], larga
        assert not scorre_di_lato(pagina), larga
    pagina.set_viewport_size({"width": 1280, "height": 900})


def _primo_passo(pagina: Page, posta: str) -> None:
    pagina.get_by_label("Posta elettronica").fill(posta)
    pagina.get_by_label("Password", exact=True).fill(PASSWORD)
    pagina.locator("main button[type=submit]:visible").click()


def _titolo(pagina: Page, testo) -> None:
    expect(pagina.get_by_role("heading", level=1)).to_have_text(testo)


def test_attivare_l_app_uscire_e_rientrare_sul_posto(pagina: Page):
    pagina.clock.install()
    pagina.goto("/accedi/")
    _primo_passo(pagina, SENZA_FATTORE)
    _titolo(pagina, "Attiva il secondo fattore")
    expect(pagina.locator("nav[aria-label=Principale]")).to_have_count(0)
    _senza_ostacoli(pagina)
    # Il resto è chiuso, qualunque indirizzo si scriva.
    pagina.goto("/persone/")
    _titolo(pagina, "Attiva il secondo fattore")

    pagina.get_by_role("link", name="Attiva l'app").click()
    expect(pagina.locator(".disegno-app")).to_be_visible()
    pagina.get_by_text("Non riesci a inquadrarlo?").click()
    segreto = pagina.locator(".segreto-app").inner_text().replace(" ", "")
    _senza_ostacoli(pagina)
    pagina.get_by_label("Codice che l'app mostra adesso").fill(codice_di_adesso(segreto))
    pagina.get_by_role("button", name="Attiva").click()
    _titolo(pagina, "Fatto: il secondo fattore è attivo")
    codici = pagina.locator(".codici-riserva code").all_inner_texts()
    assert len(codici) == 10
    _senza_ostacoli(pagina)
    pagina.get_by_role("link", name="Li ho salvati, continua").click()
    _titolo(pagina, PRIMA_PAGINA)

    pagina.goto("/enti/")
    campo = pagina.locator("main input[type=search]")
    campo.fill("parole a metà")
    _esci_da_un_altra_scheda(pagina)
    pagina.clock.run_for(UN_GIRO)
    _titolo(pagina, "La sessione è finita")
    expect(pagina.get_by_label("Posta elettronica")).to_be_focused()
    _senza_ostacoli(pagina)
    _primo_passo(pagina, SENZA_FATTORE)
    pagina.get_by_label("Codice", exact=True).fill("0000000000")
    pagina.get_by_role("button", name="Entra").click()
    expect(pagina.locator(".riepilogo-errori")).to_be_focused()
    _senza_ostacoli(pagina)
    pagina.get_by_label("Codice", exact=True).fill(codici[0])
    pagina.get_by_role("button", name="Entra").click()

    _titolo(pagina, "Enti")
    expect(campo).to_have_value("parole a metà")
    # I moduli di questa pagina valgono anche per la sessione nuova.
    pagina.locator("details.menu-utente summary").click()
    pagina.get_by_role("button", name="Esci").click()
    _titolo(pagina, "Accedi al Registro")


def _esci_da_un_altra_scheda(pagina: Page) -> None:
    altra = pagina.context.new_page()
    altra.goto("/enti/")
    altra.locator("details.menu-utente summary").click()
    altra.get_by_role("button", name="Esci").click()
    _titolo(altra, "Accedi al Registro")
    altra.close()


def test_con_una_passkey_non_si_scrive_niente(pagina: Page):
    chiavetta = pagina.context.new_cdp_session(pagina)
    chiavetta.send("WebAuthn.enable")
    opzioni = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    opzioni |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    chiavetta.send("WebAuthn.addVirtualAuthenticator", {"options": opzioni})
    pagina.goto("/accedi/")
    _primo_passo(pagina, IN_PROROGA)
    expect(pagina.locator("#messaggi")).to_contain_text("attiva il secondo fattore")

    pagina.goto("/accesso/passkey/")
    _senza_ostacoli(pagina)
    pagina.get_by_role("button", name="Crea la passkey").click()
    expect(pagina.get_by_role("alert")).to_contain_text("Prima dai un nome")
    pagina.get_by_label("Come la chiami").fill("Computer dello sportello")
    pagina.get_by_role("button", name="Crea la passkey").click()
    _titolo(pagina, "Fatto: il secondo fattore è attivo")
    pagina.goto("/accesso/")
    expect(pagina.locator("main")).to_contain_text("Computer dello sportello")
    _senza_ostacoli(pagina)

    pagina.locator("details.menu-utente summary").click()
    pagina.get_by_role("button", name="Esci").click()
    _primo_passo(pagina, IN_PROROGA)
    _senza_ostacoli(pagina)
    pagina.get_by_role("button", name="Usa la passkey").click()
    _titolo(pagina, PRIMA_PAGINA)


def test_dai_miei_accessi_si_chiude_un_altra_sessione(navigatore, dimostrazione, pagina: Page):
    chi = "sonia.cuttica@punto-lavoro.example"
    altrove = navigatore.new_context(base_url=dimostrazione, locale="it-IT")
    telefono = altrove.new_page()
    for scheda in (telefono, pagina):
        scheda.goto("/accedi/")
        passa_i_due_passi(scheda, chi)
    pagina.locator("details.menu-utente summary").click()
    pagina.get_by_role("link", name="Accesso e sicurezza").click()
    pagina.get_by_role("link", name="Guarda i tuoi accessi").click()
    expect(pagina.locator(".elenco-fattori li")).to_have_count(2)
    _senza_ostacoli(pagina)

    pagina.get_by_role("button", name=re.compile("^Chiudi Chrome")).click()

    expect(pagina.locator(".elenco-fattori li")).to_have_count(1)
    telefono.goto("/enti/")
    _titolo(telefono, "Accedi al Registro")
    altrove.close()


def test_la_pagina_di_chi_e_fermo_dice_quanto_aspettare(pagina: Page):
    for _ in range(5):
        pagina.goto("/accedi/")
        pagina.get_by_label("Posta elettronica").fill("nessuno@rete.example")
        pagina.get_by_label("Password", exact=True).fill("non-la-ricordo")
        pagina.locator("main button[type=submit]:visible").click()

    _titolo(pagina, "Troppe prove: aspetta 15 minuti")
    _senza_ostacoli(pagina)
