"""Che cosa aspetta una risposta: le rate dei piani di rientro e le verifiche a sei mesi."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from beneficiari.models import PresaInCarico
from enti.models import Utente
from enti.permessi import Attore
from prestazioni.codici import CHIUSURE_SENZA_SEGUITO, VERIFICHE, VerificaASeiMesi
from prestazioni.models import Esito, Rata
from registro.comune.mesi import fra_mesi


# Con quanto anticipo si ricorda una rata.
ANTICIPO = timedelta(days=14)
# La verifica si fa sei mesi dopo; passato un anno non dice più niente dei sei mesi.
DOPO, FINO_A = 6, 12


@dataclass(frozen=True)
class ScadenzeDiOggi:
    """Solo numeri: nessuno dice di chi."""

    rate_scadute: int
    rate_in_scadenza: int
    verifiche: int

    def __bool__(self) -> bool:
        return any((self.rate_scadute, self.rate_in_scadenza, self.verifiche))


@dataclass(frozen=True)
class DaVerificare:
    """Una presa in carico di cui è ora di sapere come va; `esito` da cui si conta, o la chiusura."""

    presa: PresaInCarico
    verifica: VerificaASeiMesi
    dal: date
    esito: Esito | None = None


def scadenze_di_oggi(attore: Attore) -> ScadenzeDiOggi:
    """I numeri delle prese in carico che segue `attore`."""
    oggi = timezone.localdate()
    rate = rate_da_pagare(attore, oggi, di=attore.utente)
    da_verificare = {
        (presa, verifica.asse)
        for verifica in VERIFICHE
        for presa in (
            *_esiti(attore, verifica, oggi, attore.utente)
            .per_calcolo()
            .values_list("presa", flat=True),
            *_chiuse(attore, verifica, oggi, attore.utente)
            .per_calcolo()
            .values_list("pk", flat=True),
        )
    }
    return ScadenzeDiOggi(
        rate_scadute=rate.filter(scade_il__lt=oggi).count(),
        rate_in_scadenza=rate.filter(scade_il__gte=oggi).count(),
        verifiche=len(da_verificare),
    )


def rate_da_pagare(attore: Attore, oggi: date, *, di: Utente | None = None) -> QuerySet[Rata]:
    """Le rate dei piani in corso scadute o che scadono fra poco, dalla più vecchia.

    `di`: solo quelle delle prese in carico che segue; None, tutte quelle dell'ente.
    """
    rate = Rata.objects.filter(
        ente=attore.ente,
        pagata_il=None,
        scade_il__lte=oggi + ANTICIPO,
        piano__interrotto_il=None,
        piano__concluso_il=None,
    )
    if di is not None:
        rate = rate.filter(piano__presa__operatore=di)
    return rate.order_by("scade_il", "piano", "numero")


def da_verificare(attore: Attore, oggi: date, *, di: Utente | None = None) -> list[DaVerificare]:
    """Le verifiche a sei mesi ancora da fare, dalla più vecchia: una per presa in carico e asse."""
    trovate: dict[tuple[int, str], DaVerificare] = {}
    for verifica in VERIFICHE:
        for voce in _voci(attore, verifica, oggi, di):
            trovate.setdefault((voce.presa.pk, verifica.asse), voce)
    return sorted(trovate.values(), key=lambda voce: (voce.dal, voce.presa.pk))


def _voci(
    attore: Attore, verifica: VerificaASeiMesi, oggi: date, di: Utente | None
) -> Iterable[DaVerificare]:
    # Prima gli esiti, dal più recente: se c'è un esito da cui contare vale più della chiusura.
    for esito in _esiti(attore, verifica, oggi, di).per_elenco().con_chi().dagli_ultimi():
        yield DaVerificare(esito.presa, verifica, esito.giorno, esito)
    for presa in _chiuse(attore, verifica, oggi, di).per_elenco().con_chi():
        yield DaVerificare(presa, verifica, presa.chiusa_il)


def _esiti(
    attore: Attore, verifica: VerificaASeiMesi, oggi: date, di: Utente | None
) -> QuerySet[Esito]:
    """Gli esiti di sei mesi fa che nessuno ha ancora verificato."""
    risposte = Esito.objects.filter(
        ente=attore.ente,
        presa=OuterRef("presa"),
        tipo__codice__in=verifica.risposte,
        giorno__gt=OuterRef("giorno"),
    )
    esiti = (
        Esito.objects.di(attore.ente)
        .filter(
            ~Exists(risposte),
            tipo__codice__in=verifica.dopo,
            giorno__gt=fra_mesi(oggi, -FINO_A),
            giorno__lte=fra_mesi(oggi, -DOPO),
        )
        .exclude(presa__esito__codice__in=CHIUSURE_SENZA_SEGUITO)
    )
    return esiti if di is None else esiti.filter(presa__operatore=di)


def _chiuse(
    attore: Attore, verifica: VerificaASeiMesi, oggi: date, di: Utente | None
) -> QuerySet[PresaInCarico]:
    """Le prese in carico dell'asse chiuse sei mesi fa che nessuno ha più guardato."""
    risposte = Esito.objects.filter(
        ente=attore.ente,
        presa=OuterRef("pk"),
        tipo__codice__in=verifica.risposte,
        giorno__gte=OuterRef("chiusa_il"),
    )
    prese = (
        PresaInCarico.objects.di(attore.ente)
        .filter(
            ~Exists(risposte),
            azione__asse__slug=verifica.asse,
            chiusa_il__gt=fra_mesi(oggi, -FINO_A),
            chiusa_il__lte=fra_mesi(oggi, -DOPO),
        )
        .exclude(esito__codice__in=CHIUSURE_SENZA_SEGUITO)
    )
    return prese if di is None else prese.di_chi_segue(di)
