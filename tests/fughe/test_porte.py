"""Porte trovate socchiuse dai mondi: ognuna ha qui la sua prova, col suo nome."""

import datetime

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from beneficiari.models import Affidamento, Componente, Nota, Recapito
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    ComponenteFactory,
    NotaFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    come,
)
from tests.fughe.mondo import DEI_SIGILLI


pytestmark = pytest.mark.django_db

SEGRETO = "Via della casa rifugio 1"


def _nella_storia(chi, testo: str) -> int:
    with come(chi), connection.cursor() as cursore:
        cursore.execute(
            "SELECT count(*) FROM beneficiari_storiarecapito WHERE valore = %s", [testo]
        )
        return cursore.fetchone()[0]


@pytest.mark.parametrize("prima_era_aperto", [False, True])
def test_la_storia_di_un_indirizzo_riservato_la_legge_solo_chi_lo_custodisce(prima_era_aperto):
    persona = BeneficiarioFactory()
    custode, collega = (attore(Ruolo.REFERENTE, ente=persona.ente) for _ in range(2))
    chiuso = {"riservato": True, "custode": custode.utente}
    with come(custode):
        recapito = Recapito.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            tipo="indirizzo",
            valore=SEGRETO,
            **({} if prima_era_aperto else chiuso),
        )
        if prima_era_aperto:
            Recapito.objects.filter(pk=recapito.pk).update(**chiuso)

    assert _nella_storia(collega, SEGRETO) == 0
    assert _nella_storia(custode, SEGRETO) >= 1


@pytest.mark.parametrize("ore_in_piu", [1, 24 * 365])
def test_chi_ha_aperto_una_persona_non_si_allunga_il_tempo_da_solo(ore_in_piu):
    persona = BeneficiarioFactory()
    chi = attore(Ruolo.OPERATORE, ente=persona.ente)
    fra_un_ora = timezone.now() + datetime.timedelta(hours=1)
    with come(chi):
        aperto = Affidamento.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            utente=chi.utente,
            tipo="aperto",
            motivo="Sostituisco la collega in ferie.",
            al=fra_un_ora,
        )
        allungata = fra_un_ora + datetime.timedelta(hours=ore_in_piu)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Affidamento.objects.filter(pk=aperto.pk).update(al=allungata)
        assert Affidamento.objects.filter(pk=aperto.pk).update(al=timezone.now()) == 1


def test_un_affidamento_finito_non_si_riapre():
    persona = BeneficiarioFactory()
    chi = attore(Ruolo.OPERATORE, ente=persona.ente)
    presa = PresaInCaricoFactory(beneficiario=persona, operatore=chi.utente)
    with come_sistema(persona.ente):
        presa.operatore = attore(ente=persona.ente).utente
        presa.save()

    with come(chi):
        riaperti = Affidamento.objects.filter(utente=chi.utente).update(al=None)

    assert riaperti == 0


def test_chi_segue_un_nucleo_vede_chi_vi_entra_e_non_piu_chi_ne_esce():
    nucleo = NucleoFactory()
    chi = attore(Ruolo.OPERATORE, ente=nucleo.ente)
    PresaInCaricoFactory(beneficiario=None, nucleo=nucleo, ente=nucleo.ente, operatore=chi.utente)
    persona = BeneficiarioFactory(ente=nucleo.ente)
    NotaFactory(beneficiario=persona)

    viste = []
    componente = ComponenteFactory(beneficiario=persona, nucleo=nucleo)
    with come(chi):
        viste.append(Nota.objects.count())
    with come_sistema(nucleo.ente):
        Componente.objects.filter(pk=componente.pk).update(al=timezone.localdate())
    with come(chi):
        viste.append(Nota.objects.count())

    assert viste == [1, 0]


@pytest.mark.parametrize("ruolo", Ruolo)
def test_i_sigilli_li_legge_solo_chi_vigila(ruolo):
    """Dicono quanto lavora la rete, non chi: e non sono per tutti."""
    with come(attore(ruolo)), connection.cursor() as cursore:
        cursore.execute("SELECT count(*) FROM privacy_epoca")
        viste = cursore.fetchone()[0]
        for tabella in DEI_SIGILLI:
            cursore.execute(
                "SELECT qual FROM pg_policies WHERE tablename = %s AND cmd = 'SELECT'", [tabella]
            )
            policy = cursore.fetchone()[0]
            cursore.execute(
                "SELECT qual FROM pg_policies WHERE tablename = 'privacy_epoca' AND cmd = 'SELECT'"
            )
            assert policy == cursore.fetchone()[0], tabella

    assert viste == (1 if ruolo in {Ruolo.GARANTE, Ruolo.AMMINISTRATORE} else 0)
