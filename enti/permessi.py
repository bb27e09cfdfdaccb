"""Che cosa può fare ciascun ruolo: un elenco, una tabella, un soggetto.

Le viste non confrontano mai i ruoli: chiedono un `Permesso`. Chi vede quali righe lo decide il
database con le policy; qui si decide quali gesti sono aperti a chi.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import wraps
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


if TYPE_CHECKING:
    from enti.models import Ente, Nodo, Utente


class Ruolo(models.TextChoices):
    OPERATORE = "operatore", "operatore"
    REFERENTE = "referente", "referente"
    COORDINATORE = "coordinatore", "coordinatore"
    AMMINISTRATORE = "amministratore", "amministratore"
    INVIANTE = "inviante", "inviante"
    GARANTE = "garante", "garante della privacy"


class Permesso(StrEnum):
    """Un gesto che una pagina può chiedere. Ogni vista ne dichiara almeno uno."""

    RETE_VEDERE = auto()
    SCHEDE_VEDERE = auto()
    SCHEDE_COMPILARE = auto()
    SCHEDE_INVIARE = auto()
    SCHEDE_ACCETTARE = auto()
    CAMPAGNE_GESTIRE = auto()
    RAPPORTO_VEDERE = auto()
    RAPPORTO_PREPARARE = auto()


_TUTTI_VEDONO = frozenset({Permesso.RETE_VEDERE, Permesso.RAPPORTO_VEDERE})

PERMESSI_DEL_RUOLO: dict[str, frozenset[Permesso]] = {
    # Compila la scheda dell'ente, ma la firma il referente.
    Ruolo.OPERATORE: _TUTTI_VEDONO | {Permesso.SCHEDE_VEDERE, Permesso.SCHEDE_COMPILARE},
    # Risponde dei dati del proprio ente: conferma e invia.
    Ruolo.REFERENTE: _TUTTI_VEDONO
    | {Permesso.SCHEDE_VEDERE, Permesso.SCHEDE_COMPILARE, Permesso.SCHEDE_INVIARE},
    # Sollecita, legge e accetta le schede del proprio nodo, o di tutta la rete; non le riscrive.
    Ruolo.COORDINATORE: _TUTTI_VEDONO
    | {Permesso.SCHEDE_VEDERE, Permesso.SCHEDE_ACCETTARE, Permesso.RAPPORTO_PREPARARE},
    # Apre le campagne e pubblica il rapporto.
    Ruolo.AMMINISTRATORE: _TUTTI_VEDONO
    | {
        Permesso.SCHEDE_VEDERE,
        Permesso.SCHEDE_ACCETTARE,
        Permesso.CAMPAGNE_GESTIRE,
        Permesso.RAPPORTO_PREPARARE,
    },
    # L'ente pubblico che invia persone: vede chi è nella rete e ciò che la rete pubblica.
    Ruolo.INVIANTE: _TUTTI_VEDONO,
    # Vede registri e regole, non schede in corso né persone.
    Ruolo.GARANTE: _TUTTI_VEDONO,
}

# Il ruolo dei lavori che nessuno avvia a mano; non si assegna a un utente.
RUOLO_DI_SISTEMA = "sistema"
PERMESSI_DEL_RUOLO[RUOLO_DI_SISTEMA] = frozenset(Permesso)


@dataclass(frozen=True)
class Attore:
    """Un utente che agisce per un ente con un ruolo: il soggetto di ogni decisione.

    `nodo` è l'ambito di un coordinatore: None vale «tutta la rete».
    """

    utente: "Utente"
    ente: "Ente"
    ruolo: str
    nodo: "Nodo | None" = None

    @classmethod
    def sistema(cls, utente: "Utente", ente: "Ente") -> "Attore":
        """L'attore di comandi e lavori a orario: agisce per un ente alla volta."""
        return cls(utente, ente, RUOLO_DI_SISTEMA)

    def puo(self, permesso: Permesso) -> bool:
        return permesso in PERMESSI_DEL_RUOLO[self.ruolo]

    def esigi(self, permesso: Permesso) -> None:
        """Ferma con PermissionDenied chi non ha il permesso."""
        if not self.puo(permesso):
            raise PermissionDenied(f"Il ruolo {self.ruolo} non consente: {permesso}.")

    @property
    def di_rete(self) -> bool:
        """Vero per chi risponde di tutta la rete e non di un solo nodo."""
        return self.ruolo == Ruolo.AMMINISTRATORE or (
            self.ruolo == Ruolo.COORDINATORE and self.nodo is None
        )

    @property
    def ruolo_in_parole(self) -> str:
        """Il ruolo come lo si legge in testa alla pagina, con l'ambito di chi coordina."""
        parole = Ruolo(self.ruolo).label
        if self.ruolo != Ruolo.COORDINATORE:
            return parole
        return f"{parole} del nodo {self.nodo}" if self.nodo else f"{parole} della rete"


def richiede(*permessi: Permesso) -> Callable:
    """Apre la vista a chi ha almeno uno dei permessi. La prova di coerenza la cerca ovunque.

    Chi è entrato ma non agisce per nessun ente va alla pagina che dice perché e che cosa fare.
    """

    def decora(vista: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(vista)
        def protetta(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.attore is None:
                return redirect("enti:scegli")
            if not any(request.attore.puo(permesso) for permesso in permessi):
                raise PermissionDenied
            return vista(request, *args, **kwargs)

        protetta.permessi_richiesti = permessi
        return protetta

    return decora
