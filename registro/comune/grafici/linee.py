"""L'andamento nel tempo: una linea per serie, un punto per mese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair
from django.utils.dates import MONTHS, MONTHS_3

from registro.comune.grafici.barre import LARGHEZZA, PER_LETTERA, Numero
from registro.comune.grafici.disegno import Grafico, conservato, disegna
from registro.comune.grafici.tavolozza import colore_serie
from registro.comune.templatetags.testo import numero


ALTEZZA = 240
MESI_SCRITTI = 12
# Quanto due nomi in fondo alle linee devono stare lontani per non toccarsi, in pixel.
STACCO_FRA_NOMI = 16
MARGINE_MASSIMO = 190
LARGO_DEI_NUMERI = 60
# L'asse va un poco più su del numero più alto.
SOPRA_LA_CIMA = 1.08
POCHI = 6
# Oltre al colore, ogni serie ha un suo tratto.
TRATTI = ((1, 0), (6, 3), (2, 2), (9, 3, 2, 3), (12, 4), (4, 4, 1, 4))


@dataclass(frozen=True, slots=True)
class Serie:
    """Una linea: un valore per mese, `None` dove non si sa (la linea si interrompe, non va a zero).

    `colore` vuoto prende quello del suo posto.
    """

    nome: str
    valori: tuple[Numero | None, ...]
    colore: str = ""


@conservato
def linee_per_mese(
    titolo: str,
    mesi: Sequence[date],
    serie: Sequence[Serie],
    *,
    descrizione: str = "",
) -> Grafico:
    """Una linea per serie, col nome e l'ultimo numero scritti dove finisce.

    `mesi`: un giorno qualunque di ciascun mese, in ordine. Solleva ValueError se una serie non ha
    un valore per ogni mese.
    """
    for una in serie:
        if len(una.valori) != len(mesi):
            raise ValueError(f"«{una.nome}»: {len(una.valori)} valori per {len(mesi)} mesi.")
    nomi = [f"{MONTHS[mese.month].lower()} {mese.year}" for mese in mesi]
    return disegna(
        _linee(mesi, serie),
        titolo=titolo,
        descrizione=descrizione or _racconta(titolo, nomi, serie),
        intestazioni=("Mese", *(una.nome for una in serie)),
        righe=tuple(
            (nome, *(una.valori[posto] for una in serie)) for posto, nome in enumerate(nomi)
        ),
    )


def _linee(mesi: Sequence[date], serie: Sequence[Serie]) -> altair.LayerChart:
    brevi = [f"{MONTHS_3[mese.month].lower()} {mese:%y}" for mese in mesi]
    massimo = max((float(v) for una in serie for v in una.valori if v is not None), default=0) or 1
    cima = massimo * SOPRA_LA_CIMA
    finali = _finali(brevi, serie, cima)
    largo = max((len(fine["testo"]) for fine in finali), default=0)
    margine = min(MARGINE_MASSIMO, round(PER_LETTERA * largo) + 12)
    assi = {"x": _ascissa(brevi), "y": _ordinata(cima)}
    # Un grafico senza serie ha comunque i suoi mesi e il suo zero.
    vuoto = altair.Chart(altair.Data(values=[{"mese": mese, "valore": 0} for mese in brevi]))
    strati = [
        vuoto.mark_point(opacity=0).encode(**assi),
        *(s for posto, una in enumerate(serie) for s in _linea(brevi, una, posto, assi)),
        *(_nome_in_fondo(fine, assi) for fine in finali),
    ]
    return altair.layer(*strati).properties(
        width=LARGHEZZA - LARGO_DEI_NUMERI - margine, height=ALTEZZA
    )


def _ascissa(mesi: list[str]) -> altair.X:
    return altair.X(
        "mese:N",
        sort=None,
        title=None,
        scale=altair.Scale(type="point", domain=mesi, padding=0.3),
        axis=altair.Axis(labelAngle=0, values=_scritti(mesi)),
    )


def _ordinata(cima: float) -> altair.Y:
    tacche = list(range(int(cima) + 1)) if cima < POCHI else []
    return altair.Y(
        "valore:Q",
        title=None,
        scale=altair.Scale(domain=[0, cima], nice=False),
        # Con pochi casi le mezze tacche sembrerebbero mezze persone.
        axis=altair.Axis(tickCount=5, format=",~f", **({"values": tacche} if tacche else {})),
    )


def _linea(mesi: list[str], una: Serie, posto: int, assi: dict) -> list[altair.Chart]:
    colore = una.colore or colore_serie(posto)
    dati = [
        {"mese": mese, "valore": None if valore is None else float(valore)}
        for mese, valore in zip(mesi, una.valori, strict=True)
    ]
    base = altair.Chart(altair.Data(values=dati)).encode(**assi)
    return [
        base.mark_line(
            color=colore, strokeWidth=2.5, strokeDash=list(TRATTI[posto % len(TRATTI)])
        ),
        # Un mese solo fra due che mancano non farebbe una linea: il punto c'è sempre.
        base.transform_filter("isValid(datum.valore)").mark_circle(
            color=colore, size=36, opacity=1
        ),
    ]


def _nome_in_fondo(fine: dict, assi: dict) -> altair.Chart:
    scritta = altair.Chart(altair.Data(values=[fine])).mark_text(
        align="left",
        baseline="middle",
        dx=9,
        dy=fine["scosta"],
        fontWeight=600,
        color=fine["colore"],
    )
    return scritta.encode(**assi, text="testo:N")


def _finali(mesi: list[str], serie: Sequence[Serie], cima: float) -> list[dict]:
    """I nomi delle linee: a destra, all'altezza del loro ultimo punto, senza toccarsi."""
    finali = []
    for posto, una in enumerate(serie):
        ultimo = max((p for p, v in enumerate(una.valori) if v is not None), default=None)
        if ultimo is None:
            continue
        valore = una.valori[ultimo]
        finali.append(
            {
                "mese": mesi[-1],
                "valore": float(valore),
                "testo": f"{una.nome} {numero(valore)}",
                "colore": una.colore or colore_serie(posto),
                "scosta": 0.0,
            }
        )
    # Dall'alto in basso: chi sta troppo vicino a quello di sopra scende quanto basta.
    sopra = -STACCO_FRA_NOMI
    for fine in sorted(finali, key=lambda una: -una["valore"]):
        qui = ALTEZZA * (1 - fine["valore"] / cima)
        fine["scosta"] = round(max(0.0, sopra + STACCO_FRA_NOMI - qui), 1)
        sopra = qui + fine["scosta"]
    return finali


def _scritti(mesi: list[str]) -> list[str]:
    """I mesi che si scrivono sotto l'asse: tutti, finché ci stanno; poi uno ogni tanti."""
    passo = -(-len(mesi) // MESI_SCRITTI) or 1
    return mesi[::passo]


def _racconta(titolo: str, mesi: list[str], serie: Sequence[Serie]) -> str:
    frasi = []
    for una in serie:
        detti = [
            (mese, valore)
            for mese, valore in zip(mesi, una.valori, strict=True)
            if valore is not None
        ]
        if not detti:
            frasi.append(f"{una.nome}: non indicato")
            continue
        (primo, da), (ultimo, a) = detti[0], detti[-1]
        punta = max(detti, key=lambda coppia: coppia[1])
        frasi.append(
            f"{una.nome}: {numero(da)} ({primo}), poi fino a {numero(a)} ({ultimo});"
            f" il massimo è {numero(punta[1])} ({punta[0]})"
        )
    return f"{titolo}. {'. '.join(frasi)}."
