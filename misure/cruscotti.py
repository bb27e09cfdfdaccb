"""Quanto costano i cruscotti: i numeri precalcolati della rete e quelli di un ente, adesso.

Uso: `python -m misure.cruscotti [--piccolo]` dalla radice del progetto. Su un database provvisorio
carica il mondo di `misure.mondo` con un milione di prestazioni (200.000 con `--piccolo`), dà a tre
quarti delle persone un codice, spesso lo stesso in enti diversi, e confronta, alternandole:

- ogni raggruppamento della rete, e ogni periodo, con il GROUP BY e i conti distinti sulle righe:
  non più di 0,1 volte, e nessuna differenza;
- il cruscotto dell'ente più grande con un'interrogazione sola scritta a mano, da superutente e senza
  policy: non più di 1,3 volte.

Stampa anche quanto costano il ricalcolo e le pagine intere.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

import psycopg

from misure.costo_del_confine import database_provvisorio


GIRI = 5
RETE_AL_MASSIMO, ENTE_AL_MASSIMO = 0.1, 1.3
PERIODI = {
    "da sempre": (date(2000, 1, 1), date(2026, 11, 1)),
    "un anno": (date(2025, 1, 1), date(2025, 12, 1)),
    "un mese": (date(2025, 6, 1), date(2025, 6, 1)),
}
VOCI = {
    "totale": "0",
    "nodo": "coalesce(e.nodo_id, 0)",
    "ente": "e.id",
    "asse": "z.asse_id",
    "azione": "z.id",
    "mese": "public.cruscotti_posto(r.giorno)",
}
CODICI = """
    INSERT INTO beneficiari_etichetta (beneficiario_id, ente_id, etichetta)
    SELECT id, ente_id, decode(md5((id % 40000)::text), 'hex') FROM beneficiari_beneficiario
    WHERE id % 4 <> 0
"""
NODI = """
    INSERT INTO enti_nodo (slug, denominazione, parte, comuni)
        VALUES ('a', 'Nodo a', 1, '{}'), ('b', 'Nodo b', 2, '{}'), ('c', 'Nodo c', 3, '{}');
    UPDATE enti_ente SET nodo_id = (
        SELECT id FROM enti_nodo n WHERE n.parte = 1 + enti_ente.id % 3
    );
    UPDATE enti_appartenenza SET ruolo = 'coordinatore' WHERE id = (
        SELECT max(id) FROM enti_appartenenza
    );
"""
# Le due domande a cui la rete risponde, fatte sulle righe.
FATTE_DALLE_RIGHE = """
    SELECT {voce}, count(*), sum(r.minuti), count(*) FILTER (WHERE r.minuti IS NULL)
    FROM prestazioni_prestazione r JOIN enti_ente e ON e.id = r.ente_id
    JOIN assi_azione z ON z.id = r.azione_id
    WHERE r.giorno >= %(dal)s AND r.giorno < %(fino)s GROUP BY 1
"""
PERSONE_DALLE_RIGHE = """
    SELECT {voce}, count(DISTINCT k.chiave), count(DISTINCT k.chiave) FILTER (WHERE NOT k.con_codice)
    FROM prestazioni_partecipazione r JOIN enti_ente e ON e.id = r.ente_id
    JOIN assi_azione z ON z.id = r.azione_id
    JOIN cruscotti_chiave k ON k.beneficiario_id = r.beneficiario_id
    WHERE r.giorno >= %(dal)s AND r.giorno < %(fino)s GROUP BY 1
"""
PRECALCOLATE = (
    "SELECT * FROM registro_cruscotto_rete(%(per)s, %(dal)s, %(al)s, NULL, NULL, NULL, NULL)"
)
# Gli stessi numeri del cruscotto di un ente, in una interrogazione.
A_MANO = """
    WITH fatti AS (
        SELECT p.id, p.minuti, p.senza_nome, p.azione_id, p.servizio_id, z.asse_id,
            date_trunc('month', p.giorno::timestamp)::date AS mese
        FROM prestazioni_prestazione p JOIN assi_azione z ON z.id = p.azione_id
        WHERE p.ente_id = %(ente)s AND p.giorno >= %(dal)s AND p.giorno <= %(al)s
    )
    SELECT 'fatte', asse_id, azione_id, servizio_id, mese, count(*), sum(minuti),
        count(*) FILTER (WHERE minuti IS NULL), sum(senza_nome)
    FROM fatti GROUP BY GROUPING SETS ((), (asse_id), (azione_id), (servizio_id), (mese))
    UNION ALL
    SELECT 'persone', f.asse_id, f.azione_id, f.servizio_id, f.mese,
        count(DISTINCT coalesce(b.unito_a_id, b.id)), NULL, NULL, NULL
    FROM fatti f
    JOIN prestazioni_partecipazione q ON q.prestazione_id = f.id
    JOIN beneficiari_beneficiario b ON b.id = q.beneficiario_id
    GROUP BY GROUPING SETS ((), (f.asse_id), (f.azione_id), (f.servizio_id), (f.mese))
