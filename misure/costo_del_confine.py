"""Quanto costa il confine: le interrogazioni delle pagine con le policy e senza.

Uso: `python -m misure.costo_del_confine [--piccolo]` dalla radice del progetto. Su un database
provvisorio carica il mondo di `misure.mondo` (60.000 persone, un milione di valutazioni), apre le
pagine come un operatore dell'ente più grande e rifà ogni loro lettura due volte: come
`registro_app` nel contesto di chi guarda, e da superutente, che le policy non le ha. Bersaglio:
non più di 2 volte e mezzo millisecondo; negli elenchi non più di 15 interrogazioni.
"""

import os
import time
from collections.abc import Iterator

import psycopg

from misure.banco import carica_mondo, database_provvisorio, entrato
from misure.tavola import Riga, alternate, esci, numero


GIRI = 15
VOLTE, IN_PIU = 2.0, 0.5
MASSIMO = 15
ELENCHI = {"elenco", "ricerca", "casi", "condivise"}


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
        "ricerca": ("post", reverse("beneficiari:cerca"), {"testo": persona.cognome[:4]}),
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


def mediane(con: psycopg.Connection, senza: psycopg.Connection, voce: tuple) -> list[float]:
    """Le mediane, in millisecondi, della stessa lettura col confine e senza, a turno."""
    sql, parametri, contesto = voce
    with con.transaction(), senza.transaction():
        for connessione in (con, senza):
            connessione.execute(
                "SELECT set_config('registro.utente', %s, true),"
                " set_config('registro.ente', %s, true), set_config('registro.finalita', %s, true)",
                [str(contesto.utente or ""), str(contesto.ente or ""), contesto.finalita or ""],
            )
        return alternate(
            *(lambda c=c: c.execute(sql, parametri).fetchall() for c in (con, senza)), giri=GIRI
        )


def misura(amministratore: str, mondo) -> Iterator[Riga]:
    """Una riga per pagina: la peggiore delle sue letture, e quante sono."""
    client = entrato(mondo.utenti[mondo.quanto.enti])
    with (
        psycopg.connect(os.environ["DATABASE_URL"]) as con,
        psycopg.connect(amministratore) as senza,
    ):
        for nome, richiesta in pagine(mondo).items():
            letture_di(client, *richiesta)
            fatte, durata = letture_di(client, *richiesta)
            righe = [
                (*mediane(con, senza, voce), voce[0])
                for voce in fatte
                if voce[0].startswith("SELECT") and "set_config" not in voce[0]
            ]
            yield _riga(nome, righe, len(fatte))
            print(f"    la pagina intera {durata:.1f} ms")


def _riga(nome: str, righe: list[tuple], quante: int) -> Riga:
    """Le letture di una pagina, (con, senza, sql) in millisecondi; `quante` interrogazioni in tutto."""
    lente = [r for r in righe if r[0] > VOLTE * r[1] + IN_PIU]
    for con_rls, senza_rls, sql in lente:
        print(f"    fuori: {con_rls:.2f} contro {senza_rls:.2f} ms: {sql[:400]}")
    con_confine, senza_confine = (sum(r[posto] for r in righe) for posto in (0, 1))
    peggiore = max((r[0] - r[1] for r in righe), default=0.0)
    troppe = nome in ELENCHI and quante > MASSIMO
    return Riga(
        f"{nome}: {len(righe)} letture con il confine",
        f"le stesse senza, {numero(senza_confine)} ms",
        f"{numero(con_confine)} ms, al più {numero(peggiore)} ms in più l'una;"
        f" {quante} interrogazioni",
        f"ognuna entro {VOLTE:.0f} volte e {numero(IN_PIU, 1)} ms"
        + (f", al più {MASSIMO} interrogazioni" if nome in ELENCHI else ""),
        not lente and not troppe,
    )


def main(argomenti: list[str]) -> Iterator[Riga]:
    """Carica e misura."""
    with database_provvisorio() as amministratore:
        from misure.mondo import Grandezza

        grandezza = Grandezza()
        if "--piccolo" in argomenti:
            grandezza = Grandezza(30, 3, 3_000, 30_000, 2_000, 5_000)
        mondo, _ = carica_mondo(amministratore, grandezza)
        yield from misura(amministratore, mondo)


if __name__ == "__main__":
    esci(main)
