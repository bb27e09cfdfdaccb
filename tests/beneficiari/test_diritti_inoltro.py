"""Una richiesta arriva, con ciò che serve e niente di più, a chi altro tratta i dati della persona."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from beneficiari.azioni import richieste
from beneficiari.models import (
    Beneficiario,
    RichiestaInteressato,
)
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import attore
from tests.fabbriche_diritti import (
    RichiestaFactory,
    condivisa_per_legge,
    e_sospesa,
    lega,
    presenta,
)
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    accordo_fra,
    come,
)


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate()


@pytest.fixture
def persona(db) -> Beneficiario:
    return BeneficiarioFactory(cognome="Ferrero")


@pytest.fixture
def referente(persona) -> Attore:
    return attore(Ruolo.REFERENTE, ente=persona.ente)


def _arrivate(ente) -> list[RichiestaInteressato]:
    with come_sistema(ente):
        return list(RichiestaInteressato.objects.di(ente).filter(arrivata=True))


def test_una_richiesta_fatta_a_un_ente_arriva_all_altro_nella_stessa_transazione(
    persona, referente
):
    """GDPR-08: presentata all'ente B sui dati di A, c'è ad A prima che B confermi."""
    altrove = BeneficiarioFactory()
    accordo_fra(persona.ente, altrove.ente)
    lega(persona, altrove)

    mia = presenta(persona, referente, che_cosa="Voglio la copia di tutto.")

    (sua,) = _arrivate(altrove.ente)
    assert (sua.beneficiario_id, sua.tipo, sua.stato) == (altrove.pk, "accesso", "aperta")
    assert sua.pratica == mia.pratica
    assert sua.che_cosa == "Voglio la copia di tutto."
    assert sua.scade_il == mia.scade_il == OGGI + datetime.timedelta(30)
    # Chi l'ha raccolta non si dice a chi la riceve, né chi l'ha ricevuta a chi l'ha raccolta.
    assert sua.aperta_da_id is None
    with come(referente):
        assert list(RichiestaInteressato.objects.all()) == [mia]


def test_se_qualcosa_va_storto_la_richiesta_non_e_arrivata_a_nessuno(
    persona, referente, monkeypatch
):
    """GDPR-08: o tutte e due, o nessuna."""
    altrove = BeneficiarioFactory()
    accordo_fra(persona.ente, altrove.ente)
    lega(persona, altrove)

    with pytest.raises(ValidationError):
        presenta(persona, referente, chiesta_il=OGGI + datetime.timedelta(1))

    assert _arrivate(altrove.ente) == []


@pytest.mark.parametrize("manca", ["legame", "accordo", "richiesta per tutti"])
def test_senza_legame_accordo_o_volonta_non_arriva_a_nessuno(persona, referente, manca):
    altrove = BeneficiarioFactory()
    if manca != "accordo":
        accordo_fra(persona.ente, altrove.ente)
    if manca != "legame":
        lega(persona, altrove)

    mia = presenta(persona, referente, presso_tutti=manca != "richiesta per tutti")

    assert _arrivate(altrove.ente) == []
    assert mia.pk


def test_chi_conosce_la_persona_solo_da_una_condivisione_la_porta_a_chi_condivide(persona):
    """GDPR-08: i diritti valgono verso ciascun contitolare (art. 26.3)."""
    data = AutorizzazioneFactory(beneficiario=persona)
    chi = attore(Ruolo.OPERATORE, ente=data.destinatario)

    with come(chi):
        mia = richieste.presenta_su_condivisa(
            condivisione=data,
            tipo="accesso",
            chiesta_il=OGGI,
            canale="voce",
            identita="documento",
            da=chi,
        )

    (sua,) = _arrivate(persona.ente)
    assert sua.beneficiario_id == persona.pk
    assert mia.beneficiario_id is None


def test_con_la_richiesta_non_viaggia_da_dove_viene_la_persona(persona, referente):
    """Né la nota di chi l'ha raccolta, né il comune dove vive adesso: chi riceve glieli chiede."""
    altrove = BeneficiarioFactory()
    accordo_fra(persona.ente, altrove.ente)
    lega(persona, altrove)

    presenta(
        persona,
        referente,
        tipo="rettifica",
        campo="comune",
        valore_proposto="Nizza Monferrato",
        nota_identita="Ospite della nostra casa",
    )

    (sua,) = _arrivate(altrove.ente)
    assert (sua.campo, sua.valore_proposto, sua.nota_identita) == ("comune", "", "")
    assert sua.che_cosa == "Il comune dove vive va corretto: chiedi alla persona."


@pytest.mark.parametrize(("identita", "ferma"), [("conosciuta", True), ("non-certa", False)])
def test_un_opposizione_arrivata_da_chi_non_e_certo_non_ferma_niente(
    persona, referente, identita, ferma
):
    """Un altro ente non può spegnere le condivisioni per legge dicendo un nome."""
    altrove = BeneficiarioFactory()
    accordo_fra(persona.ente, altrove.ente)
    lega(persona, altrove)
    data = condivisa_per_legge(altrove)

    presenta(persona, referente, tipo="opposizione", finalita=data.finalita, identita=identita)

    assert e_sospesa(data) is ferma


def test_inoltrare_la_richiesta_di_un_altro_non_fa_niente(persona):
    richiesta = RichiestaFactory(beneficiario=persona)
    altrove = BeneficiarioFactory()
    accordo_fra(persona.ente, altrove.ente)
    lega(persona, altrove)

    with come(attore(Ruolo.REFERENTE)), connection.cursor() as cursore:
        cursore.execute("SELECT registro_inoltra_richiesta(%s)", [richiesta.pk])

    assert _arrivate(altrove.ente) == []


def test_ripetere_l_inoltro_non_ne_manda_due(persona, referente):
    altrove = BeneficiarioFactory()
    accordo_fra(persona.ente, altrove.ente)
    lega(persona, altrove)
    mia = presenta(persona, referente)

    with come(referente), connection.cursor() as cursore:
        cursore.execute("SELECT registro_inoltra_richiesta(%s)", [mia.pk])

    assert len(_arrivate(altrove.ente)) == 1
