"""Gli elenchi da scaricare: numeri che restano numeri, testi che non diventano formule."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, strategies as st

from registro.comune import esportazioni
from registro.comune.esportazioni import (
    Tabella,
    risposta_csv,
    risposta_xlsx,
    scrivi_csv,
    scrivi_xlsx,
)


def _tabella(*cella) -> Tabella:
    return Tabella("Prova", ["Colonna"], [[voce] for voce in cella])


def _dal_csv(tabella: Tabella) -> list[list[str]]:
    testo = risposta_csv("prova", tabella).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(testo, newline=""), delimiter=";"))


def _da_excel(tabella: Tabella) -> list:
    libro = openpyxl.load_workbook(io.BytesIO(risposta_xlsx("prova", [tabella]).content))
    return [riga[0].value for riga in libro["Prova"].iter_rows(min_row=2)]


@pytest.mark.parametrize("segno", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_un_testo_che_sembra_una_formula_prende_un_apostrofo(segno):
    assert esportazioni.testo_sicuro(f"{segno}1") == f"'{segno}1"


def test_anche_le_intestazioni_si_proteggono():
    tabella = Tabella("Prova", ["=SOMMA(A1)"], [])

    assert _dal_csv(tabella)[0] == ["'=SOMMA(A1)"]


@given(st.text(min_size=1))
def test_nessun_testo_arriva_nel_file_come_formula(testo):
    (riga,) = _dal_csv(_tabella(testo))[1:] or [[""]]

    assert riga[0].removeprefix("'") in (testo, testo.removeprefix("'"))
    assert not riga[0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_i_numeri_negativi_restano_numeri():
    assert _dal_csv(_tabella(-3, Decimal("7.50")))[1:] == [["-3"], ["7,50"]]
    assert _da_excel(_tabella(-3, Decimal("7.5"))) == [-3, 7.5]


def test_cio_che_manca_e_una_cella_vuota_e_non_zero():
    assert _dal_csv(_tabella(None, 0))[1:] == [[""], ["0"]]
    assert _da_excel(_tabella("prima", None, 0)) == ["prima", None, 0]


def test_le_date_sono_italiane_nel_csv_e_date_vere_in_excel():
    giorno, istante = date(2026, 3, 5), datetime(2026, 3, 5, 9, 30, tzinfo=UTC)

    assert _dal_csv(_tabella(giorno, istante))[1:] == [["05/03/2026"], ["05/03/2026"]]
    assert _da_excel(_tabella(giorno)) == [datetime(2026, 3, 5)]  # noqa: DTZ001 - così la legge openpyxl


def test_il_file_si_scarica_col_suo_nome():
    risposta = risposta_xlsx("cifre", [_tabella(1)])

    assert risposta["Content-Disposition"] == 'attachment; filename="cifre.xlsx"'


# Chiudere una risposta servita dal disco chiude anche le connessioni vecchie.
@pytest.mark.django_db
def test_un_elenco_lungo_si_serve_dal_disco_e_intero():
    righe = ((numero, f"riga {numero}") for numero in range(200_000))

    risposta = risposta_csv("lungo", Tabella("Prova", ["Numero", "Testo"], righe))

    assert risposta.streaming
    assert risposta["Content-Disposition"] == 'attachment; filename="lungo.csv"'
    testo = b"".join(risposta.streaming_content)
    risposta.close()
    assert len(testo) == int(risposta["Content-Length"])
    assert testo.splitlines()[-1] == b"199999;riga 199999"


@pytest.mark.parametrize("scrivi", [scrivi_csv, lambda file, una: scrivi_xlsx(file, [una])])
def test_la_memoria_non_cresce_con_le_righe(scrivi, tmp_path):
    def memoria_per(quante: int) -> int:
        tabella = Tabella("Prova", ["A"] * 8, (("testo di prova",) * 8 for _ in range(quante)))
        with (tmp_path / "foglio").open("w+b") as file:
            tracemalloc.start()
            scrivi(file, tabella)
            _, punta = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return punta

    poche = memoria_per(1_000)

    assert memoria_per(10_000) < poche + 1024 * 1024


def test_una_tabella_piu_lunga_di_un_foglio_continua_nel_seguente(monkeypatch):
    monkeypatch.setattr(esportazioni, "_RIGHE_PER_FOGLIO", 3)
    tabella = Tabella("Prova", ["Numero"], ([numero] for numero in range(7)))

    libro = openpyxl.load_workbook(io.BytesIO(risposta_xlsx("prova", [tabella]).content))

    assert libro.sheetnames == ["Prova", "Prova (2)", "Prova (3)"]
    celle = [[riga[0].value for riga in foglio.iter_rows()] for foglio in libro]
    assert celle == [["Numero", 0, 1, 2], ["Numero", 3, 4, 5], ["Numero", 6]]


@pytest.mark.parametrize("interrompe", [ValueError, KeyboardInterrupt])
def test_un_elenco_che_si_interrompe_non_lascia_pezzi_su_disco(settings, tmp_path, interrompe):
    settings.MEDIA_ROOT = tmp_path

    def righe():
        yield ("Anna",)
        raise interrompe

    with pytest.raises(interrompe):
        risposta_xlsx("prova", [Tabella("Prova", ["Nome"], righe())])

    assert list(tmp_path.iterdir()) == []
