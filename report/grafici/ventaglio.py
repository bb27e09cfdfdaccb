"""I legami di un solo ente: a sinistra chi conosceva già, a destra chi ha conosciuto nel progetto."""

from collections.abc import Sequence

import altair

from registro.comune.grafici.disegno import Grafico, disegna
from registro.comune.grafici.tavolozza import BIANCO, INCHIOSTRO, TENUE, VERDE


LARGHEZZA = 680
ALTEZZA_RIGA = 26
RIGHE_MINIME = 3
# Il centro è lo zero; i nomi cominciano a una unità, e un nome lungo si tronca prima del bordo.
MARGINE = 3.1
LARGO_DEL_NOME = 215


def ventaglio(
    titolo: str,
    centro: str,
    prima: Sequence[str],
    nuovi: Sequence[str],
    *,
    colore: str = VERDE,
    descrizione: str,
) -> Grafico:
    """Un raggio per ogni nome di `prima` (linea continua) e di `nuovi` (tratteggiata)."""
    righe = max(len(prima), len(nuovi), RIGHE_MINIME)
    dati = [*_punti(prima, righe, lato=-1), *_punti(nuovi, righe, lato=1)]
    x = altair.X("x:Q", axis=None, scale=altair.Scale(domain=[-MARGINE, MARGINE]))
    y = altair.Y("y:Q", axis=None, scale=altair.Scale(domain=[-0.8, righe - 0.2], reverse=True))
    tutti = altair.Chart(altair.Data(values=dati)).encode(x=x, y=y)
    strati = [
        *_raggi(dati, x, y),
        tutti.mark_circle(size=60, opacity=1).encode(color=_per_lato(TENUE, VERDE)),
        *_nomi(tutti),
        *_centro(centro, righe, colore, x, y),
    ]
    return disegna(
        altair.layer(*strati).properties(width=LARGHEZZA, height=ALTEZZA_RIGA * (righe + 1)),
        titolo=titolo,
        descrizione=descrizione,
        intestazioni=("Con chi", "Legame"),
        righe=(*((nome, "c'era già") for nome in prima), *((nome, "nuovo") for nome in nuovi)),
    )


def _punti(nomi: Sequence[str], righe: int, *, lato: int) -> list[dict]:
    primo = (righe - len(nomi)) / 2
    return [
        {"nome": nome, "lato": lato, "x": lato, "y": primo + posto, "x0": 0, "y0": (righe - 1) / 2}
        for posto, nome in enumerate(nomi)
    ]


def _per_lato(a_sinistra: str, a_destra: str):
    return altair.condition("datum.lato < 0", altair.value(a_sinistra), altair.value(a_destra))


def _raggi(dati: list[dict], x: altair.X, y: altair.Y) -> list[altair.Chart]:
    forme = {
        -1: {"stroke": TENUE, "strokeWidth": 1},
        1: {"stroke": VERDE, "strokeWidth": 1.6, "strokeDash": [5, 3]},
    }
    return [
        altair.Chart(altair.Data(values=[voce for voce in dati if voce["lato"] == lato]))
        .mark_rule(**forma)
        .encode(x=x, y=y, x2="x0:Q", y2="y0:Q")
        for lato, forma in forme.items()
    ]


def _nomi(tutti: altair.Chart) -> list[altair.Chart]:
    allineati = {-1: ("right", -9), 1: ("left", 9)}
    return [
        tutti.transform_filter(f"datum.lato == {lato}")
        .mark_text(
            align=verso, dx=scosta, baseline="middle", limit=LARGO_DEL_NOME, color=INCHIOSTRO
        )
        .encode(text="nome:N")
        for lato, (verso, scosta) in allineati.items()
    ]


def _centro(nome: str, righe: int, colore: str, x: altair.X, y: altair.Y) -> list[altair.Chart]:
    punto = altair.Chart(altair.Data(values=[{"x": 0, "y": (righe - 1) / 2, "nome": nome}]))
    base = punto.encode(x=x, y=y)
    scritta = {"fontWeight": 700, "fontSize": 14, "dy": -24, "limit": 240}
    return [
        base.mark_circle(size=520, opacity=1, color=colore, stroke=BIANCO, strokeWidth=3),
        base.mark_text(**scritta, stroke=BIANCO, strokeWidth=5).encode(text="nome:N"),
        base.mark_text(**scritta, color=INCHIOSTRO).encode(text="nome:N"),
    ]
