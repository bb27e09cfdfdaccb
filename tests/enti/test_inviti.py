"""Il giro di un invito: si scrive, parte, si apre, si accetta una volta sola."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from enti.models import Invito, Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.comune.registrazioni import SenzaDatiFormatter
from tests.conftest import RegistroClient
from tests.enti.inviti_di_prova import EMAIL, GETTONE, collega, invito, riletto, tutte_di
from tests.fabbriche import EnteFactory, NodoFactory, UtenteFactory, attore


pytestmark = pytest.mark.django_db

INVITA = reverse("enti:invita")
UTENTI = reverse("enti:utenti")
PASSWORD = "una-frase-lunga-di-prova"
NUOVO = {"nome": "Lina", "cognome": "Viva", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def referente(client):
    chi = attore(Ruolo.REFERENTE)
    client.entra(chi)
    return chi


def _collegamento() -> str:
    """Il percorso scritto nell'ultimo messaggio partito."""
    return re.search(r"https?://[^/\s]+(/invito/\S+)", mail.outbox[-1].body).group(1)


def _pagina(gettone: str = GETTONE) -> str:
    return reverse("enti:invito", args=[gettone])


def _tutti() -> list[Invito]:
    with come_sistema():
        return list(Invito.objects.order_by("pk"))


def _guasta_la_posta(monkeypatch) -> None:
    def rifiuta(self, messaggi):
        raise ConnectionRefusedError("server di posta spento")

    monkeypatch.setattr(EmailBackend, "send_messages", rifiuta)


def test_dall_invito_all_ente(client, referente):
    client.post(INVITA, {"email": " Nuova@Rete.example ", "ruolo": "operatore"})
    fuori = RegistroClient()

    pagina = fuori.get(_collegamento())
    entrata = fuori.post(_collegamento(), NUOVO)
    utente = Utente.objects.get(email=EMAIL)

    assert referente.ente.denominazione in pagina.content.decode()
    assert entrata.url == reverse("prestazioni:registra")
    assert fuori.get(entrata.url).context["attore"].ente == referente.ente
    assert [a.ruolo for a in tutte_di(utente)] == [Ruolo.OPERATORE]
    assert utente.check_password(PASSWORD)


def test_nel_database_c_e_solo_l_impronta(client, referente):
    client.post(INVITA, {"email": EMAIL, "ruolo": "operatore"})
    gettone = _collegamento().strip("/").split("/")[-1]

    scritto = _tutti()[0]

    assert len(gettone) >= 43
    assert gettone not in {str(getattr(scritto, c.attname)) for c in Invito._meta.fields}
    assert scritto.spedito_il is not None


def test_il_messaggio_va_a_una_persona_sola_e_dice_chi_invita(client, referente):
    client.post(INVITA, {"email": EMAIL, "ruolo": "referente"})

    messaggio = mail.outbox[-1]

    assert messaggio.to == [EMAIL]
    assert referente.utente.nome_completo in messaggio.body
    assert "ruolo di referente" in messaggio.body
    assert EMAIL not in messaggio.body


def test_la_posta_guasta_non_perde_l_invito(client, referente, monkeypatch):
    with monkeypatch.context() as guasto:
        _guasta_la_posta(guasto)
        client.post(INVITA, {"email": EMAIL, "ruolo": "operatore"})
    prima = client.get(UTENTI).content.decode()
    client.post(reverse("enti:invito_rimanda", args=[_tutti()[0].uuid]))
    dopo = client.get(UTENTI).content.decode()

    assert "Non spedito" in prima
    assert "Manda di nuovo" in prima
    assert "Non spedito" not in dopo
    assert RegistroClient().get(_collegamento()).status_code == 200


def test_la_posta_guasta_non_scrive_l_indirizzo_nei_registri(
    client, referente, monkeypatch, caplog
):
    _guasta_la_posta(monkeypatch)

    client.post(INVITA, {"email": EMAIL, "ruolo": "operatore"})

    assert "non spedito: ConnectionRefusedError" in caplog.text
    assert EMAIL not in caplog.text


def test_un_solo_invito_in_attesa_per_indirizzo(client, referente):
    client.post(INVITA, {"email": EMAIL, "ruolo": "operatore"})
    risposta = client.post(INVITA, {"email": "NUOVA@rete.example", "ruolo": "referente"})

    assert risposta.status_code == 422
    assert "C'è già un invito in attesa" in risposta.content.decode().replace("&#x27;", "'")
    assert len(_tutti()) == 1


