"""Le cifre di un'edizione come JSON, o il suo PDF, senza passare dal web."""

import json
import os
from pathlib import Path
from uuid import uuid4

from django.core.management.base import CommandError, CommandParser

from enti.sistema import come_sistema
from registro.comune.caratteri import RisorsaMancanteError
from registro.comune.comandi import Comando
from report.calcolo import json_del_rapporto
from report.contenuto import Contenuto
from report.copie import contenuto_dell_edizione
from report.documenti import pdf_del_rapporto
from report.models import Rapporto


class Command(Comando):
    help = "Stampa le cifre di un'edizione come JSON, o ne scrive il PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("progetto", help="la sigla del progetto")
        parser.add_argument(
            "--edizione", type=int, metavar="N", help="se taciuta, l'ultima pubblicata"
        )
        uscita = parser.add_mutually_exclusive_group()
        uscita.add_argument("--json", action="store_true", dest="cifre", help="stampa le cifre")
        uscita.add_argument("--pdf", type=Path, metavar="FILE", help="scrive il documento")

    def handle(
        self, *, progetto: str, edizione: int | None, cifre: bool, pdf: Path | None, **_
    ) -> None:
        if not cifre and pdf is None:
            raise CommandError("Scegli che cosa vuoi: --json per le cifre, --pdf FILE.")
        with come_sistema():
            contenuto = contenuto_dell_edizione(_edizione(progetto, edizione))
        if cifre:
            self.stdout.write(_in_json(contenuto))
            return
        pagine = _scrivi_pdf(contenuto, pdf)
        self.stdout.write(f"Scritto «{pdf}»: {pagine} pagine.")


def _in_json(contenuto: Contenuto) -> str:
    return json.dumps(json_del_rapporto(contenuto), ensure_ascii=False, indent=2)


def _edizione(progetto: str, numero: int | None) -> Rapporto:
    pubblicate = Rapporto.objects.pubblicati()
    ultima = pubblicate.ultima_edizione(progetto)
    if ultima is None:
        note = sorted(set(pubblicate.values_list("progetto__slug", flat=True)))
        altrove = f" Ne hanno: {', '.join(note)}." if note else " Nessun progetto ne ha."
        raise CommandError(f"Il progetto «{progetto}» non ha edizioni pubblicate.{altrove}")
    if numero is None or numero == ultima.edizione:
        return ultima
    trovata = pubblicate.di(progetto).dal_piu_recente().filter(edizione=numero).first()
    if trovata is None:
        raise CommandError(
            f"Il progetto «{progetto}» non ha l'edizione {numero}: l'ultima è la"
            f" {ultima.edizione}."
        )
    return trovata


def _scrivi_pdf(contenuto: Contenuto, percorso: Path) -> int:
    """Compone il PDF e lo mette al suo posto intero, o non lo mette. Rende le pagine."""
    try:
        stampato = pdf_del_rapporto(contenuto)
        _scrivi_intero(percorso, stampato.contenuto)
    except RisorsaMancanteError as errore:
        raise CommandError(f"Il PDF non si può comporre: {errore}") from errore
    except OSError as errore:
        raise CommandError(
            f"Il PDF non si può scrivere in «{percorso}»: {errore.strerror}. Nessun file è rimasto"
            " a metà."
        ) from errore
    return stampato.pagine


def _scrivi_intero(percorso: Path, contenuto: bytes) -> None:
    """Scrive accanto, aspetta il disco, cambia nome: chi legge non trova mai un file a metà."""
    accanto = percorso.with_name(f".{uuid4()}.parte")
    try:
        with accanto.open("xb") as file:
            file.write(contenuto)
            file.flush()
            os.fsync(file.fileno())
        accanto.replace(percorso)
    finally:
        accanto.unlink(missing_ok=True)
