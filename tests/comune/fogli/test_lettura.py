"""Ciò che esce da un file: fogli, righe col loro numero, celle col loro tipo."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings, strategies as st
from xlsxwriter.workbook import Workbook

from registro.comune.fogli.celle import Area, lettere, numero_di_colonna
from registro.comune.fogli.guardia import FoglioRifiutato, Formato
from registro.comune.fogli.lettore import leggi
from registro.comune.fogli.lettura import leggi_foglio
from tests.comune.fogli.archivi import con_parte, foglio, libro


FOGLIO = "xl/worksheets/sheet1.xml"


def celle(contenuto: bytes) -> list[tuple]:
    return [(riga.numero, *riga.celle) for riga in leggi_foglio(contenuto).fogli[0].righe]


def _ogni_tipo(aperto: Workbook) -> None:
    pagina = aperto.add_worksheet("Tipi")
    giorno = aperto.add_format({"num_format": "dd/mm/yyyy"})
    ora = aperto.add_format({"num_format": "h:mm"})
    ore = aperto.add_format({"num_format": "[h]:mm"})
    pagina.write("C3", "testo")
    pagina.write("D3", 7)
    pagina.write("E3", 1.5)
    pagina.write("F3", True)
    pagina.write("G3", 45691, giorno)
    pagina.write("H3", 0.0625, ora)
    pagina.write("I3", 1.25, ore)
    pagina.write_blank("J3", None, giorno)
    pagina.write("C5", "ultima")
    pagina.merge_range("C7:D7", "unite")


def test_ogni_cella_esce_col_suo_tipo_e_ogni_riga_col_suo_numero():
    letto = leggi_foglio(libro(_ogni_tipo))

    assert letto.formato is Formato.XLSX
    assert letto.fogli[0].nome == "Tipi"
    assert letto.fogli[0].unite == (Area(7, 2, 7, 3),)
    assert [(riga.numero, riga.celle) for riga in letto.fogli[0].righe] == [
        (
            3,
            (
                None,
                None,
                "testo",
                7,
                1.5,
                True,
                date(2025, 2, 3),
                time(1, 30),
                timedelta(hours=30),
            ),
        ),
        (5, (None, None, "ultima")),
        (7, (None, None, "unite")),
    ]


def test_una_cella_senza_indirizzo_sta_dopo_quella_di_prima():
    pagina = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b"<row><c><v>1</v></c><c/><c><f>A1</f></c></row></sheetData></worksheet>"
    )

    (riga,) = leggi_foglio(con_parte(FOGLIO, pagina)).fogli[0].righe

    assert riga.celle[:2] == (1, None)
    assert "non ha un risultato salvato" in riga.celle[2].frase


def test_un_libro_con_le_date_del_1904_si_legge_giusto():
    def scrivi(aperto: Workbook) -> None:
        giorno = aperto.add_format({"num_format": "dd/mm/yyyy"})
        aperto.add_worksheet().write_datetime("A1", date(2025, 2, 3), giorno)

    contenuto = libro(scrivi, date_1904=True)

    assert celle(contenuto) == [(1, date(2025, 2, 3))]


@pytest.mark.parametrize(
    ("testo", "codifica", "riconosciuta", "separatore"),
    [
        ("Cognome;Città\nAmè;Forlì\n", "utf-8", "utf-8-sig", ";"),
        ("Cognome,Città\nAmè,Forlì\n", "utf-8-sig", "utf-8-sig", ","),
        ("Cognome\tCittà\nAmè\tForlì\n", "utf-16", "utf-16", "\t"),
        ("Cognome|Città\nAmè|Forlì\n", "utf-16-le", "utf-16-le", "|"),
        ("Cognome;Città\nAmè;Forlì\n", "utf-16-be", "utf-16-be", ";"),
        ("Cognome;Città\nAmè;Forlì\n", "cp1252", "cp1252", ";"),
        ("Cognome;Città\r\nAmè;Forlì", "mac-roman", "mac-roman", ";"),
        ("Cognome;Città\r\nAmè;Forlì", "cp850", "cp850", ";"),
        ('sep=,\n"Cognome","Città"\n"Amè","Forlì"\n', "utf-8", "utf-8-sig", ","),
        ("Cognome;Città\nAmè;Forlì\n;2,5\n;3,5,6\n", "utf-8", "utf-8-sig", ";"),
    ],
)
def test_un_csv_si_legge_in_ogni_codifica_e_con_ogni_separatore(
    testo, codifica, riconosciuta, separatore
):
    letto = leggi_foglio(testo.encode(codifica))

    assert (letto.codifica, letto.separatore) == (riconosciuta, separatore)
    assert [riga.celle for riga in letto.fogli[0].righe[:2]] == [
        ("Cognome", "Città"),
        ("Amè", "Forlì"),
    ]


@pytest.mark.parametrize("codifica", ["cp1252", "iso-8859-15", "cp850", "mac-roman"])
@pytest.mark.parametrize(
    "scritto",
    [
        *("Tealdò", "Libertà", "Cherù", "perché", "NICCOLÒ", "LIBERTÀ", "Çela", "Ëngjëll"),
        *("Müller", "José", "Núñez", "Hélène", "François", "GÜNTER", "«città»", "n° 3"),
    ],
)
def test_un_nome_solo_basta_a_sapere_la_codifica(codifica, scritto):
    assert celle(f"Cognome;Nome\r\n{scritto};Ada\r\n".encode(codifica))[1] == (2, scritto, "Ada")


@pytest.mark.parametrize(
    ("contenuto", "perche"),
    [
        ("Nome\nNiccolò\nLibertà\n".encode() + b"Rov\xe8\n", "scritto in UTF-8, ma non tutto"),
        ("Nome\nȘtefan\nAgnieszka Łoś\n".encode() + b"Rov\xe8\n", "UTF-8, ma non tutto"),
        ("Nome\nNiccolò\nLibertà".encode()[:-1], "scritto in UTF-8, ma non tutto"),
        ("Nome\nNiccolò\n".encode().decode("cp1252").encode(), "c'è scritto «Ã²» dove"),
        ("Nome\nNiccolò\n".encode().decode("mac-roman").encode(), "c'è scritto «√≤» dove"),
        ("Nome\nL’Aquila\n".encode().decode("cp1252").encode(), "c'è scritto «â€™» dove"),
        ("Nome\ncittÃ del sole\n".encode(), "c'è scritto «Ã» dove"),
        ("Nome\nNiccol\ufffd\n".encode(), "sono già perse: al loro posto c'è «\ufffd»"),
        ("Nome\nNiccol\ufffd\n".encode("utf-16"), "sono già perse"),
    ],
    ids=lambda valore: valore if isinstance(valore, str) else "",
)
def test_un_testo_gia_guastato_si_rifiuta_e_si_dice_come_salvarlo(contenuto, perche):
    with pytest.raises(FoglioRifiutato) as rifiuto:
        leggi_foglio(contenuto)

    assert perche in rifiuto.value.frase
    assert "salvalo di nuovo come «CSV UTF-8»" in rifiuto.value.frase


def test_un_a_capo_fra_virgolette_non_sposta_il_numero_delle_righe():
    contenuto = b'a;b\n"uno\ndue";"con ""virgolette"""\n\nultima;x'

    assert celle(contenuto) == [
        (1, "a", "b"),
        (2, "uno\ndue", 'con "virgolette"'),
        (4, "ultima", "x"),
    ]


