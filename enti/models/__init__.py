"""Chi siamo e chi può agire: nodi, enti, utenti, appartenenze, inviti, eccezioni, filtri, eventi."""

from enti.models.appartenenze import Appartenenza, AppartenenzaQuerySet
from enti.models.eccezioni import Eccezione, PermessoSuEnte, PermessoSuNodo
from enti.models.eventi import CodiceEvento, EventoDiSicurezza, EventoDiSicurezzaQuerySet
from enti.models.filtri import FiltroSalvato, FiltroSalvatoQuerySet
from enti.models.inviti import (
    Invito,
    InvitoQuerySet,
    impronta_del_gettone,
    nuovo_gettone,
    scadenza,
)
from enti.models.rete import Ente, EnteQuerySet, Nodo, PresenzaTerritoriale
from enti.models.ripristini import RipristinoFattore
from enti.models.utenti import Utente


__all__ = [
    "Appartenenza",
    "AppartenenzaQuerySet",
    "CodiceEvento",
    "Eccezione",
    "Ente",
    "EnteQuerySet",
    "EventoDiSicurezza",
    "EventoDiSicurezzaQuerySet",
    "FiltroSalvato",
    "FiltroSalvatoQuerySet",
    "Invito",
    "InvitoQuerySet",
    "Nodo",
    "PermessoSuEnte",
    "PermessoSuNodo",
    "PresenzaTerritoriale",
    "RipristinoFattore",
    "Utente",
    "impronta_del_gettone",
    "nuovo_gettone",
    "scadenza",
]
