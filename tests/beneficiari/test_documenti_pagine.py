"""Le pagine dei documenti: chiedere, seguire, ritirare. Ogni consegna ricontrolla tutto."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiari import tasks
from beneficiari.documenti import Composto
from beneficiari.models import Affidamento, DocumentoDiPersona
from enti.models import Appartenenza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from tests.beneficiari.documenti_di_prova import file_di, prepara, riletto
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    IdentificativoFactory,
    InformativaFactory,
    NotaFactory,
    RecapitoFactory,
    RevocaConsensoFactory,
    come,
)


pytestmark = pytest.mark.django_db

Stato = DocumentoDiPersona.Stato


@pytest.fixture(autouse=True)
def cartella(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "documenti"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def subito(monkeypatch):
    """La coda è un elenco, e stampare vuol dire copiare l'HTML: qui si guardano le pagine."""
    monkeypatch.setattr(tasks.prepara_documento, "apply_async", lambda **_: None)
    monkeypatch.setattr(Composto, "contenuto", lambda self, **_: self.byte or self.html.encode())


@pytest.fixture
def persona(db):
    return BeneficiarioFactory(cognome="Ferrero")


@pytest.fixture
def referente(persona):
    return attore(Ruolo.REFERENTE, ente=persona.ente)


def _ultimo(chi) -> DocumentoDiPersona:
    with come(chi):
        return DocumentoDiPersona.objects.di(chi.utente, chi.ente).first()


def _file(documento) -> str:
    return reverse("beneficiari:documento_scarica", args=[documento.uuid])


def _pronto(client, chi, indirizzo, dati=None) -> DocumentoDiPersona:
    """Chiede un documento dalla pagina, lo prepara e lo rende pronto."""
    risposta = client.entra(chi).post(indirizzo, dati or {})
    assert risposta.status_code == 302
    documento = _ultimo(chi)
    prepara(documento)
    return riletto(documento, chi)


def _scheda_pronta(client, chi, persona) -> DocumentoDiPersona:
    indirizzo = reverse("beneficiari:documenti", args=[persona.uuid])
    return _pronto(client, chi, indirizzo, {"tipo": "scheda"})


def _condivisa_pronta(client, persona):
    chi = attore(Ruolo.OPERATORE)
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=chi.ente)
    indirizzo = reverse("beneficiari:stampa_condivisa", args=[concessa.uuid])
    return chi, concessa, _pronto(client, chi, indirizzo)


def test_si_chiede_si_aspetta_e_si_scarica(client, persona, referente, htmx):
    pagina = reverse("beneficiari:documenti", args=[persona.uuid])
    client.entra(referente)
    risposta = client.post(pagina, {"tipo": "scheda"})
    documento = _ultimo(referente)
    seguita = reverse("beneficiari:documento", args=[documento.uuid])

    assert risposta.url == seguita
    assert client.get(seguita, **htmx).status_code == 200
    prepara(documento)
    assert client.get(seguita, **htmx).status_code == 286
    scaricato = client.get(_file(documento))

    assert scaricato.status_code == 200
    assert scaricato["Content-Disposition"] == 'attachment; filename="i-tuoi-dati.pdf"'
    assert "no-store" in scaricato["Cache-Control"]
    assert b"Ferrero" in scaricato.content


def test_aspettare_un_file_non_e_leggere_la_persona_ritirarlo_si(client, persona, referente, htmx):
    documento = _scheda_pronta(client, referente, persona)
    with come(referente):
        prima = RegistroAccessi.objects.della_persona(persona.pk).count()

    client.get(reverse("beneficiari:documento", args=[documento.uuid]))
    client.get(reverse("beneficiari:documento", args=[documento.uuid]), **htmx)
    with come(referente):
        assert RegistroAccessi.objects.della_persona(persona.pk).count() == prima
    client.get(_file(documento))

    with come(referente):
        lettura = RegistroAccessi.objects.della_persona(persona.pk)[0]
    assert (lettura.pagina, lettura.uscita) == ("beneficiari:documento_scarica", "pdf")
    assert set(documento.gruppi) <= set(lettura.gruppi)


def test_il_modulo_si_chiede_per_una_versione_in_uso(client, persona, referente):
    pagina = reverse("beneficiari:documenti", args=[persona.uuid])
    in_uso = InformativaFactory(ente=persona.ente)
    ritirata = InformativaFactory(ente=persona.ente, ritirata_il=timezone.localdate())
    client.entra(referente)

    rifiutata = client.post(pagina, {"informativa": ritirata.uuid})
    accolta = client.post(pagina, {"informativa": in_uso.uuid})

    assert rifiutata.status_code == 422
    assert "non è più in uso" in rifiutata.content.decode()
    assert accolta.status_code == 302
    assert _ultimo(referente).informativa_id == in_uso.pk


def test_il_modulo_in_bianco_e_di_una_propria_informativa(client, referente):
    propria = InformativaFactory(ente=referente.ente)
    altrui = InformativaFactory()
    client.entra(referente)

    indirizzi = [
        reverse("beneficiari:modulo_in_bianco", args=[uuid])
        for uuid in (propria.uuid, altrui.uuid, uuid4())
    ]
    assert [client.post(indirizzo).status_code for indirizzo in indirizzi] == [302, 404, 404]


def test_un_documento_di_altri_e_come_uno_che_non_c_e(client, persona, referente):
    documento = _scheda_pronta(client, referente, persona)
    for chi in (attore(Ruolo.REFERENTE, ente=persona.ente), attore(Ruolo.OPERATORE)):
        client.entra(chi)
        for nome in ("beneficiari:documento", "beneficiari:documento_scarica"):
            for uuid in (documento.uuid, uuid4()):
                assert client.get(reverse(nome, args=[uuid])).status_code == 404
    assert file_di(documento).is_file()


