"""Chi ha lasciato: i drop-out che le schede dichiarano."""

from collections.abc import Iterable

from report.calcolo.metodi import INDIVIDUI, NUCLEI
from report.contenuto import DropOutContenuto, SchedaContenuto, UscitaContenuto


def drop_out_delle_schede(schede: Iterable[SchedaContenuto]) -> tuple[DropOutContenuto, ...]:
    """Un `DropOutContenuto` per scheda con almeno un'uscita maggiore di zero.

    Prima chi ha perso più persone, poi nell'ordine delle schede. Una scheda che tace, o che
    dichiara un'uscita senza numero, non dice quanti: non c'è.
    """
    trovati = [
        DropOutContenuto(
            ente=scheda.dichiaranti[0],
            scheda=scheda.slug,
            scheda_titolo=scheda.titolo,
            individui=_totale(scheda.uscite, INDIVIDUI),
            nuclei=_totale(scheda.uscite, NUCLEI),
            uscite=scheda.uscite,
            ente_slug=scheda.dichiaranti_slug[0],
        )
        for scheda in schede
        if scheda.uscite and any(uscita.valore for uscita in scheda.uscite)
    ]
    return tuple(sorted(trovati, key=lambda drop_out: -drop_out.individui))


def _totale(uscite: Iterable[UscitaContenuto], unita: str) -> int:
    return sum(uscita.valore or 0 for uscita in uscite if uscita.unita == unita)
