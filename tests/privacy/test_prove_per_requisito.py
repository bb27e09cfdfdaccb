"""Ciò che i documenti promettono è provato: le prove che citano esistono, e nessun rischio ne è senza."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings


RADICE = Path(settings.CARTELLA_BASE)
_PROVA = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_RISCHIO = re.compile(r"^\| (R-\d+) \|(.*)\|$", re.MULTILINE)
_REQUISITO = re.compile(r"^\| ([A-Z]+-\d+[a-z]?) \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
# Gli identificativi che la tabella deve avere tutti, una volta sola.
TUTTI = [
    *(f"GDPR-{n:02d}" for n in range(1, 26)),
    *(f"AUD-{n:02d}" for n in range(1, 11)),
    *(f"AUTH-{n:02d}" for n in range(1, 9)),
    *("AUTH-02b", "AUTH-02c"),
    *(f"BCK-{n:02d}" for n in range(1, 7)),
]
NON_PROVATO = "non ancora"


def _testo(nome: str) -> str:
    return (RADICE / "docs" / nome).read_text(encoding="utf-8")


def _tabella() -> str:
    return _testo("privacy.md").split("## Prove per requisito", 1)[1].split("\n## ", 1)[0]


@cache
def _prove_in(file: str) -> frozenset[str]:
    percorso = RADICE / file
    if not percorso.exists():
        return frozenset()
    albero = ast.parse(percorso.read_text(encoding="utf-8"))
    return frozenset(nodo.name for nodo in ast.walk(albero) if isinstance(nodo, ast.FunctionDef))


def _che_mancano(testo: str) -> list[str]:
    return [
        f"{file}::{prova}" for file, prova in _PROVA.findall(testo) if prova not in _prove_in(file)
    ]


@pytest.mark.parametrize("documento", ["dpia.md", "privacy.md"])
def test_ogni_prova_citata_esiste(documento):
    """GDPR-23: una prova tolta o rinominata ferma la consegna finché il documento non torna vero."""
    assert _che_mancano(_testo(documento)) == []


def test_nessun_rischio_della_valutazione_d_impatto_e_senza_prove():
    """GDPR-23: ogni rischio ha almeno una prova, e ogni identificativo c'è una volta sola."""
    rischi = _RISCHIO.findall(_testo("dpia.md"))
    nomi = [nome for nome, _ in rischi]

    assert len(nomi) == len(set(nomi)) >= 15
    assert [nome for nome, riga in rischi if not _PROVA.search(riga)] == []


def test_un_rischio_con_una_prova_inventata_si_scopre():
    """Una prova che non trova un guasto non prova niente."""
    assert _che_mancano("`tests/privacy/test_registri.py::test_che_non_c_e`") != []
    assert _che_mancano("`tests/che_non_c_e.py::test_qualunque`") != []


def test_la_tabella_dei_requisiti_li_ha_tutti_con_una_prova_o_il_perche():
    righe = _REQUISITO.findall(_tabella())
    nomi = [nome for nome, _, _ in righe]

    assert sorted(nomi) == sorted(TUTTI)
    for nome, che_cosa, prova in righe:
        assert che_cosa.strip(), nome
        assert _PROVA.search(prova) or NON_PROVATO in prova, nome
