"""axe-core dentro una pagina aperta: gli ostacoli che una macchina sa trovare."""

from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page


AXE = Path(settings.CARTELLA_BASE) / "node_modules" / "axe-core" / "axe.min.js"
REGOLE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Da questa larghezza in giù si guarda anche la più stretta che una pagina deve reggere.
TELEFONO, STRETTO = 390, 320


def ostacoli(pagina: Page) -> list[str]:
    """Le violazioni trovate nella pagina com'è ora: «regola: pezzo di pagina», una per elemento.

    Il codice di axe entra con `evaluate`: un tag script lo rifiuterebbe la CSP.
    """
    if pagina.evaluate("typeof axe") == "undefined":
        pagina.evaluate(AXE.read_text())
    esito = pagina.evaluate("regole => axe.run(document, {runOnly: regole})", REGOLE)
    return [
        f"{violazione['id']}: {nodo['html'][:160]}"
        for violazione in esito["violations"]
        for nodo in violazione["nodes"]
    ]


def scorre_di_lato(pagina: Page) -> bool:
    """Se la pagina è più larga dello schermo (WCAG 1.4.10)."""
    return pagina.evaluate("document.documentElement.scrollWidth > innerWidth")


def pulita(pagina: Page) -> None:
    """Nessun ostacolo, nessuno scorrimento di lato; dal telefono anche a 320 px (WCAG 1.4.10)."""
    misura = pagina.viewport_size
    assert ostacoli(pagina) == []
    assert not scorre_di_lato(pagina)
    if misura["width"] > TELEFONO:
        return
    pagina.set_viewport_size({"width": STRETTO, "height": misura["height"]})
    assert ostacoli(pagina) == []
    assert not scorre_di_lato(pagina)
    pagina.set_viewport_size(misura)
