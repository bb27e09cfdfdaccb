"""L'agenda di chi lavora: i suoi appuntamenti, che cosa resta da registrare, chi non vede da tempo."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from beneficiari.models import Beneficiario, Componente, PresaInCarico, Recapito
from beneficiari.models.persone import BeneficiarioQuerySet
from beneficiari.models.ricerche import hanno
from enti.permessi import Attore
from prestazioni.models import (
    Appuntamento,
    AppuntamentoQuerySet,
    GruppoPresenze,
    Modo,
    Partecipazione,
    Prestazione,
)


# Un appuntamento lasciato aperto da più tempo non si chiude più da sé: si cerca nella settimana sua.
GIORNI_DA_CHIUDERE = 60


@dataclass(frozen=True)
class GiornoDiAgenda:
    giorno: date
    appuntamenti: list[Appuntamento]

    @property
    def a_domicilio(self) -> bool:
        """Se c'è almeno una visita da fare."""
        previsto = Appuntamento.Stato.PREVISTO
        return any(
            voce.modo == Modo.DOMICILIO and voce.stato == previsto for voce in self.appuntamenti
        )


@dataclass(frozen=True)
class DaRegistrare:
    """Ciò che oggi resta da scrivere: gli appuntamenti passati e gli incontri di gruppo di oggi."""

    appuntamenti: list[Appuntamento]
    gruppi: list[GruppoPresenze]

    def __bool__(self) -> bool:
        return bool(self.appuntamenti or self.gruppi)


@dataclass(frozen=True)
class Visita:
    """Una visita a domicilio come va sul foglio da portare con sé: nulla più del necessario.

    `telefono` e `dove` sono vuoti se non si sanno, o se sono riservati.
    """

    appuntamento: Appuntamento
    telefono: str
    dove: str


@dataclass(frozen=True)
class ImpegniDiOggi:
    """Solo numeri, per la prima pagina."""

    appuntamenti: int
    da_registrare: int


def miei(attore: Attore) -> AppuntamentoQuerySet:
    """Gli appuntamenti di chi agisce, nell'ente per cui agisce."""
    return Appuntamento.objects.di_chi_opera(attore.utente, attore.ente)


def inizio_del_giorno(giorno: date) -> datetime:
    """La mezzanotte con cui comincia, nell'ora italiana."""
    return timezone.make_aware(datetime.combine(giorno, time.min))


def giorni_di_agenda(attore: Attore, dal: date, quanti: int) -> list[GiornoDiAgenda]:
    """Gli appuntamenti di `quanti` giorni da `dal`, giorno per giorno, anche vuoti."""
    al = dal + timedelta(quanti)
    per_giorno = defaultdict(list)
    letti = miei(attore).fra(inizio_del_giorno(dal), inizio_del_giorno(al)).per_elenco()
    for appuntamento in letti:
        per_giorno[timezone.localdate(appuntamento.quando)].append(appuntamento)
    giorni = (dal + timedelta(n) for n in range(quanti))
    return [GiornoDiAgenda(giorno, per_giorno[giorno]) for giorno in giorni]


def da_registrare(attore: Attore, adesso: datetime) -> DaRegistrare:
    """Gli appuntamenti passati di cui non si è detto com'è andata, e i gruppi di oggi da segnare."""
    return DaRegistrare(
        list(_da_chiudere(attore, adesso).per_elenco()), _gruppi_da_segnare(attore, adesso)
    )


def impegni_di_oggi(attore: Attore) -> ImpegniDiOggi:
    """Quanti appuntamenti oggi, e quante cose da registrare."""
    adesso = timezone.now()
    oggi = timezone.localdate(adesso)
    di_oggi = miei(attore).previsti()
    di_oggi = di_oggi.fra(inizio_del_giorno(oggi), inizio_del_giorno(oggi + timedelta(1)))
    da_chiudere = _da_chiudere(attore, adesso).count()
    return ImpegniDiOggi(di_oggi.count(), da_chiudere + len(_gruppi_da_segnare(attore, adesso)))


def visite(attore: Attore, giorno: date) -> list[Visita]:
    """Le visite a domicilio del giorno, in ordine d'ora. Leggerle lascia traccia."""
    fra = inizio_del_giorno(giorno), inizio_del_giorno(giorno + timedelta(1))
    a_domicilio = miei(attore).previsti().filter(modo=Modo.DOMICILIO).fra(*fra)
    appuntamenti = list(a_domicilio.per_elenco())
    recapiti = _recapiti(attore, appuntamenti)
    return [
        Visita(
            voce,
            recapiti.get((voce.persona and voce.persona.pk, Recapito.Tipo.TELEFONO), ""),
            voce.luogo
            or recapiti.get((voce.persona and voce.persona.pk, Recapito.Tipo.INDIRIZZO), ""),
        )
        for voce in appuntamenti
    ]


