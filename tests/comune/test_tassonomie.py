"""Gli elenchi che accompagnano il programma si leggono tutti e dicono ciò che serve."""

import pytest

from registro.comune.tassonomie import (
    LISTE,
    TassonomiaErrata,
    comuni,
    leggi,
    luogo_catastale,
    paesi,
    scelte,
    voci,
)


@pytest.mark.parametrize("lista", LISTE)
def test_ogni_lista_si_legge_e_ha_codici_diversi(lista):
    codici = [voce.codice for voce in voci(lista)]

    assert len(codici) == len(set(codici)) >= 4
    assert all(nome for _, nome in scelte(lista))


def test_le_voci_tengono_l_ordine_del_file_e_la_loro_nota():
    assert [codice for codice, _ in scelte("genere")] == ["F", "M", "X", "N"]
    assert voci("gravita")[4].nota == "serve una risposta entro 72 ore"


def test_i_paesi_comprendono_l_italia_e_gli_apolidi():
    per_sigla = {paese.iso2: paese for paese in paesi()}

    assert per_sigla["IT"].catastale == ""
    assert per_sigla["ML"].catastale == "Z329"
    assert per_sigla["XX"].gruppo == "APOLIDE"
    assert len(per_sigla) == len(paesi()) == 226


def test_i_comuni_sono_quelli_del_piemonte():
    alessandria = next(comune for comune in comuni() if comune.nome == "Alessandria")

    assert (alessandria.istat, alessandria.catastale, alessandria.provincia) == (
        "006003",
        "A182",
        "AL",
    )
    assert len(comuni()) == 1180


def test_un_codice_catastale_dice_il_suo_luogo():
    assert luogo_catastale("A479") == "Asti (AT)"
    assert luogo_catastale("Z329") == "Mali"
    assert luogo_catastale("") is None
    assert luogo_catastale("H501") is None


def test_un_segno_di_ordine_dei_byte_non_confonde_la_prima_colonna(tmp_path):
    file = tmp_path / "prova.csv"
    file.write_bytes("codice,nome\nA, Uno \n".encode("utf-8-sig"))

    (riga,) = leggi(file, ("codice", "nome"))

    assert riga["nome"] == "Uno"


def test_una_riga_in_piu_ferma_la_lettura_col_suo_numero(tmp_path):
    file = tmp_path / "prova.csv"
    file.write_text("codice,nome\nA,Uno\n\nA,Due\n", encoding="utf-8")

    with pytest.raises(TassonomiaErrata, match=r"prova\.csv, riga 4: il codice «A» c'è già"):
        leggi(file, ("codice", "nome"))