"""


def alternate(*azioni: Callable[[], object]) -> list[float]:
    """La mediana, in millisecondi, di `GIRI` esecuzioni alternate di ciascuna."""
    tempi: list[list[float]] = [[] for _ in azioni]
    for _ in range(GIRI):
        for posto, azione in enumerate(azioni):
            inizio = time.perf_counter()
            azione()
            tempi[posto].append((time.perf_counter() - inizio) * 1000)
    return [statistics.median(volte) for volte in tempi]


def contesto_nudo(connessione: psycopg.Connection, utente: int, ente: int) -> None:
    """Dice al database chi guarda, fino alla fine della transazione."""
    connessione.execute(
        "SELECT set_config('registro.utente', %s, true), set_config('registro.ente', %s, true)",
        [str(utente), str(ente)],
    )


def rete(padrone: psycopg.Connection, app: psycopg.Connection) -> int:
    """Stampa ogni raggruppamento per ogni periodo; rende quanti sono fuori dal bersaglio."""
    fuori = 0
    for periodo, (dal, al) in PERIODI.items():
        mese_dopo = date(al.year + al.month // 12, al.month % 12 + 1, 1)
        valori = {"dal": dal, "al": al, "fino": mese_dopo}
        for per, voce in VOCI.items():
            righe = [
                interrogazione.replace("{voce}", voce)
                for interrogazione in (FATTE_DALLE_RIGHE, PERSONE_DALLE_RIGHE)
            ]

            def dalle_righe(righe=righe, valori=valori):
                return [padrone.execute(una, valori).fetchall() for una in righe]

            def precalcolate(per=per, valori=valori):
                return app.execute(PRECALCOLATE, {"per": per, **valori}).fetchall()

            diverse = _differenze(dalle_righe(), precalcolate())
            lente, svelte = alternate(dalle_righe, precalcolate)
            volte = svelte / lente
            male = volte > RETE_AL_MASSIMO or diverse
            fuori += bool(male)
            print(
                f"rete, per {per:7} {periodo:10} {svelte:8.1f} ms contro {lente:8.1f}:"
                f" {volte:.3f} volte, {diverse} differenze{'  FUORI' if male else ''}"
            )
    return fuori


def _differenze(dalle_righe: list[list[tuple]], precalcolate: list[tuple]) -> int:
    """Quante voci non dicono lo stesso; le persone delle righe si arrotondano a 5."""
    fatte = {riga[0]: riga[1:] for riga in dalle_righe[0]}
    persone = {riga[0]: riga[1:] for riga in dalle_righe[1]}
    attese = {
        voce: (*numeri, *((quante + 2) // 5 * 5 for quante in persone.get(voce, (0, 0))))
        for voce, numeri in fatte.items()
    }
    avute = {riga[0]: riga[1:6] for riga in precalcolate}
    return sum(attese.get(voce) != avute.get(voce) for voce in {*attese, *avute})


def ente(padrone: psycopg.Connection, mondo) -> int:
    """Stampa il cruscotto dell'ente più grande; rende 1 se è fuori dal bersaglio."""
    from enti.models import Ente
    from prestazioni.sguardi.cruscotto import AmbitoDiEnte, numeri_di
    from registro.db.contesto import contesto

    fuori = 0
    for periodo, (dal, al) in PERIODI.items():
        al = date(al.year, al.month, 28)
        with contesto(utente=mondo.utenti[0], ente=mondo.enti[0]):
            ambito = AmbitoDiEnte(Ente.objects.get(pk=mondo.enti[0]), dal, al)
            valori = {"ente": mondo.enti[0], "dal": dal, "al": al}
            a_mano, nostre = alternate(
                lambda valori=valori: padrone.execute(A_MANO, valori).fetchall(),
                lambda ambito=ambito: numeri_di(ambito),
            )
        volte = nostre / a_mano
        fuori += volte > ENTE_AL_MASSIMO
        print(
            f"ente più grande, {periodo:10} {nostre:8.1f} ms contro {a_mano:8.1f}:"
            f" {volte:.2f} volte{'  FUORI' if volte > ENTE_AL_MASSIMO else ''}"
        )
    return fuori


