"""Due che scrivono insieme, ciascuno con la sua connessione: le regole fra più righe reggono."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari.azioni.condivisioni import concedi
from beneficiari.azioni.unioni import unisci
from beneficiari.models import Autorizzazione, Beneficiario
from enti.permessi import Ruolo
from privacy import letture
from privacy.azioni.regole import chiudi_base
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    accordo_fra,
    come,
)
from tests.report.conftest import database_confermato  # noqa: F401 - è una fixture
from tests.report.test_schede_insieme import TEMPO, in_parallelo


pytestmark = pytest.mark.usefixtures("database_confermato")

# Quanto una transazione resta aperta perché l'altra arrivi e si metta in fila.
ATTESA = 0.5


def _primo_e_secondo(primo, secondo) -> list:
    """`secondo` comincia quando `primo` ha scritto e non ha ancora confermato."""
    scritto = threading.Event()

    def apre():
        chi, gesto = primo
        with come(chi), letture.registra_letture("prova"):
            fatto = gesto()
            scritto.set()
            threading.Event().wait(ATTESA)
            return fatto

    def segue():
        chi, gesto = secondo
        assert scritto.wait(TEMPO)
        with come(chi), letture.registra_letture("prova"):
            return gesto()

    return in_parallelo(apre, segue)


def test_due_unioni_insieme_non_fanno_una_catena():
    una = BeneficiarioFactory()
    altra, terza = (BeneficiarioFactory(ente=una.ente) for _ in range(2))
    chi = attore(Ruolo.REFERENTE, ente=una.ente)

    _, esito = _primo_e_secondo(
        (chi, lambda: unisci(tenuta=altra, assorbita=una, da=chi)),
        (chi, lambda: unisci(tenuta=terza, assorbita=altra, da=chi)),
    )

    assert isinstance(esito, ValidationError)
    assert "fa già parte di un'altra unione" in esito.messages[0]
    with come(chi):
        unite = set(Beneficiario.objects.di(una.ente).exclude(unito_a=None))
    assert unite == {una}


def test_chi_condivide_mentre_la_base_si_chiude_non_le_sopravvive():
    persona, altro = BeneficiarioFactory(), attore()
    base = BaseGiuridicaFactory()
    referente = attore(Ruolo.REFERENTE, ente=persona.ente)
    amministra = attore(Ruolo.AMMINISTRATORE)
    accordo_fra(persona.ente, altro.ente)
    oggi = timezone.localdate()

    def condivide():
        return concedi(
            persona=persona,
            destinatario=altro.ente,
            livello="completo",
            gruppi=["anagrafica"],
            finalita=base.finalita,
            dal=oggi,
            al=oggi,
            da=referente,
        )

    _primo_e_secondo(
        (referente, condivide),
        (amministra, lambda: chiudi_base(base=base, al=oggi, da=amministra)),
    )

    with come(referente):
        assert Autorizzazione.objects.get().revocata_il is not None
