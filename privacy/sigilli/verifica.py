"""La verifica: ogni sigillo contro le sue righe, la catena contro sé stessa e contro le testate."""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import psycopg
from django.conf import settings
from django.utils import timezone
from psycopg.rows import namedtuple_row

from privacy.sigilli.accesso import apri
from privacy.sigilli.archivio import rileggi_gli_archivi
from privacy.sigilli.esito import Esito, Problema
from privacy.sigilli.firma import (
    TestataLetta,
    chiave_pubblica,
    leggi_testata,
    testata_in_testo,
)


# Quanti sigilli si ricalcolano in un'interrogazione: un giorno e mezzo, a uno al minuto.
QUANTI_INSIEME = 2000
# Oltre, le righe non sigillate dicono che chi sigilla è fermo.
ATTESA_MASSIMA = timedelta(minutes=15)
_PRIMA = "0" * 64


def verifica(testate: Iterable[TestataLetta] = (), *, archivi: bool = False) -> Esito:
    """Verifica tutti i sigilli; `testate` sono quelle che qualcuno ha tenuto fuori dal server.

    Con `archivi` rilegge anche i mesi usciti, dai loro file: dura di più, un mese alla volta. Trova
    righe cambiate, aggiunte, tolte o scambiate, sigilli tolti o rifatti, una coda tagliata. Solleva
    SigilliChiusi.
    """
    inizio, esito = time.monotonic(), Esito()
    with apri() as connessione:
        # Tutto si guarda nello stesso istante: intanto si continua a sigillare.
        connessione.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        impronte = _catena(connessione, esito)
        _contenuti(connessione, esito)
        if archivi:
            rileggi_gli_archivi(connessione, esito)
        _testate(connessione, esito, impronte, testate)
        _attesa(connessione, esito)
    esito.millisecondi = int((time.monotonic() - inizio) * 1000)
    return esito


def annota_verifica(esito: Esito) -> None:
    """Scrive l'esito dove le pagine lo leggono. Solleva SigilliChiusi."""
    problemi = [{"tipo": p.tipo, "sigillo": p.sigillo, "frase": p.frase} for p in esito.problemi]
    with apri() as connessione:
        connessione.execute(
            "INSERT INTO privacy_verificadisigilli"
            " (riuscita, sigilli, righe, millisecondi, problemi) VALUES (%s, %s, %s, %s, %s)",
            [esito.torna, esito.sigilli, esito.righe, esito.millisecondi, json.dumps(problemi)],
        )


def _catena(connessione: psycopg.Connection, esito: Esito) -> dict[int, str]:
    """Numeri, intervalli e impronte si tengono l'uno con l'altro. Rende numero → impronta."""
    impronte: dict[int, str] = {}
    prima, numero, fine = _PRIMA, 0, {}
    for sigillo in _sigilli(connessione):
        numero += 1
        if sigillo.id != numero:
            esito.problemi.append(_mancano(numero, sigillo.id))
            numero = sigillo.id
        elif sigillo.precedente != prima or sigillo.da != fine.get(sigillo.epoca, 0):
            esito.problemi.append(
                Problema("catena", "non continua quello di prima: uno è stato rifatto.", numero)
            )
        if _impronta(sigillo) != sigillo.impronta:
            esito.problemi.append(Problema("sigillo", "è stato riscritto.", numero))
        prima, fine[sigillo.epoca] = sigillo.impronta, sigillo.a
        impronte[numero] = sigillo.impronta
        esito.sigilli += 1
        esito.righe += sigillo.righe
    return impronte


def _sigilli(connessione: psycopg.Connection) -> Iterator:
    with connessione.cursor(row_factory=namedtuple_row) as cursore:
        yield from cursore.execute(
            "SELECT id, epoca, da, a, righe, parti::text AS parti, precedente, impronta, creato_il"
            " FROM privacy_sigillo ORDER BY id"
        )


def _impronta(sigillo) -> str:
    """Come la calcola `registro_sigilla()`; qui da capo, senza chiederlo al database."""
    quando = sigillo.creato_il.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    voci = (
        *("registro-sigillo-1", sigillo.id, sigillo.epoca, sigillo.da, sigillo.a),
        *(sigillo.righe, sigillo.parti, sigillo.precedente, quando),
    )
    return hashlib.sha256("|".join(map(str, voci)).encode()).hexdigest()


def _mancano(atteso: int, trovato: int) -> Problema:
    quanti = trovato - atteso
    mancano = "manca un sigillo" if quanti == 1 else f"mancano {quanti} sigilli"
    return Problema("sigilli-tolti", f"prima di questo {mancano}.", trovato)


