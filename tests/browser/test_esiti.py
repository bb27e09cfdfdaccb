"""Gli esiti nel browser: una rata con un tocco, una pratica coi suoi passi, il conto di un tirocinio."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.axe import ostacoli, scorre_di_lato
from tests.browser.ingresso import entra


pytestmark = pytest.mark.browser

# Segue famiglie che rischiano la casa: nella dimostrazione ha piani di rientro in corso.
REFERENTE = "federica.testa@coompany.example"


@pytest.fixture
def piano(pagina: Page) -> str:
    """La pagina di un piano di rientro con una rata da pagare."""
    entra(pagina, REFERENTE)
    pagina.goto("/esiti/scadenze/?di=ente")
    _si_legge(pagina)
    pagina.locator("a[href^='/piani/']").first.click()
    expect(pagina).to_have_url(re.compile(r"/piani/[0-9a-f-]{36}/$"))
    return pagina.url


def _si_legge(pagina: Page) -> None:
    assert ostacoli(pagina) == []
    assert not scorre_di_lato(pagina)


def _casi(pagina: Page) -> str:
    """Gli esiti della presa in carico della pagina aperta."""
    pagina.get_by_label("Percorso").get_by_role("link", name="Esiti").click()
    expect(pagina.get_by_role("heading", name="Che cosa si è ottenuto")).to_be_visible()
    _si_legge(pagina)
    return pagina.url


def test_una_rata_si_paga_con_un_tocco_e_si_torna_indietro(pagina: Page, piano: str):
    da_pagare = pagina.get_by_role("button", name=re.compile("^Pagata oggi"))
    quante = da_pagare.count()

    da_pagare.first.click()
    expect(pagina.get_by_role("button", name=re.compile("^Pagata oggi"))).to_have_count(quante - 1)
    _si_legge(pagina)
    pagina.get_by_role("button", name=re.compile("^Non è pagata")).first.click()

    expect(pagina.get_by_role("button", name=re.compile("^Pagata oggi"))).to_have_count(quante)


def test_interrompere_un_piano_senza_dire_perche_si_spiega(pagina: Page, piano: str):
    pagina.goto(f"{piano}fine/")
    pagina.get_by_label("Interrotto").check(force=True)
    pagina.get_by_role("button", name="Finisci il piano").click()

    expect(pagina.get_by_role("alert")).to_contain_text("Scrivi perché si è interrotto")
    expect(pagina.get_by_label("Interrotto")).to_be_checked()
    _si_legge(pagina)


def test_una_pratica_coi_suoi_passi_e_il_suo_esito(pagina: Page, piano: str):
    caso = _casi(pagina)
    pagina.goto(caso.replace("/esiti/", "/pratiche/nuova/"))
    pagina.get_by_label("Che pratica è").select_option("sfratto")
    pagina.get_by_label("Presso").fill(f"Ufficio {pagina.viewport_size['width']}")
    pagina.get_by_label("Aperta il").fill("2026-03-01")
    pagina.get_by_role("button", name="Apri la pratica").click()
    pagina.get_by_role("link", name="Aggiungi un passo").click()
    pagina.get_by_label("Passo").select_option("convalida")
    pagina.get_by_label("Quando").fill("2026-03-10")
    pagina.get_by_role("button", name="Aggiungi").click()
    expect(pagina.locator(".passaggi")).to_contain_text("Convalida")
    pagina.get_by_role("link", name="Com'è andata").click()
    pagina.get_by_label("Che cosa si è ottenuto").select_option("H_SFR_RINV")
    pagina.get_by_label("Quando").fill(f"{timezone.localdate()}")
    pagina.get_by_label("La pratica finisce qui").uncheck()
    pagina.get_by_role("button", name="Salva").click()

    expect(pagina.get_by_role("rowheader", name="Sfratto rinviato")).to_be_visible()
    _si_legge(pagina)


def test_la_fine_di_un_tirocinio_mostra_il_conto_e_propone(pagina: Page, piano: str):
    caso = _casi(pagina)
    pagina.goto(f"{caso}nuovo/")
    _si_legge(pagina)
    pagina.goto(caso.replace("/esiti/", "/tirocini/nuovo/"))
    pagina.get_by_label("Tipo").select_option("extracurriculare")
    pagina.get_by_label("Oppure presso").fill(f"Officina {pagina.viewport_size['width']}")
    pagina.get_by_label("Comincia il").fill("2026-02-02")
    pagina.get_by_label("Finisce il").fill("2026-10-30")
    pagina.get_by_label("Ore previste in tutto").fill("400")
    pagina.get_by_role("button", name="Apri il tirocinio").click()
    expect(pagina.get_by_text("Più lungo del solito")).to_be_visible()
    _si_legge(pagina)
    pagina.get_by_role("link", name="Segna le ore").click()
    pagina.get_by_label("Ore fatte in tutto").fill("300")
    pagina.get_by_role("button", name="Salva").click()
    pagina.get_by_role("link", name="È finito").click()

    expect(pagina.locator("main")).to_contain_text("300 ore fatte su 400 previste = 75 %")
    expect(pagina.get_by_label("Concluso")).to_be_checked()
    _si_legge(pagina)
