"""Dall'HTML al PDF/UA-1: WeasyPrint senza accesso a nulla fuori da noi, poi la rifinitura."""

import gc
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from weasyprint import HTML
from weasyprint.logger import LOGGER, PROGRESS_LOGGER

from registro.comune.stampa.rifinitura import rifinisci
from registro.comune.stampa.risorse import SCHEMA, RisorseInterne


VARIANTE = "pdf/ua-1"
# A che punto si è quando WeasyPrint annuncia ciascuno dei suoi passi, in centesimi.
PASSI = {"1": 5, "2": 10, "3": 10, "4": 20, "5": 25, "6": 70, "7": 85}
RIFINITURA = 90
# Meno di così non vale la pena di dirlo: chi ascolta scrive in una tabella.
SCATTO = 4
# Se un blocco finisce con uno spazio, WeasyPrint 70 può andare a capo dopo la prima parola: lo
# spazio in coda non si vedrebbe comunque, quindi si toglie.
SPAZIO_IN_CODA = re.compile(
    r"\s+(?=</(?:p|li|dt|dd|td|th|h[1-6]|caption|figcaption|div|section|article|a)>)"
)
Progresso = Callable[[int], None]
registro = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stampato:
    """Un PDF finito. `rifiutate`: quante risorse non nostre la pagina aveva chiesto invano."""

    contenuto: bytes
    pagine: int
    rifiutate: int = 0


def stampa(
    html: str,
    *,
    titolo: str,
    foglio: str,
    creato: datetime,
    identificativo: bytes | str,
    immagini: Mapping[str, tuple[bytes, str]] | None = None,
    progresso: Progresso | None = None,
) -> Stampato:
    """Il PDF di una pagina intera. `foglio` è il nome statico del suo foglio di stile.

    `creato` (con fuso orario) e `identificativo` entrano nel file al posto dell'ora e di un numero
    a caso: a parità di ingresso i byte sono gli stessi. `immagini`: vedi `RisorseInterne`.
    `progresso(centesimi)` viene chiamato via via; se solleva, la stampa si ferma lì. Nei metadati
    non vanno nomi di persone, percorsi o macchine.

    Solleva `RisorsaMancanteError` se mancano i caratteri o il foglio di stile.
    """
    risorse = RisorseInterne(foglio, immagini)
    progresso = progresso or _nessuno
    with _avanzamento(progresso), _senza_raccolta(), _orologio_fermo(creato):
        documento = HTML(
            string=SPAZIO_IN_CODA.sub("", html), base_url=SCHEMA, url_fetcher=risorse
        ).render(pdf_variant=VARIANTE)
        documento.metadata.title = titolo
        documento.metadata.attachments = []
        documento.metadata.created = documento.metadata.modified = _istante(creato)
        grezzo = documento.write_pdf(pdf_variant=VARIANTE, pdf_identifier=_in_byte(identificativo))
        progresso(RIFINITURA)
        finito = rifinisci(grezzo)
    if risorse.rifiutate:
        registro.warning("Stampa: %s risorse non ammesse, non caricate.", risorse.rifiutate)
    progresso(100)
    return Stampato(finito, len(documento.pages), risorse.rifiutate)


def _nessuno(centesimi: int) -> None:
    """Chi non segue l'avanzamento."""


def _istante(momento: datetime) -> str:
    return momento.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _in_byte(identificativo: bytes | str) -> bytes:
    return identificativo.encode() if isinstance(identificativo, str) else identificativo


@contextmanager
def _senza_raccolta() -> Iterator[None]:
    # Il raccoglitore ripercorre centinaia di migliaia di riquadri vivi: costa un quarto del tempo.
    era_attivo = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if era_attivo:
            gc.enable()


@contextmanager
def _orologio_fermo(momento: datetime) -> Iterator[None]:
    # fontTools scrive l'ora nei caratteri che riduce, se questa variabile non gliene dà un'altra.
    prima = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(momento.timestamp()))
    try:
        yield
    finally:
        if prima is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = prima


class _Ascolto(logging.Handler):
    """Traduce gli annunci di WeasyPrint («Step 5 - Creating layout - Page 7») in avanzamento."""

    def __init__(self, progresso: Progresso) -> None:
        super().__init__(logging.INFO)
        self._progresso = progresso
        self._detto = -1

    def emit(self, record: logging.LogRecord) -> None:
        annuncio = re.match(r"Step (\d)(?:.* Page (\d+)$)?", record.getMessage())
        if annuncio is None or annuncio[1] not in PASSI:
            return
        # Quante pagine verranno non si sa: una vale un centesimo, finché ce n'è.
        pagine = min(int(annuncio[2] or 0), PASSI["6"] - PASSI["5"] - 1)
        centesimi = PASSI[annuncio[1]] + pagine
        if centesimi >= self._detto + SCATTO or centesimi in PASSI.values():
            self._avanza(centesimi)

    def _avanza(self, centesimi: int) -> None:
        if centesimi > self._detto:
            self._detto = centesimi
            self._progresso(centesimi)


@contextmanager
def _avanzamento(progresso: Progresso) -> Iterator[None]:
    """Ascolta WeasyPrint e tiene fuori dai nostri registri le sue righe, che citano gli indirizzi."""
    ascolto = _Ascolto(progresso)
    livello, diffusi = PROGRESS_LOGGER.level, (LOGGER.propagate, PROGRESS_LOGGER.propagate)
    LOGGER.propagate = PROGRESS_LOGGER.propagate = False
    PROGRESS_LOGGER.addHandler(ascolto)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(ascolto)
        PROGRESS_LOGGER.setLevel(livello)
        LOGGER.propagate, PROGRESS_LOGGER.propagate = diffusi
