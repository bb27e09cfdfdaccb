"""La cornice del lavoro della rete, i suoi vocabolari, i servizi di ogni ente."""

from assi.models.cornice import (
    Asse,
    AsseQuerySet,
    Azione,
    AzioneQuerySet,
    EnteDiAsse,
    EnteDiAzione,
    Indicatore,
    PeriodoDiAzione,
    Progetto,
    Programma,
)
from assi.models.servizi import (
    Servizio,
    ServizioQuerySet,
)
from assi.models.vocabolari import (
    Bisogno,
    Condizione,
    TipoDiChiusura,
    TipoDiEsito,
    UnitaDiMisura,
    Voce,
    VoceNomenclatura,
    VoceQuerySet,
)


__all__ = [
    "Asse",
    "AsseQuerySet",
    "Azione",
    "AzioneQuerySet",
    "Bisogno",
    "Condizione",
    "EnteDiAsse",
    "EnteDiAzione",
    "Indicatore",
    "PeriodoDiAzione",
    "Progetto",
    "Programma",
    "Servizio",
    "ServizioQuerySet",
    "TipoDiChiusura",
    "TipoDiEsito",
    "UnitaDiMisura",
    "Voce",
    "VoceNomenclatura",
    "VoceQuerySet",
]
