"""Dimenticare una persona: che cosa se ne va, che cosa resta, chi può."""

import datetime
import os

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import TestCase
from psycopg import sql

from beneficiari.agganci import cancellatore
from beneficiari.azioni.diritti import accogli
from beneficiari.models import Beneficiario, DocumentoDiPersona, Nucleo, RichiestaInteressato
from conservazione import distruzione
from conservazione.azioni.oblio import dimentica
from conservazione.models import VerbaleOblio
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.models import Bozza, FoglioOre, Importazione, Partecipazione, Prestazione
from privacy.models import RegistroAccessi
from registro.comune.vincoli import frasi_del_database
from tests.fabbriche import attore
from tests.fabbriche_diritti import RichiestaFactory
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    ComponenteFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    FoglioOreFactory,
    ImportazioneFactory,
    PartecipazioneFactory,
    PrestazioneFactory,
)


pytestmark = pytest.mark.django_db
MOTIVO = "richiesta accolta"


@pytest.fixture(autouse=True)
def altrove(settings, tmp_path):
    """I file di questa prova, e l'elenco dei cancellati, in una cartella sua."""
    settings.MEDIA_ROOT = tmp_path / "documenti"
    settings.ELENCO_CANCELLATI = tmp_path / "fuori" / "cancellati.csv"
    return tmp_path


@pytest.fixture
def referente(db):
    return attore(Ruolo.REFERENTE)


def _cancella(persona, da):
    with come(da):
        return dimentica(persona, motivo=MOTIVO, da=da)


def _direttamente(persona) -> None:
    """Senza passare dal programma: decide il database."""
    with frasi_del_database(), connection.cursor() as cursore:
        cursore.execute("SELECT registro_dimentica(%s, 'x', NULL, true, '{}')", [persona.pk])


def _quante(tabella: str, ente) -> int:
    with come_sistema(ente), connection.cursor() as cursore:
        cursore.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(tabella)))
        return cursore.fetchone()[0]


def test_se_ne_va_con_tutto_cio_che_e_suo_e_ne_resta_il_verbale(referente):
    persona = BeneficiarioFactory(ente=referente.ente)
    RecapitoFactory(beneficiario=persona)
    presa = PresaInCaricoFactory(beneficiario=persona)
    PartecipazioneFactory(presa=presa)
    altra = PartecipazioneFactory(presa__beneficiario__ente=referente.ente)

    esito = _cancella(persona, referente)

    assert esito.conti["beneficiari_recapito"] == 1
    assert esito.conti["beneficiari_storiarecapito"] == 1
    with come(referente):
        assert list(Beneficiario.objects.all()) == [altra.beneficiario]
        assert Partecipazione.objects.get() == altra
        assert Prestazione.objects.count() == 2
        verbale = VerbaleOblio.objects.get()
    assert verbale.persone == [persona.uuid]
    assert (verbale.da, verbale.motivo, verbale.conti) == (referente.utente, MOTIVO, esito.conti)
    assert _quante("beneficiari_storiabeneficiario", referente.ente) == 1


@pytest.mark.parametrize("ruolo", [Ruolo.OPERATORE, Ruolo.AMMINISTRATORE, Ruolo.GARANTE])
def test_la_cancella_solo_chi_risponde_dei_dati(ruolo, referente):
    persona = BeneficiarioFactory(ente=referente.ente)
    altro = attore(ruolo, ente=referente.ente)

    with come(altro), pytest.raises(PermissionDenied):
        dimentica(persona, motivo=MOTIVO, da=altro)
    with come(altro), pytest.raises(ValidationError, match="chi risponde dei dati"):
        _direttamente(persona)


def test_la_persona_di_un_altro_ente_non_si_cancella(referente):
    altrui = BeneficiarioFactory()

    with come(referente), pytest.raises(ValidationError, match="non c'è"):
        _direttamente(altrui)


def test_dopo_un_unione_se_ne_vanno_tutte_le_sue_righe(referente):
    tenuta = BeneficiarioFactory(ente=referente.ente)
    assorbita = BeneficiarioFactory(ente=referente.ente, unito_a=tenuta)
    PresaInCaricoFactory(beneficiario=assorbita)

    esito = _cancella(assorbita, referente)

    assert set(esito.persone) == {tenuta.uuid, assorbita.uuid}
    assert _quante("beneficiari_beneficiario", referente.ente) == 0


