"""Ciò che in una prestazione è di ognuno: quanto c'è stato, e l'appunto riservato che lo riguarda."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from enti.permessi import Attore
from prestazioni.models import Affiancamento, NotaDiPrestazione, Partecipazione, Prestazione
from registro.comune.vincoli import vincolo_di


UNA_NOTA = "nota_di_prestazione_una"
DI_UN_ALTRO = (
    "Su una di queste persone c'è già l'appunto di un collega: lo cambia chi l'ha scritto. Non è"
    " stato salvato niente: il tuo scrivilo fra le note della persona."
)


@dataclass(frozen=True)
class Ognuno:
    """Ciò che si dice di ciascuno, e non di tutti insieme.

    `persone`: chiave della partecipazione → minuti; `colleghi`: chiave dell'utente → minuti; None
    vale quanto la prestazione. `appunti`: chiave della persona → testo, vuoto per toglierlo. Chi
    non è nominato resta com'è.
    """

    persone: Mapping[int, int | None] = field(default_factory=dict)
    colleghi: Mapping[int, int | None] = field(default_factory=dict)
    appunti: Mapping[int, str] = field(default_factory=dict)


def scrivi_di_ognuno(prestazione: Prestazione, ognuno: Ognuno, *, da: Attore) -> None:
    """Scrive durate e appunti di una prestazione che `da` può cambiare, nella sua transazione.

    Chi nel frattempo non c'è più si ignora. Solleva ValidationError se un appunto è di un altro.
    """
    presenze = Partecipazione.objects.filter(prestazione=prestazione, ente=da.ente)
    accanto = Affiancamento.objects.filter(prestazione=prestazione, ente=da.ente)
    for chiave, minuti in ognuno.persone.items():
        presenze.filter(pk=chiave).exclude(minuti=minuti).update(minuti=minuti)
    for chiave, minuti in ognuno.colleghi.items():
        accanto.filter(utente=chiave).exclude(minuti=minuti).update(minuti=minuti)
    _annota(prestazione, ognuno.appunti, da)


def _annota(prestazione: Prestazione, appunti: Mapping[int, str], da: Attore) -> None:
    """Riscrive i propri appunti su chi c'è; uno vuoto si toglie. La storia tiene com'erano."""
    presenti = Partecipazione.objects.filter(
        prestazione=prestazione, ente=da.ente, beneficiario__in=appunti
    )
    chi = set(presenti.per_calcolo().values_list("beneficiario", flat=True))
    miei = {nota.beneficiario_id: nota for nota in appunti_di(prestazione, da)}
    for persona, testo in appunti.items():
        nota, scritto = miei.get(persona), testo.strip()
        if nota is not None and not scritto:
            nota.delete()
        elif nota is not None and nota.testo != scritto:
            nota.testo = scritto
            nota.save(update_fields=["testo_cifrato"])
        elif nota is None and scritto and persona in chi:
            _nuovo(prestazione, persona, scritto, da)


def appunti_di(prestazione: Prestazione, da: Attore) -> Sequence[NotaDiPrestazione]:
    """Gli appunti di `da` su questa prestazione; leggerli lascia traccia."""
    return list(
        NotaDiPrestazione.objects.filter(
            prestazione=prestazione, ente=da.ente, scritta_da=da.utente
        )
    )


def _nuovo(prestazione: Prestazione, persona: int, testo: str, da: Attore) -> None:
    nota = NotaDiPrestazione(
        ente=da.ente, prestazione=prestazione, beneficiario_id=persona, scritta_da=da.utente
    )
    nota.testo = testo
    try:
        with transaction.atomic():
            nota.save()
    except IntegrityError as errore:
        if vincolo_di(errore) != UNA_NOTA:
            raise
        raise ValidationError(DI_UN_ALTRO, code=UNA_NOTA) from None
