"""Le celle di una riga che insieme dicono una cosa sola: non si contano due volte."""

import datetime

import pytest

from prestazioni.importo.celle import Lettore
from registro.comune.fogli.celle import Riga
from registro.comune.fogli.struttura import Tabella


OGGI = datetime.date(2026, 3, 1)


def lettore(*intestazioni: str) -> Lettore:
    """Un lettore in cui ogni colonna è il campo che si chiama così, in minuscolo."""
    posti = tuple("ABCDEF"[: len(intestazioni)])
    campi = {posto: nome.lower() for posto, nome in zip(posti, intestazioni, strict=True)}
    return Lettore(Tabella("Foglio", 1, intestazioni, posti, (), (), ()), campi, OGGI)


def minuti(**celle) -> tuple[int | None, list[tuple[str, str]]]:
    """I minuti di una riga con queste celle, e i rifiuti come (colonna, motivo)."""
    aperto = lettore(*celle)
    detti = aperto.minuti(Riga(2, tuple(celle.values())), "ore")
    return detti, [(rifiuto.colonna, rifiuto.motivo) for rifiuto in aperto.rifiuti]


@pytest.mark.parametrize(
    ("celle", "attesi"),
    [
        ({"Ore": 1.5, "Minuti": 90}, 90),
        ({"Ore": 2, "Minuti": 120}, 120),
        ({"Durata": "1h30", "Ore": 1.5}, 90),
        ({"Durata": "90'", "Minuti": 90}, 90),
        ({"Durata": "1h30", "Ore": 1.5, "Minuti": 90}, 90),
    ],
)
def test_la_stessa_durata_detta_due_volte_vale_una_volta(celle, attesi):
    assert minuti(**celle) == (attesi, [])


@pytest.mark.parametrize(
    ("celle", "attesi"),
    [
        ({"Ore": 1, "Minuti": 30}, 90),
        ({"Ore": 0, "Minuti": 45}, 45),
        ({"Ore": 0, "Minuti": 90}, 90),
        ({"Ore": 1.5, "Minuti": 0}, 90),
        ({"Ore": 2, "Minuti": None}, 120),
        ({"Durata": "1h30", "Ore": 1, "Minuti": 30}, 90),
        ({"Durata": None, "Ore": None, "Minuti": None}, None),
    ],
)
def test_le_due_parti_di_una_durata_si_sommano(celle, attesi):
    assert minuti(**celle) == (attesi, [])


@pytest.mark.parametrize(
    ("celle", "colonna", "detti"),
    [
        ({"Ore": 1.5, "Minuti": 30}, "Ore", "«Ore» dice «1,5» e «Minuti» dice «30»"),
        ({"Ore": 1, "Minuti": 90}, "Ore", "«Ore» dice «1» e «Minuti» dice «90»"),
        ({"Durata": "1h", "Ore": 2}, "Durata", "«Durata» dice «1h» e «Ore» dice «2»"),
        (
            {"Durata": "2h", "Ore": 1, "Minuti": 30},
            "Durata",
            "«Durata» dice «2h» e «Ore» dice «1» e «Minuti» dice «30»",
        ),
    ],
)
def test_due_durate_diverse_non_si_sommano_e_la_frase_le_nomina(celle, colonna, detti):
    frase = f"{detti}: non si sa che cosa vale. Lascia una colonna sola."

    assert minuti(**celle) == (None, [(colonna, frase)])


def test_se_una_delle_due_non_si_capisce_l_altra_non_basta():
    detti, rifiuti = minuti(Ore="molte", Minuti=30)

    assert detti is None
    assert rifiuti == [("Ore", "«molte» non è una durata: scrivila come 1h30 o 90'.")]
