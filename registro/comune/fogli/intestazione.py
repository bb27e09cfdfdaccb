"""In quale riga stanno i nomi delle colonne, e se sono su due righe."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from registro.comune.fogli.celle import Area, Cella, CellaGuasta, Foglio, Riga, vuota
from registro.comune.fogli.colonne import chiave


_DA_GUARDARE = 40
_SOTTO = 12
_NOME_LUNGO = 80
_COPERTURA = 0.5
_PREFERISCI_LE_PRIME = 0.02


@dataclass(frozen=True, slots=True)
class Intestazione:
    """I nomi delle colonne: `nomi` uno per colonna da A, vuoto dove manca.

    `prima_riga` e `ultima_riga` sono uguali se i nomi stanno su una riga sola. `conosciute` è
    quanti nomi sono fra quelli attesi; `ultimi` sono i nomi scritti nell'ultima riga.
    """

    prima_riga: int
    ultima_riga: int
    nomi: tuple[str, ...]
    ultimi: tuple[str, ...]
    conosciute: int


def trova_intestazione(
    foglio: Foglio, note: Collection[str] = (), riga: int | None = None
) -> Intestazione | None:
    """L'intestazione che somiglia di più a un'intestazione; None se nessuna riga lo è.

    Vale chi copre con nomi brevi e diversi le colonne dei dati che seguono, e di più chi ha nomi
    attesi (`note`, chiavi di `colonne.chiave`). `riga` sceglie la riga a mano.
    """
    righe = foglio.righe[:_DA_GUARDARE]
    migliore, punti_migliori = None, 0.0
    if riga is not None:
        scelta = next((p for p, r in enumerate(foglio.righe) if r.numero == riga), None)
        return None if scelta is None else _componi(foglio, scelta, note)
    for posto in range(len(righe)):
        punti = _punti(foglio.righe, posto, note)
        if punti > punti_migliori:
            migliore, punti_migliori = posto, punti
    if migliore is None:
        return None
    return _componi(foglio, migliore + _continua(foglio, migliore), note)


def _punti(righe: Sequence[Riga], posto: int, note: Collection[str]) -> float:
    """Quanto una riga è un'intestazione; zero se non può esserlo."""
    scritte = _scritte(righe[posto])
    if not scritte or not all(_e_un_nome(cella) for cella in scritte.values()):
        return 0
    seguono = righe[posto + 1 : posto + 1 + _SOTTO]
    if not seguono:
        return 0
    attesa = max(1, median(len(_scritte(riga)) for riga in seguono))
    copertura = min(1, len(scritte) / attesa)
    conosciute = _conosciute(scritte.values(), note)
    if not conosciute and (copertura < _COPERTURA or (len(scritte) == 1 and attesa > 1)):
        return 0
    diverse = len({chiave(nome) for nome in scritte.values()}) / len(scritte)
    # Le righe di dati hanno numeri e date dove l'intestazione ha parole.
    contrasto = _contrasto(scritte, seguono)
    note_fra_le_scritte = 3 * conosciute / len(scritte) + conosciute / 4
    return copertura + diverse + contrasto + note_fra_le_scritte - posto * _PREFERISCI_LE_PRIME


def _scritte(riga: Riga) -> dict[int, Cella]:
    return {colonna: cella for colonna, cella in enumerate(riga.celle) if not vuota(cella)}


def _e_un_nome(cella: Cella) -> bool:
    if not isinstance(cella, str) or len(cella) > _NOME_LUNGO:
        return False
    lettere = sum(segno.isalpha() for segno in cella)
    cifre = sum(segno.isdecimal() for segno in cella)
    return lettere >= cifre or cella.strip() in ("#", "n°", "€")


def _contrasto(scritte: dict[int, Cella], seguono: Sequence[Riga]) -> float:
    """La parte di colonne in cui sotto c'è qualcosa che non potrebbe essere un nome."""
    diverse = {
        colonna
        for riga in seguono
        for colonna, cella in _scritte(riga).items()
        if colonna in scritte and not _e_un_nome(cella)
    }
    return len(diverse) / len(scritte)


