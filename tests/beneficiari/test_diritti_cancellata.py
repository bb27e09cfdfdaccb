"""Dopo la cancellazione di una persona: nessuna sua richiesta resta ad aspettare per sempre."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from beneficiari import scadenze
from beneficiari.azioni import diritti
from beneficiari.models import RichiestaInteressato
from enti.models import CodiceEvento, EventoDiSicurezza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import attore
from tests.fabbriche_diritti import RichiestaFactory
from tests.fabbriche_persone import AutorizzazioneFactory, BeneficiarioFactory, come


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate()


@pytest.fixture(autouse=True)
def _i_file_altrove(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "documenti"
    settings.ELENCO_CANCELLATI = tmp_path / "fuori" / "cancellati.csv"


@pytest.fixture
def persona(db):
    return BeneficiarioFactory(cognome="Ferrero")


@pytest.fixture
def referente(persona):
    return attore(Ruolo.REFERENTE, ente=persona.ente)


def _accogli_la_cancellazione(persona, referente) -> None:
    richiesta = RichiestaFactory(beneficiario=persona, tipo="cancellazione")
    with come(referente):
        letta = RichiestaInteressato.objects.get(pk=richiesta.pk)
        diritti.accogli(richiesta=letta, risposta="Cancellato.", da=referente)


def test_le_altre_richieste_di_chi_e_cancellato_si_chiudono_e_dicono_perche(persona, referente):
    assorbita = BeneficiarioFactory(ente=persona.ente)
    accesso = RichiestaFactory(beneficiario=persona, che_cosa="Sono Ferrero, voglio tutto.")
    doppia = RichiestaFactory(beneficiario=assorbita, tipo="cancellazione")
    di_un_altra = RichiestaFactory(beneficiario=BeneficiarioFactory(ente=persona.ente))
    with come_sistema(persona.ente):
        assorbita.unito_a = persona
        assorbita.save(update_fields=["unito_a"])

    _accogli_la_cancellazione(persona, referente)

    with come(referente):
        dopo = RichiestaInteressato.objects.in_bulk([accesso.pk, doppia.pk, di_un_altra.pk])
    assert dopo[di_un_altra.pk].aperta
    assert dopo[doppia.pk].stato == "accolta"
    assert (dopo[accesso.pk].stato, dopo[accesso.pk].beneficiario_id) == ("ritirata", None)
    assert f"cancellati il {OGGI:%d/%m/%Y}" in dopo[accesso.pk].risposta
    assert dopo[accesso.pk].risposta_da_id == referente.utente.pk
    assert dopo[accesso.pk].che_cosa == "[cancellato]"
    with come_sistema(persona.ente):
        evase = EventoDiSicurezza.objects.filter(codice=CodiceEvento.RICHIESTA_EVASA)
        assert accesso.uuid.hex[:12] in {evento.richiesta for evento in evase}


def test_se_non_si_puo_cancellare_le_altre_restano_aperte(persona, referente, monkeypatch):
    def impedisce(persona, **_):
        raise ValidationError("Va tenuta fino al 2031.")

    monkeypatch.setattr(diritti, "cancellatore", lambda: impedisce)
    accesso = RichiestaFactory(beneficiario=persona)

    with pytest.raises(ValidationError, match="2031"):
        _accogli_la_cancellazione(persona, referente)

    with come(referente):
        assert RichiestaInteressato.objects.get(pk=accesso.pk).aperta


def test_cio_a_cui_risponde_un_altro_ente_non_e_in_ritardo_qui(client, referente):
    condivisione = AutorizzazioneFactory(destinatario=referente.ente)
    RichiestaFactory(
        beneficiario=None,
        ente=referente.ente,
        condivisione=condivisione.uuid,
        chiesta_il=OGGI - datetime.timedelta(31),
    )

    elenco = client.entra(referente).get(reverse("beneficiari:richieste")).text

    assert "Rispondi oggi" not in elenco
    with come_sistema(referente.ente):
        assert not scadenze.avvisa(referente.ente)
