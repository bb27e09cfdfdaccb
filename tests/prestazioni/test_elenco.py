"""L'elenco delle prestazioni: chi vede che cosa, i filtri, le pagine, i fogli."""

import csv
import datetime
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from enti.permessi import Ruolo
from privacy.models import RegistroAccessi
from registro.comune.pagine import Conto
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, NucleoFactory, PresaInCaricoFactory, come
from tests.fabbriche_prestazioni import (
    GruppoPresenzeFactory,
    PartecipazioneFactory,
    PrestazioneFactory,
    ServizioFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

ELENCO = reverse("prestazioni:elenco")


@pytest.fixture
def operatore():
    return attore()


@pytest.fixture
def servizio(operatore):
    return ServizioFactory(ente=operatore.ente, nome="Sportello casa")


@pytest.fixture
def mia(operatore, servizio):
    return _con(operatore, servizio, "Mariani")


def _con(operatore, servizio, cognome, **altro):
    presa = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente, cognome=cognome)
    )
    prestazione = PrestazioneFactory(
        ente=operatore.ente,
        servizio=servizio,
        azione=presa.azione,
        operatore=altro.pop("chi", operatore.utente),
        **altro,
    )
    PartecipazioneFactory(prestazione=prestazione, presa=presa)
    return prestazione


def test_prima_le_mie_poi_a_richiesta_quelle_dell_ente(client, operatore, servizio, mia):
    collega = attore(ente=operatore.ente)
    _con(operatore, servizio, "Colleghini", chi=collega.utente)
    client.entra(operatore)

    sue = client.get(ELENCO).content.decode()
    dell_ente = client.get(ELENCO, {"di_chi": "ente"}).content.decode()

    assert "Mariani" in sue
    assert "Colleghini" not in sue
    assert "Mariani" in dell_ente
    assert "Colleghini" in dell_ente


def test_un_altro_ente_non_vede_nulla_nemmeno_chiedendo_la_persona(client, mia):
    altro = attore(Ruolo.REFERENTE)
    with come(altro):
        persona = BeneficiarioFactory(ente=altro.ente)
    client.entra(altro)

    for filtri in ({"di_chi": "ente"}, {"persona": str(persona.uuid)}, {"persona": "non-uuid"}):
        risposta = client.get(ELENCO, filtri)
        assert risposta.status_code == 200
        assert "Mariani" not in risposta.content.decode()


@pytest.mark.parametrize(
    ("filtri", "attesa"),
    [
        ({"dal": "2026-03-01", "al": "2026-03-31"}, {"Marzo"}),
        ({"al": "2026-02-28"}, {"Febbraio"}),
        ({"solo": "durata"}, {"Febbraio"}),
        ({"modo": "telefono"}, {"Marzo"}),
        ({"dal": "2026-03-31", "al": "2026-03-01"}, {"Febbraio", "Marzo"}),
        ({"azione": "che-non-c-e"}, {"Febbraio", "Marzo"}),
    ],
)
def test_i_filtri_stanno_nell_indirizzo_e_uno_sbagliato_si_ignora(
    client, operatore, servizio, filtri, attesa
):
    _con(operatore, servizio, "Febbraio", giorno=datetime.date(2026, 2, 10), minuti=None)
    _con(operatore, servizio, "Marzo", giorno=datetime.date(2026, 3, 10), modo="telefono")
    client.entra(operatore)

    testo = client.get(ELENCO, filtri).content.decode()

    assert {nome for nome in ("Febbraio", "Marzo") if f"{nome} " in testo} == attesa


def test_date_rovesciate_hanno_la_loro_frase(client, operatore, mia):
    client.entra(operatore)

    testo = client.get(ELENCO, {"dal": "2026-03-31", "al": "2026-03-01"}).content.decode()

    assert "La fine viene prima dell&#x27;inizio" in testo


def test_le_somme_non_contano_come_zero_cio_che_non_e_detto(client, operatore, servizio, mia):
    _con(operatore, servizio, "Senza", minuti=None, senza_nome=12)
    client.entra(operatore)

    conto = client.get(ELENCO).context["pagina"].conto

    assert conto == Conto(2, somme={"durata": 30, "senza_durata": 1, "teste": 12})