def test_un_mese_firmato_non_ferma_la_cancellazione_e_resta_firmato(referente):
    """GDPR-19: le ore firmate restano quelle, la persona se ne va."""
    presa = PresaInCaricoFactory(beneficiario__ente=referente.ente)
    fatta = PrestazioneFactory(
        ente=referente.ente, azione=presa.azione, giorno=datetime.date(2026, 3, 10)
    )
    PartecipazioneFactory(presa=presa, prestazione=fatta)
    FoglioOreFactory(
        ente=referente.ente, operatore=fatta.operatore, mese=datetime.date(2026, 3, 1)
    )

    _cancella(presa.beneficiario, referente)

    with come(referente):
        assert Prestazione.objects.get().minuti == 30
        assert FoglioOre.objects.count() == 1


def test_il_nucleo_resta_finche_c_e_qualcun_altro(referente):
    nucleo, solo = NucleoFactory(ente=referente.ente), NucleoFactory(ente=referente.ente)
    persona = BeneficiarioFactory(ente=referente.ente)
    for casa in (nucleo, solo):
        ComponenteFactory(nucleo=casa, beneficiario=persona)
        PresaInCaricoFactory(beneficiario=None, nucleo=casa, ente=referente.ente)
    ComponenteFactory(nucleo=nucleo, beneficiario=BeneficiarioFactory(ente=referente.ente))

    _cancella(persona, referente)

    with come(referente):
        assert list(Nucleo.objects.all()) == [nucleo]
        assert list(nucleo.prese.all()) != []
        assert nucleo.componenti.count() == 1


def test_il_registro_di_chi_ha_letto_resta(referente):
    """Sezione 2.2: numeri e nomi di gruppi sopravvivono, e non dicono più di chi."""
    persona = BeneficiarioFactory(ente=referente.ente)
    with come(referente):
        RegistroAccessi.objects.create(
            utente=referente.utente,
            ente=referente.ente,
            ente_titolare=referente.ente,
            beneficiario=persona.pk,
            finalita="assistenza",
            gruppi=["anagrafica"],
            uscita="pagina",
            pagina="x",
        )

    _cancella(persona, referente)

    with come(referente):
        assert RegistroAccessi.objects.filter(beneficiario=persona.pk).count() == 1


def test_il_motivo_non_puo_nominarla(referente):
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Zambelli")

    with come(referente), pytest.raises(ValidationError, match="senza il nome"):
        dimentica(persona, motivo="La signora Zambelli lo chiede", da=referente)


def test_la_bozza_che_la_nomina_se_ne_va_le_altre_no(referente):
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Zambelli", nome="Rosa")
    with come(referente):
        for pagina, testo in (
            ("a", "visto Rosa ZAMBELLI"),
            ("b", "riunione"),
            ("c", str(persona.uuid)),
        ):
            bozza = Bozza(ente=referente.ente, utente=referente.utente, pagina=pagina)
            bozza.contenuto = testo
            bozza.save()

    _cancella(persona, referente)

    with come(referente):
        assert [bozza.pagina for bozza in Bozza.objects.all()] == ["b"]


def test_chi_cancella_una_persona_lo_sanno_i_diritti():
    assert cancellatore() is dimentica


def test_chi_lo_chiede_ai_propri_diritti_viene_dimenticato_e_la_richiesta_resta(referente):
    """Art. 17: accolta la richiesta non c'è più niente di lei, e resta la prova di averlo fatto.

    Il cognome ha una parola che c'è anche nel motivo scritto dal programma: non deve fermarla.
    """
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Della Valle")
    richiesta = RichiestaFactory(
        beneficiario=persona,
        tipo=RichiestaInteressato.Tipo.CANCELLAZIONE,
        che_cosa="Sono Rosa Della Valle e chiedo di non esserci più",
    )

    with come(referente):
        letta = RichiestaInteressato.objects.get(pk=richiesta.pk)
        accogli(richiesta=letta, risposta="Fatto.", da=referente)

    with come(referente):
        assert not Beneficiario.objects.exists()
        dopo = RichiestaInteressato.objects.get()
        assert VerbaleOblio.objects.get().richiesta == richiesta.uuid
    assert (dopo.stato, dopo.beneficiario_id, dopo.che_cosa) == ("accolta", None, "[cancellato]")


def test_il_comando_prova_e_solo_con_la_conferma_dimentica(referente, capsys):
    persona = BeneficiarioFactory(ente=referente.ente)

    call_command("oblio", persona=persona.uuid, motivo="lo chiede per iscritto")
    assert "Prova: la persona c'è" in capsys.readouterr().out
    assert _quante("beneficiari_beneficiario", referente.ente) == 1
    call_command("oblio", persona=persona.uuid, motivo="lo chiede per iscritto", conferma=True)

    assert _quante("beneficiari_beneficiario", referente.ente) == 0
    with pytest.raises(CommandError, match="Nessun ente"):
        call_command("oblio", persona=persona.uuid, motivo="di nuovo", conferma=True)


