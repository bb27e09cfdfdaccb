"""Date, durate, importi e sì/no come li scrive una persona in Italia.

Ogni funzione prende una cella e rende un valore, o solleva `FormaNonCapita` con una frase che
nomina ciò che c'era scritto. Non si indovina: ciò che si può leggere in due modi si rifiuta e si
dice come scriverlo. Una cella vuota non è uno zero: chi chiama guarda prima `celle.vuota`.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from registro.comune.fogli.celle import Cella, CellaGuasta, vuota
from registro.comune.ricerca import forma_normale


Unita = Literal["ore", "minuti", "giorni"]

PRIMO_ANNO, ULTIMO_ANNO = 1900, 2099
# Il giorno zero di Excel; sotto il 1° gennaio 1920 un numero è più spesso un anno che una data.
_GIORNO_ZERO = date(1899, 12, 30)
_PRIMO_SERIALE, _ULTIMO_SERIALE = 7_306, 73_050
_ANNI_AVANTI = 10
_MOSTRATI = 60

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
_ORARIO = re.compile(r"(?:[t ]|,? ore )\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?z?$")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_IN_CIFRE = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*'?(\d+)")
_IN_PAROLE = re.compile(r"(\d{1,2})[°º^]?\s*[-/. ]?\s*([a-z]+)\.?\s*[-/ ]?\s*'?(\d+)")
_SOLO_MESE = re.compile(r"(?:[a-z]+\.?[-/ ]*'?(?:\d{2}|\d{4})|\d{1,2}[-/.]\d{4})")
_SENZA_ANNO = re.compile(r"\d{1,2}\s*(?:[-/.]\s*\d{1,2}|[-/ ]?\s*[a-z]+)")

_NUMERO = r"(\d+(?:[.,]\d+)?)"
_A_OROLOGIO = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_ORE_E_MINUTI = re.compile(
    r"(\d{1,3})\s*(?:h|hh|ora|ore)\.?\s*(?:e\s*)?([0-5]?\d)\s*(?:m|min|minuti|'|′)?\.?"
)
_SOLE_ORE = re.compile(rf"{_NUMERO}\s*(?:h|hh|hr|hrs|ora|ore)\.?(\s+e\s+mezz[ao])?")
_SOLI_MINUTI = re.compile(rf"{_NUMERO}\s*(?:'|′|m|mn|min|mins|minuto|minuti)\.?")
_ORA_O_DECIMALE = re.compile(r"\d+[.,](?:05|10|15|20|30|35|40|45|55)")
_ORE_IN_LETTERE = {
    "un": 1,
    "una": 1,
    "due": 2,
    "tre": 3,
    "quattro": 4,
    "cinque": 5,
    "sei": 6,
    "sette": 7,
    "otto": 8,
}
_IN_LETTERE = re.compile(rf"({'|'.join(_ORE_IN_LETTERE)})(?:'| )?\s*or[ae](?: e (.+))?")
_FRAZIONI = {
    "mezza": 30,
    "mezzo": 30,
    "mezz'ora": 30,
    "mezzora": 30,
    "mezza ora": 30,
    "un quarto": 15,
    "un quarto d'ora": 15,
    "tre quarti": 45,
    "tre quarti d'ora": 45,
}
_MINUTI_PER = {"ore": 60, "minuti": 1, "giorni": 24 * 60}
# Un'ora e un terzo si scrive 1,33: sono 79,8 minuti, e si leggono 80.
_SCARTO = Decimal("0.2")
_ORE_MINIME = Decimal("0.1")

_VALUTA = re.compile(r"^(?:€|eur|euro)\.?\s*|\s*(?:€|eur|euro)\.?$")
_ITALIANO = re.compile(r"[-+]?(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,\d+)?")
_COL_PUNTO = re.compile(r"[-+]?\d+\.\d+")
_SI = frozenset(["si", "s", "x", "v", "vero", "true", "yes", "y", "1", "ok", "✓", "✔", "☑"])
_NO = frozenset(["no", "n", "falso", "false", "0", "-", "–", "✗", "✘", "☐"])
_FRA_NOMI = re.compile(r"\s*(?:[,;/\n+&]|\s+e\s+|\s+ed\s+)\s*", re.IGNORECASE)


class FormaNonCapita(ValueError):
    """Un valore che non si capisce; `frase` lo nomina e dice come scriverlo."""

    def __init__(self, frase: str) -> None:
        self.frase = frase
        super().__init__(frase)


def data(valore: Cella, *, oggi: date, passata: bool = False) -> date:
    """La data scritta in una cella: sempre giorno, mese, anno, mai scambiati.

    Capisce `3/2/25`, `03-02-2025`, `3.2.2025`, `3 febbraio 2025`, `1° mar. 25`, le date ISO, con o
    senza orario, le date vere di Excel e i suoi numeri (45000). Un anno di due cifre cade fra
    novant'anni fa e dieci anni avanti rispetto a `oggi`; con `passata` (una nascita) mai nel
    futuro. Solleva `FormaNonCapita` per ciò che è impreciso («feb-25»), che non esiste, o che sta
    fuori dagli anni 1900-2099.
    """
    _controlla(valore)
    if isinstance(valore, datetime):
        return _anno_credibile(valore.date(), valore)
    if isinstance(valore, date):
        return _anno_credibile(valore, valore)
    if isinstance(valore, bool | time | timedelta):
        raise FormaNonCapita(f"«{_mostra(valore)}» non è una data.")
    if isinstance(valore, int | float):
        return _da_seriale(valore)
    testo = _GIORNO_DELLA_SETTIMANA.sub("", _piano(valore).removeprefix("il "))
    testo = _ORARIO.sub("", testo).strip()
    if testo.isdecimal():
        return _da_seriale(int(testo), valore)
    return _da_testo(testo, valore, oggi, passata)


def _da_seriale(numero: float, scritto: Cella = None) -> date:
    mostrato = _mostra(numero if scritto is None else scritto)
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
        raise FormaNonCapita(f"«{_mostra(scritto)}» non dice il giorno: scrivilo, come 3/2/2025.")
    if _SENZA_ANNO.fullmatch(testo):
        raise FormaNonCapita(f"«{_mostra(scritto)}» non dice l'anno: scrivilo, come 3/2/2025.")
    raise FormaNonCapita(f"«{_mostra(scritto)}» non è una data: scrivila come 3/2/2025.")


def _mese(nome: str) -> int | None:
    """Da 1 a 12, anche abbreviato da tre lettere in su; None se non è un mese."""
    if len(nome) < 3:
        return None
    return next((n for n, mese in enumerate(_MESI, 1) if mese.startswith(nome)), None)


def _anno(cifre: str, scritto: Cella, oggi: date, passata: bool) -> int:
    if len(cifre) not in (2, 4):
        raise FormaNonCapita(f"L'anno di «{_mostra(scritto)}» non si capisce: scrivilo intero.")
    if len(cifre) == 4:
        return int(cifre)
    limite = oggi.year + (0 if passata else _ANNI_AVANTI)
    anno = limite - limite % 100 + int(cifre)
    return anno - 100 if anno > limite else anno


def _componi(giorno: int, mese: int, anno: int, scritto: Cella) -> date:
    if mese > 12:
        raise FormaNonCapita(
            f"«{_mostra(scritto)}»: il mese {mese} non esiste. Si legge giorno/mese/anno."
        )
    try:
        composta = date(anno, mese, giorno)
    except ValueError as errore:
        raise FormaNonCapita(f"«{_mostra(scritto)}» è un giorno che non esiste.") from errore
    return _anno_credibile(composta, scritto)


def _anno_credibile(giorno: date, scritto: Cella) -> date:
    if PRIMO_ANNO <= giorno.year <= ULTIMO_ANNO:
        return giorno
    raise FormaNonCapita(f"«{_mostra(scritto)}»: l'anno {giorno.year} non può essere giusto.")


def durata(valore: Cella, *, unita: Unita | None = None) -> int:
    """I minuti scritti in una cella, arrotondati al minuto.

    Capisce `1h30`, `1:30`, `2 ore`, `1,5 h`, `90'`, `90 min`, «un'ora e mezza» e le ore di Excel. Un
    numero da solo non dice che cosa conta: lo dice `unita`, scelta per tutta la colonna («giorni»
    sono le frazioni di giorno con cui Excel tiene le ore). Solleva `FormaNonCapita` quando manca
    `unita`, per i numeri negativi e per `1,30` o `1.30`, che possono essere due cose.
    """
    _controlla(valore)
    if isinstance(valore, bool):
        raise FormaNonCapita(f"«{_mostra(valore)}» non è una durata.")
    if isinstance(valore, str):
        return _durata_dal_testo(valore, unita)
    if isinstance(valore, int | float):
        return _in_minuti(Decimal(str(valore)), valore, unita)
    secondi = _secondi(valore)
    if not 0 <= secondi <= 366 * 86_400:
        raise FormaNonCapita(f"«{_mostra(valore)}» è una data, non una durata.")
    return round(secondi / 60)


def _secondi(valore: date | time | timedelta) -> float:
    if isinstance(valore, timedelta):
        return valore.total_seconds()
    if isinstance(valore, time):
        return valore.hour * 3600 + valore.minute * 60 + valore.second
    # Oltre le 24 ore, col formato h:mm, Excel le mostra come un giorno del 1900.
    giorni = (date(valore.year, valore.month, valore.day) - date(1899, 12, 31)).days
    return giorni * 86_400 + (_secondi(valore.time()) if isinstance(valore, datetime) else 0)


def _durata_dal_testo(valore: str, unita: Unita | None) -> int:
    testo = _piano(valore)
    if trovata := _A_OROLOGIO.fullmatch(testo):
        ore, minuti, secondi = trovata.groups(default="0")
        return int(ore) * 60 + int(minuti) + round(int(secondi) / 60)
    if trovata := _ORE_E_MINUTI.fullmatch(testo):
        return int(trovata[1]) * 60 + int(trovata[2])
    if trovata := _SOLE_ORE.fullmatch(testo):
        return _numero_scritto(trovata[1], valore, "ore") + (30 if trovata[2] else 0)
    if trovata := _SOLI_MINUTI.fullmatch(testo):
        return _numero_scritto(trovata[1], valore, "minuti")
    if (minuti := _in_lettere(testo)) is not None:
        return minuti
    return _numero_scritto(testo, valore, unita)


def _in_lettere(testo: str) -> int | None:
    if testo in _FRAZIONI:
        return _FRAZIONI[testo]
    trovata = _IN_LETTERE.fullmatch(testo)
    if not trovata or (trovata[2] and trovata[2] not in _FRAZIONI):
        return None
    return _ORE_IN_LETTERE[trovata[1]] * 60 + _FRAZIONI.get(trovata[2], 0)


def _numero_scritto(testo: str, scritto: str, unita: Unita | None) -> int:
    if unita == "ore" and _ORA_O_DECIMALE.fullmatch(testo):
        ore, minuti = re.split("[.,]", testo)
        raise FormaNonCapita(
            f"«{_mostra(scritto)}» può essere {ore}h{minuti} oppure {ore},{minuti} ore: "
            f"scrivi {ore}:{minuti}, oppure i minuti."
        )
    try:
        numero = Decimal(testo.replace(",", ".")) if testo.isascii() else None
    except InvalidOperation:
        numero = None
    if numero is None or not numero.is_finite():
        raise FormaNonCapita(f"«{_mostra(scritto)}» non è una durata: scrivila come 1h30 o 90'.")
    return _in_minuti(numero, scritto, unita)


def _in_minuti(numero: Decimal, scritto: Cella, unita: Unita | None) -> int:
    if not numero.is_finite() or numero < 0:
        raise FormaNonCapita(f"«{_mostra(scritto)}» non è una durata.")
    if unita is None:
        raise FormaNonCapita(
            f"«{_mostra(scritto)}»: non si sa se sono ore o minuti. Scegli l'unità della colonna."
        )
    if unita == "ore" and 0 < numero < _ORE_MINIME:
        raise FormaNonCapita(
            f"«{_mostra(scritto)}» è troppo poco per essere ore. Se la colonna tiene le ore di Excel "
            "scegli «giorni» come unità."
        )
    minuti = numero * _MINUTI_PER[unita]
    interi = round(minuti)
    if abs(minuti - interi) > _SCARTO:
        raise FormaNonCapita(f"«{_mostra(scritto)}» non fa un numero intero di minuti.")
    return interi


def decimale(valore: Cella) -> Decimal:
    """Un numero scritto all'italiana: `1.234,50`, `€ 35,00`, `12,5`, e anche `12.5`.

    Il punto seguito da tre cifre divide le migliaia: `1.234` è milleduecentotrentaquattro. Solleva
    `FormaNonCapita` per il resto, compreso `1,234.50`.
    """
    _controlla(valore)
    if isinstance(valore, int | float) and not isinstance(valore, bool):
        numero = Decimal(str(valore))
        if numero.is_finite():
            return numero
    if isinstance(valore, str):
        testo = _VALUTA.sub("", _piano(valore)).strip()
        if _ITALIANO.fullmatch(testo):
            return Decimal(testo.replace(".", "").replace(" ", "").replace(",", "."))
        if _COL_PUNTO.fullmatch(testo):
            return Decimal(testo)
    raise FormaNonCapita(f"«{_mostra(valore)}» non è un numero: scrivilo come 1.234,50.")


def intero(valore: Cella) -> int:
    """Un numero intero scritto all'italiana (`1.200`, `3,0`); solleva `FormaNonCapita`."""
    numero = decimale(valore)
    if numero != numero.to_integral_value():
        raise FormaNonCapita(f"«{_mostra(valore)}» non è un numero intero.")
    return int(numero)


