"""Entrare nella dimostrazione come farebbe una persona: password, e il codice della sua app."""

import re
import time

import yaml
from playwright.sync_api import Page, expect

from enti.azioni.fattori import codice_di_adesso
from report.management.commands.prepara_demo import ACCOUNT, PASSWORD


# Una sessione per sito e per persona: un codice vale una volta sola, e aspettarne un altro costa 30 secondi.
_SESSIONI: dict[tuple[str, str], list] = {}
_DURA = 30
_A_RIDOSSO = 26
PRIMA_PAGINA = re.compile("^(Oggi|Registra)$")


def entra(pagina: Page, posta: str) -> None:
    """Entra come `posta` e arriva alla sua prima pagina; riusa la sessione, se è ancora buona."""
    pagina.goto("/accedi/")
    chiave = (pagina.url, posta)
    if chiave in _SESSIONI:
        pagina.context.clear_cookies()
        pagina.context.add_cookies(_SESSIONI[chiave])
        # Chi è già dentro, da qui, va alla sua prima pagina.
        pagina.goto("/accedi/")
    if pagina.get_by_label("Password", exact=True).count():
        passa_i_due_passi(pagina, posta)
        _SESSIONI[chiave] = pagina.context.cookies()
    expect(pagina.get_by_role("heading", level=1)).to_have_text(PRIMA_PAGINA)


def passa_i_due_passi(pagina: Page, posta: str) -> None:
    """Dalla pagina di accesso: posta, password, codice. Se il codice è già servito aspetta il prossimo."""
    pagina.get_by_label("Posta elettronica").fill(posta)
    pagina.get_by_label("Password", exact=True).fill(PASSWORD)
    _invia(pagina)
    while pagina.get_by_label("Codice", exact=True).count():
        if time.time() % _DURA > _A_RIDOSSO:
            aspetta_il_prossimo_codice()
        pagina.get_by_label("Codice", exact=True).fill(codice_di(posta))
        _invia(pagina)
        if pagina.locator(".riepilogo-errori").count():
            aspetta_il_prossimo_codice()


def _invia(pagina: Page) -> None:
    """Manda il modulo e aspetta la risposta: contare i campi prima guarderebbe la pagina di prima."""
    with pagina.expect_navigation():
        pagina.locator("main button[type=submit]").click()


def codice_di(posta: str) -> str:
    """Le sei cifre di adesso di un account della dimostrazione."""
    voci = yaml.safe_load(ACCOUNT.read_text(encoding="utf-8"))
    return codice_di_adesso(next(voce["segreto"] for voce in voci if voce["email"] == posta))


def aspetta_il_prossimo_codice() -> None:
    """Aspetta che l'app mostri un altro codice."""
    time.sleep(_DURA - time.time() % _DURA + 1)