def test_due_enti_invitano_lo_stesso_indirizzo_senza_saperlo(client, referente):
    invito()

    risposta = client.post(INVITA, {"email": EMAIL, "ruolo": "operatore"})

    assert risposta.status_code == 302
    assert len(_tutti()) == 2


def test_chi_fa_gia_parte_dell_ente_non_si_invita(client, referente):
    gia = collega(referente.ente)

    risposta = client.post(INVITA, {"email": gia.utente.email, "ruolo": "operatore"})

    assert risposta.status_code == 422
    assert "fa già parte" in risposta.content.decode()


def test_a_chi_invita_non_si_dice_se_l_indirizzo_ha_un_account(client, referente):
    UtenteFactory(email="altrove@rete.example")

    risposte = [
        client.post(INVITA, {"email": email, "ruolo": "operatore"}, follow=True)
        for email in ("altrove@rete.example", "nessuno@rete.example")
    ]
    testi = [re.sub(r"altrove|nessuno", "chi", r.content.decode()) for r in risposte]
    righe = [re.findall(r"chi@rete.example", testo) for testo in testi]

    assert [r.status_code for r in risposte] == [200, 200]
    assert righe[0]
    assert all("hai già un account" not in testo for testo in testi)


@pytest.mark.parametrize("ruolo", ["amministratore", "coordinatore", "garante", "inviante"])
def test_un_referente_invita_solo_operatori_e_referenti(client, referente, ruolo):
    risposta = client.post(INVITA, {"email": EMAIL, "ruolo": ruolo})

    assert risposta.status_code == 422
    assert _tutti() == []


def test_chi_amministra_invita_in_ogni_ente_e_con_ogni_ruolo(client):
    client.entra(attore(Ruolo.AMMINISTRATORE))
    ente, nodo = EnteFactory(slug="lontano"), NodoFactory(slug="valle")

    client.post(
        INVITA, {"email": EMAIL, "ruolo": "coordinatore", "ente": "lontano", "nodo": "valle"}
    )

    assert [(i.ente, i.ruolo, i.nodo) for i in _tutti()] == [(ente, "coordinatore", nodo)]


def _spento(come: str) -> str:
    if come == "inventato":
        return _pagina("mai-visto")
    campi = {
        "scaduto": {
            "creato_il": timezone.now() - timedelta(days=9),
            "scade_il": timezone.now() - timedelta(seconds=1),
        },
        "usato": {"accettato_il": timezone.now()},
        "annullato": {"annullato_il": timezone.now()},
    }[come]
    invito(**campi)
    return _pagina()


def _senza_sigilli(risposta) -> str:
    return re.sub(r'value="[^"]{30,}"', "", risposta.content.decode())


@pytest.mark.parametrize("come", ["scaduto", "usato", "annullato"])
@pytest.mark.parametrize("metodo", ["get", "post"])
def test_un_collegamento_che_non_vale_risponde_come_uno_inventato(client, come, metodo):
    inventato = getattr(client, metodo)(_spento("inventato"), NUOVO)
    spento = getattr(client, metodo)(_spento(come), NUOVO)

    assert (spento.status_code, inventato.status_code) == (404, 404)
    assert _senza_sigilli(spento) == _senza_sigilli(inventato)
    assert not Utente.objects.filter(email=EMAIL).exists()


def test_un_invito_si_usa_una_volta_sola(client):
    invito()
    client.post(_pagina(), NUOVO)

    di_nuovo = RegistroClient().post(_pagina(), NUOVO | {"nome": "Altra"})

    assert di_nuovo.status_code == 404
    assert Utente.objects.get(email=EMAIL).nome == "Lina"


def test_rimandare_spegne_il_collegamento_di_prima(client, referente):
    client.post(INVITA, {"email": EMAIL, "ruolo": "operatore"})
    primo = _collegamento()
    client.post(reverse("enti:invito_rimanda", args=[_tutti()[0].uuid]))

    assert RegistroClient().get(primo).status_code == 404
    assert RegistroClient().get(_collegamento()).status_code == 200


