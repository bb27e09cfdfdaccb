"""`manage.py importa`: un foglio dell'ente, dalla riga di comando."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import CommandError, CommandParser, OutputWrapper

from assi.models import Servizio
from enti.models import Ente, Utente
from enti.permessi import Attore
from prestazioni.azioni.importazioni import importa_subito
from prestazioni.importo.campi import CAMPI
from prestazioni.importo.tipi import Esame, Rifiuto, Scelte
from prestazioni.models import Importazione
from prestazioni.tasks import attore_di
from registro.comune.comandi import Comando
from registro.comune.fogli.forme import UNITA
from registro.comune.fogli.guardia import MASSIMO_BYTE
from registro.comune.ricerca import forma_normale
from registro.db.contesto import contesto


NESSUNO = "Non c'è un utente con questa posta che lavori per questo ente."
NON_PUO = "Questo utente non può importare per questo ente: lo fa il referente."
_USO = 2
# Come argparse, che parla solo inglese, dice ciò che non va; e come lo si dice qui.
_SBAGLI_D_USO = (
    (r"the following arguments are required: (.+)", "Manca: {}."),
    (r"unrecognized arguments: (.+)", "Non si capisce «{}»."),
    (r"ambiguous option: (\S+) could match (.+)", "«{}» può essere più cose: {}."),
    (
        r"argument (\S+): invalid choice: (.+) \(choose from (.+)\)",
        "{}: «{}» non va, si sceglie fra {}.",
    ),
    (r"argument (\S+): invalid int value: (.+)", "{}: «{}» non è un numero intero."),
    (r"argument (\S+): expected one argument", "{}: manca il valore."),
    (r"argument (\S+): ignored explicit argument (.+)", "{}: non vuole un valore, e c'è «{}»."),
)
_COME_SI_USA = "Il comando non è scritto così."
_AIUTO = "Come si usa: python manage.py importa --help"


class UsoSbagliato(CommandError):
    """Il comando è scritto male: non si è aperto nessun file. Esce con 2."""

    def __init__(self, frase: str) -> None:
        super().__init__(frase, returncode=_USO)


class Command(Comando):
    help = (
        "Importa un foglio (XLSX o CSV) di persone, casi, prestazioni o esiti: tutto o niente."
        " Esce con 0 se è caricato (o, con --prova, se si può caricare), con 1 se è rifiutato,"
        " con 2 se il comando è scritto male. Con --json gli avvisi vanno sull'uscita degli errori."
    )

    def create_parser(self, prog_name: str, subcommand: str, **altre: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **altre)
        parser.error = _uso_sbagliato
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """Come gli altri comandi; chi ha chiesto il JSON lo trova anche se ha scritto male."""
        try:
            super().run_from_argv(argv)
        except UsoSbagliato as errore:
            if "--json" in argv:
                self._in_json(str(errore))
            self.stderr.write(str(errore))
            sys.exit(errore.returncode)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tipo", choices=[tipo.value for tipo in CAMPI])
        parser.add_argument("file", type=Path)
        parser.add_argument("--ente", required=True, help="lo slug dell'ente")
        parser.add_argument("--utente", required=True, help="la posta di chi importa")
        parser.add_argument("--prova", action="store_true", help="controlla e non scrive niente")
        parser.add_argument("--json", action="store_true", help="stampa solo il JSON")
        parser.add_argument(
            "--colonne",
            default="",
            help="che cosa è ogni colonna: «Intestazione=campo,…», JSON, o un file JSON",
        )
        self._aggiungi_cio_che_il_foglio_tace(parser)

    def _aggiungi_cio_che_il_foglio_tace(self, parser: CommandParser) -> None:
        parser.add_argument("--foglio", default="", help="il nome del foglio da leggere")
        parser.add_argument("--riga-intestazione", type=int, help="la riga coi nomi delle colonne")
        parser.add_argument("--unita", choices=UNITA, default="", help="che cosa conta la durata")
        parser.add_argument(
            "--azione", default="", help="il codice dell'azione, se il foglio tace"
        )
        parser.add_argument("--servizio", default="", help="il servizio, se il foglio tace")
        parser.add_argument("--canale", default="", help="come sono arrivate, se il foglio tace")
        parser.add_argument(
            "--doppioni",
            choices=["rifiuta", "salta", "carica"],
            default=Scelte().doppioni,
            help="che cosa fare delle righe uguali fra loro o già registrate",
        )
        parser.add_argument(
            "--in-parte",
            choices=["rifiuta", "salta", "carica"],
            default=Scelte().in_parte,
            help="lo stesso, di quelle di cui solo qualche persona è già registrata",
        )
        parser.add_argument(
            "--nuove-persone", action="store_true", help="crea chi non c'è, se si sa chi è"
        )
        parser.add_argument(
            "--nomi-unici",
            action="store_true",
            help="un nome intero che nell'ente ha una persona sola è lei, anche senza nascita",
        )

    def handle(self, *args, **opzioni) -> None:
        try:
            contenuto = _leggi(opzioni["file"])
            attore = _attore(opzioni["ente"], opzioni["utente"])
            with contesto(utente=attore.utente.pk, ente=attore.ente.pk):
                esame, importazione = importa_subito(
                    tipo=opzioni["tipo"],
                    contenuto=contenuto,
                    scelte=_scelte(opzioni, attore),
                    da=attore,
                    prova=opzioni["prova"],
                )
        except PermissionDenied:
            self._rifiuta(NON_PUO, opzioni)
        except (ValidationError, CommandError) as errore:
            frasi = errore.messages if isinstance(errore, ValidationError) else [str(errore)]
            self._rifiuta(" ".join(frasi), opzioni)
        else:
            self._racconta(esame, importazione, opzioni)

    def _rifiuta(self, frase: str, opzioni: dict) -> None:
        """Il file intero è rifiutato: non c'è una riga a cui dare la colpa."""
        if opzioni["json"]:
            self._in_json(frase)
            raise CommandError("Rifiutato: non è stato scritto niente.", returncode=1)
        raise CommandError(frase, returncode=1)

    def _in_json(self, frase: str) -> None:
        esito = {"lette": 0, "valide": 0, "rifiutate": [_motivo(None, "", frase)]}
        self.stdout.write(json.dumps({**esito, "importazione": None}, ensure_ascii=False))

    def _racconta(self, esame: Esame, importazione: Importazione | None, opzioni: dict) -> None:
        if opzioni["json"]:
            self.stdout.write(json.dumps(_esito(esame, importazione), ensure_ascii=False))
            self._avvisa(esame, self.stderr)
        else:
            self._avvisa(esame, self.stdout)
            self._in_parole(esame, importazione)
        if not esame.caricabile:
            raise CommandError(
                "Rifiutato: non è stato scritto niente."
                if esame.rifiuti
                else "Non c'è nessuna riga da scrivere.",
                returncode=1,
            )

    def _avvisa(self, esame: Esame, uscita: OutputWrapper) -> None:
        """Una riga per avviso: chi legge il JSON li trova sull'altra uscita, e non ne perde."""
        for avviso in _avvisi(esame):
            uscita.write(" ".join(avviso.split()))

    def _in_parole(self, esame: Esame, importazione: Importazione | None) -> None:
        for rifiuto in esame.rifiuti:
            dove = f", {rifiuto.colonna}" if rifiuto.colonna else ""
            self.stdout.write(f"Riga {rifiuto.riga}{dove}: {rifiuto.motivo}")
        fatto = (
            f"Caricata: {importazione.uuid}." if importazione else "Non è stato scritto niente."
        )
        self.stdout.write(f"Lette {esame.lette}, valide {esame.valide}. {fatto}")