def si_no(valore: Cella) -> bool:
    """Sì o no: `sì`, `s`, `x`, `vero`, `1` e i loro contrari; solleva `FormaNonCapita` per il resto."""
    _controlla(valore)
    if isinstance(valore, bool):
        return valore
    scritto = forma_normale(str(valore)).rstrip(".!")
    if scritto in _SI:
        return True
    if scritto in _NO:
        return False
    raise FormaNonCapita(f"«{_mostra(valore)}» non è un sì né un no.")


def testo(valore: Cella) -> str:
    """Il testo di una cella con gli spazi in ordine; i numeri come si vedono, le date gg/mm/aaaa.

    Solleva `FormaNonCapita` per una cella vuota o guasta.
    """
    _controlla(valore)
    return " ".join(_scritto(valore).split())


def nomi(valore: Cella) -> tuple[str, ...]:
    """I nomi scritti in una cella sola: «Rossi, Bianchi e Verdi» ne ha tre.

    Divide a virgole, punti e virgola, barre, a capo, «+», «&», «e». Non sa se «Rossi, Mario» sono
    due persone o cognome e nome di una: lo decide chi ha davanti le persone dell'ente.
    """
    _controlla(valore)
    divisi = (" ".join(nome.split()) for nome in _FRA_NOMI.split(_scritto(valore)))
    return tuple(nome for nome in divisi if nome)


