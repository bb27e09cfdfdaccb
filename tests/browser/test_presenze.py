"""Cento bambini in meno di un minuto: un gruppo intero segnato, corretto e salvato nel browser."""

import datetime
import re
import time
from itertools import cycle

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.axe import pulita
from tests.browser.fogli import CSV, carica, in_csv, manda, righe_pronte
from tests.browser.ingresso import entra
from tests.browser.test_percorso import REFERENTE


pytestmark = pytest.mark.browser

NOME = "Centro estivo"
QUANTI = 100
# Le due larghezze lavorano nello stesso ente: ciascuna ha le sue persone, nate nei suoi anni.
ANNI = {1280: (2015, 2019), 390: (2010, 2014)}
UN_MINUTO = 60


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["1280", "390"])
def scheda(request, navigatore, dimostrazione):
    """Come `pagina`, ma qui la rete manca apposta: di quello il navigatore può lagnarsi."""
    larghezza, altezza = request.param
    contesto = navigatore.new_context(
        base_url=dimostrazione, viewport={"width": larghezza, "height": altezza}, locale="it-IT"
    )
    contesto.set_default_timeout(20_000)
    scheda = contesto.new_page()
    errori: list[str] = []
    scheda.on("pageerror", lambda errore: errori.append(str(errore)))
    yield scheda
    contesto.close()
    assert errori == []


def persone(pagina: Page) -> None:
    """Cento bambini inventati, da un foglio: inserirli uno a uno è il mestiere di altre prove."""
    primo, ultimo = ANNI[pagina.viewport_size["width"]]
    anni = cycle(range(primo, ultimo + 1))
    righe = [(cognome, "Prova", f"15/6/{next(anni)}") for cognome in cognomi()]
    manda(pagina, "Persone", "campo.csv", in_csv(("Cognome", "Nome", "Nato il"), *righe), CSV)
    pagina.get_by_role("button", name="Guarda le righe").click()
    righe_pronte(pagina, str(QUANTI))
    carica(pagina)


def cognomi() -> list[str]:
    """Cento cognomi inventati che si somigliano poco."""
    inizi = ("Ab", "Bro", "Cil", "Du", "Fer", "Gua", "Lum", "Mo", "Pri", "Zan")
    fini = ("acchi", "betto", "condi", "driga", "elfi", "fusco", "gnolo", "hauer", "izzi", "lomba")
    return [f"{inizio}{fine}" for inizio in inizi for fine in fini]


def gruppo(pagina: Page) -> str:
    """Crea il gruppo dalla pagina; rende il suo indirizzo."""
    oggi = timezone.localdate()
    pagina.goto("/gruppi/")
    pulita(pagina)
    pagina.get_by_role("link", name="Nuovo gruppo").first.click()
    pagina.get_by_role("button", name="Crea il gruppo").click()
    expect(pagina.locator(".riepilogo-errori")).to_be_visible()
    pulita(pagina)
    pagina.get_by_label("Nome del gruppo").fill(f"{NOME} {pagina.viewport_size['width']}")
    pagina.get_by_label("Servizio").select_option(index=1)
    pagina.get_by_label("Azione").select_option(index=1)
    pagina.get_by_label("Comincia il").fill(str(oggi - datetime.timedelta(days=6)))
    for giorno in pagina.locator("[name=giorni]").all():
        giorno.check()
    pagina.get_by_label("Durata in minuti").fill("240")
    pagina.get_by_role("button", name="Crea il gruppo").click()
    expect(pagina).to_have_url(re.compile(r"/gruppi/[0-9a-f-]{36}/persone/"))
    pulita(pagina)
    return re.search(r"/gruppi/[0-9a-f-]{36}/", pagina.url)[0]


def entrano_tutti(pagina: Page, indirizzo: str) -> None:
    primo, ultimo = ANNI[pagina.viewport_size["width"]]
    pagina.goto(f"{indirizzo}persone/aggiungi/")
    pagina.locator("[name=fra][value=tutti]").check()
    pagina.get_by_label("Nome o cognome").fill("Prova")
    pagina.get_by_label("Nati dal").fill(str(primo))
    pagina.get_by_label("fino al", exact=True).fill(str(ultimo))
    pagina.get_by_role("button", name="Cerca").click()
    pagina.get_by_role("button", name="Segna tutte").click()
    pulita(pagina)
    pagina.get_by_label("Come è arrivato").select_option("passaparola")
    pagina.get_by_role("button", name="Aggiungi chi hai segnato").click()
    expect(pagina.locator("#messaggi")).to_contain_text(
        f"{QUANTI} persone sono entrate nel gruppo"
    )
    pagina.get_by_label("Età dei sottogruppi").fill(fasce(primo, ultimo))
    pagina.get_by_role("button", name="Dividi").click()
    expect(pagina.locator("[data-parte]")).to_have_count(2)
    pulita(pagina)


