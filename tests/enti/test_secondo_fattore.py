"""AUTH-02: il secondo fattore. Obbligo, proroga, app, codici di riserva, replica, cifratura."""

import datetime
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from enti.adattatore import AdattatoreMfa, segreti_di
from enti.azioni import fattori
from enti.models import Utente
from enti.permessi import Ruolo
from registro.comune.cifratura import DatoCifratoAlterato
from registro.db.contesto import contesto
from tests.enti.accessi_di_prova import PASSWORD, con_l_app, con_la_riserva, persona
from tests.fabbriche import AppartenenzaFactory, attore
from tests.test_coerenza import viste


pytestmark = pytest.mark.django_db

ACCEDI = reverse("enti:accedi")
CODICE = reverse("enti:secondo_passo")
ATTIVA = reverse("enti:fattore_nuovo")
APP = reverse("enti:app_nuova")


@pytest.fixture(autouse=True)
def senza_coda(monkeypatch):
    """La posta che partirebbe dalla coda, in una lista: (lavoro, chiavi)."""
    mandati = []
    monkeypatch.setattr(
        "enti.tasks.sveglia", lambda lavoro, **chiavi: mandati.append((lavoro, chiavi))
    )
    return mandati


def _password(client, utente):
    return client.post(ACCEDI, {"username": utente.email, "password": PASSWORD})


def _dentro(client) -> bool:
    return "_auth_user_id" in client.session


def test_con_la_sola_password_non_si_entra(client):
    chi = persona()
    con_l_app(chi.utente)

    risposta = _password(client, chi.utente)

    assert risposta.url == CODICE
    assert not _dentro(client)
    assert client.get(reverse("report:casa")).url.startswith(ACCEDI)


def test_col_codice_dell_app_si_entra(client):
    chi = persona()
    segreto = con_l_app(chi.utente)
    _password(client, chi.utente)
    prima = client.session.session_key

    risposta = client.post(CODICE, {"codice": fattori.codice_di_adesso(segreto)})

    assert risposta.url == reverse("prestazioni:registra")
    assert client.session["fattore"] == "totp"
    assert client.session.session_key != prima
    assert client.get(risposta.url).status_code == 200


def test_col_codice_si_torna_alla_pagina_chiesta(client):
    chi = persona()
    segreto = con_l_app(chi.utente)
    client.post(ACCEDI, {"username": chi.utente.email, "password": PASSWORD, "next": "/enti/"})

    assert client.post(CODICE, {"codice": fattori.codice_di_adesso(segreto)}).url == "/enti/"


def test_il_secondo_passo_senza_il_primo_rimanda_all_accesso(client):
    assert client.get(CODICE).url == ACCEDI
    assert client.post(CODICE, {"codice": "123456"}).url == ACCEDI


def test_il_secondo_passo_aspetta_dieci_minuti(client):
    chi = persona()
    con_l_app(chi.utente)
    _password(client, chi.utente)

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        assert client.get(CODICE).url == ACCEDI


def test_se_la_password_cambia_a_meta_si_ricomincia(client):
    chi = persona()
    con_l_app(chi.utente)
    _password(client, chi.utente)
    chi.utente.set_password("un'altra-lunga-parola")
    chi.utente.save()

    assert client.get(CODICE).url == ACCEDI


@pytest.mark.parametrize("scritto", ["000000", "", "abcdef", "٣٤٥٦٧٨", "12345", "1" * 41])
def test_un_codice_sbagliato_non_entra(client, scritto):
    chi = persona()
    segreto = con_l_app(chi.utente)
    con_la_riserva(chi.utente)
    _password(client, chi.utente)
    assert scritto != fattori.codice_di_adesso(segreto)

    risposta = client.post(CODICE, {"codice": scritto})

    assert risposta.status_code == 422
    assert not _dentro(client)


def test_un_codice_vale_una_volta_sola(client):
    """AUTH-02c."""
    chi = persona()
    segreto = con_l_app(chi.utente)
    codice = fattori.codice_di_adesso(segreto)
    with contesto(utente=chi.utente.pk):
        assert fattori.verifica_app(utente=chi.utente, codice=codice)
    _password(client, chi.utente)

    assert client.post(CODICE, {"codice": codice}).status_code == 422


