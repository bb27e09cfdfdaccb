"""Le celle di una riga che insieme dicono una cosa sola: non si contano due volte."""

import datetime

import pytest

from enti.permessi import Ruolo
from prestazioni.importo.celle import Lettore
from registro.comune.fogli.celle import Riga
from registro.comune.fogli.struttura import Tabella
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import AzioneFactory
from tests.fabbriche_prestazioni import ServizioFactory
from tests.prestazioni.importazioni import importa, motivi, seguita


OGGI = datetime.date(2026, 3, 1)


def lettore(*intestazioni: str) -> Lettore:
    """Un lettore in cui ogni colonna è il campo che si chiama così, in minuscolo."""
    posti = tuple("ABCDEF"[: len(intestazioni)])
    campi = {
        posto: nome.lower().replace(" ", "_")
        for posto, nome in zip(posti, intestazioni, strict=True)
    }
    return Lettore(Tabella("Foglio", 1, intestazioni, posti, (), (), ()), campi, OGGI)


def minuti(unita="ore", **celle) -> tuple[int | None, list[tuple[str, str]]]:
    """I minuti di una riga con queste celle, e i rifiuti come (colonna, motivo)."""
    aperto = lettore(*(nome.replace("_", " ") for nome in celle))
    detti = aperto.minuti(Riga(2, tuple(celle.values())), unita)
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


@pytest.mark.parametrize("scritta", ["-", "–", "n.d.", "ND", " n/d "])
def test_un_trattino_non_e_uno_zero_ne_uno_sbaglio(scritta):
    assert minuti(Durata=scritta) == (None, [])
    assert minuti(Ore=scritta, Minuti=45) == (45, [])
    assert ora(scritta) == (None, [])


@pytest.mark.parametrize(
    ("celle", "attesi"),
    [
        ({"Ora": "9:00", "Ora_fine": "10:30"}, 90),
        ({"Ora": datetime.time(9), "Ora_fine": datetime.time(11)}, 120),
        ({"Ora": "9-11.30"}, 150),
        ({"Ora": None, "Ora_fine": "dalle 9 alle 11"}, 120),
        ({"Ora": "22:00", "Ora_fine": "02:00"}, 240),
        ({"Ora": "9:00", "Ora_fine": "11:00", "Durata": "1h30"}, 90),
        ({"Ora": "9:00", "Ora_fine": "11:00", "Durata": None}, 120),
        ({"Ora": "9:00", "Ora_fine": "n.d."}, None),
        ({"Ora": "9:00", "Ora_fine": None}, None),
    ],
)
def test_la_durata_non_scritta_e_dall_inizio_alla_fine(celle, attesi):
    assert minuti(**celle) == (attesi, [])


@pytest.mark.parametrize(
    ("celle", "colonna", "frase"),
    [
        (
            {"Ora": "11:00", "Ora_fine": "9:00"},
            "Ora fine",
            "Dalle 11:00 alle 09:00 non può essere: correggi le ore, oppure scrivi quanto è durato.",
        ),
        (
            {"Ora": "9-9"},
            "Ora",
            "Dalle 09:00 alle 09:00 non può essere: correggi le ore, oppure scrivi quanto è durato.",
        ),
        (
            {"Ora": None, "Ora_fine": "11:00"},
            "Ora fine",
            "C'è l'ora di fine e non quella d'inizio: scrivila, oppure scrivi quanto è durato.",
        ),
        (
            {"Ora": "9:00", "Ora_fine": "tardi"},
            "Ora fine",
            "«tardi» non è un'ora: scrivila come 9:30.",
        ),
    ],
)
def test_due_ore_da_cui_non_viene_una_durata_si_rifiutano(celle, colonna, frase):
    assert minuti(**celle) == (None, [(colonna, frase)])


def test_un_ora_d_inizio_che_non_si_capisce_e_uno_sbaglio_solo():
    aperto, riga = lettore("Ora", "Ora fine"), Riga(2, ("presto", "11:00"))

    assert (aperto.ora(riga), aperto.minuti(riga, None)) == (None, None)
    assert [rifiuto.colonna for rifiuto in aperto.rifiuti] == ["Ora"]


@pytest.mark.parametrize(
    ("unita", "celle", "attesi"),
    [
        ("centesimi", {"Ore": 1.3}, 78),
        ("centesimi", {"Durata": "1,30"}, 78),
        ("sessantesimi", {"Ore": 1.3}, 90),
        ("sessantesimi", {"Durata": "1,30"}, 90),
        ("sessantesimi", {"Durata": "2 ore"}, 120),
        # Una colonna che si chiama «Minuti» sono minuti, qualunque cosa si sia scelto.
        ("sessantesimi", {"Minuti": 45}, 45),
    ],
)
def test_chi_importa_dice_una_volta_come_si_leggono_le_ore(unita, celle, attesi):
    assert minuti(unita, **celle) == (attesi, [])


