"""LEAK-01: mondi a caso. Il database e l'oracolo vedono le stesse righe, o uno dei due sbaglia."""

import secrets

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fughe.conftest import LUNGA
from tests.fughe.giri import contati, passi, percorri, semi, tabelle_guardate
from tests.fughe.mondo import DEI_SIGILLI, tabelle_isolate
from tests.fughe.passi_diritti import GESTI


# In parti, perché più processi se le dividano: (parti, mondi per parte, sguardi per mondo).
PARTI, PER_PARTE, SGUARDI = (20, 250, 50) if LUNGA else (4, 75, 20)
MAI_VISTI = 500 if LUNGA else 30
SEME_DI_OGGI = secrets.randbits(64)

_COMUNI = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": False,
    # Ridurre un mondo costa minuti; il diario nel messaggio basta a capire.
    "phases": (Phase.generate,),
}


def _percorri_molti(vocabolari: dict, da_dove: int, quanti: int) -> None:
    """`quanti` mondi, sempre quelli a parità di `da_dove`."""

    @seed(da_dove)
    @settings(max_examples=quanti, **_COMUNI)
    @given(seme=semi, gesti=passi)
    def mondi(seme, gesti):
        percorri(vocabolari, seme, gesti, sguardi=SGUARDI)

    mondi()


@pytest.mark.parametrize("parte", range(PARTI))
def test_in_ogni_mondo_si_vede_cio_che_dice_l_oracolo(vocabolari, parte):
    prima = contati["mondi"]
    _percorri_molti(vocabolari, parte, PER_PARTE)

    assert contati["mondi"] - prima >= PER_PARTE


def test_anche_nei_mondi_di_un_seme_mai_visto(vocabolari):
    try:
        _percorri_molti(vocabolari, SEME_DI_OGGI, MAI_VISTI)
    except AssertionError as errore:
        errore.add_note(f"seme di questa esecuzione: {SEME_DI_OGGI}")
        raise


def test_i_mondi_hanno_provato_ogni_gesto_e_guardato_ogni_tabella(vocabolari):
    """Una tabella nuova col confine e senza regola qui sarebbe un'uscita che nessuno guarda."""
    tutte = set(tabelle_isolate()) - DEI_SIGILLI
    for n in range(60):
        # Alcuni gesti riescono solo se il mondo è capitato bene: si prova finché non è successo.
        if n >= 10 and tutte <= tabelle_guardate:
            break
        tutti = ["condivide_per_intero"] * 3 + sorted(GESTI, reverse=bool(n % 2))
        percorri(vocabolari, n, [(nome, 100 * n + k) for k, nome in enumerate(tutti)], sguardi=30)
    print(f"\n{dict(contati)}")  # noqa: T201 - le cifre dell'esecuzione

    assert set(GESTI) <= set(contati)
    assert contati["righe"] > contati["sguardi"] * 20
    assert tutte == tabelle_guardate - DEI_SIGILLI
