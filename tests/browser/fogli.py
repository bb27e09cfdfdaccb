"""Mandare un foglio dalla pagina «Importa», come farebbe una persona."""

import re

from playwright.sync_api import Page, expect


CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Il tempo di un esame su una macchina carica.
ATTESA = 90_000


def manda(pagina: Page, tipo: str, nome: str, contenuto: bytes, mime: str) -> None:
    pagina.goto("/importa/")
    pagina.get_by_label(tipo, exact=True).check()
    pagina.get_by_label(re.compile("scegli", re.IGNORECASE)).set_input_files(
        {"name": nome, "mimeType": mime, "buffer": contenuto}
    )
    pagina.get_by_role("button", name="Carica e guarda le colonne").click()


def in_csv(*righe: tuple[str, ...]) -> bytes:
    return "\r\n".join(";".join(riga) for riga in righe).encode()


def righe_pronte(pagina: Page, quante: str) -> None:
    titolo = pagina.get_by_role("heading", level=2, name=re.compile(rf"^{quante}\s"))
    expect(titolo).to_be_visible(timeout=ATTESA)


def carica(pagina: Page) -> None:
    pagina.get_by_role("button", name=re.compile("^Carica ")).click()
    expect(pagina.locator(".avanzamento-titolo")).to_contain_text(
        "Il foglio è caricato", timeout=ATTESA
    )
