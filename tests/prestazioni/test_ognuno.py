"""In «Correggi»: l'appunto riservato, e quanto c'è stato ciascuno."""

import pytest
from django.urls import reverse

from prestazioni.models import Affiancamento, NotaDiPrestazione, Partecipazione
from tests.fabbriche import attore
from tests.fabbriche_persone import come
from tests.prestazioni.registrare import REGISTRA, righe, scritto


pytestmark = pytest.mark.django_db


@pytest.fixture
def con_appunto(entrato, chi, presa, servizio):
    """Una riga da un'ora, col suo appunto, e l'indirizzo per correggerla."""
    entrato.post(REGISTRA, scritto(presa, servizio, durata="60", nota="Torna a marzo."))
    riga = righe(chi)[0]
    return riga, reverse("prestazioni:correggi", args=[riga.uuid])


def _rimandato(riga, presa, servizio, **altro) -> dict:
    return scritto(presa, servizio, durata="60", uuid=str(riga.uuid), versione="1") | altro


def _appunto(presa) -> str:
    return f"appunto-{presa.beneficiario_id}"


def _nota(chi) -> NotaDiPrestazione | None:
    with come(chi):
        return NotaDiPrestazione.objects.first()


def test_l_appunto_si_riscrive_e_resta_cifrato(entrato, chi, presa, servizio, con_appunto):
    riga, indirizzo = con_appunto
    assert "Torna a marzo." in entrato.get(indirizzo).content.decode()

    dati = _rimandato(riga, presa, servizio, **{_appunto(presa): "Torna ad aprile."})
    assert entrato.post(indirizzo, dati).status_code == 302

    nota = _nota(chi)
    assert nota.testo == "Torna ad aprile."
    assert b"aprile" not in bytes(nota.testo_cifrato)
    assert nota.scritta_da == chi.utente


def test_un_appunto_vuoto_si_toglie_e_se_ne_scrive_uno_nuovo(
    entrato, chi, presa, servizio, con_appunto
):
    riga, indirizzo = con_appunto
    dati = _rimandato(riga, presa, servizio)

    entrato.post(indirizzo, dati | {_appunto(presa): "  "})
    assert _nota(chi) is None

    entrato.post(indirizzo, dati | {_appunto(presa): "Un altro.", "versione": "2"})
    assert _nota(chi).testo == "Un altro."


def test_una_pagina_che_non_manda_l_appunto_lo_lascia_com_e(
    entrato, chi, presa, servizio, con_appunto
):
    riga, indirizzo = con_appunto

    entrato.post(indirizzo, _rimandato(riga, presa, servizio))

    assert _nota(chi).testo == "Torna a marzo."


def test_il_referente_corregge_la_riga_e_non_l_appunto_di_chi_l_ha_scritto(
    client, chi, presa, servizio, con_appunto
):
    riga, indirizzo = con_appunto
    referente = client.entra(attore("referente", ente=chi.ente))

    pagina = referente.get(indirizzo).content.decode()
    dati = _rimandato(riga, presa, servizio, **{_appunto(presa): "Cambiato da me."})
    referente.post(indirizzo, dati)

    assert _appunto(presa) not in pagina
    assert "Torna a marzo." not in pagina
    assert _nota(chi).testo == "Torna a marzo."


def test_se_la_riga_e_cambiata_l_appunto_non_si_scrive(entrato, chi, presa, servizio, con_appunto):
    riga, indirizzo = con_appunto
    dati = _rimandato(riga, presa, servizio, **{_appunto(presa): "Nuovo."}, versione="7")

    assert entrato.post(indirizzo, dati).status_code == 422
    assert _nota(chi).testo == "Torna a marzo."


def test_un_collega_e_una_persona_possono_esserci_stati_meno(
    entrato, chi, presa, servizio, con_appunto
):
    riga, indirizzo = con_appunto
    collega = attore(ente=chi.ente)
    pagina = entrato.get(indirizzo)
    scelto = next(
        k
        for k, utente in pagina.context["form"].fields["affiancano"].utenti.items()
        if utente == collega.utente
    )
    dati = _rimandato(riga, presa, servizio, affiancano=[scelto])
    entrato.post(indirizzo, dati)
    with come(chi):
        presenza = Partecipazione.objects.get()

    quanto = {f"persona-{presenza.pk}": "40'", f"collega-{collega.utente.pk}": "0h30"}
    assert entrato.post(indirizzo, dati | quanto | {"versione": "2"}).status_code == 302

    with come(chi):
        assert Partecipazione.objects.get().minuti == 40
        assert Affiancamento.objects.get().minuti == 30
    # Correggendo altro, restano.
    entrato.post(indirizzo, dati | {"versione": "3", "luogo": "In sede"})
    with come(chi):
        assert Affiancamento.objects.get().minuti == 30
    pagina = entrato.get(reverse("prestazioni:prestazione", args=[riga.uuid]))
    assert "(30 minuti)" in pagina.content.decode().replace("\xa0", " ")


def test_una_durata_che_non_si_capisce_si_dice_e_non_salva(
    entrato, chi, presa, servizio, con_appunto
):
    riga, indirizzo = con_appunto
    with come(chi):
        campo = f"persona-{Partecipazione.objects.get().pk}"

    risposta = entrato.post(indirizzo, _rimandato(riga, presa, servizio, **{campo: "poco"}))

    assert risposta.status_code == 422
    with come(chi):
        assert Partecipazione.objects.get().minuti is None
