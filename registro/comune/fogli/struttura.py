"""Dov'è la tabella dentro un foglio scritto da una persona, e che cosa non ne fa parte.

Niente si perde in silenzio: ogni riga che non diventa un dato è fra le `saltate`, col suo numero e
il perché; ogni colonna lasciata fuori è fra gli `avvisi`.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter

from registro.comune.esportazioni import testo_sicuro
from registro.comune.fogli.celle import (
    Area,
    Cella,
    CellaGuasta,
    Foglio,
    Libro,
    Riga,
    lettere,
    vuota,
)
from registro.comune.fogli.guardia import FoglioRifiutato
from registro.comune.fogli.intestazione import Intestazione, trova_intestazione
from registro.comune.ricerca import forma_normale


_TOTALE = re.compile(r"(?:sub ?)?(?:tot|totale|totali|somma|sommano|parziale)\b\.?.*")
_COME_SOPRA = frozenset(
    {"idem", "id", "id.", '"', "''", '""', '" "', "//", "///", "〃", "“", "”"}
) | {
    "″",
    "c.s.",
    "c. s.",
    "come sopra",
    "ibidem",
    "ibid.",
    "-//-",
    '-"-',
    "//-//",
}
_LETTERA = re.compile(r"[^\W\d_]")
_NUMERO = re.compile(r"(?:€ ?)?\d[\d.]*(?:,\d+)?(?: ?€)?|\d+:\d\d")
_COLONNE_PER_UNA_NOTA = 3
_MOSTRATI = 60
_SENZA_NOMI = (
    "Non si trova la riga con i nomi delle colonne. Scrivila sopra i dati, una cella per colonna, "
    "oppure indica in quale riga sta."
)


@dataclass(frozen=True, slots=True)
class Saltata:
    """Una riga che non è un dato: `numero` è quello che si vede, `motivo` è per chi ha caricato."""

    numero: int
    motivo: str


@dataclass(frozen=True, slots=True)
class Tabella:
    """La tabella trovata: ogni riga ha tante celle quante le `intestazioni`, nello stesso ordine.

    `posti` sono le lettere delle colonne nel foglio; `riga_intestazione` è la riga (l'ultima, se
    sono due) in cui finiscono i nomi. `avvisi` sono frasi su ciò che vale per tutto il foglio.
    """

    foglio: str
    riga_intestazione: int
    intestazioni: tuple[str, ...]
    posti: tuple[str, ...]
    righe: tuple[Riga, ...]
    saltate: tuple[Saltata, ...]
    avvisi: tuple[str, ...]


def scegli_foglio(libro: Libro, *, note: Collection[str] = ()) -> Foglio:
    """Il foglio in cui sta la tabella: fra quelli che si vedono, quello con più righe di dati.

    `note` sono le chiavi dei nomi di colonna attesi (`colonne.chiave`): un foglio che ne ha vince
    su uno più lungo che non ne ha. Solleva `FoglioRifiutato` se non c'è niente di scritto.
    """
    scritti = [foglio for foglio in libro.fogli if foglio.righe]
    visibili = [foglio for foglio in scritti if not foglio.nascosto]
    if not visibili:
        raise FoglioRifiutato(
            "Nel file non c'è niente di scritto"
            + (", se non in fogli nascosti: rendili visibili e ricaricalo." if scritti else ".")
        )

    def peso(foglio: Foglio) -> tuple[int, int]:
        testa = trova_intestazione(foglio, note)
        return (testa.conosciute, len(foglio.righe)) if testa else (-1, len(foglio.righe))

    return max(visibili, key=peso)


def altri_fogli(libro: Libro, scelto: Foglio, *, note: Collection[str] = ()) -> tuple[str, ...]:
    """I nomi degli altri fogli visibili con le stesse colonne: un file con un foglio per mese."""
    testa = trova_intestazione(scelto, note)
    simili = []
    for foglio in libro.fogli:
        altra = None if foglio.nascosto or foglio is scelto else trova_intestazione(foglio, note)
        if testa and altra and altra.nomi == testa.nomi:
            simili.append(foglio.nome)
    return tuple(simili)


def tabella(
    foglio: Foglio, *, note: Collection[str] = (), riga_intestazione: int | None = None
) -> Tabella:
    """La tabella di un foglio. `riga_intestazione` (quella che si vede) vince su ciò che si indovina.

    Salta titoli, totali, intestazioni ripetute e note; «idem» e le celle unite prendono il valore
    di sopra; le colonne senza nome né dati cadono. Solleva `FoglioRifiutato` se non si trova
    un'intestazione o se sotto non c'è nemmeno un dato.
    """
    testa = trova_intestazione(foglio, note, riga_intestazione)
    if testa is None or not testa.ultimi:
        raise FoglioRifiutato(_SENZA_NOMI)
    sotto = [riga for riga in foglio.righe if riga.numero > testa.ultima_riga]
    colonne, avvisi = _colonne(testa, sotto)
    scelte, saltate = _dividi(sotto, testa, colonne)
    if not scelte:
        raise FoglioRifiutato(
            f"Sotto i nomi delle colonne (riga {testa.ultima_riga}) non c'è nessuna riga di dati."
        )
    tutte = sorted([*_sopra(foglio, testa), *saltate], key=attrgetter("numero"))
    return Tabella(
        foglio=foglio.nome,
        riga_intestazione=testa.ultima_riga,
        intestazioni=_nomi_diversi(testa, colonne),
        posti=tuple(lettere(colonna) for colonna in colonne),
        righe=tuple(_riempite(scelte, colonne, foglio.unite)),
        saltate=tuple(tutte),
        avvisi=(*avvisi, *_avvisi(foglio, colonne)),
    )


def _colonne(testa: Intestazione, sotto: Sequence[Riga]) -> tuple[list[int], list[str]]:
    """Le colonne da tenere, e le frasi su quelle che cadono."""
    con_dati = {
        colonna for riga in sotto for colonna, cella in enumerate(riga.celle) if not vuota(cella)
    }
    con_nome = {colonna for colonna, nome in enumerate(testa.nomi) if nome}
    quante = Counter(testa.nomi[colonna] for colonna in con_nome)
    doppie = {colonna for colonna in con_nome - con_dati if quante[testa.nomi[colonna]] > 1}
    avvisi = [
        f"La colonna {lettere(colonna)} («{testa.nomi[colonna]}») ripete un nome ed è vuota: "
        "non si legge."
        for colonna in sorted(doppie)
    ]
    return sorted((con_dati | con_nome) - doppie), avvisi


def _nomi_diversi(testa: Intestazione, colonne: Sequence[int]) -> tuple[str, ...]:
    """I nomi delle colonne, ciascuno una volta: chi si ripete o manca prende la lettera."""
    nomi: list[str] = []
    for colonna in colonne:
        nome = testa.nomi[colonna] if colonna < len(testa.nomi) else ""
        if not nome:
            nome = f"colonna {lettere(colonna)}"
        elif nome in nomi:
            nome = f"{nome} (colonna {lettere(colonna)})"
        nomi.append(nome)
    return tuple(nomi)


def _sopra(foglio: Foglio, testa: Intestazione) -> Iterator[Saltata]:
    for riga in foglio.righe:
        if riga.numero < testa.prima_riga:
            yield Saltata(riga.numero, f"sta sopra i nomi delle colonne («{_primo_testo(riga)}»)")


def _dividi(
    righe: Sequence[Riga], testa: Intestazione, colonne: Sequence[int]
) -> tuple[list[Riga], list[Saltata]]:
    scelte, saltate = [], []
    for riga in righe:
        scritte = [cella for cella in riga.celle if not vuota(cella)]
        if motivo := _perche_no(riga, scritte, testa, len(colonne)):
            saltate.append(Saltata(riga.numero, motivo))
        elif scritte:
            scelte.append(riga)
    while len(scelte) > 1 and _somma_senza_nome(scelte[-1], colonne):
        saltate.append(Saltata(scelte.pop().numero, "ha solo numeri: sembra un totale senza nome"))
    return scelte, saltate


def _somma_senza_nome(riga: Riga, colonne: Sequence[int]) -> bool:
    """Se l'ultima riga è una somma: soli numeri, e le prime due colonne vuote."""
    scritte = {posto: cella for posto, cella in enumerate(riga.celle) if not vuota(cella)}
    if len(colonne) < _COLONNE_PER_UNA_NOTA or min(scritte) <= colonne[1]:
        return False
    return all(
        isinstance(cella, int | float | timedelta | CellaGuasta)
        or (isinstance(cella, str) and _NUMERO.fullmatch(cella.strip()))
        for cella in scritte.values()
    )