def test_annullare_spegne_il_collegamento(client, referente):
    client.post(INVITA, {"email": EMAIL, "ruolo": "operatore"})
    client.post(reverse("enti:invito_annulla", args=[_tutti()[0].uuid]))

    assert RegistroClient().get(_collegamento()).status_code == 404


def test_un_invito_accettato_non_si_annulla(client, referente):
    fatto = invito(ente=referente.ente, accettato_il=timezone.now())

    risposta = client.post(reverse("enti:invito_annulla", args=[fatto.uuid]), follow=True)

    assert "non aspetta più" in risposta.content.decode()
    assert riletto(fatto).annullato_il is None


def test_chi_ha_gia_un_account_accede_e_poi_accetta(client):
    aperto = invito()
    utente = UtenteFactory(email=EMAIL, password=PASSWORD)

    prima = client.get(_pagina()).content.decode()
    client.post(reverse("enti:accedi"), {"username": EMAIL, "password": PASSWORD})
    risposta = client.post(_pagina())

    assert "password1" not in prima
    assert risposta.url == reverse("prestazioni:registra")
    assert [a.ente for a in tutte_di(utente)] == [aperto.ente]


def test_chi_ha_un_account_non_ne_riceve_un_altro_mandando_il_modulo(client):
    invito()
    utente = UtenteFactory(email=EMAIL, password=PASSWORD)

    client.post(
        _pagina(), NUOVO | {"password1": "tutt-altra-frase", "password2": "tutt-altra-frase"}
    )

    utente.refresh_from_db()
    assert utente.check_password(PASSWORD)
    assert tutte_di(utente) == []


def test_un_altro_utente_col_collegamento_non_entra(client):
    aperto = invito()
    altro = attore()

    risposta = client.entra(altro).post(_pagina())

    assert "un altro indirizzo" in risposta.content.decode()
    assert EMAIL not in risposta.content.decode()
    assert aperto.ente not in [a.ente for a in tutte_di(altro.utente)]


def test_chi_fa_gia_parte_dell_ente_lo_legge(client):
    gia = attore()
    invito(ente=gia.ente, email=gia.utente.email)

    risposta = client.entra(gia).post(_pagina())

    assert risposta.status_code == 422
    assert "Fai già parte di questo ente" in risposta.content.decode()


@pytest.mark.parametrize(
    ("cambio", "frase"),
    [
        ({"password1": "corta", "password2": "corta"}, "15"),
        ({"password2": "un-altra-frase-ancora"}, "password"),
        ({"nome": ""}, "Scrivi il tuo nome."),
    ],
)
def test_un_account_sbagliato_si_corregge_senza_perdere_l_invito(client, cambio, frase):
    invito()

    risposta = client.post(_pagina(), NUOVO | cambio)

    assert risposta.status_code == 422
    assert frase in risposta.content.decode()
    assert PASSWORD not in risposta.content.decode()
    assert client.get(_pagina()).status_code == 200


def test_chiudendo_chi_ha_invitato_cadono_i_suoi_inviti(client, referente):
    uscente = collega(referente.ente, Ruolo.REFERENTE)
    suo = invito(ente=referente.ente, invitato_da=uscente.utente)

    client.post(reverse("enti:utente_chiudi", args=[uscente.uuid]), {"quando": "adesso"})

    assert riletto(suo).annullato_il is not None


def test_una_password_corta_si_rifiuta_in_italiano(client, referente):
    client.post(INVITA, {"email": EMAIL, "ruolo": "operatore"})
    corta = {"password1": "corta", "password2": "corta"}

    risposta = RegistroClient().post(_collegamento(), NUOVO | corta)

    assert risposta.status_code == 422
    assert "La password è troppo corta: servono almeno 15 segni." in risposta.content.decode()


def test_un_modulo_sbagliato_non_scrive_il_gettone_nei_registri(client, referente, caplog):
    client.post(INVITA, {"email": EMAIL, "ruolo": "operatore"})
    gettone = _collegamento().strip("/").split("/")[-1]
    formatta = SenzaDatiFormatter("{message}", style="{")

    RegistroClient().post(_collegamento(), NUOVO | {"nome": ""})
    scritte = [formatta.format(voce) for voce in caplog.records]

    assert any("Unprocessable Entity: /invito/…" in voce for voce in scritte)
    assert all(gettone not in voce for voce in scritte)
