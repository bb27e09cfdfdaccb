"""La notte della conservazione: avvisa, aspetta trenta giorni, poi toglie; si può rinviare e fermare."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.test import TestCase
from django.utils import timezone

from beneficiari.models import Beneficiario
from beneficiari.models.documenti import DURATA as DURATA_DOCUMENTI
from conservazione import cancellati, oblio, tasks
from conservazione.azioni.regole import cambia_regola, rinvia
from conservazione.caricamento import DurateErrate, carica_durate, leggi_durate
from conservazione.models import Corsa, RegolaConservazione, Scadenza, VerbaleOblio
from conservazione.models.scadenze import PREAVVISO
from conservazione.notte import applica_a, riallinea_elenco
from conservazione.tasks import applica_a_ente
from enti.models import CodiceEvento, EventoDiSicurezza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.importo.deposito import DURATA as DURATA_FOGLI
from prestazioni.models import Bozza, RigaStatistica
from privacy.durate import durate
from privacy.sigilli.mesi import MESI_CONSERVATI
from registro.comune import posta
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_diritti import LimitazioneFactory
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    CondizioneRilevataFactory,
    NotaFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    ValutazioneFactory,
    come,
)


pytestmark = pytest.mark.django_db
# Ultima cosa successa: la chiusura. Con cinque anni di durata il termine è il 15 gennaio 2032.
CHIUSA = datetime.date(2027, 1, 15)
TERMINE = datetime.date(2032, 1, 15)
INSERITA = datetime.datetime(2026, 1, 2, 9, tzinfo=datetime.UTC)


def _mezzogiorno(giorno: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(giorno, datetime.time(11), tzinfo=datetime.UTC)


def _notte(ente, giorno: datetime.date, **altre) -> dict[str, Corsa]:
    """Le corse di quella notte, per regola."""
    with (
        time_machine.travel(_mezzogiorno(giorno), tick=False),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        corse = applica_a(ente, **altre)
    return {corsa.regola.codice: corsa for corsa in corse}


@pytest.fixture
def accese(db):
    """La tabella caricata, con le regole sulle persone confermate e accese."""
    carica_durate()
    with come_sistema(EnteFactory()):
        RegolaConservazione.objects.che_si_eseguono().update(accesa=True, da_confermare=False)


@pytest.fixture
def ferma(referente):
    """Una persona con una presa in carico chiusa da tempo."""
    persona = BeneficiarioFactory(ente=referente.ente, cognome="Zambelli", inserito_il=INSERITA)
    PresaInCaricoFactory(
        beneficiario=persona,
        aperta_il=datetime.date(2026, 2, 1),
        chiusa_il=CHIUSA,
        esito=TipoDiChiusuraFactory(),
    )
    return persona


def _ci_sono(referente) -> int:
    with come(referente):
        return Beneficiario.objects.count()


def test_un_giorno_prima_niente_un_giorno_dopo_tutto(accese, ferma, referente):
    """GDPR-18: al giorno T-1 c'è ancora; a T+1 non c'è più niente di ciò che scadeva."""
    altra = BeneficiarioFactory(ente=referente.ente, inserito_il=INSERITA)
    PresaInCaricoFactory(beneficiario=altra, aperta_il=datetime.date(2026, 2, 1))

    avviso = _notte(referente.ente, TERMINE - datetime.timedelta(30))
    assert avviso["persone-ferme"].avvisate == 1
    _notte(referente.ente, TERMINE - datetime.timedelta(1))
    assert _ci_sono(referente) == 2

    dopo = _notte(referente.ente, TERMINE + datetime.timedelta(1))

    assert (dopo["persone-ferme"].tolte, dopo["persone-ferme"].rimaste) == (1, 0)
    with come(referente):
        assert list(Beneficiario.objects.all()) == [altra]
        assert not Scadenza.objects.exists()
        assert VerbaleOblio.objects.get().motivo == "regola di conservazione «persone-ferme»"
        assert RigaStatistica.objects.filter(cosa="caso").count() == 1
        evento = EventoDiSicurezza.objects.get(codice=CodiceEvento.CONSERVAZIONE)
    assert evento.dati == {"regola": "persone-ferme", "tolte": 1}


def test_prima_dell_avviso_non_succede_niente(accese, ferma, referente):
    corse = _notte(referente.ente, TERMINE - datetime.timedelta(31))

    assert corse["persone-ferme"].avvisate == 0
    with come(referente):
        assert not Scadenza.objects.exists()


def test_chi_non_era_stato_avvisato_ha_comunque_trenta_giorni(accese, ferma, referente):
    tardi = TERMINE + datetime.timedelta(200)
    _notte(referente.ente, tardi)
    _notte(referente.ente, tardi + datetime.timedelta(29))
    assert _ci_sono(referente) == 1

    _notte(referente.ente, tardi + datetime.timedelta(30))

    assert _ci_sono(referente) == 0


def test_l_avviso_va_ai_referenti_e_non_nomina_nessuno(accese, ferma, referente):
    attore(Ruolo.OPERATORE, ente=referente.ente)

    _notte(referente.ente, TERMINE)

    assert [lettera.to for lettera in mail.outbox] == [[referente.utente.email]]
    assert "1\u00a0persona arriva" in mail.outbox[0].body
    assert "Zambelli" not in mail.outbox[0].body + mail.outbox[0].subject
    assert str(ferma.uuid) not in mail.outbox[0].body


def test_finche_l_avviso_non_parte_i_giorni_non_corrono(accese, ferma, referente, monkeypatch):
    """Trenta giorni dal giorno in cui la posta è partita, non da quello in cui doveva."""
    with monkeypatch.context() as guasto:
        guasto.setattr(posta, "send_mail", lambda *_: (_ for _ in ()).throw(OSError("spenta")))
        _notte(referente.ente, TERMINE)
        _notte(referente.ente, TERMINE + PREAVVISO)
    assert (_ci_sono(referente), mail.outbox) == (1, [])

    partita = TERMINE + datetime.timedelta(40)
    _notte(referente.ente, partita)
    assert len(mail.outbox) == 1
    with come(referente):
        scadenza = Scadenza.objects.get()
        assert (scadenza.avvisata_il, scadenza.scade_il) == (partita, partita + PREAVVISO)
    _notte(referente.ente, partita + PREAVVISO - datetime.timedelta(1))
    assert _ci_sono(referente) == 1
    _notte(referente.ente, partita + PREAVVISO)

    assert (_ci_sono(referente), len(mail.outbox)) == (0, 1)


@pytest.mark.parametrize("senza", ["nessuno", "account chiuso"])
def test_se_nessuno_risponde_dei_dati_l_avviso_va_al_garante(accese, settings, senza):
    settings.CONTATTO_DPO = ""
    ente, garante = EnteFactory(), attore(Ruolo.GARANTE)
    if senza == "account chiuso":
        chiuso = attore(Ruolo.REFERENTE, ente=ente).utente
        chiuso.is_active = False
        chiuso.save(update_fields=["is_active"])
    BeneficiarioFactory(ente=ente, inserito_il=INSERITA)

    _notte(ente, datetime.date(2028, 1, 2))

    assert [lettera.to for lettera in mail.outbox] == [[garante.utente.email]]
    assert "per questo lo scriviamo al garante" in mail.outbox[0].body


def test_senza_nessuno_da_avvisare_non_si_cancella(accese, settings):
    settings.CONTATTO_DPO = ""
    ente = EnteFactory()
    BeneficiarioFactory(ente=ente, inserito_il=INSERITA)
    giorno = datetime.date(2028, 1, 2)
    _notte(ente, giorno)

    corsa = _notte(ente, giorno + datetime.timedelta(90))["persone-mai-seguite"]

    assert (corsa.arrivate, corsa.tolte) == (0, 0)
    with come_sistema(ente):
        assert Beneficiario.objects.count() == 1


def test_una_regola_riaccesa_ricomincia_i_trenta_giorni(accese, referente):
    BeneficiarioFactory(
        ente=referente.ente, inserito_il=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    )
    oggi = timezone.localdate()
    _notte(referente.ente, oggi - datetime.timedelta(60))
    with come_sistema(referente.ente):
        regola = RegolaConservazione.objects.filter(codice="persone-mai-seguite")
        regola.update(accesa=False)
        assert regola.get().accesa_dal() is None
        regola.update(accesa=True)
        assert regola.get().accesa_dal() == oggi
    riaccesa = oggi + datetime.timedelta(1)

    for giorno in (riaccesa, riaccesa + PREAVVISO - datetime.timedelta(1)):
        assert _notte(referente.ente, giorno)["persone-mai-seguite"].tolte == 0
    assert (len(mail.outbox), _ci_sono(referente)) == (2, 1)
    _notte(referente.ente, riaccesa + PREAVVISO)

    assert _ci_sono(referente) == 0


def test_una_notte_ripetuta_non_avvisa_due_volte(accese, ferma, referente):
    _notte(referente.ente, TERMINE)
    corse = _notte(referente.ente, TERMINE)

    assert (corse["persone-ferme"].avvisate, len(mail.outbox)) == (0, 1)


def test_il_rinvio_la_tiene_fino_a_quel_giorno(accese, ferma, referente):
    _notte(referente.ente, TERMINE)
    scade = TERMINE + datetime.timedelta(30)
    al = scade + datetime.timedelta(60)
    with time_machine.travel(_mezzogiorno(TERMINE), tick=False), come(referente):
        scadenza = Scadenza.objects.get()
        with pytest.raises(ValidationError, match="20 caratteri"):
            rinvia(scadenza=scadenza, al=al, motivo="serve", da=referente)
        with pytest.raises(ValidationError, match="dopo quello"):
            rinvia(scadenza=scadenza, al=scade, motivo="c'è una causa in tribunale", da=referente)
        rinvia(scadenza=scadenza, al=al, motivo="c'è una causa in tribunale", da=referente)

    rinviata = _notte(referente.ente, scade + datetime.timedelta(1))
    assert (rinviata["persone-ferme"].rinviate, _ci_sono(referente)) == (1, 1)
    _notte(referente.ente, al)
    assert _ci_sono(referente) == 0


def test_chi_torna_non_scade_piu(accese, ferma, referente):
    _notte(referente.ente, TERMINE)
    PresaInCaricoFactory(beneficiario=ferma, aperta_il=datetime.date(2026, 11, 2))

    _notte(referente.ente, TERMINE + datetime.timedelta(31))

    with come(referente):
        assert not Scadenza.objects.exists()
    assert _ci_sono(referente) == 1


def test_chi_vive_in_un_nucleo_seguito_non_scade(accese, ferma, referente):
    nucleo = NucleoFactory(ente=referente.ente)
    ComponenteFactory(nucleo=nucleo, beneficiario=ferma, dal=datetime.date(2026, 2, 1))
    PresaInCaricoFactory(
        beneficiario=None,
        nucleo=nucleo,
        ente=referente.ente,
        aperta_il=datetime.date(2026, 3, 1),
    )

    assert _notte(referente.ente, TERMINE)["persone-ferme"].avvisate == 0


RECENTE = datetime.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("fatto", "campi"),
    [
        (NotaFactory, {"scritta_il": _mezzogiorno(RECENTE)}),
        (BisognoRilevatoFactory, {"rilevato_il": RECENTE}),
        (BisognoRilevatoFactory, {"rilevato_il": INSERITA.date(), "chiuso_il": RECENTE}),
        (ValutazioneFactory, {"valutata_il": RECENTE}),
        (CondizioneRilevataFactory, {"rilevata_il": RECENTE}),
    ],
)
def test_un_lavoro_recente_la_tiene(accese, referente, fatto, campi):
    """Il tempo si conta da ciò che si è scritto di lei, anche a presa in carico chiusa."""
    persona = BeneficiarioFactory(ente=referente.ente, inserito_il=INSERITA)
    presa = PresaInCaricoFactory(
        beneficiario=persona,
        aperta_il=datetime.date(2026, 2, 1),
        chiusa_il=datetime.date(2026, 3, 1),
        esito=TipoDiChiusuraFactory(),
    )
    fatto(
        beneficiario=persona, **campi, **({"presa": presa} if fatto is ValutazioneFactory else {})
    )

    prima = _notte(referente.ente, datetime.date(2031, 3, 1))["persone-ferme"]
    dopo = _notte(referente.ente, datetime.date(2031, 6, 1))["persone-ferme"]

    assert (prima.avvisate, dopo.avvisate) == (0, 1)
    with come(referente):
        assert Scadenza.objects.get().evento_il == RECENTE


def test_cio_che_succede_dopo_l_avviso_sposta_il_termine(accese, ferma, referente):
    _notte(referente.ente, TERMINE - PREAVVISO)
    NotaFactory(beneficiario=ferma, scritta_il=_mezzogiorno(CHIUSA + datetime.timedelta(20)))

    presto = _notte(referente.ente, TERMINE)["persone-ferme"]

    assert (presto.arrivate, _ci_sono(referente)) == (0, 1)
    _notte(referente.ente, TERMINE + datetime.timedelta(20))
    assert _ci_sono(referente) == 0


def test_chi_ha_i_dati_limitati_non_si_cancella_da_se(accese, ferma, referente):
    """Art. 18: la persona ne ha bisogno, per esempio in tribunale."""
    LimitazioneFactory(beneficiario=ferma)

    assert _notte(referente.ente, TERMINE)["persone-ferme"].avvisate == 0


def test_il_tetto_della_notte_lascia_le_altre_alla_notte_dopo(accese, referente):
    for _ in range(3):
        BeneficiarioFactory(ente=referente.ente, inserito_il=INSERITA)
    with come_sistema(referente.ente):
        RegolaConservazione.objects.filter(codice="persone-mai-seguite").update(tetto=2)
    giorno = datetime.date(2028, 1, 2)
    _notte(referente.ente, giorno)

    prima = _notte(referente.ente, giorno + datetime.timedelta(30))["persone-mai-seguite"]
    seconda = _notte(referente.ente, giorno + datetime.timedelta(31))["persone-mai-seguite"]

    assert (prima.arrivate, prima.tolte, prima.rimaste) == (3, 2, 1)
    assert (seconda.tolte, seconda.rimaste, _ci_sono(referente)) == (1, 0, 0)
    with come(referente):
        # «si cancella»: di chi non è mai stato seguito non c'è niente da tenere nei numeri.
        assert not RigaStatistica.objects.exists()


@pytest.mark.parametrize("guasto", [DatabaseError("Rosa Zambelli"), OSError(5, "Rosa Zambelli")])
def test_una_che_non_si_lascia_togliere_non_ferma_le_altre(
    accese, referente, monkeypatch, caplog, guasto
):
    prima, _ = [BeneficiarioFactory(ente=referente.ente, inserito_il=INSERITA) for _ in range(2)]
    giorno, davvero = datetime.date(2028, 1, 2), oblio.cancella
    _notte(referente.ente, giorno)

    def rifiuta(persona, **altro):
        if persona == prima:
            raise guasto
        return davvero(persona, **altro)

    monkeypatch.setattr(oblio, "cancella", rifiuta)
    corsa = _notte(referente.ente, giorno + PREAVVISO)["persone-mai-seguite"]

    assert (corsa.tolte, corsa.ferme) == (1, 1)
    with come(referente):
        assert list(Beneficiario.objects.all()) == [prima]
    assert type(guasto).__name__ in caplog.text
    assert "Zambelli" not in caplog.text


def test_chi_passa_sotto_un_altra_regola_riparte_da_quella(accese, referente):
    """Il posto fra le scadenze è uno: quello di prima, anche di una regola spenta, si libera."""
    persona = BeneficiarioFactory(ente=referente.ente, inserito_il=INSERITA)
    giorno = datetime.date(2028, 1, 2)
    _notte(referente.ente, giorno)
    PresaInCaricoFactory(
        beneficiario=persona,
        aperta_il=datetime.date(2026, 2, 1),
        chiusa_il=datetime.date(2026, 3, 1),
        esito=TipoDiChiusuraFactory(),
    )
    with come_sistema(referente.ente):
        RegolaConservazione.objects.filter(codice="persone-mai-seguite").update(accesa=False)
    dopo = datetime.date(2031, 3, 1)

    corse = _notte(referente.ente, dopo)

    assert corse["persone-ferme"].avvisate == 1
    with come(referente):
        scadenza = Scadenza.objects.select_related("regola").get()
    assert (scadenza.regola.codice, scadenza.avvisata_il) == ("persone-ferme", dopo)


@pytest.mark.parametrize("come_si_ferma", ["regola", "impostazioni", "prova"])
def test_spenta_o_in_prova_conta_e_non_tocca(accese, ferma, referente, settings, come_si_ferma):
    """L'interruttore: per categoria, dalla tabella; per tutto, dalle impostazioni."""
    _notte(referente.ente, TERMINE)
    if come_si_ferma == "regola":
        with come_sistema(referente.ente):
            RegolaConservazione.objects.update(accesa=False)
    settings.CONSERVAZIONE_FERMA = come_si_ferma == "impostazioni"

    corse = _notte(
        referente.ente, TERMINE + datetime.timedelta(31), prova=come_si_ferma == "prova"
    )

    corsa = corse["persone-ferme"]
    assert (corsa.prova, corsa.arrivate, corsa.tolte) == (True, 1, 0)
    assert (_ci_sono(referente), len(mail.outbox)) == (1, 1)


