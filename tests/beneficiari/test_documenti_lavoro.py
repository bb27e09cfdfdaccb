"""Il lavoro dei documenti: agisce come chi l'ha chiesto, finisce una volta, e ciò che cade sparisce."""

import errno
import hashlib
import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from kombu.exceptions import OperationalError as CodaIrraggiungibile

from beneficiari import tasks
from beneficiari.azioni import documenti as azioni
from beneficiari.documenti import NON_PIU_PERMESSO, Composto
from beneficiari.models import DocumentoDiPersona
from enti.models import Appartenenza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from registro.comune import deposito
from tests.beneficiari.documenti_di_prova import contenuto_di, file_di, prepara, riletto
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    InformativaFactory,
    NotaFactory,
    PresaInCaricoFactory,
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
def in_coda(monkeypatch) -> list:
    """I messaggi mandati al lavoratore, nell'ordine."""
    messaggi = []
    monkeypatch.setattr(
        tasks.prepara_documento, "apply_async", lambda **opzioni: messaggi.append(opzioni)
    )
    return messaggi


@pytest.fixture
def svelto(monkeypatch):
    """Stampare costa un secondo: dove non si guarda il PDF se ne fa a meno."""
    monkeypatch.setattr(Composto, "contenuto", lambda self, **_: self.byte or self.html.encode())


@pytest.fixture
def persona(db):
    return BeneficiarioFactory(cognome="Ferrero")


@pytest.fixture
def referente(persona):
    return attore(Ruolo.REFERENTE, ente=persona.ente)


def _chiedi(chi, azione, **campi):
    with come(chi):
        return azione(da=chi, **campi)


def _condivisa(persona, altro):
    """Un'autorizzazione ricevuta da `altro` e il suo foglio, chiesto e non ancora preparato."""
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)
    documento = _chiedi(altro, azioni.richiedi_condivisa, condivisione=concessa.uuid)
    return concessa, documento


def _nomi(documento) -> set[str]:
    libro = openpyxl.load_workbook(io.BytesIO(contenuto_di(documento)))
    return {str(cella.value) for foglio in libro for riga in foglio.iter_rows() for cella in riga}


def test_il_messaggio_parte_dopo_la_conferma_e_ha_solo_numeri(
    persona, referente, in_coda, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
        assert in_coda == []

    assert in_coda[0]["kwargs"] == {
        "documento_id": documento.pk,
        "utente_id": referente.utente.pk,
        "ente_id": referente.ente.pk,
    }


def test_con_la_coda_ferma_la_richiesta_resta_in_tabella(persona, referente, monkeypatch, caplog):
    def ferma(**_):
        raise CodaIrraggiungibile

    monkeypatch.setattr(tasks.prepara_documento, "apply_async", ferma)
    tasks.metti_in_coda(documento_id=7, utente_id=1, ente_id=1)

    assert "documento 7 aspetta in tabella" in caplog.text


def test_un_documento_pronto_ha_un_nome_opaco_e_la_sua_impronta(persona, referente, cartella):
    documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)

    prepara(documento)

    pronto = riletto(documento, referente)
    assert (pronto.stato, pronto.tentativi) == (Stato.PRONTO, 1)
    assert [file.name for file in cartella.iterdir()] == [f"{documento.uuid}.pdf"]
    contenuto = contenuto_di(pronto)
    assert contenuto.startswith(b"%PDF")
    assert hashlib.sha256(contenuto).hexdigest() == pronto.impronta
    assert file_di(pronto).stat().st_mode & 0o777 == 0o600
    assert "anagrafica" in pronto.gruppi


def test_preparare_un_foglio_e_una_lettura(persona, referente, svelto):
    NotaFactory(beneficiario=persona)
    documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)

    prepara(documento)

    with come(referente):
        lettura = RegistroAccessi.objects.get(beneficiario=persona.pk)
    assert (lettura.utente, lettura.uscita) == (referente.utente, "pdf")
    assert {"anagrafica", "note"} <= set(lettura.gruppi)


def test_chiedere_due_volte_da_la_stessa_richiesta(persona, referente):
    prima = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    dopo = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    collega = attore(Ruolo.REFERENTE, ente=persona.ente)
    altra = _chiedi(collega, azioni.richiedi_scheda, persona=persona)

    assert prima.pk == dopo.pk
    assert altra.pk != prima.pk