def _contenuti(connessione: psycopg.Connection, esito: Esito) -> None:
    usciti = set(
        connessione.execute(
            "SELECT registro, mese::text FROM privacy_mesearchiviato WHERE tolto_il IS NOT NULL"
        )
    )
    ultimo = connessione.execute("SELECT coalesce(max(id), 0) FROM privacy_sigillo").fetchone()[0]
    for dal in range(1, ultimo + 1, QUANTI_INSIEME):
        lotti = [dal, dal + QUANTI_INSIEME - 1]
        scritte = connessione.execute(
            "SELECT id, parti FROM privacy_sigillo WHERE id BETWEEN %s AND %s ORDER BY id", lotti
        ).fetchall()
        oggi = dict(connessione.execute("SELECT * FROM registro_ricalcola(%s, %s)", lotti))
        for numero, parti in scritte:
            try:
                _confronta(numero, parti, oggi.get(numero, []), usciti, esito)
            except (KeyError, TypeError):
                frase = "non si legge: è stato riscritto."
                esito.problemi.append(Problema("sigillo", frase, numero))


def _confronta(
    numero: int, prima: Sequence[dict], adesso: Sequence[dict], usciti: set, esito: Esito
) -> None:
    allora = {(p["t"], p["m"]): (p["n"], p["i"]) for p in prima}
    ora = {(p["t"], p["m"]): (p["n"], p["i"]) for p in adesso}
    for parte in sorted(allora.keys() | ora.keys()):
        if parte in usciti and parte not in ora:
            continue
        c_erano, impronta = allora.get(parte, (0, ""))
        ci_sono, di_oggi = ora.get(parte, (0, ""))
        if (c_erano, impronta) == (ci_sono, di_oggi):
            continue
        dove = f"nel registro «{parte[0]}» di {parte[1][:7]}"
        esito.problemi.append(Problema(*_di_quanto(c_erano, ci_sono, dove), numero))


def _di_quanto(c_erano: int, ci_sono: int, dove: str) -> tuple[str, str]:
    if ci_sono < c_erano:
        return "righe-tolte", f"{dove} c'erano {c_erano} righe, ce ne sono {ci_sono}."
    if ci_sono > c_erano:
        return "righe-aggiunte", f"{dove} c'erano {c_erano} righe, ce ne sono {ci_sono}."
    return "righe-cambiate", f"{dove} le righe sono ancora {c_erano}, ma cambiate o scambiate."


def _testate(
    connessione: psycopg.Connection,
    esito: Esito,
    impronte: dict[int, str],
    fuori: Iterable[TestataLetta],
) -> None:
    """Le testate conservate qui e quelle portate da fuori dicono ancora la verità su ogni sigillo."""
    nostra = chiave_pubblica() if settings.CHIAVE_DI_FIRMA else None
    if nostra is None:
        esito.avvisi.append("Senza la chiave di firma le testate si controllano con la loro.")
    for giorno, *voci in connessione.execute(
        "SELECT giorno, testo, firma, chiave FROM privacy_testatafirmata ORDER BY giorno"
    ):
        _una_conservata(giorno, testata_in_testo(*voci), nostra, impronte, esito)
    for testata in fuori:
        if nostra and testata.chiave != nostra:
            esito.avvisi.append(f"La testata del {testata.giorno:%d/%m/%Y} ha un'altra chiave.")
        _una_testata(testata, impronte, esito)


def _una_conservata(
    giorno: date, busta: str, nostra: str | None, impronte: dict[int, str], esito: Esito
) -> None:
    """Una testata di qui l'abbiamo firmata noi, quel giorno: ciò che non si legge è un problema."""
    quale = f"la testata del {giorno:%d/%m/%Y}"
    try:
        testata = leggi_testata(busta)
    except ValueError:
        esito.problemi.append(Problema("testata", f"{quale} non si legge: è stata riscritta."))
        return
    if nostra and testata.chiave != nostra:
        esito.problemi.append(Problema("testata", f"{quale} è firmata con un'altra chiave."))
    elif testata.giorno != giorno:
        esito.problemi.append(Problema("testata", f"{quale} è in realtà di un altro giorno."))
    else:
        _una_testata(testata, impronte, esito)


def _una_testata(testata: TestataLetta, impronte: dict[int, str], esito: Esito) -> None:
    quale = f"la testata del {testata.giorno:%d/%m/%Y}"
    if not testata.firmata:
        esito.problemi.append(Problema("testata", f"{quale} non ha una firma valida."))
    elif testata.sigillo not in impronte:
        frase = f"{quale} lo nomina e non c'è più: la coda è stata tagliata."
        esito.problemi.append(Problema("coda-tagliata", frase, testata.sigillo))
    elif impronte[testata.sigillo] != testata.impronta:
        frase = f"{quale} lo diceva diverso: la catena è stata rifatta."
        esito.problemi.append(Problema("catena-rifatta", frase, testata.sigillo))


def _attesa(connessione: psycopg.Connection, esito: Esito) -> None:
    in_attesa, dal, impossibili = connessione.execute("SELECT * FROM registro_attesa()").fetchone()
    if impossibili:
        frase = f"Ci sono {impossibili} righe di un'epoca o di una transazione che non c'è stata."
        esito.problemi.append(Problema("righe-aggiunte", frase))
    if in_attesa and _fermo(dal):
        esito.avvisi.append(
            f"Ci sono {in_attesa} righe non sigillate, la più vecchia del"
            f" {timezone.localtime(dal):%d/%m/%Y alle %H:%M}: chi sigilla è fermo?"
        )


def _fermo(dal: datetime) -> bool:
    return timezone.now() - dal > ATTESA_MASSIMA
