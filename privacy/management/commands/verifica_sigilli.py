"""Verifica i sigilli dei registri. Esce con 0 se tutto torna, 1 se no, 2 se non si è potuto guardare."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import CommandError

from privacy import sigilli
from registro.comune.comandi import Comando


class Command(Comando):
    help = "Cerca righe cambiate, aggiunte, tolte o scambiate, e sigilli tolti o rifatti."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--json", action="store_true", dest="in_json", help="esito in JSON")
        parser.add_argument(
            "--testata",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="una testata tenuta fuori dal server; si può ripetere",
        )
        parser.add_argument(
            "--annota", action="store_true", help="scrive l'esito dove lo leggono le pagine"
        )
        parser.add_argument(
            "--archivi",
            action="store_true",
            help="rilegge anche i mesi usciti dal database, dai loro file firmati",
        )

    def handle(
        self, *, in_json: bool, testata: list[Path], annota: bool, archivi: bool, **_
    ) -> None:
        try:
            fuori = [sigilli.leggi_testata(file.read_text(encoding="utf-8")) for file in testata]
            esito = sigilli.verifica(fuori, archivi=archivi)
            if annota:
                sigilli.annota_verifica(esito)
        except (OSError, ValueError, sigilli.SigilliChiusi) as errore:
            raise CommandError(str(errore), returncode=2) from errore
        self.stdout.write(_in_json(esito) if in_json else _in_parole(esito))
        if not esito.torna:
            raise CommandError("I registri non tornano con i loro sigilli.", returncode=1)


def _in_json(esito: sigilli.Esito) -> str:
    return json.dumps(asdict(esito) | {"torna": esito.torna}, indent=1)


def _in_parole(esito: sigilli.Esito) -> str:
    righe = [
        f"Sigilli: {esito.sigilli}. Righe sigillate: {esito.righe}. In {esito.millisecondi} ms."
    ]
    righe += [f"Avviso: {avviso}" for avviso in esito.avvisi]
    for problema in esito.problemi:
        dove = f"Sigillo {problema.sigillo}: " if problema.sigillo else ""
        righe.append(f"{dove}{problema.frase}")
    return "\n".join([*righe, "Tutto torna." if esito.torna else ""]).rstrip()
