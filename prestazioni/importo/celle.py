"""Dalle celle di una riga ai valori dei campi: ogni valore diverso si capisce una volta sola."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import NoReturn, TypeVar

from prestazioni.importo.tipi import Rifiuto
from registro.comune.fogli import forme
from registro.comune.fogli.celle import Cella, Riga
from registro.comune.fogli.colonne import chiave
from registro.comune.fogli.forme import FormaNonCapita, Unita
from registro.comune.fogli.scritture import mostra
from registro.comune.fogli.struttura import Tabella


Valore = TypeVar("Valore")
_DI_ORE = frozenset({"ore", "ora", "h", "hh", "hrs"})
_DI_MINUTI = frozenset({"minuti", "minuto", "min", "mins", "m"})
# Come si scrive che una durata o un'ora non si sa: la cella è vuota, e non uno zero.
_NON_DETTA = frozenset({"-", "--", "–", "—", "/", "?", "nd", "n.d.", "n.d", "n/d", "non detta"})
_UN_CENTESIMO = Decimal("0.01")
_MINUTI_AL_GIORNO = 24 * 60
_SCARTO = Decimal("0.1")
_CIFRE = 9
_FRA_ORE = re.compile(r"\s*[-–—]\s*|\s+(?:fino\s+)?(?:alle|a)(?:\s+ore)?\s+")
_UN_ORA = re.compile(
    r"(?:(?:dalle|alle)\s+)?(?:ore\s+|ore(?=\d)|h\.?\s*)?"
    r"(\d{1,2})(?:\s*([:.,h])\s*(\d{1,2})(?:[:.](\d{2}))?)?\s*h?"
)
_FRAZIONE = re.compile(r"0[.,]\d{3,}")
_QUARTI_DI_GIORNO = (0.25, 0.5, 0.75)
UNITA_DA_DIRE = "Se la colonna è tutta così, dillo dove si scelgono le colonne."
FINE_SENZA_INIZIO = (
    "C'è l'ora di fine e non quella d'inizio: scrivila, oppure scrivi quanto è durato."
)
FINE_PRIMA = (
    "Dalle {inizio:%H:%M} alle {fine:%H:%M} non può essere: correggi le ore, oppure scrivi quanto "
    "è durato."
)
# Un turno di notte passa la mezzanotte; ciò che durerebbe di più ha le due ore scambiate.
TURNO_PIU_LUNGO = 14 * 60


class Lettore:
    """Legge i campi di una riga; ciò che non capisce lo rifiuta, con la colonna e il motivo."""

    def __init__(self, tabella: Tabella, colonne: Mapping[str, str], oggi: date) -> None:
        posti = {posto: numero for numero, posto in enumerate(tabella.posti)}
        self._posto_di = {campo: posti[posto] for posto, campo in colonne.items() if campo}
        self._nomi = tabella.intestazioni
        self._capite: dict[str, dict] = {campo: {} for campo in self._posto_di}
        self._durate: list[tuple[str, Callable[[Cella], int | None]]] | None = None
        self.oggi = oggi
        self.rifiuti: list[Rifiuto] = []

    def ha(self, *campi: str) -> bool:
        """Se una colonna almeno dice uno di questi campi."""
        return any(campo in self._posto_di for campo in campi)

    def nome(self, *campi: str) -> str:
        """L'intestazione della prima di queste colonne che c'è; vuota se nessuna."""
        return next((self._nomi[self._posto_di[c]] for c in campi if c in self._posto_di), "")

    def cella(self, riga: Riga, campo: str) -> Cella:
        """La cella com'è; None se manca la colonna o è vuota."""
        # Nella tabella una cella vuota è già None.
        posto = self._posto_di.get(campo)
        return None if posto is None else riga.celle[posto]

    def valore(self, riga: Riga, campo: str, capisci: Callable[[Cella], Valore]) -> Valore | None:
        """Ciò che dice la cella; None se è vuota o non si capisce (e allora la riga è rifiutata).

        `capisci` solleva FormaNonCapita, ed è sempre la stessa per lo stesso campo.
        """
        capita, motivo = self._capita(riga, campo, capisci)
        if motivo:
            self.rifiuta(riga, campo, motivo)
        return capita

    def _capita(
        self, riga: Riga, campo: str, capisci: Callable[[Cella], Valore]
    ) -> tuple[Valore | None, str]:
        """Ciò che dice la cella, o perché non si capisce."""
        capite = self._capite.get(campo)
        cella = None if capite is None else riga.celle[self._posto_di[campo]]
        if cella is None:
            return None, ""
        chi = (cella.__class__, cella)
        if chi not in capite:
            try:
                capite[chi] = (capisci(cella), "")
            except FormaNonCapita as errore:
                capite[chi] = (None, errore.frase)
        return capite[chi]

    def rifiuta(self, riga: Riga, campo: str, motivo: str) -> None:
        self.rifiuti.append(Rifiuto(riga.numero, self.nome(campo), motivo))

    def data(self, riga: Riga, campo: str, *, passata: bool = False) -> date | None:
        return self.valore(riga, campo, partial(forme.data, oggi=self.oggi, passata=passata))

    def testo(self, riga: Riga, campo: str, massimo: int) -> str:
        """Il testo, lungo al più `massimo`; vuoto se la cella è vuota."""
        return self.valore(riga, campo, partial(_testo, massimo=massimo)) or ""

    def decimale(self, riga: Riga, campo: str) -> Decimal | None:
        return self.valore(riga, campo, _decimale)

    def intero(self, riga: Riga, campo: str, minimo: int, massimo: int) -> int | None:
        return self.valore(riga, campo, partial(_intero, minimo=minimo, massimo=massimo))

    def ora(self, riga: Riga) -> time | None:
        """L'ora d'inizio; di un intervallo («9:00 - 11:00») il principio."""
        detta = self.valore(riga, "ora", _ora_o_niente)
        return detta and detta[0]

    def minuti(self, riga: Riga, unita: Unita | None) -> int | None:
        """La durata dalle colonne «durata», «ore» e «minuti» insieme; None se non è detta.

        Ore e minuti si sommano se sono le due parti di una durata (1 e 30). La stessa durata detta
        più volte (1,5 e 90) vale una volta; se non si sa quale vale, la riga è rifiutata. Dove non
        è scritta è quanto passa dall'ora d'inizio a quella di fine: scritta, può togliere una pausa.
        """
        prima = len(self.rifiuti)
        dette = {campo: self.valore(riga, campo, capisci) for campo, capisci in self._modi(unita)}
        ore, minuti, intera = (dette.get(campo) for campo in ("ore", "minuti", "durata"))
        insieme = self._ore_e_minuti(riga, ore, minuti)
        if len(self.rifiuti) == prima and None not in (intera, insieme) and intera != insieme:
            self._discordi(riga, [campo for campo, detta in dette.items() if detta is not None])
        if len(self.rifiuti) > prima:
            return None
        scritta = insieme if intera is None else intera
        return self._dalle_alle(riga) if scritta is None else scritta

    def _dalle_alle(self, riga: Riga) -> int | None:
        """I minuti fra l'inizio e la fine, anche oltre la mezzanotte; None se la fine non è detta."""
        detta, non_capita = self._capita(riga, "ora", _ora_o_niente)
        inizio, fine = detta or (None, None)
        a_parte = self.valore(riga, "ora_fine", _ora_o_niente)
        campo = "ora_fine" if a_parte else "ora"
        if a_parte:
            # Anche lì può esserci l'intervallo intero.
            inizio, fine = inizio or (a_parte[1] and a_parte[0]), a_parte[1] or a_parte[0]
        # Un'ora d'inizio che non si capisce l'ha già rifiutata `ora`.
        if fine is None or non_capita:
            return None
        if inizio is None:
            self.rifiuta(riga, campo, FINE_SENZA_INIZIO)
            return None
        minuti = (_minuti_del_giorno(fine) - _minuti_del_giorno(inizio)) % _MINUTI_AL_GIORNO
        if not 0 < minuti <= TURNO_PIU_LUNGO:
            self.rifiuta(riga, campo, FINE_PRIMA.format(inizio=inizio, fine=fine))
            return None
        return minuti

    def _modi(self, unita: Unita | None) -> list[tuple[str, Callable[[Cella], int | None]]]:
        """Le colonne che dicono la durata, ognuna col modo di capirla: sempre gli stessi."""
        if self._durate is None:
            detta = self.unita_di("durata") or unita
            sua = forme.di_ore(unita) if detta == "ore" else detta
            parti = (("durata", sua), ("ore", forme.di_ore(unita)))
            self._durate = [
                (campo, partial(_se_detta, capisci=partial(_durata, unita=sua)))
                for campo, sua in (*parti, ("minuti", "minuti"))
                if campo in self._posto_di
            ]
        return self._durate

    def _ore_e_minuti(self, riga: Riga, ore: int | None, minuti: int | None) -> int | None:
        """Le due colonne insieme, già in minuti; rifiuta la riga se non si sa se si sommano."""
        if ore is None or minuti is None or ore == minuti:
            return minuti if ore is None else ore
        # Uno zero non aggiunge niente: chi non sa che cosa scrivere in una delle due lo mette.
        if 0 not in (ore, minuti) and (ore % 60 or minuti >= 60):
            self._discordi(riga, ["ore", "minuti"])
        return ore + minuti

    def _discordi(self, riga: Riga, campi: Sequence[str]) -> None:
        detti = " e ".join(
            f"«{self.nome(campo)}» dice «{forme.testo(self.cella(riga, campo))}»"
            for campo in campi
        )
        self.rifiuta(riga, campi[0], f"{detti}: non si sa che cosa vale. Lascia una colonna sola.")

    def unita_di(self, campo: str) -> Unita | None:
        """L'unità che dice l'intestazione, anche fra parentesi; None se non la dice."""
        scritta = self.nome(campo).replace("(", " ").replace(")", " ")
        parole = set(chiave(scritta).split())
        di_ore, di_minuti = bool(parole & _DI_ORE), bool(parole & _DI_MINUTI)
        if di_ore == di_minuti:
            return None
        return "ore" if di_ore else "minuti"


