"""Un foglio vero e disordinato, dal trascinarlo al caricarlo, e poi ritorno: nel browser."""

import datetime
import re
from io import BytesIO

import pytest
import xlsxwriter
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.axe import pulita
from tests.browser.fogli import ATTESA, CSV, XLSX, carica, in_csv, manda, righe_pronte
from tests.browser.ingresso import entra
from tests.browser.test_percorso import REFERENTE
from tests.browser.test_presenze import un_servizio


pytestmark = pytest.mark.browser

NATE = ("12/3/1980", "4/7/1991", "30/11/1975")


def cognome(pagina: Page) -> str:
    """Le due larghezze lavorano nello stesso ente: ognuna ha le sue persone."""
    return {1280: "Vallombrosi", 390: "Quarantelli"}[pagina.viewport_size["width"]]


def ignoto(pagina: Page) -> str:
    """Un servizio che nessuno ha ancora scritto così: il primo che lo scioglie lo fa ricordare."""
    return {1280: "Chiacchiera al bar", 390: "Giro in bicicletta"}[pagina.viewport_size["width"]]


def persone_e_casi(pagina: Page) -> None:
    """Due persone con lo stesso nome e una terza, e le loro prese in carico: due fogli lisci."""
    di_chi = cognome(pagina)
    chi = [(di_chi, nome, nata) for nome, nata in zip(("Ada", "Ada", "Ivo"), NATE, strict=True)]
    manda(pagina, "Persone", "persone.csv", in_csv(("Cognome", "Nome", "Nato il"), *chi), CSV)
    pulita(pagina)
    pagina.get_by_role("button", name="Guarda le righe").click()
    righe_pronte(pagina, "3")
    carica(pagina)

    aperta = f"{timezone.localdate() - datetime.timedelta(days=90):%d/%m/%Y}"
    testa = ("Cognome", "Nome", "Nato il", "Data apertura")
    casi = in_csv(testa, *((*voce, aperta) for voce in chi))
    manda(pagina, "Prese in carico", "casi.csv", casi, CSV)
    pagina.get_by_label("Azione", exact=True).select_option(index=1)
    pagina.get_by_label("Come è arrivata", exact=True).select_option("passaparola")
    pagina.get_by_role("button", name="Guarda le righe").click()
    righe_pronte(pagina, "3")
    carica(pagina)


def foglio_disordinato(pagina: Page, servizio: str) -> bytes:
    """Un titolo unito, un'intestazione più sotto, una riga vuota, una doppia, un totale."""
    oggi = timezone.localdate()
    di_chi = cognome(pagina)
    memoria = BytesIO()
    with xlsxwriter.Workbook(memoria, {"in_memory": True}) as libro:
        pagina_uno = libro.add_worksheet("Marzo")
        giorno = libro.add_format({"num_format": "dd/mm/yyyy"})
        pagina_uno.merge_range(0, 0, 0, 5, "Sportello: che cosa abbiamo fatto")
        testa = ["Cognome ", "Nome", "Nata il", "Quando", "Tipo di intervento", "Tempo"]
        pagina_uno.write_row(2, 0, testa)
        righe = [
            (f" {di_chi} ", "ada", NATE[0], 10, servizio, "1h30"),
            (di_chi, "Ivo", NATE[2], 9, ignoto(pagina), "45'"),
            (di_chi, "Ivo", NATE[2], 9, ignoto(pagina), "45'"),
            (),
            (di_chi, "Ada", "", 8, servizio, "1:00"),
        ]
        for numero, riga in enumerate(righe, start=3):
            for colonna, cella in enumerate(riga):
                if isinstance(cella, int):
                    quando = oggi - datetime.timedelta(days=cella)
                    pagina_uno.write_datetime(numero, colonna, quando, giorno)
                else:
                    pagina_uno.write_string(numero, colonna, cella)
        pagina_uno.write_string(3 + len(righe), 0, "Totale")
        pagina_uno.write_number(3 + len(righe), 5, 4)
    return memoria.getvalue()


def nome_di_un_servizio(pagina: Page) -> str:
    pagina.goto("/gruppi/nuovo/")
    return pagina.get_by_label("Servizio").locator("option").nth(1).inner_text()


def un_foglio_sbagliato_si_rifiuta(pagina: Page) -> None:
    manda(pagina, "Prestazioni", "bilancio.xlsx", b"%PDF-1.7 niente", XLSX)
    expect(pagina.get_by_role("alert")).to_contain_text("è un PDF")
    pulita(pagina)


