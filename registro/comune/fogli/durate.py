"""Le durate come le scrive una persona in Italia, in minuti."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal, get_args

from registro.comune.fogli.celle import Cella
from registro.comune.fogli.scritture import FormaNonCapita, controlla, mostra, piano


# «centesimi» e «sessantesimi» sono i due modi di scrivere le ore coi decimali, come li chiamano le
# buste paga: 1,30 è un'ora e diciotto minuti, oppure un'ora e mezza.
Unita = Literal["ore", "centesimi", "sessantesimi", "minuti", "giorni"]
UNITA: tuple[Unita, ...] = get_args(Unita)

_NUMERO = r"(\d+(?:[.,]\d+)?)"
_A_OROLOGIO = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
_ORE_E_MINUTI = re.compile(
    r"(\d{1,3})\s*(?:h|hh|ora|ore)\.?\s*(?:e\s*)?([0-5]?\d)\s*(?:m|min|minuti|'|′)?\.?"
)
_SOLE_ORE = re.compile(rf"{_NUMERO}\s*(?:h|hh|hr|hrs|ora|ore)\.?(\s+e\s+mezz[ao])?")
_SOLI_MINUTI = re.compile(rf"{_NUMERO}\s*(?:'|′|m|mn|min|mins|minuto|minuti)\.?")
# Chi scrive 1,30 in Excel ci lascia il numero 1,3: una cifra da sola sono le decine dei minuti. Con
# 5, 25 e 75 sono le mezze ore e i quarti d'ora, e da 6 in su non possono essere minuti.
_ORA_O_DECIMALE = re.compile(r"(\d+)[.,]([1-4]|05|10|15|20|30|35|40|45|55)")
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
    "1 quarto": 15,
    "1 quarto d'ora": 15,
    "3 quarti": 45,
    "3 quarti d'ora": 45,
    "mezzo": 30,
    "mezz'ora": 30,
    "mezzora": 30,
    "mezza ora": 30,
    "un quarto": 15,
    "un quarto d'ora": 15,
    "tre quarti": 45,
    "tre quarti d'ora": 45,
}
_E_MEZZA = re.compile(r"(\d{1,3})\s*e\s+(mezz[ao]|un quarto|tre quarti)(?:\s*(?:h|or[ae])\.?)?")
_SEGNI = {"½": "mezza", "¼": "un quarto", "¾": "tre quarti"}
_UN_SEGNO = re.compile(r"(\d?)\s*([½¼¾])")
# «ore 1:30» è una durata, «ore 15:30» un'ora del giorno.
_ORE_DAVANTI = re.compile(r"(?:ore|h)\.?\s*(?=\d)(?!(?:1[2-9]|2[0-3])[:.,])")
_MINUTI_PER = {"ore": 60, "centesimi": 60, "minuti": 1, "giorni": 24 * 60}
_DI_ORE = ("ore", "centesimi", "sessantesimi")
# Un'ora e un terzo si scrive 1,33: sono 79,8 minuti, e si leggono 80.
_SCARTO = Decimal("0.2")
_ORE_MINIME = Decimal("0.1")
_MEZZOGIORNO = time(12)
_CIFRE = 9


class DurataAmbigua(FormaNonCapita):
    """Un numero di ore che può essere in centesimi o in sessantesimi."""


def di_ore(unita: Unita | None) -> Unita:
    """Come si leggono le ore di una colonna di ore: l'unità scelta, se è un modo di scriverle."""
    return unita if unita in _DI_ORE else "ore"


def durata(valore: Cella, *, unita: Unita | None = None) -> int:
    """I minuti scritti in una cella, arrotondati al minuto.

    Capisce `1h30`, `1:30`, `2 ore`, `1,5 h`, `90'`, `90 min`, «un'ora e mezza» e le ore di Excel. Un
    numero da solo non dice che cosa conta: lo dice `unita`, scelta per tutta la colonna («giorni»
    sono le frazioni di giorno con cui Excel tiene le ore). Solleva `FormaNonCapita` quando manca
    `unita`, per i numeri negativi e per un'ora del giorno, da mezzogiorno in poi; `DurataAmbigua`
    per `1,30` o `1.30`, e per l'1,3 che ne resta in Excel, se sono «ore» senza dire quali.
    """
    controlla(valore)
    if isinstance(valore, bool):
        raise FormaNonCapita(f"«{mostra(valore)}» non è una durata.")
    if isinstance(valore, str):
        return _durata_dal_testo(valore, unita)
    if isinstance(valore, int | float):
        # Il risultato di una formula può essere 1,2999999999999998.
        numero = str(round(valore, _CIFRE))
        _non_ambiguo(numero, valore, unita)
        return _in_minuti(Decimal(numero), valore, unita)
    if isinstance(valore, time) and valore >= _MEZZOGIORNO:
        raise _ora_del_giorno(valore, valore.hour, valore.minute)
    secondi = _secondi(valore)
    if not 0 <= secondi <= 366 * 86_400:
        raise FormaNonCapita(f"«{mostra(valore)}» è una data, non una durata.")
    return round(secondi / 60)


def _ora_del_giorno(valore: Cella, ore: int, minuti: int) -> FormaNonCapita:
    return FormaNonCapita(
        f"«{mostra(valore)}» è un'ora del giorno, non una durata. Se è quanto è durato, scrivi "
        f"{ore}h{minuti:02}."
    )