def _conosciute(celle: Collection[Cella], note: Collection[str]) -> int:
    return sum(chiave(str(cella)) in note for cella in celle)


def _componi(foglio: Foglio, posto: int, note: Collection[str]) -> Intestazione:
    """L'intestazione che finisce in `posto`, unita alla riga di sopra se questa raggruppa colonne."""
    sotto = foglio.righe[posto]
    gruppi: dict[int, str] = {}
    prima = sotto.numero
    if posto and _raggruppa(foglio.righe[posto - 1], sotto, foglio.unite, note):
        sopra = foglio.righe[posto - 1]
        prima = sopra.numero
        gruppi = _distesi(sopra, sotto, foglio.unite)
    propri = [_pulito(cella) for cella in sotto.celle]
    larghezza = max(len(propri), max(gruppi, default=-1) + 1)
    propri.extend([""] * (larghezza - len(propri)))
    nomi = [" ".join(filter(None, (gruppi.get(c), proprio))) for c, proprio in enumerate(propri)]
    return Intestazione(
        prima,
        sotto.numero,
        tuple(nomi),
        tuple(filter(None, propri)),
        _conosciute(propri + nomi, note),
    )


def _raggruppa(sopra: Riga, sotto: Riga, unite: Sequence[Area], note: Collection[str]) -> bool:
    """Se la riga di sopra è la prima di due righe d'intestazione, e non un titolo."""
    scritte = _scritte(sopra)
    if sopra.numero != sotto.numero - 1 or not all(map(_e_un_nome, scritte.values())):
        return False
    in_verticale = any(
        area.prima_riga == sopra.numero and area.ultima_riga == sotto.numero for area in unite
    )
    if in_verticale:
        return True
    # Un titolo sta da solo; i gruppi sono almeno due, o ben noti, e dividono le colonne di sotto.
    abbastanza = len(scritte) > 1 or _conosciute(scritte.values(), note)
    return bool(abbastanza) and len(scritte) < len(_scritte(sotto))


def _continua(foglio: Foglio, posto: int) -> bool:
    """Se sotto ai nomi c'è una seconda riga che li divide: riempie i vuoti lasciati dai gruppi."""
    if posto + 1 >= len(foglio.righe):
        return False
    sopra, sotto = foglio.righe[posto], foglio.righe[posto + 1]
    nomi, divisi = _scritte(sopra), _scritte(sotto)
    if sotto.numero != sopra.numero + 1 or not all(map(_e_un_nome, divisi.values())):
        return False
    coperte = {
        colonna
        for area in foglio.unite
        if area.prima_riga == area.ultima_riga == sopra.numero
        for colonna in range(area.prima_colonna, area.ultima_colonna + 1)
    }
    if not coperte:
        vuote = set(range(max(divisi, default=0) + 1)) - set(nomi)
        coperte = vuote | {colonna - 1 for colonna in vuote}
        return len(divisi) > 1 and set(divisi) <= coperte and bool(set(divisi) & vuote)
    return bool(divisi) and set(divisi) <= coperte


def _distesi(sopra: Riga, sotto: Riga, unite: Sequence[Area]) -> dict[int, str]:
    """Il nome del gruppo per ogni colonna: quello unito si stende per quanto è largo.

    Senza celle unite (un CSV) si stende fino al prossimo, sulle colonne che sotto hanno un nome.
    """
    aree = {area.prima_colonna: area for area in unite if area.prima_riga == sopra.numero}
    scritte, nomi = _scritte(sopra), _scritte(sotto)
    distesi: dict[int, str] = {}
    posti = sorted(scritte)
    for colonna, prossima in zip(posti, [*posti[1:], len(sotto.celle)], strict=True):
        gruppo = _pulito(scritte[colonna])
        if area := aree.get(colonna):
            fine = area.ultima_colonna + 1
        elif aree or colonna not in nomi:
            fine = colonna + 1
        else:
            fine = prossima
        for coperta in range(colonna, fine):
            if coperta in nomi or coperta == colonna:
                distesi[coperta] = gruppo
    return distesi


def _pulito(cella: Cella) -> str:
    guasta = isinstance(cella, CellaGuasta) or vuota(cella)
    return "" if guasta else " ".join(str(cella).split())
