"""Di una persona limitata le prestazioni non si scrivono, non si cambiano e non si contano."""

import datetime

import pytest
from django.db import IntegrityError
from django.utils import timezone

from beneficiari.azioni import diritti
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.sguardi import cruscotto, rete
from prestazioni.tasks import ricalcola_cruscotti
from tests.fabbriche import attore
from tests.fabbriche_diritti import LimitazioneFactory
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    PresaInCaricoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    AppuntamentoFactory,
    EsitoFactory,
    MembroDiGruppoFactory,
    NotaDiPrestazioneFactory,
    PartecipazioneFactory,
    PianoRientroFactory,
    PraticaCasaFactory,
    RataFactory,
    TirocinioFactory,
)


pytestmark = pytest.mark.django_db

LIMITATI = "sono limitati"
OGGI = timezone.localdate()


@pytest.fixture
def presa(db):
    return PresaInCaricoFactory()


def _nota(presa):
    return NotaDiPrestazioneFactory(
        beneficiario=presa.beneficiario, prestazione=PartecipazioneFactory(presa=presa).prestazione
    )


def _appuntamento(presa):
    return AppuntamentoFactory(
        beneficiario=presa.beneficiario, presa=presa, ente=presa.beneficiario.ente
    )


def _rata(presa):
    return RataFactory(piano=PianoRientroFactory(presa=presa))


RIGHE = {
    "partecipazione": lambda presa: PartecipazioneFactory(presa=presa),
    "nota": _nota,
    "membro": lambda presa: MembroDiGruppoFactory(presa=presa),
    "appuntamento": _appuntamento,
    "esito": lambda presa: EsitoFactory(presa=presa),
    "tirocinio": lambda presa: TirocinioFactory(presa=presa),
    "piano": lambda presa: PianoRientroFactory(presa=presa),
    "rata": _rata,
    "pratica": lambda presa: PraticaCasaFactory(presa=presa),
}


@pytest.mark.parametrize("quale", RIGHE)
def test_le_righe_di_una_persona_limitata_sono_ferme(presa, quale):
    """GDPR-16: né nuove, né cambiate, né tolte, in ogni tabella delle prestazioni."""
    riga = RIGHE[quale](presa)
    LimitazioneFactory(beneficiario=presa.beneficiario)

    with pytest.raises(IntegrityError, match=LIMITATI):
        RIGHE[quale](presa)
    with come_sistema(presa.ente), pytest.raises(IntegrityError, match=LIMITATI):
        type(riga).objects.filter(pk=riga.pk).update(ente=presa.ente)


def test_di_un_gruppo_si_segnano_gli_altri(presa):
    LimitazioneFactory(beneficiario=presa.beneficiario)
    altra = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=presa.ente), azione=presa.azione
    )

    assert PartecipazioneFactory(presa=altra).pk


def _contate(ente) -> tuple[int, int, int]:
    """Persone, casi aperti e persone con un bisogno nel cruscotto dell'ente."""
    ambito = cruscotto.AmbitoDiEnte(ente, datetime.date(2026, 1, 1), OGGI)
    with come(attore(Ruolo.REFERENTE, ente=ente)):
        return (
            cruscotto.numeri_di(ambito).totale.persone,
            sum(cruscotto.casi_aperti(ambito).values()),
            sum(persone for persone, _ in cruscotto.bisogni_per_stato(ambito).values()),
        )


def test_finche_e_limitata_non_si_conta_e_dopo_si(presa):
    """GDPR-16: fuori dalle statistiche dell'ente; le prestazioni fatte restano fatte."""
    PartecipazioneFactory(presa=presa)
    BisognoRilevatoFactory(beneficiario=presa.beneficiario)
    assert _contate(presa.ente) == (1, 1, 1)

    limitazione = LimitazioneFactory(beneficiario=presa.beneficiario)
    assert _contate(presa.ente) == (0, 0, 0)
    ambito = cruscotto.AmbitoDiEnte(presa.ente, datetime.date(2026, 1, 1), OGGI)
    referente = attore(Ruolo.REFERENTE, ente=presa.ente)
    with come(referente):
        assert cruscotto.numeri_di(ambito).totale.prestazioni == 1
        diritti.togli_limitazione(
            limitazione=limitazione, perche="Controllati.", avvisata_il=OGGI, da=referente
        )
    assert _contate(presa.ente) == (1, 1, 1)


def test_nemmeno_la_rete_la_conta(presa):
    """GDPR-16: i conti della rete, arrotondati a 5: da tre persone a due si passa da 5 a 0."""
    altre = [
        PresaInCaricoFactory(
            beneficiario=BeneficiarioFactory(ente=presa.ente), azione=presa.azione
        )
        for _ in range(2)
    ]
    for di_chi in (presa, *altre):
        PartecipazioneFactory(presa=di_chi)
        BisognoRilevatoFactory(beneficiario=di_chi.beneficiario)
    ambito = rete.Ambito(datetime.date(2026, 1, 1), OGGI)
    amministra = attore(Ruolo.AMMINISTRATORE)

    def contate() -> tuple[int, int, int]:
        ricalcola_cruscotti()
        with come(amministra):
            (riga,) = rete.righe_di_rete("totale", ambito)
            casi = sum(rete.casi_di_rete("totale", ambito).values())
            bisogni = sum(persone for persone, _ in rete.bisogni_di_rete(ambito).values())
            return riga.persone, casi, bisogni

    assert contate() == (5, 5, 5)
    LimitazioneFactory(beneficiario=presa.beneficiario)
    assert contate() == (0, 0, 0)