def test_un_a_capo_convertito_due_volte_non_fa_righe_in_piu():
    assert celle(b"a;b\r\r\nuno;due\r\r\n") == [(1, "a", "b"), (2, "uno", "due")]


def test_a_capo_di_due_specie_si_rifiutano_con_una_frase():
    with pytest.raises(FoglioRifiutato, match="Dopo la riga 1 gli a capo sono di due specie"):
        leggi_foglio(b"a;b\nuno;due\rtre;quattro\n")


def test_una_formula_in_un_csv_e_solo_un_testo():
    assert celle(b'a;b\n"=HYPERLINK(""http://198.51.100.1"")";1\n')[1] == (
        2,
        '=HYPERLINK("http://198.51.100.1")',
        "1",
    )


@pytest.mark.parametrize(("numero", "nome"), [(0, "A"), (25, "Z"), (26, "AA"), (16383, "XFD")])
def test_le_lettere_delle_colonne(numero, nome):
    assert lettere(numero) == nome
    assert numero_di_colonna(nome) == numero


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=12))
def test_un_libro_guastato_in_un_punto_qualsiasi_si_legge_o_si_rifiuta(posto, byte):
    sano = foglio([["Cognome", "Ore"], ["Abate", 1.5]])
    posto %= len(sano)
    guasto = sano[:posto] + byte + sano[posto + len(byte) :]

    try:
        fatti = list(leggi(guasto))
    except FoglioRifiutato as rifiuto:
        fatti = [rifiuto.frase]

    assert fatti
