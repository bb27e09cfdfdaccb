"""Elenchi in CSV e XLSX: i numeri restano numeri, i testi non diventano formule.

Il file si compone per intero dentro la vista, cioè dentro il contesto dell'ente: una risposta a
pezzi comincerebbe quando la transazione è già chiusa, e il database non mostrerebbe più righe.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from string import whitespace

import xlsxwriter
from django.http import HttpResponse


Cella = str | int | float | Decimal | date | None

# Ciò che fa di una cella una formula, comprese le forme larghe che Excel accetta.
_INIZI_PERICOLOSI = tuple("=+-@\t\r\n＝＋－＠")
# Ciò che un foglio di calcolo salta prima di guardare il primo segno: il nullo, gli spazi che
# non si vedono e quelli larghi.
_SALTATI = f"{whitespace}\0\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_LARGHEZZA_MASSIMA = 60
TIPO_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Tabella:
    """Un foglio: `nome` (al massimo 31 caratteri), intestazioni e righe; None è una cella vuota."""

    nome: str
    intestazioni: Sequence[str]
    righe: Iterable[Sequence[Cella]]


def testo_sicuro(testo: str) -> str:
    """Antepone un apostrofo al testo che un foglio di calcolo eseguirebbe come formula."""
    visibile = testo.lstrip(_SALTATI)
    pericoloso = testo.startswith(_INIZI_PERICOLOSI) or visibile.startswith(_INIZI_PERICOLOSI)
    return f"'{testo}" if pericoloso else testo


def risposta_csv(nome_file: str, tabella: Tabella) -> HttpResponse:
    """Rende `tabella` come la apre Excel in italiano: BOM, punto e virgola, virgola decimale.

    `nome_file` senza estensione.
    """
    testo = StringIO()
    scrittore = csv.writer(testo, delimiter=";", lineterminator="\r\n")
    scrittore.writerow([testo_sicuro(voce) for voce in tabella.intestazioni])
    scrittore.writerows([_per_csv(cella) for cella in riga] for riga in tabella.righe)
    contenuto = testo.getvalue().encode("utf-8-sig")
    return _allegato(contenuto, "text/csv; charset=utf-8", f"{nome_file}.csv")


def foglio_xlsx(tabelle: Sequence[Tabella]) -> bytes:
    """Il contenuto di un file XLSX: un foglio per tabella, con la prima riga ferma e il filtro."""
    memoria = BytesIO()
    # Niente formule né collegamenti ricavati dai testi: ciò che si scrive è ciò che si legge.
    opzioni = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(memoria, opzioni) as libro:
        stili = {
            "testa": libro.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "giorno": libro.add_format({"num_format": "dd/mm/yyyy"}),
        }
        for tabella in tabelle:
            _scrivi_foglio(libro.add_worksheet(tabella.nome), tabella, stili)
    return memoria.getvalue()


def risposta_xlsx(nome_file: str, tabelle: Sequence[Tabella]) -> HttpResponse:
    """Rende un foglio per tabella, con la prima riga ferma e il filtro. `nome_file` senza estensione."""
    return _allegato(foglio_xlsx(tabelle), TIPO_XLSX, f"{nome_file}.xlsx")


def _scrivi_foglio(foglio, tabella: Tabella, stili: dict) -> None:
    larghezze = [len(voce) for voce in tabella.intestazioni]
    foglio.write_row(0, 0, [testo_sicuro(voce) for voce in tabella.intestazioni], stili["testa"])
    ultima = 0
    for ultima, riga in enumerate(tabella.righe, start=1):
        for colonna, cella in enumerate(riga):
            _scrivi_cella(foglio, ultima, colonna, cella, stili)
            larghezze[colonna] = max(larghezze[colonna], len(str(cella or "")))
    for colonna, larghezza in enumerate(larghezze):
        foglio.set_column(colonna, colonna, min(larghezza, _LARGHEZZA_MASSIMA) + 2)
    foglio.freeze_panes(1, 0)
    foglio.autofilter(0, 0, ultima, len(tabella.intestazioni) - 1)


def _scrivi_cella(foglio, riga: int, colonna: int, cella: Cella, stili: dict) -> None:
    if cella is None or cella == "":
        return
    if isinstance(cella, str):
        foglio.write_string(riga, colonna, testo_sicuro(cella))
    elif isinstance(cella, date):
        foglio.write_datetime(riga, colonna, _senza_fuso(cella), stili["giorno"])
    else:
        foglio.write_number(riga, colonna, cella)


def _per_csv(cella: Cella) -> str:
    if cella is None:
        return ""
    if isinstance(cella, str):
        return testo_sicuro(cella)
    if isinstance(cella, date):
        return f"{cella:%d/%m/%Y}"
    return str(cella).replace(".", ",")


def _senza_fuso(giorno: date) -> date:
    return giorno.replace(tzinfo=None) if isinstance(giorno, datetime) else giorno


def _allegato(contenuto: bytes, tipo: str, nome: str) -> HttpResponse:
    return HttpResponse(
        contenuto,
        content_type=tipo,
        headers={"Content-Disposition": f'attachment; filename="{nome}"'},
    )
