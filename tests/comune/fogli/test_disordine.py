"""I fogli come li tiene un ente: si capiscono, o si dice esattamente che cosa non si capisce."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from registro.comune.esportazioni import Tabella as Esportata, foglio_xlsx
from registro.comune.fogli import forme
from registro.comune.fogli.celle import CellaGuasta
from registro.comune.fogli.colonne import Campo, accoppia, chiave
from registro.comune.fogli.forme import FormaNonCapita
from registro.comune.fogli.guardia import FoglioRifiutato
from registro.comune.fogli.lettura import leggi_foglio
from registro.comune.fogli.struttura import Saltata, Tabella, altri_fogli, scegli_foglio, tabella
from tests.comune.fogli import disordine
from tests.comune.fogli.archivi import foglio


NOTE = frozenset(map(chiave, ["Cognome", "Nome", "Data", "Ore", "Codice fiscale"]))
OGGI = date(2026, 3, 1)


def letta(contenuto: bytes, riga_intestazione: int | None = None) -> Tabella:
    """La tabella di un file, come la trova chi importa."""
    libro = leggi_foglio(contenuto)
    return tabella(scegli_foglio(libro, note=NOTE), note=NOTE, riga_intestazione=riga_intestazione)


def righe(trovata: Tabella) -> list[tuple]:
    return [(riga.numero, *riga.celle) for riga in trovata.righe]


def capite(trovata: Tabella, colonna: int, forma) -> list:
    """Ogni cella della colonna come la capisce `forma`, o la frase con cui la rifiuta."""
    esiti = []
    for riga in trovata.righe:
        try:
            esiti.append(forma(riga.celle[colonna]))
        except FormaNonCapita as rifiuto:
            esiti.append(rifiuto.frase)
    return esiti


def test_titoli_totali_righe_vuote_e_firma_non_sono_dati():
    trovata = letta(disordine.titoli_uniti_e_totali())

    assert trovata.intestazioni == ("Cognome", "Nome", "Data", "Ore")
    assert trovata.riga_intestazione == 4
    assert righe(trovata) == [
        (5, "Abate", "Lina", date(2025, 2, 3), 1.5),
        (7, "Brusa", "Omar", date(2025, 2, 4), 2),
    ]
    assert trovata.saltate == (
        Saltata(
            1, "sta sopra i nomi delle colonne («ASSOCIAZIONE LA FONTANELLA - SPORTELLO CASA»)"
        ),
        Saltata(2, "sta sopra i nomi delle colonne («Registro delle prestazioni - anno 2025»)"),
        Saltata(9, "è un totale («TOTALE»)"),
        Saltata(11, "ha una cella sola: sembra un titolo o una nota («Compilato da: segreteria»)"),
    )


def test_due_righe_di_nomi_diventano_una():
    trovata = letta(disordine.due_righe_di_nomi())

    assert trovata.intestazioni == (
        "Beneficiario Cognome",
        "Beneficiario Nome",
        "Operatore Cognome",
        "Operatore Nome",
        "Note",
    )
    assert trovata.riga_intestazione == 2
    assert righe(trovata) == [
        (3, "Abate", "Lina", "Costa", "Rita", "prima volta"),
        (4, "Brusa", "Omar", "Costa", "Rita", None),
    ]


def test_due_righe_di_nomi_anche_in_un_csv():
    trovata = letta(disordine.gruppi_senza_unioni())

    assert trovata.intestazioni == (
        "Persona Cognome",
        "Persona Nome",
        "Persona Comune",
        "Ore gen",
        "Ore feb",
        "Ore mar",
    )
    assert righe(trovata)[0] == (3, "Abate", "Lina", "Casale", "1", "2", "3")


def test_idem_e_celle_unite_prendono_il_valore_di_sopra():
    trovata = letta(disordine.idem_e_celle_unite())

    assert righe(trovata) == [
        (2, "Abate", "Ovada", "Ascolto", 1),
        (3, "Brusa", "Ovada", "Ascolto", 2),
        (4, "Conti", "Ovada", "Ascolto", 3),
        (5, "Conti", "Tortona", "Ascolto", 4),
    ]


def test_un_nome_unito_vale_per_le_sue_righe_anche_se_la_prima_ha_solo_quello():
    trovata = letta(disordine.nome_unito_sopra_le_sue_righe())

    assert [(riga.numero, riga.celle[0], riga.celle[3]) for riga in trovata.righe] == [
        (2, "Abate Lina", 1),
        (3, "Abate Lina", 2),
        (4, "Brusa Omar", None),
        (5, "Brusa Omar", 3),
        (6, "Brusa Omar", 4),
    ]
    assert (trovata.saltate, trovata.sole) == ((), {4})


def test_una_persona_che_si_chiama_somma_o_scritta_a_meta_non_si_perde():
    trovata = letta(disordine.cognomi_che_sembrano_totali())

    assert [riga.numero for riga in trovata.righe] == [2, 3, 4, 5, 6, 8]
    assert trovata.sole == {5}
    assert [(saltata.numero, saltata.motivo) for saltata in trovata.saltate] == [
        (7, "ha una cella sola: sembra un titolo o una nota («MARZO 2025»)"),
        (9, "è un totale («Somma ore»)"),
        (11, "ha una cella sola: sembra un titolo o una nota («Rita Costa»)"),
    ]


@pytest.mark.parametrize(
    "totale",
    [
        *("Totale complessivo", "Gran totale", "In totale", "Complessivo", "Complessivamente:"),
        *("Ore totali", "Utenti totali", "Ore complessive", "Ore totali del mese", "Media ore"),
        *("Riepilogo", "Riepilogo gennaio 2025", "Media", "Media età", "Numero interventi"),
        *("n. interventi", "N. iscritti", "Nr. prestazioni", "N° utenti"),
    ],
)
@pytest.mark.parametrize("quanto", [12.5, "12,5", "12h30", "12 ore"])
def test_un_totale_con_altre_parole_non_e_un_dato(totale, quanto):
    nomi = ["Cognome", "Nome", "Data", "Ore"]
    lina = ["Abate", "Lina", date(2025, 2, 3), 12.5]

    davanti = letta(foglio([nomi, lina, [totale, None, None, quanto]]))
    accanto = letta(foglio([nomi, lina, [None, None, totale, quanto]]))

    for trovata in (davanti, accanto):
        assert [riga.numero for riga in trovata.righe] == [2]
        assert trovata.saltate == (Saltata(3, f"è un totale («{totale}»)"),)


@pytest.mark.parametrize(
    "riga",
    [
        ["Media", "Anna", date(2025, 2, 4), 1],
        ["Media", "Anna", None, 1],
        ["Media Anna", None, None, 1],
        ["Complessivo", None, date(2025, 2, 4), 1],
        ["Complessivo", None, "4/2/2025", 1],
        ["Ore", "Totali Bice", None, 1],
        ["Numero", None, None, 1],
        ["Numero Uno", None, None, 1],
        ["Mediazione", None, None, 1],
        ["Gran", None, None, 1],
        ["idem", None, "Riepilogo", 1],
        ['"', '"', "Riepilogo", 1],
    ],
    ids=lambda riga: " ".join(map(str, riga)),
)
def test_una_riga_vera_che_somiglia_a_un_totale_non_si_perde(riga):
    trovata = letta(
        foglio(
            [["Cognome", "Nome", "Data", "Ore"], ["Abate", "Lina", date(2025, 2, 3), 12.5], riga]
        )
    )

    assert [dato.numero for dato in trovata.righe] == [2, 3]
    assert trovata.saltate == ()


def test_un_idem_senza_niente_sopra_non_e_una_cella_vuota():
    trovata = letta(disordine.idem_senza_niente_sopra())

    assert capite(trovata, 1, forme.testo) == [
        "La cella non ha un valore: dice «come sopra», ma sopra non c'è niente.",
        "Ovada",
    ]


def test_piu_persone_in_una_cella_si_dividono():
    trovata = letta(disordine.piu_persone_in_una_cella())

    assert capite(trovata, 2, forme.nomi) == [
        ("Rossi", "Bianchi", "Verdi"),
        ("Bianchi", "Verdi", "Neri"),
    ]


def test_le_date_si_capiscono_o_si_dice_perche_no():
    trovata = letta(disordine.date_di_ogni_specie())

    esiti = capite(trovata, 2, lambda cella: forme.data(cella, oggi=OGGI))
    assert esiti[:8] == [date(2025, 2, 3)] * 8
    assert esiti[8:] == [
        "«feb-25» non dice il giorno: scrivilo, come 3/2/2025.",
        "«3/2/2205»: l'anno 2205 non può essere giusto.",
        "«2/13/2025»: il mese 13 non esiste. Si legge giorno/mese/anno.",
    ]


def test_le_ore_si_capiscono_in_ogni_forma():
    trovata = letta(disordine.ore_di_ogni_specie())

    assert capite(trovata, 1, forme.durata) == [90] * 7 + [30 * 60] * 2
    assert trovata.righe[-1].celle[1] == timedelta(hours=30)


def test_importi_e_si_scritti_a_mano():
    trovata = letta(disordine.importi_e_si())

    assert capite(trovata, 1, forme.decimale) == [
        Decimal("1234.50"),
        Decimal("35.00"),
        Decimal("12.5"),
        Decimal(80),
        "«1,234.50» non è un numero: scrivilo come 1.234,50.",
    ]
    assert capite(trovata, 2, forme.si_no) == [
        True,
        True,
        False,
        True,
        "«forse» non è un sì né un no.",
    ]


def test_cio_che_e_nascosto_si_legge_e_si_dice():
    libro = leggi_foglio(disordine.colonne_righe_e_fogli_nascosti())
    trovata = letta(disordine.colonne_righe_e_fogli_nascosti())

    assert [(foglio.nome, foglio.nascosto) for foglio in libro.fogli] == [
        ("Elenchi", True),
        ("Dati", False),
    ]
    assert trovata.foglio == "Dati"
    assert righe(trovata) == [(2, "Abate", "0131 1", 1), (3, "Brusa", "0131 2", 2)]
    assert trovata.avvisi == (
        "Il foglio ha colonne nascoste (B): si leggono anche quelle.",
        "Il foglio ha righe nascoste (1): si leggono anche quelle.",
    )


def test_i_nomi_delle_colonne_alla_riga_sette_si_trovano_e_si_abbinano():
    trovata = letta(disordine.nomi_alla_riga_sette())
    campi = [
        Campo("codice_fiscale", ("codice fiscale",)),
        Campo("data_nascita", ("data di nascita",)),
        Campo("durata", ("ore",)),
    ]

    assert trovata.riga_intestazione == 7
    assert righe(trovata)[0] == (8, "PRVLNI80A41A182X", "3/2/1980", 4, "Costa")
    assert [(a.colonna, a.campo) for a in accoppia(trovata.intestazioni, campi)] == [
        (0, "codice_fiscale"),
        (1, "data_nascita"),
        (2, "durata"),
    ]


def test_csv_di_windows_con_un_a_capo_fra_virgolette():
    libro = leggi_foglio(disordine.csv_di_windows())
    trovata = letta(disordine.csv_di_windows())

    assert (libro.codifica, libro.separatore) == ("cp1252", ";")
    assert righe(trovata) == [
        (2, "D’Amè", "Forlì", "primo incontro:\r\npiù calmo"),
        (4, "Perù", "Asti", "“a posto”"),
    ]


def test_csv_dei_vecchi_macintosh():
    libro = leggi_foglio(disordine.csv_dei_vecchi_mac())
    trovata = letta(disordine.csv_dei_vecchi_mac())

    assert (libro.codifica, libro.separatore) == ("mac-roman", "\t")
    assert trovata.intestazioni == ("Cognome", "Città", "È socio")
    assert righe(trovata) == [(2, "D’Amè", "Forlì", "sì"), (3, "Perù", "Asti", "no")]


def test_csv_in_utf16():
    libro = leggi_foglio(disordine.csv_in_utf16())
    trovata = letta(disordine.csv_in_utf16())

    assert (libro.codifica, libro.separatore) == ("utf-16", "\t")
    assert righe(trovata) == [(2, "D’Amè", "Forlì"), (3, "Şahin", "Asti")]


def test_csv_latino_con_l_euro():
    libro = leggi_foglio(disordine.csv_latino_con_euro())
    trovata = letta(disordine.csv_latino_con_euro())

    assert (libro.codifica, libro.separatore) == ("iso-8859-15", "|")
    assert capite(trovata, 2, forme.decimale) == [Decimal("35.00"), Decimal("1200.00")]


def test_spazi_e_colonne_vuote():
    trovata = letta(disordine.spazi_e_colonne_vuote())

    assert trovata.intestazioni == ("Cognome", "Nome", "Note", "colonna D", "Ore")
    assert trovata.posti == ("A", "B", "C", "D", "F")
    assert righe(trovata) == [
        (2, "Abate", "Lina", "ok", "x", 1),
        (3, "Brusa", "Omar", None, None, 2),
        (5, "Conti", "Ada", None, "y", 3),
    ]
    assert trovata.avvisi == ("La colonna E («Note») ripete un nome ed è vuota: non si legge.",)


def test_sezioni_subtotali_e_nomi_ripetuti_non_sono_dati():
    trovata = letta(disordine.stampato_a_pagine())

    assert righe(trovata) == [
        (3, "Abate", "Lina", date(2025, 1, 7), 1),
        (7, "Totino", "Tito", date(2025, 2, 7), 2),
    ]
    assert [(saltata.numero, saltata.motivo) for saltata in trovata.saltate] == [
        (2, "ha una cella sola: sembra un titolo o una nota («GENNAIO»)"),
        (4, "è un totale («Tot. gennaio»)"),
        (5, "ripete i nomi delle colonne"),
        (6, "ha una cella sola: sembra un titolo o una nota («FEBBRAIO»)"),
        (8, "è un totale («Subtotale»)"),
        (9, "è un totale («Totale generale»)"),
    ]


def test_fra_piu_fogli_si_sceglie_quello_con_i_nomi_attesi():
    trovata = letta(disordine.legenda_e_dati())

    assert trovata.foglio == "Dati"
    assert righe(trovata) == [(2, "Abate", "Lina", date(2025, 2, 3))]


def test_di_un_foglio_per_mese_si_dicono_gli_altri_e_la_somma_senza_nome_non_e_un_dato():
    libro = leggi_foglio(disordine.un_foglio_per_mese())
    scelto = scegli_foglio(libro, note=NOTE)
    trovata = tabella(scelto, note=NOTE)

    assert scelto.nome == "Gennaio"
    assert altri_fogli(libro, scelto, note=NOTE) == ("Febbraio",)
    assert righe(trovata) == [(2, "Abate", "Lina", 1), (3, "Brusa", "Omar", 2)]
    assert trovata.saltate == (Saltata(4, "ha solo numeri: sembra un totale senza nome"),)


def test_di_una_formula_si_legge_il_risultato_e_chi_non_ce_l_ha_lo_dice():
    trovata = letta(disordine.formule())

    costi = [riga.celle[2] for riga in trovata.righe]
    assert costi == [
        20,
        CellaGuasta("la formula dà un errore: correggila nel foglio"),
        CellaGuasta(
            "la formula non ha un risultato salvato: apri il file in Excel o LibreOffice, salvalo "
            "e ricaricalo"
        ),
        None,
    ]
    assert trovata.righe[3].celle[0] == "Dotti"


def test_un_risultato_vuoto_non_e_un_risultato_se_non_di_un_testo():
    righe_lette = letta(disordine.formule_col_risultato_vuoto()).righe

    assert [isinstance(riga.celle[1], CellaGuasta) for riga in righe_lette] == [True, False, True]
    assert righe_lette[1].celle == ("Brusa", 3, None)


def test_la_riga_dei_nomi_si_puo_scegliere_a_mano():
    trovata = letta(disordine.titoli_uniti_e_totali(), riga_intestazione=5)

    assert trovata.intestazioni[:2] == ("Abate", "Lina")


def test_cio_che_si_esporta_si_rilegge_uguale():
    scritte = [["+39 0131 1", "=1+1", date(2025, 2, 3), 1.5], ["'Ndrina", "@casa", None, 0]]
    esportata = foglio_xlsx([Esportata("Prova", ["Telefono", "Note", "Data", "Ore"], scritte)])

    assert [list(riga.celle) for riga in letta(esportata).righe] == scritte


def test_una_riga_dei_nomi_senza_nomi_si_rifiuta():
    with pytest.raises(FoglioRifiutato, match="Non si trova la riga con i nomi"):
        letta(disordine.spazi_e_colonne_vuote(), riga_intestazione=4)


@pytest.mark.parametrize(
    ("contenuto", "frase"),
    [
        (
            b"1;2;3\n4;5;6\n",
            "Non si trova la riga con i nomi delle colonne. Scrivila sopra i dati, una cella per "
            "colonna, oppure indica in quale riga sta.",
        ),
        (
            b"Cognome;Nome\nTotale;\n",
            "Sotto i nomi delle colonne (riga 1) non c'è nessuna riga di dati.",
        ),
    ],
)
def test_un_foglio_senza_tabella_si_rifiuta(contenuto, frase):
    with pytest.raises(FoglioRifiutato) as rifiuto:
        letta(contenuto)

    assert rifiuto.value.frase == frase


def test_un_istante_resta_un_istante():
    contenuto = disordine.foglio([["Cognome", "Quando"], ["Abate", datetime(2025, 2, 3, 10, 30)]])  # noqa: DTZ001

    assert letta(contenuto).righe[0].celle[1] == datetime(2025, 2, 3, 10, 30)  # noqa: DTZ001
