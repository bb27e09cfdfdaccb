"""Il Registro acceso per davvero: `make demo` in una cartella provvisoria, e un browser."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Error as PlaywrightError, Page, expect, sync_playwright

from registro.servizi.cartella import rimuovi


CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGOMENTI = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAZIENZA = 120
# Le altre prove si dividono gli stessi processori: ciò che deve comparire può metterci di più.
expect.set_options(timeout=15_000)
# Ciò che le altre prove hanno messo nell'ambiente: la dimostrazione deve farne a meno.
DELLE_PROVE = (
    "DATABASE_URL",
    "DATABASE_URL_PROPRIETARIO",
    "DATABASE_URL_SALVATAGGIO",
    "DATABASE_URL_SIGILLO",
    "REGISTRO_DATABASE_URL_AMMINISTRATORE",
    "REDIS_URL",
    "REGISTRO_SECRET_KEY",
    "DJANGO_SETTINGS_MODULE",
)


@pytest.fixture(scope="session")
def dimostrazione():
    """Avvia la dimostrazione da capo e rende il suo indirizzo; alla fine la spegne con SIGTERM."""
    cartella = Path(tempfile.mkdtemp(prefix="registro-browser-"))
    cartella.chmod(0o711)
    porta = _porta_libera()
    ambiente = {nome: valore for nome, valore in os.environ.items() if nome not in DELLE_PROVE}
    ambiente |= {"REGISTRO_DATI": str(cartella), "PORTA": str(porta)}
    with open(cartella / "uscita.txt", "wb") as uscita:
        processo = subprocess.Popen(
            [sys.executable, "-m", "registro.servizi.dimostrazione"],
            cwd=settings.CARTELLA_BASE,
            env=ambiente,
            stdout=uscita,
            stderr=subprocess.STDOUT,
        )
    try:
        _attendi_salute(processo, porta, cartella / "uscita.txt")
        yield f"http://127.0.0.1:{porta}"
    finally:
        processo.send_signal(signal.SIGTERM)
        processo.wait(timeout=60)
        (cartella / "uscita.txt").unlink(missing_ok=True)
        rimuovi(cartella)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Una prova caduta dice anche che cosa mostravano le schede aperte: dall'esito solo non si capisce."""
    rapporto = yield
    if rapporto.failed and call.when == "call" and "navigatore" in item.fixturenames:
        for scheda in _schede_aperte(item.funcargs["navigatore"]):
            rapporto.sections.append((f"scheda {scheda.url}", _cio_che_mostra(scheda)))
    return rapporto


def _schede_aperte(navigatore: Browser) -> list[Page]:
    return [scheda for contesto in navigatore.contexts for scheda in contesto.pages]


def _cio_che_mostra(scheda: Page) -> str:
    """Il testo della pagina e ciò che è scritto nei campi, o perché non si può leggere."""
    try:
        campi = scheda.locator("main :is(input:checked, input[type=text], textarea, select)")
        valori = campi.evaluate_all("voci => voci.map(voce => `${voce.name}=${voce.value}`)")
        return f"{scheda.locator('main').inner_text(timeout=2000)}\n{valori}"
    except PlaywrightError as errore:
        return str(errore)


def _e_un_guasto(voce) -> bool:
    """Un errore della pagina, CSP compresa. Una risposta 422 o 404 cercata apposta non lo è."""
    return voce.type == "error" and not voce.text.startswith("Failed to load resource")


def _porta_libera() -> int:
    with socket.socket() as presa:
        presa.bind(("127.0.0.1", 0))
        return presa.getsockname()[1]


def _attendi_salute(processo: subprocess.Popen, porta: int, uscita: Path) -> None:
    fine = time.monotonic() + PAZIENZA
    while time.monotonic() < fine:
        if processo.poll() is not None:
            break
        if _in_salute(porta):
            return
        time.sleep(0.3)
    pytest.fail(f"La dimostrazione non è partita:\n{uscita.read_text()[-2000:]}")


def _in_salute(porta: int) -> bool:
    connessione = http.client.HTTPConnection("127.0.0.1", porta, timeout=2)
    try:
        connessione.request("GET", "/salute/")
        return connessione.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connessione.close()


@pytest.fixture(scope="session")
def navigatore():
    """Un Chromium senza finestra.

    Playwright tiene aperto un ciclo di eventi finché vive: Django crederebbe asincrone anche le
    altre prove di questo processo, che non lo sono.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGOMENTI)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["1280", "390"])
def pagina(request, navigatore, dimostrazione):
    """Una scheda del browser, alle due larghezze; raccoglie gli errori che la pagina segnala."""
    larghezza, altezza = request.param
    contesto = navigatore.new_context(
        base_url=dimostrazione,
        viewport={"width": larghezza, "height": altezza},
        locale="it-IT",
        accept_downloads=True,
    )
    contesto.set_default_timeout(20_000)
    scheda = contesto.new_page()
    errori: list[str] = []
    scheda.on("pageerror", lambda errore: errori.append(str(errore)))
    scheda.on("console", lambda voce: errori.append(voce.text) if _e_un_guasto(voce) else None)
    yield scheda
    contesto.close()
    assert errori == []
