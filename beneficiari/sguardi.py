"""Ciò che si vede di chi è condiviso con «esistenza» e «sintesi», e quanto regge una regola.

Le sole porte verso le funzioni di guardia che lo dicono. Ciò che si mostra va annotato: qui non
passano righe dei modelli, che si annotano da sé.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from beneficiari.models import Autorizzazione, BisognoRilevato
from privacy.gruppi import Gruppo
from privacy.letture import annota_molte
from registro.db.contesto import contesto, contesto_corrente


_CONDIVISE = "SELECT autorizzazione, nome, anno, stimata FROM registro_condivise(%s::uuid[])"


@dataclass(frozen=True)
class Condivisa:
    """Una persona condivisa con l'ente che guarda: come si chiama e quando è nata, nient'altro.

    `anno` è None se non è indicato; `stimata` dice che è «circa».
    """

    autorizzazione: UUID
    nome: str
    anno: int | None
    stimata: bool


@dataclass(frozen=True)
class Riassunto:
    """Una riga di una sintesi: quante prese in carico (o quanti bisogni) in uno stato.

    `asse` è vuoto per i bisogni. `dal` e `al` sono il primo giorno di un mese.
    """

    gruppo: str
    asse: str
    stato: str
    quanti: int
    dal: date
    al: date

    @property
    def stato_in_parole(self) -> str:
        """Lo stato di un bisogno come si legge nelle pagine."""
        return BisognoRilevato.Stato(self.stato).label


def condivise(sole: Iterable[UUID] | None = None) -> list[Condivisa]:
    """Chi è condiviso adesso con l'ente che guarda, per nome; con `sole`, quelle autorizzazioni.

    Vuoto per chi non lavora con le persone. Non annota: lo fa `annota_condivise` per ciò che si
    mostra.
    """
    chiavi = None if sole is None else list(sole)
    with connection.cursor() as cursore:
        cursore.execute(_CONDIVISE, [chiavi])
        return [Condivisa(*riga) for riga in cursore.fetchall()]


def annota_condivise(mostrate: Iterable[Autorizzazione], *gruppi: str) -> None:
    """Annota che si sono mostrate le persone di quelle autorizzazioni, ciascuna per la finalità
    della sua; `gruppi` oltre all'anagrafica."""
    utente, ente, _ = contesto_corrente()
    per_finalita: dict[str, list[tuple[int, int]]] = {}
    for autorizzazione in mostrate:
        coppia = (autorizzazione.beneficiario_id, autorizzazione.ente_id)
        per_finalita.setdefault(autorizzazione.finalita, []).append(coppia)
    for finalita, coppie in per_finalita.items():
        with contesto(utente=utente, ente=ente, finalita=finalita):
            annota_molte(coppie, Gruppo.ANAGRAFICA, *gruppi)


def sintesi(autorizzazione: Autorizzazione) -> list[Riassunto]:
    """La sintesi che l'autorizzazione permette; vuota se non è di livello «sintesi», non è in
    vigore o non è per chi guarda. Non annota."""
    utente, ente, _ = contesto_corrente()
    with (
        contesto(utente=utente, ente=ente, finalita=autorizzazione.finalita),
        connection.cursor() as cursore,
    ):
        cursore.execute("SELECT * FROM registro_sintesi(%s)", [autorizzazione.uuid])
        return [Riassunto(*riga) for riga in cursore.fetchall()]


def rette_da_accordo(accordo: int) -> int | None:
    """Quante autorizzazioni non ancora finite poggiano sull'accordo; None a chi non amministra."""
    return _quante("SELECT registro_rette_da_accordo(%s)", accordo)


def rette_da_base(finalita: str, gruppo: str) -> int | None:
    """Quante autorizzazioni non ancora finite poggiano sulla base; None a chi non amministra."""
    return _quante("SELECT registro_rette_da_base(%s, %s)", finalita, gruppo)


def _quante(interrogazione: str, *valori: int | str) -> int | None:
    with connection.cursor() as cursore:
        cursore.execute(interrogazione, valori)
        return cursore.fetchone()[0]
