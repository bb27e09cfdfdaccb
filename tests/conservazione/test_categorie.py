"""Le categorie che non sono persone: ciascuna ha un termine, e la notte lo esegue davvero."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.db import connection
from django.utils import timezone

from beneficiari.azioni.codici import CodiceScritto
from beneficiari.azioni.emergenze import apri_emergenza
from beneficiari.models import AccessoDEmergenza, AvvisoDEmergenza
from beneficiari.sguardi import in_emergenza
from conservazione.caricamento import DEL_FILE, carica_durate, leggi_durate
from conservazione.models import Corsa, RegolaConservazione
from conservazione.notte import applica_a
from enti.azioni.freno import RETE_NOTA_PER
from enti.models import Ente, Invito, RipristinoFattore
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.gruppi import GRUPPI_D_EMERGENZA, Finalita
from privacy.letture import registra_letture
from privacy.models import Segnalazione, Violazione
from registro.servizi.salvataggio.tenuta import MESI
from tests.enti.inviti_di_prova import invito
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_persone import (
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    IdentificativoFactory,
    come,
)


pytestmark = pytest.mark.django_db
CF = "RSSMRA80A01A182N"
MOTIVO = "È svenuta davanti allo sportello, arriva il 118."


def _emergenza(referente) -> None:
    """Un operatore di un altro ente legge una persona di `referente`, col suo codice."""
    for gruppo in GRUPPI_D_EMERGENZA:
        BaseGiuridicaFactory(finalita=Finalita.EMERGENZA, gruppo=gruppo)
    persona = BeneficiarioFactory(ente=EnteFactory())
    IdentificativoFactory(beneficiario=persona, codice=CF)
    chi = attore(Ruolo.OPERATORE, ente=referente.ente)
    with come(chi), registra_letture("prova"):
        uuid = apri_emergenza(codice=CodiceScritto("cf", CF, CF), motivo=MOTIVO, da=chi)
        assert len(in_emergenza(AccessoDEmergenza.objects.get(uuid=uuid))) == 1


def _segnalazione(referente) -> None:
    with come_sistema(referente.ente):
        Segnalazione.objects.create(
            regola="notte",
            ente=referente.ente,
            utente=referente.utente,
            giorno=timezone.localdate(),
            quando=timezone.now(),
            quante=4,
            chiusa_il=timezone.now(),
            chiusa_da=referente.utente,
            nota="era di turno",
        )


def _violazione(referente) -> None:
    with come(referente):
        Violazione.objects.create(
            ente=referente.ente,
            scoperta_il=timezone.now(),
            natura="riservatezza",
            descrizione="un foglio perso",
            misure="ritrovato",
            garante="no",
            garante_motivo="nessun rischio",
            persone="no",
            persone_motivo="nessun rischio",
            aperta_da=referente.utente,
            chiusa_il=timezone.now(),
        )


def _invito(referente) -> None:
    invito(ente=referente.ente, accettato_il=timezone.now())


def _ripristino(referente) -> None:
    with come_sistema(referente.ente):
        RipristinoFattore.objects.create(utente=referente.utente, chiesto_il=timezone.now())


def _tentativi(_referente) -> None:
    for modello in (AccessAttempt, AccessFailureLog, AccessLog):
        altri = {"failures_since_start": 2} if modello is AccessAttempt else {}
        modello.objects.create(username="x@prova.it", ip_address="10.0.0.1", **altri)


# Categoria → chi ne scrive una riga che finisce adesso, quali tabelle riempie.
CASI = {
    "emergenze": (_emergenza, [AccessoDEmergenza, AvvisoDEmergenza]),
    "segnalazioni": (_segnalazione, [Segnalazione]),
    "violazioni": (_violazione, [Violazione]),
    "inviti": (_invito, [Invito]),
    "ripristini": (_ripristino, [RipristinoFattore]),
    "tentativi": (_tentativi, [AccessAttempt, AccessFailureLog, AccessLog]),
}


@pytest.fixture
def accese(db):
    carica_durate()
    with come_sistema(EnteFactory()):
        RegolaConservazione.objects.che_si_eseguono().update(accesa=True, da_confermare=False)


def _notte(ente, giorno: datetime.date, **altre) -> dict[str, Corsa]:
    adesso = datetime.datetime.combine(giorno, datetime.time(11), tzinfo=datetime.UTC)
    with time_machine.travel(adesso, tick=False):
        return {corsa.regola.codice: corsa for corsa in applica_a(ente, **altre)}


def _righe(modelli) -> int:
    """Quante righe, in ogni ente."""
    quante = 0
    for modello in modelli:
        di_un_ente = any(campo.name == "ente" for campo in modello._meta.fields)
        for ente in Ente.objects.all() if di_un_ente else [None]:
            with come_sistema(ente or Ente.objects.first()):
                quante += modello.objects.filter(**({"ente": ente} if ente else {})).count()
    return quante


@pytest.mark.parametrize("codice", sorted(CASI))
def test_un_giorno_prima_niente_un_giorno_dopo_non_c_e_piu(accese, referente, codice):
    """GDPR-18: anche ciò che non è una persona ha un termine, e alla sua fine se ne va."""
    scrivi, modelli = CASI[codice]
    scrivi(referente)
    quante = _righe(modelli)
    regola = RegolaConservazione.objects.get(codice=codice)
    # Un invito accettato e una prova contano da adesso: il termine è il giorno in cui finisce.
    termine = regola.termine_di(timezone.localdate())

    presto = _notte(referente.ente, termine - datetime.timedelta(2))[codice]
    assert (presto.arrivate, presto.tolte, _righe(modelli)) == (0, 0, quante)
    prova = _notte(referente.ente, termine + datetime.timedelta(2), prova=True)[codice]
    assert (prova.tolte, _righe(modelli)) == (0, quante)
    assert prova.arrivate > 0

    dopo = _notte(referente.ente, termine + datetime.timedelta(2))[codice]

    assert (dopo.tolte, dopo.rimaste, _righe(modelli)) == (prova.arrivate, 0, 0)


@pytest.mark.parametrize("come_si_ferma", ["regola", "impostazioni"])
@pytest.mark.parametrize("codice", sorted(CASI))
def test_spenta_o_ferma_conta_e_non_tocca(accese, referente, settings, codice, come_si_ferma):
    scrivi, modelli = CASI[codice]
    scrivi(referente)
    quante = _righe(modelli)
    with come_sistema(referente.ente):
        RegolaConservazione.objects.update(accesa=come_si_ferma != "regola")
    settings.CONSERVAZIONE_FERMA = come_si_ferma == "impostazioni"
    regola = RegolaConservazione.objects.get(codice=codice)

    giorno = regola.termine_di(timezone.localdate()) + datetime.timedelta(2)
    corsa = _notte(referente.ente, giorno)[codice]

    assert (corsa.prova, corsa.arrivate > 0, corsa.tolte) == (True, True, 0)
    assert _righe(modelli) == quante


def test_con_la_violazione_se_ne_va_la_sua_storia(accese, referente):
    _violazione(referente)
    storia = apps.get_model("privacy", "StoriaViolazione")
    assert _righe([storia]) == 1

    _notte(referente.ente, timezone.localdate() + datetime.timedelta(3660))

    assert _righe([storia]) == 0


def test_cio_che_nessuno_ha_chiuso_resta(accese, referente):
    _segnalazione(referente)
    _violazione(referente)
    with come_sistema(referente.ente):
        aperta = Segnalazione.objects.get()
    aperta.pk = aperta.chiusa_il = aperta.chiusa_da = None
    aperta.uuid, aperta.regola = uuid4(), "esportazione"
    with come_sistema(referente.ente):
        aperta.save(force_insert=True)

    _notte(referente.ente, timezone.localdate() + datetime.timedelta(3660))

    with come_sistema(referente.ente):
        assert [voce.regola for voce in Segnalazione.objects.all()] == ["esportazione"]


def test_un_codice_cercato_in_emergenza_non_aspetta_la_prossima_emergenza(accese, referente):
    """Finito l'accesso, gli indici del codice se ne vanno anche se nessuno ne apre un altro."""
    _emergenza(referente)
    domani = timezone.localdate() + datetime.timedelta(3)

    prima = _notte(referente.ente, domani)["emergenze-cercate"]
    dopo = _notte(referente.ente, domani)["emergenze-cercate"]

    assert (prima.arrivate, prima.tolte, dopo.arrivate) == (1, 1, 0)


