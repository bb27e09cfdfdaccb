"""LEAK-01: mondi a caso. Il database e l'oracolo vedono le stesse righe, o uno dei due sbaglia."""

import secrets

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fughe.conftest import LUNGA
from tests.fughe.giri import contati, passi, percorri, semi, tabelle_guardate
from tests.fughe.mondo import tabelle_isolate
from tests.fughe.passi_emergenze import GESTI


# (mondi, sguardi per mondo)
MISURA = (5000, 50) if LUNGA else (300, 20)
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


@settings(max_examples=MISURA[0], derandomize=True, **_COMUNI)
@given(seme=semi, gesti=passi)
def test_in_ogni_mondo_si_vede_cio_che_dice_l_oracolo(vocabolari, seme, gesti):
    percorri(vocabolari, seme, gesti, sguardi=MISURA[1])


@seed(SEME_DI_OGGI)
@settings(max_examples=MAI_VISTI, **_COMUNI)
@given(seme=semi, gesti=passi)
def test_anche_nei_mondi_di_un_seme_mai_visto(vocabolari, seme, gesti):
    try:
        percorri(vocabolari, seme, gesti, sguardi=MISURA[1])
    except AssertionError as errore:
        errore.add_note(f"seme di questa esecuzione: {SEME_DI_OGGI}")
        raise


def test_i_mondi_hanno_provato_ogni_gesto_e_guardato_ogni_tabella(vocabolari):
    """Una tabella nuova col confine e senza regola qui sarebbe un'uscita che nessuno guarda."""
    tutte = set(tabelle_isolate())
    for n in range(60):
        # Alcuni gesti riescono solo se il mondo è capitato bene: si prova finché non è successo.
        if n >= 10 and tutte == tabelle_guardate:
            break
        tutti = ["condivide_per_intero"] * 3 + sorted(GESTI, reverse=bool(n % 2))
        percorri(vocabolari, n, [(nome, 100 * n + k) for k, nome in enumerate(tutti)], sguardi=30)
    print(f"\n{dict(contati)}")  # noqa: T201 - le cifre dell'esecuzione

    assert set(GESTI) <= set(contati)
    assert contati["righe"] > contati["sguardi"] * 20
    assert tutte == tabelle_guardate