def test_il_codice_di_prima_e_quello_di_dopo_non_valgono():
    """AUTH-02: nessuna tolleranza, il codice dura trenta secondi."""
    chi = persona().utente
    segreto = con_l_app(chi)
    adesso = timezone.now()
    for secondi in (-30, 30):
        with time_machine.travel(adesso + datetime.timedelta(seconds=secondi), tick=False):
            altro = fattori.codice_di_adesso(segreto)
        with time_machine.travel(adesso, tick=False), contesto(utente=chi.pk):
            assert not fattori.verifica_app(utente=chi, codice=altro)


def test_i_codici_di_riserva_sono_dieci_e_valgono_una_volta(client):
    chi = persona()
    con_l_app(chi.utente)
    codici = con_la_riserva(chi.utente)
    assert len(set(codici)) == 10
    for uguale, atteso in ((codici[3], 302), (codici[3], 422), (codici[4], 302)):
        client.logout()
        _password(client, chi.utente)
        assert client.post(CODICE, {"codice": uguale}).status_code == atteso
    assert "codice di riserva, che ora non vale" in client.get("/").content.decode()
    with contesto(utente=chi.utente.pk):
        assert fattori.fattori_di(chi.utente).riserva == 8


def test_rifare_i_codici_toglie_quelli_di_prima():
    chi = persona().utente
    prima = con_la_riserva(chi)
    dopo = con_la_riserva(chi)

    with contesto(utente=chi.pk):
        assert not fattori.verifica_riserva(utente=chi, codice=prima[0])
        assert fattori.verifica_riserva(utente=chi, codice=dopo[0])


def test_nel_database_non_c_e_nessun_segreto_leggibile(client):
    """AUTH-02b: né quello dell'app né quello dei codici, e nemmeno mentre la si attiva."""
    chi = persona()
    segreto = con_l_app(chi.utente)
    codici = con_la_riserva(chi.utente)
    client.entra(chi).get(APP)
    with contesto(utente=chi.utente.pk), connection.cursor() as cursore:
        cursore.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        scritto = cursore.fetchone()[0]
    scritto += str(dict(client.session))

    assert segreto not in scritto
    assert not any(codice in scritto for codice in codici)
    assert not re.search(r"\b[A-Z2-7]{32}\b", scritto)


def test_il_segreto_di_uno_non_si_apre_sotto_un_altro():
    """AUTH-02b: copiato in un'altra riga, non fa entrare."""
    primo, secondo = persona().utente, persona().utente
    with segreti_di(primo.pk):
        cifrato = AdattatoreMfa().encrypt("ABCDEFGH")
        assert AdattatoreMfa().decrypt(cifrato) == "ABCDEFGH"

    with segreti_di(secondo.pk), pytest.raises(DatoCifratoAlterato):
        AdattatoreMfa().decrypt(cifrato)
    with pytest.raises(LookupError):
        AdattatoreMfa().decrypt(cifrato)


def test_cambiata_la_chiave_il_segreto_si_richiude_al_primo_uso(settings):
    chi = persona().utente
    segreto = con_l_app(chi)
    vecchie = settings.CHIAVI_DI_CIFRATURA
    settings.CHIAVI_DI_CIFRATURA = vecchie | {9: b"9" * 32}
    settings.CHIAVE_CORRENTE = 9
    with contesto(utente=chi.pk):
        assert fattori.verifica_app(utente=chi, codice=fattori.codice_di_adesso(segreto))
        settings.CHIAVI_DI_CIFRATURA = {9: b"9" * 32}
        riga = Authenticator.objects.get(user=chi)
        with segreti_di(chi.pk):
            assert AdattatoreMfa().decrypt(riga.data["secret"]) == segreto


