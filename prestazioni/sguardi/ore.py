"""Le ore di chi lavora, mese per mese: con le persone, senza persone davanti, rettificate.

Si sommano sempre dalle righe. Una prestazione di cui la durata non è detta non vale zero: si conta
a parte, fra quelle «senza durata». Tutti i minuti sono interi; None vuol dire che non ce n'è.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import chain
from typing import Self

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, TruncMonth

from assi.models import Azione
from enti.models import Appartenenza, Ente, Utente
from enti.permessi import RUOLI_DELL_ENTE
from prestazioni.models import (
    MINUTI_AL_GIORNO,
    Affiancamento,
    AttivitaIndiretta,
    FoglioOre,
    Prestazione,
    Rettifica,
)
from registro.comune.mesi import fra_mesi


# Quanto indietro si va a ricordare, in «Oggi», un mese che nessuno ha firmato.
MESI_INDIETRO = 12


def somma(*minuti: int | None) -> int | None:
    """La somma dei minuti detti; None se non ne è detto nessuno."""
    detti = [valore for valore in minuti if valore is not None]
    return sum(detti) if detti else None


def in_ore(minuti: int | None) -> Decimal | None:
    """I minuti in ore con due decimali: 90 → 1,50; None resta None."""
    if minuti is None:
        return None
    return (Decimal(minuti) / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def primo_del_mese(giorno: date) -> date:
    return giorno.replace(day=1)


def fine_del_mese(mese: date) -> date:
    """L'ultimo giorno del mese che comincia in `mese`."""
    return fra_mesi(mese, 1) - date.resolution


@dataclass(frozen=True)
class Ore:
    """Un conto di ore, in minuti. `senza_durata`: quante prestazioni non dicono quanto durano."""

    diretti: int | None = None
    indiretti: int | None = None
    senza_durata: int = 0
    rettifiche: int | None = None

    def __add__(self, altro: Self) -> Self:
        return Ore(
            somma(self.diretti, altro.diretti),
            somma(self.indiretti, altro.indiretti),
            self.senza_durata + altro.senza_durata,
            somma(self.rettifiche, altro.rettifiche),
        )

    @property
    def lavorati(self) -> int | None:
        """Con le persone e senza, prima delle rettifiche."""
        return somma(self.diretti, self.indiretti)

    @property
    def totale(self) -> int | None:
        return somma(self.lavorati, self.rettifiche)


@dataclass(frozen=True)
class Voce:
    """Il lavoro di un operatore in un giorno per un'azione (None: nessuna in particolare)."""

    operatore: int
    giorno: date
    azione: int | None
    ore: Ore


@dataclass(frozen=True)
class Giornata:
    """Un giorno di un operatore."""

    giorno: date
    ore: Ore

    @property
    def oltre(self) -> bool:
        """Vero se le durate scritte passano le ventiquattr'ore: qualcuna è sbagliata, o si
        sovrappongono."""
        return (self.ore.lavorati or 0) > MINUTI_AL_GIORNO


@dataclass(frozen=True)
class PerAzione:
    """Le ore di un operatore per un'azione, giorno per giorno, con le sue rettifiche."""

    azione: Azione | None
    giorni: list[Giornata]
    rettifiche: list[Rettifica]

    @cached_property
    def ore(self) -> Ore:
        rettificati = somma(*(voce.minuti for voce in self.rettifiche))
        return _insieme(giorno.ore for giorno in self.giorni) + Ore(rettifiche=rettificati)


@dataclass(frozen=True)
class FoglioDelMese:
    """Il mese di un operatore. `firmato` è None finché il referente non lo firma.

    `appartenenza` ne porta l'identificativo per gli indirizzi; None per l'attore di sistema, che
    non ha un foglio da firmare.
    """

    operatore: Utente
    mese: date
    appartenenza: Appartenenza | None = None
    voci: list[Voce] = field(default_factory=list)
    azioni: dict[int, Azione] = field(default_factory=dict)
    firmato: FoglioOre | None = None
    rettifiche: list[Rettifica] = field(default_factory=list)

    @cached_property
    def giorni(self) -> list[Giornata]:
        """I giorni in cui c'è qualcosa, in ordine."""
        return _giornate(self.voci)

    @cached_property
    def per_azione(self) -> list[PerAzione]:
        """Le azioni per titolo; in fondo ciò che non è di nessuna azione."""
        voci, rettifiche = defaultdict(list), defaultdict(list)
        for voce in self.voci:
            voci[voce.azione].append(voce)
        for rettifica in self.rettifiche:
            rettifiche[rettifica.azione_id].append(rettifica)
        chiavi = sorted(
            {*voci, *rettifiche}, key=lambda pk: (pk is None, pk and self.azioni[pk].titolo)
        )
        return [
            PerAzione(self.azioni.get(pk), _giornate(voci[pk]), rettifiche[pk]) for pk in chiavi
        ]

    @cached_property
    def ore(self) -> Ore:
        rettificati = somma(*(voce.minuti for voce in self.rettifiche))
        return _insieme(voce.ore for voce in self.voci) + Ore(rettifiche=rettificati)

    @property
    def azioni_in_breve(self) -> list[tuple[Azione | None, Ore]]:
        """Ogni azione con le sue ore."""
        return [(parte.azione, parte.ore) for parte in self.per_azione]

    @property
    def vuoto(self) -> bool:
        return not self.voci and not self.rettifiche

    @property
    def oltre(self) -> list[Giornata]:
        """I giorni le cui durate passano le ventiquattr'ore."""
        return [giorno for giorno in self.giorni if giorno.oltre]

    def finito(self, oggi: date) -> bool:
        """Se il mese è passato: solo allora si firma."""
        return self.mese < primo_del_mese(oggi)


