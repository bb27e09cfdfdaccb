"""Quanto costa importare 50.000 prestazioni, rispetto a un COPY delle stesse righe.

Uso: `python -m misure.importazione [--piccolo]` dalla radice del progetto. Su un database
provvisorio carica il mondo di `misure.mondo`; per l'ente più grande scrive un foglio con cognome,
nome, data di nascita, data, servizio, ore e operatore, e lo importa come referente, con tutti i
controlli. Il confronto è un COPY, da superutente, delle stesse righe già risolte nelle stesse
tabelle, coi trigger accesi. Ogni giro si annulla, dopo aver controllato i vincoli rimandati.
Bersaglio: CSV non oltre 2 volte il COPY; XLSX non oltre la lettura del file più 2 volte.
"""

import csv
import io
import random
import statistics
import time
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import psycopg

from misure.banco import carica_mondo, database_provvisorio
from misure.tavola import Riga, esci, numero, volte


RIGHE, PICCOLO, GIRI, VOLTE = 50_000, 15_000, 5, 2.0
# Durate che il mondo non usa: nessuna riga è già registrata, e il controllo si paga tutto.
_DURATE = (25, 35, 50, 70, 85)
_ULTIMO = date(2026, 11, 1)
_INTESTAZIONI = ["Cognome", "Nome", "Data di nascita", "Data", "Servizio", "Minuti", "Operatore"]


_PERSONE = """
SELECT b.id, b.cognome, b.nome, b.data_nascita, p.id, p.azione_id, p.aperta_il
FROM beneficiari_beneficiario b JOIN beneficiari_presaincarico p ON p.beneficiario_id = b.id
WHERE b.ente_id = %(ente)s AND p.aperta_il < %(prima_di)s AND (
    SELECT count(*) FROM beneficiari_beneficiario o WHERE o.ente_id = b.ente_id
      AND o.nome_cercato = b.nome_cercato AND o.data_nascita = b.data_nascita) = 1
"""
_SERVIZI = "SELECT id, nome, voce_id FROM assi_servizio WHERE ente_id = %(ente)s"
_OPERATORI = """
SELECT u.id, u.nome || ' ' || u.cognome FROM enti_utente u
JOIN enti_appartenenza a ON a.utente_id = u.id WHERE a.ente_id = %(ente)s
"""


def righe_da_importare(
    connessione: psycopg.Connection, mondo, quante: int
) -> list[SimpleNamespace]:
    """Righe diverse fra loro, delle persone dell'ente più grande: ciò che si scrive e le chiavi."""
    caso = random.Random(11)  # noqa: S311 - dati di prova
    valori = {"ente": mondo.enti[0], "prima_di": _ULTIMO - timedelta(60)}
    scelte = [
        connessione.execute(sql, valori).fetchall() for sql in (_PERSONE, _SERVIZI, _OPERATORI)
    ]
    viste: dict[tuple, SimpleNamespace] = {}
    while len(viste) < quante:
        persona, servizio, operatore = map(caso.choice, scelte)
        giorno = persona[-1] + timedelta(caso.randrange((_ULTIMO - persona[-1]).days))
        riga = _riga(persona, servizio, operatore, giorno, caso.choice(_DURATE))
        viste[riga.persona, giorno, riga.servizio, riga.operatore, riga.minuti] = riga
    return list(viste.values())


def _riga(persona: tuple, servizio: tuple, operatore: tuple, giorno: date, minuti: int):
    return SimpleNamespace(
        scritta=[*persona[1:4], giorno, servizio[1], minuti, operatore[1]],
        persona=persona[0],
        presa=persona[4],
        azione=persona[5],
        giorno=giorno,
        servizio=servizio[0],
        voce=servizio[2],
        operatore=operatore[0],
        minuti=minuti,
    )


def in_csv(righe: list[SimpleNamespace]) -> bytes:
    testo = io.StringIO()
    scrittore = csv.writer(testo, delimiter=";")
    scrittore.writerow(_INTESTAZIONI)
    for riga in righe:
        scrittore.writerow(
            f"{cella:%d/%m/%Y}" if isinstance(cella, date) else cella for cella in riga.scritta
        )
    return testo.getvalue().encode("cp1252")


def in_xlsx(righe: list[SimpleNamespace]) -> bytes:
    from registro.comune.esportazioni import Tabella, foglio_xlsx

    return foglio_xlsx([Tabella("Prestazioni", _INTESTAZIONI, (r.scritta for r in righe))])


_COPIA_PRESTAZIONI = """COPY prestazioni_prestazione (id, uuid, ente_id, servizio_id, azione_id,
    operatore_id, giorno, minuti, modo, luogo, oggetto, origine, registrata_da_id, versione)
    FROM STDIN"""
_COPIA_CHI_C_ERA = """COPY prestazioni_partecipazione (ente_id, prestazione_id, presa_id,
    beneficiario_id, giorno, azione_id, voce_id, registrata_da_id) FROM STDIN"""


