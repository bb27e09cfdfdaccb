"""Giudizi e misuratori: voti, parole e silenzi, ognuno al suo posto e mai convertiti fra loro."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair

from registro.comune.grafici.barre import LARGHEZZA, Numero
from registro.comune.grafici.disegno import Grafico, conservato, disegna
from registro.comune.grafici.tavolozza import BIANCO, FONDO, GRIGLIA, INCHIOSTRO, TENUE, VERDE
from registro.comune.templatetags.testo import NON_INDICATO, numero


ALTEZZA_RIGA = 32
ETICHETTE = 226
STACCO = 16
LETTERE, COLONNA = 38, 13
RIGA_INTESTAZIONE = 13
RAGGIO, SPESSORE = 84, 24


@dataclass(frozen=True, slots=True)
class Gruppo:
    """Un gruppo di colonne della matrice: i voti, le parole, i silenzi.

    `pieno`: cerchi pieni per ciò che è stato espresso, vuoti per ciò che manca.
    """

    titolo: str
    colonne: tuple[str, ...]
    pieno: bool = True

    @property
    def peso(self) -> int:
        """Quanto spazio chiede: una parola è larga tre voti."""
        return sum(1 if len(colonna) < 3 else 3 for colonna in self.colonne)


@dataclass(frozen=True, slots=True)
class Casella:
    """`quante` schede danno quel giudizio; `parziale` si disegna tratteggiato."""

    riga: str
    colonna: str
    quante: int
    parziale: bool = False


@conservato
def distribuzione(
    titolo: str,
    righe: Sequence[str],
    gruppi: Sequence[Gruppo],
    caselle: Sequence[Casella],
    *,
    voce: str,
    colore: str = VERDE,
    descrizione: str = "",
) -> Grafico:
    """Quante schede danno ciascun giudizio: una riga per indicatore, una colonna per giudizio.

    Il numero sta dentro il cerchio. `voce`: intestazione delle righe nella tabella.
    """
    conta = {(casella.riga, casella.colonna): casella.quante for casella in caselle}
    colonne = [colonna for gruppo in gruppi for colonna in gruppo.colonne]
    return disegna(
        altair.hconcat(*_pannelli(righe, gruppi, caselle, colore), spacing=STACCO),
        titolo=titolo,
        descrizione=descrizione or _racconta(titolo, righe, caselle),
        intestazioni=(voce, *colonne),
        righe=tuple(
            (riga, *(conta.get((riga, colonna), 0) for colonna in colonne)) for riga in righe
        ),
    )


@conservato
def misuratore(
    titolo: str,
    valore: Numero | None,
    *,
    massimo: int = 10,
    colore: str = VERDE,
    incerto: bool = False,
    descrizione: str = "",
) -> Grafico:
    """Un semicerchio da zero a `massimo`, col valore al centro; senza valore «non indicato».

    `incerto`: l'attribuzione è dubbia e il numero porta un punto interrogativo.
    """
    testo = NON_INDICATO if valore is None else numero(valore) + ("?" if incerto else "")
    if valore is None:
        strati = [_arco(massimo, massimo, BIANCO, tratteggiato=True)]
    else:
        strati = [_arco(massimo, massimo, FONDO), _arco(float(valore), massimo, colore)]
    strati += _scritte(testo, massimo, valore is not None)
    stato = "non indicato" if valore is None else f"{numero(valore)} su {massimo}"
    dubbio = ", ma l'attribuzione è incerta" if incerto and valore is not None else ""
    return disegna(
        altair.layer(*strati).properties(width=2 * RAGGIO + 8, height=RAGGIO + 26),
        titolo=titolo,
        descrizione=descrizione or f"{titolo}: il valore è {stato}{dubbio}.",
        intestazioni=("Misuratore", f"Valore su {massimo}"),
        righe=((titolo, testo),),
    )


def _pannelli(righe, gruppi: Sequence[Gruppo], caselle, colore: str) -> list[altair.LayerChart]:
    spazio = LARGHEZZA - ETICHETTE - STACCO * (len(gruppi) - 1)
    unita = spazio / sum(gruppo.peso for gruppo in gruppi)
    alta = max(_a_capo(c, COLONNA).count(_A_CAPO) for g in gruppi for c in g.colonne)
    return [
        _pannello(gruppo, righe, caselle, colore, alta=alta, prima=posto == 0).properties(
            width=round(unita * gruppo.peso), height=ALTEZZA_RIGA * len(righe)
        )
        for posto, gruppo in enumerate(gruppi)
    ]


def _pannello(
    gruppo: Gruppo, righe, caselle, colore: str, *, alta: int, prima: bool
) -> altair.LayerChart:
    dati = [
        {
            "riga": c.riga,
            "colonna": _a_capo(c.colonna, COLONNA),
            "quante": c.quante,
            "pieno": gruppo.pieno and not c.parziale,
            "parziale": c.parziale,
        }
        for c in caselle
        if c.colonna in gruppo.colonne
    ]
    base = altair.Chart(altair.Data(values=dati)).encode(
        x=_ascissa(gruppo, alta), y=_ordinata(righe, prima=prima)
    )
    pieno = "datum.pieno"
    cerchi = base.mark_circle(size=430, opacity=1, strokeWidth=1.6, stroke=colore).encode(
        color=altair.condition(pieno, altair.value(colore), altair.value(BIANCO)),
        strokeDash=altair.condition("datum.parziale", altair.value([3, 2]), altair.value([1, 0])),
    )
    numeri = base.mark_text(fontWeight=600, fontSize=12, dy=1).encode(
        text="quante:Q",
        color=altair.condition(pieno, altair.value(BIANCO), altair.value(INCHIOSTRO)),
    )
    strati = [cerchi, numeri, *(_nomi_delle_righe(righe) if prima else ())]
    return altair.layer(*strati)


def _ascissa(gruppo: Gruppo, alta: int) -> altair.X:
    # Le intestazioni crescono verso il basso: la più alta decide quanto stanno su, per tutte.
    return altair.X(
        "colonna:N",
        sort=None,
        scale=altair.Scale(domain=[_a_capo(colonna, COLONNA) for colonna in gruppo.colonne]),
        axis=altair.Axis(
            orient="top",
            title=gruppo.titolo,
            labelAngle=0,
            labelExpr=f"split(datum.label, '{_A_CAPO}')",
            labelFontSize=11,
            labelLineHeight=RIGA_INTESTAZIONE,
            labelPadding=6 + RIGA_INTESTAZIONE * alta,
            titlePadding=4,
        ),
    )


def _ordinata(righe: Sequence[str], *, prima: bool) -> altair.Y:
    margine = {"minExtent": ETICHETTE, "maxExtent": ETICHETTE} if prima else {}
    return altair.Y(
        "riga:N",
        sort=None,
        title=None,
        scale=altair.Scale(domain=list(righe)),
        axis=altair.Axis(labels=False, grid=True, gridColor=GRIGLIA, **margine),
    )


def _nomi_delle_righe(righe: Sequence[str]) -> list[altair.Chart]:
    # Scritti come testi e non come etichette d'asse: Vega non centra le etichette su due righe.
    per_altezza: dict[int, list[dict]] = {}
    for riga in righe:
        testo = _a_capo(riga, LETTERE)
        voci = per_altezza.setdefault(testo.count(_A_CAPO), [])
        voci.append({"riga": riga, "testo": testo})
    return [
        altair.Chart(altair.Data(values=voci))
        .mark_text(
            align="left",
            baseline="middle",
            x=-ETICHETTE,
            dy=-7 * a_capo,
            lineBreak=_A_CAPO,
            lineHeight=14,
        )
        .encode(y=_ordinata(righe, prima=True), text="testo:N")
        for a_capo, voci in per_altezza.items()
    ]


# Un segno che nessuno scrive: Vega spezza lì le etichette lunghe.
_A_CAPO = "¶"


def _a_capo(testo: str, largo: int) -> str:
    righe: list[str] = []
    for parola in testo.split():
        if righe and len(righe[-1]) + 1 + len(parola) <= largo:
            righe[-1] += f" {parola}"
        else:
            righe.append(parola)
    return _A_CAPO.join(righe)


def _racconta(titolo: str, righe, caselle: Sequence[Casella]) -> str:
    frasi = []
    for riga in righe:
        detti = [
            f"{c.colonna} in {c.quante} {'scheda' if c.quante == 1 else 'schede'}"
            for c in caselle
            if c.riga == riga
        ]
        frasi.append(f"{riga}: {', '.join(detti) or 'nessuna risposta'}")
    return f"{titolo}. {'; '.join(frasi)}."


def _arco(fino: float, massimo: int, colore: str, *, tratteggiato: bool = False) -> altair.Chart:
    bordo = {"stroke": TENUE, "strokeWidth": 1.2, "strokeDash": [4, 3]} if tratteggiato else {}
    mezzo_giro = altair.Scale(domain=[0, massimo], range=[-math.pi / 2, math.pi / 2])
    return (
        altair.Chart(altair.Data(values=[{"da": 0, "a": fino}]))
        .mark_arc(
            innerRadius=RAGGIO - SPESSORE, outerRadius=RAGGIO, color=colore, y=RAGGIO + 2, **bordo
        )
        .encode(theta=altair.Theta("a:Q", stack=None, scale=mezzo_giro), theta2="da:Q")
    )


def _scritte(testo: str, massimo: int, espresso: bool) -> list[altair.Chart]:
    centro = altair.Chart(altair.Data(values=[{}]))
    grande = {"fontSize": 38, "fontWeight": 700, "color": INCHIOSTRO}
    piccolo = {"fontSize": 15, "fontWeight": 400, "color": TENUE}
    silenzio = {**piccolo, "fontSize": 19}
    scritte = [
        centro.mark_text(
            text=testo,
            y=RAGGIO - 12 if espresso else RAGGIO - 10,
            **(grande if espresso else silenzio),
        )
    ]
    if espresso:
        scritte.append(centro.mark_text(text=f"su {massimo}", y=RAGGIO + 16, **piccolo))
    return scritte
