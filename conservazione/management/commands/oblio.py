"""`manage.py oblio`: dimentica una persona, o di nuovo quelle di un elenco dopo un ripristino."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError

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


@dataclass
class Conti:
    """Quante persone dell'elenco ci sono, e quante non si sono lasciate dimenticare."""

    trovate: int = 0
    rimaste: int = 0


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
            self._riapplica(riapplica, davvero=conferma)
            return
        if not motivo.strip():
            raise CommandError("--motivo: scrivi perché, senza il nome della persona.")
        conti = self._dimentica(
            [persona], motivo, richiesta=richiesta, davvero=conferma, a_mano=True
        )
        if not conti.trovate:
            raise CommandError("Nessun ente ha una persona con questo numero.")
        if not conferma:
            self.stdout.write("Prova: la persona c'è. Aggiungi --conferma per dimenticarla.")

    def _riapplica(self, file: Path, *, davvero: bool) -> None:
        if not file.exists():
            raise CommandError(f"{file.name}: il file non c'è.")
        try:
            numeri = list(cancellati.leggi(file))
        except cancellati.ElencoErrato as errore:
            raise CommandError(str(errore)) from errore
        conti = self._dimentica(numeri, DOPO_UN_RIPRISTINO, davvero=davvero)
        if not davvero:
            self.stdout.write(
                f"Prova: numeri nell'elenco {len(numeri)}, persone tornate {conti.trovate}. Aggiungi"
                " --conferma per dimenticarle di nuovo."
            )
            return
        self.stdout.write(
            f"Numeri nell'elenco: {len(numeri)}. Persone tornate col ripristino e dimenticate di"
            f" nuovo: {conti.trovate - conti.rimaste}."
        )

    def _dimentica(
        self, numeri: list, motivo: str, *, davvero: bool, richiesta=None, a_mano: bool = False
    ) -> Conti:
        """Cerca ente per ente. Due numeri possono essere di una.

        Una persona che non si lascia dimenticare non ferma le altre: alla fine si esce con errore.
        """
        conti = Conti()
        with come_sistema():
            enti = list(Ente.objects.order_by("pk"))
        for ente in enti:
            with come_sistema(ente), _letture():
                for persona in Beneficiario.objects.di(ente).filter(uuid__in=numeri):
                    if not Beneficiario.objects.di(ente).filter(pk=persona.pk).exists():
                        continue
                    conti.trovate += 1
                    if davvero:
                        come = {"motivo": motivo, "richiesta": richiesta, "a_mano": a_mano}
                        conti.rimaste += not self._una(persona, **come)
        if conti.rimaste:
            raise CommandError(f"Persone non dimenticate: {conti.rimaste} su {conti.trovate}.")
        return conti

    def _una(self, persona: Beneficiario, **come) -> bool:
        """Vero se è stata dimenticata; se no dice perché, con il suo numero."""
        try:
            esito = cancella(persona, **come)
        except ValidationError as errore:
            self.stderr.write(f"{persona.uuid}: {' '.join(errore.messages)}")
            return False
        except (DatabaseError, OSError) as errore:
            self.stderr.write(f"{persona.uuid}: {type(errore).__name__}")
            return False
        righe = VerbaleOblio.objects.get(uuid=esito.verbale).righe_tolte
        self.stdout.write(f"{persona.uuid}: {righe} righe tolte. Verbale {esito.verbale}.")
        return True


def _letture():
    return registra_letture("manage.py oblio", uscita=Uscita.LAVORO)