def test_un_ora_ambigua_dice_dove_scioglierla_per_tutta_la_colonna():
    frase = (
        "«1,3» può essere 1h30 oppure 1,30 ore: scrivi 1:30, oppure i minuti. "
        "Se la colonna è tutta così, dillo dove si scelgono le colonne."
    )

    assert minuti(Ore=1.3) == (None, [("Ore", frase)])


def ora(cella) -> tuple[datetime.time | None, list[str]]:
    """L'ora di una riga con questa cella, e i motivi dei rifiuti."""
    aperto = lettore("Ora")
    detta = aperto.ora(Riga(2, (cella,)))
    return detta, [rifiuto.motivo for rifiuto in aperto.rifiuti]


@pytest.mark.parametrize(
    "scritta",
    [
        *("15:30", "15.30", "15,30", "15:30:00", "15.30.00", "15h30", "h 15.30", "h15:30"),
        *("h.15:30", "ore 15:30", "Ore 15,30", "alle 15:30", "dalle ore 15.30", " 15 : 30 "),
        *("15:30 - 16:30", "15.30-16", "dalle 15:30 alle 17", "15,30 – 16,30"),
        *("15,3", "15.3", 15.3, 15.299999999999999, 0.645833, 0.6458333333333334, "0,645833"),
        *(datetime.time(15, 30), datetime.datetime(2026, 2, 3, 15, 30)),  # noqa: DTZ001
    ],
)
def test_l_ora_d_inizio_si_capisce_comunque_sia_scritta(scritta):
    assert ora(scritta) == (datetime.time(15, 30), [])


@pytest.mark.parametrize(
    ("scritta", "attesa"),
    [
        *(("h15", 15), ("ore 15", 15), ("15", 15), (15, 15), ("15h", 15), ("9-11", 9)),
        *(("dalle 9", 9), ("alle 11", 11), ("dalle 9 alle 11", 9), (0.375, 9), (0.5, 12)),
        *((0.75, 18), ("0:00", 0)),
    ],
)
def test_un_ora_intera_si_capisce_anche_senza_minuti(scritta, attesa):
    assert ora(scritta) == (datetime.time(attesa), [])


@pytest.mark.parametrize("scritta", [15.5, "15,5", 15.25, "9:5", "9h5"])
def test_un_ora_che_puo_essere_due_ore_non_si_indovina(scritta):
    visto = str(scritta).replace(".", ",")

    assert ora(scritta) == (
        None,
        [f"«{visto}» può essere più d'un'ora: scrivila come 9:30."],
    )


@pytest.mark.parametrize(
    ("scritta", "visto"),
    [
        *(("ore tarde", "ore tarde"), ("H25:30", "H25:30"), ("24:00", "24:00"), (24, "24")),
        *(("15’30", "15’30"), (15.75, "15,75"), (0.3, "0,3"), (1530, "1530"), (-1, "-1")),
        *(("9:00 - tardi", "9:00 - tardi"), (True, "sì"), (0.123456, "0,123456")),
        *((datetime.timedelta(hours=30), "30:00"), (datetime.date(2026, 2, 3), "03/02/2026")),
    ],
)
def test_cio_che_non_e_un_ora_si_cita_com_era_nella_cella(scritta, visto):
    assert ora(scritta) == (None, [f"«{visto}» non è un'ora: scrivila come 9:30."])


@pytest.mark.django_db
def test_piu_persone_con_la_nascita_in_una_cella_si_riconoscono_e_chi_manca_ha_il_suo_nome(
    tmp_path,
):
    referente, azione = attore(Ruolo.REFERENTE), AzioneFactory()
    ServizioFactory(ente=referente.ente, nome="Ascolto")
    seguita(referente.ente, "Kola", "Ilir", datetime.date(1981, 10, 2), azione)
    seguita(referente.ente, "Costa", "Bea", datetime.date(1983, 6, 10), azione)
    insieme = ["Kola Ilir 2/10/1981 + Costa Bea 10/06/1983", "Kola Ilir, nato il 2/10/1981"]
    righe = [
        [chi, f"{giorno}/2/2026", "1h"]
        for giorno, chi in enumerate([*insieme, "Po Eva 3/4/80"], 2)
    ]
    nomi = ["Presenti", "Data", "Durata"]

    _, esito = importa(
        *(tmp_path, foglio([nomi, *righe]), referente, "--servizio", "Ascolto", "--prova")
    )

    manca = "Presenti: «Po Eva» non è fra le persone dell'ente: importa prima le persone."
    assert motivi(esito) == {4: manca}
