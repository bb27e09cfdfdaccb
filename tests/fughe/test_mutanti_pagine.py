"""LEAK-08: ogni guasto del programma lo trova la prova che dice di trovarlo."""

import pytest
from django.db import connections

from tests.fughe import test_assetto, test_percorso
from tests.fughe.mutanti import ALTRUI, LETTURE, MUTANTI, NUDA, RUOLI


QUI = [m for m in MUTANTI if m.uccide in (ALTRUI, LETTURE, NUDA, RUOLI)]
PAGINE_DA_APRIRE = ("beneficiari:persona", "beneficiari:rilevazioni")
CHI = ("referente", "operatore", "garante")


@pytest.fixture
def controlli(a_parte, scena, chiedi, caplog) -> dict:
    """Il nome di ogni prova che può uccidere un mutante → come la si esegue qui."""

    def sulle_pagine(prova, nomi, ruoli) -> None:
        for nome in nomi:
            for ruolo in ruoli:
                prova(scena, chiedi, nome, ruolo)

    altrui, ruoli, letture = (getattr(test_percorso, nome) for nome in (ALTRUI, RUOLI, LETTURE))
    return {
        NUDA: lambda: getattr(test_assetto, NUDA)(a_parte),
        ALTRUI: lambda: sulle_pagine(altrui, PAGINE_DA_APRIRE, CHI[:2]),
        RUOLI: lambda: sulle_pagine(ruoli, ("beneficiari:elenco", *PAGINE_DA_APRIRE), CHI),
        LETTURE: lambda: letture(scena, caplog, "beneficiari:persona"),
    }


@pytest.mark.parametrize("uccide", [ALTRUI, LETTURE, NUDA, RUOLI])
def test_senza_guasti_nessuno_muore(controlli, uccide):
    """Se il controllo fallisse da solo, ogni mutante sembrerebbe morto."""
    controlli[uccide]()


@pytest.mark.parametrize("mutante", QUI, ids=lambda mutante: mutante.nome)
def test_il_mutante_muore(a_parte, scena, controlli, mutante):
    sessioni = {chi: cliente.cookies.copy() for chi, cliente in scena.prove.items()}
    try:
        with mutante.guasto(a_parte), pytest.raises(AssertionError):
            controlli[mutante.uccide]()
    finally:
        # Un guasto può restare: un contesto di sessione sulla connessione, la sessione di un altro
        # nella pagina copiata. Le prove dopo, in qualunque ordine, ripartono pulite.
        connections["default"].close()
        for chi, cliente in scena.prove.items():
            cliente.cookies = sessioni[chi]
