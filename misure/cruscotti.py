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
import time
from collections.abc import Iterator
from datetime import date

import psycopg

from misure.banco import carica_mondo, database_provvisorio, entrato
from misure.tavola import Riga, alternate, esci, numero, volte


GIRI = 5
OGGI = date(2026, 11, 1)
RETE_AL_MASSIMO, ENTE_AL_MASSIMO = 0.1, 1.3
PERIODI = {
    "da sempre": (date(2000, 1, 1), date(2026, 11, 1)),
    "un anno": (date(2025, 1, 1), date(2025, 12, 1)),
    "un mese": (date(2025, 6, 1), date(2025, 6, 1)),
    "un periodo che nessuno ha preparato": (date(2025, 2, 1), date(2025, 9, 1)),
}
VOCI = {
    "totale": "0",
    "nodo": "coalesce(e.nodo_id, 0)",
    "ente": "e.id",
    "asse": "z.asse_id",
    "azione": "z.id",
    "mese": "public.cruscotti_posto(r.giorno)",
}
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


def contesto_nudo(connessione: psycopg.Connection, utente: int, ente: int) -> None:
    """Dice al database chi guarda, fino alla fine della transazione."""
    connessione.execute(
        "SELECT set_config('registro.utente', %s, true), set_config('registro.ente', %s, true)",
        [str(utente), str(ente)],
    )


