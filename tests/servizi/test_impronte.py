"""Il secondo avvio rifà solo ciò che è cambiato."""

import pytest

from registro.servizi import impronte as modulo
from registro.servizi.cartella import CartellaDati
from registro.servizi.impronte import DIPENDENZE, Impronte


@pytest.fixture
def progetto(tmp_path, monkeypatch):
    """Un progetto piccolo con un file per passo."""
    monkeypatch.setattr(modulo, "CARTELLA_BASE", tmp_path)
    for nome in ("enti/migrations/0001_enti.py", "static/logo.svg", "dati/quadrante/enti.yaml"):
        (tmp_path / nome).parent.mkdir(parents=True)
        (tmp_path / nome).write_text("prima")
    return tmp_path


@pytest.fixture
def impronte(progetto, tmp_path_factory):
    return Impronte(CartellaDati.apri(tmp_path_factory.mktemp("dati")))


def _tutto_riuscito(impronte: Impronte) -> None:
    for passo in impronte.da_rifare(DIPENDENZE):
        impronte.riuscito(passo)


def test_la_prima_volta_si_fa_tutto_e_la_seconda_niente(impronte):
    assert impronte.da_rifare(DIPENDENZE) == ["migrazioni", "statici", "dati"]

    _tutto_riuscito(impronte)

    assert impronte.da_rifare(DIPENDENZE) == []


@pytest.mark.parametrize(
    ("file", "da_rifare"),
    [
        ("enti/migrations/0002_altro.py", ["migrazioni", "dati"]),
        ("static/logo.svg", ["statici"]),
        ("dati/quadrante/enti.yaml", ["dati"]),
        ("enti/models.py", ["dati"]),
        ("README.md", []),
    ],
)
def test_si_rifa_solo_cio_che_dipende_dal_file_cambiato(impronte, progetto, file, da_rifare):
    _tutto_riuscito(impronte)

    (progetto / file).write_text("dopo")

    assert impronte.da_rifare(DIPENDENZE) == da_rifare


def test_un_passo_non_riuscito_si_rifa(impronte):
    impronte.da_rifare(DIPENDENZE)
    impronte.riuscito("migrazioni")

    assert impronte.da_rifare(DIPENDENZE) == ["statici", "dati"]


def test_con_un_database_appena_nato_si_rifa_tutto(impronte):
    _tutto_riuscito(impronte)

    impronte.dimentica()

    assert impronte.da_rifare(DIPENDENZE) == list(DIPENDENZE)