def test_la_revoca_chiude_il_collegamento_e_distrugge_il_file(client, persona):
    chi, concessa, documento = _condivisa_pronta(client, persona)
    assert client.get(_file(documento)).status_code == 200

    RevocaConsensoFactory(consenso=concessa.consenso)
    risposta = client.get(_file(documento))

    assert risposta.status_code == 404
    assert b"Ferrero" not in risposta.content
    assert not file_di(documento).exists()
    assert riletto(documento, chi).stato == Stato.DISTRUTTO
    assert client.get(_file(documento)).status_code == 404


def test_ritirare_un_foglio_condiviso_lo_dice_all_ente_che_condivide(client, persona):
    _, concessa, documento = _condivisa_pronta(client, persona)

    client.get(_file(documento))

    with come(attore(Ruolo.REFERENTE, ente=persona.ente)):
        lettura = RegistroAccessi.objects.della_persona(persona.pk)[0]
    assert (lettura.ente_id, lettura.finalita) == (concessa.destinatario_id, concessa.finalita)


def test_una_condivisione_caduta_o_di_altri_non_si_stampa(client, persona):
    chi = attore(Ruolo.OPERATORE)
    sintesi = AutorizzazioneFactory(
        beneficiario=persona, destinatario=chi.ente, livello="sintesi", gruppi=["bisogni"]
    )
    altrui = AutorizzazioneFactory(beneficiario=persona)
    caduta = AutorizzazioneFactory(beneficiario=persona, destinatario=chi.ente)
    RevocaConsensoFactory(consenso=caduta.consenso)
    client.entra(chi)

    for concessa in (sintesi, altrui, caduta):
        indirizzo = reverse("beneficiari:stampa_condivisa", args=[concessa.uuid])
        assert client.post(indirizzo).status_code == 404


def test_chi_ha_perso_i_dati_sensibili_non_ritira_il_foglio_che_li_ha(client, persona):
    NotaFactory(beneficiario=persona)
    chi = attore(Ruolo.OPERATORE, ente=persona.ente)
    with come(chi):
        Affidamento.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            utente=chi.utente,
            tipo="aperto",
            motivo="Sostituisco la collega in ferie.",
            al=timezone.now() + timedelta(hours=1),
        )
    documento = _scheda_pronta(client, chi, persona)
    assert client.get(_file(documento)).status_code == 200

    with come(chi):
        Affidamento.objects.filter(utente=chi.utente).update(al=timezone.now())

    assert client.get(_file(documento)).status_code == 404
    assert not file_di(documento).exists()


def test_chi_cambia_ruolo_non_ritira_l_elenco(client, persona, referente):
    documento = _pronto(client, referente, reverse("beneficiari:esportazione"))
    assert client.get(_file(documento)).status_code == 200
    with come_sistema(persona.ente):
        Appartenenza.objects.filter(utente=referente.utente).update(ruolo=Ruolo.OPERATORE)

    assert client.get(_file(documento)).status_code == 404
    assert not file_di(documento).exists()


def test_un_file_scaduto_non_si_consegna(client, persona, referente):
    documento = _scheda_pronta(client, referente, persona)
    with come(referente):
        DocumentoDiPersona.objects.update(scade_il=timezone.now())

    assert client.get(_file(documento)).status_code == 404
    assert not file_di(documento).exists()
    pagina = client.get(reverse("beneficiari:documento", args=[documento.uuid])).content.decode()
    assert "Il documento non c'è più" in pagina


@pytest.mark.parametrize(
    ("formato", "estensione", "comincia"),
    [("xlsx", "xlsx", b"PK"), ("csv", "csv", b"\xef\xbb\xbf")],
)
def test_l_elenco_si_ritira_in_excel_e_in_csv(
    client, persona, referente, formato, estensione, comincia
):
    IdentificativoFactory(beneficiario=persona)
    RecapitoFactory(beneficiario=persona, valore="Via Inventata 7")
    indirizzo = reverse("beneficiari:esportazione")

    documento = _pronto(client, referente, indirizzo, {"formato": formato})
    scaricato = client.get(_file(documento))

    nome = f'attachment; filename="elenco-delle-persone.{estensione}"'
    assert scaricato["Content-Disposition"] == nome
    assert scaricato.content.startswith(comincia)
    assert indirizzo in client.get(reverse("beneficiari:elenco")).text
    if formato == "csv":
        testo = scaricato.content.decode("utf-8-sig")
        (riga,) = csv.DictReader(io.StringIO(testo), delimiter=";")
        assert (riga["Ente"], riga["Cognome"]) == (referente.ente.denominazione, "Ferrero")
        assert not any(dato in testo for dato in ("RSSMRA80A01A182N", "Via Inventata"))


def test_un_operatore_non_esporta_l_elenco(client, persona):
    client.entra(attore(Ruolo.OPERATORE, ente=persona.ente))

    assert client.get(reverse("beneficiari:esportazione")).status_code == 403
    assert client.post(reverse("beneficiari:esportazione")).status_code == 403


def test_la_pagina_delle_stampe_elenca_i_miei_fogli_e_non_nomina_nel_titolo(
    client, persona, referente
):
    _scheda_pronta(client, referente, persona)

    pagina = client.get(reverse("beneficiari:documenti", args=[persona.uuid])).content.decode()

    assert "Scheda della persona" in pagina
    assert "Ferrero" not in pagina[pagina.index("<title>") : pagina.index("</title>")]
