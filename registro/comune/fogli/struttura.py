"""Dov'è la tabella dentro un foglio scritto da una persona, e che cosa non ne fa parte.

Niente si perde in silenzio: ogni riga che non diventa un dato è fra le `saltate`, col suo numero e
il perché; ogni colonna lasciata fuori è fra gli `avvisi`.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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


_MESE = (
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
)
_SI_CONTA = (
    r"ore|minuti|giorni|giornate|euro|importi?|spes[ae]|età|interventi|prestazioni|attività|servizi"
    r"|persone|presenze|utenti|iscritti|partecipanti|beneficiari|nuclei|famiglie|casi|contatti"
    r"|colloqui|accessi|incontri"
)
_DI_CHE = rf"(?: (?:di|del|dei|delle|degli|per|{_MESE}|mese|anno|generale|{_SI_CONTA}|\d{{4}}))*"
# «Somma Anna» è una persona: dopo una parola che può essere un nome, solo ciò che si conta. E chi
# si chiama «Media» ha accanto il nome: `_e_un_totale` guarda tutti i testi della riga.
_TOTALE = re.compile(
    r"(?:sub ?|in |gran )?(?:totale|totali|tot\.)(?!\w).*"
    r"|(?:(?:sub ?)?(?:tot|somma|sommano|parziale|parziali|medi[ae]|riepilogo|complessiv[oaie])"
    rf"|complessivamente|(?:numero|num\.?|nr\.?|n[.°]) ?(?:{_SI_CONTA})"
    rf"|(?:{_SI_CONTA}) (?:in totale|totali|complessiv[aei]|medi[ae])){_DI_CHE} ?[:.]?"
)
# Quanto fa il totale, se l'unità è scritta accanto al numero.
_QUANTO = re.compile(r"€? ?\d[\d.,:]* ?(?:h ?\d*|ore|ora|min|minuti|giorni|gg|euro)\.?")
_TITOLO_DI_UN_MESE = re.compile(rf"(?:{_MESE})(?: \d{{4}})?")
# Ciò che in una cella sola può essere una persona: poche parole di lettere, o un codice.
_PERSONA = re.compile(r"(?:[^\W\d_]|['’.,-])+(?: (?:[^\W\d_]|['’.,-])+){0,4}|[^\W_]{16}")
_GIORNO = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
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
_NIENTE_SOPRA = CellaGuasta("dice «come sopra», ma sopra non c'è niente")
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
    `sole` sono i numeri delle righe, fra le `righe`, con una cella sola che può essere una persona:
    non si sa se sono dati a metà o titoli, e non le si può né leggere né lasciare fuori.
    """

    foglio: str
    riga_intestazione: int
    intestazioni: tuple[str, ...]
    posti: tuple[str, ...]
    righe: tuple[Riga, ...]
    saltate: tuple[Saltata, ...]
    avvisi: tuple[str, ...]
    sole: frozenset[int] = frozenset()


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
    scelte, saltate, sole = _dividi(sotto, testa, colonne, foglio.unite)
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
        righe=tuple(_riempite(scelte, sotto, colonne, foglio.unite)),
        saltate=tuple(tutte),
        avvisi=(*avvisi, *_avvisi(foglio, colonne)),
        sole=frozenset(sole),
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
            yield Saltata(
                riga.numero, f"sta sopra i nomi delle colonne («{_primo_testo(riga.celle)}»)"
            )


def _dividi(
    righe: Sequence[Riga], testa: Intestazione, colonne: Sequence[int], unite: Sequence[Area]
) -> tuple[list[Riga], list[Saltata], set[int]]:
    """Le righe di dati, quelle che non lo sono, e i numeri di quelle con una cella sola da chiarire."""
    scelte, saltate, sole = [], [], set()
    prima: Riga | None = None
    scritte = [(riga, [cella for cella in riga.celle if not vuota(cella)]) for riga in righe]
    esiti = [(riga, *_che_cosa_e(celle, testa, len(colonne))) for riga, celle in scritte if celle]
    dati = [riga.numero for riga, motivo, nota in esiti if not motivo and not nota]
    for riga, motivo, nota in esiti:
        if nota and _puo_essere_un_dato(riga, prima, dati, unite):
            sole.add(riga.numero)
            nota = ""
        if motivo or nota:
            saltate.append(Saltata(riga.numero, motivo or nota))
            prima = None
        else:
            scelte.append(riga)
            prima = riga
    while len(scelte) > 1 and _somma_senza_nome(scelte[-1], colonne):
        saltate.append(Saltata(scelte.pop().numero, "ha solo numeri: sembra un totale senza nome"))
    return scelte, saltate, sole


def _puo_essere_un_dato(
    riga: Riga, prima: Riga | None, dati: Sequence[int], unite: Sequence[Area]
) -> bool:
    """Se una riga con una cella sola può essere una persona scritta a metà, e non un titolo.

    `prima` è la riga scritta sopra, se è un dato; `dati` i numeri delle righe che lo sono.
    """
    posto, cella = next((p, str(c)) for p, c in enumerate(riga.celle) if not vuota(c))
    testo = " ".join(cella.split())
    area = next(
        (a for a in unite if a.prima_riga == riga.numero and a.prima_colonna == posto), None
    )
    if not _PERSONA.fullmatch(testo) or (area and area.ultima_colonna > posto):
        return False
    if area and area.ultima_riga > riga.numero:
        return True
    if prima is None or _TITOLO_DI_UN_MESE.fullmatch(testo.lower()):
        return False
    in_fondo = riga.numero > dati[-1]
    return not in_fondo or prima.numero == riga.numero - 1


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


