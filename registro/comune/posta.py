"""La posta che il Registro manda da solo: a ciascuno il suo messaggio, e uno che manca non ferma gli altri."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.core.mail import send_mail


registro = logging.getLogger(__name__)


def spedisci_a_ciascuno(
    oggetto: str, testo: str, indirizzi: Iterable[str], *, che_cosa: str
) -> int:
    """Un messaggio per indirizzo, senza i doppi. Rende a quanti è partito; zero se non ce n'erano.

    Un indirizzo sbagliato, o rifiutato, si salta. `che_cosa` va nei registri di servizio quando un
    messaggio non parte: è nostro, senza nomi e senza indirizzi.
    """
    a_chi = sorted(set(indirizzi) - {""})
    if not a_chi:
        registro.warning("%s: non c'è nessuno a cui scrivere.", che_cosa)
    return sum(_parte(oggetto, testo, indirizzo, che_cosa) for indirizzo in a_chi)


def _parte(oggetto: str, testo: str, indirizzo: str, che_cosa: str) -> bool:
    try:
        return bool(send_mail(oggetto, testo, None, [indirizzo]))
    except (SMTPException, OSError, ValueError) as errore:
        # Né l'indirizzo né le parole del server, che lo ripetono.
        registro.warning("%s: un messaggio non è partito (%s).", che_cosa, type(errore).__name__)
        return False