def test_il_tetto_lascia_le_altre_alla_notte_dopo_e_comincia_dalle_piu_vecchie(accese, referente):
    for giorno in range(3):
        adesso = timezone.now() - datetime.timedelta(giorno)
        creato = adesso - datetime.timedelta(8)
        posta = f"n{giorno}@rete.example"
        invito(ente=referente.ente, accettato_il=adesso, creato_il=creato, email=posta)
    with come_sistema(referente.ente):
        RegolaConservazione.objects.filter(codice="inviti").update(tetto=2)
    giorno = timezone.localdate() + datetime.timedelta(370)

    corsa = _notte(referente.ente, giorno)["inviti"]

    assert (corsa.arrivate, corsa.tolte, corsa.rimaste) == (3, 2, 1)
    with come_sistema(referente.ente):
        assert Invito.objects.get().email == "n0@rete.example"


def test_le_righe_di_un_altro_ente_le_toglie_la_sua_notte(accese, referente):
    _invito(referente)
    giorno = timezone.localdate() + datetime.timedelta(370)

    assert _notte(EnteFactory(), giorno)["inviti"].arrivate == 0
    assert _righe([Invito]) == 1


@pytest.mark.parametrize("ruolo", list(Ruolo))
def test_quella_porta_la_apre_solo_il_lavoro_notturno(accese, referente, ruolo):
    _invito(referente)
    chi = attore(ruolo, ente=referente.ente)

    with come(chi), connection.cursor() as cursore:
        cursore.execute(
            "SELECT * FROM registro_togli_scadute('inviti', now() + interval '9 years', 9, false)"
        )
        assert cursore.fetchone() == (0, 0)

    assert _righe([Invito]) == 1


