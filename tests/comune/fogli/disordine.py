"""Una ventina di fogli come li tiene un ente, con persone inventate: ognuno un disordine vero.

Si compongono qui, e non stanno in file accanto, perché si legga nel codice che cosa hanno di
strano; `xlsxwriter` scrive ciò che scriverebbe Excel.
"""

from datetime import date, datetime, time

from xlsxwriter.workbook import Workbook

from tests.comune.fogli.archivi import foglio, libro, riempi, riscritto


def titoli_uniti_e_totali() -> bytes:
    """Titolo e anno uniti sopra la tabella, righe vuote, totale e firma in fondo."""

    def scrivi(aperto: Workbook) -> None:
        pagina = aperto.add_worksheet("2025")
        pagina.merge_range("A1:D1", "ASSOCIAZIONE LA FONTANELLA - SPORTELLO CASA")
        pagina.merge_range("A2:D2", "Registro delle prestazioni - anno 2025")
        righe = [
            ["Cognome", "Nome", "Data", "Ore"],
            ["Abate", "Lina", date(2025, 2, 3), 1.5],
            [],
            ["Brusa", "Omar", date(2025, 2, 4), 2],
            [None, None, None, None],
            ["TOTALE", None, None, 3.5],
            [],
            ["Compilato da: segreteria"],
        ]
        riempi(aperto, pagina, righe, da=3)

    return libro(scrivi)


def due_righe_di_nomi() -> bytes:
    """I nomi delle colonne su due righe: gruppi uniti in largo, nomi soli uniti in alto."""

    def scrivi(aperto: Workbook) -> None:
        pagina = aperto.add_worksheet("Presenze")
        pagina.merge_range("A1:B1", "Beneficiario")
        pagina.merge_range("C1:D1", "Operatore")
        pagina.merge_range("E1:E2", "Note")
        righe = [
            ["Cognome", "Nome", "Cognome", "Nome"],
            ["Abate", "Lina", "Costa", "Rita", "prima volta"],
            ["Brusa", "Omar", "Costa", "Rita"],
        ]
        riempi(aperto, pagina, righe, da=1)

    return libro(scrivi)


def gruppi_senza_unioni() -> bytes:
    """La stessa cosa in un CSV, dove le celle unite non ci sono: i gruppi lasciano dei vuoti."""
    return (
        b"Persona;;;Ore;;\nCognome;Nome;Comune;gen;feb;mar\n"
        b"Abate;Lina;Casale;1;2;3\nBrusa;Omar;Ovada;4;5;6\n"
    )


def idem_e_celle_unite() -> bytes:
    """«idem», virgolette e barre per dire «come sopra»; il cognome unito su due righe."""

    def scrivi(aperto: Workbook) -> None:
        pagina = aperto.add_worksheet("Interventi")
        righe = [
            ["Cognome", "Comune", "Servizio", "Ore"],
            ["Abate", "Ovada", "Ascolto", 1],
            ["Brusa", "idem", '"', 2],
            ["Conti", "//", "Idem", 3],
            [None, "Tortona", "c.s.", 4],
        ]
        riempi(aperto, pagina, righe)
        pagina.merge_range("A4:A5", "Conti")

    return libro(scrivi)


def nome_unito_sopra_le_sue_righe() -> bytes:
    """Il nome di ogni persona unito sulle sue righe: nella prima della seconda c'è solo il nome."""

    def scrivi(aperto: Workbook) -> None:
        pagina = aperto.add_worksheet("Interventi")
        righe = [
            ["Persona", "Data", "Servizio", "Ore"],
            ["Abate Lina", date(2025, 2, 3), "Ascolto", 1],
            [None, date(2025, 2, 4), "Ascolto", 2],
            ["Brusa Omar"],
            [None, date(2025, 2, 5), "Ascolto", 3],
            [None, date(2025, 2, 6), "Ascolto", 4],
        ]
        riempi(aperto, pagina, righe)
        pagina.merge_range("A2:A3", "Abate Lina")
        pagina.merge_range("A4:A6", "Brusa Omar")

    return libro(scrivi)


def cognomi_che_sembrano_totali() -> bytes:
    """Una persona che si chiama Somma, una riga lasciata a metà, la firma in fondo."""
    return foglio(
        [
            ["Persona", "Data", "Ore"],
            ["Abate Lina", date(2025, 2, 3), 1],
            ["Somma Anna", date(2025, 2, 4), 2],
            ["Parziale Ugo", None, 2],
            ["Brusa Omar"],
            ["Conti Ada", date(2025, 2, 5), 3],
            ["MARZO 2025"],
            ["Dotti Eva", date(2025, 3, 5), 3],
            ["Somma ore", None, 11],
            [],
            ["Rita Costa"],
        ]
    )


def idem_senza_niente_sopra() -> bytes:
    """Un «idem» nella prima riga: non c'è da che cosa copiare."""
    return foglio([["Cognome", "Comune", "Ore"], ["Abate", "idem", 1], ["Brusa", "Ovada", 2]])


