"""Le funzioni di guardia delle condivisioni: che cosa dicono, e a chi non dicono niente."""

import datetime

import pytest

from beneficiari import sguardi
from beneficiari.models import Autorizzazione
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import BaseGiuridica
from tests.fabbriche import attore, ente_del_coordinamento
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    PresaInCaricoFactory,
    RevocaConsensoFactory,
    come,
)


pytestmark = pytest.mark.django_db

SINTESI = {"livello": "sintesi", "gruppi": ["prestazioni", "bisogni"]}
ESISTENZA = {"livello": "esistenza", "gruppi": []}
CHI_NON_LAVORA = [Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE, Ruolo.INVIANTE, Ruolo.GARANTE]


@pytest.fixture
def altro(db):
    return attore(Ruolo.OPERATORE)


def _viste(chi) -> list[str]:
    with come(chi):
        return [vista.nome for vista in sguardi.condivise()]


@pytest.mark.parametrize("campi", [ESISTENZA, SINTESI, {}])
def test_chi_riceve_legge_il_nome_mostrato_e_l_anno(altro, campi):
    persona = BeneficiarioFactory(cognome="Rossi", nome="Lucia", nome_scelto="Luce")
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente, **campi)

    with come(altro):
        (vista,) = sguardi.condivise()

    assert (vista.nome, vista.anno, vista.stimata) == ("Rossi Luce", 1985, False)
    assert vista.autorizzazione == concessa.uuid


def test_un_anno_stimato_resta_stimato(altro):
    persona = BeneficiarioFactory(nascita_stimata=True)
    AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente, **ESISTENZA)

    with come(altro):
        assert sguardi.condivise()[0].stimata


def test_di_chi_e_anonimo_si_vede_solo_il_codice(altro):
    persona = BeneficiarioFactory(anonima=True, codice_anonimo="AN7")
    AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente, **ESISTENZA)

    with come(altro):
        (vista,) = sguardi.condivise()

    assert (vista.nome, vista.anno) == ("anonimo AN7", None)


def test_l_ordine_e_quello_dei_nomi(altro):
    for cognome in ("Zani", "Àlvaro", "Moro"):
        persona = BeneficiarioFactory(cognome=cognome)
        AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente, **ESISTENZA)

    assert [nome.split()[0] for nome in _viste(altro)] == ["Àlvaro", "Moro", "Zani"]


@pytest.mark.parametrize("ruolo", CHI_NON_LAVORA)
def test_chi_non_lavora_con_le_persone_non_riceve_niente(altro, ruolo):
    AutorizzazioneFactory(destinatario=altro.ente, **SINTESI)

    assert _viste(attore(ruolo, ente=altro.ente)) == []


def test_un_altro_ente_e_chi_ha_condiviso_non_ricevono_niente(altro):
    concessa = AutorizzazioneFactory(destinatario=altro.ente, **SINTESI)

    assert _viste(attore(Ruolo.REFERENTE)) == []
    assert _viste(attore(Ruolo.REFERENTE, ente=concessa.ente)) == []


def test_una_connessione_senza_contesto_non_riceve_niente(altro, connessione_nuda):
    concessa = AutorizzazioneFactory(destinatario=altro.ente, **SINTESI)

    viste = connessione_nuda.execute("SELECT * FROM registro_condivise(NULL)").fetchall()
    riassunti = connessione_nuda.execute(
        "SELECT * FROM registro_sintesi(%s)", [concessa.uuid]
    ).fetchall()

    assert (viste, riassunti) == ([], [])


def test_finita_o_non_ancora_cominciata_non_si_vede(altro):
    domani = datetime.date.today() + datetime.timedelta(1)  # noqa: DTZ011 - basta il giorno dopo
    AutorizzazioneFactory(
        destinatario=altro.ente,
        dal=datetime.date(2026, 1, 10),
        al=datetime.date(2026, 1, 11),
        **ESISTENZA,
    )
    AutorizzazioneFactory(destinatario=altro.ente, dal=domani + datetime.timedelta(1), **ESISTENZA)

    assert _viste(altro) == []


