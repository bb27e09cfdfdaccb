"""Ciò che si vede senza aprire righe: chi è condiviso con «esistenza» e «sintesi», chi si legge in
emergenza, quanto regge una regola.

Le sole porte verso le funzioni di guardia che lo dicono. Ciò che si mostra va annotato: qui non
passano righe dei modelli, che si annotano da sé.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db import connection

from beneficiari.models import AccessoDEmergenza, Autorizzazione, BisognoRilevato, Recapito
from beneficiari.models.rilevazioni import risposta_in_parole
from enti.models import Ente
from privacy.gruppi import Finalita, Gruppo
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


@dataclass(frozen=True)
class InEmergenza:
    """Ciò che un accesso d'emergenza mostra di una persona: chi è, come la si chiama, che cosa chi
    soccorre deve sapere. `anagrafica` ha «nome» e, se si sanno, «nascita» e «lingue»."""

    beneficiario: int
    ente: Ente
    anagrafica: dict[str, str]
    nascita_stimata: bool
    contatti: list[tuple[str, str, str]]
    salute: list[tuple[str, str]]

    @property
    def nascita(self) -> date | None:
        giorno = self.anagrafica.get("nascita")
        return date.fromisoformat(giorno) if giorno else None


def in_emergenza(accesso: AccessoDEmergenza) -> list[InEmergenza]:
    """Le persone che un accesso d'emergenza proprio e ancora aperto mostra; di solito nessuna o una,
    di più se più enti la seguono. Il database ne avvisa gli enti; qui si annotano le letture."""
    utente, ente, _ = contesto_corrente()
    with connection.cursor() as cursore:
        cursore.execute("SELECT * FROM registro_emergenza(%s)", [accesso.uuid])
        righe = cursore.fetchall()
    per_persona = {
        chi: list(sue) for chi, sue in groupby(righe, key=lambda riga: (riga[0], riga[1]))
    }
    with contesto(utente=utente, ente=ente, finalita=Finalita.EMERGENZA):
        for chi, sue in per_persona.items():
            annota_molte([chi], *sorted({gruppo for _, _, gruppo, *_ in sue}))
    enti = Ente.objects.in_bulk({titolare for _, titolare in per_persona} | {ente})
    return [
        _vista_in_emergenza(chi, enti[titolare], sue)
        for (chi, titolare), sue in per_persona.items()
    ]


def _vista_in_emergenza(chi: int, ente: Ente, righe: list[tuple]) -> InEmergenza:
    del_gruppo = {
        gruppo: [riga[3:] for riga in righe if riga[2] == gruppo] for gruppo in Gruppo.values
    }
    return InEmergenza(
        beneficiario=chi,
        ente=ente,
        anagrafica={voce: valore for voce, valore, _ in del_gruppo[Gruppo.ANAGRAFICA]},
        nascita_stimata=any(nota == "circa" for _, _, nota in del_gruppo[Gruppo.ANAGRAFICA]),
        contatti=[
            (Recapito.Tipo(voce).label, valore, nota)
            for voce, valore, nota in del_gruppo[Gruppo.CONTATTI]
        ],
        salute=[
            (voce, risposta_in_parole(valore)) for voce, valore, _ in del_gruppo[Gruppo.SALUTE]
        ],
    )


def apri_emergenza(*, tipo: str, motivo: str, minuti: int, indici: dict[int, bytes]) -> UUID:
    """Apre un accesso d'emergenza di `minuti`; `indici` è l'indice cieco del codice in ogni ente.

    Fa lo stesso lavoro che qualcuno abbia quel codice o no. Il database rifiuta con una frase chi
    non lavora con le persone, un motivo breve, il sesto accesso in un giorno.
    """
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT registro_apri_emergenza(%s, %s, %s, %s::bigint[], %s::bytea[])",
            [tipo, motivo, minuti, list(indici), list(indici.values())],
        )
        return cursore.fetchone()[0]