def piu_persone_in_una_cella() -> bytes:
    """I presenti di un incontro scritti tutti nella stessa cella."""
    return foglio(
        [
            ["Data", "Attività", "Presenti", "Ore"],
            [date(2025, 3, 10), "Laboratorio", "Rossi, Bianchi e Verdi", 2],
            [date(2025, 3, 17), "Laboratorio", "Bianchi / Verdi\nNeri", 2],
        ]
    )


def date_di_ogni_specie() -> bytes:
    """Date vere, numeri di Excel, testi in sei forme, e tre che non si possono leggere."""
    date_scritte = [
        date(2025, 2, 3),
        45691,
        "3/2/25",
        "03-02-2025 ",
        "3.2.2025",
        "3 febbraio 2025",
        "lun 3 feb. 2025",
        "2025-02-03",
        "feb-25",
        "3/2/2205",
        "2/13/2025",
    ]
    return foglio(
        [["N.", "Cognome", "Data"], *([n, "Abate", d] for n, d in enumerate(date_scritte, 1))]
    )


def ore_di_ogni_specie() -> bytes:
    """Durate scritte in nove modi, con le ore di Excel sotto e sopra le ventiquattro."""

    def scrivi(aperto: Workbook) -> None:
        pagina = aperto.add_worksheet("Ore")
        testi = ["1h30", "1:30", "90'", "90 min", "un'ora e mezza", "1,5 h"]
        riempi(aperto, pagina, [["Cognome", "Durata"], *(["Abate", testo] for testo in testi)])
        orologio = aperto.add_format({"num_format": "h:mm"})
        oltre = aperto.add_format({"num_format": "[h]:mm"})
        for riga, (valore, forma) in enumerate(
            [(time(1, 30), orologio), (1.25, orologio), (1.25, oltre)], start=7
        ):
            pagina.write_string(riga, 0, "Abate")
            pagina.write(riga, 1, valore, forma)

    return libro(scrivi)


def importi_e_si() -> bytes:
    """Decimali con la virgola scritti come testo, euro davanti e dietro, sì in quattro modi."""
    return foglio(
        [
            ["Cognome", "Importo", "Pagato"],
            ["Abate", "1.234,50", "Sì"],
            ["Brusa", "€ 35,00", "X"],
            ["Conti", "12,5 €", "no"],
            ["Dotti", 80, "S"],
            ["Elli", "1,234.50", "forse"],
        ]
    )


def colonne_righe_e_fogli_nascosti() -> bytes:
    """Un foglio nascosto con gli elenchi, una colonna nascosta, una riga tolta da un filtro."""

    def scrivi(aperto: Workbook) -> None:
        elenchi = aperto.add_worksheet("Elenchi")
        riempi(
            aperto, elenchi, [["Servizi", "Sedi"], *([f"Servizio {n}", "Ovada"] for n in range(9))]
        )
        elenchi.hide()
        pagina = aperto.add_worksheet("Dati")
        pagina.activate()
        pagina.set_first_sheet()
        righe = [["Cognome", "Telefono", "Ore"], ["Abate", "0131 1", 1], ["Brusa", "0131 2", 2]]
        riempi(aperto, pagina, righe)
        pagina.set_column("B:B", None, None, {"hidden": True})
        pagina.set_row(2, None, None, {"hidden": True})

    return libro(scrivi)


def nomi_alla_riga_sette() -> bytes:
    """Sei righe di carta intestata, senza celle unite, prima dei nomi delle colonne."""
    return foglio(
        [
            ["Cooperativa Il Ponte"],
            ["Via dei Mille 1"],
            [],
            ["Progetto:", "Quadrante"],
            ["Periodo:", "gennaio - marzo 2025"],
            [],
            ["Cod. Fisc.", "Data nasc.", "N. ore", "Operatore"],
            ["PRVLNI80A41A182X", "3/2/1980", 4, "Costa"],
            ["PRVMRO75B02F965Y", "2/2/1975", 3, "Costa"],
        ]
    )


def csv_di_windows() -> bytes:
    """Punto e virgola, cp1252, `sep=` in cima, un a capo fra virgolette, una riga vuota."""
    testo = (
        'sep=;\r\nCognome;Città;Note\r\nD’Amè;Forlì;"primo incontro:\r\npiù calmo"\r\n'
        "\r\nPerù;Asti;“a posto”\r\n"
    )
    return testo.encode("cp1252")


def csv_dei_vecchi_mac() -> bytes:
    """Tabulazioni, MacRoman e il solo ritorno a capo dei vecchi Macintosh."""
    return "Cognome\tCittà\tÈ socio\rD’Amè\tForlì\tsì\rPerù\tAsti\tno\r".encode("mac-roman")


def csv_in_utf16() -> bytes:
    """Il «testo Unicode» di Excel: UTF-16 e tabulazioni."""
    return "Cognome\tCittà\r\nD’Amè\tForlì\r\nŞahin\tAsti\r\n".encode("utf-16")


