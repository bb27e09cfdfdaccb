"""La mappa dei comuni delle province di Alessandria e Asti, colorati per nodo."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot

import altair
from django.conf import settings

from registro.comune.grafici.disegno import Grafico, conservato, disegna
from registro.comune.grafici.tavolozza import BIANCO, FONDO, INCHIOSTRO, TENUE


CITAZIONE = "Confini: ISTAT via Openpolis, CC BY 4.0."
# Oltre al colore, ogni nodo ha un suo segno; quello scritto serve alla legenda accanto.
SEGNI = {"circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆", "cross": "✚"}
CONFINE_COMUNI = "#c3ccd6"
COMUNI, PROVINCE = "comuni_al_at", "province_al_at"


@dataclass(frozen=True, slots=True)
class NodoInMappa:
    """Un nodo e i suoi comuni, coi nomi dell'elenco ISTAT."""

    denominazione: str
    colore: str
    comuni: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Luogo:
    nome: str
    nodo: str
    lon: float
    lat: float


@conservato
def mappa(
    titolo: str, nodi: Sequence[NodoInMappa], *, larghezza: int = 400, descrizione: str = ""
) -> Grafico:
    """Le due province, coi comuni dei nodi colorati, segnati e chiamati per nome.

    Un comune che non è nell'elenco ISTAT delle due province resta nella tabella ma non si disegna.
    """
    luoghi = _luoghi(nodi)
    scala = altair.Scale(
        domain=[nodo.denominazione for nodo in nodi], range=[nodo.colore for nodo in nodi]
    )
    strati = [
        _comuni({luogo.nome: luogo.nodo for luogo in luoghi}, scala),
        _province(),
        _segni(luoghi, nodi, scala),
        *_nomi(luoghi),
    ]
    elenco = "; ".join(f"{n.denominazione}: {', '.join(n.comuni)}" for n in nodi)
    return disegna(
        _proiettata(altair.layer(*strati), larghezza),
        titolo=titolo,
        descrizione=descrizione or f"{titolo}. {elenco}.",
        intestazioni=("Nodo", "Comuni"),
        righe=tuple((nodo.denominazione, ", ".join(nodo.comuni)) for nodo in nodi),
        insiemi={nome: list(_geografia(nome)) for nome in (COMUNI, PROVINCE)},
    )


@conservato
def sagoma(titolo: str, nodi: Sequence[NodoInMappa], *, fondo: str, confine: str) -> Grafico:
    """La stessa mappa senza scritte né segni, per gli sfondi."""
    per_comune = {comune: nodo.denominazione for nodo in nodi for comune in nodo.comuni}
    scala = altair.Scale(
        domain=[nodo.denominazione for nodo in nodi], range=[nodo.colore for nodo in nodi]
    )
    strato = _comuni(per_comune, scala, fondo=fondo, confine=confine)
    return disegna(
        _proiettata(altair.layer(strato), 400),
        titolo=titolo,
        descrizione=titolo,
        intestazioni=("Nodo", "Comuni"),
        righe=tuple((nodo.denominazione, ", ".join(nodo.comuni)) for nodo in nodi),
        insiemi={COMUNI: list(_geografia(COMUNI))},
    )


@cache
def _geografia(nome: str) -> tuple[dict, ...]:
    percorso = settings.CARTELLA_BASE / "dati" / "tassonomie" / "geo" / f"{nome}.geojson"
    return tuple(json.loads(percorso.read_text(encoding="utf-8"))["features"])


def _proiettata(grafico: altair.LayerChart, larghezza: int) -> altair.LayerChart:
    return grafico.properties(width=larghezza, height=round(larghezza * 0.86)).project("mercator")


def _comuni(
    per_comune: Mapping[str, str], scala, *, fondo: str = FONDO, confine: str = CONFINE_COMUNI
) -> altair.Chart:
    da_nome = altair.LookupData(
        data=altair.Data(
            values=[{"nome": comune, "nodo": nodo} for comune, nodo in per_comune.items()]
        ),
        key="nome",
        fields=["nodo"],
    )
    return (
        altair.Chart(altair.NamedData(name=COMUNI))
        .transform_lookup("properties.nome", from_=da_nome)
        .mark_geoshape(stroke=confine, strokeWidth=0.4)
        .encode(
            color=altair.condition(
                "isValid(datum.nodo)",
                altair.Color("nodo:N", scale=scala, legend=None),
                altair.value(fondo),
            )
        )
    )


def _province() -> altair.Chart:
    confini = altair.Chart(altair.NamedData(name=PROVINCE))
    return confini.mark_geoshape(filled=False, stroke=TENUE, strokeWidth=1)


def _segni(luoghi: Sequence[_Luogo], nodi: Sequence[NodoInMappa], scala) -> altair.Chart:
    nomi = [nodo.denominazione for nodo in nodi]
    return (
        altair.Chart(altair.Data(values=_punti(luoghi)))
        .mark_point(filled=True, size=70, opacity=1, stroke=BIANCO, strokeWidth=1.4)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            color=altair.Color("nodo:N", scale=scala, legend=None),
            shape=altair.Shape(
                "nodo:N",
                scale=altair.Scale(domain=nomi, range=list(SEGNI)[: len(nomi)]),
                legend=None,
            ),
        )
    )


def _nomi(luoghi: Sequence[_Luogo]) -> list[altair.LayerChart]:
    # Il nome sta dalla parte opposta al vicino più prossimo, così due nomi non si toccano.
    versi: dict[bool, list[_Luogo]] = {False: [], True: []}
    for luogo in luoghi:
        vicino = min(
            (altro for altro in luoghi if altro is not luogo),
            key=lambda altro, qui=luogo: hypot(altro.lon - qui.lon, altro.lat - qui.lat),
            default=luogo,
        )
        versi[vicino.lon > luogo.lon].append(luogo)
    strati = []
    for a_sinistra, scritti in versi.items():
        base = altair.Chart(altair.Data(values=_punti(scritti))).encode(
            longitude="lon:Q", latitude="lat:Q", text="nome:N"
        )
        forma = {
            "align": "right" if a_sinistra else "left",
            "dx": -8 if a_sinistra else 8,
            "fontSize": 12.5,
            "fontWeight": 600,
            "baseline": "middle",
        }
        alone = base.mark_text(**forma, stroke=BIANCO, strokeWidth=3.5, strokeOpacity=0.9)
        strati += [alone, base.mark_text(**forma, color=INCHIOSTRO)]
    return strati


def _punti(luoghi: Sequence[_Luogo]) -> list[dict]:
    return [{"nome": p.nome, "nodo": p.nodo, "lon": p.lon, "lat": p.lat} for p in luoghi]


def _luoghi(nodi: Sequence[NodoInMappa]) -> list[_Luogo]:
    centri = {
        comune["properties"]["nome"]: _centro(comune["geometry"]) for comune in _geografia(COMUNI)
    }
    return [
        _Luogo(comune, nodo.denominazione, *centri[comune])
        for nodo in nodi
        for comune in nodo.comuni
        if comune in centri
    ]


def _centro(geometria: dict) -> tuple[float, float]:
    # Il centro del rettangolo del poligono più grande: basta a posare un segno.
    poligoni = geometria["coordinates"]
    if geometria["type"] == "Polygon":
        poligoni = [poligoni]
    anello = max((poligono[0] for poligono in poligoni), key=len)
    lon, lat = zip(*anello, strict=True)
    return round((min(lon) + max(lon)) / 2, 4), round((min(lat) + max(lat)) / 2, 4)
