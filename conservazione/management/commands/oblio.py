"""`manage.py oblio`: dimentica una persona, o di nuovo quelle di un elenco dopo un ripristino."""

from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from beneficiari.models import Beneficiario
from conservazione import cancellati
from conservazione.models import VerbaleOblio
from conservazione.oblio import cancella
from enti.models import Ente
from enti.sistema import come_sistema
from privacy.gruppi import Uscita
from privacy.letture import registra_letture
from registro.comune.comandi import Comando


DOPO_UN_RIPRISTINO = "cancellata di nuovo dopo un ripristino"


class Command(Comando):
    help = (
        "Dimentica per sempre una persona, o (--riapplica) quelle di un elenco dopo un ripristino."
        " Senza --conferma dice soltanto che cosa farebbe."
    )

    def add_arguments(self, parser):
        parser.add_argument("--persona", type=UUID, help="l'uuid della persona")
        parser.add_argument("--motivo", default="", help="perché, senza il nome della persona")
        parser.add_argument("--richiesta", type=UUID, help="l'uuid della richiesta accolta")
        parser.add_argument(
            "--riapplica", type=Path, metavar="FILE", help="l'elenco dei cancellati"
        )
        parser.add_argument("--conferma", action="store_true", help="fallo davvero")

    def handle(self, *args, persona, motivo, richiesta, riapplica, conferma, **opzioni):
        if (persona is None) == (riapplica is None):
            raise CommandError("Serve --persona UUID, oppure --riapplica FILE.")
        if riapplica is not None:
            self._riapplica(riapplica)
            return
        if not motivo.strip():
            raise CommandError("--motivo: scrivi perché, senza il nome della persona.")
        trovate = self._dimentica(
            [persona], motivo, richiesta=richiesta, davvero=conferma, a_mano=True
        )
        if not trovate:
            raise CommandError("Nessun ente ha una persona con questo numero.")
        if not conferma:
            self.stdout.write("Prova: la persona c'è. Aggiungi --conferma per dimenticarla.")

    def _riapplica(self, file: Path) -> None:
        if not file.exists():
            raise CommandError(f"{file.name}: il file non c'è.")
        try:
            numeri = list(cancellati.leggi(file))
        except cancellati.ElencoErrato as errore:
            raise CommandError(str(errore)) from errore
        rifatte = self._dimentica(numeri, DOPO_UN_RIPRISTINO, davvero=True)
        self.stdout.write(
            f"Numeri nell'elenco: {len(numeri)}. Persone tornate col ripristino e dimenticate di"
            f" nuovo: {rifatte}."
        )

    def _dimentica(
        self, numeri: list, motivo: str, *, davvero: bool, richiesta=None, a_mano: bool = False
    ) -> int:
        """Cerca ente per ente; rende quante ne ha trovate. Due numeri possono essere di una."""
        trovate = 0
        with come_sistema():
            enti = list(Ente.objects.order_by("pk"))
        for ente in enti:
            with come_sistema(ente), _letture():
                for persona in Beneficiario.objects.di(ente).filter(uuid__in=numeri):
                    if not Beneficiario.objects.di(ente).filter(pk=persona.pk).exists():
                        continue
                    trovate += 1
                    if davvero:
                        self._una(persona, motivo=motivo, richiesta=richiesta, a_mano=a_mano)
        return trovate

    def _una(self, persona: Beneficiario, **come) -> None:
        try:
            esito = cancella(persona, **come)
        except ValidationError as errore:
            raise CommandError(" ".join(errore.messages)) from errore
        righe = VerbaleOblio.objects.get(uuid=esito.verbale).righe_tolte
        self.stdout.write(f"{persona.uuid}: {righe} righe tolte. Verbale {esito.verbale}.")


def _letture():
    return registra_letture("manage.py oblio", uscita=Uscita.LAVORO)
