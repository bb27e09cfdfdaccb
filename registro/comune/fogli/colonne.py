"""Che cosa è ogni colonna: dal nome scritto da una persona al campo che conosciamo.

Si propone, non si decide: chi carica vede la proposta e la corregge, e la correzione si ricorda.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from registro.comune.ricerca import forma_normale


SICURA = 1.0
_MINIMA = 0.8
_LETTERE_MINIME = 5
_PARENTESI = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_SEGNI = re.compile(r"[^a-z0-9 ]+")
# Parole che non cambiano che cosa è una colonna.
_DI_CONTORNO = frozenset(
    [
        "di",
        "del",
        "dello",
        "della",
        "dei",
        "degli",
        "delle",
        "da",
        "in",
        "il",
        "lo",
        "la",
        "i",
        "gli",
        "le",
        "l",
        "d",
        "n",
        "nr",
        "num",
    ]
)


@dataclass(frozen=True, slots=True)
class Campo:
    """Un campo che si può riempire: `nome` è quello interno, `sinonimi` come lo si trova scritto."""

    nome: str
    sinonimi: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accoppiata:
    """Una colonna (posto nella tabella, da 0) e il campo proposto; `fiducia` fra 0 e 1."""

    colonna: int
    campo: str
    fiducia: float


def accoppia(intestazioni: Sequence[str], campi: Sequence[Campo]) -> tuple[Accoppiata, ...]:
    """La proposta, in ordine di colonna: ogni colonna ha al massimo un campo e viceversa.

    Prima i nomi uguali (`SICURA`), poi le abbreviazioni, poi i refusi. Le colonne che non
    somigliano a niente restano fuori; fra due somiglianze vince la più alta, poi la prima a
    sinistra.
    """
    possibili = sorted(
        (
            Accoppiata(colonna, campo.nome, fiducia)
            for colonna, scritta in enumerate(intestazioni)
            for campo in campi
            if (fiducia := _fiducia(scritta, campo)) >= _MINIMA
        ),
        key=lambda accoppiata: (-accoppiata.fiducia, accoppiata.colonna),
    )
    scelte: list[Accoppiata] = []
    colonne_prese, campi_presi = set(), set()
    for accoppiata in possibili:
        if accoppiata.colonna not in colonne_prese and accoppiata.campo not in campi_presi:
            scelte.append(accoppiata)
            colonne_prese.add(accoppiata.colonna)
            campi_presi.add(accoppiata.campo)
    return tuple(sorted(scelte, key=lambda accoppiata: accoppiata.colonna))


def chiave(intestazione: str) -> str:
    """Un nome di colonna come si confronta: parole piene in minuscolo, senza segni né parentesi.

    «Data nasc. (gg/mm/aa)» è «data nasc»; «C.F.» è «cf». Serve anche a ricordare le scelte.
    """
    return " ".join(_parole(intestazione))


def _parole(scritta: str) -> list[str]:
    piana = forma_normale(_PARENTESI.sub(" ", scritta))
    # «C.F.» e «c. f.» sono una parola sola; «Cod.Fisc.» sono due.
    piana = re.sub(r"\b([a-z])\.\s?(?=[a-z]\b)", r"\1", piana)
    parole = _SEGNI.sub(" ", piana).split()
    piene = [parola for parola in parole if parola not in _DI_CONTORNO]
    return piene or parole


def _fiducia(scritta: str, campo: Campo) -> float:
    parole = _parole(scritta)
    if not parole:
        return 0
    return max(
        (_somiglianza(parole, _parole(sinonimo)) for sinonimo in (campo.nome, *campo.sinonimi)),
        default=0,
    )


def _somiglianza(parole: list[str], attese: list[str]) -> float:
    if parole == attese:
        return SICURA
    if "".join(parole) == "".join(attese):
        return 0.98
    if sorted(parole) == sorted(attese):
        return 0.95
    if len(parole) == len(attese) and all(map(_abbrevia, parole, attese)):
        return 0.92
    # Due righe d'intestazione unite: «Persona Cognome» vale per la sua ultima parte.
    if len(parole) > len(attese) and parole[-len(attese) :] == attese:
        return 0.88
    scritta, attesa = " ".join(parole), " ".join(attese)
    if min(len(scritta), len(attesa)) < _LETTERE_MINIME:
        return 0
    rapporto = SequenceMatcher(None, scritta, attesa, autojunk=False).ratio()
    return rapporto * 0.95


def _abbrevia(parola: str, attesa: str) -> bool:
    return parola == attesa or (len(parola) >= 2 and attesa.startswith(parola))