def _controlla(valore: Cella) -> None:
    if isinstance(valore, CellaGuasta):
        raise FormaNonCapita(f"La cella non ha un valore: {valore.frase}.")
    if vuota(valore):
        raise FormaNonCapita("La cella è vuota.")


def _piano(valore: str) -> str:
    """Minuscolo, senza accenti, con apostrofi e spazi di una sola specie."""
    return forma_normale(re.sub("[’‘`´]", "'", valore).replace("º", "°"))


def _scritto(valore: Cella) -> str:
    if isinstance(valore, bool):
        return "sì" if valore else "no"
    if isinstance(valore, datetime) and valore.time() != time():
        return f"{valore:%d/%m/%Y %H:%M}"
    if isinstance(valore, date):
        return f"{valore:%d/%m/%Y}"
    if isinstance(valore, time):
        return f"{valore:%H:%M}"
    if isinstance(valore, timedelta):
        ore, resto = divmod(round(valore.total_seconds() / 60), 60)
        return f"{ore}:{resto:02}"
    return str(valore).replace(".", ",") if isinstance(valore, float) else str(valore)


def _mostra(valore: Cella) -> str:
    """Il valore come sta in una frase: su una riga, e non più lungo di quanto serva."""
    scritto = " ".join(_scritto(valore).split())
    return scritto if len(scritto) <= _MOSTRATI else f"{scritto[:_MOSTRATI]}…"
