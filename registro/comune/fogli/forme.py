"""Date, durate, importi e sì/no come li scrive una persona in Italia.

Ogni funzione prende una cella e rende un valore, o solleva `FormaNonCapita` con una frase che
nomina ciò che c'era scritto. Non si indovina: ciò che si può leggere in due modi si rifiuta e si
dice come scriverlo. Una cella vuota non è uno zero: chi chiama guarda prima `celle.vuota`.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from registro.comune.fogli.celle import Cella
from registro.comune.fogli.durate import UNITA, DurataAmbigua, Unita, di_ore, durata
from registro.comune.fogli.scritture import FormaNonCapita, come_si_vede, controlla, mostra, piano
from registro.comune.ricerca import forma_normale


__all__ = [
    "UNITA",
    "DurataAmbigua",
    "FormaNonCapita",
    "Unita",
    "data",
    "decimale",
    "di_ore",
    "durata",
    "intero",
    "nomi",
    "si_no",
    "testo",
]

PRIMO_ANNO, ULTIMO_ANNO = 1900, 2099
# Il giorno zero di Excel; sotto il 1° gennaio 1920 un numero è più spesso un anno che una data.
_GIORNO_ZERO = date(1899, 12, 30)
_PRIMO_SERIALE, _ULTIMO_SERIALE = 7_306, 73_050
_ANNI_AVANTI = 10

_MESI = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
]
_GIORNO_DELLA_SETTIMANA = re.compile(
    r"^(?:lun|mar|mer|gio|ven|sab|dom)(?:tedi|coledi|vedi|nerdi|edi|ato|enica)?\.?,?\s+(?=\d)"
)
_ORARIO = re.compile(
    r"(?:[t ]|,? ore )\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:z|[+-]0\d:?\d\d)?$"
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_IN_CIFRE = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*'?(\d+)")
_IN_PAROLE = re.compile(
    r"(\d{1,2})(?:[°º^]|o(?![a-z]))?\s*[-/. ]?\s*([a-z]+)\.?\s*[-/ ]?\s*'?(\d+)"
)
_SOLO_MESE = re.compile(r"(?:[a-z]+\.?[-/ ]*'?(?:\d{2}|\d{4})|\d{1,2}[-/.]\d{4})")
_SENZA_ANNO = re.compile(r"\d{1,2}\s*(?:[-/.]\s*\d{1,2}|[-/ ]?\s*[a-z]+)")

_VALUTA = re.compile(r"^(?:€|eur|euro)\.?\s*|\s*(?:€|eur|euro)\.?$")
_ITALIANO = re.compile(r"[-+]?(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,\d+)?")
_COL_PUNTO = re.compile(r"[-+]?\d+\.\d+")
_SI = frozenset(["si", "s", "x", "v", "vero", "true", "yes", "y", "1", "ok", "✓", "✔", "☑"])
_NO = frozenset(["no", "n", "falso", "false", "0", "-", "–", "✗", "✘", "☐"])
# La barra fra due cifre è di una data, quella di «nato/a» è di una parola: non dividono due nomi.
_BARRA = r"/(?<!nat[oa]/)(?:(?<!\d/)(?<!\d /)|(?! ?\d))"
_FRA_NOMI = re.compile(rf"\s*(?:[,;\n+&]|{_BARRA}|\s+e\s+|\s+ed\s+)\s*", re.IGNORECASE)
_NASCITA = re.compile(
    r"[(\[]?\s*(?:nat[oa]\b.*\d.*|(?:n\.?\s*)?\d{1,4}\s*(?:[/.-]\s*\d+\s*[/.-]|°?\s*[a-z]+)\s*'?\d+"
    r"\s*[)\]]?)",
    re.IGNORECASE,
)


def data(valore: Cella, *, oggi: date, passata: bool = False) -> date:
    """La data scritta in una cella: sempre giorno, mese, anno, mai scambiati.

    Capisce `3/2/25`, `03-02-2025`, `3.2.2025`, `3 febbraio 2025`, `1° mar. 25`, le date ISO, con o
    senza orario, le date vere di Excel e i suoi numeri (45000). Un anno di due cifre cade fra
    novant'anni fa e dieci anni avanti rispetto a `oggi`; con `passata` (una nascita) mai nel
    futuro. Solleva `FormaNonCapita` per ciò che è impreciso («feb-25»), che non esiste, o che sta
    fuori dagli anni 1900-2099.
    """
    controlla(valore)
    if isinstance(valore, datetime):
        return _anno_credibile(valore.date(), valore)
    if isinstance(valore, date):
        return _anno_credibile(valore, valore)
    if isinstance(valore, bool | time | timedelta):
        raise FormaNonCapita(f"«{mostra(valore)}» non è una data.")
    if isinstance(valore, int | float):
        return _da_seriale(valore)
    testo = _GIORNO_DELLA_SETTIMANA.sub("", piano(valore).rstrip(" .").removeprefix("il "))
    testo = _ORARIO.sub("", testo).strip()
    if testo.isdecimal():
        return _da_seriale(int(testo), valore)
    return _da_testo(testo, valore, oggi, passata)


def _da_seriale(numero: float, scritto: Cella = None) -> date:
    mostrato = mostra(numero if scritto is None else scritto)
    if _PRIMO_SERIALE <= numero <= _ULTIMO_SERIALE:
        return _GIORNO_ZERO + timedelta(days=int(numero))
    if PRIMO_ANNO <= numero <= ULTIMO_ANNO:
        raise FormaNonCapita(f"«{mostrato}» dice solo l'anno: scrivi anche giorno e mese.")
    raise FormaNonCapita(f"«{mostrato}» non è una data: scrivila come 3/2/2025.")


def _da_testo(testo: str, scritto: Cella, oggi: date, passata: bool) -> date:
    if trovata := _ISO.fullmatch(testo):
        anno, mese, giorno = (int(parte) for parte in trovata.groups())
        return _componi(giorno, mese, anno, scritto)
    if trovata := _IN_CIFRE.fullmatch(testo):
        giorno, mese, anno = trovata.groups()
        return _componi(int(giorno), int(mese), _anno(anno, scritto, oggi, passata), scritto)
    trovata = _IN_PAROLE.fullmatch(testo)
    if trovata and (mese := _mese(trovata[2])):
        return _componi(int(trovata[1]), mese, _anno(trovata[3], scritto, oggi, passata), scritto)
    if _SOLO_MESE.fullmatch(testo):
        raise FormaNonCapita(f"«{mostra(scritto)}» non dice il giorno: scrivilo, come 3/2/2025.")
    if _SENZA_ANNO.fullmatch(testo):
        raise FormaNonCapita(f"«{mostra(scritto)}» non dice l'anno: scrivilo, come 3/2/2025.")
    raise FormaNonCapita(f"«{mostra(scritto)}» non è una data: scrivila come 3/2/2025.")


def _mese(nome: str) -> int | None:
    """Da 1 a 12, anche abbreviato da tre lettere in su; None se non è un mese."""
    if len(nome) < 3:
        return None
    return next((n for n, mese in enumerate(_MESI, 1) if mese.startswith(nome)), None)


def _anno(cifre: str, scritto: Cella, oggi: date, passata: bool) -> int:
    if len(cifre) not in (2, 4):
        raise FormaNonCapita(f"L'anno di «{mostra(scritto)}» non si capisce: scrivilo intero.")
    if len(cifre) == 4:
        return int(cifre)
    limite = oggi.year + (0 if passata else _ANNI_AVANTI)
    anno = limite - limite % 100 + int(cifre)
    return anno - 100 if anno > limite else anno


def _componi(giorno: int, mese: int, anno: int, scritto: Cella) -> date:
    if mese > 12:
        raise FormaNonCapita(
            f"«{mostra(scritto)}»: il mese {mese} non esiste. Si legge giorno/mese/anno."
        )
    try:
        composta = date(anno, mese, giorno)
    except ValueError as errore:
        raise FormaNonCapita(f"«{mostra(scritto)}» è un giorno che non esiste.") from errore
    return _anno_credibile(composta, scritto)


def _anno_credibile(giorno: date, scritto: Cella) -> date:
    if PRIMO_ANNO <= giorno.year <= ULTIMO_ANNO:
        return giorno
    raise FormaNonCapita(f"«{mostra(scritto)}»: l'anno {giorno.year} non può essere giusto.")


def decimale(valore: Cella) -> Decimal:
    """Un numero scritto all'italiana: `1.234,50`, `€ 35,00`, `12,5`, e anche `12.5`.

    Il punto seguito da tre cifre divide le migliaia: `1.234` è milleduecentotrentaquattro. Solleva
    `FormaNonCapita` per il resto, compreso `1,234.50`.
    """
    controlla(valore)
    if isinstance(valore, int | float) and not isinstance(valore, bool):
        numero = Decimal(str(valore))
        if numero.is_finite():
            return numero
    if isinstance(valore, str):
        testo = _VALUTA.sub("", piano(valore)).strip()
        if _ITALIANO.fullmatch(testo):
            return Decimal(testo.replace(".", "").replace(" ", "").replace(",", "."))
        if _COL_PUNTO.fullmatch(testo):
            return Decimal(testo)
    raise FormaNonCapita(f"«{mostra(valore)}» non è un numero: scrivilo come 1.234,50.")


def intero(valore: Cella) -> int:
    """Un numero intero scritto all'italiana (`1.200`, `3,0`); solleva `FormaNonCapita`."""
    numero = decimale(valore)
    if numero != numero.to_integral_value():
        raise FormaNonCapita(f"«{mostra(valore)}» non è un numero intero.")
    return int(numero)


