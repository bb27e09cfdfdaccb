"""Pagine ostili, server che ascolta e lettura di un PDF: ciò che serve a più prove di stampa."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pypdf import PdfReader

from registro.comune.stampa.motore import stampa


FOGLIO = "report/rapporto.css"
CREATO = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PAGINA = (
    '<!doctype html><html lang="it"><head><title>Prova</title>'
    '<link rel="stylesheet" href="interno:stili/rapporto.css"></head><body>{}</body></html>'
)
# Ciò che chi vuole far uscire il server da sé scriverebbe in un nome o in una nota.
CARICHI = (
    '<img src="http://{}/immagine">',
    '<img src="file:///etc/hostname">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<link rel="attachment" href="http://{}/allegato">',
    '<a rel="attachment" href="file:///etc/group">allegato</a>',
    '<link rel="stylesheet" href="http://{}/stile.css">',
    "<style>@import url(http://{}/importato.css)</style>",
    "<style>@import 'file:///etc/passwd'</style>",
    "<style>body {{ background: url(http://{}/sfondo) }}</style>",
    "<style>@font-face {{ font-family: x; src: url(http://{}/carattere) }} p {{ font: 9pt x }}</style>",
    "<style>p::before {{ content: url(http://{}/prima) }}</style>",
    "<style>li {{ list-style: url(http://{}/punto) }}</style>",
    '<p style="background: url(http://{}/attributo)">stile</p>',
    '<object data="file:///etc/passwd" type="text/plain"></object>',
    '<object data="http://{}/oggetto"></object>',
    '<embed src="http://{}/incorporato">',
    '<iframe src="http://{}/cornice"></iframe>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://{}/svg"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="http://{}/uso#a"/></svg>',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
    "<image href='http://{}/dato'/></svg>\">",
    '<img src="http://{}/rimando">',
    '<img srcset="http://{}/insieme 2x">',
    '<input type="image" src="http://{}/bottone">',
    '<video poster="http://{}/locandina"></video>',
    '<base href="http://{}/"><img src="relativa">',
    '<meta http-equiv="refresh" content="0; url=http://{}/">',
    '<script src="http://{}/codice"></script>',
    '<img src="//{}/schema">',
    '<link rel="icon" href="ftp://{}/icona">',
)


@contextmanager
def server_in_ascolto() -> Iterator[tuple[str, list[str]]]:
    """Un server locale che segna chi bussa (indirizzo, colpi); `/rimando` manda a un file."""
    colpi: list[str] = []

    class Ascolta(BaseHTTPRequestHandler):
        def do_GET(self):
            colpi.append(self.path)
            if self.path == "/rimando":
                self.send_response(302)
                self.send_header("Location", "file:///etc/passwd")
            else:
                self.send_response(200)
            self.end_headers()

        def log_message(self, *argomenti):
            """Niente righe in uscita."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ascolta)
    filo = threading.Thread(target=server.serve_forever, daemon=True)
    filo.start()
    yield f"127.0.0.1:{server.server_port}", colpi
    server.shutdown()
    server.server_close()
    filo.join()


def senza_spazi(testo: str) -> str:
    """Il testo con le sole parole, attaccate."""
    return "".join(testo.split())


def stampa_pagina(corpo: str, **nominati):
    """Una pagina corta, stampata."""
    return stampa(
        PAGINA.format(corpo),
        titolo="Prova",
        foglio=FOGLIO,
        creato=CREATO,
        identificativo="prova",
        **nominati,
    )


def allegati(pdf: bytes) -> list[str]:
    """Gli allegati del documento e quelli delle sue pagine."""
    lettore = PdfReader(io.BytesIO(pdf))
    nelle_pagine = [
        annotazione.get_object()["/Subtype"]
        for pagina in lettore.pages
        for annotazione in pagina.get("/Annots", [])
    ]
    return [*lettore.attachments, *(tipo for tipo in nelle_pagine if tipo == "/FileAttachment")]