def _testo(cella: Cella, massimo: int) -> str:
    testo = forme.testo(cella)
    if len(testo) > massimo:
        raise FormaNonCapita(f"Il testo ha {len(testo)} caratteri: al massimo {massimo}.")
    return testo


def _decimale(cella: Cella) -> Decimal:
    numero = forme.decimale(cella)
    if numero != numero.quantize(_UN_CENTESIMO) or abs(numero) >= Decimal(10) ** 8:
        raise FormaNonCapita("Il numero ha al massimo due decimali e otto cifre prima.")
    return numero


def _intero(cella: Cella, minimo: int, massimo: int) -> int:
    numero = forme.intero(cella)
    if not minimo <= numero <= massimo:
        raise FormaNonCapita(f"Il numero va da {minimo} a {massimo}.")
    return numero


def _se_detta(cella: Cella, capisci: Callable[[Cella], Valore]) -> Valore | None:
    scritta = isinstance(cella, str) and cella.strip().lower()
    return None if scritta in _NON_DETTA else capisci(cella)


def _durata(cella: Cella, unita: Unita | None) -> int:
    """Come `forme.durata`; a chi ha una colonna intera di numeri ambigui dice dove scioglierli."""
    try:
        return forme.durata(cella, unita=unita)
    except forme.DurataAmbigua as errore:
        raise FormaNonCapita(f"{errore.frase} {UNITA_DA_DIRE}") from None


