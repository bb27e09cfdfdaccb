"""Il confronto con ciò che era stato stampato: un esito e la frase che lo spiega."""

from collections.abc import Sequence
from dataclasses import dataclass

from report.calcolo.conti import ALMENO
from report.calcolo.parole import differenza, elenco, in_cifre
from report.contenuto import Numero


ESATTO = "esatto"
ESATTO_AMBIGUO = "esatto-ambiguo"
DERIVATO = "derivato"
COMPATIBILE = "compatibile"
NON_RICALCOLABILE = "non-ricalcolabile"


@dataclass(frozen=True, slots=True)
class Confronto:
    """Quanto danno le schede e quanto era noto: stampato, o derivato da altri numeri stampati.

    `altre_vie`: le ipotesi annotate che danno anch'esse il numero stampato.
    """

    valore: Numero | None
    approssimazione: str | None
    pubblicato: Numero | None
    derivato: Numero | None
    altre_vie: Sequence[str] = ()


def esito_del_confronto(confronto: Confronto) -> tuple[str, str]:
    """L'esito e la frase che lo spiega (vuota se l'esito dice già tutto)."""
    if confronto.valore is None:
        return _senza_valore(confronto)
    if confronto.pubblicato is not None:
        return _con_lo_stampato(confronto, confronto.valore, confronto.pubblicato)
    if confronto.derivato is not None:
        return _con_il_derivato(confronto, confronto.valore, confronto.derivato)
    return DERIVATO, "Non era stampato: lo danno le schede."


def _senza_valore(confronto: Confronto) -> tuple[str, str]:
    if confronto.pubblicato is None and confronto.derivato is None:
        return NON_RICALCOLABILE, ""
    return NON_RICALCOLABILE, "Il valore pubblicato non si rifà dalle schede."


def _con_lo_stampato(confronto: Confronto, valore: Numero, pubblicato: Numero) -> tuple[str, str]:
    solo_minimo = confronto.approssimazione == ALMENO
    scarto = differenza(pubblicato, valore)
    if scarto == 0 and not solo_minimo:
        if confronto.altre_vie:
            vie = elenco(f"«{via}»" for via in confronto.altre_vie)
            return ESATTO_AMBIGUO, f"Torna anche in altro modo: {vie}."
        return ESATTO, ""
    if scarto >= 0 and solo_minimo:
        return COMPATIBILE, f"Compatibile con {in_cifre(pubblicato)} stampato: {_resto(scarto)}"
    return NON_RICALCOLABILE, (
        f"Il valore stampato, {in_cifre(pubblicato)}, non si rifà dalle schede."
    )


def _con_il_derivato(confronto: Confronto, valore: Numero, derivato: Numero) -> tuple[str, str]:
    solo_minimo = confronto.approssimazione == ALMENO
    resto = differenza(derivato, valore)
    ricavato = f"{in_cifre(derivato)} ricavato per differenza dai numeri stampati"
    if resto == 0 and not solo_minimo:
        return DERIVATO, f"Coincide con {ricavato}."
    if resto >= 0 and solo_minimo:
        return COMPATIBILE, f"Compatibile con {ricavato}: {_resto(resto)}"
    return NON_RICALCOLABILE, f"Non coincide con {ricavato}."


def _resto(scarto: Numero) -> str:
    if scarto == 0:
        return "lo raggiunge già il minimo."
    return f"{'manca' if scarto == 1 else 'mancano'} {in_cifre(scarto)}."
