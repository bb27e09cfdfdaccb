"""Le categorie che non sono persone: ciascuna ha un termine, e la notte lo esegue davvero."""

import datetime
from uuid import uuid4

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from conservazione.caricamento import DEL_FILE, carica_durate, leggi_durate
from conservazione.models import RegolaConservazione
from enti.azioni.freno import RETE_NOTA_PER
from enti.models import Invito, RipristinoFattore
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.servizi.salvataggio.tenuta import MESI
from tests.conservazione.categorie import accendi, emergenza, notte, righe
from tests.enti.inviti_di_prova import invito
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_persone import come


pytestmark = pytest.mark.django_db


def _invito(referente) -> None:
    invito(ente=referente.ente, accettato_il=timezone.now())


def _ripristino(referente) -> None:
    with come_sistema(referente.ente):
        RipristinoFattore.objects.create(utente=referente.utente, chiesto_il=timezone.now())


def _tentativi(_referente) -> None:
    for modello in (AccessAttempt, AccessFailureLog, AccessLog):
        altri = {"failures_since_start": 2} if modello is AccessAttempt else {}
        modello.objects.create(username=f"{uuid4()}@prova.it", ip_address="10.0.0.1", **altri)


# Categoria → chi ne scrive una riga che finisce adesso, quali tabelle riempie.
CASI = {
    "inviti": (_invito, [Invito]),
    "ripristini": (_ripristino, [RipristinoFattore]),
    "tentativi": (_tentativi, [AccessAttempt, AccessFailureLog, AccessLog]),
}


@pytest.fixture
def accese(db):
    accendi()


@pytest.mark.parametrize("codice", sorted(CASI))
def test_un_giorno_prima_niente_un_giorno_dopo_non_c_e_piu(accese, referente, codice):
    """GDPR-18: anche ciò che non è una persona ha un termine, e alla sua fine se ne va."""
    scrivi, modelli = CASI[codice]
    scrivi(referente)
    quante = righe(modelli)
    regola = RegolaConservazione.objects.get(codice=codice)
    # Un invito accettato e una prova contano da adesso: il termine è il giorno in cui finisce.
    termine = regola.termine_di(timezone.localdate())

    presto = notte(referente.ente, termine - datetime.timedelta(2))[codice]
    assert (presto.arrivate, presto.tolte, righe(modelli)) == (0, 0, quante)
    prova = notte(referente.ente, termine + datetime.timedelta(2), prova=True)[codice]
    assert (prova.tolte, righe(modelli)) == (0, quante)
    assert prova.arrivate > 0

    dopo = notte(referente.ente, termine + datetime.timedelta(2))[codice]

    assert (dopo.tolte, dopo.rimaste, righe(modelli)) == (prova.arrivate, 0, 0)


@pytest.mark.parametrize("come_si_ferma", ["regola", "impostazioni"])
@pytest.mark.parametrize("codice", sorted(CASI))
def test_spenta_o_ferma_conta_e_non_tocca(accese, referente, settings, codice, come_si_ferma):
    scrivi, modelli = CASI[codice]
    scrivi(referente)
    quante = righe(modelli)
    with come_sistema(referente.ente):
        RegolaConservazione.objects.update(accesa=come_si_ferma != "regola")
    settings.CONSERVAZIONE_FERMA = come_si_ferma == "impostazioni"
    regola = RegolaConservazione.objects.get(codice=codice)

    giorno = regola.termine_di(timezone.localdate()) + datetime.timedelta(2)
    corsa = notte(referente.ente, giorno)[codice]

    assert (corsa.prova, corsa.arrivate > 0, corsa.tolte) == (True, True, 0)
    assert righe(modelli) == quante


def test_un_codice_cercato_in_emergenza_non_aspetta_la_prossima_emergenza(accese, referente):
    """Finito l'accesso, gli indici del codice se ne vanno anche se nessuno ne apre un altro."""
    emergenza(referente)
    domani = timezone.localdate() + datetime.timedelta(3)

    prima = notte(referente.ente, domani)["emergenze-cercate"]
    dopo = notte(referente.ente, domani)["emergenze-cercate"]

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

    corsa = notte(referente.ente, giorno)["inviti"]

    assert (corsa.arrivate, corsa.tolte, corsa.rimaste) == (3, 2, 1)
    with come_sistema(referente.ente):
        assert Invito.objects.get().email == "n0@rete.example"


@pytest.mark.parametrize("codice", ["tentativi", "sessioni", "ripristini"])
def test_cio_che_non_e_di_un_ente_non_ha_tetto(accese, referente, codice):
    """Le toglie il primo ente che passa: con un tetto ne resterebbero ogni notte di più."""
    for numero in range(3):
        _tentativi(referente)
        _ripristino(attore(Ruolo.OPERATORE, ente=referente.ente))
        finita = timezone.now() + datetime.timedelta(numero)
        Session.objects.create(session_key=f"s{numero}", session_data="", expire_date=finita)
    with come_sistema(referente.ente):
        RegolaConservazione.objects.filter(codice=codice).update(tetto=1)

    corsa = notte(referente.ente, timezone.localdate() + datetime.timedelta(3700))[codice]

    assert corsa.arrivate == (9 if codice == "tentativi" else 3)
    assert (corsa.tolte, corsa.rimaste) == (corsa.arrivate, 0)


def test_le_righe_di_un_altro_ente_le_toglie_la_sua_notte(accese, referente):
    _invito(referente)
    giorno = timezone.localdate() + datetime.timedelta(370)

    assert notte(EnteFactory(), giorno)["inviti"].arrivate == 0
    assert righe([Invito]) == 1


@pytest.mark.parametrize("ruolo", list(Ruolo))
def test_quella_porta_la_apre_solo_il_lavoro_notturno(accese, referente, ruolo):
    _invito(referente)
    chi = attore(ruolo, ente=referente.ente)

    with come(chi), connection.cursor() as cursore:
        cursore.execute(
            "SELECT * FROM registro_togli_scadute('inviti', now() + interval '9 years', 9, false)"
        )
        assert cursore.fetchone() == (0, 0)

    assert righe([Invito]) == 1


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
            durata=17,
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
    assert (emergenze.durata, emergenze.unita, emergenze.tetto) == (17, "mesi", 3)
    assert (emergenze.motivo, emergenze.accesa) == ("il nostro", True)
    assert RegolaConservazione.objects.get(codice="letture").durata == del_file["letture"].durata
    with come_sistema(EnteFactory()):
        assert carica_durate() == 0
        assert emergenze.storia.filter(pgh_label="cambiata").count() == 3