def test_di_un_incontro_si_leggono_solo_i_nomi_che_si_mostrano(client, operatore, servizio):
    prestazione = _con(operatore, servizio, "Prima")
    for n in range(5):
        presa = PresaInCaricoFactory(
            beneficiario=BeneficiarioFactory(ente=operatore.ente, cognome=f"Altra{n}"),
            azione=prestazione.azione,
        )
        PartecipazioneFactory(prestazione=prestazione, presa=presa)
    client.entra(operatore)

    testo = client.get(ELENCO).content.decode()

    assert "e 3 altre" in testo.replace("\xa0", " ")
    with come(attore(Ruolo.REFERENTE, ente=operatore.ente)):
        assert RegistroAccessi.objects.filter(pagina="prestazioni:elenco").count() == 3


def test_piu_righe_non_costano_piu_di_una(client, operatore, servizio, mia):
    for n in range(6):
        _con(operatore, servizio, f"Tante{n}")
    client.entra(operatore)

    with al_massimo(15):
        client.get(ELENCO)


def test_il_foglio_dice_tutti_i_nomi_e_lascia_vuoto_cio_che_non_e_detto(
    client, operatore, servizio
):
    _con(operatore, servizio, "=Pericolo", minuti=None)
    client.entra(operatore)

    risposta = client.get(reverse("prestazioni:elenco_xlsx"))
    righe = list(openpyxl.load_workbook(BytesIO(b"".join(risposta)), read_only=True).active.values)

    assert righe[0][0] == "Giorno"
    assert righe[1][7] is None
    assert "=Pericolo" in righe[1][14]


def test_nel_foglio_un_nucleo_non_e_una_persona(client, operatore, servizio, mia):
    nucleo = NucleoFactory(ente=operatore.ente)
    presa = PresaInCaricoFactory(ente=operatore.ente, beneficiario=None, nucleo=nucleo)
    PartecipazioneFactory(prestazione=mia, presa=presa, beneficiario=None)
    client.entra(operatore)

    testo = b"".join(client.get(reverse("prestazioni:elenco_csv"))).decode("utf-8-sig")

    (riga,) = csv.DictReader(testo.splitlines(), delimiter=";")
    assert (riga["Persone"], riga["Nuclei"]) == ("1", "1")
    assert "il nucleo" in riga["Chi c'era"]


def test_l_operatore_porta_fuori_le_sue_e_il_referente_quelle_dell_ente(client, operatore, mia):
    indirizzo = reverse("prestazioni:elenco_csv")
    referente = attore(Ruolo.REFERENTE, ente=operatore.ente)
    client.entra(operatore)

    assert client.get(indirizzo).status_code == 200
    for filtri in ({"di_chi": "ente"}, {"persona": "6f9c1e8e-3a55-4d3c-9d2b-0a8c8f1c2d3e"}):
        assert client.get(indirizzo, filtri).status_code == 403
    client.entra(referente)
    assert "Mariani" in b"".join(client.get(indirizzo, {"di_chi": "ente"})).decode("utf-8-sig")


def test_un_ente_senza_prestazioni_non_le_cerca_fra_i_filtri(client, operatore):
    client.entra(operatore)

    testo = client.get(ELENCO, {"di_chi": "ente"}).content.decode()
    filtrato = client.get(ELENCO, {"di_chi": "ente", "solo": "durata"}).content.decode()

    assert "ente non ha ancora prestazioni" in testo
    assert "con questi filtri" not in testo
    assert reverse("prestazioni:registra") in testo
    assert "con questi filtri" in filtrato


def test_da_ogni_riga_si_ripete_ma_non_un_incontro_di_gruppo(client, operatore, servizio, mia):
    gruppo = GruppoPresenzeFactory(ente=operatore.ente, servizio=servizio)
    incontro = _con(operatore, servizio, "Gruppini", gruppo=gruppo)
    client.entra(operatore)

    testo = client.get(ELENCO).content.decode()

    assert f"?ripeti={mia.uuid}" in testo
    assert str(incontro.uuid) in testo
    assert f"?ripeti={incontro.uuid}" not in testo


def test_un_filtro_sbagliato_non_parla_di_cose_salvate(client):
    pagina = client.entra(attore()).get(
        reverse("prestazioni:elenco"), {"dal": "2026-06-01", "al": "2026-01-01"}
    )

    assert "La fine viene prima dell&#x27;inizio" in pagina.text
    assert "Finché non è corretto, quel filtro non vale." in pagina.text
    assert "Non è stato salvato nulla" not in pagina.text
