"""Ciò che la pagina «Registra» propone a chi la apre: le sue persone, i suoi servizi, le sue righe."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from assi.models import Servizio
from beneficiari.models import Beneficiario, Componente, PresaInCarico
from beneficiari.models.persone import BeneficiarioQuerySet
from beneficiari.models.ricerche import prese_delle_persone
from enti.models import Ente
from enti.permessi import Attore
from prestazioni.models.prestazioni import Partecipazione, Prestazione


PERSONE_RECENTI = 8
# Da queste ultime righe si impara con chi e che cosa lavora chi apre la pagina.
ULTIME_RIGHE = 40
GIORNI_DI_USO = 90
# Le ultime di quei giorni bastano a sapere che cosa si usa: chi ne scrive migliaia non aspetta.
RIGHE_DI_USO = 300
# L'unità che è già tempo: la quantità la dice la durata.
UNITA_DI_TEMPO = "ora"
# Chi registra in ritardo trova ancora le prese in carico chiuse da poco.
GIORNI_DALLA_CHIUSURA = 60
LUNGHEZZA_DEL_SEGNO = 4
# Dove non si dice chi c'era, due righe sono la stessa se dicono tutte queste cose.
UGUALI_SENZA_NOMI = ("servizio", "giorno", "azione", "ora", "minuti", "senza_nome")


@dataclass
class Candidata:
    """Una persona fra cui scegliere chi c'era.

    `prese`: le sue prese in carico usabili, le aperte prima; `presa`: quella che si propone, None
    se bisogna aprirne una. `segno`: il codice che la distingue da un'omonima uguale in tutto.
    """

    persona: Beneficiario
    prese: list[PresaInCarico]
    presa: PresaInCarico | None
    scelta: bool = False
    in_nucleo: bool = False
    segno: str = ""

    @property
    def da_scegliere(self) -> bool:
        """Vero se c'è da dire quale presa in carico: ce n'è più d'una, o nessuna è aperta."""
        return len(self.prese) > 1 or (bool(self.prese) and not self.prese[0].aperta)


class Presenza(NamedTuple):
    """La chiave di una partecipazione e della sua persona; `persona` è None se c'era il nucleo.

    Di chi è stato unito è la chiave di chi è rimasto.
    """

    chiave: int
    persona: int | None


def presenze_di(righe: Iterable[Prestazione]) -> dict[int, list[Presenza]]:
    """Le presenze di ogni riga, per chiave della riga, nell'ordine in cui sono state scritte."""
    trovate: dict[int, list[Presenza]] = {riga.pk: [] for riga in righe}
    tutte = Partecipazione.objects.filter(prestazione__in=list(trovate)).order_by("pk")
    chi = Coalesce("beneficiario__unito_a", "beneficiario")
    for riga, *presenza in tutte.per_calcolo().values_list("prestazione", "pk", chi):
        trovate[riga].append(Presenza(*presenza))
    return trovate


class Presenti(NamedTuple):
    """I primi che c'erano a una prestazione, e quanti erano gli altri."""

    primi: list[Partecipazione]
    altre: int


def primi_presenti(presenze: Mapping[int, Sequence[Presenza]], quanti: int) -> dict[int, Presenti]:
    """I primi `quanti` di ogni riga, con la persona: degli altri si sa solo che c'erano."""
    prime = {riga: sue[:quanti] for riga, sue in presenze.items()}
    chiavi = [voce.chiave for sue in prime.values() for voce in sue]
    # Una che un collega toglie proprio adesso non c'è più: si mostrano le altre.
    lette = Partecipazione.objects.con_i_nomi().in_bulk(chiavi)
    return {
        riga: Presenti(
            [lette[voce.chiave] for voce in sue if voce.chiave in lette],
            len(presenze[riga]) - len(sue),
        )
        for riga, sue in prime.items()
    }


@dataclass
class Ultime:
    """Le ultime righe di chi lavora, dalla più recente: da qui giorno, modo, durata e azione."""

    righe: list[Prestazione] = field(default_factory=list)

    @cached_property
    def presenze(self) -> dict[int, list[Presenza]]:
        """Chi c'era a ogni riga, per chiave: si sa quanti e quali senza leggere nessuno."""
        return presenze_di(self.righe)

    @property
    def ultima(self) -> Prestazione | None:
        return self.righe[0] if self.righe else None

    @property
    def di_oggi(self) -> list[Prestazione]:
        """Quelle di oggi, e quelle scritte oggi per un altro giorno."""
        oggi = timezone.localdate()
        return [
            riga
            for riga in self.righe
            if oggi in (riga.giorno, timezone.localdate(riga.registrata_il))
        ]

    def azione_di(self, servizio: Servizio) -> int | None:
        """La chiave dell'azione dell'ultima riga di quel servizio, o dell'ultima di tutte."""
        sue = [riga for riga in self.righe if riga.servizio_id == servizio.pk] or self.righe[:1]
        return sue[0].azione_id if sue else None


