"""Chi legge i dati di una persona lascia una riga, nella stessa transazione della lettura.

PostgreSQL non ha trigger di lettura, quindi si raccoglie qui: ogni riga di un modello
`DatoDiPersona` che esce dal database si annota da sé (`from_db`); ciò che esce senza passare dai
modelli (`values()`) si ferma, finché chi lo scrive non dice se mostra o soltanto calcola. Se il
registro non si può scrivere i dati non si mostrano: l'errore annulla la richiesta.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Self

from django.db import connection, models
from django.db.models import Count
from django.db.models.query import ModelIterable

from enti.models import CodiceEvento, EventoDiSicurezza
from privacy.gruppi import Finalita, Gruppo, Uscita
from registro.db.contesto import Contesto, contesto_corrente


# Oltre, si scrive e si ricomincia: la memoria di un foglio non cresce con le persone.
_BLOCCO = 5_000
_INSERISCI = """
INSERT INTO privacy_registroaccessi
    (utente_id, ente_id, ente_titolare_id, beneficiario, finalita, gruppi, uscita, pagina, richiesta)
SELECT %s, %s, riga.titolare, riga.persona, riga.finalita, riga.gruppi::text[], %s, %s, %s
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[])
    AS riga(persona, titolare, finalita, gruppi)
"""


class LetturaSenzaRegistro(RuntimeError):
    """Il programma ha letto dati di una persona dove nessuno li avrebbe annotati."""


@dataclass
class Raccolta:
    """Le letture di una richiesta o di un lavoro: (riga, ente titolare, finalità) → gruppi.

    Chi legge decine di migliaia di persone per un foglio le scrive a blocchi, nella stessa
    transazione e nel contesto di chi ha aperto la raccolta (`chi`; senza, si scrive solo alla fine).
    `persone` e `gruppi` sono tutti quelli letti, anche nei blocchi già scritti.
    """

    pagina: str
    uscita: str
    richiesta: str = ""
    chi: Contesto | None = None
    letture: dict[tuple[int, int, str], set[str]] = field(default_factory=dict)
    persone: set[int] = field(default_factory=set)
    gruppi: set[str] = field(default_factory=set)

    def annota(self, beneficiario: int, titolare: int, gruppo: str) -> None:
        adesso = contesto_corrente()
        chiave = (beneficiario, titolare, adesso.finalita or Finalita.ASSISTENZA)
        if len(self.letture) >= _BLOCCO and self.chi and adesso[:2] == self.chi[:2]:
            self.scrivi()
        self.letture.setdefault(chiave, set()).add(gruppo)
        self.gruppi.add(gruppo)

    def dimentica(self) -> None:
        """Ciò che è stato letto non è uscito: la transazione torna indietro."""
        self.letture.clear()
        self.persone.clear()
        self.gruppi.clear()

    def scrivi(self) -> None:
        """Scrive nel registro ciò che è raccolto, una riga per persona e finalità, e lo dimentica."""
        if not self.letture:
            return
        utente, ente, _ = contesto_corrente()
        persone, titolari, finalita = map(list, zip(*self.letture, strict=True))
        gruppi = ["{" + ",".join(sorted(voci)) + "}" for voci in self.letture.values()]
        chi = [utente, ente, self.uscita, self.pagina[:80], self.richiesta]
        with connection.cursor() as cursore:
            cursore.execute(_INSERISCI, [*chi, persone, titolari, finalita, gruppi])
        self.persone.update(persone)
        self.letture.clear()


_raccolta: ContextVar[Raccolta | None] = ContextVar("raccolta_letture", default=None)


class PersoneQuerySet(models.QuerySet):
    """La base dei queryset di dati di persone: nulla ne esce senza essere annotato."""

    _per_calcolo = False

    def per_calcolo(self) -> Self:
        """Permette `values()` a chi calcola e non mostra: conteggi, confronti, chiavi."""
        copia = self._chain()
        copia._per_calcolo = True
        return copia

    def _clone(self):
        copia = super()._clone()
        copia._per_calcolo = self._per_calcolo
        return copia

    def _fetch_all(self):
        self._controlla()
        super()._fetch_all()

    def _iterator(self, *args, **kwargs):
        self._controlla()
        return super()._iterator(*args, **kwargs)

    def aggregate(self, *args, **kwargs):
        # Quanti sono non è leggere; il più grande, il più piccolo, l'insieme dei valori sì.
        conti = [*args, *kwargs.values()]
        if not self._per_calcolo and not all(isinstance(conto, Count) for conto in conti):
            raise LetturaSenzaRegistro(
                f"aggregate() su {self.model.__name__}: o si conta, o si dice per_calcolo()."
            )
        return super().aggregate(*args, **kwargs)

    def _controlla(self) -> None:
        if not self._per_calcolo and not issubclass(self._iterable_class, ModelIterable):
            raise LetturaSenzaRegistro(
                f"values() su {self.model.__name__}: o si leggono le righe, o si dice per_calcolo()."
            )


class DatoDiPersona(models.Model):
    """Un modello le cui righe parlano di una persona: leggerle lascia traccia.

    Chi eredita dichiara `gruppo` e ha `ente_id` e la colonna `colonna_persona`. Una riga che non
    è di nessuna persona (la presa in carico di un nucleo) non si annota.
    """

    gruppo: Gruppo
    colonna_persona = "beneficiario_id"

    objects = PersoneQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        riga = super().from_db(db, field_names, values)
        valori = riga.__dict__
        if cls.colonna_persona not in valori or "ente_id" not in valori:
            raise LetturaSenzaRegistro(
                f"{cls.__name__}: senza {cls.colonna_persona} ed ente non si sa di chi è la riga."
            )
        if valori[cls.colonna_persona] is not None:
            annota(valori[cls.colonna_persona], valori["ente_id"], cls.gruppo)
        return riga


def annota(beneficiario: int, titolare: int, gruppo: str) -> None:
    """Annota una lettura; solleva LetturaSenzaRegistro se nessuno la scriverebbe."""
    raccolta = _raccolta.get()
    if raccolta is None:
        raise LetturaSenzaRegistro(
            "Dati di una persona letti fuori da una richiesta o da un lavoro che li registra."
        )
    raccolta.annota(beneficiario, titolare, gruppo)


def annota_molte(righe: Iterable[tuple[int, int]], *gruppi: str) -> None:
    """Annota ciò che si mostra senza passare dai modelli: coppie (beneficiario, ente titolare).

    La chiama chi usa una funzione di guardia o `per_calcolo()` e poi mostra ciò che ne esce.
    """
    for beneficiario, titolare in righe:
        for gruppo in gruppi:
            annota(beneficiario, titolare, gruppo)


@contextmanager
def registra_letture(
    pagina: str, *, uscita: str = Uscita.PAGINA, richiesta: str = ""
) -> Iterator[Raccolta]:
    """Raccoglie le letture che avvengono qui dentro; alla fine le scrive, se non è fallito nulla.

    Va aperta dentro la transazione della lettura. `pagina` è il nome della vista o del lavoro.
    """
    raccolta = Raccolta(pagina, uscita, richiesta, chi=contesto_corrente())
    segno = _raccolta.set(raccolta)
    try:
        yield raccolta
    finally:
        _raccolta.reset(segno)
    _chiudi(raccolta)


def esce_come(uscita: str) -> None:
    """Dice che ciò che la richiesta legge esce come `uscita` (foglio, PDF) e non come pagina."""
    raccolta = _raccolta.get()
    if raccolta is None:
        raise LetturaSenzaRegistro("Un'uscita si dichiara dentro una raccolta di letture.")
    raccolta.uscita = uscita


def si_legge_da(pagina: str) -> None:
    """Dice il nome della vista che sta rispondendo, quando si sa."""
    raccolta = _raccolta.get()
    if raccolta is not None:
        raccolta.pagina = pagina


def _chiudi(raccolta: Raccolta) -> None:
    """Scrive ciò che resta; se esce in un file è anche un evento: da dove, e quante persone."""
    raccolta.scrivi()
    if not raccolta.persone or raccolta.uscita not in (Uscita.FOGLIO, Uscita.PDF):
        return
    utente, ente, _ = contesto_corrente()
    dati = {"uscita": raccolta.uscita, "pagina": _in_codice(raccolta.pagina)}
    EventoDiSicurezza.objects.create(
        codice=CodiceEvento.ESPORTAZIONE,
        utente_id=utente,
        ente_id=ente,
        dati=dati | {"persone": len(raccolta.persone)},
        richiesta=raccolta.richiesta,
    )


def _in_codice(pagina: str) -> str:
    """Il nome di una pagina o di un lavoro come codice: in un evento non entrano testi."""
    return re.sub(r"[^a-z0-9_:.-]", "-", pagina.lower())[:40] or "ignota"