def _avvisi(esame: Esame) -> Iterator[str]:
    """Le frasi su ciò che si è letto o lasciato fuori senza che sia uno sbaglio di una riga."""
    for avviso in esame.avvisi:
        yield f"Attenzione: {avviso}"
    if esame.gia_importato:
        yield f"Attenzione: questo file è già stato caricato il {esame.gia_importato:%d/%m/%Y}."
    if esame.non_lette:
        yield f"Attenzione: righe che non sono dati e non si leggono: {len(esame.non_lette)}."
    for numero, perche in esame.non_lette:
        yield f"Riga {numero} non letta: {perche}."


def _esito(esame: Esame, importazione: Importazione | None) -> dict:
    return {
        "lette": esame.lette,
        "valide": esame.valide,
        "rifiutate": [_di(rifiuto) for rifiuto in esame.rifiuti],
        "importazione": str(importazione.uuid) if importazione else None,
    }


def _di(rifiuto: Rifiuto) -> dict:
    return _motivo(rifiuto.riga, rifiuto.colonna, rifiuto.motivo)


def _motivo(riga: int | None, colonna: str, motivo: str) -> dict:
    return {"riga": riga, "colonna": colonna or None, "motivo": motivo}


def _leggi(percorso: Path) -> bytes:
    try:
        with percorso.open("rb") as file:
            # Un byte in più basta a chi controlla per sapere che è troppo grande.
            return file.read(MASSIMO_BYTE + 1)
    except OSError as errore:
        raise CommandError(_perche_non_si_apre(percorso, errore)) from errore


def _perche_non_si_apre(percorso: Path, errore: OSError) -> str:
    if isinstance(errore, FileNotFoundError):
        return f"Il file «{percorso}» non c'è."
    if isinstance(errore, IsADirectoryError):
        return f"«{percorso}» è una cartella: scrivi il nome del file."
    if isinstance(errore, PermissionError):
        return (
            f"Il file «{percorso}» non si può leggere: chi lancia il comando non ha il permesso."
        )
    return f"Il file «{percorso}» non si legge: il disco o il suo nome non vanno."