def test_la_revoca_del_consenso_la_toglie_subito(altro):
    concessa = AutorizzazioneFactory(destinatario=altro.ente, **ESISTENZA)
    assert len(_viste(altro)) == 1

    RevocaConsensoFactory(consenso=concessa.consenso)

    assert _viste(altro) == []


def test_la_sintesi_conta_per_asse_e_stato_senza_giorni(altro):
    persona = BeneficiarioFactory()
    presa = PresaInCaricoFactory(beneficiario=persona, aperta_il=datetime.date(2026, 3, 17))
    BisognoRilevatoFactory(beneficiario=persona, rilevato_il=datetime.date(2026, 4, 9))
    BisognoRilevatoFactory(
        beneficiario=persona, rilevato_il=datetime.date(2026, 6, 2), stato="aperto"
    )
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente, **SINTESI)

    with come(altro):
        righe = [
            (r.gruppo, r.asse, r.stato, r.quanti, r.dal, r.al) for r in sguardi.sintesi(concessa)
        ]

    marzo, aprile, giugno = (datetime.date(2026, mese, 1) for mese in (3, 4, 6))
    assert righe == [
        ("prestazioni", presa.azione.asse.denominazione, "aperta", 1, marzo, marzo),
        ("bisogni", "", "aperto", 2, aprile, giugno),
    ]


@pytest.mark.parametrize("gruppo", ["prestazioni", "bisogni"])
def test_la_sintesi_riassume_solo_i_gruppi_concessi(altro, gruppo):
    persona = BeneficiarioFactory()
    PresaInCaricoFactory(beneficiario=persona)
    BisognoRilevatoFactory(beneficiario=persona)
    concessa = AutorizzazioneFactory(
        beneficiario=persona, destinatario=altro.ente, livello="sintesi", gruppi=[gruppo]
    )

    with come(altro):
        assert {riga.gruppo for riga in sguardi.sintesi(concessa)} == {gruppo}


def test_la_sintesi_non_risponde_ad_altri_ne_per_altri_livelli(altro):
    persona = BeneficiarioFactory()
    PresaInCaricoFactory(beneficiario=persona)
    sintesi = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente, **SINTESI)
    esistenza = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente, **ESISTENZA)

    for chi in (attore(), *(attore(ruolo, ente=altro.ente) for ruolo in CHI_NON_LAVORA)):
        with come(chi):
            assert sguardi.sintesi(sintesi) == []
    with come(altro):
        assert sguardi.sintesi(esistenza) == []


def test_quante_autorizzazioni_regge_un_accordo_lo_sa_solo_chi_amministra(altro):
    concessa = AutorizzazioneFactory(destinatario=altro.ente, **ESISTENZA)
    amministra = attore(Ruolo.AMMINISTRATORE, ente=ente_del_coordinamento())

    with come(amministra):
        assert sguardi.rette_da_accordo(concessa.accordo_id) == 1
        assert Autorizzazione.objects.count() == 0
    for ruolo in set(Ruolo) - {Ruolo.AMMINISTRATORE}:
        with come(attore(ruolo, ente=altro.ente)):
            assert sguardi.rette_da_accordo(concessa.accordo_id) is None


def test_quante_autorizzazioni_regge_una_base(altro):
    BaseGiuridicaFactory()
    AutorizzazioneFactory(
        destinatario=altro.ente, gruppi=["anagrafica"], fondamento="legge", consenso=None
    )

    with come_sistema(ente_del_coordinamento()):
        assert sguardi.rette_da_base("presa-in-carico", "anagrafica") == 1
        assert sguardi.rette_da_base("presa-in-carico", "salute") == 0
        assert sguardi.rette_da_base("invio", "anagrafica") == 0
        assert BaseGiuridica.objects.count() == 1
    with come(altro):
        assert sguardi.rette_da_base("presa-in-carico", "anagrafica") is None
