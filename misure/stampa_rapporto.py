"""Quanto costa il PDF del rapporto rispetto a WeasyPrint nudo sulla stessa pagina.

Uso: `python -m misure.stampa_rapporto` dalla radice del progetto. Le due stampe si
alternano, ciascuna in un processo nato apposta, e si confrontano le mediane: la nostra comprende
comporre la pagina coi grafici già disegnati, stampare e rifinire; quella nuda è `write_pdf` della
stessa pagina, con le stesse risorse e la stessa variante accessibile. Bersaglio: non oltre 1,15
volte. La base di dati non si tocca.
"""

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterator

from misure.tavola import Riga, esci, numero, volte


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
    from registro.comune.chiavi import chiavi_nuove

    for nome, valore in (AMBIENTE | {"REGISTRO_CHIAVI": chiavi_nuove()}).items():
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


def main(argomenti: list[str]) -> Iterator[Riga]:
    """Misura; le mediane dell'orologio fanno la riga, quelle del processore si stampano."""
    nostra, nuda = prepara()
    tempi: dict[str, list[tuple[float, float]]] = {"nostra": [], "nuda": []}
    for prova in range(1, PROVE + 1):
        # L'ordine si scambia a ogni giro, perché nessuna abbia sempre la macchina più calda.
        coppia = [("nostra", nostra), ("nuda", nuda)]
        for nome, stampa in coppia if prova % 2 else reversed(coppia):
            tempi[nome].append(cronometra(stampa))
    orologio, processore = (
        {nome: statistics.median(voce[posto] for voce in voci) for nome, voci in tempi.items()}
        for posto in (0, 1)
    )
    print(f"    di processore {processore['nostra']:.2f} s contro {processore['nuda']:.2f}")
    rapporto = orologio["nostra"] / orologio["nuda"]
    yield Riga(
        "PDF del rapporto di quadrante",
        f"WeasyPrint nudo sulla stessa pagina, {numero(orologio['nuda'])} s",
        f"{numero(orologio['nostra'])} s, {volte(rapporto)}",
        volte(BERSAGLIO),
        rapporto <= BERSAGLIO,
    )


if __name__ == "__main__":
    esci(main)
