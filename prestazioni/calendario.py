"""Il calendario di un gruppo: quando si è ritrovato, chi c'era, quali fogli mancano."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from prestazioni.models import (
    GruppoPresenze,
    MembroDiGruppo,
    Partecipazione,
    Prestazione,
)


# Una frequenza si dice regolare da tre quarti degli incontri in su (esito E_FREQ).
PARTE_REGOLARE = Decimal("0.75")
# Fin dove si cerca il prossimo incontro: un gruppo fermo da più tempo non ne ha uno.
AVANTI = timedelta(days=120)


class Stato(StrEnum):
    FATTO = "fatto"
    MANCA = "manca"
    OGGI = "oggi"
    PREVISTO = "previsto"


@dataclass(frozen=True)
class Incontro:
    """Un giorno del gruppo. `foglio` è la prestazione scritta, None se non c'è.

    `presenti` sono le persone con un nome, `assenti` i membri di quel giorno che mancavano; None
    se il foglio non c'è.
    """

    giorno: date
    stato: Stato
    foglio: Prestazione | None = None
    presenti: int | None = None
    assenti: int | None = None

    @property
    def in_tutto(self) -> int:
        """Quante persone c'erano, con e senza nome."""
        return (self.presenti or 0) + (self.foglio.senza_nome or 0 if self.foglio else 0)


@dataclass(frozen=True)
class Frequenza:
    """Quante volte è venuto un membro, `su` quanti incontri tenuti mentre era nel gruppo."""

    membro: MembroDiGruppo
    presenze: int
    su: int

    @property
    def parte(self) -> Decimal | None:
        """La frazione degli incontri; None se non ce n'è stato nessuno."""
        return Decimal(self.presenze) / self.su if self.su else None

    @property
    def percento(self) -> int | None:
        """I centesimi interi, senza arrotondare in su: 74,9 non diventa 75, che è regolare."""
        return None if self.parte is None else int(self.parte * 100)

    @property
    def regolare(self) -> bool:
        return self.parte is not None and self.parte >= PARTE_REGOLARE


def incontri(gruppo: GruppoPresenze, dal: date, al: date, oggi: date) -> list[Incontro]:
    """Gli incontri tenuti e quelli previsti da `dal` ad `al`, estremi compresi, in ordine."""
    fogli = list(fogli_di(gruppo, dal, al))
    presenti = _presenti(gruppo, fogli)
    membri = _periodi(gruppo)
    scritti = [_tenuto(foglio, presenti[foglio.pk], membri) for foglio in fogli]
    giorni = {foglio.giorno for foglio in fogli}
    attesi = [
        Incontro(giorno, _stato(giorno, oggi))
        for giorno in gruppo.incontri_previsti(dal, al)
        if giorno not in giorni
    ]
    return sorted([*scritti, *attesi], key=lambda incontro: incontro.giorno)


def fogli_di(gruppo: GruppoPresenze, dal: date, al: date):
    """Le prestazioni del gruppo da `dal` ad `al`, dalla prima."""
    suoi = Prestazione.objects.di(gruppo.ente).filter(gruppo=gruppo).fra(dal, al)
    return suoi.select_related("operatore").order_by("giorno", "ora", "pk")


def fogli_mancanti(gruppo: GruppoPresenze, tenuti: Iterable[date], oggi: date) -> list[date]:
    """I giorni del calendario già passati senza un foglio, dal primo."""
    fatti = set(tenuti)
    passati = gruppo.incontri_previsti(gruppo.dal, oggi - timedelta(days=1))
    return [giorno for giorno in passati if giorno not in fatti]


def giorni_tenuti(gruppi: Iterable[GruppoPresenze]) -> dict[int, set[date]]:
    """Per chiave di gruppo, i giorni di cui c'è il foglio. I gruppi sono di un ente solo."""
    per_gruppo: dict[int, set[date]] = defaultdict(set)
    gruppi = list(gruppi)
    if gruppi:
        fogli = Prestazione.objects.di(gruppi[0].ente_id).filter(gruppo__in=gruppi)
        for gruppo, giorno in fogli.values_list("gruppo", "giorno"):
            per_gruppo[gruppo].add(giorno)
    return per_gruppo


def prossimo_incontro(gruppo: GruppoPresenze, oggi: date) -> date | None:
    """Il primo giorno in cui il gruppo si ritrova, da `oggi` in poi; None se non ce n'è uno."""
    return next(iter(gruppo.incontri_previsti(oggi, oggi + AVANTI)), None)


def frequenze(gruppo: GruppoPresenze, dal: date, al: date) -> list[Frequenza]:
    """Quanto è venuto ciascun membro negli incontri da `dal` ad `al`, per sottogruppo e nome.

    Un incontro di soli numeri, senza nessun nome, non dice chi c'era e non si conta.
    """
    fogli = list(fogli_di(gruppo, dal, al))
    presenti = _presenti(gruppo, fogli)
    coi_nomi = [foglio for foglio in fogli if presenti[foglio.pk]]
    esito = []
    for membro in membri_in_ordine(gruppo):
        suoi = [f for f in coi_nomi if membro.dal <= f.giorno <= (membro.al or f.giorno)]
        presenze = sum(membro.beneficiario_id in presenti[foglio.pk] for foglio in suoi)
        if suoi or membro.al is None:
            esito.append(Frequenza(membro, presenze, len(suoi)))
    return esito


def membri_in_ordine(gruppo: GruppoPresenze):
    """Le righe di chi è, o è stato, nel gruppo: per sottogruppo e poi per nome."""
    suoi = MembroDiGruppo.objects.filter(gruppo_presenze=gruppo, ente=gruppo.ente_id)
    return suoi.select_related("beneficiario", "presa").order_by(
        "parte", "beneficiario__nome_cercato", "pk"
    )


def _tenuto(foglio: Prestazione, presenti: set[int], membri: list) -> Incontro:
    attesi = {chi for chi, dal, al in membri if dal <= foglio.giorno <= (al or foglio.giorno)}
    # Contati soltanto: chi mancava non si sa.
    assenti = len(attesi - presenti) if presenti else None
    return Incontro(foglio.giorno, Stato.FATTO, foglio, len(presenti), assenti)


def _stato(giorno: date, oggi: date) -> Stato:
    if giorno == oggi:
        return Stato.OGGI
    return Stato.MANCA if giorno < oggi else Stato.PREVISTO


def _presenti(gruppo: GruppoPresenze, fogli: list[Prestazione]) -> dict[int, set[int]]:
    """Per chiave di foglio, le chiavi di chi c'era: servono a contare, non si mostrano."""
    per_foglio: dict[int, set[int]] = defaultdict(set)
    righe = Partecipazione.objects.di(gruppo.ente).filter(prestazione__in=fogli)
    coppie = righe.per_calcolo().values_list("prestazione", "beneficiario")
    for foglio, persona in coppie if fogli else ():
        per_foglio[foglio].add(persona)
    return per_foglio


def _periodi(gruppo: GruppoPresenze) -> list[tuple[int, date, date | None]]:
    membri = MembroDiGruppo.objects.filter(gruppo_presenze=gruppo, ente=gruppo.ente_id)
    return list(membri.per_calcolo().values_list("beneficiario", "dal", "al"))