def _perche_no(riga: Riga, scritte: list[Cella], testa: Intestazione, larghezza: int) -> str:
    """Perché una riga non è un dato; vuoto se lo è."""
    testi = [cella.strip().lower() for cella in scritte if isinstance(cella, str)]
    # Quasi tutte le righe sono dati: il primo testo basta a saperlo, senza guardare gli altri.
    primo = next(filter(_LETTERA.search, testi), "")
    if _TOTALE.fullmatch(primo) and all(map(_TOTALE.fullmatch, filter(_LETTERA.search, testi))):
        return f"è un totale («{_primo_testo(riga)}»)"
    ultimi = testa.ultimi
    if primo == ultimi[0].lower() and len(ultimi) > 1 and _uguali(testi, ultimi):
        return "ripete i nomi delle colonne"
    larga = larghezza >= _COLONNE_PER_UNA_NOTA
    if primo and len(scritte) == 1 and larga and not _come_sopra(scritte[0]):
        return f"ha una cella sola: sembra un titolo o una nota («{_primo_testo(riga)}»)"
    return ""


def _uguali(testi: Sequence[str], nomi: Sequence[str]) -> bool:
    return list(map(forma_normale, testi)) == list(map(forma_normale, nomi))


def _primo_testo(riga: Riga) -> str:
    testi = (str(cella) for cella in riga.celle if isinstance(cella, str) and not vuota(cella))
    testo = " ".join(next(testi, "numeri").split())
    return testo if len(testo) <= _MOSTRATI else f"{testo[:_MOSTRATI]}…"