def ultime_di(attore: Attore) -> Ultime:
    """Le ultime `ULTIME_RIGHE` di chi agisce, nell'ordine in cui le ha scritte, l'ultima prima."""
    sue = Prestazione.objects.di(attore.ente).filter(operatore=attore.utente).order_by("-pk")
    # Prima le chiavi, sull'indice; poi il resto, di quelle sole.
    ultime = Prestazione.objects.filter(pk__in=sue.values("pk")[:ULTIME_RIGHE])
    return Ultime(list(ultime.in_breve().order_by("-pk")))


def chi_c_era(righe: Iterable[Prestazione]) -> dict[int, list[Partecipazione]]:
    """Tutte le partecipazioni di ogni riga, con la persona: è una lettura, per chi le mostra tutte."""
    chiavi = [riga.pk for riga in righe]
    trovate: dict[int, list[Partecipazione]] = {chiave: [] for chiave in chiavi}
    tutte = Partecipazione.objects.filter(prestazione__in=chiavi).order_by("pk")
    for voce in tutte.select_related("beneficiario"):
        trovate[voce.prestazione_id].append(voce)
    return trovate


def persone_recenti(attore: Attore, ultime: Ultime) -> list[Beneficiario]:
    """Le persone con cui chi agisce ha lavorato per ultime, poi quelle che segue: al più otto."""
    viste = [voce.persona for riga in ultime.righe for voce in ultime.presenze[riga.pk]]
    seguite = PresaInCarico.objects.di(attore.ente).aperte().di_chi_segue(attore.utente)
    seguite = seguite.filter(beneficiario__isnull=False).order_by("-aperta_il", "-pk")
    chiavi = dict.fromkeys(chi for chi in viste if chi is not None)
    if len(chiavi) < PERSONE_RECENTI:
        chiavi |= dict.fromkeys(_chi(seguite[: PERSONE_RECENTI * 2]))
    presenti = con_nucleo(Beneficiario.objects.di(attore.ente).presenti())
    lette = presenti.in_bulk(list(chiavi)[:PERSONE_RECENTI])
    return [lette[chiave] for chiave in chiavi if chiave in lette]


def _chi(righe) -> Iterable[int]:
    """Le persone delle righe, com'erano prima di un'unione o dopo: conta chi è rimasta."""
    coppie = righe.per_calcolo().values_list("beneficiario", "beneficiario__unito_a")
    return (unita or chi for chi, unita in coppie)


def candidate(
    attore: Attore,
    persone: Sequence[Beneficiario],
    *,
    scelte: dict[str, str] | None = None,
    azione: int | None = None,
) -> list[Candidata]:
    """Le persone da mostrare, lette `con_nucleo()`, ognuna con le sue prese in carico.

    `scelte`: per uuid di chi è già stato scelto, l'uuid della presa che si è indicata, o vuoto.
    `azione`: quella dell'ultima riga, che con due prese aperte si propone.
    """
    if not persone:
        return []
    scelte = scelte or {}
    per_chiave = prese_delle_persone(persone, attore.ente)
    indicate = set(scelte.values())
    uguali = Counter(map(_come_si_legge, persone))
    trovate = []
    for persona in persone:
        prese = [presa for presa in per_chiave.get(persona.pk, []) if _usabile(presa, indicate)]
        indicata = scelte.get(str(persona.uuid), "")
        omonima = uguali[_come_si_legge(persona)] > 1
        trovate.append(
            Candidata(
                persona,
                prese,
                _proposta(prese, indicata, azione),
                str(persona.uuid) in scelte,
                persona.in_nucleo,
                persona.uuid.hex[:LUNGHEZZA_DEL_SEGNO].upper() if omonima else "",
            )
        )
    return trovate


