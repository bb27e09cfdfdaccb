"""Le importazioni di uno stesso ente si lavorano una alla volta, e chi si interrompe riprova."""

import pytest

from enti.permessi import Ruolo
from prestazioni import tasks
from prestazioni.azioni import importazioni as azioni
from prestazioni.models import Importazione
from tests.fabbriche import attore
from tests.fabbriche_persone import come
from tests.prestazioni.importazioni import LINA, caricato


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

    _lavora(messaggio, "due")

    assert _di(referente, seconda).stato == Stato.IN_ESAME
    assert _di(referente, seconda).tentativi == 0
    assert coda[-1]["countdown"] == tasks.SECONDI_DI_ATTESA

    with come(referente):
        Importazione.objects.filter(pk=prima.pk).update(stato=Stato.ESAMINATA)
    _lavora(coda[-1], "tre")
    assert _di(referente, seconda).stato == Stato.ESAMINATA


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
