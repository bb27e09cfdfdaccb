"""Grafici a barre: quantità con un nome ciascuna, col numero scritto accanto alla barra."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import altair

from report.grafici.disegno import Grafico, conservato, disegna
from report.grafici.tavolozza import INCHIOSTRO, NEUTRO


Numero = int | float | Decimal
# Larghezza comune a tutti i disegni a piena pagina, in pixel: 640 px ≈ 17 cm, testo a 9 punti.
LARGHEZZA = 640
MARGINE_MINIMO, MARGINE_MASSIMO = 130, 230
PER_LETTERA = 6.6
ALTEZZA_BARRA = 25


@dataclass(frozen=True, slots=True)
class Barra:
    """Una barra. `testo`: il numero come lo si legge («circa 270»); `valore` `None` non si disegna.

    `gruppo` serve solo alle barre raggruppate.
    """

    etichetta: str
    valore: Numero | None
    testo: str
    colore: str = NEUTRO
    gruppo: str = ""


@conservato
def barre_orizzontali(
    titolo: str, barre: Sequence[Barra], *, voce: str, misura: str, descrizione: str = ""
) -> Grafico:
    """Una barra per voce, nell'ordine dato.

    `voce` e `misura`: intestazioni della tabella coi dati. Senza `descrizione` se ne scrive una
    che dice tutti i valori.
    """
    dati = [_dati(barra, barra.etichetta, barra.testo) for barra in barre]
    base = altair.Chart(altair.Data(values=dati)).encode(
        y=altair.Y("riga:N", sort=None, title=None, axis=_asse_etichette(dati))
    )
    return disegna(
        _barre_con_testo(base, dati, ALTEZZA_BARRA * max(1, len(barre))),
        titolo=titolo,
        descrizione=descrizione or _racconta(titolo, [(b.etichetta, b.testo) for b in barre]),
        intestazioni=(voce, misura),
        righe=tuple((barra.etichetta, barra.testo) for barra in barre),
    )


@conservato
def barre_raggruppate(
    titolo: str,
    barre: Sequence[Barra],
    *,
    gruppo: str,
    voce: str,
    misura: str,
    descrizione: str = "",
) -> Grafico:
    """Barre riunite per `gruppo` (per esempio un nodo), una per voce (per esempio un asse).

    Il nome della voce sta accanto alla barra, così il colore non serve a capire. `gruppo`, `voce`
    e `misura` sono le intestazioni della tabella.
    """
    dati = [_dati(barra, barra.gruppo, f"{barra.testo} · {barra.etichetta}") for barra in barre]
    base = _righe_raggruppate(dati)
    gruppi = len({barra.gruppo for barra in barre})
    per_gruppo = len({barra.etichetta for barra in barre})
    racconto = [(f"{b.gruppo}, {b.etichetta}", b.testo) for b in barre]
    return disegna(
        _barre_con_testo(base, dati, ALTEZZA_BARRA * (per_gruppo + 1) * max(1, gruppi)),
        titolo=titolo,
        descrizione=descrizione or _racconta(titolo, racconto),
        intestazioni=(gruppo, voce, misura),
        righe=tuple((barra.gruppo, barra.etichetta, barra.testo) for barra in barre),
    )


def _righe_raggruppate(dati: list[dict]) -> altair.Chart:
    return altair.Chart(altair.Data(values=dati)).encode(
        y=altair.Y(
            "riga:N",
            sort=None,
            title=None,
            axis=_asse_etichette(dati, peso=600),
            scale=altair.Scale(paddingInner=0.28, paddingOuter=0.05),
        ),
        yOffset=altair.YOffset("voce:N", sort=None, scale=altair.Scale(paddingInner=0.12)),
    )


def _dati(barra: Barra, riga: str, testo: str) -> dict:
    # Il testo di una barra senza numero resta: «non indicato» si legge, e la barra non c'è.
    valore = None if barra.valore is None else float(barra.valore)
    return {
        "riga": riga,
        "voce": barra.etichetta,
        "valore": valore,
        "testo": testo,
        "colore": barra.colore,
    }


def _barre_con_testo(base, dati: list[dict], altezza: int) -> altair.LayerChart:
    massimo = max((voce["valore"] or 0 for voce in dati), default=0) or 1
    # Un terzo della larghezza resta ai testi, che stanno a destra della barra.
    ascissa = altair.X("v:Q", axis=None, scale=altair.Scale(domain=[0, massimo * 1.55]))
    riempite = base.transform_calculate(v="datum.valore || 0")
    colore = altair.Color("colore:N", scale=None, legend=None)
    return altair.layer(
        riempite.mark_bar().encode(x=ascissa, color=colore),
        riempite.mark_text(align="left", dx=7, baseline="middle", color=INCHIOSTRO).encode(
            x=ascissa, text="testo:N"
        ),
    ).properties(width=LARGHEZZA - _margine(dati), height=altezza)


def _margine(dati: list[dict]) -> int:
    # Dai caratteri e non dalla misura dei testi: il disegno non cambia se manca il carattere.
    piu_lunga = max((len(voce["riga"]) for voce in dati), default=0)
    return round(min(MARGINE_MASSIMO, max(MARGINE_MINIMO, PER_LETTERA * piu_lunga + 14)))


def _asse_etichette(dati: list[dict], peso: int = 400) -> altair.Axis:
    margine = _margine(dati)
    return altair.Axis(
        minExtent=margine,
        maxExtent=margine,
        labelAlign="left",
        labelPadding=margine,
        labelFontWeight=peso,
        labelLimit=margine - 6,
    )


def _racconta(titolo: str, coppie: list[tuple[str, str]]) -> str:
    return f"{titolo}. " + "; ".join(f"{nome}: {testo}" for nome, testo in coppie) + "."
