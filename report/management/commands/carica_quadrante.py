"""Carica una cartella di schede e ne pubblica l'edizione."""

from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from assi.caricamento import carica_tassonomie
from registro.comune.comandi import Comando
from registro.comune.tassonomie import TassonomiaErrata
from report.caricamento.carica import Caricamento, carica_cartella
from report.caricamento.errori import CartellaRifiutata
from report.caricamento.formato import FileSchede


class Command(Comando):
    help = "Carica una cartella di schede di monitoraggio e ne pubblica l'edizione del rapporto."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "cartella",
            nargs="?",
            type=Path,
            default=settings.CARTELLA_QUADRANTE,
            help="la cartella dei file YAML; se taciuta, quella che accompagna il programma",
        )
        parser.add_argument(
            "--progetto", metavar="SIGLA", help="la sigla del progetto, se non è quella dei file"
        )

    def handle(self, *, cartella: Path, progetto: str | None, verbosity: int, **_) -> None:
        inizio = perf_counter()
        try:
            with transaction.atomic():
                esito = carica_cartella(cartella, progetto=progetto)
                # Dopo gli assi, perché i bisogni li indicano.
                carica_tassonomie()
        except CartellaRifiutata as rifiuto:
            raise CommandError(_in_parole(rifiuto)) from rifiuto
        except TassonomiaErrata as errore:
            raise CommandError(
                f"{errore}\nI vocabolari non si possono leggere: non è stato scritto nulla."
            ) from errore
        if verbosity:
            self.stdout.write(_riassunto(esito, perf_counter() - inizio))


def _in_parole(rifiuto: CartellaRifiutata) -> str:
    quanti = len(rifiuto.problemi)
    problemi = "un problema" if quanti == 1 else f"{quanti} problemi"
    return (
        f"{rifiuto}\nLa cartella ha {problemi}: non è stato scritto nulla. Correggi i file e"
        " ricarica."
    )


def _riassunto(esito: Caricamento, secondi: float) -> str:
    edizione, tempo = esito.edizione, f"{secondi:.1f} s".replace(".", ",")
    titolo = edizione.progetto.titolo
    if not esito.nuova:
        return (
            f"Già caricato: «{titolo}», edizione {edizione.edizione}. Nulla è cambiato ({tempo})."
        )
    cartella = esito.cartella
    return (
        f"Caricato «{titolo}»: {len(cartella.enti.enti)} enti,"
        f" {len(cartella.azioni.azioni)} azioni, {len(cartella.schede.schede)} schede,"
        f" {_conteggi(cartella.schede)} conteggi, {len(cartella.pubblicato.cifre)} cifre."
        f" Pubblicata l'edizione {edizione.edizione} ({tempo})."
        + (f"\n{edizione.novita}" if edizione.novita else "")
    )


def _conteggi(schede: FileSchede) -> int:
    return sum(
        len(scheda.beneficiari.conteggi)
        + len(scheda.beneficiari.altri_numeri)
        + len(scheda.output.conteggi if scheda.output else ())
        for scheda in schede.schede
    )
