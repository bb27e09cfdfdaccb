"""La rete prima e dopo: chi lavorava già insieme e quali legami sono nati col progetto."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, sin, tau

import altair

from registro.comune.grafici.disegno import Grafico, conservato, disegna
from registro.comune.grafici.tavolozza import BIANCO, INCHIOSTRO, TENUE, VERDE


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
    tratti = _tratti(punti, legami)
    posti = _disposizione(punti, tratti)
    assi, altezza = _assi(posti)
    nomi = {punto.slug: punto.nome for punto in punti}
    return disegna(
        altair.layer(
            _linee(tratti, posti, assi, nuove=False),
            _linee(tratti, posti, assi, nuove=True),
            _esterni(punti, tratti, posti, assi),
            *_interni(punti, posti, assi),
        ).properties(width=LATO, height=altezza),
        titolo=titolo,
        descrizione=descrizione,
        intestazioni=("Ente", "Altro soggetto", "Legame"),
        righe=tuple(
            (nomi[da], nomi[a], "nuovo" if nuovo else "c'era già")
            for (da, a), nuovo in sorted(tratti.items())
        ),
    )


def _tratti(punti: Sequence[Punto], legami: Sequence[Legame]) -> dict[tuple[str, str], bool]:
    """Ogni coppia di slug legati, nell'ordine dei punti → se il legame è nuovo."""
    posto = {punto.slug: indice for indice, punto in enumerate(punti)}
    tratti: dict[tuple[str, str], bool] = {}
    for legame in sorted(legami, key=lambda uno: (uno.nuovo, uno.da, uno.verso)):
        da, a = sorted((legame.da, legame.verso), key=posto.__getitem__)
        tratti.setdefault((da, a), legame.nuovo)
    return tratti


def _disposizione(punti: Sequence[Punto], tratti) -> dict[str, tuple[float, float]]:
    """Due cerchi: dentro gli enti, fuori i soggetti esterni, ciascuno davanti al suo ente.

    Ogni ente prende tanti posti quanti sono i suoi esterni (mai meno di `POSTI_MINIMI`); i posti
    vuoti hanno un segnaposto, che si toglie alla fine.
    """
    dentro: list[str] = []
    fuori: list[str] = []
    da_mettere = {punto.slug for punto in punti if not punto.interno}
    for ente in (punto.slug for punto in punti if punto.interno):
        suoi = [v for v in _vicini(ente, tratti) if v in da_mettere]
        da_mettere.difference_update(suoi)
        largo = max(POSTI_MINIMI, len(suoi))
        prima = (largo - len(suoi)) // 2
        vuoti = [f"{ente}/{posto}" for posto in range(2 * largo)]
        fuori += [*vuoti[:prima], *suoi, *vuoti[prima : largo - len(suoi)]]
        dentro += [*vuoti[largo : largo + largo // 2], ente, *vuoti[largo + largo // 2 + 1 :]]
    posti = _in_cerchio(dentro) | _in_cerchio(fuori, raggio=RAGGIO_ESTERNO)
    return {punto.slug: posti[punto.slug] for punto in punti if punto.slug in posti}


def _vicini(slug: str, tratti) -> list[str]:
    return [a if da == slug else da for da, a in tratti if slug in (da, a)]


def _in_cerchio(nomi: Sequence[str], raggio: float = 1.0) -> dict[str, tuple[float, float]]:
    angoli = [tau * posto / len(nomi) for posto in range(len(nomi))]
    return {
        nome: (round(raggio * cos(angolo), 4), round(raggio * sin(angolo), 4))
        for nome, angolo in zip(nomi, angoli, strict=True)
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


def _linee(tratti, posti, assi, *, nuove: bool) -> altair.Chart:
    dati = [
        {
            "x": posti[da][0],
            "y": posti[da][1],
            "x2": posti[a][0],
            "y2": posti[a][1],
        }
        for (da, a), nuovo in sorted(tratti.items())
        if nuovo is nuove
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


def _esterni(punti: Sequence[Punto], tratti, posti, assi) -> altair.Chart:
    conosciuti = {slug for coppia, nuovo in tratti.items() if not nuovo for slug in coppia}
    dati = [
        {
            "x": posti[punto.slug][0],
            "y": posti[punto.slug][1],
            "nuovo": punto.slug not in conosciuti,
        }
        for punto in punti
        if not punto.interno and punto.slug in posti
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


def _interni(punti: Sequence[Punto], posti, assi) -> list[altair.Chart]:
    dati = [
        {
            "x": posti[punto.slug][0],
            "y": posti[punto.slug][1],
            "nome": punto.nome,
            "colore": punto.colore,
            "posto": _posto_del_nome(*posti[punto.slug]),
        }
        for punto in punti
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