def test_ognuno_vede_solo_i_propri_fattori():
    """Il confine è la persona: senza contesto nessuna riga, nel contesto le sue."""
    primo, secondo = persona().utente, persona().utente
    for utente in (primo, secondo):
        con_l_app(utente)

    with contesto(utente=primo.pk):
        assert set(Authenticator.objects.values_list("user", flat=True)) == {primo.pk}
    assert not Authenticator.objects.exists()


# L'obbligo ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ruolo", [r for r in Ruolo if r != Ruolo.OPERATORE])
def test_chi_non_e_operatore_lo_attiva_prima_di_tutto(client, ruolo):
    chi = attore(ruolo)
    client.force_login(chi.utente)

    assert client.get(reverse("report:casa")).url == ATTIVA
    assert "Serve per cominciare a lavorare" in client.get(ATTIVA).content.decode()


def test_un_operatore_ha_sette_giorni_dal_primo_accesso(client):
    chi = persona()
    _password(client, chi.utente)
    casa = reverse("report:casa")
    assert client.get(casa).status_code == 200
    chi.utente.refresh_from_db()
    assert chi.utente.primo_accesso is not None

    settimo = chi.utente.primo_accesso + datetime.timedelta(days=6, hours=23)
    ottavo = chi.utente.primo_accesso + datetime.timedelta(days=7, minutes=1)
    for giorno, atteso in ((settimo, 200), (ottavo, 302)):
        with time_machine.travel(giorno):
            client.logout()
            _password(client, chi.utente)
            assert client.get(casa).status_code == atteso


def test_chi_e_anche_altro_non_ha_proroga(client):
    chi = persona()
    AppartenenzaFactory(utente=chi.utente, ruolo=Ruolo.REFERENTE)

    _password(client, chi.utente)

    assert client.get(reverse("report:casa")).url == ATTIVA


_NOMI_APERTI = {
    *{"enti:esci", "enti:resta", "enti:conferma", "enti:fattore_nuovo"},
    *{"enti:app_nuova", "enti:passkey_nuova"},
}
# Come si scrive un pezzo d'indirizzo, secondo che cosa la pagina si aspetta.
_PEZZI = {"UUIDConverter": "00000000-0000-4000-8000-000000000000", "IntConverter": 1}


def _indirizzo(nome: str, voce) -> str:
    pezzi = {
        parte: _PEZZI.get(type(genere).__name__, "x")
        for parte, genere in voce.pattern.converters.items()
    }
    return reverse(nome, kwargs=pezzi)


def test_senza_fattore_si_aprono_solo_l_attivazione_e_l_uscita(client):
    """AUTH-02: ogni indirizzo che chiede di essere entrati, chiesto e mandato, porta ad attivarlo."""
    client.force_login(attore(Ruolo.REFERENTE).utente)
    chiusi = {
        nome: voce
        for nome, voce in viste()
        if getattr(voce.callback, "login_required", True) and nome not in _NOMI_APERTI
    }
    assert len(chiusi) > 200

    aperti = [
        (nome, metodo)
        for nome, voce in chiusi.items()
        for metodo in ("get", "post")
        if getattr(client, metodo)(_indirizzo(nome, voce)).headers.get("Location") != ATTIVA
    ]

    assert aperti == []


@pytest.mark.parametrize("nome", sorted(_NOMI_APERTI))
def test_attivare_e_uscire_restano_aperti_a_chi_non_ha_il_fattore(client, nome):
    client.force_login(attore(Ruolo.REFERENTE).utente)
    voce = dict(viste())[nome]

    for metodo in ("get", "post"):
        risposta = getattr(client, metodo)(_indirizzo(nome, voce))
        assert risposta.headers.get("Location") != ATTIVA


def test_il_secondo_fattore_non_costa_interrogazioni(client):
    """Ciò che il passaggio guarda sta nella sessione: la stessa pagina, le stesse interrogazioni."""
    chi = attore()
    client.entra(chi).get(reverse("enti:ruoli"))
    with connection.execute_wrapper(_conta := _Conta()):
        client.get(reverse("enti:ruoli"))
    con_fattore = _conta.quante
    sessione = client.session
    del sessione["fattore"]
    sessione.save()
    with connection.execute_wrapper(_conta := _Conta()):
        client.get(reverse("enti:ruoli"))

    assert _conta.quante == con_fattore


