"""Il lavoro del PDF: chiesto una volta, fatto una volta, intero o per niente."""

import errno
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError as CodaIrraggiungibile

from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.comune import deposito
from registro.comune.stampa.motore import Stampato
from registro.db.contesto import contesto
from report import tasks
from report.azioni.documenti import richiedi_pdf
from report.models import DocumentoRapporto, Rapporto
from tests.fabbriche import EnteFactory, ProgettoFactory, attore, ente_del_coordinamento


pytestmark = pytest.mark.django_db

BYTE = b"%PDF-1.7 prova"
Stato = DocumentoRapporto.Stato


@pytest.fixture(autouse=True)
def cartella(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "documenti"
    return settings.MEDIA_ROOT


@pytest.fixture
def rapporto() -> Rapporto:
    ente = ente_del_coordinamento()
    with come_sistema(ente):
        rapporto = Rapporto.objects.create(
            ente=ente, progetto=ProgettoFactory(slug="prova"), edizione=1, titolo="Rapporto"
        )
        rapporto.stato = Rapporto.Stato.PUBBLICATO
        rapporto.pubblicato_il, rapporto.impronta = timezone.now(), "a" * 64
        rapporto.save()
    return rapporto


@pytest.fixture
def composizioni(monkeypatch) -> list:
    """Sostituisce la stampa, lenta, con tre byte e due passi; rende le volte che si è composto."""
    fatte = []

    def componi(contenuto, progresso):
        fatte.append(contenuto)
        progresso(40)
        progresso(90)
        return Stampato(contenuto=BYTE, pagine=3)

    monkeypatch.setattr(tasks, "contenuto_dell_edizione", lambda rapporto: rapporto.titolo)
    monkeypatch.setattr(tasks, "pdf_del_rapporto", componi)
    return fatte


@pytest.fixture
def in_coda(monkeypatch) -> list:
    """I messaggi che andrebbero alla coda."""
    messaggi = []
    monkeypatch.setattr(
        tasks.prepara_pdf, "apply_async", lambda **opzioni: messaggi.append(opzioni)
    )
    return messaggi


def _chiedi(rapporto, **altro) -> DocumentoRapporto:
    chi = attore(Ruolo.AMMINISTRATORE, ente=rapporto.ente)
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        return richiedi_pdf(rapporto=rapporto, da=chi, **altro)


def _lavora(documento, lavoro="messaggio-1") -> DocumentoRapporto:
    tasks.prepara_pdf.apply(
        kwargs={"documento_id": documento.pk, "ente_id": documento.ente_id}, task_id=lavoro
    )
    return _riletto(documento)


def _riletto(documento) -> DocumentoRapporto:
    with come_sistema(documento.ente):
        return DocumentoRapporto.objects.get(pk=documento.pk)


def _scrivi(documento, **campi) -> None:
    with come_sistema(documento.ente):
        DocumentoRapporto.objects.filter(pk=documento.pk).update(**campi)


def test_la_richiesta_va_in_coda_solo_dopo_la_conferma(
    rapporto, in_coda, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        documento = _chiedi(rapporto)
        assert in_coda == []

    assert documento.stato == Stato.IN_CODA
    assert [messaggio["kwargs"]["documento_id"] for messaggio in in_coda] == [documento.pk]


def test_chiederlo_due_volte_e_chiederlo_una(
    rapporto, in_coda, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        primo, secondo = _chiedi(rapporto), _chiedi(rapporto, rifai=True)

    assert primo == secondo
    assert len(in_coda) == 1


def test_un_pdf_pronto_si_offre_e_si_rifa_solo_a_richiesta(rapporto, composizioni):
    pronto = _lavora(_chiedi(rapporto))

    assert _chiedi(rapporto) == pronto
    assert _chiedi(rapporto, rifai=True) != pronto


def test_un_pdf_di_un_altro_contenuto_non_si_offre(rapporto, composizioni):
    pronto = _lavora(_chiedi(rapporto))
    _scrivi(pronto, impronta_contenuto="")

    assert _chiedi(rapporto) != pronto


@pytest.mark.parametrize("ruolo", [Ruolo.REFERENTE, Ruolo.OPERATORE, Ruolo.GARANTE])
def test_lo_chiede_solo_chi_prepara_il_rapporto(rapporto, ruolo):
    with pytest.raises(PermissionDenied):
        richiedi_pdf(rapporto=rapporto, da=attore(ruolo, ente=rapporto.ente))


def test_non_lo_chiede_chi_coordina_per_conto_di_un_altro_ente(rapporto):
    with pytest.raises(PermissionDenied):
        richiedi_pdf(rapporto=rapporto, da=attore(Ruolo.COORDINATORE, ente=EnteFactory()))


def test_il_lavoro_lascia_un_file_intero_e_ne_dice_pagine_e_impronta(
    rapporto, composizioni, cartella
):
    documento = _lavora(_chiedi(rapporto))

    assert documento.stato == Stato.PRONTO
    assert (documento.pagine, documento.byte, documento.avanzamento) == (3, len(BYTE), 100)
    assert documento.impronta == hashlib.sha256(BYTE).hexdigest()
    assert [file.name for file in cartella.iterdir()] == [documento.file]
    assert (cartella / documento.file).read_bytes() == BYTE
    assert (cartella / documento.file).stat().st_mode & 0o077 == 0


def test_un_lavoro_gia_fatto_non_si_rifa(rapporto, composizioni):
    documento = _lavora(_chiedi(rapporto))

    assert _lavora(documento, "messaggio-2") == _lavora(documento, "messaggio-1")
    assert len(composizioni) == 1


def test_il_messaggio_riconsegnato_riprende_il_suo_lavoro(rapporto, composizioni, cartella):
    """È ciò che resta quando un lavoratore è ucciso: riga presa, file a metà."""
    documento = _chiedi(rapporto)
    _scrivi(documento, stato=Stato.IN_LAVORAZIONE, tentativi=1, lavoro="messaggio-1")
    cartella.mkdir()
    (cartella / f".{documento.uuid}.1.parte").write_bytes(b"%PDF-1.7 a me")

    documento = _lavora(documento, "messaggio-1")

    assert documento.stato == Stato.PRONTO
    assert documento.tentativi == 2
    assert [file.name for file in cartella.iterdir()] == [documento.file]


def test_un_altro_messaggio_non_tocca_cio_che_si_sta_lavorando(rapporto, composizioni):
    documento = _chiedi(rapporto)
    _scrivi(documento, stato=Stato.IN_LAVORAZIONE, tentativi=1, lavoro="messaggio-1")

    documento = _lavora(documento, "messaggio-2")

    assert documento.stato == Stato.IN_LAVORAZIONE
    assert composizioni == []


def test_chi_ha_perso_la_riga_non_ci_scrive_piu(rapporto, composizioni, cartella, monkeypatch):
    documento = _chiedi(rapporto)

    def componi(contenuto, progresso):
        _scrivi(documento, tentativi=2, lavoro="messaggio-2", avanzamento=70)
        progresso(90)
        raise AssertionError("doveva fermarsi")

    monkeypatch.setattr(tasks, "pdf_del_rapporto", componi)
    documento = _lavora(documento, "messaggio-1")

    assert (documento.stato, documento.avanzamento) == (Stato.IN_LAVORAZIONE, 70)
    assert not cartella.exists()


def _guasta(monkeypatch, errore):
    def componi(contenuto, progresso):
        raise errore

    monkeypatch.setattr(tasks, "pdf_del_rapporto", componi)


def test_un_guasto_si_riprova_e_alla_terza_volta_si_dice(
    rapporto, composizioni, in_coda, cartella, monkeypatch
):
    _guasta(monkeypatch, RuntimeError("si è rotto"))
    documento = _chiedi(rapporto)

    stati = [_lavora(documento, f"messaggio-{volta}").stato for volta in range(3)]
    documento = _riletto(documento)

    assert stati == [Stato.IN_CODA, Stato.IN_CODA, Stato.FALLITO]
    assert len(in_coda) == 2
    assert "si è interrotta 3 volte" in documento.errore
    assert "si è rotto" not in documento.errore
    assert not cartella.exists()


def test_dopo_un_fallimento_si_puo_chiedere_di_nuovo(rapporto, composizioni, in_coda, monkeypatch):
    _guasta(monkeypatch, RuntimeError)
    fallito = _chiedi(rapporto)
    for volta in range(3):
        _lavora(fallito, f"messaggio-{volta}")

    assert _chiedi(rapporto) != fallito


def test_un_disco_pieno_non_lascia_niente_a_meta(
    rapporto, composizioni, in_coda, cartella, monkeypatch
):
    def piena(descrittore):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(deposito.os, "fsync", piena)
    documento = _chiedi(rapporto)
    for volta in range(3):
        documento = _lavora(documento, f"messaggio-{volta}")

    assert documento.stato == Stato.FALLITO
    assert "Sul disco non c'è posto" in documento.errore
    assert list(cartella.iterdir()) == []


def test_chi_muore_sempre_prima_di_dire_perche_alla_fine_si_ferma(rapporto, composizioni):
    documento = _chiedi(rapporto)
    _scrivi(documento, stato=Stato.IN_LAVORAZIONE, tentativi=3, lavoro="messaggio-1")

    documento = _lavora(documento, "messaggio-1")

    assert documento.stato == Stato.FALLITO
    assert documento.errore
    assert composizioni == []


def test_si_rimette_in_coda_solo_cio_di_cui_non_si_sa_piu_nulla(rapporto, in_coda):
    documento = _chiedi(rapporto)
    vecchio = timezone.now() - tasks.SILENZIO - timedelta(seconds=1)
    _scrivi(
        documento,
        stato=Stato.IN_LAVORAZIONE,
        tentativi=1,
        lavoro="perduto",
        segno_di_vita=timezone.now(),
    )

    tasks.riprendi_documenti()
    assert in_coda == []
    _scrivi(documento, segno_di_vita=vecchio)
    tasks.riprendi_documenti()
    tasks.riprendi_documenti()

    assert len(in_coda) == 1
    assert _riletto(documento).stato == Stato.IN_CODA


def test_una_richiesta_il_cui_messaggio_si_e_perso_riparte(rapporto, in_coda, composizioni):
    documento = _chiedi(rapporto)
    _scrivi(documento, richiesto_il=timezone.now() - tasks.SILENZIO - timedelta(seconds=1))

    tasks.riprendi_documenti()

    assert in_coda[0]["kwargs"] == {"documento_id": documento.pk, "ente_id": documento.ente_id}
    assert _lavora(documento).stato == Stato.PRONTO


def test_se_la_coda_e_ferma_la_pagina_risponde_e_la_richiesta_resta(
    client, rapporto, composizioni, monkeypatch
):
    def ferma(**opzioni):
        raise CodaIrraggiungibile("connessione rifiutata")

    monkeypatch.setattr(tasks.prepara_pdf, "apply_async", ferma)
    monkeypatch.setattr("report.views.edizione.contenuto_dell_edizione", lambda rapporto: None)
    client.entra(attore(Ruolo.AMMINISTRATORE, ente=rapporto.ente))

    risposta = client.post(reverse("report:pdf_prepara", args=["prova", 1]))

    with come_sistema(rapporto.ente):
        documento = DocumentoRapporto.objects.get()
    assert risposta.url == reverse("report:pdf_stato", args=[documento.uuid])
    assert "aspetta il suo turno" in client.get(risposta.url).content.decode()


def test_la_pagina_segue_il_lavoro_e_smette_di_chiedere_quando_e_finito(
    client, rapporto, composizioni, htmx
):
    documento = _chiedi(rapporto)
    _scrivi(documento, stato=Stato.IN_LAVORAZIONE, tentativi=1, lavoro="uno", avanzamento=40)
    client.entra(attore(Ruolo.COORDINATORE, ente=rapporto.ente))
    indirizzo = reverse("report:pdf_stato", args=[documento.uuid])

    durante = client.get(indirizzo, **htmx)
    _lavora(documento, "uno")
    alla_fine = client.get(indirizzo, **htmx)

    assert durante.status_code == 200
    assert 'value="40"' in durante.content.decode()
    assert "<html" not in durante.content.decode()
    assert alla_fine.status_code == 286
    assert reverse("report:pdf_scarica", args=[documento.uuid]) in alla_fine.content.decode()


def test_senza_javascript_la_pagina_si_aggiorna_con_un_collegamento(client, rapporto):
    documento = _chiedi(rapporto)
    client.entra(attore(Ruolo.AMMINISTRATORE, ente=rapporto.ente))

    testo = client.get(reverse("report:pdf_stato", args=[documento.uuid])).content.decode()

    assert "<html" in testo
    assert "Aggiorna" in testo


def test_il_pdf_pronto_lo_scarica_ogni_ente_come_allegato(client, rapporto, composizioni):
    documento = _lavora(_chiedi(rapporto))
    client.entra(attore(Ruolo.INVIANTE))

    risposta = client.get(reverse("report:pdf_scarica", args=[documento.uuid]))

    assert b"".join(risposta.streaming_content) == BYTE
    assert risposta["Content-Type"] == "application/pdf"
    nome = "rapporto-prova-edizione-1.pdf"
    assert risposta["Content-Disposition"] == f'attachment; filename="{nome}"'
    assert "no-store" in risposta["Cache-Control"]


def test_chi_non_e_entrato_non_scarica(client, rapporto, composizioni):
    documento = _lavora(_chiedi(rapporto))

    assert client.get(reverse("report:pdf_scarica", args=[documento.uuid])).status_code == 302


def test_la_richiesta_in_corso_di_altri_non_si_vede(client, rapporto):
    documento = _chiedi(rapporto)
    client.entra(attore(Ruolo.REFERENTE))

    for nome in ("report:pdf_stato", "report:pdf_scarica"):
        assert client.get(reverse(nome, args=[documento.uuid])).status_code == 404


def test_se_il_file_e_sparito_si_dice_e_si_puo_rifare(client, rapporto, composizioni, cartella):
    documento = _lavora(_chiedi(rapporto))
    (cartella / documento.file).unlink()
    client.entra(attore(Ruolo.AMMINISTRATORE, ente=rapporto.ente))

    risposta = client.get(reverse("report:pdf_scarica", args=[documento.uuid]))

    assert risposta.url == reverse("report:rapporto", args=["prova", 1])