def _uso_sbagliato(errore: str) -> NoReturn:
    """Al posto di ciò che argparse fa di suo: la frase in italiano, e come si usa."""
    raise UsoSbagliato(f"{_in_italiano(errore)} {_AIUTO}")


def _in_italiano(errore: str) -> str:
    for inglese, frase in _SBAGLI_D_USO:
        if trovato := re.fullmatch(inglese, errore, re.DOTALL):
            return frase.format(*(parte.replace("'", "") for parte in trovato.groups()))
    return _COME_SI_USA


def _attore(slug: str, posta: str) -> Attore:
    """Chi importa per quell'ente; la stessa frase se non c'è l'uno, l'altro, o non ci lavora."""
    ente = Ente.objects.attivi().filter(slug=slug).first()
    utente = Utente.objects.filter(email__iexact=posta.strip()).first()
    if ente is None or utente is None:
        raise CommandError(NESSUNO)
    with contesto(utente=utente.pk, ente=ente.pk):
        attore = attore_di(utente.pk, ente.pk)
    if attore is None:
        raise CommandError(NESSUNO)
    return attore


def _scelte(opzioni: dict, attore: Attore) -> Scelte:
    colonne, unita = _colonne(opzioni["colonne"], opzioni["tipo"])
    return Scelte(
        foglio=opzioni["foglio"],
        riga_intestazione=opzioni["riga_intestazione"],
        colonne=colonne,
        unita=opzioni["unita"] or unita,
        azione=opzioni["azione"],
        servizio=_servizio(opzioni["servizio"], attore),
        canale=opzioni["canale"],
        doppioni=opzioni["doppioni"],
        in_parte=opzioni["in_parte"],
        nuove_persone=opzioni["nuove_persone"],
        nomi_unici=opzioni["nomi_unici"],
    )


def _servizio(nome: str, attore: Attore) -> str:
    if not nome:
        return ""
    trovati = Servizio.objects.di(attore.ente).con_nome(nome)
    if len(trovati) != 1:
        raise CommandError(f"«{nome}» non è un servizio dell'ente.")
    return str(trovati[0].uuid)


def _colonne(mappa: str, tipo: str) -> tuple[dict[str, str], str]:
    """Intestazione (o lettera) → campo; e l'unità, scritta dopo due punti: «Durata=durata:ore»."""
    colonne, unita = {}, ""
    for intestazione, campo in _coppie(mappa):
        nome, _, sua = campo.strip().partition(":")
        nome = forma_normale(nome).replace(" ", "_")
        if nome and nome not in {voce.nome for voce in CAMPI[tipo]}:
            noti = ", ".join(voce.nome for voce in CAMPI[tipo])
            raise CommandError(f"--colonne: «{nome}» non è un campo. I campi sono: {noti}.")
        if sua and sua not in UNITA:
            raise CommandError(f"--colonne: «{sua}» non è un'unità: {', '.join(UNITA)}.")
        _una_volta_sola(intestazione.strip(), nome, colonne)
        colonne[intestazione.strip()] = nome
        unita = sua or unita
    return colonne, unita


def _una_volta_sola(intestazione: str, campo: str, prima: dict[str, str]) -> None:
    """Ferma se la colonna è già nominata o se un'altra dice già quel campo: vincerebbe l'ultima."""
    if intestazione in prima:
        raise CommandError(f"--colonne: «{intestazione}» c'è due volte: scegline una.")
    altra = next((nome for nome, suo in prima.items() if campo and suo == campo), None)
    if altra is not None:
        raise CommandError(
            f"--colonne: due colonne dicono la stessa cosa, «{altra}» e «{intestazione}»"
            f" ({campo}): scegline una."
        )


def _coppie(mappa: str) -> list[tuple[str, str]]:
    testo = mappa.strip()
    if not testo:
        return []
    if not testo.startswith("{") and testo.endswith(".json"):
        try:
            testo = Path(testo).read_text(encoding="utf-8-sig")
        except OSError as errore:
            perche = _perche_non_si_apre(Path(testo), errore)
            raise CommandError(f"--colonne: {perche}") from errore
        except UnicodeDecodeError as errore:
            raise CommandError("--colonne: il JSON non è in UTF-8.") from errore
    if testo.lstrip().startswith("{"):
        try:
            # Le coppie come sono scritte: in un dizionario la seconda volta cancella la prima.
            coppie = json.loads(testo, object_pairs_hook=list)
            return [(str(nome), str(campo or "")) for nome, campo in coppie]
        except ValueError as errore:
            raise CommandError("--colonne: il JSON non si legge.") from errore
    coppie = [voce.partition("=") for voce in testo.replace(";", ",").split(",") if voce.strip()]
    if not all(segno for _, segno, _ in coppie):
        raise CommandError("--colonne: scrivi «Intestazione=campo», separate da virgole.")
    return [(nome, campo) for nome, _, campo in coppie]