class _Conta:
    def __init__(self):
        self.quante = 0

    def __call__(self, esegui, sql, *resto):
        self.quante += 1
        return esegui(sql, *resto)


# Attivare e togliere --------------------------------------------------------------------------


def _segreto_in_pagina(risposta) -> str:
    zuppa = BeautifulSoup(risposta.content, "html.parser")
    return zuppa.select_one(".segreto-app").text.replace(" ", "")


def _attiva(client):
    segreto = _segreto_in_pagina(client.get(APP))
    return client.post(APP, {"codice": fattori.codice_di_adesso(segreto)})


def test_si_attiva_l_app_e_si_leggono_i_codici_una_volta_sola(client, senza_coda):
    chi = attore(Ruolo.REFERENTE)
    client.force_login(chi.utente)

    risposta = _attiva(client)

    codici = BeautifulSoup(risposta.content, "html.parser").select(".codici-riserva code")
    assert len(codici) == 10
    assert client.get(reverse("report:casa")).status_code == 200
    sicurezza = client.get(reverse("enti:sicurezza")).content.decode()
    assert not any(codice.text in sicurezza for codice in codici)
    assert [lavoro.name for lavoro, _ in senza_coda] == ["enti.tasks.avvisa_fattore_cambiato"]


def test_col_codice_sbagliato_l_app_non_si_attiva_e_il_disegno_non_cambia(client):
    client.force_login(attore(Ruolo.REFERENTE).utente)
    prima = _segreto_in_pagina(client.get(APP))

    risposta = client.post(APP, {"codice": "000000"})

    assert risposta.status_code == 422
    assert _segreto_in_pagina(risposta) == prima
    assert client.get(reverse("report:casa")).url == ATTIVA


def test_attivare_il_fattore_chiude_le_altre_sessioni(client):
    """AUTH-04."""
    chi = attore(Ruolo.OPERATORE)
    altro = type(client)()
    altro.force_login(chi.utente)
    client.force_login(chi.utente)
    assert altro.get(reverse("report:casa")).status_code == 200

    _attiva(client)

    assert altro.get(reverse("report:casa")).url.startswith(ACCEDI)
    assert client.get(reverse("report:casa")).status_code == 200


def test_l_ultimo_fattore_non_si_toglie(client):
    chi = attore()
    con_l_app(chi.utente)
    client.entra(chi)

    client.post(reverse("enti:app_togli"))

    with contesto(utente=chi.utente.pk):
        assert fattori.ha_un_fattore(chi.utente)
        with pytest.raises(ValidationError, match="ultimo secondo fattore"):
            fattori.togli_app(utente=chi.utente)


def test_dopo_cinque_minuti_serve_di_nuovo_la_password(client):
    chi = persona(Ruolo.REFERENTE)
    client.entra(chi)
    sessione = client.session
    sessione["confermato_il"] -= 301
    sessione.save()
    conferma = reverse("enti:conferma")

    risposta = client.get(APP)

    assert risposta.url == f"{conferma}?next={APP.replace('/', '%2F')}"
    assert client.post(conferma, {"password": "sbagliata", "next": APP}).status_code == 422
    assert client.post(conferma, {"password": PASSWORD, "next": APP}).url == APP
    assert client.get(APP).status_code == 200
    assert client.post(conferma, {"password": PASSWORD, "next": "//male.example"}).url == reverse(
        "enti:sicurezza"
    )


def test_in_esercizio_le_scorciatoie_fermano_l_avvio(settings):
    from enti.verifiche import niente_scorciatoie_al_secondo_fattore as verifica

    assert verifica(None) == []
    settings.DIMOSTRAZIONE = False
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = "123456"
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    assert {errore.id for errore in verifica(None)} == {"enti.E001", "enti.E002"}


def test_l_attore_di_sistema_non_ha_fattori_e_non_entra(client):
    sistema = Utente.objects.sistema()

    assert not sistema.has_usable_password()
