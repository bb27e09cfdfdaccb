"""AUTH-02: le passkey, con un autenticatore finto che firma davvero."""

import hashlib
import json
import struct

import pytest
from bs4 import BeautifulSoup
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.urls import reverse
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

from enti import tasks
from enti.azioni import fattori
from enti.permessi import Ruolo
from registro.db.contesto import contesto
from tests.conftest import RegistroClient
from tests.enti.accessi_di_prova import PASSWORD, con_l_app, persona


pytestmark = pytest.mark.django_db

ACCEDI = reverse("enti:accedi")
CODICE = reverse("enti:secondo_passo")
NUOVA = reverse("enti:passkey_nuova")
CASA = reverse("report:casa")
SITO = "testserver"


@pytest.fixture(autouse=True)
def senza_coda(monkeypatch):
    monkeypatch.setattr(tasks, "sveglia", lambda lavoro, **chiavi: None)


class Autenticatore:
    """Una chiavetta finta: crea una coppia di chiavi e firma le sfide di un sito."""

    PRESENTE, VERIFICATO, CON_CHIAVE = 1, 4, 64

    def __init__(self, sito: str = SITO):
        self.chiave = ec.generate_private_key(ec.SECP256R1())
        self.numero = hashlib.sha256(str(id(self)).encode()).digest()
        self.sito = sito

    def crea(self, opzioni: dict) -> dict:
        pubblica = cbor.encode(ES256.from_cryptography_key(self.chiave.public_key()))
        dati = self._dati(self.CON_CHIAVE)
        dati += bytes(16) + struct.pack(">H", len(self.numero)) + self.numero + pubblica
        oggetto = cbor.encode({"fmt": "none", "attStmt": {}, "authData": dati})
        return self._risposta(
            clientDataJSON=websafe_encode(self._cliente("webauthn.create", opzioni)),
            attestationObject=websafe_encode(oggetto),
        )

    def firma(self, opzioni: dict) -> dict:
        dati, cliente = self._dati(0), self._cliente("webauthn.get", opzioni)
        firma = self.chiave.sign(dati + hashlib.sha256(cliente).digest(), ec.ECDSA(SHA256()))
        return self._risposta(
            clientDataJSON=websafe_encode(cliente),
            authenticatorData=websafe_encode(dati),
            signature=websafe_encode(firma),
        )

    def _dati(self, segni: int) -> bytes:
        segni |= self.PRESENTE | self.VERIFICATO
        return hashlib.sha256(self.sito.encode()).digest() + bytes([segni]) + bytes(4)

    def _cliente(self, tipo: str, opzioni: dict) -> bytes:
        sfida = opzioni["publicKey"]["challenge"]
        assert websafe_decode(sfida)
        dati = {"type": tipo, "challenge": sfida, "origin": f"https://{self.sito}"}
        return json.dumps(dati).encode()

    def _risposta(self, **risposta) -> dict:
        numero = websafe_encode(self.numero)
        return {
            "id": numero,
            "rawId": numero,
            "type": "public-key",
            "response": risposta,
            "clientExtensionResults": {},
        }


def _opzioni(risposta) -> dict:
    zuppa = BeautifulSoup(risposta.content, "html.parser")
    return json.loads(zuppa.select_one("[data-passkey]")["data-opzioni"])


def _aggiungi(client, chiavetta: Autenticatore, nome="Chiavetta blu"):
    credenziale = chiavetta.crea(_opzioni(client.get(NUOVA)))
    return client.post(NUOVA, {"nome": nome, "credenziale": json.dumps(credenziale)})


def _con_passkey(chi) -> Autenticatore:
    chiavetta = Autenticatore()
    cliente = RegistroClient()
    cliente.entra(chi)
    assert _aggiungi(cliente, chiavetta).status_code == 200
    # Aggiungerla ha chiuso le sessioni di prima: chi la usa dopo deve saperlo.
    chi.utente.refresh_from_db()
    return chiavetta


def _fino_alla_sfida(client, chi) -> dict:
    client.post(ACCEDI, {"username": chi.utente.email, "password": PASSWORD})
    return _opzioni(client.get(CODICE))


def test_si_aggiunge_una_passkey_e_si_leggono_i_codici(client):
    chi = persona(Ruolo.REFERENTE)
    client.force_login(chi.utente)

    risposta = _aggiungi(client, Autenticatore())

    assert "codici-riserva" in risposta.content.decode()
    assert client.get(CASA).status_code == 200
    assert "Chiavetta blu" in client.get(reverse("enti:sicurezza")).content.decode()


def test_con_la_passkey_si_entra(client):
    chi = persona()
    chiavetta = _con_passkey(chi)

    firmata = chiavetta.firma(_fino_alla_sfida(client, chi))
    risposta = client.post(CODICE, {"credenziale": json.dumps(firmata)})

    assert risposta.status_code == 302
    assert client.session["fattore"] == "webauthn"
    assert client.get(CASA).status_code == 200


def test_una_firma_vale_per_una_sfida_sola(client):
    """AUTH-02c."""
    chi = persona()
    chiavetta = _con_passkey(chi)
    firmata = {"credenziale": json.dumps(chiavetta.firma(_fino_alla_sfida(client, chi)))}
    assert client.post(CODICE, firmata).status_code == 302
    client.post(reverse("enti:esci"))
    _fino_alla_sfida(client, chi)

    assert client.post(CODICE, firmata).status_code == 422


def test_la_passkey_di_un_altro_o_di_un_altro_sito_non_apre(client):
    chi, altro = persona(), persona()
    chiavetta, sua = _con_passkey(chi), _con_passkey(altro)
    for finta in (sua, Autenticatore()):
        firmata = finta.firma(_fino_alla_sfida(client, chi))
        assert client.post(CODICE, {"credenziale": json.dumps(firmata)}).status_code == 422
    chiavetta.sito = "male.example"
    firmata = chiavetta.firma(_fino_alla_sfida(client, chi))

    assert client.post(CODICE, {"credenziale": json.dumps(firmata)}).status_code == 422


@pytest.mark.parametrize(
    "rotta", ["{", "[]", '"x"', "{}", '{"id": 1}', '{"response": {}}', "null"]
)
def test_una_risposta_rotta_non_rompe_la_pagina(client, rotta):
    chi = persona()
    _con_passkey(chi)
    _fino_alla_sfida(client, chi)

    assert client.post(CODICE, {"credenziale": rotta}).status_code == 422
    client.entra(chi)
    assert client.post(NUOVA, {"nome": "x", "credenziale": rotta}).status_code == 422


def test_una_passkey_si_toglie_se_ne_resta_un_altro_modo(client):
    chi = persona()
    _con_passkey(chi)
    client.entra(chi)
    with contesto(utente=chi.utente.pk):
        (passkey,) = fattori.fattori_di(chi.utente).passkey
    togli = reverse("enti:passkey_togli", args=[passkey.data["uuid"]])
    client.post(togli)
    with contesto(utente=chi.utente.pk):
        assert fattori.ha_un_fattore(chi.utente)
    con_l_app(chi.utente)

    client.post(togli)

    with contesto(utente=chi.utente.pk):
        assert fattori.fattori_di(chi.utente).passkey == []
    assert client.post(togli).status_code == 404


def test_la_passkey_di_un_altro_non_si_toglie(client):
    chi, altro = persona(), persona()
    _con_passkey(chi)
    with contesto(utente=chi.utente.pk):
        (passkey,) = fattori.fattori_di(chi.utente).passkey

    risposta = client.entra(altro).post(reverse("enti:passkey_togli", args=[passkey.data["uuid"]]))

    assert risposta.status_code == 404