def test_le_bozze_vecchie_se_ne_vanno_le_altre_no(accese, referente):
    with come(referente):
        for pagina in ("vecchia", "nuova"):
            bozza = Bozza(ente=referente.ente, utente=referente.utente, pagina=pagina)
            bozza.contenuto = "x"
            with time_machine.travel(
                datetime.datetime(2027, 1, 1 if pagina == "vecchia" else 31, tzinfo=datetime.UTC)
            ):
                bozza.save()

    corse = _notte(referente.ente, datetime.date(2027, 2, 2))

    assert corse["bozze"].tolte == 1
    with come(referente):
        assert Bozza.objects.get().pagina == "nuova"


def test_il_lavoro_riceve_un_numero_e_si_puo_rifare(accese, ferma, referente):
    _notte(referente.ente, TERMINE)
    with time_machine.travel(_mezzogiorno(TERMINE + datetime.timedelta(31)), tick=False):
        for _ in range(2):
            applica_a_ente(ente_id=referente.ente.pk)
        applica_a_ente(ente_id=0)

    assert _ci_sono(referente) == 0
    # L'elenco dei cancellati si rifà dai verbali: il file si era perso con la macchina spenta.
    assert ferma.uuid in cancellati.leggi()
    assert riallinea_elenco(referente.ente) == 0


