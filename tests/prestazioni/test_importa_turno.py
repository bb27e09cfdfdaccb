"""Le importazioni di uno stesso ente si lavorano una alla volta, e chi si interrompe riprova."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from enti.permessi import Ruolo
from prestazioni import tasks
from prestazioni.azioni import importazioni as azioni
from prestazioni.importo import motore
from prestazioni.importo.tipi import Scelte
from prestazioni.models import Importazione
from tests.fabbriche import attore
from tests.fabbriche_persone import come
from tests.fabbriche_prestazioni import ServizioFactory
from tests.prestazioni.importazioni import LINA, caricato, gia_fatta, in_csv, seguita


pytestmark = pytest.mark.django_db

Stato = Importazione.Stato
RIGA = (*LINA, "3/2/26", "Sportello casa", "1h")


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def coda(monkeypatch):
    """I messaggi mandati, con quanto aspettano; nessuno li lavora finché la prova non lo chiede."""
    mandati = []
    monkeypatch.setattr(
        tasks.lavora_importazione, "apply_async", lambda **campi: mandati.append(campi)
    )
    return mandati


def _in_esame(client, chi, coda, monkeypatch) -> Importazione:
    """Un'importazione chiesta, che nessuno ha ancora preso."""
    monkeypatch.setattr(azioni, "metti_in_coda", lambda **quale: coda.append({"kwargs": quale}))
    return caricato(client, chi, RIGA)


def _lavora(messaggio, nome: str) -> None:
    tasks.lavora_importazione.apply(kwargs=messaggio["kwargs"], task_id=nome).get()


def _di(chi, importazione) -> Importazione:
    with come(chi):
        return Importazione.objects.get(pk=importazione.pk)


def test_la_seconda_dello_stesso_ente_aspetta_che_la_prima_finisca(
    client, referente, coda, monkeypatch
):
    prima = _in_esame(client, referente, coda, monkeypatch)
    seconda = _in_esame(client, referente, coda, monkeypatch)
    messaggio = coda[-1]
    with come(referente):
        Importazione.objects.filter(pk=prima.pk).update(lavoro="uno", avanzamento=10)

    quanti = len(coda)
    _lavora(messaggio, "due")

    assert _di(referente, seconda).stato == Stato.IN_ESAME
    assert _di(referente, seconda).tentativi == 0
    # Aspetta in tabella: nessun messaggio gira per lei.
    assert len(coda) == quanti

    with come(referente):
        Importazione.objects.filter(pk=prima.pk).update(lavoro="")
    _lavora(coda[0], "uno")
    assert _di(referente, prima).stato == Stato.ESAMINATA
    assert [m["kwargs"]["importazione_id"] for m in coda[quanti:]] == [seconda.pk]
    _lavora(coda[-1], "tre")
    assert _di(referente, seconda).stato == Stato.ESAMINATA
    assert len(coda) == quanti + 1


def test_chi_aspetta_a_lungo_non_moltiplica_i_messaggi(client, referente, coda, monkeypatch):
    """Una che aspetta il turno da più di dodici minuti si ritenta, e dice che non è ferma."""
    prima = _in_esame(client, referente, coda, monkeypatch)
    seconda = _in_esame(client, referente, coda, monkeypatch)
    adesso = timezone.now()
    with come(referente):
        Importazione.objects.filter(pk=prima.pk).update(lavoro="uno", segno_di_vita=adesso)
        Importazione.objects.filter(pk=seconda.pk).update(
            segno_di_vita=adesso - tasks.SILENZIO * 2
        )
    del coda[:]

    tasks.cura_importazioni()
    (messaggio,) = coda
    _lavora(messaggio, "due")
    for _ in range(5):
        tasks.cura_importazioni()

    assert coda == [messaggio]
    assert _di(referente, seconda).segno_di_vita >= adesso


def test_quella_caduta_mentre_aspettava_si_sveglia_quando_l_altra_finisce(
    client, referente, coda, monkeypatch
):
    prima = _in_esame(client, referente, coda, monkeypatch)
    caduta = _in_esame(client, referente, coda, monkeypatch)
    with come(referente):
        Importazione.objects.filter(pk=caduta.pk).update(
            lavoro="perso", segno_di_vita=timezone.now() - tasks.SILENZIO * 2
        )
    quanti = len(coda)

    _lavora(coda[0], "uno")

    assert _di(referente, prima).stato == Stato.ESAMINATA
    assert [m["kwargs"]["importazione_id"] for m in coda[quanti:]] == [caduta.pk]