def test_un_operatore_non_chiede_l_elenco(persona):
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)
    with pytest.raises(PermissionDenied):
        _chiedi(operatore, azioni.richiedi_elenco)


def test_il_documento_lo_vede_solo_chi_l_ha_chiesto(persona, referente):
    documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    for chi in (
        attore(Ruolo.REFERENTE, ente=persona.ente),
        attore(Ruolo.REFERENTE),
        attore(Ruolo.GARANTE, ente=persona.ente),
    ):
        with come(chi):
            assert not DocumentoDiPersona.objects.filter(pk=documento.pk).exists()


@pytest.mark.parametrize(
    "gesto",
    [
        "UPDATE beneficiari_documentodipersona SET utente_id = utente_id",
        "UPDATE beneficiari_documentodipersona SET beneficiario_id = NULL",
        "DELETE FROM beneficiari_documentodipersona",
        "TRUNCATE beneficiari_documentodipersona",
    ],
)
def test_di_chi_e_e_che_cosa_riguarda_non_si_cambia(persona, referente, gesto):
    _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    with (
        come(referente),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursore,
    ):
        cursore.execute(gesto)


def test_l_elenco_ha_le_persone_proprie_e_quelle_condivise(persona, svelto):
    chi = attore(Ruolo.REFERENTE)
    PresaInCaricoFactory(beneficiario=BeneficiarioFactory(ente=chi.ente, cognome="Propria"))
    BeneficiarioFactory(cognome="Estranea")
    AutorizzazioneFactory(beneficiario=persona, destinatario=chi.ente)
    documento = _chiedi(chi, azioni.richiedi_elenco)

    prepara(documento)

    pronto = riletto(documento, chi)
    nomi = _nomi(pronto)
    assert {"Propria", "Ferrero"} <= nomi
    assert "Estranea" not in nomi
    assert len(pronto.poggia_su) == 1
    with come(chi):
        lette = RegistroAccessi.objects.filter(ente=chi.ente, pagina="beneficiari.documento")
        assert set(lette.values_list("uscita", flat=True)) == {"foglio"}


def test_dopo_la_revoca_l_elenco_in_coda_esce_senza_la_persona(persona, svelto):
    chi = attore(Ruolo.REFERENTE)
    BeneficiarioFactory(ente=chi.ente, cognome="Propria")
    concessa = AutorizzazioneFactory(beneficiario=persona, destinatario=chi.ente)
    documento = _chiedi(chi, azioni.richiedi_elenco)

    RevocaConsensoFactory(consenso=concessa.consenso)
    prepara(documento)

    nomi = _nomi(riletto(documento, chi))
    assert "Propria" in nomi
    assert "Ferrero" not in nomi


def test_dopo_la_revoca_un_foglio_in_coda_non_si_fa(persona, cartella, svelto):
    altro = attore(Ruolo.OPERATORE)
    concessa, documento = _condivisa(persona, altro)

    RevocaConsensoFactory(consenso=concessa.consenso)
    prepara(documento)

    finito = riletto(documento, altro)
    assert (finito.stato, finito.errore) == (Stato.FALLITO, NON_PIU_PERMESSO)
    assert not list(cartella.glob("*"))


def test_se_la_revoca_arriva_mentre_si_stampa_il_file_non_compare(persona, cartella, monkeypatch):
    altro = attore(Ruolo.OPERATORE)
    concessa, documento = _condivisa(persona, altro)

    def intanto_revoca(self, **_):
        RevocaConsensoFactory(consenso=concessa.consenso)
        return b"%PDF"

    monkeypatch.setattr(Composto, "contenuto", intanto_revoca)
    prepara(documento)

    assert riletto(documento, altro).stato == Stato.FALLITO
    assert not list(cartella.glob("*"))
    assert not list(cartella.glob(".*"))


def test_il_giro_di_cura_distrugge_cio_che_poggiava_su_un_permesso_revocato(persona, svelto):
    altro = attore(Ruolo.OPERATORE)
    concessa, documento = _condivisa(persona, altro)
    prepara(documento)
    pronto = riletto(documento, altro)
    tasks.cura_documenti()
    assert file_di(pronto).is_file()

    RevocaConsensoFactory(consenso=concessa.consenso)
    tasks.cura_documenti()

    assert not file_di(pronto).exists()
    assert riletto(documento, altro).stato == Stato.DISTRUTTO