def _secondi(valore: date | time | timedelta) -> float:
    if isinstance(valore, timedelta):
        return valore.total_seconds()
    if isinstance(valore, time):
        return valore.hour * 3600 + valore.minute * 60 + valore.second
    # Oltre le 24 ore, col formato h:mm, Excel le mostra come un giorno del 1900.
    giorni = (date(valore.year, valore.month, valore.day) - date(1899, 12, 31)).days
    return giorni * 86_400 + (_secondi(valore.time()) if isinstance(valore, datetime) else 0)


def _durata_dal_testo(valore: str, unita: Unita | None) -> int:
    testo = piano(_UN_SEGNO.sub(_in_parole, valore))
    if davanti := _ORE_DAVANTI.match(testo):
        testo, unita = testo[davanti.end() :], di_ore(unita)
    if trovata := _A_OROLOGIO.fullmatch(testo):
        ore, minuti, secondi = map(int, trovata.groups(default="0"))
        if _MEZZOGIORNO.hour <= ore < 24:
            raise _ora_del_giorno(valore, ore, minuti)
        return ore * 60 + minuti + round(secondi / 60)
    if trovata := _ORE_E_MINUTI.fullmatch(testo):
        return int(trovata[1]) * 60 + int(trovata[2])
    if trovata := _E_MEZZA.fullmatch(testo):
        return int(trovata[1]) * 60 + _FRAZIONI[trovata[2]]
    if trovata := _SOLE_ORE.fullmatch(testo):
        return _numero_scritto(trovata[1], valore, di_ore(unita)) + (30 if trovata[2] else 0)
    if trovata := _SOLI_MINUTI.fullmatch(testo):
        return _numero_scritto(trovata[1], valore, "minuti")
    if (minuti := _in_lettere(testo)) is not None:
        return minuti
    return _numero_scritto(testo, valore, unita)


def _in_parole(segno: re.Match[str]) -> str:
    """«1½» come «1 e mezza», «½» come «mezza»."""
    return f"{segno[1]} e {_SEGNI[segno[2]]}" if segno[1] else _SEGNI[segno[2]]


def _in_lettere(testo: str) -> int | None:
    if testo in _FRAZIONI:
        return _FRAZIONI[testo]
    trovata = _IN_LETTERE.fullmatch(testo)
    if not trovata or (trovata[2] and trovata[2] not in _FRAZIONI):
        return None
    return _ORE_IN_LETTERE[trovata[1]] * 60 + _FRAZIONI.get(trovata[2], 0)


def _non_ambiguo(numero: str, scritto: Cella, unita: Unita | None) -> None:
    """Solleva `DurataAmbigua` se un numero di ore può essere ore e minuti."""
    if unita == "ore" and (trovata := _ORA_O_DECIMALE.fullmatch(numero)):
        ore, minuti = trovata[1], trovata[2].ljust(2, "0")
        raise DurataAmbigua(
            f"«{mostra(scritto)}» può essere {ore}h{minuti} oppure {ore},{minuti} ore: "
            f"scrivi {ore}:{minuti}, oppure i minuti."
        )


def _numero_scritto(testo: str, scritto: str, unita: Unita | None) -> int:
    _non_ambiguo(testo, scritto, unita)
    try:
        numero = Decimal(testo.replace(",", ".")) if testo.isascii() else None
    except InvalidOperation:
        numero = None
    if numero is None or not numero.is_finite():
        raise FormaNonCapita(f"«{mostra(scritto)}» non è una durata: scrivila come 1h30 o 90'.")
    return _in_minuti(numero, scritto, unita)


def _in_minuti(numero: Decimal, scritto: Cella, unita: Unita | None) -> int:
    if not numero.is_finite() or numero < 0:
        raise FormaNonCapita(f"«{mostra(scritto)}» non è una durata.")
    if numero == 0:
        return 0
    if unita is None:
        raise FormaNonCapita(
            f"«{mostra(scritto)}»: non si sa se sono ore o minuti. Scegli l'unità della colonna."
        )
    if unita == "sessantesimi":
        return _in_sessantesimi(numero, scritto)
    if unita in ("ore", "centesimi") and numero < _ORE_MINIME:
        raise FormaNonCapita(
            f"«{mostra(scritto)}» è troppo poco per essere ore. Se la colonna tiene le ore di Excel "
            "scegli «giorni» come unità."
        )
    minuti = numero * _MINUTI_PER[unita]
    interi = round(minuti)
    if abs(minuti - interi) > _SCARTO:
        raise FormaNonCapita(f"«{mostra(scritto)}» non fa un numero intero di minuti.")
    return interi


def _in_sessantesimi(numero: Decimal, scritto: Cella) -> int:
    """1,3 e 1,30 sono un'ora e mezza: dopo la virgola ci sono i minuti, in due cifre."""
    ore, dopo = divmod(numero, 1)
    minuti = dopo * 100
    if minuti >= 60 or minuti != int(minuti):
        raise FormaNonCapita(
            f"«{mostra(scritto)}» non sono ore e minuti: dopo la virgola i minuti vanno da 00 a 59."
        )
    return int(ore) * 60 + int(minuti)
