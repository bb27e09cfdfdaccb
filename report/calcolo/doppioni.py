"""Chi entrerebbe due volte in una somma: parti con il loro intero, persone con i loro nuclei, viste.

Dove i dati dicono che due conteggi si sovrappongono la somma è sbagliata; dove non dicono che
siano distinti si può fare, ma va detto accanto alla cifra.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from report.calcolo.schedario import Schedario
from report.contenuto import AddendoContenuto, ConteggioContenuto


def doppioni(schedario: Schedario, addendi: Sequence[AddendoContenuto]) -> Iterator[str]:
    """Una frase per ogni coppia di addendi che conterebbe due volte gli stessi fatti."""
    for uno, altro in combinations(addendi, 2):
        if uno.scheda == altro.scheda:
            motivo = _motivo(schedario, uno, altro)
            if motivo:
                yield f"{motivo} (scheda «{uno.scheda_titolo}»)"


def sovrapponibili(
    schedario: Schedario, addendi: Sequence[AddendoContenuto]
) -> Iterator[tuple[AddendoContenuto, AddendoContenuto]]:
    """Le coppie di parti dello stesso intero di cui nessuno dice che siano distinte."""
    for uno, altro in combinations(addendi, 2):
        if uno.scheda == altro.scheda:
            rami = _rami(schedario, uno, altro)
            if rami and None in _viste(rami):
                yield uno, altro


def _motivo(schedario: Schedario, uno: AddendoContenuto, altro: AddendoContenuto) -> str | None:
    if uno.conteggio == altro.conteggio:
        return f"«{uno.cosa}» entra due volte"
    for a, b in ((uno, altro), (altro, uno)):
        if b.conteggio in schedario.antenati(a.scheda, a.conteggio):
            return f"«{a.cosa}» è una parte di «{b.cosa}»: non si sommano"
        if _sono_le_persone(schedario, a, b):
            return f"«{a.cosa}» sono le persone di «{b.cosa}»: non si sommano"
    if _sono_viste_diverse(schedario, uno, altro):
        return f"«{uno.cosa}» e «{altro.cosa}» sono viste diverse degli stessi fatti"
    return None


def _sono_le_persone(
    schedario: Schedario, persone: AddendoContenuto, nuclei: AddendoContenuto
) -> bool:
    formati = _testa(schedario, persone).composizione_di
    if formati is None:
        return False
    # Vale anche per una parte di quei nuclei, e per l'intero di cui quei nuclei sono parte.
    return nuclei.conteggio in schedario.stirpe(persone.scheda, formati) or (
        formati in schedario.antenati(persone.scheda, nuclei.conteggio)
    )


def _sono_viste_diverse(
    schedario: Schedario, uno: AddendoContenuto, altro: AddendoContenuto
) -> bool:
    rami = _rami(schedario, uno, altro)
    if rami:
        prima, seconda = _viste(rami)
        return prima != seconda and None not in (prima, seconda)
    teste = _testa(schedario, uno), _testa(schedario, altro)
    if teste[0].unita != teste[1].unita or teste[0].composizione_di != teste[1].composizione_di:
        return False
    prima, seconda = _viste(teste)
    if teste[0].composizione_di is not None:
        return prima != seconda
    return prima != seconda and None not in (prima, seconda)


def _testa(schedario: Schedario, addendo: AddendoContenuto) -> ConteggioContenuto:
    """L'intero più grande a cui l'addendo appartiene (lui stesso, se è intero)."""
    scheda = addendo.scheda
    return schedario.esistente(scheda, schedario.intero(scheda, addendo.conteggio))


def _rami(
    schedario: Schedario, uno: AddendoContenuto, altro: AddendoContenuto
) -> tuple[ConteggioContenuto, ConteggioContenuto] | None:
    """Le due parti da cui i conteggi discendono, subito sotto il loro intero comune."""
    prima = schedario.stirpe(uno.scheda, uno.conteggio)
    seconda = schedario.stirpe(altro.scheda, altro.conteggio)
    comune = next((sigla for sigla in prima if sigla in seconda), None)
    if comune is None or comune in (uno.conteggio, altro.conteggio):
        return None
    return (
        schedario.esistente(uno.scheda, prima[prima.index(comune) - 1]),
        schedario.esistente(uno.scheda, seconda[seconda.index(comune) - 1]),
    )


def _viste(
    conteggi: tuple[ConteggioContenuto, ConteggioContenuto],
) -> tuple[str | None, str | None]:
    return conteggi[0].ripartizione or None, conteggi[1].ripartizione or None
