"""I mesi di calendario: un mese dopo il 31 gennaio è l'ultimo giorno di febbraio."""

from calendar import monthrange
from datetime import date


def fra_mesi(giorno: date, mesi: int) -> date:
    """Lo stesso giorno `mesi` mesi dopo (prima, se negativo); se quel mese è più corto, l'ultimo."""
    anni, mese = divmod(giorno.year * 12 + giorno.month - 1 + mesi, 12)
    return date(anni, mese + 1, min(giorno.day, monthrange(anni, mese + 1)[1]))


def mesi_fra(dal: date, al: date) -> int:
    """Quanti mesi occorrono per coprire da `dal` ad `al`, estremi compresi: un mese e un giorno
    sono due mesi."""
    mesi = (al.year - dal.year) * 12 + al.month - dal.month
    return mesi + (al.day >= dal.day)
