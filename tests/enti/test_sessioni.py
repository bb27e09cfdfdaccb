"""AUTH-04 e AUTH-07: fin quando vale una sessione, quali sono aperte, che cosa le chiude."""

import datetime

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.urls import reverse
from django.utils import timezone

from enti import tasks
from enti.azioni import fattori
from enti.azioni.utenti import cambia_ruolo, chiudi_account, riapri_account
from enti.middleware import segno_di_presenza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from enti.templatetags.enti import dispositivo
from registro.db.contesto import contesto
from tests.conftest import RegistroClient
from tests.enti.accessi_di_prova import PASSWORD, con_l_app, persona
from tests.fabbriche import AppartenenzaFactory, attore


pytestmark = pytest.mark.django_db

ACCEDI = reverse("enti:accedi")
CASA = reverse("report:casa")
PRESENZA = reverse("enti:presenza")
RESTA = reverse("enti:resta")
RIENTRA = reverse("enti:rientra")
ACCESSI = reverse("enti:accessi")


@pytest.fixture(autouse=True)
def senza_coda(monkeypatch):
    monkeypatch.setattr(tasks, "sveglia", lambda lavoro, **chiavi: None)


def _fra(**tempo):
    return time_machine.travel(timezone.now() + datetime.timedelta(**tempo))


def _entrato(utente, **intestazioni) -> RegistroClient:
    cliente = RegistroClient(**intestazioni)
    cliente.post(ACCEDI, {"username": utente.email, "password": PASSWORD})
    return cliente


def test_ferma_da_mezz_ora_la_sessione_finisce(client):
    client.entra(attore())

    with _fra(minutes=29):
        assert client.get(CASA).status_code == 200
    with _fra(minutes=58):
        assert client.get(CASA).status_code == 200
    with _fra(minutes=89):
        assert client.get(CASA).url.startswith(ACCEDI)


def test_dopo_dieci_ore_finisce_anche_lavorando(client):
    client.entra(attore())
    for minuti in range(20, 600, 20):
        with _fra(minutes=minuti):
            assert client.get(CASA).status_code == 200, minuti

    with _fra(minutes=600):
        assert client.get(CASA).url.startswith(ACCEDI)


def test_la_pagina_che_chiede_da_sola_non_allunga_la_sessione(client):
    chi = attore()
    client.entra(chi).get(CASA)
    segno = {"segno": segno_di_presenza(chi)}
    for minuti in (10, 20, 29):
        with _fra(minutes=minuti):
            risposta = client.get(PRESENZA, segno)
            assert risposta.status_code == 204
            assert int(risposta["X-Sessione-Resta"]) <= (30 - minuti) * 60
    with _fra(minutes=30):
        assert client.get(PRESENZA, segno).status_code == 401


def test_chi_resta_allunga_la_sessione(client):
    chi = attore()
    client.entra(chi)
    with _fra(minutes=26):
        assert client.post(RESTA)["X-Sessione-Resta"] == "1800"
    with _fra(minutes=50):
        assert client.get(CASA).status_code == 200


def test_dentro_lo_stesso_mezzo_minuto_la_sessione_non_si_riscrive(client):
    client.entra(attore()).get(CASA)
    prima = client.session["visto_il"]
    client.get(CASA)

    assert client.session["visto_il"] == prima


def test_una_sessione_senza_ora_d_ingresso_non_vale(client):
    """Chi arrivasse con una sessione di prima di queste regole rientra."""
    client.entra(attore())
    sessione = client.session
    del sessione["entrato_il"]
    sessione.save()

    assert client.get(CASA).url.startswith(ACCEDI)


# Rientrare sul posto -----------------------------------------------------------------------------


def test_si_rientra_sul_posto_per_lo_stesso_ente(client):
    chi = persona()
    AppartenenzaFactory(utente=chi.utente)
    segno = {"X-Rientro": segno_di_presenza(chi)}
    client.force_login(chi.utente)
    with _fra(minutes=31):
        assert client.get(PRESENZA, {"segno": segno["X-Rientro"]}).status_code == 401
        pagina = client.get(RIENTRA, headers=segno).content.decode()
        assert "ciò che" in " ".join(pagina.split()).lower()
        risposta = client.post(
            RIENTRA, {"username": chi.utente.email, "password": PASSWORD}, headers=segno
        )

        assert risposta.status_code == 204
        assert len(risposta["X-Sigillo"]) == 64
        assert client.session["ente"] == chi.ente.pk
        assert client.get(PRESENZA, {"segno": segno["X-Rientro"]}).status_code == 204


def test_nel_rientro_si_chiede_anche_il_secondo_passo(client):
    chi = persona()
    segreto = con_l_app(chi.utente)
    dati = {"username": chi.utente.email, "password": PASSWORD}

    codice = client.post(RIENTRA, dati)
    sbagliato = client.post(reverse("enti:rientra_codice"), {"codice": "000000"})
    giusto = {"codice": fattori.codice_di_adesso(segreto)}
    dentro = client.post(reverse("enti:rientra_codice"), giusto)

    assert 'name="codice"' in codice.content.decode()
    assert sbagliato.status_code == 422
    assert dentro.status_code == 204
    assert client.get(CASA).status_code == 200


