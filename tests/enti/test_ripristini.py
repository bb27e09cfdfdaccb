"""AUTH-02: il secondo fattore perso. Chi può azzerarlo, che cosa serve per rientrare, chi lo sa."""

import datetime
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from enti import tasks
from enti.azioni import fattori, ripristini
from enti.models import RipristinoFattore
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from tests.conftest import RegistroClient
from tests.enti.accessi_di_prova import PASSWORD, con_l_app, con_la_riserva, persona
from tests.fabbriche import AppartenenzaFactory, EnteFactory, attore


pytestmark = pytest.mark.django_db

ACCEDI = reverse("enti:accedi")
CODICE = reverse("enti:secondo_passo")
PERSO = reverse("enti:fattore_perso")
ATTIVA = reverse("enti:fattore_nuovo")
CASA = reverse("report:casa")


@pytest.fixture(autouse=True)
def subito(monkeypatch):
    """Ciò che andrebbe alla coda si fa adesso."""
    monkeypatch.setattr(tasks, "sveglia", lambda lavoro, **chiavi: lavoro(**chiavi))


@pytest.fixture
def scena():
    """Un'operatrice con l'app, e il referente del suo ente."""
    irene = persona(email="irene@ente.example", nome="Irene", cognome="Villa")
    con_l_app(irene.utente)
    con_la_riserva(irene.utente)
    return irene, attore(Ruolo.REFERENTE, ente=irene.ente)


def _come(chi):
    return contesto(utente=chi.utente.pk, ente=chi.ente.pk)


def _azzera(chi, utente) -> str:
    with _come(chi):
        return ripristini.azzera_fattore(utente=utente, da=chi)


def _password(client, utente):
    return client.post(ACCEDI, {"username": utente.email, "password": PASSWORD})


def _indirizzo(utente):
    with come_sistema():
        return reverse("enti:utente_fattore", args=[utente.appartenenze.first().uuid])


def test_senza_la_password_non_si_chiede_aiuto(client):
    assert client.get(PERSO).url == ACCEDI
    assert client.post(PERSO).url == ACCEDI
    with come_sistema():
        assert not RipristinoFattore.objects.exists()


def test_chi_chiede_aiuto_avvisa_se_stesso_e_il_referente(client, scena):
    irene, referente = scena
    _password(client, irene.utente)

    testo = client.post(PERSO).content.decode()
    client.post(PERSO)

    assert "Richiesta inviata" in testo
    assert [m.to for m in mail.outbox] == [[irene.utente.email], [referente.utente.email]]
    assert "Irene Villa" in mail.outbox[1].body
    # WEB-06: nell'oggetto, che si legge anche a schermo bloccato, nessun nome.
    assert not any("Irene" in m.subject for m in mail.outbox)
    elenco = RegistroClient().entra(referente).get(reverse("enti:utenti")).content.decode()
    assert "Ha perso il secondo fattore" in elenco


def test_chiedere_aiuto_non_toglie_ancora_niente(client, scena):
    irene, _ = scena
    _password(client, irene.utente)
    client.post(PERSO)

    with contesto(utente=irene.utente.pk):
        assert fattori.ha_un_fattore(irene.utente)


def test_il_referente_azzera_e_legge_il_codice_una_volta(scena):
    irene, referente = scena
    cliente = RegistroClient().entra(referente)
    indirizzo = _indirizzo(irene.utente)

    risposta = cliente.post(indirizzo)

    codice = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", risposta.content.decode()).group()
    assert codice not in cliente.get(indirizzo).content.decode()
    with contesto(utente=irene.utente.pk):
        assert not Authenticator.objects.exists()
    with come_sistema():
        assert codice.replace("-", "") not in RipristinoFattore.objects.get().impronta
    assert {m.to[0] for m in mail.outbox} == {irene.utente.email, referente.utente.email}


def test_azzerare_chiude_le_sessioni(client, scena):
    """AUTH-04."""
    irene, referente = scena
    client.entra(irene)

    _azzera(referente, irene.utente)

    assert client.get(CASA).url.startswith(ACCEDI)


def test_dopo_l_azzeramento_la_sola_password_non_basta(client, scena):
    irene, referente = scena
    _azzera(referente, irene.utente)

    assert _password(client, irene.utente).url == CODICE
    assert client.post(CODICE, {"codice": "AAAA-BBBB-CCCC"}).status_code == 422
    assert "_auth_user_id" not in client.session


def test_col_codice_si_attiva_il_fattore_nuovo_e_nient_altro(client, scena):
    irene, referente = scena
    codice = _azzera(referente, irene.utente)
    _password(client, irene.utente)
    client.post(CODICE, {"codice": codice.lower().replace("-", " ")})
    # Anche se è operatrice e ancora nei suoi sette giorni.
    assert client.get(CASA).url == ATTIVA

    testo = client.get(reverse("enti:app_nuova")).content.decode()
    segreto = re.search(r'segreto-app">([A-Z2-7 ]+)<', testo).group(1).replace(" ", "")
    client.post(reverse("enti:app_nuova"), {"codice": fattori.codice_di_adesso(segreto)})

    assert client.get(CASA).status_code == 200
    client.post(reverse("enti:esci"))
    _password(client, irene.utente)
    assert client.post(CODICE, {"codice": codice}).status_code == 422


