"""Le pagine della conservazione: la tabella per tutti, chi è in scadenza per chi ne risponde."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from conservazione import tasks
from conservazione.azioni.regole import cambia_regola
from conservazione.caricamento import carica_durate
from conservazione.models import Corsa, RegolaConservazione, Scadenza
from conservazione.notte import applica_a
from conservazione.views.notti import PER_PAGINA
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, come


pytestmark = pytest.mark.django_db


@pytest.fixture
def tabella(db):
    carica_durate()


def _in_scadenza(ente, **campi) -> Scadenza:
    oggi = timezone.localdate()
    persona = BeneficiarioFactory(ente=ente, **campi)
    with come_sistema(ente):
        return Scadenza.objects.create(
            ente=ente,
            beneficiario=persona,
            regola=RegolaConservazione.objects.get(codice="persone-ferme"),
            evento_il=oggi,
            termine=oggi,
            avvisata_il=oggi,
            scade_il=oggi + datetime.timedelta(30),
        )


@pytest.mark.parametrize("ruolo", list(Ruolo))
def test_la_tabella_la_leggono_tutti(client, tabella, ruolo):
    pagina = client.entra(attore(ruolo)).get(reverse("conservazione:tabella"))

    testo = pagina.content.decode()
    assert pagina.status_code == 200
    assert "5 anni" in testo
    assert "proposte: le conferma" in " ".join(testo.split())
    cambia = reverse("conservazione:regola", args=["persone-ferme"])
    assert (cambia in testo) is (ruolo == Ruolo.AMMINISTRATORE)


def test_senza_tabella_la_pagina_dice_che_niente_si_cancella(client, db):
    pagina = client.entra(attore(Ruolo.OPERATORE)).get(reverse("conservazione:tabella"))

    assert "nessun dato si cancella da sé" in pagina.content.decode()


def test_chi_amministra_cambia_una_durata_e_la_deve_confermare_per_accenderla(client, tabella):
    client.entra(attore(Ruolo.AMMINISTRATORE))
    indirizzo = reverse("conservazione:regola", args=["persone-ferme"])
    dati = {"durata": 6, "unita": "anni", "azione": "anonimizza", "motivo": "x", "tetto": 5}

    rifiutata = client.post(indirizzo, dati | {"accesa": "on", "da_confermare": "on"})
    assert rifiutata.status_code == 422
    assert "da confermare" in rifiutata.content.decode()
    assert client.post(indirizzo, dati | {"accesa": "on"}).status_code == 302

    regola = RegolaConservazione.objects.get(codice="persone-ferme")
    assert (regola.durata, regola.accesa, regola.tetto) == (6, True, 5)


@pytest.mark.parametrize("codice", sorted(RegolaConservazione.DEL_PROGRAMMA))
def test_la_durata_che_decide_il_programma_si_legge_e_non_si_cambia(client, tabella, codice):
    amministra = attore(Ruolo.AMMINISTRATORE)
    client.entra(amministra)
    indirizzo = reverse("conservazione:regola", args=[codice])
    prima = RegolaConservazione.objects.get(codice=codice)

    testo = client.get(indirizzo).content.decode()
    assert prima.durata_in_parole in testo
    assert "Lo decide il programma" in testo
    assert 'name="durata"' not in testo
    dati = {"durata": 99, "unita": "anni", "motivo": "altro motivo"}
    salvata = client.post(indirizzo, dati | {"tetto": 9})
    assert salvata.status_code == 302
    with come(amministra), pytest.raises(ValidationError, match="la decide il programma"):
        cambia_regola(regola=prima, durata=99, da=amministra)

    dopo = RegolaConservazione.objects.get(codice=codice)
    assert (dopo.durata, dopo.unita, dopo.motivo) == (prima.durata, prima.unita, "altro motivo")


def test_chi_e_in_scadenza_si_vede_e_si_rinvia(client, tabella, referente):
    scadenza = _in_scadenza(referente.ente, cognome="Zambelli")
    client.entra(referente)

    pagina = client.get(reverse("conservazione:in_scadenza")).content.decode()
    assert "Zambelli" in pagina
    with come(referente):
        assert RegistroAccessi.objects.filter(beneficiario=scadenza.beneficiario_id).count() == 1
    indirizzo = reverse("conservazione:rinvio", args=[scadenza.beneficiario.uuid])
    al = timezone.localdate() + datetime.timedelta(90)
    corto = client.post(indirizzo, {"al": al.isoformat(), "motivo": "serve"})
    assert (corto.status_code, "20 caratteri" in corto.content.decode()) == (422, True)

    rinviata = client.post(
        indirizzo, {"al": al.isoformat(), "motivo": "causa in corso fino all'udienza"}
    )

    assert rinviata.status_code == 302
    assert "causa in corso" in client.get(reverse("conservazione:in_scadenza")).content.decode()


def test_quella_di_un_altro_ente_non_c_e(client, tabella, referente):
    altrui = _in_scadenza(attore(Ruolo.REFERENTE).ente, cognome="Altrui")
    client.entra(referente)

    assert "Altrui" not in client.get(reverse("conservazione:in_scadenza")).content.decode()
    indirizzo = reverse("conservazione:rinvio", args=[altrui.beneficiario.uuid])
    assert client.get(indirizzo).status_code == 404


def test_le_notti_dicono_quante_e_mai_chi(client, tabella, referente):
    BeneficiarioFactory(
        ente=referente.ente,
        cognome="Zambelli",
        inserito_il=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
    )
    applica_a(referente.ente, prova=True)

    for chi in (referente, attore(Ruolo.AMMINISTRATORE), attore(Ruolo.GARANTE)):
        testo = client.entra(chi).get(reverse("conservazione:notti")).content.decode()
        assert "Solo conti" in testo
        assert "Zambelli" not in testo
    altro = client.entra(attore(Ruolo.REFERENTE)).get(reverse("conservazione:notti"))
    assert "Solo conti" not in altro.content.decode()


def test_una_notte_di_tutta_la_rete_si_sfoglia_fino_in_fondo(client, tabella, referente):
    regola = RegolaConservazione.objects.get(codice="bozze")
    with come_sistema(referente.ente):
        Corsa.objects.bulk_create(
            Corsa(ente=referente.ente, regola=regola, prova=True, arrivate=numero)
            for numero in range(2001, 2001 + 2 * PER_PAGINA)
        )
    client.entra(attore(Ruolo.AMMINISTRATORE))
    indirizzo = reverse("conservazione:notti")

    prima = client.get(indirizzo).content.decode()
    seconda = client.get(indirizzo, {"pagina": 2}).content.decode()

    assert "Pagina 1 di 2" in " ".join(prima.split())
    assert ("2.100" in prima, "2.001" in prima) == (True, False)
    assert ("2.100" in seconda, "2.001" in seconda) == (False, True)


def test_la_prova_mette_in_coda_e_non_tocca(client, tabella, monkeypatch):
    chiesti = []
    monkeypatch.setattr(
        tasks.applica_conservazione, "apply_async", lambda **dati: chiesti.append(dati["kwargs"])
    )
    client.entra(attore(Ruolo.AMMINISTRATORE))

    client.post(reverse("conservazione:prova"))

    assert chiesti == [{"prova": True}]
