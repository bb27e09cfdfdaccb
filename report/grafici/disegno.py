"""Dalla specifica Vega-Lite all'SVG: reso da vl-convert, ripulito, con titolo e descrizione.

Il disegno dipende solo dalla specifica, perciò si conserva nella cache di Django sotto l'impronta
della specifica: lo stesso grafico in pagina, nel PDF e domani non si disegna due volte.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

import altair
import vl_convert
from django.core.cache import cache as cache_condivisa
from django.utils.safestring import SafeString, mark_safe

from report.caratteri import RisorsaMancanteError, cartella_truetype
from report.grafici.tavolozza import TEMA


SPAZIO = "http://www.w3.org/2000/svg"
VERSIONE = f"{vl_convert.__version__}-3"
DURATA_CACHE = 30 * 24 * 60 * 60
_SUPERFLUI = {
    *("class", "version", "pointer-events", "stroke-miterlimit"),
    *("role", "aria-hidden", "aria-label", "aria-roledescription"),
}
_DECIMALI = re.compile(r"-?\d+\.\d{2,}")


@dataclass(frozen=True, slots=True)
class Grafico:
    """Un disegno coi suoi dati.

    `svg`: l'elemento intero, con `<title>` e `<desc>`, largo quanto il contenitore. `intestazioni`
    e `righe`: gli stessi dati disegnati, da mettere accanto come tabella; una cella `None` vuol
    dire «non indicato».
    """

    svg: SafeString
    titolo: str
    descrizione: str
    intestazioni: tuple[str, ...]
    righe: tuple[tuple, ...]
    larghezza: float

    @property
    def svg_stampa(self) -> SafeString:
        """Lo stesso SVG col solo `<title>`: WeasyPrint prende da lì il testo alternativo."""
        unico = re.sub(
            r"<title([^>]*)>.*?</title><desc[^>]*>(.*?)</desc>",
            r"<title\1>\2</title>",
            self.svg,
            count=1,
            flags=re.DOTALL,
        )
        return mark_safe(unico)  # noqa: S308 - deriva da un SVG già sicuro, senza testo nuovo


def disegna(
    grafico: altair.TopLevelMixin,
    *,
    titolo: str,
    descrizione: str,
    intestazioni: tuple[str, ...],
    righe: tuple[tuple, ...],
) -> Grafico:
    """Rende un grafico Altair.

    `descrizione`: una o più frasi che bastano a chi non vede il disegno. Lo stesso contenuto dà
    sempre gli stessi byte.
    """
    voce = grafico.to_dict(validate=False) | {"config": TEMA, "background": "transparent"}
    specifica = json.dumps(voce, sort_keys=True)
    radice = ElementTree.fromstring(_svg_pulito(specifica))  # noqa: S314 - lo abbiamo scritto noi
    impronta = hashlib.sha256(f"{titolo}\0{descrizione}\0{specifica}".encode()).hexdigest()[:12]
    for posto, (nome, testo) in enumerate((("title", titolo), ("desc", descrizione))):
        elemento = ElementTree.Element(nome, {"id": f"{nome[0]}{impronta}"})
        elemento.text = testo
        radice.insert(posto, elemento)
    radice.set("xmlns", SPAZIO)
    radice.set("role", "img")
    radice.set("aria-labelledby", f"t{impronta} d{impronta}")
    svg = ElementTree.tostring(radice, encoding="unicode")
    return Grafico(
        svg=mark_safe(svg),  # noqa: S308 - ElementTree ha protetto titolo, descrizione ed etichette
        titolo=titolo,
        descrizione=descrizione,
        intestazioni=intestazioni,
        righe=righe,
        larghezza=float(radice.get("viewBox", "0 0 0 0").split()[2]),
    )


def _svg_pulito(specifica: str) -> str:
    chiave = "grafico-" + hashlib.sha256(f"{VERSIONE}\0{specifica}".encode()).hexdigest()
    svg = cache_condivisa.get(chiave)
    if svg is None:
        _registra_caratteri()
        svg = _pulisci(
            vl_convert.vegalite_to_svg(
                specifica,
                vl_version=altair.SCHEMA_VERSION.removeprefix("v").rsplit(".", 1)[0],
                format_locale="it-IT",
                time_format_locale="it-IT",
            )
        )
        cache_condivisa.set(chiave, svg, DURATA_CACHE)
    return svg


@cache
def _registra_caratteri() -> None:
    # Senza i caratteri costruiti il grafico si disegna lo stesso: li mette la pagina, e solo le
    # misure dei testi vengono approssimate.
    try:
        vl_convert.register_font_directory(cartella_truetype().name)
    except RisorsaMancanteError:
        return


def _pulisci(svg: str) -> str:
    # Vega scrive contenitori vuoti e testi invisibili: nel PDF ogni nodo costa tempo.
    radice = ElementTree.fromstring(svg)  # noqa: S314 - viene da vl-convert, non da fuori
    _asciuga(radice)
    for nome in ("width", "height"):
        radice.attrib.pop(nome, None)
    return ElementTree.tostring(radice, encoding="unicode")


def _asciuga(elemento: ElementTree.Element) -> None:
    elemento.tag = elemento.tag.removeprefix(f"{{{SPAZIO}}}")
    elemento.attrib = {
        nome: _DECIMALI.sub(_accorcia, valore)
        for nome, valore in elemento.attrib.items()
        if nome not in _SUPERFLUI and (nome, valore) != ("opacity", "1")
    }
    for figlio in list(elemento):
        _asciuga(figlio)
        if _invisibile(figlio):
            elemento.remove(figlio)
    _scioglie(elemento)


def _accorcia(numero: re.Match) -> str:
    # Un decimo di pixel non si vede, e una mappa ne scrive migliaia.
    return f"{float(numero[0]):.1f}".removesuffix(".0")


def _una_riga_per_testo(elemento: ElementTree.Element) -> list[ElementTree.Element]:
    # I browser centrano ogni <tspan>, WeasyPrint no: una riga, un <text>.
    if elemento.tag != "text" or not len(elemento):
        return [elemento]
    righe, scesa = [], 0.0
    for tratto in elemento:
        scesa += float(tratto.get("dy", 0))
        riga = ElementTree.Element("text", {**elemento.attrib, "y": f"{scesa:g}"})
        riga.text = tratto.text
        righe.append(riga)
    return righe


def _invisibile(elemento: ElementTree.Element) -> bool:
    if elemento.get("display") == "none" or elemento.get("opacity") == "0":
        return True
    if elemento.tag == "g":
        return len(elemento) == 0
    if elemento.tag == "path":
        return elemento.get("d", "") in ("", "M0,0h0v0h0Z") or not (
            elemento.get("fill") or elemento.get("stroke")
        )
    return False


def _scioglie(elemento: ElementTree.Element) -> None:
    # Un gruppo senza attributi (o che sposta di zero) non serve: i suoi figli salgono di un posto.
    figli: list[ElementTree.Element] = []
    for figlio in list(elemento):
        vuoto = set(figlio.attrib) <= {"transform"} and figlio.get("transform") in (
            None,
            "translate(0,0)",
        )
        da_sciogliere = figlio.tag == "g" and vuoto
        figli.extend(figlio if da_sciogliere else _una_riga_per_testo(figlio))
    elemento[:] = figli