def si_no(valore: Cella) -> bool:
    """Sì o no: `sì`, `s`, `x`, `vero`, `1` e i loro contrari; solleva `FormaNonCapita` per il resto."""
    controlla(valore)
    if isinstance(valore, bool):
        return valore
    scritto = forma_normale(str(valore)).rstrip(".!")
    if scritto in _SI:
        return True
    if scritto in _NO:
        return False
    raise FormaNonCapita(f"«{mostra(valore)}» non è un sì né un no.")


def testo(valore: Cella) -> str:
    """Il testo di una cella con gli spazi in ordine; i numeri come si vedono, le date gg/mm/aaaa.

    Solleva `FormaNonCapita` per una cella vuota o guasta.
    """
    controlla(valore)
    return " ".join(come_si_vede(valore).split())


def nomi(valore: Cella) -> tuple[str, ...]:
    """I nomi scritti in una cella sola: «Rossi, Bianchi e Verdi» ne ha tre.

    Divide a virgole, punti e virgola, barre, a capo, «+», «&», «e». La data di nascita resta col suo
    nome, anche dopo una virgola: «Rossi Anna, 2/10/1981 + Bianchi Ugo» sono due. Non sa se
    «Rossi, Mario» sono due persone o cognome e nome di una: lo decide chi ha davanti le persone
    dell'ente.
    """
    controlla(valore)
    divisi: list[str] = []
    for pezzo in _FRA_NOMI.split(come_si_vede(valore)):
        nome = " ".join(pezzo.split())
        if divisi and _NASCITA.fullmatch(nome):
            divisi[-1] += f" {nome}"
        elif nome:
            divisi.append(nome)
    return tuple(divisi)
