"""Quanto costa il confine: le interrogazioni delle pagine con le policy e senza.

Uso: `python -m misure.costo_del_confine [--piccolo]` dalla radice del progetto. Su un database
provvisorio carica il mondo di `misure.mondo` (60.000 persone, un milione di valutazioni), apre le
pagine come un operatore dell'ente più grande e rifà ogni loro lettura due volte: come
`registro_app` nel contesto di chi guarda, e da superutente, che le policy non le ha. Bersaglio:
non più di 2 volte e mezzo millisecondo; negli elenchi non più di 15 interrogazioni.
"""

import os
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg


GIRI = 15
VOLTE, IN_PIU = 2.0, 0.5
MASSIMO = 15
ELENCHI = {"elenco", "ricerca", "casi", "condivise"}


@contextmanager
def database_provvisorio():
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


def pagine(mondo) -> dict[str, list]:
    """Le pagine da misurare: nome → (metodo, indirizzo, dati) della richiesta."""
    from django.urls import reverse

    from beneficiari.models import Autorizzazione, Beneficiario, PresaInCarico
    from privacy import letture
    from registro.db.contesto import contesto

    ente = mondo.enti[0]
    utente = mondo.utenti[mondo.quanto.enti]
    with contesto(utente=utente, ente=ente), letture.registra_letture("misura"):
        seguita = PresaInCarico.objects.filter(ente_id=ente, operatore_id=utente).first()
        persona = Beneficiario.objects.get(pk=seguita.beneficiario_id)
        ricevuta = Autorizzazione.objects.filter(destinatario_id=ente).first()
    uno = [persona.uuid]
    return {
        "elenco": ("get", reverse("beneficiari:elenco"), {}),
        "ricerca": ("post", reverse("beneficiari:cerca"), {"cerca": persona.cognome[:4]}),
        "persona": ("get", reverse("beneficiari:persona", args=uno), {}),
        "rilevazioni": ("get", reverse("beneficiari:rilevazioni", args=uno), {}),
        "consensi": ("get", reverse("beneficiari:consensi", args=uno), {}),
        "chi ha letto": ("get", reverse("beneficiari:accessi", args=uno), {}),
        "casi": ("get", reverse("beneficiari:casi_elenco"), {}),
        "condivise": ("get", reverse("beneficiari:condivise"), {}),
        "condivisa": ("get", reverse("beneficiari:condivisa", args=[ricevuta.uuid]), {}),
    }


def letture_di(client, metodo: str, indirizzo: str, dati: dict) -> tuple[list, float]:
    """Le SELECT che la pagina fa, con i parametri e il contesto; e i millisecondi della pagina."""
    from django.db import connection

    from registro.db.contesto import contesto_corrente

    fatte = []

    def annota(esegui, sql, params, many, contesto):
        fatte.append((sql, params, contesto_corrente()))
        return esegui(sql, params, many, contesto)

    inizio = time.perf_counter()
    with connection.execute_wrapper(annota):
        risposta = getattr(client, metodo)(indirizzo, dati)
    durata = (time.perf_counter() - inizio) * 1000
    if risposta.status_code != 200:
        raise SystemExit(f"{indirizzo}: {risposta.status_code}")
    return fatte, durata


def millisecondi(connessione: psycopg.Connection, sql: str, params, contesto) -> float:
    """La mediana, in millisecondi, di `GIRI` esecuzioni nel contesto dato."""
    tempi = []
    with connessione.transaction():
        connessione.execute(
            "SELECT set_config('registro.utente', %s, true), set_config('registro.ente', %s, true),"
            " set_config('registro.finalita', %s, true)",
            [str(contesto.utente or ""), str(contesto.ente or ""), contesto.finalita or ""],
        )
        for _ in range(GIRI):
            inizio = time.perf_counter()
            connessione.execute(sql, params).fetchall()
            tempi.append((time.perf_counter() - inizio) * 1000)
    return statistics.median(tempi)


def misura(amministratore: str, app: str, mondo) -> int:
    """Stampa una riga per pagina; rende quante interrogazioni sono fuori dal bersaglio."""
    from django.test import Client

    from enti.models import Utente

    client = Client(headers={"host": "localhost"})
    client.force_login(Utente.objects.get(pk=mondo.utenti[mondo.quanto.enti]))
    fuori = 0
    with psycopg.connect(app) as con, psycopg.connect(amministratore) as senza:
        for nome, richiesta in pagine(mondo).items():
            letture_di(client, *richiesta)
            fatte, durata = letture_di(client, *richiesta)
            righe = [
                (millisecondi(con, *voce), millisecondi(senza, *voce), voce[0])
                for voce in fatte
                if voce[0].startswith("SELECT") and "set_config" not in voce[0]
            ]
            lente = [r for r in righe if r[0] > VOLTE * r[1] + IN_PIU]
            fuori += len(lente) + (nome in ELENCHI and len(fatte) > MASSIMO)
            con_confine, senza_confine = (sum(r[posto] for r in righe) for posto in (0, 1))
            print(
                f"{nome:14} {len(fatte):3} interrogazioni, pagina {durata:7.1f} ms;"
                f" letture {con_confine:7.2f} ms con il confine, {senza_confine:7.2f} senza;"
                f" la peggiore {max((r[0] - r[1] for r in righe), default=0):+.2f} ms"
            )
            for con_rls, senza_rls, sql in lente:
                print(f"    fuori: {con_rls:.2f} contro {senza_rls:.2f} ms: {sql[:400]}")
    return fuori


def main(argomenti: list[str]) -> int:
    """Carica, misura, e rende 1 se qualcosa è fuori dal bersaglio."""
    with database_provvisorio() as amministratore:
        from misure.mondo import Grandezza, Mondo

        grandezza = Grandezza()
        if "--piccolo" in argomenti:
            grandezza = Grandezza(30, 3, 3_000, 30_000, 2_000, 5_000)
        inizio = time.perf_counter()
        with psycopg.connect(amministratore) as connessione:
            mondo = Mondo(connessione, grandezza)
            mondo.carica()
        print(f"caricato in {time.perf_counter() - inizio:.1f} s: {grandezza}")
        fuori = misura(amministratore, os.environ["DATABASE_URL"], mondo)
    print("tutto nel bersaglio" if not fuori else f"{fuori} fuori dal bersaglio")
    return int(bool(fuori))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