def test_la_tabella_si_carica_una_volta_e_poi_comanda_la_pagina(db):
    quante = carica_durate()
    amministra = attore(Ruolo.AMMINISTRATORE)
    with come(amministra):
        regola = RegolaConservazione.objects.get(codice="persone-ferme")
        with pytest.raises(ValidationError, match="confermare"):
            cambia_regola(regola=regola, accesa=True, da=amministra)
        cambia_regola(regola=regola, durata=7, da_confermare=False, accesa=True, da=amministra)
        cambia_regola(regola=regola, accesa=False, da=amministra)
        cambia_regola(regola=regola, accesa=True, da=amministra)
        eventi = EventoDiSicurezza.objects.filter(dati__regola="persone-ferme").order_by("pk")
        assert list(eventi.values_list("codice", flat=True)) == [
            CodiceEvento.CONSERVAZIONE_RIPRESA,
            CodiceEvento.CONSERVAZIONE_FERMATA,
            CodiceEvento.CONSERVAZIONE_RIPRESA,
        ]

    assert carica_durate() == 0
    with come(amministra):
        regola.refresh_from_db()
        assert (regola.durata, regola.accesa) == (7, True)
        assert regola.storia.filter(pgh_label="cambiata").count() == 3
    assert quante == RegolaConservazione.objects.count()