# Dalla tabella al programma -----------------------------------------------------------------


def test_ogni_esecutore_ha_la_sua_regola_e_ogni_durata_del_programma_e_quella_vera(db):
    regole = {regola.codice: regola for regola in leggi_durate()}
    zero = datetime.date(2026, 1, 1)

    assert {regola.chi for regola in regole.values()} == set(RegolaConservazione.Chi)
    assert regole["tentativi"].termine_di(zero) - zero == RETE_NOTA_PER
    assert (regole["copie"].durata, regole["copie"].unita) == (MESI, "mesi")


def test_una_tabella_gia_caricata_prende_le_voci_nuove_e_tiene_cio_che_si_e_scritto(accese):
    """Chi ha già la tabella riceve categorie e parole nuove; durate e segni restano i suoi."""
    with come_sistema(EnteFactory()):
        RegolaConservazione.objects.filter(codice="letture").update(durata=99)
        RegolaConservazione.objects.filter(codice="emergenze").update(
            categoria="com'era",
            evento="com'era",
            durata=7,
            unita="mesi",
            motivo="il nostro",
            tetto=3,
        )
        RegolaConservazione.objects.filter(codice="inviti").update(
            codice="di-prova", chi="altrove"
        )

    assert carica_durate() == 1

    del_file = {regola.codice: regola for regola in leggi_durate()}
    emergenze = RegolaConservazione.objects.get(codice="emergenze")
    assert all(
        getattr(emergenze, nome) == getattr(del_file["emergenze"], nome) for nome in DEL_FILE
    )
    assert (emergenze.durata, emergenze.unita, emergenze.tetto) == (7, "mesi", 3)
    assert (emergenze.motivo, emergenze.accesa) == ("il nostro", True)
    assert RegolaConservazione.objects.get(codice="letture").durata == del_file["letture"].durata
    with come_sistema(EnteFactory()):
        assert carica_durate() == 0
        assert emergenze.storia.filter(pgh_label="cambiata").count() == 3