def seguite(attore: Attore) -> BeneficiarioQuerySet:
    """Le persone che segue chi agisce, con l'ultimo contatto.

    `ultimo` è il giorno dell'ultima prestazione, None se non ce n'è; `da_quando` quello da cui si
    conta (se la presa in carico è più recente, la sua apertura); `prossimo` l'appuntamento che c'è
    già, None se non c'è.
    """
    mie = PresaInCarico.objects.di(attore.ente).aperte().di_chi_segue(attore.utente)
    persone = Beneficiario.objects.di(attore.ente).presenti().filter(hanno(mie.per_calcolo()))
    prossimi = miei(attore).previsti().filter(quando__gte=timezone.now())
    con_lei = Q(beneficiario=OuterRef("pk")) | Q(beneficiario__unito_a=OuterRef("pk"))
    return persone.annotate(
        ultimo=Greatest(*_ultimi_contatti(attore)),
        aperta=Greatest(*_ultime_aperture(mie, attore)),
        prossimo=Subquery(prossimi.filter(con_lei).order_by("quando").values("quando")[:1]),
    ).annotate(da_quando=Greatest("ultimo", "aperta"))


def senza_contatti(attore: Attore, giorni: int, oggi: date) -> BeneficiarioQuerySet:
    """Fra le `seguite`, quelle con cui nessuno ha fatto niente da `giorni`: la più trascurata prima."""
    da_tempo = seguite(attore).filter(da_quando__lt=oggi - timedelta(giorni))
    return da_tempo.order_by(F("da_quando").asc(), "pk")


def _da_chiudere(attore: Attore, adesso: datetime) -> AppuntamentoQuerySet:
    return miei(attore).previsti().fra(adesso - timedelta(GIORNI_DA_CHIUDERE), adesso)


def _gruppi_da_segnare(attore: Attore, adesso: datetime) -> list[GruppoPresenze]:
    oggi = timezone.localdate(adesso)
    miei_gruppi = GruppoPresenze.objects.di(attore.ente).attivi(oggi).per_elenco()
    miei_gruppi = miei_gruppi.filter(operatore=attore.utente, dal__lte=oggi)
    attesi = [gruppo for gruppo in miei_gruppi if gruppo.incontri_previsti(oggi, oggi)]
    segnati = Prestazione.objects.di(attore.ente).filter(giorno=oggi, gruppo__in=attesi)
    tenuti = set(segnati.values_list("gruppo", flat=True)) if attesi else set()
    return [gruppo for gruppo in attesi if gruppo.pk not in tenuti]


def _recapiti(attore: Attore, appuntamenti: Sequence[Appuntamento]) -> dict[tuple, str]:
    """Per persona e tipo, il primo recapito che non è riservato."""
    di_chi = {}
    for voce in appuntamenti:
        if voce.persona:
            di_chi |= {voce.beneficiario_id: voce.persona.pk, voce.persona.pk: voce.persona.pk}
    trovati: dict[tuple, str] = {}
    if not di_chi:
        return trovati
    tipi = (Recapito.Tipo.TELEFONO, Recapito.Tipo.INDIRIZZO)
    suoi = Recapito.objects.filter(ente=attore.ente, beneficiario__in=list(di_chi), tipo__in=tipi)
    for recapito in suoi.non_riservati().order_by("pk"):
        chiave = (di_chi[recapito.beneficiario_id], recapito.tipo)
        trovati.setdefault(chiave, recapito.valore)
    return trovati


def _ultimi_contatti(attore: Attore) -> list[Subquery]:
    """L'ultima volta: sua, di una riga che un'unione le ha dato, del nucleo in cui vive."""
    tutte = Partecipazione.objects.di(attore.ente).order_by("-giorno")
    nuclei = _nuclei_di(attore)
    return [
        Subquery(tutte.filter(beneficiario=OuterRef("pk")).values("giorno")[:1]),
        Subquery(tutte.filter(beneficiario__unito_a=OuterRef("pk")).values("giorno")[:1]),
        Subquery(tutte.filter(beneficiario=None, presa__nucleo__in=nuclei).values("giorno")[:1]),
    ]


def _ultime_aperture(mie, attore: Attore) -> list[Subquery]:
    def ultima(**di_chi) -> Subquery:
        sue = mie.filter(**di_chi).order_by().values("ente")
        return Subquery(sue.annotate(ultima=Max("aperta_il")).values("ultima"))

    return [
        ultima(beneficiario=OuterRef("pk")),
        ultima(beneficiario__unito_a=OuterRef("pk")),
        ultima(nucleo__in=_nuclei_di(attore)),
    ]


def _nuclei_di(attore: Attore):
    vive_con = Q(beneficiario=OuterRef(OuterRef("pk")))
    vive_con |= Q(beneficiario__unito_a=OuterRef(OuterRef("pk")))
    oggi = Componente.objects.filter(vive_con, ente=attore.ente, al=None)
    return oggi.per_calcolo().values("nucleo")
