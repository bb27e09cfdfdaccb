"""Che cosa una pagina da stampare può caricare: solo i nostri caratteri e i nostri fogli di stile.

Ogni altro indirizzo (rete, file, dati incorporati, rimandi) non dà nulla e viene contato: un testo
scritto da qualcuno non deve far leggere un file del server né bussare a un altro.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

from weasyprint.urls import URLFetcher, URLFetcherResponse

from registro.comune.caratteri import TAGLI, nome_statico, trova


SCHEMA = "interno:"
CARATTERI = {
    f"{SCHEMA}caratteri/titillium-web-{taglio}.woff2": nome_statico(taglio) for taglio in TAGLI
}

# Lo caricano, con `@import`, i fogli di stile che si somigliano.
COMUNE = "registro/stampa.css"


def indirizzo_del_foglio(foglio: str) -> str:
    """Con quale indirizzo la pagina chiama il suo foglio di stile («report/rapporto.css»)."""
    return f"{SCHEMA}stili/{PurePosixPath(foglio).name}"


class RisorseInterne(URLFetcher):
    """Dà a WeasyPrint i nostri caratteri e le sole risorse elencate.

    `foglio`: il nome statico del foglio di stile. `immagini`: risorse fatte per questo documento,
    indirizzo `interno:…` → (byte, tipo MIME). `rifiutate`: quanti altri indirizzi la pagina ha
    chiesto. Solleva `RisorsaMancanteError` se una delle nostre non è stata costruita: WeasyPrint
    ne farebbe a meno senza dirlo.
    """

    def __init__(
        self, foglio: str, immagini: Mapping[str, tuple[bytes, str]] | None = None
    ) -> None:
        super().__init__(allowed_protocols=frozenset(), allow_redirects=False)
        self.rifiutate = 0
        self._ammesse = {
            **{
                indirizzo: (trova(nome).read_bytes(), "font/woff2")
                for indirizzo, nome in CARATTERI.items()
            },
            **{
                indirizzo_del_foglio(nome): (trova(nome).read_bytes(), "text/css")
                for nome in (COMUNE, foglio)
            },
            **(immagini or {}),
        }

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """La risorsa `url`; ValueError (che WeasyPrint ignora) se non è una delle nostre."""
        if url not in self._ammesse:
            self.rifiutate += 1
            # L'indirizzo non si scrive: può contenere dati di persone.
            raise ValueError("Risorsa non ammessa in una stampa.")
        dati, tipo = self._ammesse[url]
        return URLFetcherResponse(url, dati, {"Content-Type": tipo})
