"""Una tavola di un cruscotto: gli stessi numeri per la pagina, per il disegno e per il CSV."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.utils import formats

from prestazioni.sguardi.definizioni import DELL_ENTE, DELLA_RETE, Definizione
from prestazioni.sguardi.ore import in_ore
from registro.comune.esportazioni import Cella, Tabella
from registro.comune.grafici import (
    Barra,
    Grafico,
    Serie,
    barre_orizzontali,
    linee_per_mese,
)
from registro.comune.mesi import fra_mesi
from registro.comune.templatetags.testo import in_cella, numero


# Come si legge un conto arrotondato a 5 che fa zero: non vuol dire nessuno.
DA_ZERO_A_DUE = "0–2"
# Le voci di un disegno oltre le quali diventa illeggibile: le altre stanno nella tavola.
DISEGNATE = 20
MISURE = {"prestazioni": "Prestazioni", "ore": "Ore", "persone": "Persone"}
# La definizione di ogni colonna di una tavola di numeri.
DEFINITE = {
    "Prestazioni": "prestazioni",
    "Ore": "ore",
    "Senza durata": "senza_durata",
    "Persone": "persone",
    "Persone senza codice": "senza_codice",
    "Senza nome": "senza_nome",
    "Casi aperti": "casi",
}
# Fuori dalla pagina il «circa» resta scritto solo qui: nell'intestazione della colonna.
A_5 = {
    "Persone": "Persone (arrotondate a 5)",
    "Persone senza codice": "Persone senza codice (arrotondate a 5)",
    "Senza nome": "Senza nome (arrotondate a 5)",
    "Casi aperti": "Casi aperti (arrotondati a 5)",
    "Bisogni": "Bisogni (arrotondati a 5)",
}


@dataclass(frozen=True)
class Numeri:
    """I conti di una voce. `minuti` None: nessuna prestazione dice quanto dura.

    `senza_codice` si conta solo fra enti diversi; `casi` solo dove ha senso: altrove None.
    """

    prestazioni: int = 0
    minuti: int | None = None
    senza_durata: int = 0
    persone: int = 0
    senza_nome: int = 0
    senza_codice: int | None = None
    casi: int | None = None

    @property
    def ore(self) -> Decimal | None:
        """Le ore, con due decimali; None se nessuna prestazione dice quanto dura."""
        return in_ore(self.minuti)


@dataclass(frozen=True)
class Tavola:
    """Righe di celle, la prima è il nome della voce; `colonna` è quella che si disegna.

    `arrotondate`: le colonne di conti arrotondati a 5, il cui zero si legge «0–2». `mesi`: se le
    righe sono mesi di seguito, i loro primi giorni. `colori`: uno per riga, o vuoto.
    `definizioni`: come si conta ogni colonna dopo la prima.
    """

    slug: str
    titolo: str
    intestazioni: tuple[str, ...]
    righe: tuple[tuple[Cella, ...], ...]
    colonna: int = 1
    arrotondate: frozenset[int] = frozenset()
    mesi: tuple[date, ...] = ()
    colori: tuple[str, ...] = field(default=())
    definizioni: tuple[Definizione, ...] = ()

    @property
    def come_si_conta(self) -> list[tuple[str, Definizione]]:
        """Per ogni colonna di numeri, la sua intestazione e la definizione."""
        return list(zip(self.intestazioni[1:], self.definizioni, strict=True))

    @property
    def mostrate(self) -> tuple[tuple[Cella, ...], ...]:
        """Le righe come si leggono: i conti arrotondati che fanno zero non dicono «nessuno»."""
        return tuple(
            tuple(self._cella(posto, cella) for posto, cella in enumerate(riga))
            for riga in self.righe
        )

    def foglio(self, che_cosa: Sequence[tuple[str, str]]) -> Tabella:
        """La tavola da scaricare, con le righe che si leggono in pagina; in fondo `che_cosa` si è
        guardato, per esempio («Periodo», «marzo 2026»): un file si legge anche senza la pagina."""
        return Tabella(self.titolo[:31], self.intestazioni, (*self.mostrate, (), *che_cosa))

    def disegna(self) -> Grafico | None:
        """La colonna scelta, disegnata; accanto, la tavola intera. None se non c'è una riga."""
        if not self.righe:
            return None
        grafico = self._linea() if self.mesi else self._barre()
        return replace(grafico, intestazioni=self.intestazioni, righe=self.mostrate)

    def _cella(self, posto: int, cella: Cella) -> Cella:
        return DA_ZERO_A_DUE if posto in self.arrotondate and cella == 0 else cella

    def _linea(self) -> Grafico:
        misura = self.intestazioni[self.colonna]
        valori = tuple(riga[self.colonna] for riga in self.righe)
        return linee_per_mese(self._titolo, self.mesi, [Serie(misura, valori)])

    def _barre(self) -> Grafico:
        scelte = [
            (riga, self.colori[posto] if self.colori else "")
            for posto, riga in enumerate(self.righe)
        ]
        # Le più grandi, nell'ordine della tavola.
        grandi = sorted(scelte, key=lambda voce: -(voce[0][self.colonna] or 0))[:DISEGNATE]
        tenute = [voce for voce in scelte if voce in grandi]
        return barre_orizzontali(
            self._titolo,
            [self._barra(riga, colore) for riga, colore in tenute],
            voce=self.intestazioni[0],
            misura=self.intestazioni[self.colonna],
        )

    def _barra(self, riga: tuple, colore: str) -> Barra:
        detta = in_cella(self._cella(self.colonna, riga[self.colonna]))
        tinta = {"colore": colore} if colore else {}
        return Barra(str(riga[0]), riga[self.colonna], testo=detta, **tinta)

    @property
    def _titolo(self) -> str:
        tolte = len(self.righe) - DISEGNATE
        resto = f" (le prime {DISEGNATE})" if tolte > 0 and not self.mesi else ""
        return f"{self.intestazioni[self.colonna]}: {self.titolo.lower()}{resto}"


