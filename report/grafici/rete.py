"""La rete prima e dopo: chi lavorava già insieme e quali legami sono nati col progetto."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair
import networkx

from report.grafici.disegno import Grafico, conservato, disegna
from report.grafici.tavolozza import BIANCO, INCHIOSTRO, TENUE, VERDE


LATO = 560
POSTI_MINIMI = 7
RAGGIO_ESTERNO = 1.5
MARGINE = 0.12
SCRITTA = {"fontSize": 12.5, "fontWeight": 600, "baseline": "middle"}
ALONE = {"stroke": BIANCO, "strokeWidth": 4, "strokeOpacity": 0.92}
POSTI = {
    "destra": {"align": "right", "dx": -14},
    "sinistra": {"align": "left", "dx": 14},
    "sopra destra": {"align": "left", "dx": -4, "dy": -19},
    "sopra sinistra": {"align": "right", "dx": 4, "dy": -19},
    "sotto destra": {"align": "left", "dx": -4, "dy": 19},
    "sotto sinistra": {"align": "right", "dx": 4, "dy": 19},
}


@dataclass(frozen=True, slots=True)
class Punto:
    """Un soggetto: `interno` se è un ente della rete, e allora si scrive il suo `nome`."""

    slug: str
    nome: str
    colore: str
    interno: bool


@dataclass(frozen=True, slots=True)
class Legame:
    """Un legame fra due slug; `nuovo` se è nato col progetto."""

    da: str
    verso: str
    nuovo: bool


@conservato
def rete(
    titolo: str, punti: Sequence[Punto], legami: Sequence[Legame], *, descrizione: str
) -> Grafico:
    """Gli enti della rete in cerchio, nell'ordine dato; attorno, i soggetti esterni.

    I legami che c'erano sono linee continue, i nuovi tratteggiate. Fra due soggetti si disegna un
    legame solo, nuovo solo se nessuno lo dichiara di prima.
    """
    grafo = _grafo(punti, legami)
    posti = _disposizione(grafo)
    assi, altezza = _assi(posti)
    per_slug = {punto.slug: punto for punto in punti}
    return disegna(
        altair.layer(
            _linee(grafo, posti, assi, nuove=False),
            _linee(grafo, posti, assi, nuove=True),
            _esterni(grafo, posti, assi),
            *_interni(per_slug, posti, assi),
        ).properties(width=LATO, height=altezza),
        titolo=titolo,
        descrizione=descrizione,
        intestazioni=("Ente", "Altro soggetto", "Legame"),
        righe=tuple(
            (per_slug[da].nome, per_slug[a].nome, "nuovo" if dati["nuovo"] else "c'era già")
            for da, a, dati in sorted(grafo.edges(data=True))
        ),
    )


def _grafo(punti: Sequence[Punto], legami: Sequence[Legame]) -> networkx.Graph:
    grafo = networkx.Graph()
    for punto in punti:
        grafo.add_node(punto.slug, interno=punto.interno)
    for legame in sorted(legami, key=lambda uno: (uno.nuovo, uno.da, uno.verso)):
        if not grafo.has_edge(legame.da, legame.verso):
            grafo.add_edge(legame.da, legame.verso, nuovo=legame.nuovo)
    return grafo


def _disposizione(grafo: networkx.Graph) -> dict[str, tuple[float, float]]:
    """Due cerchi: dentro gli enti, fuori i soggetti esterni, ciascuno davanti al suo ente.

    Ogni ente prende tanti posti quanti sono i suoi esterni (mai meno di `POSTI_MINIMI`); i posti
    vuoti hanno un segnaposto, che si toglie alla fine.
    """
    dentro: list[str] = []
    fuori: list[str] = []
    messi: set[str] = set()
    for ente in (slug for slug, dati in grafo.nodes(data=True) if dati["interno"]):
        suoi = [v for v in grafo[ente] if not grafo.nodes[v]["interno"] and v not in messi]
        messi.update(suoi)
        largo = max(POSTI_MINIMI, len(suoi))
        prima = (largo - len(suoi)) // 2
        vuoti = [f"{ente}/{posto}" for posto in range(2 * largo)]
        fuori += [*vuoti[:prima], *suoi, *vuoti[prima : largo - len(suoi)]]
        dentro += [*vuoti[largo : largo + largo // 2], ente, *vuoti[largo + largo // 2 + 1 :]]
    posti = networkx.circular_layout(dentro) | networkx.circular_layout(
        fuori, scale=RAGGIO_ESTERNO
    )
    return {
        slug: (round(float(x), 4), round(float(y), 4))
        for slug, (x, y) in posti.items()
        if slug in grafo
    }


def _assi(posti) -> tuple[tuple[altair.X, altair.Y], int]:
    # La stessa scala nei due versi, e l'altezza che serve: il cerchio resta un cerchio.
    x, y = zip(*posti.values(), strict=True)
    limiti = [(min(valori) - MARGINE, max(valori) + MARGINE) for valori in (x, y)]
    scale = [altair.Scale(domain=list(uno), nice=False, zero=False) for uno in limiti]
    (x_da, x_a), (y_da, y_a) = limiti
    return (
        (altair.X("x:Q", axis=None, scale=scale[0]), altair.Y("y:Q", axis=None, scale=scale[1])),
        round(LATO * (y_a - y_da) / (x_a - x_da)),
    )


def _linee(grafo: networkx.Graph, posti, assi, *, nuove: bool) -> altair.Chart:
    dati = [
        {
            "x": posti[da][0],
            "y": posti[da][1],
            "x2": posti[a][0],
            "y2": posti[a][1],
        }
        for da, a, legame in sorted(grafo.edges(data=True))
        if legame["nuovo"] is nuove
    ]
    forma = (
        {"stroke": VERDE, "strokeWidth": 2, "strokeDash": [5, 3]}
        if nuove
        else {"stroke": TENUE, "strokeWidth": 0.9, "strokeOpacity": 0.55}
    )
    return (
        altair.Chart(altair.Data(values=dati))
        .mark_rule(**forma)
        .encode(*assi, x2="x2:Q", y2="y2:Q")
    )


def _esterni(grafo: networkx.Graph, posti, assi) -> altair.Chart:
    dati = [
        {
            "x": posti[slug][0],
            "y": posti[slug][1],
            "nuovo": all(grafo.edges[slug, altro]["nuovo"] for altro in grafo[slug]),
        }
        for slug, punto in grafo.nodes(data=True)
        if not punto["interno"]
    ]
    return (
        altair.Chart(altair.Data(values=dati))
        .mark_circle(size=62, opacity=1, strokeWidth=1.6)
        .encode(
            *assi,
            color=altair.condition("datum.nuovo", altair.value(BIANCO), altair.value(TENUE)),
            stroke=altair.condition("datum.nuovo", altair.value(VERDE), altair.value(BIANCO)),
        )
    )


def _interni(per_slug: dict[str, Punto], posti, assi) -> list[altair.Chart]:
    dati = [
        {
            "x": posti[slug][0],
            "y": posti[slug][1],
            "nome": punto.nome,
            "colore": punto.colore,
            "posto": _posto_del_nome(*posti[slug]),
        }
        for slug, punto in per_slug.items()
        if punto.interno
    ]
    base = altair.Chart(altair.Data(values=dati)).encode(*assi)
    strati = [
        base.mark_circle(size=330, opacity=1, stroke=BIANCO, strokeWidth=2).encode(
            color=altair.Color("colore:N", scale=None, legend=None)
        )
    ]
    for posto in sorted({voce["posto"] for voce in dati}):
        meta = base.transform_filter(f"datum.posto === '{posto}'").encode(text="nome:N")
        alone = meta.mark_text(**SCRITTA, **POSTI[posto], **ALONE)
        strati += [alone, meta.mark_text(**SCRITTA, **POSTI[posto], color=INCHIOSTRO)]
    return strati


def _posto_del_nome(x: float, y: float) -> str:
    # Verso il centro, perché fuori ci sono gli esterni; in cima e in fondo al cerchio, dove i nomi
    # vicini si toccherebbero, sopra o sotto il proprio cerchio.
    lato = "destra" if x > 0 else "sinistra"
    if abs(x) < 0.45:
        return f"{'sopra' if y > 0 else 'sotto'} {lato}"
    return lato