def _ora_o_niente(cella: Cella) -> tuple[time, time | None] | None:
    return _se_detta(cella, _ora)


def _minuti_del_giorno(ora: time) -> int:
    return ora.hour * 60 + ora.minute


def _ora(cella: Cella) -> tuple[time, time | None]:
    """L'ora scritta; di un intervallo («9:00 - 11:00») anche la fine. Solleva FormaNonCapita."""
    if isinstance(cella, datetime):
        return cella.time(), None
    if isinstance(cella, time):
        return cella, None
    testo = forme.testo(cella).lower()
    lette: list[time | None] = [None]
    if isinstance(cella, float):
        lette = [_da_numero(cella)]
    elif isinstance(cella, str | int):
        lette = [_ora_scritta(parte, cella) for parte in _FRA_ORE.split(testo, maxsplit=1)]
    if lette[0] is None or lette[-1] is None:
        raise FormaNonCapita(f"«{mostra(cella)}» non è un'ora: scrivila come 9:30.")
    return lette[0], lette[1] if len(lette) > 1 else None


def _da_numero(numero: float) -> time | None:
    """Le 15:30 da 15,3 (chi scrive 15,30 in Excel ci lascia quello) e da 0,645833."""
    testo = str(round(numero, _CIFRE))
    if 0 <= numero < 1:
        # Con una o due cifre 0,3 può essere mezz'ora dopo mezzanotte; i quarti di giorno no.
        intera = _FRAZIONE.fullmatch(testo) or numero in _QUARTI_DI_GIORNO
        return _da_frazione(Decimal(testo)) if intera else None
    # Le 15,25 possono essere anche le quindici e un quarto.
    if testo.endswith(".25"):
        _ambigua(numero)
    return _ora_scritta(testo, numero)


def _ora_scritta(testo: str, scritta: Cella) -> time | None:
    """Un'ora sola; None se non lo è. Solleva FormaNonCapita se può essere due ore diverse."""
    if _FRAZIONE.fullmatch(testo):
        return _da_frazione(Decimal(testo.replace(",", ".")))
    trovata = _UN_ORA.fullmatch(testo)
    if not trovata:
        return None
    ore, segno, minuti, secondi = trovata.groups(default="")
    if len(minuti) == 1:
        # Anche 15,3 è ciò che resta di 15,30; ma 15,5 può essere le quindici e mezza.
        if segno not in ".," or minuti == "5":
            _ambigua(scritta)
        minuti += "0"
    try:
        return time(int(ore), int(minuti or 0), int(secondi or 0))
    except ValueError:
        return None


def _ambigua(scritta: Cella) -> NoReturn:
    raise FormaNonCapita(f"«{mostra(scritta)}» può essere più d'un'ora: scrivila come 9:30.")


def _da_frazione(giorno: Decimal) -> time | None:
    """L'ora che Excel tiene come parte di un giorno (0,645833 sono le 15:30), al minuto."""
    minuti = round(giorno * _MINUTI_AL_GIORNO)
    if abs(giorno * _MINUTI_AL_GIORNO - minuti) > _SCARTO or minuti >= _MINUTI_AL_GIORNO:
        return None
    return time(*divmod(minuti, 60))
