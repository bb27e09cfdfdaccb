"""Dal consenso alla cancellazione, nel browser: revocare non costa più che dare, la pagina aperta si copre,
la persona ha la sua copia e poi non c'è più.
"""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import ostacoli, pulita, scorre_di_lato
from tests.browser.fogli import ATTESA
from tests.browser.ingresso import entra
from tests.browser.test_percorso import REFERENTE


pytestmark = pytest.mark.browser

ALTRO_ENTE = "jokko"
ALTRA_REFERENTE = "sara.conti@jokko.example"
# Inventati, e tanto diversi da non sembrare la stessa persona: uno per larghezza della pagina.
CHI = {1280: ("Quercettini", "Lidia"), 390: ("Zambardelli", "Oreste")}


class Dita:
    """Conta i tocchi: scegliere una casella è un tocco, scrivere in un campo anche."""

    def __init__(self) -> None:
        self.tocchi = 0

    def tocca(self, che_cosa: Locator) -> None:
        che_cosa.click()
        self.tocchi += 1


@pytest.fixture
def collega(navigatore, dimostrazione) -> Page:
    """La referente dell'altro ente, con il suo navigatore."""
    contesto = navigatore.new_context(base_url=dimostrazione, locale="it-IT")
    contesto.set_default_timeout(20_000)
    yield contesto.new_page()
    contesto.close()


def nuova_persona(pagina: Page) -> str:
    """Inserisce una persona inventata; rende l'indirizzo della sua pagina."""
    pagina.goto("/persone/nuova/")
    cognome, nome = CHI[pagina.viewport_size["width"]]
    pagina.get_by_label("Cognome").fill(cognome)
    # Chi va via mentre la pagina cerca i simili interrompe la ricerca, e il navigatore se ne lagna.
    with pagina.expect_response("**/simili/"):
        pagina.get_by_label("Nome", exact=True).fill(nome)
    pagina.wait_for_load_state("networkidle")
    pagina.locator("main form").last.get_by_role("button").first.click()
    expect(pagina).to_have_url(re.compile(r"/persone/[0-9a-f-]{36}/"))
    return re.search(r"/persone/[0-9a-f-]{36}/", pagina.url)[0]


def da_il_consenso(pagina: Page, persona: str) -> int:
    """Raccoglie il consenso più breve che si può dare; rende quanti tocchi costa."""
    dita = Dita()
    pagina.goto(f"{persona}consensi/")
    dita.tocca(pagina.get_by_role("link", name="Raccogli un consenso"))
    modulo = pagina.locator("form[method=post]", has=pagina.locator("[name=finalita]"))
    for nome, valore in (
        ("finalita", "presa-in-carico"),
        ("gruppi", "anagrafica"),
        ("a_chi", "rete"),
        ("canale", "carta"),
    ):
        dita.tocca(modulo.locator(f"[name={nome}][value={valore}]"))
    assert ostacoli(pagina) == []
    assert not scorre_di_lato(pagina)
    dita.tocca(modulo.get_by_role("button", name="Dice di sì"))
    expect(pagina.locator(".consenso")).to_have_count(1)
    return dita.tocchi


def condivide(pagina: Page, persona: str) -> None:
    pagina.goto(f"{persona}condividi/")
    pagina.get_by_label("Con quale ente").select_option(ALTRO_ENTE)
    for nome, valore in (("finalita", "presa-in-carico"), ("livello", "completo")):
        pagina.locator(f"[name={nome}][value={valore}]").click()
    pagina.get_by_role("button", name="Vedi che cosa vedrà").click()
    expect(pagina.get_by_role("heading", level=2)).to_contain_text("Che cosa vedrà")
    assert ostacoli(pagina) == []
    pagina.get_by_role("button", name="Condividi").click()
    expect(pagina.get_by_role("button", name="Smetti di condividere")).to_be_visible()


