"""Che cosa c'è da fare sulle schede: per chi le compila e per chi le segue."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from enti.permessi import Attore
from registro.comune.templatetags.testo import conta, data_estesa
from report.models import Campagna, Scheda


Stato = Scheda.Stato
# Prima ciò che è tornato indietro, poi ciò che è cominciato, poi ciò che non lo è ancora.
URGENZA = {Stato.RIMANDATA: 0, Stato.IN_COMPILAZIONE: 1, Stato.DA_APRIRE: 2}


@dataclass(frozen=True, slots=True)
class Impegno:
    """Una scheda e il tempo che le resta. `giorni` è None se la campagna non ha scadenza."""

    scheda: Scheda
    giorni: int | None

    @classmethod
    def di(cls, scheda: Scheda) -> "Impegno":
        """L'impegno di una scheda letta con la sua campagna."""
        scade_il = scheda.campagna.scade_il
        return cls(scheda, (scade_il - timezone.localdate()).days if scade_il else None)

    @property
    def aperta(self) -> bool:
        return self.scheda.aperta

    @property
    def in_ritardo(self) -> bool:
        return self.aperta and self.giorni is not None and self.giorni < 0

    @property
    def chiusa_agli_invii(self) -> bool:
        """Vero se è passato anche l'ultimo giorno in cui si accetta in ritardo."""
        ultimo = self.scheda.campagna.ritardo_fino_al or self.scheda.campagna.scade_il
        return self.aperta and ultimo is not None and ultimo < timezone.localdate()

    @property
    def scadenza(self) -> str:
        """Quando va consegnata, come lo si dice a voce."""
        campagna = self.scheda.campagna
        if self.scheda.stato == Stato.CONGELATA:
            return "già in un rapporto"
        if not self.aperta:
            inviata_il = self.scheda.inviata_il
            return f"consegnata il {data_estesa(inviata_il)}" if inviata_il else "consegnata"
        if self.giorni is None:
            return "senza scadenza"
        if self.giorni == 0:
            return "scade oggi"
        if self.giorni > 0:
            return f"scade fra {conta(self.giorni, 'giorno', 'giorni')}"
        passati = f"scaduta da {conta(-self.giorni, 'giorno', 'giorni')}"
        if campagna.ritardo_fino_al and not self.chiusa_agli_invii:
            return f"{passati}, si accetta fino al {data_estesa(campagna.ritardo_fino_al)}"
        return passati


@dataclass(frozen=True, slots=True)
class Giro:
    """Una campagna vista da chi la segue: gli impegni del suo ambito, i ritardi per primi."""

    campagna: Campagna
    impegni: list[Impegno]
    da_guardare: list[Impegno]

    @property
    def in_ritardo(self) -> list[Impegno]:
        return [impegno for impegno in self.impegni if impegno.in_ritardo]

    @property
    def consegnate(self) -> int:
        return sum(not impegno.aperta for impegno in self.impegni)

    @property
    def per_stato(self) -> list[tuple[str, str, int]]:
        """Quante schede in ogni stato, nell'ordine del percorso: stato, nome, quante."""
        conti = Counter(impegno.scheda.stato for impegno in self.impegni)
        return [(stato.value, stato.label, conti[stato]) for stato in Stato if conti[stato]]


def impegni_di(attore: Attore) -> list[Impegno]:
    """Le schede che l'ente dell'attore compila: prima quelle da fare, le più urgenti in testa."""
    schede = Scheda.objects.visibili_a(attore).per_elenco()
    return sorted(map(Impegno.di, schede), key=_urgenza)


def giro_di(attore: Attore) -> Giro | None:
    """L'ultima campagna, con le schede dell'ambito dell'attore; None se non ce n'è nessuna."""
    campagna = Campagna.objects.recenti().first()
    if campagna is None:
        return None
    schede = Scheda.objects.visibili_a(attore).filter(campagna=campagna).per_elenco()
    impegni = sorted(map(Impegno.di, schede), key=_urgenza)
    da_guardare = [impegno for impegno in impegni if _aspetta(impegno.scheda, attore)]
    return Giro(campagna, impegni, da_guardare)


def _aspetta(scheda: Scheda, attore: Attore) -> bool:
    """Vero se tocca a chi segue dire di sì o rimandare: il nodo per primo, poi la rete."""
    if scheda.stato == Stato.INVIATA:
        return True
    return attore.di_rete and scheda.stato == Stato.ACCETTATA_DAL_NODO


def _urgenza(impegno: Impegno) -> tuple:
    scheda = impegno.scheda
    apertura = scheda.campagna.apre_il or date.min
    return (
        not impegno.in_ritardo,
        URGENZA.get(scheda.stato, len(URGENZA)),
        impegno.giorni if impegno.giorni is not None else 10_000,
        -apertura.toordinal(),
        scheda.numero,
        scheda.pk,
    )