def fasce(primo: int, ultimo: int) -> str:
    """Due fasce che tengono tutti i nati fra i due anni, oggi e tra un anno."""
    anno = timezone.localdate().year
    piccoli, grandi = anno - ultimo - 1, anno - primo
    mezzo = (piccoli + grandi) // 2
    return f"{piccoli}-{mezzo}, {mezzo + 1}-{grandi}"


def segna_quasi_tutti(pagina: Page, assenti: int) -> float:
    """Tutti presenti, poi via chi manca, poi salva; rende i secondi, dalla pagina aperta."""
    inizio = time.perf_counter()
    for bottone in pagina.locator("[data-tutti]").all():
        bottone.click()
    caselle = pagina.locator(".foglio-riga input")
    for numero in range(assenti):
        caselle.nth(numero * 13).click()
    expect(pagina.locator("[data-conto]")).to_have_text(
        f"{QUANTI - assenti} presenti, {assenti} assenti"
    )
    with pagina.expect_response(
        lambda r: r.request.method == "POST" and "bozza" not in r.url
    ) as r:
        pagina.get_by_role("button", name="Salva le presenze").click()
    expect(pagina.locator("#messaggi")).to_contain_text(f"{QUANTI - assenti} presenti")
    assert r.value.request.timing["responseEnd"] < 3000
    return time.perf_counter() - inizio


def da_tastiera(pagina: Page) -> None:
    """Frecce e spazio nell'elenco; nella ricerca Invio segna e lascia cercare il seguente."""
    caselle = pagina.locator(".foglio-riga input")
    primo, secondo = caselle.nth(0), caselle.nth(1)
    primo.focus()
    pagina.keyboard.press("ArrowDown")
    expect(secondo).to_be_focused()
    pagina.keyboard.press("Space")
    expect(pagina.locator("[data-conto]")).to_have_text(re.compile("^1 presente, "))
    ricerca = pagina.get_by_label("Trova nell'elenco")
    ricerca.fill("nessuno")
    expect(pagina.locator(".foglio-riga:visible")).to_have_count(0)
    ricerca.fill("zanlomba")
    expect(pagina.locator(".foglio-riga:visible")).to_have_count(1)
    ricerca.press("Enter")
    expect(pagina.locator("[data-conto]")).to_have_text(re.compile("^2 presenti, "))
    expect(ricerca).to_have_value("")


def la_rete_manca_e_la_bozza_resta(pagina: Page) -> None:
    expect(pagina.locator("[data-bozza]")).to_contain_text("Tenuto da parte")
    pagina.context.set_offline(True)
    pagina.get_by_role("button", name="Salva le presenze").click()
    expect(pagina.locator("[data-rete]")).to_contain_text("La rete non risponde")
    expect(pagina.locator(".foglio-riga input:checked")).to_have_count(2)
    pulita(pagina)
    pagina.context.set_offline(False)
    expect(pagina.locator("[data-rete]")).to_contain_text("La rete è tornata")
    pagina.reload()
    expect(pagina.locator("#presenze")).to_contain_text("Hai ripreso da dove eri rimasto")
    expect(pagina.locator(".foglio-riga input:checked")).to_have_count(2)


def un_servizio(pagina: Page) -> None:
    """L'ente ne ha almeno uno: se non c'è ancora si prendono i più comuni."""
    pagina.goto("/gruppi/nuovo/")
    if pagina.get_by_label("Servizio").locator("option").count() > 1:
        return
    pagina.goto("/servizi/")
    pagina.locator("form[action$='/servizi/comuni/'] button").first.click()


def test_cento_bambini_in_meno_di_un_minuto(scheda: Page):
    pagina = scheda
    entra(pagina, REFERENTE)
    un_servizio(pagina)
    persone(pagina)
    indirizzo = gruppo(pagina)
    entrano_tutti(pagina, indirizzo)

    pagina.goto(indirizzo)
    expect(pagina.locator(".fogli-mancanti li")).to_have_count(6)
    pulita(pagina)
    pagina.get_by_role("link", name="Presenze di oggi").click()
    pulita(pagina)
    da_tastiera(pagina)
    la_rete_manca_e_la_bozza_resta(pagina)
    pagina.get_by_role("button", name="Butta ciò che è segnato e ricomincia").click()
    expect(pagina.locator(".foglio-riga input:checked")).to_have_count(0)

    secondi = segna_quasi_tutti(pagina, assenti=7)

    assert secondi < UN_MINUTO
    pulita(pagina)
    expect(pagina.locator(".incontro-fatto")).to_contain_text("93 presenti")
    for altra in ("frequenza/", "foglio/", "modifica/", "chiudi/"):
        pagina.goto(f"{indirizzo}{altra}")
        pulita(pagina)
