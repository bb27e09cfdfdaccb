"""Il database provvisorio su cui si misura, e il mondo che ci si carica."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


# Nodi e codici che il mondo da solo non ha: servono ai numeri della rete.
_CODICI = """
    INSERT INTO beneficiari_etichetta (beneficiario_id, ente_id, etichetta)
    SELECT id, ente_id, decode(md5((id % 40000)::text), 'hex') FROM beneficiari_beneficiario
    WHERE id % 4 <> 0
"""
_NODI = """
    INSERT INTO enti_nodo (slug, denominazione, parte, comuni)
        VALUES ('a', 'Nodo a', 1, '{}'), ('b', 'Nodo b', 2, '{}'), ('c', 'Nodo c', 3, '{}');
    UPDATE enti_ente SET nodo_id = (
        SELECT id FROM enti_nodo n WHERE n.parte = 1 + enti_ente.id % 3
    );
    UPDATE enti_appartenenza SET ruolo = 'coordinatore' WHERE id = (
        SELECT max(id) FROM enti_appartenenza
    );
"""


@contextmanager
def database_provvisorio() -> Iterator[str]:
    """Server incorporati in una cartella che poi si butta, migrati; rende l'accesso da superutente."""
    from registro.comune.chiavi import chiavi_nuove
    from registro.servizi.ambiente import avvia_incorporati, variabili
    from registro.servizi.cartella import rimuovi

    cartella = Path(tempfile.mkdtemp(prefix="registro-misura-"))
    cartella.chmod(0o711)
    (cartella / "static").mkdir()
    incorporati = avvia_incorporati(cartella, effimeri=True)
    os.environ |= variabili(incorporati)
    os.environ["REGISTRO_CHIAVI"] = chiavi_nuove()
    os.environ["DJANGO_SETTINGS_MODULE"] = "registro.settings_test"
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield incorporati.url_amministratore.removesuffix("/postgres") + "/registro"
    finally:
        incorporati.ferma()
        rimuovi(cartella)


def carica_mondo(amministratore: str, grandezza):
    """Carica il mondo, con nodi e codici; rende (mondo, secondi)."""
    from misure.mondo import Mondo

    inizio = time.perf_counter()
    with psycopg.connect(amministratore) as connessione:
        mondo = Mondo(connessione, grandezza)
        mondo.carica()
        secondi = time.perf_counter() - inizio
        # Come il mondo stesso: coi trigger spenti.
        connessione.execute("SET session_replication_role = replica")
        connessione.execute(_NODI)
        connessione.execute(_CODICI)
        connessione.execute("VACUUM ANALYZE beneficiari_etichetta, enti_ente, enti_nodo")
    return mondo, secondi


def entrato(utente: int):
    """Un client già dentro, col secondo fattore dato, come `utente`."""
    from django.test import Client

    from enti.middleware import FATTORE
    from enti.models import Utente

    client = Client(headers={"host": "localhost"})
    client.force_login(Utente.objects.get(pk=utente))
    sessione = client.session
    sessione[FATTORE] = "totp"
    sessione.save()
    return client