def test_oltre_cinque_in_corso_la_sesta_non_parte_e_si_dice(referente, coda, monkeypatch):
    monkeypatch.setattr(azioni, "metti_in_coda", lambda **quale: coda.append(quale))
    for _ in range(azioni.IN_CORSO_INSIEME):
        mia = gia_fatta(referente)
        with come(referente):
            azioni.esamina(importazione=mia, scelte=Scelte(), da=referente)
    troppa = gia_fatta(referente)

    with come(referente), pytest.raises(ValidationError, match="già 5 importazioni in corso"):
        azioni.esamina(importazione=troppa, scelte=Scelte(), da=referente)

    assert _di(referente, troppa).stato == Stato.DA_ABBINARE
    # Quelle di un altro ente non contano.
    altro = attore(Ruolo.REFERENTE)
    sua = gia_fatta(altro)
    with come(altro):
        azioni.esamina(importazione=sua, scelte=Scelte(), da=altro)
    assert _di(altro, sua).stato == Stato.IN_ESAME


@contextmanager
def _altrove_si_scrive(ente) -> Iterator[None]:
    """Un'altra connessione tiene il lucchetto di chi scrive un foglio dell'ente."""
    tutti = connection.get_connection_params()
    quali = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{nome: tutti[nome] for nome in quali if nome in tutti}) as altra:
        altra.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [motore.SCRITTURA, ente.pk]
        )
        yield


def test_anche_dal_comando_si_scrive_un_foglio_alla_volta(referente, monkeypatch):
    """Il comando non ha un turno: aspetta il database, e poi vede ciò che l'altro ha scritto."""
    seguita(referente.ente, "Abate", "Lina")
    ServizioFactory(ente=referente.ente, nome="Sportello casa")
    foglio = {"tipo": "prestazioni", "contenuto": in_csv(RIGA), "scelte": Scelte()}
    monkeypatch.setattr(motore, "ATTESA", 0)

    with _altrove_si_scrive(referente.ente), come(referente):
        with pytest.raises(ValidationError, match="si sta caricando in questo momento"):
            azioni.importa_subito(**foglio, da=referente)
        # Chi controlla soltanto non scrive, e non aspetta.
        assert azioni.importa_subito(**foglio, da=referente, prova=True)[1] is None

    with come(referente):
        assert azioni.importa_subito(**foglio, da=referente)[1] is not None


def test_chi_non_vede_l_altra_aspetta_senza_contare_un_tentativo(
    client, referente, coda, monkeypatch
):
    """Chi importa per un'eccezione non vede le importazioni dei colleghi: lo ferma il database."""
    seguita(referente.ente, "Abate", "Lina")
    ServizioFactory(ente=referente.ente, nome="Sportello casa")
    mia = _in_esame(client, referente, coda, monkeypatch)
    _lavora(coda[-1], "uno")
    with come(referente):
        azioni.carica(importazione=mia, da=referente)
    messaggio, quanti = coda[-1], len(coda)

    with _altrove_si_scrive(referente.ente):
        _lavora(messaggio, "due")

    aspetta = _di(referente, mia)
    assert (aspetta.stato, aspetta.lavoro) == (Stato.IN_CARICAMENTO, "")
    assert aspetta.tentativi == 0
    assert [m["countdown"] for m in coda[quanti:]] == [tasks.RIPROVA]

    _lavora(coda[-1], "tre")
    assert _di(referente, mia).stato == Stato.CARICATA


def test_quella_di_un_altro_ente_non_fa_aspettare(client, referente, coda, monkeypatch):
    altro = attore(Ruolo.REFERENTE)
    sua = _in_esame(client, altro, coda, monkeypatch)
    with come(altro):
        Importazione.objects.filter(pk=sua.pk).update(lavoro="uno", avanzamento=10)
    mia = _in_esame(client, referente, coda, monkeypatch)

    _lavora(coda[-1], "due")

    assert _di(referente, mia).stato == Stato.ESAMINATA


def test_dopo_un_guasto_il_messaggio_nuovo_riprende_subito(client, referente, coda, monkeypatch):
    """Chi ritenta ha un altro nome: la riga non deve sembrargli già in mano a qualcuno."""
    mia = _in_esame(client, referente, coda, monkeypatch)
    intera = tasks.leggi_foglio

    def guasta(contenuto):
        raise RuntimeError

    monkeypatch.setattr(tasks, "leggi_foglio", guasta)
    _lavora(coda[-1], "uno")
    assert _di(referente, mia).stato == Stato.IN_ESAME

    monkeypatch.setattr(tasks, "leggi_foglio", intera)
    _lavora(coda[-1], "due")

    assert _di(referente, mia).stato == Stato.ESAMINATA
    assert _di(referente, mia).tentativi == 2
