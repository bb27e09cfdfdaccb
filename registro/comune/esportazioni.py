"""Elenchi in CSV e XLSX: i numeri restano numeri, i testi non diventano formule.

Il file si compone per intero dentro la vista, cioè dentro il contesto dell'ente: una risposta a
pezzi comincerebbe quando la transazione è già chiusa, e il database non mostrerebbe più righe. Si
scrive su disco una riga alla volta: un milione di righe occupa la memoria di una.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from itertools import chain, islice
from string import whitespace
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO

import xlsxwriter
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from registro.comune.deposito import cartella


Cella = str | int | float | Decimal | date | None

# Ciò che fa di una cella una formula, comprese le forme larghe che Excel accetta.
_INIZI_PERICOLOSI = tuple("=+-@\t\r\n＝＋－＠")
# Ciò che un foglio di calcolo salta prima di guardare il primo segno: il nullo, gli spazi che
# non si vedono e quelli larghi.
_SALTATI = f"{whitespace}\0\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_LARGHEZZA_MASSIMA = 60
# Le prime righe bastano a dire quanto è larga una colonna.
_RIGHE_MISURATE = 1_000
# Un foglio di Excel ha 1.048.576 righe: una è delle intestazioni.
_RIGHE_PER_FOGLIO = 1_048_575
# Fin qui il file sta in memoria e la risposta è intera; oltre, sta su disco e si serve da lì.
_IN_MEMORIA = 2 * 1024 * 1024
# Quante righe si chiedono al database per volta.
BLOCCO = 2_000
TIPO_CSV = "text/csv; charset=utf-8"
TIPO_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Tabella:
    """Un foglio: `nome` (al massimo 31 caratteri), intestazioni e righe; None è una cella vuota.

    `righe` si percorre una volta sola: per un elenco lungo è un generatore su `.iterator(BLOCCO)`.
    """

    nome: str
    intestazioni: Sequence[str]
    righe: Iterable[Sequence[Cella]]


def testo_sicuro(testo: str) -> str:
    """Antepone un apostrofo al testo che un foglio di calcolo eseguirebbe come formula."""
    # Quasi tutti cominciano così, e in un foglio ce ne sono milioni.
    if testo[:1].isalnum():
        return testo
    visibile = testo.lstrip(_SALTATI)
    pericoloso = testo.startswith(_INIZI_PERICOLOSI) or visibile.startswith(_INIZI_PERICOLOSI)
    return f"'{testo}" if pericoloso else testo


def scrivi_csv(file: IO[bytes], tabella: Tabella) -> None:
    """Scrive `tabella` come la apre Excel in italiano: BOM, punto e virgola, virgola decimale."""
    testo = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    scrittore = csv.writer(testo, delimiter=";", lineterminator="\r\n")
    scrittore.writerow([testo_sicuro(voce) for voce in tabella.intestazioni])
    scrittore.writerows([_per_csv(cella) for cella in riga] for riga in tabella.righe)
    testo.flush()
    testo.detach()


def scrivi_xlsx(file: IO[bytes], tabelle: Sequence[Tabella]) -> None:
    """Scrive un foglio per tabella, con la prima riga ferma e il filtro.

    Una tabella che non sta in un foglio continua nel seguente, «Nome (2)».
    """
    provvisori = cartella()
    provvisori.mkdir(mode=0o700, parents=True, exist_ok=True)
    # La libreria tiene le righe in file suoi: spariscono anche se si interrompe.
    with TemporaryDirectory(dir=provvisori, prefix=".foglio-") as da_parte:
        # Niente formule né collegamenti ricavati dai testi: ciò che si scrive è ciò che si legge.
        opzioni = {
            "constant_memory": True,
            "tmpdir": da_parte,
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        with xlsxwriter.Workbook(file, opzioni) as libro:
            stili = {
                "testa": libro.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
                "giorno": libro.add_format({"num_format": "dd/mm/yyyy"}),
            }
            for tabella in tabelle:
                _scrivi_tabella(libro, tabella, stili)


def risposta_csv(nome_file: str, tabella: Tabella) -> HttpResponseBase:
    """Rende `tabella` in CSV da scaricare. `nome_file` senza estensione."""
    return _allegato(f"{nome_file}.csv", TIPO_CSV, lambda file: scrivi_csv(file, tabella))


def foglio_csv(tabella: Tabella) -> bytes:
    """Il contenuto di un file CSV, per chi lo deve avere in mano intero."""
    memoria = BytesIO()
    scrivi_csv(memoria, tabella)
    return memoria.getvalue()


def foglio_xlsx(tabelle: Sequence[Tabella]) -> bytes:
    """Il contenuto di un file XLSX, per chi lo deve avere in mano intero."""
    memoria = BytesIO()
    scrivi_xlsx(memoria, tabelle)
    return memoria.getvalue()


def risposta_xlsx(nome_file: str, tabelle: Sequence[Tabella]) -> HttpResponseBase:
    """Rende un foglio per tabella, da scaricare. `nome_file` senza estensione."""
    return _allegato(f"{nome_file}.xlsx", TIPO_XLSX, lambda file: scrivi_xlsx(file, tabelle))


def _scrivi_tabella(libro: xlsxwriter.Workbook, tabella: Tabella, stili: dict) -> None:
    righe = iter(tabella.righe)
    numero, prima = 1, next(righe, None)
    while numero == 1 or prima is not None:
        resto = islice(righe, _RIGHE_PER_FOGLIO - 1)
        pezzo = () if prima is None else chain([prima], resto)
        seguito = "" if numero == 1 else f" ({numero})"
        foglio = libro.add_worksheet(f"{tabella.nome[: 31 - len(seguito)]}{seguito}")
        _scrivi_foglio(foglio, tabella.intestazioni, pezzo, stili)
        numero, prima = numero + 1, next(righe, None)


def _scrivi_foglio(foglio, intestazioni: Sequence[str], righe: Iterable, stili: dict) -> None:
    larghezze = [len(voce) for voce in intestazioni]
    foglio.write_row(0, 0, [testo_sicuro(voce) for voce in intestazioni], stili["testa"])
    ultima = 0
    for ultima, riga in enumerate(righe, start=1):
        for colonna, cella in enumerate(riga):
            _scrivi_cella(foglio, ultima, colonna, cella, stili)
        if ultima <= _RIGHE_MISURATE:
            larghezze = [
                max(larga, len(str(cella or "")))
                for larga, cella in zip(larghezze, riga, strict=True)
            ]
    for colonna, larghezza in enumerate(larghezze):
        foglio.set_column(colonna, colonna, min(larghezza, _LARGHEZZA_MASSIMA) + 2)
    foglio.freeze_panes(1, 0)
    foglio.autofilter(0, 0, ultima, len(intestazioni) - 1)


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


def _allegato(nome: str, tipo: str, scrivi: Callable[[IO[bytes]], None]) -> HttpResponseBase:
    """Compone il file e lo rende da scaricare. Chi lo chiama è ancora dentro il suo contesto."""
    provvisori = cartella()
    provvisori.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as da_chiudere:
        file = da_chiudere.enter_context(
            SpooledTemporaryFile(max_size=_IN_MEMORIA, dir=provvisori)
        )
        scrivi(file)
        intero = file.tell() <= _IN_MEMORIA
        file.seek(0)
        if not intero:
            # Lo chiude la risposta. Non ha un nome: sparisce da sé.
            da_chiudere.pop_all()
            return FileResponse(file, as_attachment=True, filename=nome, content_type=tipo)
        contenuto = file.read()
    return HttpResponse(
        contenuto,
        content_type=tipo,
        headers={"Content-Disposition": f'attachment; filename="{nome}"'},
    )
