"""I servizi che un ente offre, dalle pagine."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assi.caricamento import carica_tassonomie
from assi.models import EnteDiAzione, Servizio, VoceNomenclatura
from enti.permessi import Ruolo
from prestazioni.azioni import servizi as azioni
from registro.comune.templatetags.testo import SPAZIO_FISSO
from tests.fabbriche import attore
from tests.fabbriche_persone import AzioneFactory, come
from tests.fabbriche_prestazioni import (
    PrestazioneFactory,
    ServizioFactory,
    VoceNomenclaturaFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

ELENCO = reverse("prestazioni:servizi")
NUOVO = reverse("prestazioni:servizio_nuovo")
COMUNI = reverse("prestazioni:servizi_comuni")


@pytest.fixture
def chi():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def dentro(client, chi):
    return client.entra(chi)


def _pagina(nome: str, servizio: Servizio) -> str:
    return reverse(f"prestazioni:{nome}", args=[servizio.uuid])


def _suoi(chi) -> dict[str, Servizio]:
    with come(chi):
        return {servizio.nome: servizio for servizio in Servizio.objects.di(chi.ente)}


def test_si_sceglie_una_voce_e_le_si_da_il_proprio_nome(dentro, chi):
    voce = VoceNomenclaturaFactory(nome="Doposcuola / sostegno ai compiti")

    cercato = dentro.get(NUOVO, {"cerca": "COMPITI"}, headers={"HX-Request": "true"})
    modulo = dentro.get(f"{NUOVO}?voce={voce.codice}")
    salvato = dentro.post(
        f"{NUOVO}?voce={voce.codice}",
        {"nome": "Aiuto compiti", "sinonimi": "Compiti\n\n compiti \nDopo scuola", "dal": ""},
    )

    assert f"?voce={voce.codice}" in cercato.content.decode()
    assert modulo.context["form"]["nome"].value() == voce.nome
    assert salvato.url == ELENCO
    suo = _suoi(chi)["Aiuto compiti"]
    assert (suo.voce, suo.sinonimi, suo.dal) == (voce, ["Compiti", "Dopo scuola"], None)


def test_le_voci_per_le_imprese_non_si_propongono(dentro):
    per_ente = VoceNomenclaturaFactory(nome="Formazione aziendale", a_chi=["ente"])

    elenco = dentro.get(NUOVO, {"cerca": "aziendale"}).content.decode()
    diretta = dentro.get(f"{NUOVO}?voce={per_ente.codice}")

    assert "Nessuna voce con queste parole" in elenco
    assert diretta.status_code == 404


def test_un_nome_porta_a_un_servizio_solo(dentro, chi):
    ServizioFactory(ente=chi.ente, nome="Sportello casa", sinonimi=["Sportello affitti"])
    voce = VoceNomenclaturaFactory()

    risposta = dentro.post(
        f"{NUOVO}?voce={voce.codice}", {"nome": "SPORTELLO  AFFITTI", "sinonimi": ""}
    )

    assert risposta.status_code == 422
    assert "è già un nome del servizio «Sportello casa»" in risposta.content.decode().replace(
        "&#x27;", "'"
    )
    assert risposta.context["form"]["nome"].value() == "SPORTELLO  AFFITTI"
    assert list(_suoi(chi)) == ["Sportello casa"]


def test_si_cambiano_nome_altri_nomi_e_date_ma_non_la_voce(dentro, chi):
    servizio = ServizioFactory(ente=chi.ente)

    dentro.post(
        _pagina("servizio", servizio),
        {"nome": "Aula studio", "sinonimi": "Studio", "bassa_soglia": "on", "dal": "2025-01-01"},
    )

    suo = _suoi(chi)["Aula studio"]
    assert (suo.sinonimi, suo.bassa_soglia) == (["Studio"], True)
    assert suo.dal == datetime.date(2025, 1, 1)
    assert suo.voce_id == servizio.voce_id


def test_non_si_tolgono_i_giorni_in_cui_e_stato_usato(dentro, chi):
    servizio = ServizioFactory(ente=chi.ente)
    oggi = timezone.localdate()
    usato = PrestazioneFactory(ente=chi.ente, servizio=servizio, giorno=oggi)

    dopo = dentro.post(
        _pagina("servizio", servizio),
        {"nome": servizio.nome, "sinonimi": "", "dal": str(oggi + datetime.timedelta(1))},
    )
    prima = dentro.post(
        _pagina("servizio_chiudi", servizio), {"al": str(oggi - datetime.timedelta(1))}
    )

    assert "Ci sono prestazioni già dal" in dopo.content.decode()
    assert "chiudilo da quel giorno in poi" in prima.content.decode()
    assert (dopo.status_code, prima.status_code) == (422, 422)
    with come(chi):
        usato.servizio.refresh_from_db()
    assert (usato.servizio.dal, usato.servizio.al) == (None, None)


def test_si_chiude_e_si_riapre(dentro, chi):
    servizio = ServizioFactory(ente=chi.ente, nome="Centro estivo")
    ieri = timezone.localdate() - datetime.timedelta(1)

    dentro.post(_pagina("servizio_chiudi", servizio), {"al": str(ieri)})
    chiuso = dentro.get(ELENCO)
    dentro.post(_pagina("servizio_riapri", servizio))
    riaperto = dentro.get(ELENCO)

    assert [voce.nome for voce in chiuso.context["chiusi"]] == ["Centro estivo"]
    assert [voce.nome for voce in riaperto.context["in_uso"]] == ["Centro estivo"]


def test_un_chiuso_non_si_riapre_se_un_altro_ha_preso_il_suo_nome(dentro, chi):
    ieri = timezone.localdate() - datetime.timedelta(1)
    chiuso = ServizioFactory(ente=chi.ente, nome="Centro estivo", al=ieri)
    ServizioFactory(ente=chi.ente, nome="Centro estivo")

    risposta = dentro.post(_pagina("servizio_riapri", chiuso), follow=True)

    assert "È rimasto chiuso" in risposta.content.decode()
    with come(chi):
        chiuso.refresh_from_db()
    assert chiuso.al == ieri


def test_chi_comincia_trova_le_voci_dei_suoi_assi_e_le_aggiunge_in_un_colpo(
    dentro, chi, quadrante
):
    azione = AzioneFactory(asse=VoceNomenclatura.objects.get(codice="ABI.03").asse)
    EnteDiAzione.objects.create(azione=azione, ente=chi.ente)

    proposte = dentro.get(ELENCO).context["proposte"]
    codici = [voce.codice for voce in proposte]
    dentro.post(COMUNI, {"voce": [*codici[:3], "LAV.01"]})

    assert {voce.asse.slug for voce in proposte} == {"housing"}
    assert 4 <= len(proposte) <= 8
    assert {servizio.voce.codice for servizio in _con_voce(chi)} == set(codici[:3])


def _con_voce(chi) -> list[Servizio]:
    with come(chi):
        return list(Servizio.objects.di(chi.ente).per_elenco())


def test_chi_non_ha_assi_trova_i_piu_comuni_della_rete(dentro):
    carica_tassonomie()
    VoceNomenclatura.objects.update(asse=None)

    assert dentro.get(ELENCO).context["proposte"] == []
    assert "Aggiungi un servizio" in dentro.get(ELENCO).content.decode()


def test_l_elenco_dice_quante_volte_e_da_quando(dentro, chi):
    servizio = ServizioFactory(ente=chi.ente)
    for _ in range(3):
        PrestazioneFactory(ente=chi.ente, servizio=servizio)
    ServizioFactory(ente=chi.ente)

    with al_massimo(12):
        pagina = dentro.get(ELENCO).content.decode()

    assert f"3{SPAZIO_FISSO}volte" in pagina
    assert "mai" in pagina


def test_un_operatore_legge_e_non_scrive(client, chi):
    servizio = ServizioFactory(ente=chi.ente)
    collega = attore(Ruolo.OPERATORE, ente=chi.ente)
    client.entra(collega)

    pagina = client.get(ELENCO)

    assert servizio.nome in pagina.content.decode()
    assert _pagina("servizio", servizio) not in pagina.content.decode()
    assert client.get(_pagina("servizio", servizio)).status_code == 403
    with come(collega), pytest.raises(PermissionDenied):
        azioni.chiudi(servizio=servizio, al=timezone.localdate(), da=collega)


def test_un_altro_ente_non_vede_il_servizio(dentro):
    altrui = ServizioFactory()

    pagine = [dentro.get(_pagina(nome, altrui)) for nome in ("servizio", "servizio_chiudi")]

    assert {pagina.status_code for pagina in pagine} == {404}
    assert altrui.nome not in dentro.get(ELENCO).content.decode()