def con_nucleo(persone: BeneficiarioQuerySet) -> BeneficiarioQuerySet:
    """Con `in_nucleo`: se adesso vive con altri."""
    suoi = Componente.objects.filter(
        ente=OuterRef("ente"), beneficiario=OuterRef("pk"), al=None
    ).per_calcolo()
    return persone.annotate(in_nucleo=Exists(suoi))


def _usabile(presa: PresaInCarico, indicate: set[str]) -> bool:
    limite = timezone.localdate() - timedelta(GIORNI_DALLA_CHIUSURA)
    return presa.aperta or presa.chiusa_il >= limite or str(presa.uuid) in indicate


def _proposta(
    prese: list[PresaInCarico], indicata: str, azione: int | None
) -> PresaInCarico | None:
    """Quella indicata; altrimenti l'aperta dell'azione dell'ultima riga, o l'aperta più recente."""
    detta = next((presa for presa in prese if str(presa.uuid) == indicata), None)
    aperte = [presa for presa in prese if presa.aperta]
    dell_azione = next((presa for presa in aperte if presa.azione_id == azione), None)
    return detta or dell_azione or next(iter(aperte), None)


def _come_si_legge(persona: Beneficiario) -> tuple:
    anno = persona.data_nascita.year if persona.data_nascita else None
    return (persona.come_si_chiama.casefold(), anno, persona.comune.casefold())


def del_nucleo(ente: Ente, persona: Beneficiario) -> list[Beneficiario]:
    """Tutti quelli che vivono con `persona`, lei compresa, per nome."""
    nuclei = Componente.objects.filter(ente=ente, al=None, beneficiario__in=persona.chiavi)
    membri = Componente.objects.filter(
        ente=ente, al=None, nucleo__in=nuclei.per_calcolo().values("nucleo")
    )
    con_lei = Q(pk=persona.pk) | Q(pk__in=membri.per_calcolo().values("beneficiario"))
    dell_ente = con_nucleo(Beneficiario.objects.di(ente).presenti())
    return list(dell_ente.filter(con_lei).per_nome())


def servizi_per_uso(attore: Attore, giorno: date) -> list[Servizio]:
    """I servizi che l'ente offre quel giorno: prima quelli che chi agisce usa di più, poi per nome."""
    # Solo le sue e solo le recenti: contarle fra tutte quelle dell'ente leggeva l'ente intero. E in
    # una volta: contate servizio per servizio, le sue righe si rileggevano tante volte quanti sono.
    sue = Prestazione.objects.di(attore.ente).filter(
        operatore=attore.utente, giorno__gte=giorno - timedelta(GIORNI_DI_USO)
    )
    usi = Counter(sue.order_by("-giorno").values_list("servizio", flat=True)[:RIGHE_DI_USO])
    offerti = Servizio.objects.di(attore.ente).in_uso(giorno).per_elenco()
    return sorted(offerti, key=lambda servizio: -usi[servizio.pk])


def gia_registrate(
    attore: Attore,
    *,
    persone: Sequence[int],
    servizio: Servizio,
    giorno: date,
    minuti: int | None,
) -> list[Prestazione]:
    """Le righe di chi agisce con lo stesso servizio, giorno e durata e almeno una di quelle persone.

    `persone`: chiavi di Beneficiario.
    """
    sue = Prestazione.objects.di(attore.ente).filter(
        operatore=attore.utente, servizio=servizio, giorno=giorno, minuti=minuti
    )
    con_loro = Partecipazione.objects.di(attore.ente).filter(beneficiario__in=list(persone))
    quelle = con_loro.per_calcolo().values("prestazione")
    return list(sue.filter(pk__in=quelle).order_by("pk"))


def gia_registrate_senza_nomi(attore: Attore, fatto: Mapping[str, Any]) -> list[Prestazione]:
    """Le righe di chi agisce, senza il nome di nessuno, che dicono lo stesso di `fatto`.

    `fatto`: i campi di Prestazione, con l'azione. Contano servizio, giorno, azione, ora, durata e
    quante persone.
    """
    # Solo le sue: quella di un collega, identica, è di solito un'altra fila alla stessa mensa.
    sue = Prestazione.objects.di(attore.ente).filter(
        operatore=attore.utente, **{nome: fatto[nome] for nome in UGUALI_SENZA_NOMI}
    )
    presenti = Partecipazione.objects.di(attore.ente).filter(prestazione=OuterRef("pk"))
    return list(sue.exclude(Exists(presenti.per_calcolo())).order_by("pk"))
