"""I codici delle persone inventate: ben formati, e di nessuno.

Serve solo alla dimostrazione: il programma i codici li controlla, non li calcola. Un codice uscito
da un nome e da una data inventati può coincidere con uno vero, come ogni codice fiscale possibile.
"""

from datetime import date
from random import Random

from stdnum import luhn
from stdnum.it.codicefiscale import calc_check_digit

from beneficiari.codici import lettere_del_cognome, lettere_del_nome


_MESI = "ABCDEHLMPRST"
_OMOCODIA = "LMNPQRSTUV"
_DONNA = 40


def codice_fiscale(*, cognome: str, nome: str, sesso: str, nascita: date, luogo: str) -> str:
    """Il codice fiscale che spetterebbe a chi si chiama così; `luogo` è il codice catastale."""
    giorno = nascita.day + (_DONNA if sesso == "F" else 0)
    corpo = (
        f"{lettere_del_cognome(cognome)}{lettere_del_nome(nome)}{nascita:%y}"
        f"{_MESI[nascita.month - 1]}{giorno:02d}{luogo}"
    )
    return corpo + calc_check_digit(corpo)


def omocodo(codice: str) -> str:
    """Lo stesso codice con l'ultima cifra sostituita, come si fa quando due persone lo avrebbero
    uguale."""
    corpo = codice[:14] + _OMOCODIA[int(codice[14])]
    return corpo + calc_check_digit(corpo)


def provvisorio(caso: Random) -> str:
    """Undici cifre con quella di controllo."""
    cifre = f"{caso.randrange(1_000_000, 9_999_999)}{caso.randrange(100, 999)}"
    return cifre + luhn.calc_check_digit(cifre)


def con_sigla(sigla: str, caso: Random) -> str:
    """Un codice STP o ENI: la sigla e tredici cifre."""
    return f"{sigla}{caso.randrange(10**12, 10**13)}"
