"""Con la coda ferma: ciò che cambia in un account si dice lo stesso, e subito."""

import pytest
from django.core import mail
from django.urls import reverse
from kombu.exceptions import OperationalError as CodaIrraggiungibile

from enti import tasks
from enti.models import RipristinoFattore
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.celery import applicazione
from registro.comune import posta
from tests.enti.accessi_di_prova import con_l_app, persona
from tests.fabbriche import attore


pytestmark = pytest.mark.django_db

BUONA = "tre gatti sul tetto rosso"
LAVORI = (
    tasks.spedisci_ripristino,
    tasks.avvisa_password_cambiata,
    tasks.avvisa_fattore_cambiato,
    tasks.avvisa_dei_tentativi,
    tasks.avvisa_fattore_perso,
    tasks.avvisa_fattore_azzerato,
)


@pytest.fixture(autouse=True)
def _coda_ferma(monkeypatch):
    def ferma(**_):
        raise CodaIrraggiungibile("connessione rifiutata")

    for lavoro in LAVORI:
        monkeypatch.setattr(lavoro, "apply_async", ferma)


@pytest.fixture
def irene():
    chi = persona(email="irene@ente.example", nome="Irene", cognome="Villa")
    con_l_app(chi.utente)
    return chi


def _azzera(client, irene):
    referente = attore(Ruolo.REFERENTE, ente=irene.ente)
    with come_sistema():
        voce = irene.utente.appartenenze.get()
    risposta = client.entra(referente).post(reverse("enti:utente_fattore", args=[voce.uuid]))
    return referente, risposta


def test_dell_azzeramento_lo_sanno_la_persona_e_chi_cura_gli_utenti(client, irene):
    referente, risposta = _azzera(client, irene)

    assert risposta.status_code == 200
    assert [m.to for m in mail.outbox] == [["irene@ente.example"], [referente.utente.email]]


def test_della_password_cambiata_lo_sa_la_persona(client):
    chi = persona(Ruolo.REFERENTE)

    client.entra(chi).post(
        reverse("enti:password_cambia"), {"password1": BUONA, "password2": BUONA}
    )

    assert [m.to for m in mail.outbox] == [[chi.utente.email]]
    assert mail.outbox[0].subject == "La tua password del Registro è cambiata"


def test_senza_coda_e_senza_posta_il_gesto_resta_e_nei_registri_non_c_e_chi(
    client, irene, monkeypatch, caplog
):
    def guasta(*_, **__):
        raise OSError("irene@ente.example")

    monkeypatch.setattr("registro.comune.posta.send_mail", guasta)

    _, risposta = _azzera(client, irene)

    assert risposta.status_code == 200
    assert "Posta «azzerato»: un messaggio non è partito" in caplog.text
    assert "irene" not in caplog.text.lower()


def test_l_azzeramento_che_non_e_partito_si_dice_dopo_e_una_volta_sola(client, irene, monkeypatch):
    """Chi perde l'accesso, e chi cura gli utenti, lo sanno appena la posta torna."""

    def guasto(*_, **__):
        raise OSError

    with monkeypatch.context() as senza_posta:
        senza_posta.setattr("registro.comune.posta.send_mail", guasto)
        referente, _ = _azzera(client, irene)
        tasks.riprova_gli_azzeramenti()
    assert mail.outbox == []

    tasks.riprova_gli_azzeramenti()
    tasks.riprova_gli_azzeramenti()

    assert [m.to for m in mail.outbox] == [["irene@ente.example"], [referente.utente.email]]
    assert applicazione.conf.beat_schedule["riprova-gli-azzeramenti"]["schedule"] <= 60


def test_un_azzeramento_nuovo_si_dice_di_nuovo(client, irene):
    _azzera(client, irene)
    _azzera(client, irene)

    assert [m.to for m in mail.outbox].count(["irene@ente.example"]) == 2


def test_un_lavoro_che_non_riesce_non_rompe_la_pagina_e_si_legge_nei_registri(caplog):
    tasks.sveglia(tasks.avvisa_password_cambiata, utente_id=0)

    assert "Neanche adesso, enti.tasks.avvisa_password_cambiata: DoesNotExist" in caplog.text


def test_chi_chiede_una_password_non_capisce_dal_tempo_se_l_indirizzo_esiste(client, irene):
    """AUTH-05: con la coda ferma non si spedisce niente mentre la pagina aspetta."""
    client.post(reverse("enti:password_dimenticata"), {"email": irene.utente.email})

    assert mail.outbox == []


def test_chi_non_ha_avuto_l_avviso_di_un_azzeramento_lo_riceve_e_gli_altri_una_volta(
    client, irene, monkeypatch
):
    """Uno che l'ha avuto non basta: la persona, e ognuno di chi cura gli utenti, lo sanno."""
    altra = attore(Ruolo.REFERENTE, ente=irene.ente)
    vera, guasti = posta.send_mail, {"irene@ente.example", altra.utente.email}

    def a_meta(oggetto, testo, da, a_chi):
        if guasti & set(a_chi):
            raise OSError
        return vera(oggetto, testo, da, a_chi)

    monkeypatch.setattr(posta, "send_mail", a_meta)
    referente, _ = _azzera(client, irene)
    tasks.riprova_gli_azzeramenti()
    assert [m.to for m in mail.outbox] == [[referente.utente.email]]
    guasti.discard("irene@ente.example")
    tasks.riprova_gli_azzeramenti()
    guasti.clear()

    for _ in range(2):
        tasks.riprova_gli_azzeramenti()

    arrivati = [m.to[0] for m in mail.outbox]
    assert arrivati == [referente.utente.email, "irene@ente.example", altra.utente.email]
    with come_sistema():
        ripristino = RipristinoFattore.objects.get()
    assert ripristino.avvisati_il is not None
