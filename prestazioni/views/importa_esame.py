"""L'esame di un foglio come si mostra: ogni riga col suo stato e i suoi problemi, in pagine."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from prestazioni.importo.tipi import Esame, Rifiuto


# Come comincia il motivo di una riga con una persona in dubbio.
NON_SI_SA_CHI_E = "Non si sa chi è"


class StatoRiga(StrEnum):
    """Com'è una riga del foglio, prima di caricarla."""

    PRONTA = "pronta"
    RIFIUTATA = "rifiutata"
    DUBBIA = "dubbia"
    DOPPIA = "doppia"
    SALTATA = "saltata"


@dataclass(frozen=True, slots=True)
class Riga:
    """Una riga da mostrare: il numero che si vede nel foglio, le celle, i motivi e di quale riga è
    doppia (None se non lo è, 0 se è già nel Registro). Una cella è (colonna, testo, se non va)."""

    numero: int
    stato: StatoRiga
    celle: tuple[tuple[str, str, bool], ...]
    motivi: tuple[Rifiuto, ...]
    doppia_di: int | None


class EsameMostrato:
    """Un esame con gli stati delle sue righe."""

    def __init__(self, esame: Esame) -> None:
        self.esame = esame
        self._motivi = esame.motivi()
        self._doppioni = {doppione.riga: doppione.di or 0 for doppione in esame.doppioni}
        self._saltate = frozenset(esame.saltate)

    @cached_property
    def conti(self) -> Counter:
        """Quante righe per stato."""
        return Counter(self._stati.values())

    def numeri(self, stato: str) -> list[int]:
        """I numeri delle righe in quello stato, o di tutte se non è uno stato."""
        if stato in set(StatoRiga):
            return [numero for numero, suo in self._stati.items() if suo == stato]
        return list(self._stati)

    def righe(self, numeri: list[int]) -> Iterator[Riga]:
        """Le righe con quei numeri, nell'ordine del foglio."""
        chieste = set(numeri)
        for numero, celle in self.esame.righe:
            if numero in chieste:
                yield self._riga(numero, celle)

    @cached_property
    def _stati(self) -> dict[int, StatoRiga]:
        return {numero: self._stato(numero, celle) for numero, celle in self.esame.righe}

    @cached_property
    def _dubbie(self) -> frozenset[int]:
        return frozenset(riga for dubbio in self.esame.dubbi for riga in dubbio.righe)

    @cached_property
    def _ignoti(self) -> frozenset[str]:
        return frozenset(ignoto.scritto for ignoto in self.esame.servizi_ignoti)

    def _stato(self, numero: int, celle: tuple[str, ...]) -> StatoRiga:
        if numero in self._saltate:
            return StatoRiga.SALTATA
        motivi = self._motivi.get(numero, [])
        doppia = numero in self._doppioni
        # Della riga intera si rifiuta soltanto il doppione: gli altri motivi hanno una colonna.
        altri = [rifiuto for rifiuto in motivi if rifiuto.colonna or not doppia]
        if not altri:
            return StatoRiga.DOPPIA if doppia else StatoRiga.PRONTA
        # Chi ha anche un altro problema va corretto nel foglio: sciogliere non basterebbe.
        if all(self._si_scioglie(rifiuto, celle) for rifiuto in altri):
            return StatoRiga.DUBBIA
        return StatoRiga.RIFIUTATA

    def _si_scioglie(self, rifiuto: Rifiuto, celle: tuple[str, ...]) -> bool:
        if rifiuto.riga in self._dubbie and rifiuto.motivo.startswith(NON_SI_SA_CHI_E):
            return True
        nomi = self.esame.intestazioni
        if rifiuto.colonna not in nomi:
            return False
        return celle[nomi.index(rifiuto.colonna)].strip() in self._ignoti

    def _riga(self, numero: int, celle: tuple[str, ...]) -> Riga:
        motivi = tuple(self._motivi.get(numero, ()))
        guaste = {rifiuto.colonna for rifiuto in motivi}
        coppie = zip(self.esame.intestazioni, celle, strict=True)
        return Riga(
            numero=numero,
            stato=self._stati[numero],
            celle=tuple((nome, testo, nome in guaste) for nome, testo in coppie),
            motivi=motivi,
            doppia_di=self._doppioni.get(numero),
        )
