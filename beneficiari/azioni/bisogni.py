"""Rilevare i bisogni di una persona, dirne lo stato, chiuderli, riaprirli."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from assi.models import Bisogno
from beneficiari.azioni.rilevazioni import ferma, non_nel_futuro
from beneficiari.models import Beneficiario, BisognoRilevato, PresaInCarico
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


@dataclass(frozen=True, slots=True)
class NuovoBisogno:
    """Un bisogno scelto dalla lista: la gravità va da 0 a 4."""

    bisogno: Bisogno
    gravita: int
    novita: str


@transaction.atomic
def aggiungi_bisogni(
    *,
    persona: Beneficiario,
    bisogni: Sequence[NuovoBisogno],
    rilevato_il: date,
    presa: PresaInCarico | None = None,
    da: Attore,
) -> list[BisognoRilevato]:
    """Apre tutti i bisogni o nessuno; li rende nell'ordine dato.

    Solleva ValidationError se la lista è vuota, il giorno è futuro o un bisogno è già aperto.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    if not bisogni:
        raise ValidationError("Scegli la gravità di almeno un bisogno.")
    non_nel_futuro("rilevato_il", rilevato_il)
    gia_aperti = (
        BisognoRilevato.objects.di(da.ente, persona.chiavi).aperti().select_related("bisogno")
    )
    aperti = {riga.bisogno_id: riga.bisogno.nome for riga in gia_aperti}
    doppi = [aperti[voce.bisogno.pk] for voce in bisogni if voce.bisogno.pk in aperti]
    if doppi:
        raise ValidationError(
            f"Già aperti per la persona: {', '.join(doppi)}. Toglili da qui e cambiali dov'erano."
        )
    with frasi_del_database():
        return [
            BisognoRilevato.objects.create(
                ente=da.ente,
                beneficiario=persona,
                presa=presa,
                bisogno=voce.bisogno,
                gravita=voce.gravita,
                novita=voce.novita,
                rilevato_il=rilevato_il,
                rilevato_da=da.utente,
            )
            for voce in bisogni
        ]


@transaction.atomic
def aggiorna_bisogno(
    *,
    bisogno: BisognoRilevato,
    gravita: int,
    novita: str,
    stato: str,
    visto: str | None = None,
    da: Attore,
) -> BisognoRilevato:
    """Cambia gravità, novità e stato. `visto` è l'impronta che chi scrive aveva davanti.

    Solleva RigaCambiata se non è più quella, ValidationError se il bisogno è chiuso.
    """
    riga = _ferma(bisogno, visto, da)
    if riga.chiuso_il:
        raise ValidationError("Questo bisogno è chiuso: per cambiarlo riaprilo.")
    return _scrivi(riga, gravita=gravita, novita=novita, stato=stato)


@transaction.atomic
def chiudi_bisogno(
    *,
    bisogno: BisognoRilevato,
    chiuso_il: date,
    stato: str = "",
    visto: str | None = None,
    da: Attore,
) -> BisognoRilevato:
    """Chiude il bisogno con lo stato finale; senza, resta quello che aveva: non serve più.

    Solleva RigaCambiata, o ValidationError se il giorno è futuro o precede il rilievo.
    """
    riga = _ferma(bisogno, visto, da)
    non_nel_futuro("chiuso_il", chiuso_il)
    return _scrivi(riga, chiuso_il=chiuso_il, stato=stato or riga.stato)


@transaction.atomic
def riapri_bisogno(
    *, bisogno: BisognoRilevato, visto: str | None = None, da: Attore
) -> BisognoRilevato:
    """Toglie la chiusura; ciò che era coperto torna aperto. Solleva RigaCambiata, o
    ValidationError se intanto lo stesso bisogno è stato aperto di nuovo."""
    riga = _ferma(bisogno, visto, da)
    coperto = riga.stato == BisognoRilevato.Stato.COPERTO
    stato = BisognoRilevato.Stato.APERTO if coperto else riga.stato
    return _scrivi(riga, chiuso_il=None, stato=stato)


@transaction.atomic
def rimetti_bisogno(
    *, bisogno: BisognoRilevato, era: str, visto: str | None = None, da: Attore
) -> BisognoRilevato:
    """Annulla l'ultimo cambiamento: il bisogno torna all'impronta `era`.

    Solleva RigaCambiata se intanto è cambiato ancora, ValidationError se `era` non è un'impronta.
    """
    riga = _ferma(bisogno, visto, da)
    try:
        gravita, novita, stato, chiuso = era.split("|")
        campi = {"gravita": int(gravita), "novita": novita, "stato": stato}
        campi["chiuso_il"] = date.fromisoformat(chiuso) if chiuso else None
    except ValueError:
        raise ValidationError("Non si sa più com'era: cambialo a mano.") from None
    return _scrivi(riga, **campi)


def _ferma(bisogno: BisognoRilevato, visto: str | None, da: Attore) -> BisognoRilevato:
    da.esigi(Permesso.PERSONE_SCRIVERE)
    return ferma(bisogno, vista=visto)


def _scrivi(riga: BisognoRilevato, **campi) -> BisognoRilevato:
    for nome, valore in campi.items():
        setattr(riga, nome, valore)
    for nome in ("gravita", "novita", "stato"):
        # Le scelte dei campi non sono vincoli del database: qui passa anche un'impronta riscritta.
        riga._meta.get_field(nome).clean(getattr(riga, nome), riga)
    with frasi_del_database():
        riga.save(update_fields=list(campi))
    return riga
