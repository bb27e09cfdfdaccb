"""Un ente della dimostrazione mentre lo si prepara: chi ci lavora, le sue persone, che cosa scrivere.

Le righe si raccolgono tutte e poi si scrivono a blocchi, ciascuna nel contesto di chi l'avrebbe
scritta lavorando: la storia e le policy sono quelle vere.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import models
from django.utils import timezone

from assi.models import Azione
from beneficiari.dimostrazione.inventa import ANZIANITA, MAGGIORE_ETA, Inventata, Invenzione
from beneficiari.models import (
    Affidamento,
    Autorizzazione,
    Beneficiario,
    BisognoRilevato,
    Componente,
    CondizioneRilevata,
    Consenso,
    Identificativo,
    Nota,
    Nucleo,
    Obiettivo,
    PresaInCarico,
    Recapito,
    RevisioneObiettivo,
    Riapertura,
    Valutazione,
)
from enti.models import Appartenenza, Ente
from enti.permessi import RUOLI_DELL_ENTE, Attore, Ruolo
from enti.sistema import come_sistema
from privacy.models import Informativa
from registro.db.contesto import contesto


# In ogni gruppo ci sono righe che ne indicano altre della stessa mano, o dei gruppi prima.
_ORDINE: tuple[tuple[type[models.Model], ...], ...] = (
    (Beneficiario, Nucleo, Recapito, Identificativo),
    (
        *(Componente, PresaInCarico, Obiettivo, RevisioneObiettivo, Riapertura),
        *(BisognoRilevato, Valutazione, CondizioneRilevata, Nota, Affidamento),
        Consenso,
    ),
    (Autorizzazione,),
)
_QUANTE_PER_GIRO = {Ruolo.OPERATORE: 3, Ruolo.REFERENTE: 1}


@dataclass(eq=False)
class Persona:
    """Una persona inventata e la sua riga; `chi` la segue. `segnati` sono i bisogni e le
    condizioni già scritti, che non si ripetono; `aperte` le prese in carico che restano aperte, `nel_nucleo` le
    azioni in cui è seguita con il nucleo."""

    inventata: Inventata
    riga: Beneficiario
    chi: Attore
    segnati: set[str] = field(default_factory=set)
    prese: list[PresaInCarico] = field(default_factory=list)
    aperte: list[PresaInCarico] = field(default_factory=list)
    nel_nucleo: set[Azione] = field(default_factory=set)


@dataclass(eq=False)
class Scena:
    """Tutto ciò che serve per preparare un ente."""

    ente: Ente
    piano: dict[str, Any]
    inventate: Invenzione
    squadra: list[Attore]
    caso: Random
    oggi: date
    persone: dict[Inventata, Persona] = field(default_factory=dict)
    famiglie: list[tuple[Nucleo, list[Persona]]] = field(default_factory=list)
    informative: list[Informativa] = field(default_factory=list)
    autorizzazioni: list[Autorizzazione] = field(default_factory=list)
    _giro: list[Attore] = field(default_factory=list)
    _righe: dict[type[models.Model], dict[Attore, list[models.Model]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    @property
    def referente(self) -> Attore:
        return next(attore for attore in self.squadra if attore.ruolo == Ruolo.REFERENTE)

    def uno_della_squadra(self) -> Attore:
        """Chi segue una persona nuova: a turno, più spesso un operatore che il referente."""
        if not self._giro:
            self._giro = [a for a in self.squadra for _ in range(_QUANTE_PER_GIRO[a.ruolo])]
            self.caso.shuffle(self._giro)
        return self._giro.pop()

    def profilo(self, chi: Inventata) -> str:
        """Quale raccolta di frasi la racconta: secondo l'età, e l'ente."""
        eta = chi.eta(self.oggi)
        if eta is not None and eta >= ANZIANITA:
            return "anziani"
        if eta is not None and eta < MAGGIORE_ETA:
            return "giovani" if self.piano["profilo"] == "giovani" and eta > 13 else "minori"
        return self.piano["profilo"]

    def azioni(self, chi: str, tutte: dict[str, Azione]) -> list[Azione]:
        """Le azioni in cui si seguono `chi` («minori», «nuclei» o «»): quelle del piano."""
        sigle = self.piano.get(f"azioni_{chi}", self.piano["azioni"])
        return [tutte[sigla] for sigla in sigle if sigla in tutte]

    def giorni_fa(self, minimo: int, massimo: int) -> date:
        return self.oggi - timedelta(self.caso.randint(minimo, massimo))

    def fra(self, dal: date, al: date) -> date:
        """Un giorno fra i due, estremi compresi."""
        return dal + timedelta(self.caso.randint(0, max(0, (al - dal).days)))

    def istante(self, giorno: date) -> datetime:
        """Un momento dell'orario d'ufficio di quel giorno, mai nel futuro."""
        ora = time(self.caso.randint(9, 17), self.caso.randrange(60))
        momento = timezone.make_aware(datetime.combine(giorno, ora))
        return min(momento, timezone.now() - timedelta(minutes=5))

    def scrive(self, chi: Attore, *righe: models.Model) -> None:
        """Mette in conto righe che `chi` scriverà."""
        for riga in righe:
            self._righe[type(riga)][chi].append(riga)

    def salva(self) -> None:
        """Scrive ciò che è in conto, nell'ordine dei legami, e lo dimentica."""
        for gruppo in _ORDINE:
            for chi in self.squadra:
                with come(chi):
                    for modello in gruppo:
                        modello.objects.bulk_create(self._righe[modello][chi])
        self._righe.clear()


@contextmanager
def come(chi: Attore, finalita: str | None = None) -> Iterator[None]:
    """Il contesto in cui lavorerebbe `chi`."""
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk, finalita=finalita):
        yield


def squadra_di(ente: Ente) -> list[Attore]:
    """Chi lavora con le persone dell'ente: prima gli operatori, nell'ordine in cui sono nati gli
    account. Vuoto se non c'è nessuno che ne risponde."""
    with come_sistema(ente):
        trovate = (
            Appartenenza.objects.filter(ente=ente, ruolo__in=RUOLI_DELL_ENTE)
            .in_corso()
            .select_related("utente")
            .order_by("ruolo", "utente_id")
        )
        squadra = [Attore(trovata.utente, ente, trovata.ruolo) for trovata in trovate]
    return squadra if any(attore.ruolo == Ruolo.REFERENTE for attore in squadra) else []
