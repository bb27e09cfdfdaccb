"""Le forme italiane: capite in un modo solo, oppure rifiutate dicendo che cosa non va."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from registro.comune.fogli import forme
from registro.comune.fogli.celle import CellaGuasta
from registro.comune.fogli.forme import FormaNonCapita


OGGI = date(2026, 3, 1)
TRE_FEBBRAIO = date(2025, 2, 3)


def rifiuto(forma, *valori, **opzioni) -> str:
    with pytest.raises(FormaNonCapita) as errore:
        forma(*valori, **opzioni)
    return errore.value.frase


@pytest.mark.parametrize(
    "scritta",
    [
        "3/2/25",
        "03/02/2025",
        "03-02-2025",
        "3.2.2025",
        "3 2 2025",
        " 3 / 2 / '25 ",
        "3 febbraio 2025",
        "3 Feb. 25",
        "3-feb-25",
        "lunedì 3 febbraio 2025",
        "il 3 febbraio 2025",
        "2025-02-03",
        "2025-02-03T10:30:00",
        "3/2/2025 ore 10:30",
        "2025-02-03T10:30:00Z",
        "2025-02-03T10:30:00+01:00",
        "03/02/25.",
        "3o febbraio 2025",
        "3° febbraio 2025",
        "45691",
        45691,
        45691.5,
        TRE_FEBBRAIO,
        datetime(2025, 2, 3, 10, 30),  # noqa: DTZ001
    ],
)
def test_una_data_si_capisce_comunque_sia_scritta(scritta):
    assert forme.data(scritta, oggi=OGGI) == TRE_FEBBRAIO


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_il_giorno_non_si_scambia_mai_col_mese(giorno):
    for forma in ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"):
        assert forme.data(giorno.strftime(forma), oggi=OGGI) == giorno


@pytest.mark.parametrize(
    ("scritta", "passata", "attesa"),
    [
        ("1/1/36", False, date(2036, 1, 1)),
        ("1/1/37", False, date(1937, 1, 1)),
        ("1/1/26", True, date(2026, 1, 1)),
        ("1/1/27", True, date(1927, 1, 1)),
        ("1/1/00", True, date(2000, 1, 1)),
    ],
)
def test_due_cifre_di_anno_cadono_vicino_a_oggi_e_una_nascita_mai_nel_futuro(
    scritta, passata, attesa
):
    assert forme.data(scritta, oggi=OGGI, passata=passata) == attesa


@pytest.mark.parametrize(
    ("scritta", "frase"),
    [
        ("feb-25", "«feb-25» non dice il giorno: scrivilo, come 3/2/2025."),
        ("febbraio 2025", "«febbraio 2025» non dice il giorno: scrivilo, come 3/2/2025."),
        ("2/2025", "«2/2025» non dice il giorno: scrivilo, come 3/2/2025."),
        ("3/2", "«3/2» non dice l'anno: scrivilo, come 3/2/2025."),
        ("3 febbraio", "«3 febbraio» non dice l'anno: scrivilo, come 3/2/2025."),
        (2025, "«2025» dice solo l'anno: scrivi anche giorno e mese."),
        ("2025", "«2025» dice solo l'anno: scrivi anche giorno e mese."),
        ("3/2/2205", "«3/2/2205»: l'anno 2205 non può essere giusto."),
        ("3/2/205", "L'anno di «3/2/205» non si capisce: scrivilo intero."),
        ("2/13/2025", "«2/13/2025»: il mese 13 non esiste. Si legge giorno/mese/anno."),
        ("29/2/2025", "«29/2/2025» è un giorno che non esiste."),
        ("20250203", "«20250203» non è una data: scrivila come 3/2/2025."),
        ("non ricorda", "«non ricorda» non è una data: scrivila come 3/2/2025."),
        (3, "«3» non è una data: scrivila come 3/2/2025."),
        (True, "«sì» non è una data."),
        (time(10, 30), "«10:30» non è una data."),
        (None, "La cella è vuota."),
        ("  ", "La cella è vuota."),
        (CellaGuasta("la formula è rotta"), "La cella non ha un valore: la formula è rotta."),
        (date(2205, 2, 3), "«03/02/2205»: l'anno 2205 non può essere giusto."),
    ],
)
def test_una_data_che_non_si_capisce_si_rifiuta_con_una_frase(scritta, frase):
    assert rifiuto(forme.data, scritta, oggi=OGGI) == frase


@pytest.mark.parametrize(
    ("scritta", "unita", "minuti"),
    [
        ("1h30", None, 90),
        ("1 h 30", None, 90),
        ("1h30m", None, 90),
        ("1 ora e 30 minuti", None, 90),
        ("1:30", None, 90),
        ("01:30:00", None, 90),
        ("0:45", None, 45),
        ("90'", None, 90),
        ("90’", None, 90),
        ("90 min.", None, 90),
        ("90 minuti", None, 90),
        ("1,5 h", None, 90),
        ("1.5 ore", None, 90),
        ("1 h", None, 60),
        ("un'ora e mezza", None, 90),
        ("Un’ora e mezza", None, 90),
        ("1 ora e mezza", None, 90),
        ("due ore e un quarto", None, 135),
        ("mezz'ora", None, 30),
        ("1½", None, 90),
        ("1 ½ h", None, 90),
        ("½ ora", None, 30),
        ("2¼", None, 135),
        ("10½", None, 630),
        ("1 e mezza", None, 90),
        ("2 e un quarto", None, 135),
        ("ore 1:30", None, 90),
        ("h. 1:30", None, 90),
        ("h 2", None, 120),
        ("ore 1,5", "minuti", 90),
        ("3 quarti d'ora", None, 45),
        (0, None, 0),
        ("0", None, 0),
        ("tre quarti d'ora", None, 45),
        ("2", "ore", 120),
        (2, "ore", 120),
        ("1,5", "ore", 90),
        (1.33, "ore", 80),
        (0, "ore", 0),
        (1.5, "ore", 90),
        (1.25, "ore", 75),
        (2.75, "ore", 165),
        (1.6, "ore", 96),
        (0.67, "ore", 40),
        (2.15, "giorni", 3096),
        ("45", "minuti", 45),
        (0.0625, "giorni", 90),
        (1.25, "giorni", 1800),
        (time(1, 30), None, 90),
        (time(11, 59), None, 719),
        (timedelta(hours=26), None, 1560),
        (date(1900, 1, 1), None, 1440),
        (datetime(1900, 1, 1, 6), None, 1800),  # noqa: DTZ001
        ("90'", "ore", 90),
        ("1,30", "centesimi", 78),
        (1.3, "centesimi", 78),
        ("1,30 h", "centesimi", 78),
        (0.15, "centesimi", 9),
        ("1,30", "sessantesimi", 90),
        (1.3, "sessantesimi", 90),
        (1.2999999999999998, "sessantesimi", 90),
        ("ore 1.05", "sessantesimi", 65),
        (2, "sessantesimi", 120),
        ("90'", "sessantesimi", 90),
        ("11:59", None, 719),
        ("24:00", None, 1440),
    ],
)
def test_una_durata_si_capisce_comunque_sia_scritta(scritta, unita, minuti):
    assert forme.durata(scritta, unita=unita) == minuti


@pytest.mark.parametrize(
    ("scritta", "unita", "frase"),
    [
        (2, None, "«2»: non si sa se sono ore o minuti. Scegli l'unità della colonna."),
        ("1,5", None, "«1,5»: non si sa se sono ore o minuti. Scegli l'unità della colonna."),
        ("1,30", "ore", "«1,30» può essere 1h30 oppure 1,30 ore: scrivi 1:30, oppure i minuti."),
        (
            "1.30 h",
            "ore",
            "«1.30 h» può essere 1h30 oppure 1,30 ore: scrivi 1:30, oppure i minuti.",
        ),
        (
            0.0625,
            "ore",
            "«0,0625» è troppo poco per essere ore. Se la colonna tiene le ore di Excel scegli "
            "«giorni» come unità.",
        ),
        (
            1.75,
            "sessantesimi",
            "«1,75» non sono ore e minuti: dopo la virgola i minuti vanno da 00 a 59.",
        ),
        (
            "1,333",
            "sessantesimi",
            "«1,333» non sono ore e minuti: dopo la virgola i minuti vanno da 00 a 59.",
        ),
        (12.5, "minuti", "«12,5» non fa un numero intero di minuti."),
        (-1, "ore", "«-1» non è una durata."),
        ("-1", "ore", "«-1» non è una durata."),
        (float("inf"), "ore", "«inf» non è una durata."),
        (
            "h 1,30",
            None,
            "«h 1,30» può essere 1h30 oppure 1,30 ore: scrivi 1:30, oppure i minuti.",
        ),
        ("ore 15:30", None, "«ore 15:30» non è una durata: scrivila come 1h30 o 90'."),
        ("ore", None, "«ore» non è una durata: scrivila come 1h30 o 90'."),
        ("molto", "ore", "«molto» non è una durata: scrivila come 1h30 o 90'."),
        ("una vita", None, "«una vita» non è una durata: scrivila come 1h30 o 90'."),
        ("1:75", None, "«1:75» non è una durata: scrivila come 1h30 o 90'."),
        (date(2025, 2, 3), None, "«03/02/2025» è una data, non una durata."),
        (True, "ore", "«sì» non è una durata."),
        (None, "ore", "La cella è vuota."),
    ],
)
def test_una_durata_che_non_si_capisce_si_rifiuta_con_una_frase(scritta, unita, frase):
    assert rifiuto(forme.durata, scritta, unita=unita) == frase


@pytest.mark.parametrize(
    ("numero", "ore", "minuti"),
    [
        *((1.3, 1, 30), (1.1, 1, 10), (2.4, 2, 40), (0.2, 0, 20), (15.3, 15, 30)),
        *(
            (1.45, 1, 45),
            (2.15, 2, 15),
            (0.45, 0, 45),
            (3.05, 3, "05"),
            (1.2999999999999998, 1, 30),
        ),
    ],
)
def test_un_numero_di_excel_che_puo_essere_ore_e_minuti_si_rifiuta_come_il_suo_testo(
    numero, ore, minuti
):
    detto = f"può essere {ore}h{minuti} oppure {ore},{minuti} ore: scrivi {ore}:{minuti}, oppure"

    assert detto in rifiuto(forme.durata, numero, unita="ore")
    assert detto in rifiuto(forme.durata, str(round(numero, 3)).replace(".", ","), unita="ore")


@pytest.mark.parametrize("scritta", [time(15, 30), "15:30"])
def test_un_ora_del_giorno_non_e_una_durata(scritta):
    assert rifiuto(forme.durata, scritta) == (
        "«15:30» è un'ora del giorno, non una durata. Se è quanto è durato, scrivi 15h30."
    )
    assert "«12:00» è un'ora del giorno" in rifiuto(forme.durata, time(12), unita="ore")


@pytest.mark.parametrize(
    ("scritto", "atteso"),
    [
        ("1.234,50", "1234.50"),
        ("€ 35,00", "35.00"),
        ("35 euro", "35"),
        ("12,5 €", "12.5"),
        ("12.5", "12.5"),
        ("1.234", "1234"),
        ("1 234 567,8", "1234567.8"),
        ("-3", "-3"),
        (0.1, "0.1"),
        (7, "7"),
    ],
)
def test_un_numero_si_legge_all_italiana(scritto, atteso):
    assert forme.decimale(scritto) == Decimal(atteso)


@pytest.mark.parametrize("scritto", ["1,234.50", "12,5,3", "circa 10", "1e5", True, float("nan")])
def test_un_numero_che_non_si_capisce_si_rifiuta(scritto):
    assert rifiuto(forme.decimale, scritto).endswith("non è un numero: scrivilo come 1.234,50.")


def test_un_intero_non_si_arrotonda():
    assert forme.intero("1.200") == 1200
    assert forme.intero(3.0) == 3
    assert rifiuto(forme.intero, "2,5") == "«2,5» non è un numero intero."


@pytest.mark.parametrize(
    ("scritto", "atteso"),
    [
        *((si, True) for si in ("Sì", "SI", "x", "vero", "✓", 1, True)),
        *((no, False) for no in ("No", "n", "falso", "-", 0, False)),
    ],
)
def test_si_e_no(scritto, atteso):
    assert forme.si_no(scritto) is atteso


@pytest.mark.parametrize(
    ("scritto", "atteso"),
    [
        ("  Anna \n Maria ", "Anna Maria"),
        (15121, "15121"),
        (1.5, "1,5"),
        (date(2025, 2, 3), "03/02/2025"),
        (datetime(2025, 2, 3, 10, 30), "03/02/2025 10:30"),  # noqa: DTZ001
        (timedelta(hours=26, minutes=5), "26:05"),
    ],
)
def test_un_testo_e_cio_che_si_vede_nel_foglio(scritto, atteso):
    assert forme.testo(scritto) == atteso


def test_i_nomi_che_contengono_una_e_non_si_spezzano():
    assert forme.nomi("Eleonora Ferrea; De Edi e Noè") == ("Eleonora Ferrea", "De Edi", "Noè")


@pytest.mark.parametrize(
    ("scritti", "attesi"),
    [
        ("Kola Ilir 2/10/1981", ("Kola Ilir 2/10/1981",)),
        ("Kola Ilir, nato il 2/10/1981", ("Kola Ilir nato il 2/10/1981",)),
        ("Kola Ilir nato/a il 2/10/1981", ("Kola Ilir nato/a il 2/10/1981",)),
        (
            "Kola Ilir 2/10/1981 + Costa Bea 10/6/83",
            ("Kola Ilir 2/10/1981", "Costa Bea 10/6/83"),
        ),
        (
            "Kola Ilir (2 / 10 / 1981)/Costa Bea / Ada Po",
            ("Kola Ilir (2 / 10 / 1981)", "Costa Bea", "Ada Po"),
        ),
        (
            "Kola Ilir, 2/10/1981; Costa Bea, 10-6-83 e Ada Po",
            ("Kola Ilir 2/10/1981", "Costa Bea 10-6-83", "Ada Po"),
        ),
        ("Kola Ilir 2/10/1981\nCosta Bea", ("Kola Ilir 2/10/1981", "Costa Bea")),
        ("Kola Ilir 2/10/1981/Costa Bea", ("Kola Ilir 2/10/1981", "Costa Bea")),
        ("Kola Ilir, n. 2/10/1981, Costa Bea", ("Kola Ilir n. 2/10/1981", "Costa Bea")),
        ("Kola Ilir, 2 ottobre 1981, Costa Bea", ("Kola Ilir 2 ottobre 1981", "Costa Bea")),
        ("Kola Ilir, [1981-10-02], Costa Bea", ("Kola Ilir [1981-10-02]", "Costa Bea")),
        ("Natalia Po, Nato Ugo Costa/Nat Po", ("Natalia Po", "Nato Ugo Costa", "Nat Po")),
    ],
)
def test_una_data_di_nascita_resta_col_suo_nome(scritti, attesi):
    assert forme.nomi(scritti) == attesi


def test_un_valore_lunghissimo_non_riempie_la_frase():
    assert len(rifiuto(forme.data, "a" * 5000, oggi=OGGI)) < 150


@given(st.text())
def test_nessun_testo_fa_cadere_una_forma(scritto):
    for forma, opzioni, attesi in (
        (forme.data, {"oggi": OGGI}, date),
        (forme.durata, {"unita": "ore"}, int),
        (forme.decimale, {}, Decimal),
        (forme.intero, {}, int),
        (forme.si_no, {}, bool),
        (forme.testo, {}, str),
        (forme.nomi, {}, tuple),
    ):
        esito = None
        with suppress(FormaNonCapita):
            esito = forma(scritto, **opzioni)
        assert esito is None or isinstance(esito, attesi)
