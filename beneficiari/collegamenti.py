"""La persona nascosta che unisce le righe di enti diversi: le sole porte per arrivarci."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from beneficiari.models import Beneficiario
from enti.models import Ente
from registro.comune.cifratura import etichetta_di_rete


@dataclass(frozen=True)
class Legame:
    """Una riga che si propone di unire a una persona: di quale ente e perché, mai di chi."""

    uuid: UUID
    persona: int
    ente: Ente
    motivo: str
    stato: str
    proposto_il: datetime
    deciso_il: datetime | None
    perche: str


@dataclass(frozen=True)
class AltroEnte:
    """Un ente che segue la stessa persona e lo ha permesso di sapere."""

    autorizzazione: UUID
    ente: Ente
    livello: str
    finalita: str
    al: date


def etichetta(persona: Beneficiario, *, codice: str | None) -> None:
    """Mette, o toglie se il codice è None, l'etichetta di rete della persona.

    `codice` è la forma normale del codice fiscale. Non dice mai se qualcun altro la conosce.
    """
    impronta = etichetta_di_rete(codice) if codice else None
    with connection.cursor() as cursore:
        cursore.execute("SELECT registro_etichetta(%s, %s)", [persona.pk, impronta])


def proponi() -> int:
    """Propone i legami fra righe che sembrano la stessa persona; rende quanti sono nuovi.

    Solo per l'attore di sistema: per chiunque altro non fa nulla e rende 0. Si può ripetere.
    """
    with connection.cursor() as cursore:
        cursore.execute("SELECT registro_proponi_legami()")
        return cursore.fetchone()[0]


def da_decidere() -> list[Legame]:
    """Tutti i legami, raggruppati per persona; vuoto per chi non può deciderli."""
    with connection.cursor() as cursore:
        cursore.execute("SELECT * FROM registro_legami_da_decidere()")
        righe = cursore.fetchall()
    enti = Ente.objects.in_bulk({riga[2] for riga in righe})
    return [Legame(uuid, persona, enti[ente], *altro) for uuid, persona, ente, *altro in righe]


def decidi(legame: UUID, stato: str, perche: str) -> bool:
    """Conferma, annulla o rimette in attesa un legame; falso se non c'è o non si può."""
    with connection.cursor() as cursore:
        cursore.execute("SELECT registro_decidi_legame(%s, %s, %s)", [legame, stato, perche])
        return cursore.fetchone()[0]


def altri_enti(persona: Beneficiario) -> list[AltroEnte]:
    """Gli enti che seguono la stessa persona e oggi permettono al proprio di saperlo."""
    with connection.cursor() as cursore:
        cursore.execute("SELECT * FROM registro_altri_enti(%s)", [persona.pk])
        righe = cursore.fetchall()
    enti = Ente.objects.in_bulk({riga[1] for riga in righe})
    return [AltroEnte(uuid, enti[ente], *altro) for uuid, ente, *altro in righe]
