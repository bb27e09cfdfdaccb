"""Scrivere una nota su una persona, e cambiare le proprie."""

from django.core.exceptions import ValidationError
from django.db import transaction

from beneficiari.azioni.rilevazioni import ferma
from beneficiari.models import Beneficiario, Nota, PresaInCarico
from enti.permessi import Attore, Permesso


LUNGHEZZA_MASSIMA = 5000


@transaction.atomic
def scrivi_nota(
    *, persona: Beneficiario, testo: str, presa: PresaInCarico | None = None, da: Attore
) -> Nota:
    """Aggiunge una nota, cifrata. Solleva ValidationError se è vuota o troppo lunga."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    nota = Nota(ente=da.ente, beneficiario=persona, presa=presa, scritta_da=da.utente)
    nota.testo = _controllato(testo)
    nota.save()
    return nota


@transaction.atomic
def modifica_nota(*, nota: Nota, testo: str, versione: int, da: Attore) -> Nota:
    """Riscrive una propria nota. `versione` è quella che chi scrive aveva davanti.

    Solleva RigaCambiata se non è più quella, ValidationError se la nota è di un'altra persona, è
    vuota o troppo lunga.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    if nota.scritta_da_id != da.utente.pk:
        raise ValidationError("Una nota la cambia solo chi l'ha scritta: scrivine una tua.")
    testo = _controllato(testo)
    riga = ferma(nota, vista=versione, segno="versione")
    riga.testo = testo
    riga.versione += 1
    riga.save(update_fields=["testo_cifrato", "versione"])
    return riga


def _controllato(testo: str) -> str:
    testo = testo.strip()
    if not testo:
        raise ValidationError({"testo": "Scrivi la nota."})
    if len(testo) > LUNGHEZZA_MASSIMA:
        raise ValidationError(
            {"testo": f"La nota supera i {LUNGHEZZA_MASSIMA} caratteri: dividila in due."}
        )
    return testo