@dataclass(frozen=True)
class MeseDaFirmare:
    """Un mese finito con ore che nessuno ha firmato, e di chi."""

    mese: date
    operatori: list[int]


def fogli_del_mese(
    ente: Ente, mese: date, *, operatore: Utente | None = None
) -> list[FoglioDelMese]:
    """I fogli di chi quel mese lavorava per l'ente, per nome; anche vuoti: dicono chi manca.

    Con `operatore`, solo il suo (uno, anche vuoto).
    """
    return fogli_del_periodo(ente, mese, mese, operatore=operatore)


def fogli_del_periodo(
    ente: Ente, primo: date, ultimo: date, *, operatore: Utente | None = None
) -> list[FoglioDelMese]:
    """I fogli dei mesi da `primo` a `ultimo` (primi giorni), per mese e per nome.

    Sette interrogazioni, qualunque sia il numero di mesi e di operatori.
    """
    righe = defaultdict(list)
    for voce in _voci(ente, primo, fine_del_mese(ultimo), operatore):
        righe[voce.operatore, primo_del_mese(voce.giorno)].append(voce)
    firmati, rettifiche = _firme(ente, primo, ultimo, operatore)
    chi = _chi_lavora(ente, operatore)
    chiavi = _attesi(chi, primo, ultimo, operatore) | set(righe) | set(firmati)
    utenti = _utenti(chi, {pk for pk, _ in chiavi}, operatore)
    azioni = _azioni(chain(*righe.values()), chain(*rettifiche.values()))
    composti = [
        FoglioDelMese(
            operatore=utenti[pk],
            mese=mese,
            appartenenza=chi[pk][-1] if pk in chi else None,
            voci=righe[pk, mese],
            azioni=azioni,
            firmato=firmati.get((pk, mese)),
            rettifiche=rettifiche[pk, mese],
        )
        for pk, mese in chiavi
    ]
    return sorted(composti, key=lambda foglio: (foglio.mese, _per_nome(foglio.operatore)))


def da_ricordare(ente: Ente, oggi: date) -> list[MeseDaFirmare]:
    """I mesi finiti dell'ultimo anno con ore non firmate, dal più vecchio."""
    return mesi_da_firmare(ente, oggi, dal=fra_mesi(primo_del_mese(oggi), -MESI_INDIETRO))


def mesi_da_firmare(ente: Ente, oggi: date, *, dal: date = date.min) -> list[MeseDaFirmare]:
    """I mesi finiti con ore non firmate, dal più vecchio; un foglio caricato può venire da lontano."""
    al = primo_del_mese(oggi) - date.resolution
    con_ore = set(chain(*(righe.distinct() for righe in _con_ore(ente, dal, al))))
    firmati = set(FoglioOre.objects.di(ente).fra(dal, al).values_list("operatore", "mese"))
    mancano = defaultdict(list)
    for operatore, mese in con_ore - firmati:
        mancano[mese].append(operatore)
    return [MeseDaFirmare(mese, sorted(mancano[mese])) for mese in sorted(mancano)]


def senza_durata(ente: Ente, mese: date, operatore: Utente) -> list[Prestazione]:
    """Le prestazioni del mese, fatte o affiancate, di cui non si sa quanto è durato il suo lavoro."""
    righe = Prestazione.objects.di(ente).fra(mese, fine_del_mese(mese)).filter(minuti=None)
    accanto = Affiancamento.objects.filter(ente=ente, utente=operatore, minuti=None)
    mie = righe.filter(Q(operatore=operatore) | Q(pk__in=accanto.values("prestazione")))
    return list(mie.select_related("servizio").order_by("giorno", "pk"))


def _voci(ente: Ente, dal: date, al: date, operatore: Utente | None) -> Iterator[Voce]:
    """Le somme per operatore, giorno e azione, di ogni specie di lavoro."""
    fatte = _di(Prestazione.objects.di(ente).fra(dal, al), operatore)
    fatte = fatte.values_list("operatore", "giorno", "azione").annotate(
        detti=Sum("minuti"), muti=Count("pk", filter=Q(minuti=None))
    )
    accanto = _accanto(ente, dal, al)
    if operatore:
        accanto = accanto.filter(utente=operatore)
    accanto = accanto.values_list("utente", "prestazione__giorno", "prestazione__azione").annotate(
        detti=Sum(Coalesce("minuti", "prestazione__minuti")),
        muti=Count("pk", filter=Q(minuti=None, prestazione__minuti=None)),
    )
    for chi, giorno, azione, detti, muti in chain(fatte, accanto):
        yield Voce(chi, giorno, azione, Ore(diretti=detti, senza_durata=muti))
    indirette = _di(AttivitaIndiretta.objects.di(ente).fra(dal, al), operatore)
    indirette = indirette.values_list("operatore", "giorno", "azione")
    for chi, giorno, azione, detti in indirette.annotate(detti=Sum("minuti")):
        yield Voce(chi, giorno, azione, Ore(indiretti=detti))


