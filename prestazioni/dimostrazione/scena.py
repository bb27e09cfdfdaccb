"""Un ente della dimostrazione mentre se ne scrive il lavoro: chi lavora, chi è seguito, da quando."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import models
from django.utils import timezone

from assi.models import Servizio
from beneficiari.dimostrazione.scena import come
from beneficiari.models import Beneficiario, Identificativo, PresaInCarico
from enti.models import Ente
from enti.permessi import Attore, Ruolo
from prestazioni.models import (
    Affiancamento,
    Appuntamento,
    AttivitaIndiretta,
    Esito,
    GruppoPresenze,
    MembroDiGruppo,
    Modo,
    NotaDiPrestazione,
    Partecipazione,
    PassoDiPratica,
    PianoRientro,
    PraticaCasa,
    Prestazione,
    Rata,
    Tirocinio,
)


# Da quanti giorni si registra: dieci mesi, abbastanza per confrontarne uno con l'altro.
DA_QUANTI_GIORNI = 300
A_BLOCCHI = 500
SABATO = 5
# In ogni gruppo ci sono righe che ne indicano altre dei gruppi prima.
_ORDINE: tuple[tuple[type[models.Model], ...], ...] = (
    (Beneficiario,),
    (Identificativo, PresaInCarico, GruppoPresenze),
    (Prestazione, MembroDiGruppo, AttivitaIndiretta, Tirocinio, PianoRientro, PraticaCasa),
    (Partecipazione, Affiancamento, NotaDiPrestazione, Rata, PassoDiPratica, Esito, Appuntamento),
)


@dataclass(eq=False)
class Percorso:
    """Una presa in carico con ciò che serve per scriverle accanto: `dal` e `al` sono i giorni in
    cui si può registrare, `esito` il codice con cui si è chiusa (vuoto se è aperta).

    `beneficiario` è la persona, o None se la presa è di un nucleo.
    """

    presa: PresaInCarico
    beneficiario: Beneficiario | None
    azione: str
    chi: Attore
    dal: date
    al: date
    aperta: bool
    esito: str
    nascita: date | None

    def di(self) -> dict[str, Any]:
        """I campi con cui una riga dice di chi è."""
        return {"presa": self.presa, "beneficiario": self.beneficiario}


@dataclass(eq=False)
class Scena:
    """Tutto ciò che serve per scrivere il lavoro di un ente. `fatte` sono le prestazioni con un
    nome solo, e il percorso di cui sono: le cita chi scrive dopo."""

    ente: Ente
    piano: dict[str, Any]
    squadra: list[Attore]
    caso: Random
    oggi: date
    percorsi: list[Percorso] = field(default_factory=list)
    servizi: dict[str, Servizio] = field(default_factory=dict)
    fatte: list[tuple[Prestazione, Percorso]] = field(default_factory=list)
    _righe: dict[type[models.Model], dict[Attore, list[models.Model]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    @property
    def referente(self) -> Attore:
        return next(attore for attore in self.squadra if attore.ruolo == Ruolo.REFERENTE)

    @property
    def primo_giorno(self) -> date:
        return self.oggi - timedelta(DA_QUANTI_GIORNI)

    def scrive(self, chi: Attore, *righe: models.Model) -> None:
        """Mette in conto righe che `chi` scriverà."""
        for riga in righe:
            self._righe[type(riga)][chi].append(riga)

    def salva(self) -> int:
        """Scrive ciò che è in conto, nell'ordine dei legami; rende quante prestazioni erano."""
        quante = sum(map(len, self._righe[Prestazione].values()))
        for gruppo in _ORDINE:
            for chi in self.squadra:
                with come(chi):
                    for modello in gruppo:
                        modello.objects.bulk_create(self._righe[modello][chi], A_BLOCCHI)
        self._righe.clear()
        return quante

    def prestazione(
        self, chi: Attore, servizio: Servizio, azione: int, giorno: date, **campi: Any
    ) -> Prestazione:
        """Mette in conto una prestazione di `chi`, scritta quella sera, e la rende."""
        riga = Prestazione(
            ente=self.ente,
            servizio=servizio,
            azione_id=azione,
            operatore=chi.utente,
            giorno=giorno,
            registrata_da=chi.utente,
            registrata_il=self.quella_sera(giorno),
            **{"modo": Modo.PRESENZA, **campi},
        )
        self.scrive(chi, riga)
        return riga

    def partecipa(
        self, chi: Attore, prestazione: Prestazione, percorso: Percorso, minuti: int | None = None
    ) -> None:
        """Mette in conto chi c'era; la scrive chi ha scritto la prestazione."""
        riga = Partecipazione(
            ente=self.ente,
            prestazione=prestazione,
            minuti=minuti,
            giorno=prestazione.giorno,
            azione_id=prestazione.azione_id,
            voce_id=prestazione.servizio.voce_id,
            registrata_da=chi.utente,
            registrata_il=prestazione.registrata_il,
            **percorso.di(),
        )
        self.scrive(chi, riga)

    def quella_sera(self, giorno: date) -> datetime:
        """Quando si è seduti a scrivere ciò che si è fatto quel giorno; mai nel futuro."""
        ora = time(self.caso.randint(16, 18), self.caso.randrange(60))
        momento = timezone.make_aware(datetime.combine(giorno, ora))
        return min(momento, timezone.now() - timedelta(minutes=1))

    def giorni_di_lavoro(self, dal: date, al: date, ogni: float) -> Iterator[date]:
        """Giorni da lunedì a venerdì fra i due, estremi compresi, uno circa ogni `ogni` giorni;
        in agosto quasi nessuno."""
        giorno = dal + timedelta(self.caso.randint(0, int(ogni)))
        while giorno <= al:
            feriale = giorno + timedelta(max(0, 7 - giorno.weekday()) % 7)
            giorno = feriale if giorno.weekday() >= SABATO else giorno
            if giorno <= al and (giorno.month != 8 or self.caso.random() < 0.25):
                yield giorno
            giorno += timedelta(max(1, round(ogni * self.caso.uniform(0.5, 1.6))))


def leggi_percorsi(scena: Scena) -> list[Percorso]:
    """Le prese in carico dell'ente che toccano gli ultimi mesi, lette da chi ne risponde."""
    di_chi = {attore.utente.pk: attore for attore in scena.squadra}
    righe = (
        PresaInCarico.objects.di(scena.ente)
        .per_calcolo()
        .filter(beneficiario__unito_a=None)
        .order_by("pk")
        .values_list(
            *("pk", "azione_id", "azione__slug", "operatore_id", "beneficiario_id", "nucleo_id"),
            *("beneficiario__data_nascita", "aperta_il", "chiusa_il", "esito__codice"),
        )
    )
    percorsi = (_percorso(scena, di_chi, riga) for riga in righe)
    return [percorso for percorso in percorsi if percorso.dal <= percorso.al]


def _percorso(scena: Scena, di_chi: dict[int, Attore], riga: tuple) -> Percorso:
    chiave, azione, slug, operatore, persona, nucleo, nascita, dal, al, esito = riga
    presa = PresaInCarico(
        pk=chiave,
        ente=scena.ente,
        azione_id=azione,
        beneficiario_id=persona,
        nucleo_id=nucleo,
        aperta_il=dal,
        chiusa_il=al,
    )
    return Percorso(
        presa,
        Beneficiario(pk=persona, ente=scena.ente) if persona else None,
        slug,
        di_chi.get(operatore, scena.referente),
        max(dal, scena.primo_giorno),
        min(al or scena.oggi, scena.oggi),
        al is None,
        esito or "",
        nascita,
    )
