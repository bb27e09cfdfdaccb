"""Valutare una persona sugli indicatori dell'asse, e correggere un giudizio."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from assi.models import Indicatore
from beneficiari.azioni.rilevazioni import ferma, non_nel_futuro
from beneficiari.models import Beneficiario, PresaInCarico, Valutazione
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


@dataclass(frozen=True, slots=True)
class Giudizio:
    """Un valore da 1 a 10, o un giudizio a parole, o non esprimibile: una cosa sola."""

    valore: int | None = None
    parole: str = ""
    non_esprimibile: bool = False

    def controlla(self) -> None:
        """Solleva ValidationError se dice due cose, o nessuna."""
        detti = (self.valore is not None) + bool(self.parole.strip()) + self.non_esprimibile
        if detti > 1:
            raise ValidationError(
                "Di ogni indicatore si dice una cosa sola: un valore, un giudizio a parole, oppure"
                " che non è esprimibile."
            )
        if detti == 0:
            raise ValidationError(
                "Dai un valore o un giudizio a parole, oppure segna che non è esprimibile."
            )

    def campi(self) -> dict:
        """I campi di Valutazione che lo scrivono."""
        return {
            "valore": self.valore,
            "giudizio": self.parole.strip(),
            "non_esprimibile": self.non_esprimibile,
        }


@transaction.atomic
def registra_valutazioni(
    *,
    persona: Beneficiario,
    presa: PresaInCarico,
    momento: str,
    valutata_il: date,
    giudizi: Mapping[Indicatore, Giudizio],
    da: Attore,
) -> list[Valutazione]:
    """Scrive un giudizio per indicatore, tutti o nessuno; gli indicatori taciuti restano tali.

    Solleva ValidationError se non ce n'è nessuno, il giorno è futuro, un giudizio dice due cose, o
    quel giorno l'indicatore era già valutato.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    if not giudizi:
        raise ValidationError("Valuta almeno un indicatore.")
    non_nel_futuro("valutata_il", valutata_il)
    for giudizio in giudizi.values():
        giudizio.controlla()
    with frasi_del_database():
        return [
            Valutazione.objects.create(
                ente=da.ente,
                beneficiario=persona,
                presa=presa,
                indicatore=indicatore,
                momento=momento,
                valutata_il=valutata_il,
                da=da.utente,
                **giudizio.campi(),
            )
            for indicatore, giudizio in giudizi.items()
        ]


@transaction.atomic
def correggi_valutazione(
    *,
    valutazione: Valutazione,
    momento: str,
    valutata_il: date,
    giudizio: Giudizio,
    vista: str | None = None,
    da: Attore,
) -> Valutazione:
    """Riscrive una valutazione sbagliata; com'era resta nella storia.

    Solleva RigaCambiata se non è più come l'impronta `vista`, o ValidationError.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    riga = ferma(valutazione, vista=vista)
    non_nel_futuro("valutata_il", valutata_il)
    giudizio.controlla()
    campi = {"momento": momento, "valutata_il": valutata_il, "da": da.utente, **giudizio.campi()}
    for nome, valore in campi.items():
        setattr(riga, nome, valore)
    with frasi_del_database():
        riga.save(update_fields=list(campi))
    return riga
