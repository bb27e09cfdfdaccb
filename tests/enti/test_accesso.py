"""Entrare, uscire, scegliere l'ente per cui agire."""

import datetime

import pytest
from django.contrib.auth.hashers import get_hasher
from django.urls import reverse

from enti.permessi import Ruolo
from tests.fabbriche import AppartenenzaFactory, EnteFactory, UtenteFactory, attore


pytestmark = pytest.mark.django_db

ACCEDI = reverse("enti:accedi")
SCEGLI = reverse("enti:scegli")
PASSWORD = "una-password-di-prova"


def _accedi(client, email, password=PASSWORD, **altro):
    return client.post(ACCEDI, {"username": email, "password": password, **altro})


def _persona(**campi):
    utente = UtenteFactory(email="anna@rete.example", password=PASSWORD, **campi)
    AppartenenzaFactory(utente=utente)
    return utente


def test_chi_non_e_entrato_finisce_alla_pagina_di_accesso(client):
    risposta = client.get(reverse("report:casa"))

    assert risposta.url == f"{ACCEDI}?next=/"


def test_con_la_password_giusta_si_arriva_all_inizio(client):
    _persona()

    risposta = _accedi(client, "anna@rete.example")

    assert risposta.url == reverse("prestazioni:registra")
    assert client.get(risposta.url).status_code == 200


def test_la_posta_si_scrive_come_viene(client):
    _persona()

    assert _accedi(client, " Anna@Rete.example ").status_code == 302


def test_dopo_l_accesso_si_torna_alla_pagina_chiesta(client):
    _persona()

    assert _accedi(client, "anna@rete.example", next="/enti/?nodo=asti").url == "/enti/?nodo=asti"


@pytest.mark.parametrize(
    "fuori", ["https://altrove.example/", "//altrove.example", "javascript:alert(1)"]
)
def test_dopo_l_accesso_non_si_finisce_su_un_altro_sito(client, fuori):
    _persona()

    assert _accedi(client, "anna@rete.example", next=fuori).url == reverse("prestazioni:registra")


def test_chi_ha_due_enti_sceglie_subito_dopo_l_accesso(client):
    AppartenenzaFactory(utente=_persona())

    assert _accedi(client, "anna@rete.example").url == SCEGLI


def test_la_sessione_cambia_chiave_quando_si_entra(client):
    _persona()
    client.get(ACCEDI)
    prima = client.session.session_key

    _accedi(client, "anna@rete.example")

    assert client.session.session_key != prima


def _risposte_sbagliate(client) -> list[str]:
    UtenteFactory(email="chiuso@rete.example", password=PASSWORD, is_active=False)
    UtenteFactory(email="invitata@rete.example", password=None)
    _persona()
    tentativi = {
        "anna@rete.example": "password-sbagliata",
        "nessuno@rete.example": PASSWORD,
        "chiuso@rete.example": PASSWORD,
        "invitata@rete.example": PASSWORD,
        "sistema@registro.invalid": PASSWORD,
    }
    testi = []
    for email, password in tentativi.items():
        risposta = _accedi(client, email, password)
        assert risposta.status_code == 422
        assert "_auth_user_id" not in client.session
        errori = risposta.context["form"].non_field_errors()
        testi.append(str(errori))
    return testi


def test_un_errore_non_dice_se_l_account_esiste(client):
    testi = _risposte_sbagliate(client)

    assert len(set(testi)) == 1
    assert "maiuscole e minuscole contano" in testi[0]


@pytest.mark.parametrize(
    "email",
    ["anna@rete.example", "nessuno@rete.example", "chiuso@rete.example", "invitata@rete.example"],
)
def test_ogni_tentativo_costa_lo_stesso_lavoro(client, email, monkeypatch):
    """Un hash per tentativo, che l'account ci sia o no: il tempo non racconta nulla."""
    UtenteFactory(email="chiuso@rete.example", password=PASSWORD, is_active=False)
    UtenteFactory(email="invitata@rete.example", password=None)
    _persona()
    fatti = []
    classe = type(get_hasher())
    vero = classe.encode
    monkeypatch.setattr(
        classe, "encode", lambda self, *a, **k: fatti.append(1) or vero(self, *a, **k)
    )

    _accedi(client, email, "password-sbagliata")

    assert len(fatti) == 1


def test_la_password_sbagliata_non_torna_nella_pagina(client):
    risposta = _accedi(client, "anna@rete.example", "segreto-scritto-male")

    assert "segreto-scritto-male" not in risposta.content.decode()


def test_chi_e_gia_entrato_non_rivede_la_pagina_di_accesso(client):
    assert client.entra(attore()).get(ACCEDI).url == reverse("prestazioni:registra")


def test_uscire_chiude_la_sessione_e_pulisce_il_dispositivo(client):
    client.entra(attore())

    risposta = client.post(reverse("enti:esci"))

    assert risposta["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(reverse("report:casa")).status_code == 302


def test_non_si_esce_seguendo_un_collegamento(client):
    client.entra(attore())

    assert client.get(reverse("enti:esci")).status_code == 405
    assert client.get(reverse("report:casa")).status_code == 200


def _due_enti():
    primo, secondo = EnteFactory(denominazione="Alfa"), EnteFactory(denominazione="Beta")
    chi = attore(Ruolo.OPERATORE, ente=primo)
    AppartenenzaFactory(utente=chi.utente, ente=secondo, ruolo=Ruolo.REFERENTE)
    return chi, primo, secondo


def test_si_agisce_per_l_ente_scelto(client):
    chi, _, secondo = _due_enti()
    client.entra(chi)

    client.post(SCEGLI, {"ente": secondo.uuid})
    risposta = client.get(reverse("report:casa"))

    assert risposta.context["attore"].ente == secondo
    assert risposta.context["attore"].ruolo == Ruolo.REFERENTE


def test_la_scelta_mostra_enti_e_ruoli_di_chi_guarda(client):
    chi, _, _ = _due_enti()
    EnteFactory(denominazione="Gamma")

    testo = client.entra(chi).get(SCEGLI).content.decode()

    assert "Alfa" in testo
    assert "Beta" in testo
    assert "Gamma" not in testo


def test_non_si_sceglie_un_ente_di_cui_non_si_fa_parte(client):
    chi, primo, _ = _due_enti()
    altrui = EnteFactory()
    client.entra(chi)

    risposta = client.post(SCEGLI, {"ente": altrui.uuid})

    assert risposta.status_code == 422
    assert client.get(reverse("report:casa")).context["attore"].ente == primo


def test_non_si_sceglie_un_ente_lasciato(client):
    chi, _, _ = _due_enti()
    lasciato = EnteFactory()
    AppartenenzaFactory(utente=chi.utente, ente=lasciato, fine=datetime.date(2020, 6, 30))

    assert client.entra(chi).post(SCEGLI, {"ente": lasciato.uuid}).status_code == 422


def test_un_ente_messo_a_mano_nella_sessione_non_si_apre(client):
    chi, _, _ = _due_enti()
    client.entra(chi)
    sessione = client.session
    sessione["ente"] = EnteFactory().pk
    sessione.save()

    # Non se ne prende un altro di nascosto: la sessione finisce.
    assert client.get(reverse("report:casa")).url == f"{ACCEDI}?next=/"
    assert "_auth_user_id" not in client.session


def test_chi_non_ha_enti_legge_che_cosa_fare(client):
    UtenteFactory(email="sola@rete.example", password=PASSWORD)

    risposta = client.get(_accedi(client, "sola@rete.example").url)

    assert "non è collegato a nessun ente" in risposta.content.decode()
    assert client.get(reverse("report:casa")).url == SCEGLI