def _accanto(ente: Ente, dal: date, al: date):
    return Affiancamento.objects.filter(
        ente=ente, prestazione__giorno__gte=dal, prestazione__giorno__lte=al
    )


def _firme(ente: Ente, primo: date, ultimo: date, operatore: Utente | None) -> tuple[dict, dict]:
    """Per (operatore, mese), il foglio firmato; e le sue rettifiche, dalla prima."""
    fogli = _di(FoglioOre.objects.di(ente).fra(primo, ultimo), operatore)
    firmati = {(voce.operatore_id, voce.mese): voce for voce in fogli.select_related("firmato_da")}
    rettifiche = defaultdict(list)
    tutte = Rettifica.objects.filter(ente=ente, foglio__in=[f.pk for f in firmati.values()])
    for voce in tutte.select_related("foglio", "da").order_by("quando", "pk"):
        rettifiche[voce.foglio.operatore_id, voce.foglio.mese].append(voce)
    return firmati, rettifiche


def _con_ore(ente: Ente, dal: date, al: date) -> Iterator:
    """(operatore, mese) di ogni specie di lavoro; l'attore di sistema non firma."""
    specie = (
        (Prestazione.objects.di(ente).fra(dal, al), "operatore", "giorno"),
        (AttivitaIndiretta.objects.di(ente).fra(dal, al), "operatore", "giorno"),
        (_accanto(ente, dal, al), "utente", "prestazione__giorno"),
    )
    for righe, chi, giorno in specie:
        persone = righe.filter(**{f"{chi}__di_sistema": False})
        yield persone.order_by().values_list(F(chi), TruncMonth(giorno))


def _di(righe, operatore: Utente | None):
    return righe.filter(operatore=operatore) if operatore else righe


def _chi_lavora(ente: Ente, operatore: Utente | None) -> dict[int, list[Appartenenza]]:
    """Per chiave di utente, i periodi in cui è stato dell'ente, l'ultimo in fondo."""
    tutte = Appartenenza.objects.filter(ente=ente)
    if operatore:
        tutte = tutte.filter(utente=operatore)
    per_utente = defaultdict(list)
    for voce in tutte.select_related("utente").order_by("inizio", "pk"):
        per_utente[voce.utente_id].append(voce)
    return per_utente


def _attesi(
    chi: dict[int, list[Appartenenza]], primo: date, ultimo: date, operatore: Utente | None
) -> set[tuple[int, date]]:
    """(utente, mese) di chi ci si aspetta: chi allora seguiva le persone, o quello chiesto."""
    if operatore:
        return {(operatore.pk, mese) for mese in _mesi(primo, ultimo)}
    return {
        (pk, mese)
        for mese in _mesi(primo, ultimo)
        for pk, periodi in chi.items()
        if any(_lavorava(periodo, mese) for periodo in periodi)
    }


def _lavorava(periodo: Appartenenza, mese: date) -> bool:
    """Se in quel mese seguiva le persone dell'ente. Chi coordina soltanto non ha un foglio."""
    finito_prima = periodo.fine is not None and periodo.fine < mese
    return (
        periodo.ruolo in RUOLI_DELL_ENTE
        and periodo.inizio <= fine_del_mese(mese)
        and not finito_prima
    )


def _utenti(
    chi: dict[int, list[Appartenenza]], chiavi: set[int], operatore: Utente | None
) -> dict[int, Utente]:
    noti = {pk: periodi[-1].utente for pk, periodi in chi.items()}
    if operatore:
        noti[operatore.pk] = operatore
    ignoti = chiavi - set(noti)
    return noti | (Utente.objects.in_bulk(ignoti) if ignoti else {})


def _azioni(voci: Iterable[Voce], rettifiche: Iterable[Rettifica]) -> dict[int, Azione]:
    chiavi = {voce.azione for voce in voci} | {voce.azione_id for voce in rettifiche}
    return Azione.objects.select_related("progetto").in_bulk(chiavi - {None})


def _giornate(voci: Iterable[Voce]) -> list[Giornata]:
    per_giorno = defaultdict(Ore)
    for voce in voci:
        per_giorno[voce.giorno] += voce.ore
    return [Giornata(giorno, per_giorno[giorno]) for giorno in sorted(per_giorno)]


def _insieme(conti: Iterable[Ore]) -> Ore:
    return sum(conti, start=Ore())


def _mesi(primo: date, ultimo: date) -> Iterator[date]:
    while primo <= ultimo:
        yield primo
        primo = fra_mesi(primo, 1)


def _per_nome(utente: Utente) -> tuple:
    return (utente.di_sistema, utente.cognome.casefold(), utente.nome.casefold(), utente.pk)
