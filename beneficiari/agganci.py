"""Ciò che un'app più in alto dà ai diritti della persona, senza che qui la si conosca.

Chi sa cancellare una persona, e chi ha altri dati da stampare nel suo foglio, si fa conoscere
all'avvio (`AppConfig.ready`). Qui stanno solo gli agganci.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol
from uuid import UUID


if TYPE_CHECKING:
    from beneficiari.documenti.righe import Prospetto
    from beneficiari.models import Beneficiario
    from enti.permessi import Attore


class Cancellatore(Protocol):
    """Toglie per sempre una persona di un ente, nella transazione di chi lo chiama.

    `richiesta` è l'uuid della richiesta accolta. Solleva ValidationError, con una frase per chi
    legge, se una regola di conservazione lo impedisce: in quel caso non cambia niente.
    """

    def __call__(
        self, persona: "Beneficiario", *, motivo: str, richiesta: UUID | None, da: "Attore"
    ) -> object: ...


# Data una persona (le sue chiavi), il suo ente e i gruppi aperti a chi chiede: che cosa stampare.
AltriProspetti = Callable[[list[int], int, Iterable[str]], list["Prospetto"]]


class NessunCancellatore(RuntimeError):
    """Nessuna app ha detto come si cancella una persona: è un errore di configurazione."""


_cancellatori: list[Cancellatore] = []
_altri_prospetti: list[AltriProspetti] = []


def registra_cancellatore(funzione: Cancellatore) -> None:
    """Dice come si cancella una persona. Ce n'è uno solo: l'ultimo prende il posto del primo."""
    _cancellatori[:] = [funzione]


def cancellatore() -> Cancellatore:
    """Chi cancella una persona. Solleva NessunCancellatore se nessuno si è fatto conoscere."""
    if not _cancellatori:
        raise NessunCancellatore("Nessuna app ha registrato come si cancella una persona.")
    return _cancellatori[0]


def registra_prospetti(funzione: AltriProspetti) -> None:
    """Aggiunge dati di un'altra app al foglio della persona. La stessa funzione una volta sola."""
    if funzione not in _altri_prospetti:
        _altri_prospetti.append(funzione)


def altri_prospetti(chiavi: list[int], *, ente: int, gruppi: Iterable[str]) -> list["Prospetto"]:
    """I prospetti delle altre app, nell'ordine in cui si sono registrate."""
    aperti = frozenset(gruppi)
    return [voce for funzione in _altri_prospetti for voce in funzione(chiavi, ente, aperti)]
