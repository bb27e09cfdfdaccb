"""Rifà il filtro delle password comuni da parole che stanno nel progetto e nell'elenco di Django."""

import csv
import gzip
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.management.base import CommandError

from registro.comune.comandi import Comando
from registro.comune.password_comuni import FiltroDiBloom, forma_comune, percorso_del_filtro


PAROLE = Path(settings.CARTELLA_BASE) / "dati" / "password" / "parole.txt"
COMUNI = Path(settings.CARTELLA_BASE) / "dati" / "tassonomie" / "geo" / "comuni_piemonte.csv"
_COLONNA_DEL_NOME = 2
# Le file di tasti, le cifre, l'alfabeto: chi scorre il dito ne scrive un pezzo, avanti o indietro.
_FILE = ("1234567890" * 3, "0123456789" * 3, "abcdefghijklmnopqrstuvwxyz" * 2)
_FILE += ("qwertyuiopasdfghjklzxcvbnm" * 2, "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "q1w2e3r4t5y6u7i8o9p0")
_FILE += ("qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p", "asdfghjklqwertyuiopzxcvbnm")
_FILE += ("zxcvbnmasdfghjklqwertyuiop", "qwertyuiop[]asdfghjkl;zxcvbnm,.")
_MINIMO, _MASSIMO = 6, 26
# Più corte, tolti i contorni, si troverebbero in password buone.
_PAROLA = 4


class Command(Comando):
    help = "Scrive dati/password/comuni.bloom; lo stesso elenco dà sempre lo stesso file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--elenco",
            type=Path,
            action="append",
            default=[],
            help="un altro file di password comuni, una per riga; si può ripetere",
        )

    def handle(self, *, elenco: list[Path], **opzioni) -> None:
        mancanti = [str(file) for file in elenco if not file.is_file()]
        if mancanti:
            raise CommandError(f"Non c'è {', '.join(mancanti)}. Il filtro di prima è rimasto.")
        parole = {forma_comune(parola) for parola in _tutte(elenco)}
        parole = {parola for parola in parole if len(parola) >= _PAROLA}
        contenuto = FiltroDiBloom.con(parole).in_byte()
        percorso_del_filtro().write_bytes(contenuto)
        self.stdout.write(f"{len(parole)} parole, {len(contenuto)} byte.")


def _tutte(elenco: list[Path]) -> Iterator[str]:
    with gzip.open(CommonPasswordValidator().DEFAULT_PASSWORD_LIST_PATH, "rt") as file:
        yield from (riga.strip() for riga in file)
    for percorso in (PAROLE, *elenco):
        righe = percorso.read_text(encoding="utf-8").splitlines()
        yield from (riga.strip() for riga in righe if not riga.startswith("#"))
    with COMUNI.open(encoding="utf-8", newline="") as file:
        yield from (riga[_COLONNA_DEL_NOME] for riga in csv.reader(file))
    for fila in _FILE:
        for verso in (fila, fila[::-1]):
            yield from _pezzi(verso)


def _pezzi(fila: str) -> Iterator[str]:
    for lungo in range(_MINIMO, min(_MASSIMO, len(fila)) + 1):
        yield from (fila[da : da + lungo] for da in range(len(fila) - lungo + 1))
