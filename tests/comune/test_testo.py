"""I numeri, le quantità e le date come si leggono."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from registro.comune.templatetags.testo import (
    approssimato,
    con_segno,
    conta,
    data_breve,
    data_e_ora,
    data_estesa,
    numero,
    voto,
)


SPAZIO = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("valore", "atteso"),
    [
        (0, "0"),
        (85, "85"),
        (1333, "1.333"),
        (1234567, "1.234.567"),
        (7.5, "7,5"),
        (Decimal("7.50"), "7,5"),
        (Decimal("12.00"), "12"),
        (1200.25, "1.200,25"),
        (0.1 + 0.2, "0,3"),
        (-3, "−3"),
        (-0.001, "0"),
    ],
)
def test_un_numero_si_scrive_all_italiana(valore, atteso):
    assert numero(valore) == atteso


@pytest.mark.parametrize(
    ("valore", "decimali", "atteso"),
    [(7.5, 2, "7,50"), (7, 1, "7,0"), (Decimal("7.25"), 1, "7,3"), (1999.5, 0, "2.000")],
)
def test_i_decimali_chiesti_ci_sono_tutti_e_a_meta_si_arrotonda_in_su(valore, decimali, atteso):
    assert numero(valore, decimali) == atteso


def test_un_numero_che_manca_non_e_mai_zero():
    assert numero(None) == "non indicato"
    assert approssimato(None, "circa") == "non indicato"
    assert con_segno(None) == "non indicato"
    assert voto(None) == "non espresso"


@pytest.mark.parametrize("valore", ["12", "", True, []])
def test_cio_che_non_e_un_numero_si_fa_vedere(valore):
    with pytest.raises(TypeError, match="Atteso un numero"):
        numero(valore)


@pytest.mark.parametrize(
    ("valore", "approssimazione", "atteso"),
    [
        (558, "circa", f"circa{SPAZIO}558"),
        (159, "almeno", f"almeno{SPAZIO}159"),
        (60, "oltre", f"oltre{SPAZIO}60"),
        (85, None, "85"),
        (85, "", "85"),
        (0, "circa", f"circa{SPAZIO}0"),
    ],
)
def test_l_approssimazione_resta_attaccata_al_numero(valore, approssimazione, atteso):
    assert approssimato(valore, approssimazione) == atteso


def test_un_approssimazione_mai_sentita_non_passa():
    with pytest.raises(ValueError, match="pressappoco"):
        approssimato(3, "pressappoco")


def test_uno_scarto_dice_da_che_parte_sta():
    assert [con_segno(n) for n in (3, 0, -3)] == ["+3", "0", "−3"]


def test_un_voto_dice_su_quanto():
    assert voto(Decimal("7.5")) == f"7,5{SPAZIO}su{SPAZIO}10"
    assert voto(4, 5) == f"4{SPAZIO}su{SPAZIO}5"


def test_un_conteggio_si_legge_come_si_dice():
    assert conta(1, "scheda", "schede") == f"1{SPAZIO}scheda"
    assert conta(1333, "scheda", "schede") == f"1.333{SPAZIO}schede"
    assert conta(0, "scheda", "schede") == f"0{SPAZIO}schede"
    assert conta(0, "scheda", "schede", "nessuna scheda") == "nessuna scheda"
    assert conta(None, "scheda", "schede") == "schede: non indicato"


def test_una_data_si_scrive_in_parole_o_in_cifre():
    assert data_estesa(date(2026, 3, 5)) == "5 marzo 2026"
    assert data_estesa(date(2026, 3, 1)) == "1º marzo 2026"
    assert data_breve(date(2026, 3, 5)) == "05/03/2026"
    assert data_estesa(None) == data_breve(None) == data_e_ora(None) == "non indicata"


def test_un_istante_salvato_in_utc_si_legge_con_l_ora_d_italia():
    """Alle 23:30 UTC del 30 giugno in Italia è già il 1º luglio."""
    istante = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    assert data_e_ora(istante) == "1º luglio 2026, ore 01:30"
    assert data_breve(istante) == "01/07/2026"
