"""Com'è andato un piano di rientro: le rate pagate su quelle scadute, e come si divide un debito."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from prestazioni.codici import PIANO_INTERROTTO, PIANO_RISPETTATO
from prestazioni.models import PARTE_RISPETTATA, Rata
from registro.comune.mesi import fra_mesi


# Da quante rate scadute e non pagate un piano si propone di chiuderlo come interrotto.
NON_PAGATE_PER_INTERROMPERE = 2
CENTESIMO = Decimal("0.01")


@dataclass(frozen=True)
class Rispetto:
    """Le rate di un piano a un certo giorno. Una rata scade quando il suo giorno è passato; pagata
    proprio quel giorno, conta anche lei."""

    giorno: date
    rate: int
    scadute: int
    pagate: int
    euro_scaduti: Decimal
    euro_pagati: Decimal
    tutte_pagate: bool

    @property
    def non_pagate(self) -> int:
        return self.scadute - self.pagate

    @property
    def parte(self) -> Decimal | None:
        """Quante delle scadute sono pagate, da 0 a 1; None se nessuna è ancora scaduta."""
        return Decimal(self.pagate) / self.scadute if self.scadute else None

    @property
    def percento(self) -> Decimal | None:
        if self.parte is None:
            return None
        return (self.parte * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    @property
    def da_interrompere(self) -> bool:
        return self.non_pagate >= NON_PAGATE_PER_INTERROMPERE

    @property
    def esito(self) -> str | None:
        """Il codice dell'esito che le rate dicono, se il piano finisse quel giorno."""
        if self.tutte_pagate or (self.parte is not None and self.parte >= PARTE_RISPETTATA):
            return PIANO_RISPETTATO
        return None if self.parte is None else PIANO_INTERROTTO


def rispetto(rate: Iterable[Rata], giorno: date) -> Rispetto:
    """Come sta il piano di queste `rate` a quel giorno: un pagamento fatto dopo non conta ancora."""
    rate = list(rate)
    pagate = [rata for rata in rate if rata.pagata_il and rata.pagata_il <= giorno]
    scadute = [r for r in rate if r.scade_il < giorno or (r.scade_il == giorno and r in pagate)]
    onorate = [rata for rata in scadute if rata in pagate]
    return Rispetto(
        giorno=giorno,
        rate=len(rate),
        scadute=len(scadute),
        pagate=len(onorate),
        euro_scaduti=sum((rata.importo for rata in scadute), Decimal(0)),
        euro_pagati=sum((rata.importo for rata in onorate), Decimal(0)),
        tutte_pagate=bool(rate) and len(pagate) == len(rate),
    )


def dividi(
    debito: Decimal, quante: int, dal: date, importo: Decimal | None = None
) -> Sequence[tuple[date, Decimal]]:
    """Divide `debito` in `quante` rate mensili da `dal`: (scadenza, euro). L'ultima prende il resto.

    Senza `importo` le rate sono uguali, arrotondate al centesimo in meno. Solleva ValueError se
    all'ultima non resta niente.
    """
    uguale = importo or (debito / quante).quantize(CENTESIMO, rounding=ROUND_DOWN)
    ultima = debito - uguale * (quante - 1)
    if uguale <= 0 or ultima <= 0:
        raise ValueError("All'ultima rata non resta niente.")
    importi = [uguale] * (quante - 1) + [ultima]
    return [(fra_mesi(dal, numero), quanto) for numero, quanto in enumerate(importi)]
