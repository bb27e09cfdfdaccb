"""Dalla specifica Vega-Lite all'SVG: reso da vl-convert, ripulito, con titolo e descrizione.

Un grafico dipende solo dai suoi dati e dal codice che lo disegna: si conserva su disco sotto la
loro impronta, e in pagina, nel PDF e domani non si disegna due volte.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec
from xml.etree import ElementTree

import altair
import vl_convert
from altair.utils.schemapi import debug_mode
from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe

from registro.comune.caratteri import RisorsaMancanteError, cartella_truetype, nome_statico, trova
from registro.comune.esportazioni import Tabella
from registro.comune.grafici.tavolozza import TEMA


SPAZIO = "http://www.w3.org/2000/svg"
DURATA = 30 * 24 * 60 * 60
Argomenti = ParamSpec("Argomenti")
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
    def tabella(self) -> Tabella:
        """Gli stessi dati come foglio, per il CSV accanto al disegno; i numeri restano numeri."""
        return Tabella("Dati", self.intestazioni, self.righe)

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


def conservato(funzione: Callable[Argomenti, Grafico]) -> Callable[Argomenti, Grafico]:
    """Una funzione che disegna, con memoria: gli stessi dati danno il grafico già fatto.

    Se cambia il codice di questo pacchetto, o di quello della funzione, la memoria non vale più.
    """
    pacchetto = Path(funzione.__code__.co_filename).parent

    @wraps(funzione)
    def con_memoria(*args: Argomenti.args, **kwargs: Argomenti.kwargs) -> Grafico:
        dati = repr((_versione(pacchetto), _ha_caratteri(), args, sorted(kwargs.items())))
        chiave = f"{funzione.__name__}-{hashlib.sha256(dati.encode()).hexdigest()}"
        memoria = caches["grafici"]
        grafico = memoria.get(chiave)
        if grafico is None:
            # Altair convaliderebbe ogni pezzo mentre lo si compone: lo fanno le prove, una volta.
            with debug_mode(False):
                grafico = funzione(*args, **kwargs)
            # Disco pieno: il grafico c'è lo stesso, solo non si conserva.
            with suppress(OSError):
                memoria.set(chiave, grafico, DURATA)
        return grafico

    return con_memoria


def disegna(
    grafico: altair.TopLevelMixin,
    *,
    titolo: str,
    descrizione: str,
    intestazioni: tuple[str, ...],
    righe: tuple[tuple, ...],
    insiemi: Mapping[str, list] | None = None,
) -> Grafico:
    """Rende un grafico Altair.

    `descrizione`: una o più frasi che bastano a chi non vede il disegno. `insiemi`: dati che il
    grafico nomina senza contenerli (i confini, che Altair copierebbe a ogni passo). Lo stesso
    contenuto dà sempre gli stessi byte.
    """
    specifica = grafico.to_dict(validate=False) | {"config": TEMA, "background": "transparent"}
    if insiemi:
        specifica["datasets"] = {**specifica.get("datasets", {}), **insiemi}
    radice = _svg_ripulito(specifica)
    _intitola(radice, titolo, descrizione)
    svg = ElementTree.tostring(radice, encoding="unicode")
    return Grafico(
        svg=mark_safe(svg),  # noqa: S308 - ElementTree ha protetto titolo, descrizione ed etichette
        titolo=titolo,
        descrizione=descrizione,
        intestazioni=intestazioni,
        righe=righe,
        larghezza=float(radice.get("viewBox", "0 0 0 0").split()[2]),
    )


def _intitola(radice: ElementTree.Element, titolo: str, descrizione: str) -> None:
    # Gli identificativi vengono da ciò che si vede e si sente: due figure diverse non li dividono.
    visto = f"{titolo}\0{descrizione}\0{ElementTree.tostring(radice)}"
    impronta = hashlib.sha256(visto.encode()).hexdigest()[:12]
    for posto, (nome, testo) in enumerate((("title", titolo), ("desc", descrizione))):
        elemento = ElementTree.Element(nome, {"id": f"{nome[0]}{impronta}"})
        elemento.text = testo
        radice.insert(posto, elemento)
    radice.set("xmlns", SPAZIO)
    radice.set("role", "img")
    radice.set("aria-labelledby", f"t{impronta} d{impronta}")


@cache
def _versione(pacchetto: Path) -> str:
    """L'impronta del codice di `pacchetto`, di questo e di chi disegna."""
    cartelle = {Path(__file__).parent, pacchetto}
    sorgenti = sorted(sorgente for cartella in cartelle for sorgente in cartella.glob("*.py"))
    codice = b"".join(sorgente.read_bytes() for sorgente in sorgenti)
    return hashlib.sha256(codice + vl_convert.__version__.encode()).hexdigest()


@cache
def _ha_caratteri() -> bool:
    try:
        return bool(trova(nome_statico("regular")))
    except RisorsaMancanteError:
        return False


@cache
def _registra_caratteri() -> None:
    # Senza i caratteri costruiti il grafico si disegna lo stesso: li mette la pagina, e solo le
    # misure dei testi vengono approssimate.
    if _ha_caratteri():
        vl_convert.register_font_directory(cartella_truetype().name)


def _svg_ripulito(specifica: dict) -> ElementTree.Element:
    _registra_caratteri()
    svg = vl_convert.vegalite_to_svg(
        json.dumps(specifica, sort_keys=True),
        vl_version=altair.SCHEMA_VERSION.removeprefix("v").rsplit(".", 1)[0],
        format_locale="it-IT",
        time_format_locale="it-IT",
    )
    # Vega scrive contenitori vuoti e testi invisibili: nel PDF ogni nodo costa tempo.
    radice = ElementTree.fromstring(svg)  # noqa: S314 - viene da vl-convert, non da fuori
    _asciuga(radice)
    for nome in ("width", "height"):
        radice.attrib.pop(nome, None)
    return radice


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