def test_chi_sbaglia_nel_rientro_lo_legge_li(client):
    risposta = client.post(RIENTRA, {"username": "x@rete.example", "password": "no"})

    assert risposta.status_code == 422
    assert "<html" not in risposta.content.decode()


def test_se_rientra_un_altro_la_pagina_resta_coperta(client):
    chi, altro = persona(), persona()
    segno = segno_di_presenza(chi)
    client.post(
        RIENTRA,
        {"username": altro.utente.email, "password": PASSWORD},
        headers={"X-Rientro": segno},
    )

    assert client.get(PRESENZA, {"segno": segno}).status_code == 409


# Le sessioni aperte ------------------------------------------------------------------------------

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
TELEFONO = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/141.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
def due():
    """La stessa persona dentro da due posti: (chi, computer, telefono)."""
    chi = persona()
    computer = _entrato(chi.utente, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="93.44.1.9")
    telefono = _entrato(chi.utente, HTTP_USER_AGENT=TELEFONO, REMOTE_ADDR="2.32.7.7")
    return chi, computer, telefono


def test_ognuno_vede_da_dove_e_entrato(due):
    _, computer, _ = due

    testo = " ".join(computer.get(ACCESSI).content.decode().split())

    assert "Firefox su Windows" in testo
    assert "Chrome su un telefono o tablet Android" in testo
    assert "rete 93.44.x.x" in testo
    assert "93.44.1.9" not in testo
    assert testo.index("Questo") < testo.index("Chrome su un telefono")


def test_si_chiude_una_sessione_sola(due):
    chi, computer, telefono = due
    with contesto(utente=chi.utente.pk):
        sua = UserSession.objects.get(session_key=telefono.session.session_key)

    computer.post(reverse("enti:accesso_chiudi", args=[sua.data["uuid"]]))

    assert telefono.get(CASA).url.startswith(ACCEDI)
    assert computer.get(CASA).status_code == 200
    assert "Chrome" not in computer.get(ACCESSI).content.decode()


def test_si_chiudono_tutte_le_altre(due):
    _, computer, telefono = due
    prima = computer.session.session_key

    computer.post(reverse("enti:accessi_chiudi"))

    assert telefono.get(CASA).url.startswith(ACCEDI)
    assert computer.get(CASA).status_code == 200
    assert computer.session.session_key != prima
    assert computer.get(ACCESSI).content.decode().count("entrato il") == 1


def test_la_sessione_di_un_altro_non_si_chiude(due):
    chi, _, telefono = due
    with contesto(utente=chi.utente.pk):
        sua = UserSession.objects.get(session_key=telefono.session.session_key)
    altro = RegistroClient().entra(attore())

    risposta = altro.post(reverse("enti:accesso_chiudi", args=[sua.data["uuid"]]))

    assert risposta.status_code == 404
    assert telefono.get(CASA).status_code == 200


def test_uscendo_la_sessione_sparisce_dall_elenco(due):
    _, computer, telefono = due

    telefono.post(reverse("enti:esci"))

    assert computer.get(ACCESSI).content.decode().count("entrato il") == 1


def test_una_sessione_scaduta_non_e_nell_elenco(due):
    _, computer, _ = due
    with _fra(minutes=20):
        computer.get(CASA)
    with _fra(minutes=40):
        assert computer.get(ACCESSI).content.decode().count("entrato il") == 1


@pytest.mark.parametrize(
    ("navigatore", "parole"),
    [
        (FIREFOX, "Firefox su Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "Safari su iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge su Windows"),
        ("curl/8.1", "Un navigatore che non si riconosce"),
        ("", "Un navigatore che non si riconosce"),
    ],
)
def test_il_dispositivo_si_dice_in_parole(navigatore, parole):
    assert dispositivo(navigatore) == parole


# Ciò che chiude tutte le sessioni ----------------------------------------------------------------


def test_cambiare_ruolo_chiude_le_sessioni():
    chi = persona()
    referente = attore(Ruolo.REFERENTE, ente=chi.ente)
    cliente = _entrato(chi.utente)
    with contesto(utente=referente.utente.pk, ente=referente.ente.pk):
        sua = chi.utente.appartenenze.get()
        cambia_ruolo(appartenenza=sua, ruolo=Ruolo.REFERENTE, da=referente)

    assert cliente.get(CASA).url.startswith(ACCEDI)


def test_un_account_chiuso_e_riaperto_non_riapre_le_sessioni_di_prima():
    """AUTH-07."""
    chi, capo = persona(), attore(Ruolo.AMMINISTRATORE)
    cliente = _entrato(chi.utente)
    with come_sistema():
        chiudi_account(utente=chi.utente, da=capo)
    assert cliente.get(CASA).url.startswith(ACCEDI)
    with come_sistema():
        riapri_account(utente=chi.utente, da=capo)

    assert cliente.get(CASA).url.startswith(ACCEDI)


def test_chi_e_stato_chiuso_non_entra_piu():
    """AUTH-07."""
    chi = persona(is_active=False)

    assert _entrato(chi.utente).get(CASA).url.startswith(ACCEDI)


def test_l_uscita_pulisce_il_dispositivo(client):
    client.entra(attore())

    assert client.post(reverse("enti:esci"))["Clear-Site-Data"] == '"cache", "storage"'