def _che_cosa_e(scritte: list[Cella], testa: Intestazione, larghezza: int) -> tuple[str, str]:
    """Perché una riga non è un dato, e perché sembra una nota; vuoti se è un dato."""
    testi = [cella.strip().lower() for cella in scritte if isinstance(cella, str)]
    # Quasi tutte le righe sono dati: il primo testo basta a saperlo, senza guardare gli altri.
    primo = next(filter(_LETTERA.search, testi), "")
    if _TOTALE.fullmatch(primo) and _e_un_totale(scritte, testi):
        return f"è un totale («{_primo_testo(scritte)}»)", ""
    ultimi = testa.ultimi
    if primo == ultimi[0].lower() and len(ultimi) > 1 and _uguali(testi, ultimi):
        return "ripete i nomi delle colonne", ""
    larga = larghezza >= _COLONNE_PER_UNA_NOTA
    if primo and len(scritte) == 1 and larga and not _come_sopra(scritte[0]):
        return "", f"ha una cella sola: sembra un titolo o una nota («{_primo_testo(scritte)}»)"
    return "", ""


def _e_un_totale(scritte: Sequence[Cella], testi: Sequence[str]) -> bool:
    """Se tutti i testi parlano di un totale e non c'è un giorno: ciò che si è fatto un giorno è un dato.

    Una riga che dice «idem» è un dato anche lei: il giorno e la persona sono quelli di sopra.
    """
    if any(isinstance(cella, date) for cella in scritte) or any(map(_GIORNO.fullmatch, testi)):
        return False
    if any(map(_come_sopra, scritte)):
        return False
    parole = (testo for testo in testi if _LETTERA.search(testo) and not _QUANTO.fullmatch(testo))
    return all(map(_TOTALE.fullmatch, parole))


def _uguali(testi: Sequence[str], nomi: Sequence[str]) -> bool:
    return list(map(forma_normale, testi)) == list(map(forma_normale, nomi))


def _primo_testo(celle: Sequence[Cella]) -> str:
    testi = (str(cella) for cella in celle if isinstance(cella, str) and not vuota(cella))
    testo = " ".join(next(testi, "numeri").split())
    return testo if len(testo) <= _MOSTRATI else f"{testo[:_MOSTRATI]}…"


def _come_sopra(cella: Cella) -> bool:
    return isinstance(cella, str) and cella.strip().lower() in _COME_SOPRA


def _riempite(
    righe: Sequence[Riga], tutte: Sequence[Riga], colonne: Sequence[int], unite: Sequence[Area]
) -> Iterator[Riga]:
    """Le righe larghe come la tabella: «idem» prende il valore di sopra, una cella unita il suo.

    `tutte` sono le righe sotto i nomi: il valore di un'unione può stare in una che non è un dato.
    """
    unioni = _unioni(unite)
    prime = {area.prima_riga for aree in unioni.values() for area in aree}
    ancore = {riga.numero: riga.celle for riga in tutte if riga.numero in prime}
    sopra: list[Cella] = [None] * len(colonne)
    for riga in righe:
        celle: list[Cella] = []
        for posto, colonna in enumerate(colonne):
            cella = riga.celle[colonna] if colonna < len(riga.celle) else None
            if _come_sopra(cella):
                cella = sopra[posto] if not vuota(sopra[posto]) else _NIENTE_SOPRA
            elif vuota(cella) and (area := _unione(unioni, riga.numero, colonna)):
                cella = _di_un_unione(ancore, area)
            celle.append(None if vuota(cella) else _senza_spazi(cella))
        sopra = celle
        if riga.numero in ancore:
            ancore[riga.numero] = _al_loro_posto(celle, colonne)
        yield Riga(riga.numero, tuple(celle))


def _al_loro_posto(celle: Sequence[Cella], colonne: Sequence[int]) -> tuple[Cella, ...]:
    """Le celle della tabella alle colonne che hanno nel foglio."""
    nel_foglio: list[Cella] = [None] * (colonne[-1] + 1)
    for colonna, cella in zip(colonne, celle, strict=True):
        nel_foglio[colonna] = cella
    return tuple(nel_foglio)


def _di_un_unione(ancore: dict[int, tuple[Cella, ...]], area: Area) -> Cella:
    """Il valore scritto nella prima cella di un'unione; guasto se sta fra i nomi delle colonne."""
    celle = ancore.get(area.prima_riga)
    if celle is None:
        return _NIENTE_SOPRA
    return celle[area.prima_colonna] if area.prima_colonna < len(celle) else None


def _unioni(unite: Sequence[Area]) -> dict[int, list[Area]]:
    """Le unioni in verticale su una colonna sola, per colonna e dall'alto in basso."""
    per_colonna: dict[int, list[Area]] = {}
    for area in sorted(unite, key=attrgetter("prima_riga")):
        if area.prima_colonna == area.ultima_colonna:
            per_colonna.setdefault(area.prima_colonna, []).append(area)
    return per_colonna


def _unione(unioni: dict[int, list[Area]], riga: int, colonna: int) -> Area | None:
    """L'unione di cui la cella è parte, se non è la prima."""
    aree = unioni.get(colonna, [])
    posto = bisect_left(aree, riga, key=attrgetter("prima_riga"))
    return aree[posto - 1] if posto > 0 and riga <= aree[posto - 1].ultima_riga else None


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
