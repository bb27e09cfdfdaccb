"""Grafici a barre: quantità con un nome ciascuna, col numero scritto accanto alla barra."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap

import altair

from registro.comune.grafici.disegno import Grafico, conservato, disegna
from registro.comune.grafici.tavolozza import BIANCO, INCHIOSTRO, NEUTRO
from registro.comune.templatetags.testo import numero


Numero = int | float | Decimal
# Larghezza comune a tutti i disegni a piena pagina, in pixel: 640 px ≈ 17 cm, testo a 9 punti.
LARGHEZZA = 640
MARGINE_MINIMO, MARGINE_MASSIMO = 130, 230
PER_LETTERA = 6.6
ALTEZZA_BARRA, SPESSORE = 25, 22.5
# Un nome lungo va a capo; oltre tre righe finisce coi puntini, e intero sta nella tabella accanto.
LETTERE_PER_RIGA, RIGHE_DI_NOME = 32, 3
ALTEZZA_RIGA = 14


@dataclass(frozen=True, slots=True)
class Barra:
    """Una barra; `valore` `None` non si disegna.

    `testo`: il numero come lo si legge («circa 270»); taciuto, è il valore scritto all'italiana.
    `gruppo` serve solo alle barre raggruppate e impilate.
    """

    etichetta: str
    valore: Numero | None
    testo: str | None = None
    colore: str = NEUTRO
    gruppo: str = ""

    @property
    def scritta(self) -> str:
        """Il numero come si legge accanto alla barra."""
        return numero(self.valore) if self.testo is None else self.testo

    @property
    def cella(self) -> Numero | str | None:
        """Il numero come sta in tabella: un testo se dice più del numero."""
        return self.valore if self.testo is None else self.testo


@conservato
def barre_orizzontali(
    titolo: str, barre: Sequence[Barra], *, voce: str, misura: str, descrizione: str = ""
) -> Grafico:
    """Una barra per voce, nell'ordine dato.

    `voce` e `misura`: intestazioni della tabella coi dati. Senza `descrizione` se ne scrive una
    che dice tutti i valori.
    """
    dati = [_dati(barra, barra.etichetta, barra.scritta) for barra in barre]
    passo = _passo(dati, ALTEZZA_BARRA)
    vuoto = 1 - SPESSORE / passo
    base = altair.Chart(altair.Data(values=dati)).encode(
        y=altair.Y(
            "riga:N",
            sort=None,
            title=None,
            axis=_asse_etichette(dati),
            scale=altair.Scale(paddingInner=vuoto, paddingOuter=vuoto / 2),
        )
    )
    return disegna(
        _barre_con_testo(base, dati, passo * max(1, len(barre))),
        titolo=titolo,
        descrizione=descrizione or _racconta(titolo, [(b.etichetta, b.scritta) for b in barre]),
        intestazioni=(voce, misura),
        righe=tuple((barra.etichetta, barra.cella) for barra in barre),
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
    dati = [_dati(barra, barra.gruppo, f"{barra.scritta} · {barra.etichetta}") for barra in barre]
    base = _righe_raggruppate(dati)
    gruppi = len({barra.gruppo for barra in barre})
    per_gruppo = len({barra.etichetta for barra in barre})
    return disegna(
        _barre_con_testo(base, dati, ALTEZZA_BARRA * (per_gruppo + 1) * max(1, gruppi)),
        titolo=titolo,
        descrizione=descrizione or _racconta(titolo, _a_coppie(barre)),
        intestazioni=(gruppo, voce, misura),
        righe=_in_tabella(barre),
    )


@conservato
def barre_impilate(
    titolo: str,
    barre: Sequence[Barra],
    *,
    gruppo: str,
    voce: str,
    misura: str,
    descrizione: str = "",
) -> Grafico:
    """Una barra per `gruppo`, fatta dei pezzi delle sue voci; in fondo c'è la somma.

    Serve quando la somma ha un senso: pezzi in unità diverse vogliono `barre_raggruppate`. I
    pezzi seguono l'ordine delle voci nella legenda, e dentro ciascuno, se ci sta, c'è il numero.
    """
    voci = list(dict.fromkeys(barra.etichetta for barra in barre))
    colori = {barra.etichetta: barra.colore for barra in barre}
    somme = _somme(barre)
    return disegna(
        _pezzi(_impilati(barre, voci), somme, voci, colori),
        titolo=titolo,
        descrizione=descrizione or _racconta(titolo, _a_coppie(barre)),
        intestazioni=(gruppo, voce, misura),
        righe=_in_tabella(barre),
    )


def _a_coppie(barre: Sequence[Barra]) -> list[tuple[str, str]]:
    return [(f"{barra.gruppo}, {barra.etichetta}", barra.scritta) for barra in barre]


def _in_tabella(barre: Sequence[Barra]) -> tuple[tuple, ...]:
    return tuple((barra.gruppo, barra.etichetta, barra.cella) for barra in barre)


def _somme(barre: Sequence[Barra]) -> list[dict]:
    """Una riga per gruppo; un gruppo di soli numeri che mancano non ha somma, e lo dice."""
    gruppi: dict[str, list[Numero]] = {}
    for barra in barre:
        valori = gruppi.setdefault(barra.gruppo, [])
        if barra.valore is not None:
            valori.append(barra.valore)
    return [
        {
            "riga": nome,
            "fine": float(sum(valori)),
            "testo": numero(sum(valori) if valori else None),
        }
        for nome, valori in gruppi.items()
    ]


def _impilati(barre: Sequence[Barra], voci: list[str]) -> list[dict]:
    """I pezzi coi loro estremi: le somme si fanno qui, così il disegno e la tabella tornano."""
    arrivati: dict[str, float] = {}
    pezzi = []
    for barra in sorted(barre, key=lambda una: voci.index(una.etichetta)):
        if not barra.valore:
            continue
        inizio = arrivati.get(barra.gruppo, 0.0)
        fine = arrivati[barra.gruppo] = inizio + float(barra.valore)
        pezzi.append(
            {
                "riga": barra.gruppo,
                "voce": barra.etichetta,
                "inizio": inizio,
                "fine": fine,
                "mezzo": (inizio + fine) / 2,
                "testo": barra.scritta,
            }
        )
    return pezzi


def _pezzi(
    dati: list[dict], somme: list[dict], voci: list[str], colori: dict[str, str]
) -> altair.LayerChart:
    massimo = max((somma["fine"] for somma in somme), default=0) or 1
    larghezza = LARGHEZZA - _margine(somme)
    scala = altair.Scale(domain=[0, massimo * 1.2])
    ci_sta = larghezza / (massimo * 1.2)
    for pezzo in dati:
        if (pezzo["fine"] - pezzo["inizio"]) * ci_sta < PER_LETTERA * len(pezzo["testo"]) + 8:
            pezzo["testo"] = ""
    colore = altair.Color(
        "voce:N",
        scale=altair.Scale(domain=voci, range=[colori[voce] for voce in voci]),
        legend=altair.Legend(orient="top", title=None, columns=3, symbolType="square"),
    )
    ordinata = altair.Y("riga:N", sort=None, title=None, axis=_asse_etichette(somme))
    base = altair.Chart(altair.Data(values=dati)).encode(y=ordinata)
    totali = altair.Chart(altair.Data(values=somme)).encode(y=ordinata)
    inizio, fine, mezzo = (
        altair.X(f"{nome}:Q", axis=None, scale=scala) for nome in ("inizio", "fine", "mezzo")
    )
    scritte = {"baseline": "middle", "fontWeight": 600}
    return altair.layer(
        totali.mark_text(align="left", dx=7, color=INCHIOSTRO, **scritte).encode(
            x=fine, text="testo:N"
        ),
        base.mark_bar(stroke=BIANCO, strokeWidth=1.5).encode(x=inizio, x2="fine:Q", color=colore),
        base.mark_text(color=BIANCO, **scritte).encode(x=mezzo, text="testo:N"),
    ).properties(width=larghezza, height=_passo(somme, ALTEZZA_BARRA + 9) * max(1, len(somme)))


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


def _a_capo(nome: str) -> list[str]:
    # Dai caratteri e non dalla misura dei testi: il disegno non cambia se manca il carattere.
    return wrap(nome, LETTERE_PER_RIGA, max_lines=RIGHE_DI_NOME, placeholder="…") or [""]


def _passo(dati: list[dict], minimo: int) -> int:
    """Quanto è alta la riga di una barra perché il nome più lungo non tocchi quello di sotto."""
    righe = max((len(_a_capo(voce["riga"])) for voce in dati), default=1)
    return max(minimo, ALTEZZA_RIGA * righe + 4)


def _margine(dati: list[dict]) -> int:
    piu_lunga = max((len(riga) for voce in dati for riga in _a_capo(voce["riga"])), default=0)
    return round(min(MARGINE_MASSIMO, max(MARGINE_MINIMO, PER_LETTERA * piu_lunga + 14)))


def _asse_etichette(dati: list[dict], peso: int = 400) -> altair.Axis:
    margine = _margine(dati)
    nomi = list(dict.fromkeys(voce["riga"] for voce in dati))
    spezzati = [_a_capo(nome) for nome in nomi]
    # I nomi stanno nell'espressione come testi JSON: ciò che ci si scrive non diventa codice.
    spezza = f"{json.dumps(spezzati)}[indexof({json.dumps(nomi)}, datum.value)]"
    # Vega mette in mezzo la prima riga: le altre la spingono su, perché in mezzo stia il nome.
    scosta = [
        {"test": f"{spezza}.length == {righe}", "value": -ALTEZZA_RIGA * (righe - 1) / 2}
        for righe in range(2, RIGHE_DI_NOME + 1)
    ]
    return altair.Axis(
        minExtent=margine,
        maxExtent=margine,
        labelAlign="left",
        labelPadding=margine,
        labelFontWeight=peso,
        labelLineHeight=ALTEZZA_RIGA,
        labelExpr=spezza,
        labelOffset={"condition": scosta, "value": 0},
    )


def _racconta(titolo: str, coppie: list[tuple[str, str]]) -> str:
    return f"{titolo}. " + "; ".join(f"{nome}: {testo}" for nome, testo in coppie) + "."
