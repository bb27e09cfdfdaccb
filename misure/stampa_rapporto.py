"""Quanto costa il PDF del rapporto rispetto a WeasyPrint nudo sulla stessa pagina.

Uso: `python -m misure.stampa_rapporto [prove]` dalla radice del progetto. Le due stampe si
alternano, ciascuna in un processo nato apposta, e si confrontano le mediane: la nostra comprende
comporre la pagina coi grafici già disegnati, stampare e rifinire; quella nuda è `write_pdf` della
stessa pagina, con le stesse risorse e la stessa variante accessibile. Bersaglio: non oltre 1,15
volte. La base di dati non si tocca.
"""

import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable


PROVE = 7
BERSAGLIO = 1.15
AMBIENTE = {
    "DJANGO_SETTINGS_MODULE": "registro.settings",
    "DATABASE_URL": "postgres://nessuno@127.0.0.1:1/nessuno",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "REGISTRO_SECRET_KEY": "misura",
}


def cronometra(stampa: Callable[[], object]) -> tuple[float, float]:
    """Secondi d'orologio e di processore di una stampa, in un processo nuovo."""
    contesto = multiprocessing.get_context("fork")
    ricevente, mittente = contesto.Pipe(duplex=False)

    def figlio() -> None:
        orologio, processore = time.perf_counter(), time.process_time()
        stampa()
        mittente.send((time.perf_counter() - orologio, time.process_time() - processore))

    processo = contesto.Process(target=figlio)
    processo.start()
    tempi = ricevente.recv()
    processo.join()
    return tempi


def prepara() -> tuple[Callable[[], object], Callable[[], object]]:
    """Le due stampe da confrontare: la nostra e quella nuda. Disegna i grafici una volta."""
    for nome, valore in AMBIENTE.items():
        os.environ.setdefault(nome, valore)
    import django

    django.setup()
    import weasyprint

    from registro.comune.stampa.motore import VARIANTE
    from registro.comune.stampa.risorse import SCHEMA, RisorseInterne
    from report.documenti import FOGLIO, SFONDO, html_del_rapporto, pdf_del_rapporto, sfondo
    from tests.report.fabbrica_contenuto import contenuto_quadrante

    contenuto = contenuto_quadrante()
    inizio = time.perf_counter()
    html = html_del_rapporto(contenuto)
    print(f"prima composizione: {time.perf_counter() - inizio:.2f} s (poi i grafici sono pronti)")
    immagini = {SFONDO: sfondo(contenuto)}

    def nuda() -> None:
        weasyprint.HTML(
            string=html, base_url=SCHEMA, url_fetcher=RisorseInterne(FOGLIO, immagini)
        ).write_pdf(pdf_variant=VARIANTE)

    return lambda: pdf_del_rapporto(contenuto), nuda


def main(prove: int) -> int:
    """Misura, stampa le mediane e rende 1 se si supera il bersaglio."""
    nostra, nuda = prepara()
    tempi: dict[str, list[tuple[float, float]]] = {"nostra": [], "nuda": []}
    for prova in range(1, prove + 1):
        # L'ordine si scambia a ogni giro, perché nessuna abbia sempre la macchina più calda.
        coppia = [("nostra", nostra), ("nuda", nuda)]
        for nome, stampa in coppia if prova % 2 else reversed(coppia):
            tempi[nome].append(cronometra(stampa))
        ultimi = "  ".join(f"{nome} {voci[-1][0]:.2f} s" for nome, voci in tempi.items())
        print(f"prova {prova}: {ultimi}")
    rapporti = []
    for posto, misura in enumerate(("orologio", "processore")):
        mediane = {
            nome: statistics.median(voce[posto] for voce in voci) for nome, voci in tempi.items()
        }
        rapporti.append(mediane["nostra"] / mediane["nuda"])
        print(
            f"{misura}: nostra {mediane['nostra']:.2f} s, nuda {mediane['nuda']:.2f} s,"
            f" rapporto {rapporti[-1]:.2f} (bersaglio {BERSAGLIO})"
        )
    return int(rapporti[0] > BERSAGLIO)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PROVE))
