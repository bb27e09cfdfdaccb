"""Libri XLSX da comporre e da guastare, in memoria."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from xlsxwriter.workbook import Workbook


ONESTO = [["Cognome", "Nome"], ["Abate", "Lina"]]


def libro(scrivi: Callable[[Workbook], None], **opzioni: bool) -> bytes:
    """I byte del libro su cui `scrivi` ha lavorato."""
    memoria = BytesIO()
    with xlsxwriter.Workbook(memoria, {"in_memory": True, **opzioni}) as aperto:
        scrivi(aperto)
    return memoria.getvalue()


def foglio(righe: list[list], nome: str = "Foglio1") -> bytes:
    """Un libro con un foglio solo e queste righe, da A1; None è una cella vuota."""

    def scrivi(aperto: Workbook) -> None:
        riempi(aperto, aperto.add_worksheet(nome), righe)

    return libro(scrivi)


def riempi(aperto: Workbook, pagina, righe: list[list], da: int = 0) -> None:
    giorno = aperto.add_format({"num_format": "dd/mm/yyyy"})
    for numero, riga in enumerate(righe, da):
        for colonna, cella in enumerate(riga):
            if isinstance(cella, date):
                pagina.write_datetime(numero, colonna, cella, giorno)
            elif isinstance(cella, str):
                pagina.write_string(numero, colonna, cella)
            elif cella is not None:
                pagina.write(numero, colonna, cella)


def rifatto(contenuto: bytes, cambia: Callable[[str, bytes], bytes]) -> bytes:
    """Lo stesso archivio con le parti passate da `cambia`."""
    uscita = BytesIO()
    with ZipFile(BytesIO(contenuto)) as da, ZipFile(uscita, "w", ZIP_DEFLATED) as a:
        for nome in da.namelist():
            a.writestr(nome, cambia(nome, da.read(nome)))
    return uscita.getvalue()


def riscritto(contenuto: bytes, parte: str, vecchio: bytes, nuovo: bytes) -> bytes:
    """Lo stesso archivio con `vecchio` cambiato in `nuovo` dentro `parte`."""
    return rifatto(
        contenuto, lambda nome, dati: dati.replace(vecchio, nuovo) if nome == parte else dati
    )


def con_parte(parte: str, dati: bytes) -> bytes:
    """Un libro onesto in cui `parte` è `dati`, che ci fosse o no."""
    uscita = BytesIO()
    with ZipFile(BytesIO(foglio(ONESTO))) as da, ZipFile(uscita, "w", ZIP_DEFLATED) as a:
        for nome in da.namelist():
            if nome != parte:
                a.writestr(nome, da.read(nome))
        a.writestr(parte, dati)
    return uscita.getvalue()
