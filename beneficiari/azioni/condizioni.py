"""Segnare vulnerabilità, salute e tutele di una persona: sì, no, non dichiara. Mai diagnosi."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assi.models import Condizione
from beneficiari.models import Beneficiario, CondizioneRilevata
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


CAMBIATA = (
    "Mentre guardavi, un'altra persona ha risposto «{risposta}». Se va cambiata ancora, scegli di"
    " nuovo e salva."
)


def attuali(righe: Iterable[CondizioneRilevata]) -> dict[int, CondizioneRilevata]:
    """Per condizione, la riga che vale: di due (una persona unita) la più recente.

    `righe`: come le ordina `per_elenco()`.
    """
    scelte: dict[int, CondizioneRilevata] = {}
    for riga in righe:
        scelte.setdefault(riga.condizione_id, riga)
    return scelte


@transaction.atomic
def segna_condizioni(
    *,
    persona: Beneficiario,
    risposte: Mapping[Condizione, str],
    viste: Mapping[Condizione, str],
    da: Attore,
) -> int:
    """Scrive solo le risposte diverse da quelle che chi scrive aveva davanti; rende quante.

    Una risposta vuota vuol dire «non rilevata». Solleva ValidationError, per codice di condizione,
    se una risposta non è fra quelle ammesse o intanto l'ha cambiata un'altra persona.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    cambiate = {c: r for c, r in risposte.items() if r != viste.get(c, "")}
    righe = CondizioneRilevata.objects.di(da.ente, persona.chiavi).filter(condizione__in=cambiate)
    adesso = attuali(righe.per_elenco().select_for_update(of=("self",)))
    errori = {}
    for condizione, risposta in cambiate.items():
        riga = adesso.get(condizione.pk)
        if risposta and risposta not in condizione.valori:
            errori[condizione.codice] = "Questa risposta non è fra quelle ammesse."
        elif _valore(riga) not in (viste.get(condizione, ""), risposta):
            errori[condizione.codice] = CAMBIATA.format(
                risposta=riga.risposta if riga else "non rilevata"
            )
    if errori:
        raise ValidationError(errori)
    with frasi_del_database():
        for condizione, risposta in cambiate.items():
            _segna(persona, condizione, risposta, adesso.get(condizione.pk), da)
    return len(cambiate)


def _valore(riga: CondizioneRilevata | None) -> str:
    tolta = riga is None or riga.valore == CondizioneRilevata.NON_RILEVATA
    return "" if tolta else riga.valore


def _segna(
    persona: Beneficiario,
    condizione: Condizione,
    risposta: str,
    riga: CondizioneRilevata | None,
    da: Attore,
) -> None:
    riga = riga or CondizioneRilevata(ente=da.ente, beneficiario=persona, condizione=condizione)
    riga.valore = risposta or CondizioneRilevata.NON_RILEVATA
    riga.rilevata_il, riga.rilevata_da = timezone.localdate(), da.utente
    riga.save()