def tavola_di_numeri(
    slug: str,
    titolo: str,
    voce: str,
    voci: Iterable[tuple[str, Numeri]],
    *,
    misura: str = "prestazioni",
    di_rete: bool = False,
    con_casi: bool = False,
    mesi: Sequence[date] = (),
    colori: Sequence[str] = (),
) -> Tavola:
    """La tavola di più voci con gli stessi conti; `misura` (una di `MISURE`) è quella disegnata.

    `di_rete`: le persone sono arrotondate a 5 e accanto c'è quante sono senza codice.
    """
    di_rete_in_piu = ("Persone senza codice",) if di_rete else ()
    casi = ("Casi aperti",) if con_casi else ()
    intestazioni = (
        *(voce, "Prestazioni", "Ore", "Senza durata", "Persone"),
        *di_rete_in_piu,
        "Senza nome",
        *casi,
    )
    righe = tuple(
        (
            *(nome, n.prestazioni, n.ore, n.senza_durata, n.persone),
            *((n.senza_codice,) if di_rete else ()),
            n.senza_nome,
            *((n.casi or 0,) if con_casi else ()),
        )
        for nome, n in voci
    )
    return Tavola(
        slug,
        titolo,
        tuple(A_5.get(nome, nome) for nome in intestazioni) if di_rete else intestazioni,
        righe,
        colonna=intestazioni.index(MISURE.get(misura, MISURE["prestazioni"])),
        arrotondate=frozenset(
            posto for posto, nome in enumerate(intestazioni) if di_rete and nome in A_5
        ),
        mesi=tuple(mesi),
        colori=tuple(colori),
        definizioni=_definizioni(intestazioni, di_rete),
    )


def _definizioni(intestazioni: tuple[str, ...], di_rete: bool) -> tuple[Definizione, ...]:
    voci = DELLA_RETE if di_rete else DELL_ENTE
    return tuple(voci[DEFINITE[nome]] for nome in intestazioni[1:])


def mesi_di_seguito(primo: date, ultimo: date) -> list[date]:
    """I primi giorni dei mesi da `primo` a `ultimo`, estremi compresi."""
    mesi = []
    mese = primo.replace(day=1)
    while mese <= ultimo:
        mesi.append(mese)
        mese = fra_mesi(mese, 1)
    return mesi


def nome_del_mese(mese: date) -> str:
    """«marzo 2026»."""
    return formats.date_format(mese, "F Y").lower()


def con_i_mesi_vuoti(per_mese: dict[date, Numeri]) -> dict[date, Numeri]:
    """I mesi dal primo all'ultimo con qualcosa; dove non c'è niente, zero prestazioni davvero."""
    if not per_mese:
        return {}
    seguiti = mesi_di_seguito(min(per_mese), max(per_mese))
    return {mese: per_mese.get(mese, Numeri()) for mese in seguiti}


def conto_arrotondato(quanti: int) -> str:
    """Un conto arrotondato a 5 come si legge: 0 → «meno di 3», 25 → «circa 25»."""
    return f"circa {numero(quanti)}" if quanti else "meno di 3"