def rete(padrone: psycopg.Connection, app: psycopg.Connection) -> Iterator[Riga]:
    """Una riga per periodo: il raggruppamento che va meglio, quello che va peggio, le differenze."""
    for periodo, (dal, al) in PERIODI.items():
        mese_dopo = date(al.year + al.month // 12, al.month % 12 + 1, 1)
        valori = {"dal": dal, "al": al, "fino": mese_dopo}
        rapporti, diverse = [], 0
        for per, voce in VOCI.items():
            righe = [
                interrogazione.replace("{voce}", voce)
                for interrogazione in (FATTE_DALLE_RIGHE, PERSONE_DALLE_RIGHE)
            ]

            def dalle_righe(righe=righe, valori=valori):
                return [padrone.execute(una, valori).fetchall() for una in righe]

            def precalcolate(per=per, valori=valori):
                return app.execute(PRECALCOLATE, {"per": per, **valori}).fetchall()

            diverse += _differenze(dalle_righe(), precalcolate())
            lente, svelte = alternate(dalle_righe, precalcolate, giri=GIRI)
            rapporti.append(svelte / lente)
            print(f"    rete, {periodo}, per {per}: {svelte:.1f} ms contro {lente:.1f}")
        yield Riga(
            f"numeri della rete, {periodo}, sei raggruppamenti",
            "il GROUP BY e i conti distinti sulle righe",
            f"da {volte(min(rapporti))} a {volte(max(rapporti))}, {diverse} differenze",
            f"{volte(RETE_AL_MASSIMO)}, 0 differenze",
            max(rapporti) <= RETE_AL_MASSIMO and not diverse,
        )


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


def ente(padrone: psycopg.Connection, mondo) -> Iterator[Riga]:
    """Il cruscotto dell'ente più grande, una riga per periodo."""
    from enti.models import Ente
    from prestazioni.sguardi.cruscotto import AmbitoDiEnte, numeri_di
    from registro.db.contesto import contesto

    for periodo, (dal, al) in PERIODI.items():
        al = date(al.year, al.month, 28)
        with contesto(utente=mondo.utenti[0], ente=mondo.enti[0]):
            ambito = AmbitoDiEnte(Ente.objects.get(pk=mondo.enti[0]), dal, al)
            valori = {"ente": mondo.enti[0], "dal": dal, "al": al}
            a_mano, nostre = alternate(
                lambda valori=valori: padrone.execute(A_MANO, valori).fetchall(),
                lambda ambito=ambito: numeri_di(ambito),
                giri=3 * GIRI,
            )
        yield Riga(
            f"cruscotto dell'ente più grande, {periodo}",
            f"una interrogazione scritta a mano, {numero(a_mano, 1)} ms",
            f"{numero(nostre, 1)} ms, {volte(nostre / a_mano)}",
            volte(ENTE_AL_MASSIMO),
            nostre / a_mano <= ENTE_AL_MASSIMO,
        )


def pagine(mondo) -> None:
    """Stampa quanto costano le pagine intere, il primo disegno e quelli già fatti."""
    from django.urls import reverse

    for chi, nome in ((mondo.utenti[0], "cruscotto"), (mondo.utenti[-1], "cruscotto_rete")):
        client = entrato(chi)
        sessione = client.session
        sessione["fattore"] = "totp"
        sessione.save()
        intera = reverse(f"prestazioni:{nome}") + "?periodo=tutto"
        disegno = reverse(f"prestazioni:{nome}_disegno", args=["mese"]) + "?periodo=tutto"
        (primo,) = alternate(lambda c=client, url=disegno: c.get(url), giri=1)
        pagina, gia_fatto = alternate(
            lambda c=client, url=intera: c.get(url),
            lambda c=client, url=disegno: c.get(url),
            giri=GIRI,
        )
        print(
            f"    pagina {nome} {pagina:.1f} ms; il suo primo disegno {primo:.1f},"
            f" poi {gia_fatto:.1f}"
        )


def ricalcoli(padrone: psycopg.Connection, ente: int) -> None:
    """Stampa quanto durano il calcolo da capo, quello dopo una prestazione sola, e tenere pronte le
    risposte."""
    from enti.models import Ente
    from enti.sistema import come_sistema
    from prestazioni.models import Prestazione
    from prestazioni.sguardi.rete import periodi_soliti, prepara, ricalcola

    for nome, tutto in (("da capo", True), ("senza cambiamenti", False)):
        inizio = time.perf_counter()
        mesi = ricalcola(tutto=tutto)
        print(f"    ricalcolo {nome}: {mesi} mesi in {time.perf_counter() - inizio:.2f} s")
    padrone.execute(
        "VACUUM ANALYZE cruscotti_presenza, cruscotti_cella, cruscotti_chiave, cruscotti_conto"
    )
    with come_sistema(Ente.objects.get(pk=ente)):
        ultima = Prestazione.objects.filter(ente=ente).order_by("-pk").first()
        Prestazione.objects.filter(pk=ultima.pk).update(minuti=31)
    inizio = time.perf_counter()
    mesi = ricalcola()
    print(f"    ricalcolo dopo una modifica: {mesi} mesi in {time.perf_counter() - inizio:.2f} s")
    for quali in ("da capo", "dopo una modifica"):
        inizio = time.perf_counter()
        fatte = prepara(periodi_soliti(OGGI), entro=3600)
        print(f"    risposte pronte {quali}: {fatte} in {time.perf_counter() - inizio:.2f} s")
        padrone.execute("DELETE FROM cruscotti_risposta WHERE al >= %s", [OGGI.replace(day=1)])
    prepara(periodi_soliti(OGGI), entro=3600)


def misura(amministratore: str, mondo) -> Iterator[Riga]:
    """Ricalcola, confronta la rete e l'ente più grande."""
    with (
        psycopg.connect(amministratore, autocommit=True) as padrone,
        psycopg.connect(os.environ["DATABASE_URL"]) as app,
    ):
        ricalcoli(padrone, mondo.enti[0])
        contesto_nudo(app, mondo.utenti[-1], mondo.enti[-1])
        yield from rete(padrone, app)
        app.rollback()
        yield from ente(padrone, mondo)
        pagine(mondo)


def main(argomenti: list[str]) -> Iterator[Riga]:
    """Carica e misura."""
    with database_provvisorio() as amministratore:
        from misure.mondo import Grandezza

        quante = 200_000 if "--piccolo" in argomenti else 1_000_000
        grandezza = Grandezza(valutazioni=0, autorizzazioni=1_000, letture=0, prestazioni=quante)
        mondo, secondi = carica_mondo(amministratore, grandezza)
        print(f"    caricato in {secondi:.1f} s")
        yield from misura(amministratore, mondo)


if __name__ == "__main__":
    esci(main)
