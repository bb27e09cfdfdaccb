"""Chi aiutiamo: persone, nuclei, prese in carico, ciò che hanno permesso."""

from beneficiari.models.casi import (
    Affidamento,
    Obiettivo,
    PresaInCarico,
    PresaInCaricoQuerySet,
    RevisioneObiettivo,
    Riapertura,
)
from beneficiari.models.consensi import (
    Autorizzazione,
    AutorizzazioneQuerySet,
    Consenso,
    ConsensoQuerySet,
    RevocaConsenso,
    StatoDelConsenso,
    diciottesimo,
)
from beneficiari.models.diritti import (
    AvvisoAlDestinatario,
    Limitazione,
    RichiestaInteressato,
)
from beneficiari.models.documenti import DocumentoDiPersona
from beneficiari.models.emergenze import AccessoDEmergenza, AvvisoDEmergenza
from beneficiari.models.nuclei import Componente, Nucleo
from beneficiari.models.passaggi import Passaggio
from beneficiari.models.persone import Beneficiario, Identificativo, Recapito
from beneficiari.models.rilevazioni import BisognoRilevato, CondizioneRilevata, Nota, Valutazione
from beneficiari.models.unioni import NonDoppione, Unione


__all__ = [
    "AccessoDEmergenza",
    "Affidamento",
    "Autorizzazione",
    "AutorizzazioneQuerySet",
    "AvvisoAlDestinatario",
    "AvvisoDEmergenza",
    "Beneficiario",
    "BisognoRilevato",
    "Componente",
    "CondizioneRilevata",
    "Consenso",
    "ConsensoQuerySet",
    "DocumentoDiPersona",
    "Identificativo",
    "Limitazione",
    "NonDoppione",
    "Nota",
    "Nucleo",
    "Obiettivo",
    "Passaggio",
    "PresaInCarico",
    "PresaInCaricoQuerySet",
    "Recapito",
    "RevisioneObiettivo",
    "RevocaConsenso",
    "Riapertura",
    "RichiestaInteressato",
    "StatoDelConsenso",
    "Unione",
    "Valutazione",
    "diciottesimo",
]