def _come_sopra(cella: Cella) -> bool:
    return isinstance(cella, str) and cella.strip().lower() in _COME_SOPRA


def _riempite(
    righe: Sequence[Riga], colonne: Sequence[int], unite: Sequence[Area]
) -> Iterator[Riga]:
    """Le righe larghe come la tabella, con «idem» e celle unite riempite dal valore di sopra."""
    unioni = _unioni(unite)
    sopra: list[Cella] = [None] * len(colonne)
    for riga in righe:
        celle: list[Cella] = []
        for posto, colonna in enumerate(colonne):
            cella = riga.celle[colonna] if colonna < len(riga.celle) else None
            unita = vuota(cella) and _coperta(unioni, riga.numero, colonna)
            if unita or _come_sopra(cella):
                cella = sopra[posto]
                if vuota(cella):
                    cella = CellaGuasta("dice «come sopra», ma sopra non c'è niente")
            celle.append(None if vuota(cella) else _senza_spazi(cella))
        sopra = celle
        yield Riga(riga.numero, tuple(celle))


def _unioni(unite: Sequence[Area]) -> dict[int, list[Area]]:
    """Le unioni in verticale su una colonna sola, per colonna e dall'alto in basso."""
    per_colonna: dict[int, list[Area]] = {}
    for area in sorted(unite, key=attrgetter("prima_riga")):
        if area.prima_colonna == area.ultima_colonna:
            per_colonna.setdefault(area.prima_colonna, []).append(area)
    return per_colonna


def _coperta(unioni: dict[int, list[Area]], riga: int, colonna: int) -> bool:
    """Se la cella sta sotto la prima di un'unione."""
    aree = unioni.get(colonna, [])
    posto = bisect_left(aree, riga, key=attrgetter("prima_riga"))
    return posto > 0 and riga <= aree[posto - 1].ultima_riga


def _senza_spazi(cella: Cella) -> Cella:
    """Il testo senza spazi intorno e senza l'apostrofo che le nostre esportazioni antepongono."""
    if not isinstance(cella, str):
        return cella
    testo = cella.replace("\u00a0", " ").strip()
    protetto = testo.startswith("'") and testo_sicuro(testo[1:]) == testo
    return testo[1:] if protetto else testo


def _avvisi(foglio: Foglio, colonne: Sequence[int]) -> Iterator[str]:
    nascoste = [lettere(colonna) for colonna in foglio.colonne_nascoste if colonna in colonne]
    if nascoste:
        quali = ", ".join(nascoste)
        yield f"Il foglio ha colonne nascoste ({quali}): si leggono anche quelle."
    if foglio.righe_nascoste:
        yield f"Il foglio ha righe nascoste ({foglio.righe_nascoste}): si leggono anche quelle."