def copia(indirizzo: str, mondo, righe: list[SimpleNamespace]) -> float:
    """I secondi di un COPY delle righe nelle due tabelle, coi trigger e i vincoli."""
    ente, utente = mondo.enti[0], mondo.utenti[0]
    with psycopg.connect(indirizzo) as connessione:
        connessione.execute(
            "SELECT set_config('registro.utente', %s, true), set_config('registro.ente', %s, true)",
            [str(utente), str(ente)],
        )
        chiavi = mondo_chiavi(connessione, len(righe))
        prestazioni = [
            (
                *(chiave, uuid.uuid4(), ente, r.servizio, r.azione, r.operatore, r.giorno),
                *(r.minuti, "presenza", "", "", "web", utente, 1),
            )
            for chiave, r in zip(chiavi, righe, strict=True)
        ]
        presenti = [
            (ente, chiave, r.presa, r.persona, r.giorno, r.azione, r.voce, utente)
            for chiave, r in zip(chiavi, righe, strict=True)
        ]
        inizio = time.perf_counter()
        _copia(connessione, _COPIA_PRESTAZIONI, prestazioni)
        _copia(connessione, _COPIA_CHI_C_ERA, presenti)
        connessione.execute("SET CONSTRAINTS ALL IMMEDIATE")
        durata = time.perf_counter() - inizio
        connessione.rollback()
    return durata


def mondo_chiavi(connessione: psycopg.Connection, quante: int) -> range:
    nome = "prestazioni_prestazione_id_seq"
    (prima,) = connessione.execute("SELECT nextval(%s)", [nome]).fetchone()
    connessione.execute("SELECT setval(%s, %s)", [nome, prima + quante])
    return range(prima, prima + quante)


def _copia(connessione: psycopg.Connection, comando: str, righe) -> None:
    with connessione.cursor() as cursore, cursore.copy(comando) as aperta:
        for riga in righe:
            aperta.write_row(riga)


def importa(mondo, contenuto: bytes) -> float:
    """I secondi dell'importazione intera, dal file ai vincoli controllati; poi si annulla."""
    from django.db import connection, transaction

    from prestazioni.azioni.importazioni import importa_subito
    from prestazioni.importo.tipi import Scelte
    from prestazioni.tasks import attore_di
    from registro.db.contesto import contesto

    ente, utente = mondo.enti[0], mondo.utenti[0]
    with contesto(utente=utente, ente=ente):
        attore = attore_di(utente, ente)
        inizio = time.perf_counter()
        esame, importazione = importa_subito(
            tipo="prestazioni", contenuto=contenuto, scelte=Scelte(), da=attore
        )
        if importazione is None:
            raise SystemExit(f"Non si carica: {esame.rifiuti[:3]}")
        with connection.cursor() as cursore:
            cursore.execute("SET CONSTRAINTS ALL IMMEDIATE")
        durata = time.perf_counter() - inizio
        transaction.set_rollback(True)
    return durata


def pulisci(indirizzo: str) -> None:
    """Toglie le righe morte del giro di prima."""
    with psycopg.connect(indirizzo, autocommit=True) as connessione:
        connessione.execute("VACUUM (ANALYZE) prestazioni_prestazione, prestazioni_partecipazione")


def un_giro(indirizzo: str, mondo, righe: list, fogli: dict[str, bytes]) -> dict[str, float]:
    """I secondi del COPY, della lettura del XLSX e delle due importazioni, una dopo l'altra: su una
    macchina occupata vale il rapporto fra misure vicine."""
    from registro.comune.fogli.lettura import leggi_foglio

    pulisci(indirizzo)
    tempi = {"COPY": copia(indirizzo, mondo, righe)}
    inizio = time.perf_counter()
    leggi_foglio(fogli["XLSX"])
    tempi["lettura"] = time.perf_counter() - inizio
    for nome, contenuto in fogli.items():
        pulisci(indirizzo)
        tempi[nome] = importa(mondo, contenuto)
    return tempi


def misura(indirizzo: str, quante: int, prestazioni: int) -> Iterator[Riga]:
    """Le due misure, CSV e XLSX, con le mediane dei rapporti."""
    from misure.mondo import Grandezza

    quanto = Grandezza(
        enti=30,
        persone=6_000,
        valutazioni=0,
        autorizzazioni=100,
        letture=0,
        prestazioni=prestazioni,
    )
    mondo, _ = carica_mondo(indirizzo, quanto)
    with psycopg.connect(indirizzo) as connessione:
        righe = righe_da_importare(connessione, mondo, quante)
    fogli = {"CSV": in_csv(righe), "XLSX": in_xlsx(righe)}
    giri = [un_giro(indirizzo, mondo, righe, fogli) for _ in range(GIRI)]
    secondi = {nome: statistics.median(giro[nome] for giro in giri) for nome in giri[0]}
    rapporti = {
        "CSV": statistics.median(g["CSV"] / g["COPY"] for g in giri),
        "XLSX": statistics.median((g["XLSX"] - g["lettura"]) / g["COPY"] for g in giri),
    }
    oltre = {"CSV": "", "XLSX": f" oltre la lettura del file, {numero(secondi['lettura'])} s"}
    for nome, rapporto in rapporti.items():
        yield Riga(
            f"importazione di {numero(quante, 0)} prestazioni da {nome}, con tutti i controlli",
            f"il COPY delle stesse righe, {numero(secondi['COPY'])} s",
            f"{numero(secondi[nome])} s, {volte(rapporto)}{oltre[nome]}",
            volte(VOLTE),
            rapporto <= VOLTE,
        )


def main(argomenti: list[str]) -> Iterator[Riga]:
    piccolo = "--piccolo" in argomenti
    with database_provvisorio() as indirizzo:
        yield from misura(indirizzo, *((PICCOLO, PICCOLO) if piccolo else (RIGHE, 10 * RIGHE)))


if __name__ == "__main__":
    esci(main)