def csv_latino_con_euro() -> bytes:
    """ISO-8859-15, dove l'euro sta al posto di un segno di cp1252, e barre dritte."""
    return "Cognome|Città|Spesa\nD'Amè|Forlì|€ 35,00\nPerù|Asti|€ 1.200,00\n".encode("iso-8859-15")


def spazi_e_colonne_vuote() -> bytes:
    """Spazi in fondo e duri, una colonna ripetuta e vuota, una coi dati e senza nome."""
    return foglio(
        [
            ["Cognome ", " Nome", "Note", None, "Note", "Ore  "],
            ["Abate\u00a0", "  Lina", "ok", "x", None, 1],
            ["Brusa", "Omar ", None, None, None, 2],
            ["   ", None, None, None, "  ", None],
            ["Conti", "Ada", None, "y", " ", 3],
        ]
    )


def stampato_a_pagine() -> bytes:
    """Titoli di sezione nel mezzo, i nomi ripetuti a ogni pagina, i subtotali."""
    nomi = ["Cognome", "Nome", "Data", "Ore"]
    return foglio(
        [
            nomi,
            ["GENNAIO"],
            ["Abate", "Lina", date(2025, 1, 7), 1],
            ["Tot. gennaio", None, None, 1],
            nomi,
            ["FEBBRAIO"],
            ["Totino", "Tito", date(2025, 2, 7), 2],
            ["Subtotale", None, None, 2],
            ["Totale generale", None, None, 3],
        ]
    )


def legenda_e_dati() -> bytes:
    """Il primo foglio spiega, il secondo ha i dati, il terzo un riassunto più lungo dei dati."""

    def scrivi(aperto: Workbook) -> None:
        riempi(
            aperto, aperto.add_worksheet("Leggimi"), [["Come si compila"], ["Una riga a testa"]]
        )
        dati = [["Cognome", "Nome", "Data"], ["Abate", "Lina", datetime(2025, 2, 3)]]  # noqa: DTZ001
        riempi(aperto, aperto.add_worksheet("Dati"), dati)
        riassunto = [["Mese", "Quanti"], *([f"mese {n}", n] for n in range(12))]
        riempi(aperto, aperto.add_worksheet("Riassunto"), riassunto)

    return libro(scrivi)


def un_foglio_per_mese() -> bytes:
    """La stessa tabella su tre fogli; in fondo al primo una somma senza nome."""

    def scrivi(aperto: Workbook) -> None:
        nomi = ["Cognome", "Nome", "Ore"]
        gennaio = [nomi, ["Abate", "Lina", 1], ["Brusa", "Omar", 2], [None, None, 3]]
        riempi(aperto, aperto.add_worksheet("Gennaio"), gennaio)
        riempi(aperto, aperto.add_worksheet("Febbraio"), [nomi, ["Conti", "Ada", 3]])
        riempi(aperto, aperto.add_worksheet("Note"), [["Promemoria", "Chi"], ["a", "b"]])

    return libro(scrivi)


def formule() -> bytes:
    """Una formula col suo risultato, una senza, una in errore, un collegamento."""

    def scrivi(aperto: Workbook) -> None:
        pagina = aperto.add_worksheet("Conti")
        riempi(
            aperto, pagina, [["Cognome", "Ore", "Costo"], ["Abate", 2], ["Brusa", 3], ["Conti", 4]]
        )
        pagina.write_formula("C2", "=B2*10", value=20)
        pagina.write_formula("C3", "=1/0", value="#DIV/0!")
        pagina.write_formula("C4", "=B4*10", value="SENZA")
        pagina.write_formula("A5", '=HYPERLINK("http://198.51.100.1/x","Dotti")', value="Dotti")
        pagina.write("B5", 1)

    return riscritto(libro(scrivi), "xl/worksheets/sheet1.xml", b"<v>SENZA</v>", b"")


def formule_col_risultato_vuoto() -> bytes:
    """Come le scrivono i programmi che non le calcolano: il risultato c'è, ed è vuoto; un testo
    può esserlo davvero."""

    def scrivi(aperto: Workbook) -> None:
        pagina = aperto.add_worksheet("Conti")
        riempi(
            aperto, pagina, [["Cognome", "Ore", "Nota"], ["Abate", 2], ["Brusa", 3], ["Conti", 4]]
        )
        pagina.write_formula("B2", "=1+1", value=990001)
        pagina.write_formula("B3", "=1+2", value=3)
        pagina.write_formula("C3", '=""', value="TESTO")
        pagina.write_formula("B4", "=1+3", value=990002)

    contenuto = libro(scrivi)
    for scritto, vuoto in ((b"990001", b"<v></v>"), (b"990002", b"<v/>"), (b"TESTO", b"<v></v>")):
        contenuto = riscritto(
            contenuto, "xl/worksheets/sheet1.xml", b"<v>" + scritto + b"</v>", vuoto
        )
    return contenuto