def colonne(pagina: Page, contenuto: bytes) -> None:
    manda(pagina, "Prestazioni", "marzo.xlsx", contenuto, XLSX)
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Che cosa dice ogni colonna")
    expect(pagina.locator("main")).to_contain_text("4 righe nel foglio «Marzo»")
    tempo = pagina.get_by_label("Che cosa dice la colonna Tempo")
    expect(tempo).to_have_value("durata")
    pulita(pagina)
    # Due colonne con lo stesso significato: si dice al campo, e ciò che è scelto resta.
    tempo.select_option("data")
    pagina.get_by_role("button", name="Guarda le righe").click()
    expect(pagina.locator(".riepilogo-errori")).to_contain_text("dice già questo")
    pulita(pagina)
    tempo.select_option("durata")
    pagina.get_by_role("button", name="Guarda le righe").click()


def guarda_l_attesa(pagina: Page) -> None:
    """Il tempo si ferma: chi chiede a che punto è non ha risposta, e la pagina resta com'è."""
    pagina.route("**/importa/*/", _tace)
    pagina.get_by_role("button", name="Guarda le righe").click()
    attesa = pagina.locator("#avanzamento-importazione")
    expect(attesa.or_(pagina.locator("#che-fare-titolo"))).to_be_visible(timeout=ATTESA)
    pulita(pagina)
    pagina.unroute("**/importa/*/")
    expect(pagina.locator("#che-fare-titolo")).to_be_visible(timeout=ATTESA)


def _tace(rotta) -> None:
    if rotta.request.headers.get("hx-request"):
        rotta.fulfill(status=204)
    else:
        rotta.continue_()


def sciogli(pagina: Page, servizio: str) -> None:
    expect(pagina.locator("#che-fare-titolo")).to_contain_text("vanno bene", timeout=ATTESA)
    expect(pagina.locator("main")).to_contain_text("2 dubbi da sciogliere")
    pulita(pagina)
    pagina.get_by_role("link", name="Sciogli i dubbi").click()
    pulita(pagina)
    pagina.get_by_label(f"«{ignoto(pagina)}»").select_option(label=servizio)
    pagina.locator(".importa-candidato").filter(has_text="12/03/1980").locator("input").check()
    pagina.get_by_role("button", name="Tieni le risposte e riesamina").click()
    expect(pagina.get_by_role("button", name="Saltale")).to_be_visible(timeout=ATTESA)
    pulita(pagina)
    pagina.get_by_role("link", name=re.compile("^Doppie")).click()
    expect(pagina.locator(".importa-righe tbody tr")).to_have_count(1)
    pagina.get_by_role("button", name="Saltale").click()
    righe_pronte(pagina, "3")
    pulita(pagina)


def annulla(pagina: Page) -> None:
    importazione = pagina.url
    pagina.get_by_role("link", name="Guarda le prestazioni importate").click()
    expect(pagina.locator(".elenco-conto")).to_contain_text(re.compile(r"3\s+prestazioni"))
    pagina.goto(importazione)
    pagina.get_by_role("link", name="Annulla questa importazione").click()
    expect(pagina.locator(".importa-esito")).to_contain_text(re.compile(r"3\s+righe"))
    pulita(pagina)
    pagina.get_by_role("button", name="Annulla l'importazione").click()
    expect(pagina.locator("main")).to_contain_text("È stata annullata")
    pulita(pagina)


def test_un_foglio_disordinato_entra_ed_esce(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto("/importa/")
    pulita(pagina)
    un_foglio_sbagliato_si_rifiuta(pagina)
    un_servizio(pagina)
    servizio = nome_di_un_servizio(pagina)
    persone_e_casi(pagina)

    colonne(pagina, foglio_disordinato(pagina, servizio))
    sciogli(pagina, servizio)
    pagina.get_by_role("link", name="Torna alle colonne").click()
    guarda_l_attesa(pagina)
    carica(pagina)
    pulita(pagina)
    annulla(pagina)

    pagina.goto("/importa/")
    expect(pagina.locator("#registro-importazioni tbody tr").first).to_contain_text("Annullata")
    pulita(pagina)
    with pagina.expect_download() as scaricato:
        pagina.get_by_role("link", name=re.compile("Modello per prestazioni")).click()
    assert scaricato.value.suggested_filename == "modello-prestazioni.xlsx"


def test_un_doppio_clic_manda_il_foglio_una_volta_sola(pagina: Page):
    entra(pagina, REFERENTE)
    pagina.goto("/importa/")
    pagina.get_by_label("Persone", exact=True).check()
    contenuto = in_csv(("Cognome", "Nome"), (cognome(pagina), "Una"))
    pagina.get_by_label(re.compile("scegli", re.IGNORECASE)).set_input_files(
        {"name": "persone.csv", "mimeType": CSV, "buffer": contenuto}
    )
    mandati = []
    pagina.on("request", lambda sua: mandati.append(sua.url) if sua.method == "POST" else None)

    pagina.get_by_role("button", name="Carica e guarda le colonne").dblclick()

    titolo = pagina.get_by_role("heading", level=1)
    expect(titolo).to_have_text("Che cosa dice ogni colonna", timeout=ATTESA)
    assert len(mandati) == 1