def test_dopo_un_ripristino_chi_non_si_lascia_dimenticare_non_ferma_le_altre(
    referente, altrove, capsys
):
    """BCK-05: senza conferma si conta e basta; ciò che non riesce si dice, con l'uscita in errore."""
    ferma, altra = BeneficiarioFactory(ente=referente.ente), BeneficiarioFactory()
    ImportazioneFactory(ente=referente.ente, stato=Importazione.Stato.IN_CARICAMENTO)
    elenco = altrove / "portato.csv"
    elenco.write_text("".join(f"{persona.uuid},2026-01-02\n" for persona in (ferma, altra)))

    call_command("oblio", riapplica=elenco)
    assert "persone tornate 2" in capsys.readouterr().out
    assert _quante("beneficiari_beneficiario", altra.ente) == 1
    with pytest.raises(CommandError, match="1 su 2"):
        call_command("oblio", riapplica=elenco, conferma=True)

    assert f"{ferma.uuid}: L'ente sta caricando un foglio" in capsys.readouterr().err
    assert _quante("beneficiari_beneficiario", referente.ente) == 1
    assert _quante("beneficiari_beneficiario", altra.ente) == 0


def test_un_foglio_che_si_sta_caricando_ferma_la_cancellazione(referente):
    persona = BeneficiarioFactory(ente=referente.ente)
    ImportazioneFactory(ente=referente.ente, stato=Importazione.Stato.IN_CARICAMENTO)

    with come(referente), pytest.raises(ValidationError, match="caricando un foglio"):
        dimentica(persona, motivo=MOTIVO, da=referente)

    assert _quante("beneficiari_beneficiario", referente.ente) == 1


@pytest.fixture
def foglio(referente, altrove):
    """Una scheda pronta della persona; rende la persona e il file."""
    persona = BeneficiarioFactory(ente=referente.ente)
    with come(referente):
        documento = DocumentoDiPersona.objects.create(
            ente=referente.ente, utente=referente.utente, tipo="scheda", beneficiario=persona
        )
    file = altrove / "documenti" / f"{documento.uuid}.pdf"
    file.parent.mkdir()
    file.write_text("la sua scheda")
    return persona, file


def _in_cartella(file) -> list:
    return sorted(file.parent.iterdir())


def test_i_file_se_ne_vanno_quando_la_cancellazione_e_conclusa(foglio, referente):
    persona, file = foglio

    with TestCase.captureOnCommitCallbacks(execute=True):
        _cancella(persona, referente)
        assert file.exists()

    assert _in_cartella(file) == []


def test_una_cancellazione_annullata_lascia_i_file(foglio, referente):
    """Il promemoria di una cancellazione che non c'è stata si butta il giorno dopo."""
    persona, file = foglio
    with transaction.atomic():
        _cancella(persona, referente)
        transaction.set_rollback(True)
    promemoria = next(altro for altro in _in_cartella(file) if altro != file)

    assert distruzione.riprendi(referente.ente) == 0
    assert _in_cartella(file) == sorted([file, promemoria])
    os.utime(promemoria, (0, 0))
    assert distruzione.riprendi(referente.ente) == 0

    assert _in_cartella(file) == [file]
    assert _quante("beneficiari_beneficiario", referente.ente) == 1


def test_cio_che_un_interruzione_lascia_a_meta_lo_toglie_la_notte(foglio, referente):
    persona, file = foglio
    _cancella(persona, referente)
    assert file.exists()

    assert distruzione.riprendi(attore(Ruolo.REFERENTE).ente) == 0
    assert file.exists()
    assert distruzione.riprendi(referente.ente) == 1

    assert _in_cartella(file) == []
    assert distruzione.riprendi(referente.ente) == 0


def test_se_i_file_non_si_potranno_togliere_non_si_cancella_niente(foglio, referente, monkeypatch):
    persona, file = foglio
    monkeypatch.setattr(distruzione.os, "access", lambda *_: False)

    with come(referente), pytest.raises(ValidationError, match="non si lasciano togliere"):
        dimentica(persona, motivo=MOTIVO, da=referente)

    assert _quante("beneficiari_beneficiario", referente.ente) == 1
    assert _in_cartella(file) == [file]