def pagine(mondo) -> None:
    """Stampa quanto costano le pagine intere, il primo disegno e quelli già fatti."""
    from django.test import Client
    from django.urls import reverse

    from enti.models import Utente

    client = Client(headers={"host": "localhost"})
    for chi, nome in ((mondo.utenti[0], "cruscotto"), (mondo.utenti[-1], "cruscotto_rete")):
        client.force_login(Utente.objects.get(pk=chi))
        intera = reverse(f"prestazioni:{nome}") + "?periodo=tutto"
        disegno = reverse(f"prestazioni:{nome}_disegno", args=["mese"]) + "?periodo=tutto"
        inizio = time.perf_counter()
        client.get(disegno)
        primo = (time.perf_counter() - inizio) * 1000
        pagina, gia_fatto = alternate(
            lambda url=intera: client.get(url), lambda url=disegno: client.get(url)
        )
        print(
            f"pagina {nome:15} {pagina:8.1f} ms; il suo primo disegno {primo:8.1f},"
            f" poi {gia_fatto:8.1f}"
        )


def ricalcoli(padrone: psycopg.Connection) -> None:
    """Stampa quanto dura il calcolo da capo e quello dopo una prestazione sola."""
    from prestazioni.sguardi.rete import ricalcola

    for nome, tutto in (("da capo", True), ("senza cambiamenti", False)):
        inizio = time.perf_counter()
        mesi = ricalcola(tutto=tutto)
        print(f"ricalcolo {nome}: {mesi} mesi in {time.perf_counter() - inizio:.2f} s")
    padrone.execute("VACUUM ANALYZE cruscotti_presenza, cruscotti_cella, cruscotti_chiave")
    padrone.execute(
        "UPDATE prestazioni_prestazione SET minuti = 31 WHERE id = ("
        " SELECT max(id) FROM prestazioni_prestazione WHERE ente_id = ("
        " SELECT min(id) FROM enti_ente WHERE slug LIKE 'mondo-%%'))"
    )
    inizio = time.perf_counter()
    mesi = ricalcola()
    print(f"ricalcolo dopo una modifica: {mesi} mesi in {time.perf_counter() - inizio:.2f} s")


def main(argomenti: list[str]) -> int:
    """Carica, misura, e rende 1 se qualcosa è fuori dal bersaglio."""
    with database_provvisorio() as amministratore:
        from misure.mondo import Grandezza, Mondo

        quante = 200_000 if "--piccolo" in argomenti else 1_000_000
        grandezza = Grandezza(valutazioni=0, autorizzazioni=1_000, letture=0, prestazioni=quante)
        inizio = time.perf_counter()
        with psycopg.connect(amministratore) as connessione:
            mondo = Mondo(connessione, grandezza)
            mondo.carica()
            # Come il mondo stesso: coi trigger spenti.
            connessione.execute("SET session_replication_role = replica")
            connessione.execute(NODI)
            connessione.execute(CODICI)
            connessione.execute("VACUUM ANALYZE beneficiari_etichetta, enti_ente, enti_nodo")
        print(f"caricato in {time.perf_counter() - inizio:.1f} s: {grandezza}")
        with (
            psycopg.connect(amministratore, autocommit=True) as padrone,
            psycopg.connect(os.environ["DATABASE_URL"]) as app,
        ):
            ricalcoli(padrone)
            contesto_nudo(app, mondo.utenti[-1], mondo.enti[-1])
            fuori = rete(padrone, app) + ente(padrone, mondo)
            pagine(mondo)
    print("tutto nel bersaglio" if not fuori else f"{fuori} fuori dal bersaglio")
    return int(bool(fuori))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
