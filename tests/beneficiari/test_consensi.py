"""I consensi: che cosa si può scrivere, come si revoca, che cosa finisce con la revoca."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari.azioni import consensi as azioni
from beneficiari.models import Autorizzazione, Consenso, StatoDelConsenso
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    ConsensoFactory,
    InformativaFactory,
    RevocaConsensoFactory,
    come,
)


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate
GIORNO = datetime.timedelta(1)


@pytest.fixture
def persona(db):
    return BeneficiarioFactory()


@pytest.fixture
def chi(persona):
    return attore(Ruolo.OPERATORE, ente=persona.ente)


@pytest.fixture
def informativa(persona):
    return InformativaFactory(ente=persona.ente)


def _raccogli(chi, persona, informativa, **campi):
    campi = {
        "esito": "prestato",
        "finalita": ["presa-in-carico"],
        "gruppi": ["anagrafica"],
        "tutta_la_rete": True,
        "canale": "carta",
        "dato_il": OGGI(),
    } | campi
    with come(chi):
        return azioni.raccogli_consenso(persona=persona, informativa=informativa, **campi, da=chi)


def test_il_consenso_ricorda_la_versione_letta_e_chi_lo_ha_raccolto(chi, persona, informativa):
    consenso = _raccogli(chi, persona, informativa)

    assert consenso.informativa == informativa
    assert consenso.raccolto_da == chi.utente
    assert consenso.informativa.impronta == informativa.impronta_di(informativa.testo)


RIFIUTI = [
    ({"finalita": ["assistenza"]}, "Il consenso va oltre ciò che dice l'informativa"),
    ({"dato_il": datetime.date(2024, 5, 1)}, "non era in uso"),
    ({"dato_il": OGGI() + GIORNO}, "nel futuro"),
    ({"valido_fino_al": datetime.date(2025, 1, 1)}, "La scadenza non può precedere"),
    ({"canale": "voce"}, "Un consenso a voce ha un testimone"),
    ({"firmatario": "tutore"}, "quale documento lo prova"),
    ({"gruppi": []}, "almeno una finalità e un gruppo"),
]


@pytest.mark.parametrize(("campi", "frase"), RIFIUTI)
def test_un_consenso_che_non_regge_si_rifiuta_con_una_frase(
    chi, persona, informativa, campi, frase
):
    with pytest.raises(ValidationError, match=frase):
        _raccogli(chi, persona, informativa, **campi)

    with come_sistema(persona.ente):
        assert not Consenso.objects.exists()


def test_un_informativa_ritirata_non_raccoglie_piu(chi, persona):
    ritirata = InformativaFactory(
        ente=persona.ente, ritirata_il=datetime.date(2025, 6, 1), versione=9
    )

    with pytest.raises(ValidationError, match="non era in uso"):
        _raccogli(chi, persona, ritirata)


def test_di_un_minore_non_firma_la_persona(chi, informativa):
    minore = BeneficiarioFactory(ente=chi.ente, data_nascita=OGGI() - datetime.timedelta(10 * 365))

    with pytest.raises(ValidationError, match="un genitore o il tutore"):
        _raccogli(chi, minore, informativa)


def test_il_consenso_di_un_genitore_finisce_il_giorno_prima_dei_diciotto_anni(chi, informativa):
    minore = BeneficiarioFactory(ente=chi.ente, data_nascita=datetime.date(2014, 4, 20))

    consenso = _raccogli(
        chi,
        minore,
        informativa,
        firmatario="genitore",
        nome_firmatario="Una madre",
        titolo_firmatario="Stato di famiglia",
    )

    assert consenso.valido_fino_al == datetime.date(2032, 4, 19)
    assert consenso.stato(minore) == StatoDelConsenso.VALIDO
    assert consenso.stato(minore, datetime.date(2032, 4, 20)) == StatoDelConsenso.DA_RICONFERMARE


def test_a_diciotto_anni_la_pagina_dice_che_e_da_riconfermare(client, chi, informativa):
    minore = BeneficiarioFactory(ente=chi.ente, data_nascita=OGGI() - datetime.timedelta(17 * 365))
    _raccogli(
        chi,
        minore,
        informativa,
        firmatario="genitori",
        nome_firmatario="Due genitori",
        titolo_firmatario="Stato di famiglia",
    )

    with time_machine.travel(OGGI() + datetime.timedelta(500), tick=False):
        testo = client.entra(chi).get(f"/persone/{minore.uuid}/consensi/").content.decode()

    assert "Da riconfermare" in testo
    assert "va chiesta a lei" in testo


@pytest.mark.parametrize(
    ("campi", "stato"),
    [
        ({"esito": "rifiutato"}, StatoDelConsenso.RIFIUTATO),
        ({}, StatoDelConsenso.VALIDO),
        ({"valido_fino_al": datetime.date(2026, 2, 1)}, StatoDelConsenso.SCADUTO),
    ],
)
def test_lo_stato_di_un_consenso(persona, campi, stato):
    consenso = ConsensoFactory(beneficiario=persona, **campi)

    with come_sistema(persona.ente):
        assert consenso.stato(persona) == stato


def test_la_revoca_dice_che_cosa_e_finito(chi, persona):
    condivisa = AutorizzazioneFactory(beneficiario=persona)

    with come(chi):
        finite = azioni.revoca_consenso(consenso=condivisa.consenso, da=chi)

    assert [voce.destinatario for voce in finite] == [condivisa.destinatario]
    with come_sistema(persona.ente):
        assert condivisa.consenso.stato(persona) == StatoDelConsenso.REVOCATO
        assert Autorizzazione.objects.in_vigore().count() == 0


def test_un_consenso_si_revoca_una_volta_sola(chi, persona):
    consenso = ConsensoFactory(beneficiario=persona)
    with come(chi):
        azioni.revoca_consenso(consenso=consenso, da=chi)

        with pytest.raises(ValidationError, match="già stato revocato"):
            azioni.revoca_consenso(consenso=consenso, da=chi)


# Le pagine ------------------------------------------------------------------------------


def _modulo(**campi) -> dict:
    return {
        "finalita": ["presa-in-carico"],
        "gruppi": ["anagrafica", "contatti"],
        "a_chi": "rete",
        "canale": "carta",
        "firmatario": "persona",
        "dato_il": OGGI().isoformat(),
        "esito": "prestato",
    } | campi


def test_si_raccoglie_dalla_pagina(client, chi, persona, informativa):
    indirizzo = f"/persone/{persona.uuid}/consensi/nuovo/"

    risposta = client.entra(chi).post(indirizzo, _modulo(), follow=True)

    assert "Consenso scritto" in risposta.content.decode()
    with come_sistema(persona.ente):
        consenso = Consenso.objects.get()
    assert (consenso.tutta_la_rete, consenso.gruppi) == (True, ["anagrafica", "contatti"])


def test_niente_e_gia_segnato(client, chi, persona, informativa):
    modulo = client.entra(chi).get(f"/persone/{persona.uuid}/consensi/nuovo/").context["form"]

    assert not modulo.initial
    assert all(modulo[nome].value() in (None, []) for nome in ("finalita", "gruppi", "a_chi"))


def test_un_rifiuto_si_scrive_e_non_ferma_niente(client, chi, persona, informativa):
    vuoto = {"canale": "carta", "firmatario": "persona", "dato_il": OGGI().isoformat()}
    indirizzo = f"/persone/{persona.uuid}/consensi/nuovo/"

    risposta = client.entra(chi).post(indirizzo, vuoto | {"esito": "rifiutato"}, follow=True)

    assert "Rifiuto scritto" in risposta.content.decode()
    with come_sistema(persona.ente):
        rifiuto = Consenso.objects.get()
    assert rifiuto.esito == "rifiutato"
    assert set(rifiuto.gruppi) == set(informativa.gruppi)
    assert client.get(f"/persone/{persona.uuid}/").status_code == 200


@pytest.mark.parametrize(
    ("campi", "campo", "frase"),
    [
        ({"finalita": []}, "finalita", "Scegli almeno una finalità."),
        ({"gruppi": []}, "gruppi", "Scegli almeno un gruppo di dati."),
        ({"a_chi": ""}, "a_chi", "Scegli a quali enti."),
        ({"a_chi": "alcuni"}, "destinatari", "Scegli almeno un ente."),
        ({"canale": "voce"}, "testimone", "Un consenso a voce ha un testimone: scrivine il nome."),
        (
            {"firmatario": "tutore"},
            "titolo_firmatario",
            "Se a dare il consenso è un altro, scrivi chi è e quale documento lo prova.",
        ),
        (
            {"dato_il": (OGGI() + GIORNO).isoformat()},
            "dato_il",
            "La data del consenso è nel futuro.",
        ),
        (
            {"valido_fino_al": "2020-01-01"},
            "valido_fino_al",
            "La scadenza non può precedere la data del consenso.",
        ),
    ],
)
def test_l_errore_sta_accanto_al_suo_campo(client, chi, persona, informativa, campi, campo, frase):
    indirizzo = f"/persone/{persona.uuid}/consensi/nuovo/"

    risposta = client.entra(chi).post(indirizzo, _modulo(**campi))

    assert risposta.status_code == 422
    assert risposta.context["form"].errors[campo] == [frase]


def test_senza_informativa_si_dice_che_cosa_manca(client, chi, persona):
    risposta = client.entra(chi).get(f"/persone/{persona.uuid}/consensi/nuovo/")

    assert "non ha un'informativa in uso" in risposta.content.decode()


def test_un_informativa_che_non_e_dell_ente_non_si_sceglie(client, chi, persona, informativa):
    altrui = InformativaFactory()
    indirizzo = f"/persone/{persona.uuid}/consensi/nuovo/?informativa={altrui.uuid}"

    assert client.entra(chi).get(indirizzo).status_code == 404


def test_si_revoca_con_un_gesto_solo(client, chi, persona):
    condivisa = AutorizzazioneFactory(beneficiario=persona)
    client.entra(chi)
    pagina = client.get(f"/persone/{persona.uuid}/consensi/").content.decode()
    assert pagina.count(">Revoca<") == 1

    indirizzo = f"/persone/consensi/{condivisa.consenso.uuid}/revoca/"
    risposta = client.post(indirizzo, follow=True)

    testo = risposta.content.decode()
    assert "non vede più niente" in testo
    assert condivisa.destinatario.denominazione in testo
    assert ">Revoca<" not in testo


def test_revocare_due_volte_lo_dice_e_basta(client, chi, persona):
    consenso = ConsensoFactory(beneficiario=persona)
    RevocaConsensoFactory(consenso=consenso)

    risposta = client.entra(chi).post(f"/persone/consensi/{consenso.uuid}/revoca/", follow=True)

    assert "già stato revocato" in risposta.content.decode()


def test_il_consenso_di_un_altro_ente_non_esiste(client, persona):
    consenso = ConsensoFactory(beneficiario=persona)
    client.entra(attore(Ruolo.REFERENTE))

    assert client.post(f"/persone/consensi/{consenso.uuid}/revoca/").status_code == 404
    assert client.get(f"/persone/{persona.uuid}/consensi/").status_code == 404


def test_il_titolo_della_finestra_non_dice_chi_e(client, chi, persona):
    testo = client.entra(chi).get(f"/persone/{persona.uuid}/consensi/").content.decode()

    assert persona.cognome not in testo.split("</title>")[0]