def test_il_codice_vale_un_giorno(client, scena):
    irene, referente = scena
    codice = _azzera(referente, irene.utente)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        _password(client, irene.utente)
        assert client.post(CODICE, {"codice": codice}).status_code == 422


def test_un_codice_nuovo_toglie_quello_di_prima(client, scena):
    irene, referente = scena
    prima = _azzera(referente, irene.utente)
    dopo = _azzera(referente, irene.utente)
    _password(client, irene.utente)

    assert client.post(CODICE, {"codice": prima}).status_code == 422
    assert client.post(CODICE, {"codice": dopo}).status_code == 302


# Chi può ------------------------------------------------------------------------------------------


def _puo(chi, utente) -> bool:
    with _come(chi):
        return ripristini.puo_azzerare(utente)


def test_ognuno_azzera_chi_gli_tocca():
    ente = EnteFactory()
    operatore = attore(ente=ente)
    referente, altro_referente = (attore(Ruolo.REFERENTE, ente=ente) for _ in range(2))
    fuori, capo = attore(Ruolo.REFERENTE), attore(Ruolo.AMMINISTRATORE)

    assert _puo(referente, operatore.utente)
    assert not _puo(fuori, operatore.utente)
    assert not _puo(referente, altro_referente.utente)
    assert not _puo(operatore, referente.utente)
    assert not _puo(operatore, operatore.utente)
    assert not _puo(capo, capo.utente)
    assert _puo(capo, referente.utente)
    assert _puo(capo, operatore.utente)


@pytest.mark.parametrize("ruolo", [Ruolo.OPERATORE, Ruolo.REFERENTE])
def test_chi_lavora_anche_altrove_lo_azzera_chi_amministra(ruolo):
    """Con la sua porta si aprirebbe anche l'altro ente."""
    doppia = attore()
    AppartenenzaFactory(utente=doppia.utente, ruolo=ruolo)
    referente = attore(Ruolo.REFERENTE, ente=doppia.ente)
    con_l_app(doppia.utente)

    assert not _puo(referente, doppia.utente)
    with pytest.raises(ValidationError):
        _azzera(referente, doppia.utente)
    pagina = RegistroClient().entra(referente).get(_indirizzo(doppia.utente)).content.decode()
    assert "chi amministra la rete" in " ".join(pagina.split())
    assert _puo(attore(Ruolo.AMMINISTRATORE), doppia.utente)


def test_per_un_referente_si_avvisa_chi_amministra(client):
    capo, referente = attore(Ruolo.AMMINISTRATORE), persona(Ruolo.REFERENTE)
    con_l_app(referente.utente)
    _password(client, referente.utente)

    client.post(PERSO)

    assert {m.to[0] for m in mail.outbox} == {referente.utente.email, capo.utente.email}


def test_il_database_rifiuta_chi_non_puo(scena):
    irene, _ = scena
    fuori = attore(Ruolo.REFERENTE)
    for chi in (fuori, attore(ente=irene.ente), irene):
        with (
            pytest.raises(ProgrammingError, match="chi amministra"),
            transaction.atomic(),
            _come(chi),
            connection.cursor() as cursore,
        ):
            cursore.execute("SELECT registro_azzera_fattori(%s)", [irene.utente.pk])
    with contesto(utente=irene.utente.pk):
        assert fattori.ha_un_fattore(irene.utente)


def test_chi_amministra_da_solo_lo_azzera_chi_ha_il_server(client, capsys):
    capo = attore(Ruolo.AMMINISTRATORE)
    capo.utente.set_password(PASSWORD)
    capo.utente.save()
    con_l_app(capo.utente)

    call_command("azzera_secondo_fattore", capo.utente.email)

    codice = capsys.readouterr().out.split()[0]
    _password(client, capo.utente)
    assert client.post(CODICE, {"codice": codice}).status_code == 302
    assert client.get(CASA).url == ATTIVA
    with pytest.raises(CommandError, match="Non è cambiato nulla"):
        call_command("azzera_secondo_fattore", "nessuno@rete.example")


def test_le_richieste_le_vede_chi_le_fa_e_chi_le_cura(scena):
    irene, referente = scena
    with contesto(utente=irene.utente.pk):
        ripristini.chiedi_aiuto(utente=irene.utente)
    for chi, quante in (
        (irene, 1),
        (referente, 1),
        (attore(Ruolo.AMMINISTRATORE), 1),
        (attore(Ruolo.REFERENTE), 0),
        (attore(ente=irene.ente), 0),
    ):
        with _come(chi):
            assert RipristinoFattore.objects.count() == quante
            assert RipristinoFattore.objects.all().delete()[0] == 0


def test_nessuno_legge_i_fattori_di_un_altro_nemmeno_per_azzerarli(scena):
    _, referente = scena
    with _come(referente):
        assert not Authenticator.objects.exists()
