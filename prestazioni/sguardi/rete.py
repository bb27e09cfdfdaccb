"""I numeri del nodo e della rete: le sole porte verso le tabelle precalcolate.

Rispondono a chi coordina (i suoi nodi) e a chi amministra (la rete); a ogni altro, nessuna riga.
Prestazioni e ore sono esatte. Ogni conto di persone esce dal database già arrotondato a 5.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from assi.models import Asse, Azione
from enti.models import Ente, Nodo
from enti.sistema import come_sistema
from prestazioni.models import PRIMO_GIORNO
from registro.comune.mesi import fra_mesi
from registro.db.lucchetto import uno_alla_volta


_RETE = "SELECT * FROM registro_cruscotto_rete(%s, %s, %s, %s, %s, %s, %s)"
_CASI = "SELECT * FROM registro_cruscotto_casi(%s, %s, %s, %s, %s, %s)"
_BISOGNI = "SELECT * FROM registro_cruscotto_bisogni(%s, %s, %s, %s, %s, %s)"
# Ciò per cui si può raggruppare; «totale» è una riga sola, con voce 0.
PER = ("totale", "nodo", "ente", "asse", "azione", "mese")
_PRIMO_ANNO = 2000
# Quanti mesi si tengono pronti, uno per uno.
MESI_PRONTI = 36
# Prepararle costa, e chi guarda aspetta poco anche senza: si fa a pezzi, un giro per volta.
SECONDI_PER_GIRO = 20
# Uno solo alla volta ricalcola.
LUCCHETTO = 4812


@dataclass(frozen=True)
class Ambito:
    """Che cosa si guarda: i mesi interi da quello di `dal` a quello di `al`, e i filtri.

    Un filtro fuori da ciò che chi guarda può vedere non dà righe.
    """

    dal: date
    al: date
    nodo: Nodo | None = None
    ente: Ente | None = None
    asse: Asse | None = None
    azione: Azione | None = None

    @property
    def filtri(self) -> list[int | None]:
        """Le chiavi dei filtri, nell'ordine delle funzioni di guardia."""
        scelti = (self.nodo, self.ente, self.asse, self.azione)
        return [scelto.pk if scelto else None for scelto in scelti]


@dataclass(frozen=True)
class RigaDiRete:
    """I numeri di una voce: `voce` è la chiave del nodo, dell'ente, dell'asse o dell'azione (0 per
    il totale e per gli enti senza nodo); per mese, quanti mesi dal gennaio 2000.

    `minuti` è None se nessuna prestazione dice quanto dura. `persone`, `senza_codice` e
    `senza_nome` sono arrotondati a 5.
    """

    voce: int
    prestazioni: int
    minuti: int | None
    senza_durata: int
    persone: int
    senza_codice: int
    senza_nome: int

    @property
    def mese(self) -> date:
        """Il primo giorno del mese, se la voce è un mese."""
        anni, mese = divmod(self.voce, 12)
        return date(_PRIMO_ANNO + anni, mese + 1, 1)


@dataclass(frozen=True)
class Freschezza:
    """A quando sono aggiornati i numeri (None: mai calcolati) e quanti mesi aspettano il ricalcolo."""

    aggiornato_il: datetime | None
    in_attesa: int


def righe_di_rete(per: str, ambito: Ambito) -> list[RigaDiRete]:
    """I numeri raggruppati `per` (uno di `PER`). Solleva ValueError per un raggruppamento ignoto.

    Le persone di più righe non si sommano: ogni conto è fatto da capo sulle persone distinte.
    """
    if per not in PER:
        raise ValueError(f"Raggruppamento sconosciuto: {per!r}.")
    dal, al = ambito.dal.replace(day=1), ambito.al.replace(day=1)
    with connection.cursor() as cursore:
        cursore.execute(_RETE, [per, dal, al, *ambito.filtri])
        return [RigaDiRete(*riga) for riga in cursore.fetchall()]


def casi_di_rete(per: str, ambito: Ambito) -> dict[int, int]:
    """Quanti casi erano aperti alla fine dell'ultimo giorno, per voce, arrotondati a 5."""
    with connection.cursor() as cursore:
        cursore.execute(_CASI, [per, ambito.al, *ambito.filtri])
        return dict(cursore.fetchall())


def bisogni_di_rete(ambito: Ambito) -> dict[str, tuple[int, int]]:
    """Per stato: quante persone e quanti bisogni rilevati nel periodo, arrotondati a 5."""
    with connection.cursor() as cursore:
        cursore.execute(_BISOGNI, [ambito.dal, ambito.al, *ambito.filtri])
        return {stato: (persone, bisogni) for stato, persone, bisogni in cursore.fetchall()}


def freschezza() -> Freschezza | None:
    """A quando sono aggiornati i numeri; None a chi non può vederli."""
    with connection.cursor() as cursore:
        cursore.execute("SELECT * FROM registro_cruscotto_stato()")
        riga = cursore.fetchone()
    return Freschezza(*riga) if riga else None


def ricalcola(*, tutto: bool = False) -> int:
    """Aggiorna i mesi toccati dall'ultima volta, o tutti; rende quanti (ente, mese).

    Agisce come sistema, uno alla volta: chi arriva intanto aspetta, e trova poco da fare. Si può
    ripetere, e interrotto a metà non lascia niente a metà: è una transazione sola.
    """
    with come_sistema(), connection.cursor() as cursore:
        uno_alla_volta(LUCCHETTO)
        cursore.execute("SELECT registro_ricalcola_cruscotti(%s)", [tutto])
        return cursore.fetchone()[0]


def periodi_soliti(oggi: date) -> list[tuple[date, date]]:
    """I periodi del menu e poi gli ultimi mesi, dal più recente: (dal, al), primi giorni di mesi."""
    mese, anno = oggi.replace(day=1), date(oggi.year, 1, 1)
    del_menu = [
        (anno, mese),
        (mese, mese),
        (fra_mesi(mese, -((oggi.month - 1) % 3)), mese),
        (PRIMO_GIORNO, mese),
        (date(oggi.year - 1, 1, 1), date(oggi.year - 1, 12, 1)),
    ]
    mesi = [fra_mesi(mese, -indietro) for indietro in range(1, MESI_PRONTI)]
    return list(dict.fromkeys([*del_menu, *((uno, uno) for uno in mesi)]))


def prepara(periodi: Iterable[tuple[date, date]], *, entro: float = SECONDI_PER_GIRO) -> int:
    """Tiene pronte le risposte dei `periodi` (dal, al: il primo giorno di due mesi), le più chieste
    per prime, finché non passano `entro` secondi; rende quante ne ha fatte.

    Una transazione ciascuna: chi scrive non aspetta più di un conto. Si può ripetere.
    """
    limite, fatte = time.monotonic() + entro, 0
    for risposta in _mancanti(list(periodi)):
        if time.monotonic() > limite:
            break
        with come_sistema(), connection.cursor() as cursore:
            uno_alla_volta(LUCCHETTO)
            cursore.execute("SELECT registro_prepara_cruscotto(%s, %s, %s, %s)", risposta)
        fatte += 1
    return fatte


def _mancanti(periodi: list[tuple[date, date]]) -> list[tuple]:
    """(ambito, per, dal, al) delle risposte che non sono ancora pronte."""
    with come_sistema(), connection.cursor() as cursore:
        cursore.execute(
            "SELECT * FROM registro_cruscotti_mancanti(%s::date[], %s::date[], %s)",
            [[dal for dal, _ in periodi], [al for _, al in periodi], list(PER)],
        )
        return cursore.fetchall()
