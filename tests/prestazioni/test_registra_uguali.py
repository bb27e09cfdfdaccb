"""«Registra» quando la stessa cosa è già scritta: si dice dove, e si può scriverla lo stesso."""

from uuid import uuid4

import pytest

from tests.fabbriche import attore
from tests.fabbriche_persone import AzioneFactory
from tests.fabbriche_prestazioni import ServizioFactory
from tests.prestazioni.registrare import REGISTRA, righe, scritto, zuppa


pytestmark = pytest.mark.django_db


@pytest.fixture
def mensa(chi):
    return ServizioFactory(ente=chi.ente, nome="Mensa", bassa_soglia=True)


@pytest.fixture
def azioni(chi):
    """Due azioni dell'ente."""
    loro = AzioneFactory.create_batch(2)
    for azione in loro:
        azione.enti.add(chi.ente)
    return loro


def _in_cinque(mensa, azione, **altro) -> dict:
    detto = {"senza_nome": "5", "ora": "12:30", "azione": azione.slug}
    return scritto(servizio=mensa, **detto | altro)


def test_una_fila_senza_nomi_non_si_scrive_due_volte_senza_volerlo(entrato, chi, mensa, azioni):
    entrato.post(REGISTRA, _in_cinque(mensa, azioni[0]))

    rifiutata = entrato.post(REGISTRA, _in_cinque(mensa, azioni[0]))

    assert rifiutata.status_code == 422
    assert "lo stesso numero di persone" in zuppa(rifiutata).select_one(".riepilogo-errori").text
    assert zuppa(rifiutata).select_one("button[value='lo-stesso']")
    assert len(righe(chi)) == 1
    lo_stesso = _in_cinque(mensa, azioni[0], gesto="lo-stesso")
    assert entrato.post(REGISTRA, lo_stesso).status_code == 302
    assert len(righe(chi)) == 2


def test_senza_dire_l_azione_vale_quella_a_cui_andrebbero_le_ore(entrato, chi, mensa, azioni):
    entrato.post(REGISTRA, _in_cinque(mensa, azioni[0]))

    assert entrato.post(REGISTRA, _in_cinque(mensa, azioni[0]) | {"azione": ""}).status_code == 422
    assert len(righe(chi)) == 1


def test_la_frase_sta_accanto_a_chi_e_il_riepilogo_ci_porta(
    entrato, chi, presa, servizio, mensa, azioni
):
    for dati in (_in_cinque(mensa, azioni[0]), scritto(presa, servizio)):
        entrato.post(REGISTRA, dati)

        pagina = zuppa(entrato.post(REGISTRA, dati | {"uuid": str(uuid4())}))

        passo = pagina.select_one("fieldset.passo-chi.con-errore")
        assert "L'hai già registrata" in passo.select_one("#id_persona_error").text
        assert passo["aria-describedby"] == "id_persona_error"
        assert pagina.select_one(".riepilogo-errori a[href='#id_persona']").text == "Chi"
        assert passo.select_one("#id_persona")
        assert pagina.select_one(".registra-barra button[value='lo-stesso']")


@pytest.mark.parametrize(
    "altro", [{"senza_nome": "6"}, {"ora": "13:30"}, {"ora": ""}, {"durata": "45"}, {"durata": ""}]
)
def test_una_fila_che_dice_altro_e_un_altra(entrato, chi, mensa, azioni, altro):
    entrato.post(REGISTRA, _in_cinque(mensa, azioni[0]))

    assert entrato.post(REGISTRA, _in_cinque(mensa, azioni[0], **altro)).status_code == 302
    assert len(righe(chi)) == 2


def test_la_stessa_fila_per_un_altra_azione_con_dei_nomi_o_di_un_collega_e_un_altra(
    entrato, client, chi, presa, mensa, azioni
):
    con_un_nome = _in_cinque(mensa, azioni[0], persona=str(presa.beneficiario.uuid))
    entrato.post(REGISTRA, con_un_nome)
    collega = type(client)().entra(attore(ente=chi.ente))

    for cliente, azione in ((entrato, azioni[0]), (entrato, azioni[1]), (collega, azioni[0])):
        assert cliente.post(REGISTRA, _in_cinque(mensa, azione)).status_code == 302
    assert len(righe(chi)) == 4
