"""LEAK-08: ogni guasto del database lo trova la prova che dice di trovarlo."""

from pathlib import Path
from random import Random

import pytest
from django.conf import settings

from tests.fughe import test_assetto
from tests.fughe.conftest import LUNGA
from tests.fughe.giri import percorri
from tests.fughe.mutanti import ASSETTO, MONDI, MUTANTI
from tests.fughe.passi_diritti import GESTI


# Senza FUGHE=lunga se ne provano alcuni, uno per genere di controllo.
BREVI = {"finalita_ignorata", "legame_non_composto", "vista_del_proprietario"}
QUI = [m for m in MUTANTI if m.uccide in (MONDI, ASSETTO) and (LUNGA or m.nome in BREVI)]
# Un mutante vivo li percorre tutti; uno che muore, quasi sempre, muore nei primi.
MONDI_DA_PERCORRERE = 300


def _percorre_i_mondi(vocabolari, quanti: int) -> None:
    """Gli stessi mondi per ogni mutante, scelti una volta per tutte."""
    gesti = sorted(GESTI)
    for n in range(quanti):
        a_caso = Random(n)
        scelti = [(a_caso.choice(gesti), n * 1000 + k) for k in range(12)]
        prima = [("condivide_per_intero", n + k) for k in range(4)]
        percorri(vocabolari, n, [*prima, *scelti], sguardi=20)


def _controlla(uccide: str, a_parte, vocabolari, quanti: int = MONDI_DA_PERCORRERE) -> None:
    if uccide == MONDI:
        _percorre_i_mondi(vocabolari, quanti)
    else:
        getattr(test_assetto, uccide)(a_parte)


@pytest.mark.parametrize("uccide", [MONDI, ASSETTO])
def test_senza_guasti_nessuno_muore(a_parte, vocabolari, uccide):
    """Se il controllo fallisse da solo, ogni mutante sembrerebbe morto."""
    _controlla(uccide, a_parte, vocabolari, 100 if LUNGA else 10)


@pytest.mark.parametrize("mutante", QUI, ids=lambda mutante: mutante.nome)
def test_il_mutante_muore(a_parte, vocabolari, mutante):
    with mutante.guasto(a_parte), pytest.raises(AssertionError):
        _controlla(mutante.uccide, a_parte, vocabolari)


def test_i_mutanti_hanno_nomi_diversi_e_sono_almeno_dodici():
    nomi = [mutante.nome for mutante in MUTANTI]

    assert len(set(nomi)) == len(nomi) >= 12


def test_la_pagina_della_privacy_elenca_ogni_guasto_e_chi_lo_trova():
    pagina = Path(settings.CARTELLA_BASE, "docs/privacy.md").read_text(encoding="utf-8")
    mancano = [
        mutante.nome
        for mutante in MUTANTI
        if f"| {mutante.nome.replace('_', ' ')} | `{mutante.uccide}` |" not in pagina
    ]

    assert mancano == []