def test_il_giro_di_cura_distrugge_cio_che_ha_piu_di_un_giorno(
    persona, referente, svelto, time_machine
):
    documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    prepara(documento)
    pronto = riletto(documento, referente)

    time_machine.move_to(timezone.now() + timedelta(hours=23), tick=False)
    tasks.cura_documenti()
    assert file_di(pronto).is_file()
    time_machine.move_to(timezone.now() + timedelta(hours=2), tick=False)
    tasks.cura_documenti()

    assert not file_di(pronto).exists()
    assert riletto(documento, referente).stato == Stato.DISTRUTTO


def test_chi_esce_dall_ente_non_ritira_piu_niente(persona, referente, svelto):
    pronto = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    prepara(pronto)
    percorso = file_di(riletto(pronto, referente))
    informativa = InformativaFactory(ente=persona.ente)
    in_attesa = _chiedi(referente, azioni.richiedi_modulo, informativa=informativa)

    with come_sistema(persona.ente):
        Appartenenza.objects.filter(utente=referente.utente).update(
            fine=timezone.localdate() - timedelta(days=1)
        )
    prepara(in_attesa)
    tasks.cura_documenti()

    assert not percorso.exists()
    with come_sistema(persona.ente):
        stati = set(DocumentoDiPersona.objects.values_list("stato", flat=True))
    assert stati == {Stato.DISTRUTTO}


def test_un_documento_pronto_non_si_rifa(persona, referente, svelto):
    documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    prepara(documento)
    prepara(documento, messaggio="messaggio-2")

    assert riletto(documento, referente).tentativi == 1


def test_il_messaggio_riconsegnato_riprende_e_un_altro_no(persona, referente, svelto):
    documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    with come(referente):
        DocumentoDiPersona.objects.filter(pk=documento.pk).update(
            stato=Stato.IN_LAVORAZIONE, tentativi=1, lavoro="messaggio-1"
        )

    prepara(documento, messaggio="messaggio-2")
    assert riletto(documento, referente).stato == Stato.IN_LAVORAZIONE
    prepara(documento, messaggio="messaggio-1")

    finito = riletto(documento, referente)
    assert (finito.stato, finito.tentativi) == (Stato.PRONTO, 2)


def test_una_richiesta_di_cui_non_si_sa_piu_nulla_torna_in_coda(persona, referente, in_coda):
    documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    with come(referente):
        DocumentoDiPersona.objects.filter(pk=documento.pk).update(
            stato=Stato.IN_LAVORAZIONE,
            tentativi=1,
            lavoro="messaggio-1",
            segno_di_vita=timezone.now() - tasks.SILENZIO - timedelta(seconds=1),
        )
    in_coda.clear()

    tasks.cura_documenti()

    assert [messaggio["kwargs"]["documento_id"] for messaggio in in_coda] == [documento.pk]
    assert riletto(documento, referente).stato == Stato.IN_CODA


@pytest.mark.parametrize(
    ("errore", "frase"),
    [(RuntimeError("segreto"), "si è interrotta 3 volte"), (OSError(errno.ENOSPC, ""), "posto")],
)
def test_dopo_tre_guasti_la_frase_dice_che_cosa_fare(
    persona, referente, monkeypatch, caplog, cartella, errore, frase
):
    def guasto(self, **_):
        raise errore

    monkeypatch.setattr(Composto, "contenuto", guasto)
    documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    for volta in range(3):
        prepara(documento, messaggio=f"messaggio-{volta}")

    finito = riletto(documento, referente)
    assert finito.stato == Stato.FALLITO
    assert frase in finito.errore
    assert "segreto" not in caplog.text


def test_col_disco_pieno_non_resta_un_file_a_meta(
    persona, referente, svelto, monkeypatch, cartella
):
    def piena(descrittore):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(deposito.os, "fsync", piena)
    documento = _chiedi(referente, azioni.richiedi_scheda, persona=persona)
    prepara(documento)

    assert list(cartella.iterdir()) == []
    assert riletto(documento, referente).stato == Stato.IN_CODA