def raccoglie(pagina: Page, persona: str, tipo: str) -> str:
    """Scrive la richiesta che la persona fa a voce; rende l'indirizzo della richiesta."""
    pagina.goto(f"{persona}diritti/")
    pagina.get_by_role("link", name="Raccogli una richiesta").click()
    pagina.locator(f"[name=tipo][value={tipo}]").check()
    for nome in ("campo", "valore_proposto", "finalita", "nome_rappresentante"):
        expect(pagina.locator(f"[name={nome}]")).to_be_hidden()
    for nome, valore in (
        ("canale", "voce"),
        ("presentata_da", "persona"),
        ("identita", "conosciuta"),
    ):
        pagina.locator(f"[name={nome}][value={valore}]").check()
    pulita(pagina)
    pagina.get_by_role("button", name="Raccogli la richiesta").click()
    expect(pagina.locator("#messaggi")).to_contain_text("Richiesta raccolta")
    return pagina.url


def ha_la_sua_copia(pagina: Page, richiesta: str) -> None:
    """Prepara la copia, la scarica, ci trova un foglio da leggere e i dati da portare via; accoglie."""
    pagina.get_by_role("button", name="Prepara la copia dei dati").click()
    scarica = pagina.get_by_role("link", name=re.compile("^Scarica"))
    expect(scarica).to_be_visible(timeout=ATTESA)
    pulita(pagina)
    with pagina.expect_download() as attesa:
        scarica.click()
    cognome, nome = CHI[pagina.viewport_size["width"]]
    assert cognome.lower() not in attesa.value.suggested_filename.lower()
    with ZipFile(attesa.value.path()) as copia:
        dentro = {Path(voce).suffix: copia.read(voce) for voce in copia.namelist()}
    assert dentro[".pdf"].startswith(b"%PDF-")
    dati = json.dumps(json.loads(dentro[".json"]), ensure_ascii=False)
    assert f'"{cognome}"' in dati
    assert f'"{nome}"' in dati

    pagina.goto(richiesta)
    accoglie(pagina, "Le diamo la copia: è tutto ciò che abbiamo.")
    expect(pagina.locator("#messaggi")).to_contain_text("Richiesta accolta")


def accoglie(pagina: Page, risposta: str) -> None:
    pagina.get_by_role("link", name="Accogli…").click()
    pagina.get_by_label("Che cosa rispondete alla persona").fill(risposta)
    certo = pagina.get_by_label("Ho capito che non si torna indietro")
    if certo.count():
        certo.check()
    pulita(pagina)
    pagina.get_by_role("button", name="Accogli", exact=True).click()


def viene_cancellata(pagina: Page, persona: str) -> None:
    """La richiesta resta, come prova; la persona non si apre, non si trova, non è in elenco."""
    accoglie(pagina, "Abbiamo cancellato i dati che avevamo.")
    expect(pagina.locator("#messaggi")).to_contain_text("Dati cancellati")
    pulita(pagina)
    nome = CHI[pagina.viewport_size["width"]][0]
    assert nome not in pagina.content()
    assert pagina.request.get(persona).status == 404
    pagina.goto(f"/persone/?cerca={nome}")
    assert pagina.locator("main table").filter(has_text=nome).count() == 0


def test_dal_consenso_alla_cancellazione(pagina: Page, collega: Page):
    entra(pagina, REFERENTE)
    persona = nuova_persona(pagina)
    per_dare = da_il_consenso(pagina, persona)
    condivide(pagina, persona)
    assert ostacoli(pagina) == []
    assert not scorre_di_lato(pagina)

    entra(collega, ALTRA_REFERENTE)
    nome = CHI[pagina.viewport_size["width"]][0]
    collega.goto("/condivise/?ente=coala")
    collega.get_by_role("link", name=nome).click()
    expect(collega.get_by_role("heading", level=1)).to_contain_text(nome)
    assert ostacoli(collega) == []

    dita = Dita()
    dita.tocca(pagina.get_by_role("button", name="Revoca", exact=False).first)
    expect(pagina.locator("#messaggi")).to_contain_text("non vede più niente")
    assert dita.tocchi <= per_dare

    # La pagina aperta lo chiede da sé: qui le si dice che è appena tornata in vista.
    collega.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(collega.locator("main")).to_contain_text("Questa condivisione è finita")
    assert nome not in collega.locator("body").inner_text()
    assert nome not in collega.content()

    ha_la_sua_copia(pagina, raccoglie(pagina, persona, "accesso"))
    raccoglie(pagina, persona, "cancellazione")
    viene_cancellata(pagina, persona)
