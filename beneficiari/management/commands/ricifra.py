"""`manage.py ricifra`: richiude con la chiave corrente ciò che è cifrato con le precedenti."""

from collections import Counter

from django.conf import settings
from django.core.management.base import CommandError

from beneficiari.azioni.ricifratura import (
    Colonna,
    colonne,
    ne_restano,
    nella_storia,
    ricifra_un_pezzo,
)
from enti.eventi import annota_evento
from enti.models import CodiceEvento, Ente
from enti.sistema import come_sistema
from privacy.gruppi import Uscita
from privacy.letture import registra_letture
from registro.comune.comandi import Comando


class Command(Comando):
    help = (
        "Richiude con la chiave corrente i codici, le note e le bozze cifrati con una chiave di prima. Si può"
        " interrompere e rifare, mentre si lavora."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--pezzo",
            type=int,
            default=200,
            help="quante righe per volta (200): poche, perché chi scrive non aspetti",
        )

    def handle(self, *args, pezzo, **opzioni):
        if pezzo < 1:
            raise CommandError("--pezzo: almeno una riga per volta.")
        self._pezzo = pezzo
        richiuse, male, storia, restano = Counter(), 0, Counter(), 0
        cifrate = colonne()
        with come_sistema():
            enti = list(Ente.objects.order_by("pk"))
        for ente in enti:
            for colonna in cifrate:
                fatte, guaste = self._ricifra(ente, colonna)
                richiuse[colonna.nome] += fatte
                male += guaste
        for ente in enti:
            with come_sistema(ente):
                for colonna in cifrate:
                    restano += ne_restano(colonna=colonna, ente=ente)
                    storia.update(nella_storia(colonna=colonna, ente=ente))
        self._racconta(richiuse, storia)
        self._concludi(male, restano)

    def _ricifra(self, ente: Ente, colonna: Colonna) -> tuple[int, int]:
        """Richiude tutta una colonna di un ente; rende quante righe sì e quante non si aprono."""
        fatte = guaste = ultima = 0
        while True:
            # Ogni pezzo è una transazione sua: se ci si ferma qui, ciò che è fatto resta fatto.
            with come_sistema(ente) as da, registra_letture("ricifra", uscita=Uscita.LAVORO):
                esito = ricifra_un_pezzo(colonna=colonna, dopo=ultima, quante=self._pezzo, da=da)
            fatte, guaste = fatte + esito.richiuse, guaste + esito.chiuse_male
            if esito.ultima is None:
                self._annota(ente, fatte)
                return fatte, guaste
            ultima = esito.ultima

    def _annota(self, ente: Ente, righe: int) -> None:
        """L'uso delle chiavi resta fra gli eventi di sicurezza: quale, e su quante righe."""
        if righe:
            with come_sistema(ente) as da:
                annota_evento(
                    CodiceEvento.CHIAVE_USATA, da=da, chiave=settings.CHIAVE_CORRENTE, righe=righe
                )

    def _racconta(self, richiuse: Counter, storia: Counter) -> None:
        for nome, quante in richiuse.items():
            self.stdout.write(f"{nome}: {quante} righe richiuse con la chiave corrente")
        for chiave, quante in sorted(storia.items()):
            self.stdout.write(
                f"storia: {quante} righe tengono la chiave {chiave}, che va conservata per"
                " leggerle (docs/esercizio.md)"
            )

    def _concludi(self, male: int, restano: int) -> None:
        if male:
            raise CommandError(
                f"{male} righe non si aprono: manca in REGISTRO_CHIAVI la chiave con cui sono"
                " cifrate, o sono alterate. Sono rimaste com'erano; le altre sono a posto. Rimetti"
                " la chiave e riesegui."
            )
        if restano:
            raise CommandError(
                f"{restano} righe hanno ancora la chiave vecchia: le ha scritte un processo non"
                " ancora riavviato. Riavvia tutto e riesegui."
            )
        self.stdout.write(
            f"0 righe con la chiave vecchia: ora è tutto con la {settings.CHIAVE_CORRENTE}"
        )