def test_le_proposte_nascono_spente(db):
    carica_durate()

    assert not RegolaConservazione.objects.filter(da_confermare=True, accesa=True).exists()


def test_le_durate_che_altri_eseguono_sono_quelle_della_tabella():
    """Una tabella sola: il programma non tiene un documento più di quanto dice la pagina."""
    durate = {regola.codice: regola for regola in leggi_durate()}
    zero = datetime.date(2026, 1, 1)

    assert durate["documenti"].termine_di(zero) - zero == DURATA_DOCUMENTI
    assert durate["fogli"].termine_di(zero) - zero == DURATA_FOGLI
    assert (durate["letture"].durata, durate["letture"].unita) == (MESI_CONSERVATI, "mesi")
    # I mesi vecchi escono dal database in un file, che resta: non si cancella niente.
    assert durate["letture"].azione == RegolaConservazione.Azione.CONSERVA
    assert set(durate) >= RegolaConservazione.DEL_PROGRAMMA


def test_un_file_che_non_va_si_rifiuta_dicendo_dove(tmp_path):
    file = tmp_path / "durate.yaml"
    file.write_text("- codice: x\n  azione: cancella\n")

    with pytest.raises(DurateErrate, match="voce 1"):
        leggi_durate(file)


@pytest.mark.parametrize("ruolo", [Ruolo.OPERATORE, Ruolo.REFERENTE, Ruolo.GARANTE])
def test_le_durate_le_cambia_solo_chi_amministra(accese, ruolo):
    chi = attore(ruolo)
    with come(chi):
        regola = RegolaConservazione.objects.first()
        with pytest.raises(PermissionDenied):
            cambia_regola(regola=regola, durata=1, da=chi)
        assert RegolaConservazione.objects.update(durata=1) == 0


def test_la_notte_mette_in_coda_ogni_ente_con_il_suo_numero(referente, monkeypatch):
    chiesti = []
    monkeypatch.setattr(
        tasks.applica_a_ente, "apply_async", lambda **dati: chiesti.append(dati["kwargs"])
    )

    quanti = tasks.applica_conservazione()

    assert quanti == len(chiesti)
    assert {"ente_id": referente.ente.pk, "prova": False} in chiesti


def test_le_durate_arrivano_al_registro_dei_trattamenti(accese):
    dette = {durata.categoria: durata for durata in durate()}

    assert dette["Persone seguite, con tutto ciò che le riguarda"].per_quanto == "5 anni"
