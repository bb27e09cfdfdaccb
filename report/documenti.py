"""Il rapporto come documento: la pagina intera da stampare e il suo PDF."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.template.loader import render_to_string

from registro.comune.stampa.motore import Stampato, stampa
from registro.comune.stampa.risorse import SCHEMA
from report import capitoli
from report.contenuto import Contenuto
from report.grafici import sagoma


FOGLIO = "report/rapporto.css"
SFONDO = f"{SCHEMA}immagini/copertina.svg"
# Una bozza non ha data: un istante fisso tiene uguali i byte di due stampe uguali.
SENZA_DATA = datetime(2000, 1, 1, tzinfo=UTC)


def html_del_rapporto(contenuto: Contenuto) -> str:
    """La pagina intera del rapporto, grafici compresi; nessun indirizzo esce da `interno:`."""
    return render_to_string(
        "report/stampa/documento.html",
        {"contenuto": contenuto, "capitoli": capitoli.componi(contenuto), "sfondo": SFONDO},
    )


def pdf_del_rapporto(
    contenuto: Contenuto, progresso: Callable[[int], None] | None = None
) -> Stampato:
    """Il PDF/UA-1 del rapporto. `progresso(centesimi)` viene chiamato via via.

    Solleva `RisorsaMancanteError` se caratteri e stili non sono stati costruiti.
    """
    rapporto = contenuto.rapporto
    html = html_del_rapporto(contenuto)
    return stampa(
        html,
        titolo=f"{rapporto.titolo}. {rapporto.progetto}",
        foglio=FOGLIO,
        creato=rapporto.pubblicato_il or SENZA_DATA,
        identificativo=rapporto.impronta,
        immagini={SFONDO: sfondo(contenuto)},
        progresso=progresso,
    )


def sfondo(contenuto: Contenuto) -> tuple[bytes, str]:
    """Lo sfondo della copertina: le due province coi nodi in evidenza, byte e tipo MIME."""
    disegno = sagoma(
        "Le province di Alessandria e Asti",
        capitoli.nodi_in_mappa(contenuto, schiariti=True),
        fondo="#ffffff14",
        confine="#ffffff3d",
    )
    return disegno.svg.encode(), "image/svg+xml"
