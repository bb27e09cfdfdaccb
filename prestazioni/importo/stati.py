"""Com'è ogni riga di un foglio esaminato, in una parola."""

from enum import StrEnum

from prestazioni.importo.tipi import Doppione, Esame, Rifiuto


# Come comincia il motivo di una riga con una persona in dubbio.
NON_SI_SA_CHI_E = "Non si sa chi è"


class StatoRiga(StrEnum):
    """Com'è una riga del foglio, prima di caricarla."""

    PRONTA = "pronta"
    RIFIUTATA = "rifiutata"
    DUBBIA = "dubbia"
    DOPPIA = "doppia"
    IN_PARTE = "in_parte"
    SALTATA = "saltata"


def stati(esame: Esame) -> dict[str, tuple[int, ...]]:
    """Per ogni stato, i numeri delle righe che ci sono, nell'ordine del foglio.

    `esame` ha le sue righe. Una riga che si caricherà anche se c'è già è pronta.
    """
    giudizio = _Giudizio(esame)
    per_stato: dict[str, list[int]] = {stato.value: [] for stato in StatoRiga}
    for numero, celle in esame.righe:
        per_stato[giudizio.di(numero, celle)].append(numero)
    return {stato: tuple(numeri) for stato, numeri in per_stato.items()}


class _Giudizio:
    def __init__(self, esame: Esame) -> None:
        self.nomi = esame.intestazioni
        self.motivi = esame.motivi()
        self.saltate = frozenset(esame.saltate)
        self.doppioni: dict[int, Doppione] = {d.riga: d for d in esame.doppioni}
        self.dubbie = frozenset(riga for dubbio in esame.dubbi for riga in dubbio.righe)
        self.ignoti = frozenset(ignoto.scritto for ignoto in esame.servizi_ignoti)

    def di(self, numero: int, celle: tuple[str, ...]) -> StatoRiga:
        if numero in self.saltate:
            return StatoRiga.SALTATA
        motivi = self.motivi.get(numero)
        if not motivi:
            return StatoRiga.PRONTA
        doppione = self.doppioni.get(numero)
        # Della riga intera si rifiuta soltanto il doppione: gli altri motivi hanno una colonna.
        altri = [rifiuto for rifiuto in motivi if rifiuto.colonna or doppione is None]
        if doppione is not None and not altri:
            return StatoRiga.IN_PARTE if doppione.in_parte else StatoRiga.DOPPIA
        # Chi ha anche un altro problema va corretto nel foglio: sciogliere non basterebbe.
        if all(self._si_scioglie(rifiuto, celle) for rifiuto in altri):
            return StatoRiga.DUBBIA
        return StatoRiga.RIFIUTATA

    def _si_scioglie(self, rifiuto: Rifiuto, celle: tuple[str, ...]) -> bool:
        if rifiuto.riga in self.dubbie and rifiuto.motivo.startswith(NON_SI_SA_CHI_E):
            return True
        if rifiuto.colonna not in self.nomi:
            return False
        return celle[self.nomi.index(rifiuto.colonna)].strip() in self.ignoti
