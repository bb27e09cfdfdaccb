"""Porta i vocabolari della rete (bisogni, condizioni, chiusure, servizi, esiti) nelle loro tabelle."""

from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from assi.caricamento import Esito, carica_tassonomie
from registro.comune.comandi import Comando
from registro.comune.tassonomie import CARTELLA, TassonomiaErrata


class Command(Comando):
    help = (
        "Carica i vocabolari di bisogni, condizioni, chiusure, servizi ed esiti. Si può ripetere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "cartella",
            nargs="?",
            type=Path,
            default=CARTELLA,
            help="la cartella dei file CSV; se taciuta, quella che accompagna il programma",
        )

    def handle(self, *, cartella: Path, verbosity: int, **_) -> None:
        try:
            esito = carica_tassonomie(cartella)
        except TassonomiaErrata as errore:
            raise CommandError(
                f"{errore}\nI vocabolari sono rimasti com'erano: non è stato scritto nulla."
                " Correggi i file e ricarica."
            ) from errore
        if verbosity:
            self.stdout.write(_in_parole(esito))


def _in_parole(esito: Esito) -> str:
    if not (esito.nuove or esito.corrette or esito.chiuse):
        frase = "Già caricati: nulla è cambiato."
    else:
        frase = (
            f"Vocabolari caricati. Voci nuove: {esito.nuove}; corrette: {esito.corrette};"
            f" chiuse: {esito.chiuse}."
        )
    if esito.assi_assenti:
        frase += (
            "\nAlcune voci restano senza asse, perché la rete non ha"
            f" {', '.join(f'«{slug}»' for slug in esito.assi_assenti)}. Quando ci saranno, riesegui."
        )
    return frase
